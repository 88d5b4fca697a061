"""What a line of a page is when it is not the article: tables of patterns, English and Russian.

Pages differ endlessly and their furniture does not: every pattern names a habit of websites, none a website.
Only lines short enough to be furniture are looked at, so no pattern can run away on a huge one.
"""

import re
from collections.abc import Callable
from typing import Literal

from corpus.times import dates

Kind = Literal["furniture", "comments", "tail", "byline", "dated", "source"]
"""``comments`` opens what readers wrote and ``tail`` what else follows the article; ``byline``, ``dated`` and
``source`` tell about the article."""

LONGEST = 1000
"""Characters; no furniture line is longer."""

# Each pattern is matched from the start of a line; those that must take in the whole of it end in ``$``.
_CONTROLS = r"""
    [\W_]+$ | (?:none|null|nan|n/?a|undefined|loading)\W*$
  | (?:newsroom|site|company|brand)?\s?(?:logo|icon|avatar|image|photo|video|audio|thumbnail)\b.{0,20}$
  | skip\ to\ | (?:log|sign)\ in\b.{0,30}$ | (?:my\ account|register|menu|search|home|language)\W*$
  | (?:главная|меню|поиск|войти|регистрация)\W*$
  | (?:previous|next|back|close|open|expand|collapse|play|pause|mute|continue|submit|send|cancel|ok
    |no\ thanks)\W*$
  | (?:previous|next)\ (?:article|post|story)|(?:предыдущая|следующая)\ (?:статья|новость)
  | (?:\d+\ )?(?:min(?:ute)?s?\ read|views?|comments?|shares?|likes?|reactions?|просмотр\w*)(?:\ \d+)?\W*$
  | (?:reading\ time|time\ to\ read|views|просмотры)\b.{0,20}$
  | (?:tags?|topics?|categor(?:y|ies)|filed\ (?:under|in)|posted\ in|sections?|тег[иы]?|тэги|рубрик[аи])\s?:
  | (?:click|tap)\ (?:here|below|to)\b | (?:download|get)\ (?:our|the)\ (?:\S+\ ){0,3}app\b
  | video\ player | video\ content\ never | ad\ froze | your\ browser\ does\ not
    | (?:please\ )?enable\ javascript
"""
_PROMPTS = r"""
    (?:advertisement|ads?|sponsored(?:\ content)?|promoted|реклама|на\ правах\ рекламы)\W*$
  | (?:article|story)\ continues\ (?:below|after) | .{0,10}how\ relevant\ is\ this\ ad
  | (?:sign[- ]?up|subscribe|подпи(?:шитесь|сывайтесь|саться))\b(?!.*\b(?:said|says|told|сказал)\b)
  | (?:get|receive|join|enter|try)\b[^.]*\b(?:newsletter|inbox|e-?mail\ address|mailing\ list|free\ trial)\b
  | (?:get|receive)\b[^.]{0,40}\b(?:alerts?|headlines|updates)\b[^.]{0,60}(?:\bdelivered\b|\binbox\b|\.\ |\W*$)
  | [^.]{0,80}\bnewsletter\ ?(?:\?|sign[- ]?up) | newsletters?\W*$
  | .{0,60}\bnewsletter\b.{0,40}\b(?:provides|delivers|brings)\b | if\ you\ wish\ to\ object\ to\ the\ use\ of
  | [^.]{0,120}\b(?:sign[- ]?up|subscribe|subscription)\b[^.]{0,60}\b(?:here|now|today|inbox|newsletter)\W*$
  | .{0,80}\b(?:please\ )?consider\ (?:a\ subscription|subscribing|supporting)\b | .{0,80}\bcontent\ partner\b
  | (?:hit|press)\ play\ on\ | this\ transcript\ (?:was|is|may) | there\ may\ be\ (?:some\ )?differences\ between\ the\ audio
  | .{0,200}\b(?:agree|consent)\b.{0,60}\bprocessing\b | .{0,80}\b(?:information|details)\ you\ have\ shared\b
  | [^.]{0,40}\b(?:don['’]t\ have|create|already\ have)\ an?\ account\b
  | (?:we|(?:this|our)\ (?:web)?site)\b[^.]{0,40}\buses?\ (?:\w+\ )?cookies
  | (?:этот\ сайт|сайт|мы)\b[^.]{0,40}\bиспользу\w+\ (?:файлы\ )?(?:cookie|куки)
  | (?:accept|reject|manage)\ (?:all\ )?(?:cookies|consent) | cookie\ (?:policy|settings|preferences|notice)
  | privacy\ (?:policy|notice) | terms\ (?:of\ (?:use|service)|and\ conditions) | политика\ конфиденциальности
  | (?:©|\(c\)\ |copyright\b) | .{0,200}\ball\ rights\ reserved\b | .{0,200}\bвсе\ права\ защищены\b
  | (?:need|looking\ for|want)\ (?:an?|more|the|some)\ [^?.]{1,60}\?\ (?:play|check|try|sign|read|get
    |subscribe)
  | (?:support|thank\ you\ for\ supporting)\ (?:our|local|independent|quality)\ journalism
  | (?:prep|ready)\ for\ the\ \w+:\ see | what['’]s\ the\ weather | check\ your\ local\ forecast
  | .{0,80}\b(?:may|occasionally|sometimes)\ (?:also\ )?(?:earn|receive|get|recommend)\b
    .{0,120}\b(?:commission|revenue|compensation|links?|purchase)
  | .{0,80}\bpurchases?\b.{0,60}\bthrough\ (?:our|the|these)\ links | prices\ were\ accurate\ at\ the\ time
"""
_SHARING = r"""
    (?:share|save|print|copy\ link|email|поделиться|like|tweet|pin\ it|bookmark|listen)\b
    (?:\ (?:this|on|via|with|to|в|the|story|article|page|post|link|facebook|twitter|x|whatsapp|telegram
    |linkedin|
    reddit|email|friends|it|now))*\W*$
  | (?:(?:facebook|twitter|x|whatsapp|telegram|linkedin|pinterest|reddit|e-?mail|print|vk|viber|threads
    |bluesky|
    flipboard|instagram|youtube|messenger|copy\ link|share|tweet|odnoklassniki)\b\W*)+$
  | (?:follow|join|find|like)\b[^.]{0,60}\ on\ (?:facebook|twitter|x\b|instagram|telegram|whatsapp|threads
    |youtube)
  | (?:follow|contact|email|e-mail|reach|write\ to)\b.{0,120}(?:@\w|\(\d{3}\)\ \d{3})
  | .{0,200}\b(?:(?:reach|contact|e-?mail|follow|find)\ (?:him|her|them|me|us|the\ (?:reporter|author|writer))
    |(?:he|she|they)\ can\ be\ reached)\b.{0,160}(?:\bat\b|\bon\b|@)
  | (?:\S+\ ){1,12}(?:covers|is\ an?\ (?:\S+\ ){0,5}(?:reporter|editor|correspondent
    |columnist))\b.{0,120}\b(?:at|for)\b
    .{0,200}@
"""
_LINKS = r"""
    (?:read(?:\ more|\ also|\ next|\ the\ full\ story)?|see\ (?:also|more)|learn\ more|watch(?:\ (?:now|live
    |more))?
    |listen|related(?:\ \w+)?|more(?:\ (?:on|from|in)\b[^:]{0,30})?|up\ next|podcasts?|opinion
    |also\ in\ the\ news
    |further\ reading|(?:just\ )?for\ subscribers|shop(?:ping)?|live\ updates|live\ leaderboard
    |follow\ every\ \w+
    |stay\ in\ the\ conversation[^:]{0,20}|читайте\ (?:также|далее)|смотрите\ также|подробнее|по\ теме)\s?:
  | (?:read\ (?:more|also|next)(?:\ here)?|see\ also|learn\ more|show\ more|load\ more|view\ (?:all|more
    |comments)|up\ next|more\ videos?|don['’]t\ miss)\W*$
  | \W?(?:this|the)\ (?:story|article|post|page|report)\ (?:was|has\ been|will\ be|may\ be)\ (?:\w+\ )?
    (?:updated|corrected|published|republished)
  | (?:contributing|contributors?|with\ contributions\ from)\s?: | .{0,80}\bcontributed\ to\ this\ (?:report
    |story)
  | (?:special\ (?:to|for)|opinion\ (?:contributor|columnist)|guest\ columnist)\b.{0,40}$
"""
_CAPTIONS = r"""
    (?:file\ )?(?:photo|image|picture|video|graphic|illustration|credit|caption|фото|иллюстрация|видео)
    (?:\ (?:by|credits?|courtesy|source|caption))?\s?:
  | .*[.!?”"]\s/\s\S+(?:\ \S+){0,4}$ | .*\((?:photo|image|credit|picture|фото)\b[^)]*\)\W*$
  | .*\S\s?/\s?(?:\S+\ )?(?:getty|afp|reuters|ap|epa|shutterstock|anadolu|imago|tass|upi|pool|sipa|zuma|alamy
    |bloomberg|redux|network|sports)\b[^.]{0,40}$
  | .*\b(?:getty\ images|ap\ photo|via\ (?:ap|getty|reuters)|afp\ photo|istock|shutterstock)\b[^.]{0,40}$
"""
# Told by their capitals: a link run on ("The latest:Children make up …"), signatures, desks, bare datelines.
_WRITTEN = r"""
    [A-Z][^:.?!,]{2,40}:(?=[A-Z][^:]*$)[^.]*$
  | [–—−-]{1,2}\s?[A-ZА-ЯЁ][\w.’'-]+(?:,?\ (?:and\ )?[A-ZА-ЯЁ][\w.’'-]*){0,5}$
  | (?:[Ff]rom\ )?(?:[A-Z]\w+\ )*(?:[Ss]taff|[Ww]ire|[Aa]gency|[Nn]etwork)(?:\ and\ \w+)?\ (?:[Rr]eport
    |[Ww]rit)\w*$
  | (?:\S+\ ){0,5}\S+\ [–—−-]{1,2}$
  | (?:.{0,380}[.!?”"]\ )?(?:[A-Z][\w.’'-]+\ ){0,3}[A-Z][\w.’'-]+(?:/[A-Z][\w\ /]{1,40}|\ for\ [A-Z]{2,}[\w\ ]{0,9})$
"""
_TRAILER = re.compile(
    r"(?<=[.!?)”\"])\s+\(?(?i:(?:read|see|learn|find\sout)\smore(?:\shere|\snow)?|(?:sign[- ]up|click)\shere)[\s.!)…»>:]*$"
    r"|(?<=[.!?])\s+[–—−-]{1,2}\s?[A-ZА-ЯЁ][\w.’'-]+(?:\s[A-ZА-ЯЁ][\w.’'-]+){0,3}(?:,\s[\w\s]{3,30})?$"
)
_COMMENTS = r"""
    (?:leave|post|write|add|submit)\ (?:a|your)\ (?:reply|comment)
  | (?:your\ )?e-?mail\ address\ will\ not\ be\ published | required\ fields\ are\ marked | save\ my\ name
  | (?:be\ the\ first\ to|join\ the|show|view(?:\ all)?|hide|no|all|top\ rated|\d+)\ (?:comments?|conversation
    |discussion)\W*$ | comments?(?:\ \(?\d+\)?|\ are\ closed)\W*$
  | \[?\s?\d+\ (?:comments?|responses?|replies|thoughts?)(?:\ (?:to|on)\b|\W*$)
  | (?:log|sign)\ in\ to\ (?:comment|reply|post)\b | you\ must\ be\ logged\ in
  | .{1,60}\d{1,2}:\d{2}.{0,10}\b(?:says|said|wrote|writes)\s?:$
  | (?:оставить|добавить|написать)\ комментарий | комментари[ияй]\w*(?:\ \(?\d+\)?)?\W*$
  | (?:kommentare?|coment[aá]rios?|commentaires?|commenti|komentarze|yorumlar)(?:\ \(?\d+\)?)?\W*$
"""
_TAIL = r"""
    (?:comments?|conversation|discussion)\W*$ | top\ (?:stories|news)\W*$
  | back\ to\ top | наверх\W*$ | newsletter\ sign-?\ ?up | subscribe\ to\ our
  | (?:related|similar|recent|latest|popular|recommended|trending|featured)\ (?:articles?|posts?|stories
    |news|videos?
    |content|topics?)\W*$
  | you\ (?:may|might)\ also\ (?:like|be\ interested) | recommended\ for\ you | most\ (?:read|popular|viewed
    |commented)
  | more\ (?:\S+\ ){0,3}(?:stories|news|articles)$ | more\ from\b.{0,40}$ | trending\ now | around\ the\ web
  | (?:about|über|sobre|об)\ (?:the\ )?(?:authors?|writer|авторе)\W*$
  | (?:about|contact)\ us\W*$ | (?:похожие|последние|популярные|другие)\ (?:статьи
    |новости)
"""
_ABOUT = re.compile(r"(?:About|Über|Sobre)\s[A-Z][\w.’'-]+(?:\s[A-Z][\w.’'-]*){1,3}$")
"""The writer, whom a box below the article tells about."""
_ANY_CASE = re.compile(
    "|".join(f"(?:{table})" for table in (_CONTROLS, _PROMPTS, _SHARING, _LINKS)),
    re.IGNORECASE | re.VERBOSE,
)
_FURNITURE = (_ANY_CASE, re.compile(_WRITTEN, re.VERBOSE))
_CAPTION = re.compile(_CAPTIONS, re.IGNORECASE | re.VERBOSE)
_LONGEST_CAPTION = 400
"""Characters; a longer one is a paragraph of its own, whoever took the picture."""
_OPENS_TAIL = re.compile(_TAIL, re.IGNORECASE | re.VERBOSE)
_OPENS_COMMENTS = re.compile(_COMMENTS, re.IGNORECASE | re.VERBOSE)
_TRAILED = 80
"""Characters at the end of a paragraph in which such a trailer stands."""
_BREADCRUMBS = re.compile(r"[^«.!?]{1,60}?\s(?:»|›|>|→|::)\s[^«]*[^.!?:»\s]$")

