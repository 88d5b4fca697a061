"""Whether a clause tells of what was or of what is to come, from its verbs. English and Russian.

No grammar: the verb nearest before a time ("said on Thursday", "will meet on Thursday") tells, or the first
one after a time that opens its clause ("On Thursday the court will rule"). What these words leave open, such
as "would meet", "agreed to meet" or the present tense, is open here too.
"""

import re
from typing import Literal

Way = Literal["past", "future"]

_IRREGULAR = """began|broke|came|chose|did|drew|drove|fell|flew|forgave|froze|gave|grew|had|hid|knew|outdid|overtook|
    ran|rang|rode|rose|said|sang|sank|saw|shook|spoke|stole|swam|swore|threw|told|took|tore|undertook|was|were|went|
    withdrew|woke|wore|wrote|resigned|announced|added|became|claimed|declined|noted|tweeted|confirmed"""
_PARTICIPLES = """bought|brought|built|caught|cost|cut|dealt|fed|felt|fought|found|got|heard|held|hit|hurt|kept|killed|
    laid|led|left|lent|lost|made|meant|met|paid|put|read|seen|sent|set|shot|shut|slid|sold|spent|split|spread|stood|
    struck|swept|taken|taught|thought|won|wounded|given|written|known|shown|done|begun|broken|chosen|fallen"""
_INTENT = r"""(?:agree|aim|ask|decide|expect|fail|hope|intend|invite|need|order|plan|pledge|prepare|promise|propose|refuse|
    schedule|threaten|urge|vow|want)"""
_ENGLISH = re.compile(
    rf"""\b(?:
      (?P<open>(?:was|were|been|had)\s(?:\w+\s){{0,2}}?(?:expected|scheduled|due|slated|set|supposed|planned|meant
          |going)\b
        | {_INTENT}(?:d|ned|sed|led|red)?\s(?:\w+\s){{0,3}}?to\b
        | would|could|might|should|must|can(?:not)?|may(?-i:(?<!M..)) )
    | (?P<future>will|won['’]t|shall|(?:is|are|am|be)\s(?:\w+\s)?(?:expected|scheduled|due|slated|set|planned|poised
          |going|about|likely)
        | (?:expected|scheduled|due|slated|set|planned|poised)\s(?:to|for|on|in|this|next)
        | (?:plan|hope|intend|aim|expect)s?\sto | looks?\sset | upcoming | (?:is|are)\sto
        | begins|starts|opens|kicks\soff|takes\splace|airs|premieres|debuts|returns|expires )
    | (?P<be>to\sbe|be)
    | (?P<past>(?:has|have|having)(?=\s) | {_IRREGULAR} | (?:wa|were|did|had)n['’]t)
    | (?P<now>is|are|am|says?|isn['’]t|aren['’]t)
    | (?P<participle>{_PARTICIPLES}|(?!need|indeed|speed|seed|feed|breed|hundred|red|shed|bed|embed|naked|sacred
          |wicked|tired|exceed|proceed|succeed)[a-z]{{2,20}}ed)
    )\b | (?P<soon>['’]ll)\b | (?P<have>['’]ve)\b""",
    re.VERBOSE,
)
_RUSSIAN = re.compile(
    r"""\b(?:
      (?P<open>(?:бы|мог(?:ла|ло|ли)?|долж\w+|план\w+л[аи]?|ожидал[аио]\w*|собирал\w+|намерева\w+)\b)
    | (?P<future>буд(?:ет|ут|ем)|состо[ия]тся|пройд[её]т|пройдут|прид[её]т|начн[её]тся|начнутся|заверш[иа]тся|откро[ею]тся
        |встрет[ия]тся|ожида[ею]тся|предстоит|планиру\w+|намер\w+|соб[ие]ра[ею]тся|выступит|посетит|прибудет|обсуд[ия]т)
    | (?P<past>(?!был[иоа]?\sб\b)(?:\w{2,24}[аеиоуыяё])(?:л|ла|ло|ли)(?:сь|ся)?|ш[её]л|прош[её]л|(?:про|при|вы|по)шл[аио]
        |рассказал\w*|\w{3,20}(?:ован|ена|ено|ены|ана|ано|аны|ято|ята|яты))
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)
_HARD = re.compile(
    r"[;()\[\]—–“”«»\"]|:(?!\d)|\s-\s|\b(?:that|which|who|whom|whose|because|if|although|whether)\b|что\b"
)
_OPENING = re.compile(
    r"(?:^|[,;:()\[\]—–“”«»\"]|\b(?:that|and|but|which|who|when|where|while|because|as|что|и|а|но)\b)\s*"
    r"(?:(?:on|in|by|since|early|late|earlier|later|this|the|в|во|на)[\s-]+)*$",
    re.IGNORECASE,
)
_CYRILLIC = re.compile("[а-яё]")
_REACH = 300
"""Characters on either side in which a verb may stand."""


def way(sentence: str, start: int, end: int) -> Way | None:
    """Whether the clause around ``sentence[start:end]``, a time, is past or future; None when it does not tell."""
    before, after = sentence[max(0, start - _REACH) : start], sentence[end : end + _REACH]
    behind, ahead = _last(before), _first(after)
    opening = _OPENING.search(before[-40:])
    if not opening:
        return behind or (None if _words(before) else ahead)
    if opening.group().lstrip().startswith(",") and behind and ahead and behind != ahead:
        return None
    return ahead or behind


def follows(sentence: str, end: int) -> Way | None:
    """As ``way``, of a time that stands before its noun ("Thursday's vote"): from the verbs after it alone."""
    return _first(sentence[end : end + _REACH])


def _last(before: str) -> Way | None:
    """From the verb that stands last in the clause that ``before`` ends with."""
    breaks = [found.end() for found in _HARD.finditer(before)]
    participle = False
    for found in reversed(_words(before[breaks[-1] if breaks else 0 :])):
        if found == "participle":
            participle = True
        elif found == "be":
            participle = False
        else:
            return _meant(found)
    return "past" if participle else None


def _first(after: str) -> Way | None:
    """From the first verb of the clause that ``after`` begins with."""
    rest = after.lstrip(" ,")
    end = _HARD.search(rest)
    found = next(iter(_words(rest[: end.start()] if end else rest)), None)
    return "past" if found == "participle" else _meant(found)


def _meant(found: str | None) -> Way | None:
    if found in {"past", "have"}:
        return "past"
    return "future" if found in {"future", "soon"} else None


def _words(text: str) -> list[str]:
    """What each verb of ``text`` tells, in order, as the groups of the tables call it."""
    table = _RUSSIAN if _CYRILLIC.search(text) else _ENGLISH
    return [match.lastgroup or "" for match in table.finditer(text)]