_BYLINE = re.compile(r"(?i:(?:(?:written|reported|posted|story)\s)?by:?|author\s?:|автор\s?:)\s(?=[A-ZА-ЯЁ])")
_BYLINE_WORDS = 14
_SOURCE = re.compile(r"(?:sources?|источник)\s?:\s*(?P<name>\S+(?:\s\S+){0,4})$", re.IGNORECASE)
_DATED = 120
"""Characters; a line of dates alone is no longer."""
_STAMPED = 60
"""Characters; a line of times alone is no longer."""
_TIME = re.compile(
    r"\b\d{1,2}:\d{2}(?::\d{2})?\b"
    r"|\b(?:\d+|an?)\s?(?:s|m|h|d|w|sec|min|hr|second|minute|hour|day|week|month|year)s?\sago\b"
    r"|\b\d+\s(?:секунд|минут|час|дн|день|недел|месяц)\w*\sназад\b",
    re.IGNORECASE,
)
_DATE_WORDS = re.compile(
    r"""(?:last|first|date|published|posted|created|added|updated?|modified|edited|reviewed|on|at|and|time|utc|gmt|
    [ap]\.?m\.?|[ecmp][sd]?t|msk|мск|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sat|sun)(?:day)?|
    дата|опубликовано|обновлено|последнее|обновление|изменено|публикации|в|г|года|\d{1,2}[:.]\d{2}(?:[:.]\d{2})?|
    (?:\d+\ )?min(?:ute)?s?\ read)\b|[\W_]""",
    re.IGNORECASE | re.VERBOSE,
)


def trailer(text: str) -> int:
    """How many characters at the end of a paragraph are a prompt ("Read more") or its writer's signature."""
    found = _TRAILER.search(text, max(0, len(text) - _TRAILED))
    return len(text) - found.start() if found else 0


def source(line: str) -> str | None:
    """The outlet that a line like "Source: The Daily" names."""
    named = _SOURCE.match(line)
    return named["name"] if named and "://" not in line and not line.endswith((".", ":", ";", "?")) else None


def is_dated(line: str) -> bool:
    """Nothing but dates, times and the words that label them."""
    if len(line) > _DATED or not re.search(r"\d{4}", line):
        return False
    rest = without_dates(line)
    return rest != line and not _DATE_WORDS.sub("", rest)


def is_byline(line: str) -> bool:
    """Names the author, perhaps with the date, and is no sentence."""
    return bool(_BYLINE.match(line)) and len(line.split()) <= _BYLINE_WORDS and line[-1] not in ".!?:"


def is_breadcrumbs(line: str) -> bool:
    """A path through the site, such as "Home » World » Asia"."""
    return len(line) <= LONGEST and bool(_BREADCRUMBS.match(line))


def _is_caption(line: str) -> bool:
    return len(line) <= _LONGEST_CAPTION and bool(_CAPTION.match(line))


def _opens_tail(line: str) -> bool:
    return bool(_OPENS_TAIL.match(line) or _ABOUT.match(line))


def _is_stamp(line: str) -> bool:
    """Nothing but a time of day or how long ago ("Updated 16m ago"), as stands above posts and teasers."""
    if len(line) > _STAMPED or not _TIME.search(line):
        return False
    return not _DATE_WORDS.sub("", without_dates(_TIME.sub("", line)))


def without_dates(line: str) -> str:
    """``line`` with every full date taken out."""
    rest, end = [], 0
    for _, left, right in dates.find(line):
        rest.append(line[end:left])
        end = right
    return "".join([*rest, line[end:]])


def _is_other(line: str) -> bool:
    return (
        any(table.match(line) for table in _FURNITURE)
        or is_breadcrumbs(line)
        or _is_caption(line)
        or _is_stamp(line)
    )


_TESTS: tuple[tuple[Kind, Callable[[str], object]], ...] = (
    ("source", source),
    ("dated", is_dated),
    ("byline", is_byline),
    ("comments", _OPENS_COMMENTS.match),
    ("tail", _opens_tail),
    ("furniture", _is_other),
)


def kind(line: str) -> Kind | None:
    """What kind of furniture ``line`` is; None when it may belong to the article."""
    if len(line) > LONGEST:
        return None
    return next((kind for kind, test in _TESTS if test(line)), None)
