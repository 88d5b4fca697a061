"""Noun phrases by word order: the subject to the left of a verb, the one to its right, the subject of a clause.

There is no tagger: capitals, titles, determiners, prepositions and forms of "be" show where a phrase begins and ends.
"""

import re

from corpus.names import BODIES, INDEFINITE, PRONOUNS, ROLES, bare, is_capital
from corpus.saying import SAYING

QUOTED = "·"
"""What a run of blanked-out quotation is as a token."""
PREPOSITIONS = frozenset(
    """
    in on at by from with of for to against between over under about into near as
    """.split()
)
DETERMINERS = frozenset({"the", "a", "an", "his", "her", "their", "some", "several", "many"})
_SKIP = frozenset(
    """
    also further then later again once has have had never repeatedly publicly openly earlier recently
    still now reportedly did does will would not unequivocally previously always both all
    just even often has to himself herself themselves since
    once first himself n't didn't doesn't hasn't
    """.split()
)
_BREAK = re.compile(r"[,;:.!?()“”«»\"\n–—·]")
_TITLES = "Mr|Mrs|Ms|Dr|Sens?|Reps?|Govs?|Gen|Lt|Col|Maj|Sgt|Capt|Adm|Cmdr|Rev|Prof|St|Jr|Sr|Hon|Pres|Supt|Insp|Atty"
_PLACES = (
    "Ala|Ariz|Ark|Calif|Colo|Conn|Del|Fla|Ga|Ill|Ind|Kan|Ky|La|Md|Mass|Mich|Minn|Miss|Mo|Mont|Neb|Nev|Okla|Ore|Pa|Tenn|"
    "Tex|Va|Vt|Wash|Wis|Wyo"
)
_TOKEN = re.compile(
    rf"·[·\n]*|(?:{_TITLES}|{_PLACES})\.|[A-Z]\.(?:-?[A-Z]\.)+|[A-Z]\.(?=\s+[A-Z])|''|[\w][\w'’.\-/]*[\w]|[\w]|[^\w\s]"
)
BE = frozenset("is was were are be been being".split())
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday yesterday today".split())
_POSSESSIVES = frozenset({"his", "her", "their", "its"})
_FINITE = frozenset("is was are were has had have will would could can been be do does did".split())
_NP_RIGHT_STOP = frozenset(
    """
    in on at during after before by with from when while as following if that which who whose whom but and
    about because since this last earlier later told how why whether yesterday today monday tuesday
    wednesday thursday friday saturday sunday a an is was were are be been has have had to into also
    against over under between he's it's there where what so then it its his her their will would could
    """.split()
)
_OPENERS = frozenset(
    """
    but and yet still so meanwhile then also now later instead however nevertheless moreover indeed or though
    earlier finally again once already perhaps even only there
    """.split()
)
_SUBORDINATE = PREPOSITIONS | frozenset(
    """
    after before during when while since although though if because as despite until amid through throughout
    like unlike without within where whereas asked speaking given following last this next one two three
    standing responding appearing writing outside inside among beyond upon just once
    """.split()
)
_GOVERNING = frozenset(
    """
    went goes began begins continued continues refused refuses tried tries sought seeks wanted wants used uses
    appeared appears seemed seems came comes took takes made makes declined declines managed
    """.split()
)
_AFTER_SUBJECT = frozenset(
    {"who", "whose", "which", "a", "an", "the", "his", "her", "their", "its", "in", "at", "on"}
)
_LONGEST_SUBJECT = 9
_WITHIN = frozenset({"of", "for", "to", "and", "the", "-", "/"})

Tokens = list[tuple[str, int]]
"""Words and marks of a sentence, each with its offset; a quotation is one token."""


def tokens_of(masked: str) -> Tokens:
    """Tokens of a sentence whose quotations are blanked out; what stands in brackets is left out."""
    tokens: Tokens = []
    depth = 0
    for match in _TOKEN.finditer(masked):
        word = match.group()
        if word in "([":
            depth += 1
        elif word in ")]" and depth:
            depth -= 1
        elif not depth:
            tokens.append((QUOTED if word[0] == QUOTED else word, match.start()))
    return tokens if not depth else [(_one(m.group()), m.start()) for m in _TOKEN.finditer(masked)]


def _one(word: str) -> str:
    return QUOTED if word[0] == QUOTED else word


def left_of(tokens: Tokens, i: int) -> str:
    """The subject before a verb: back over adverbs, then to the nearest break or preposition."""
    j = before_adverbs(tokens, i)
    taken: list[str] = []
    if j > 0 and tokens[j][0] == "," and tokens[0][0] != ",":
        return _before_relative_clause(tokens, j)
    while j >= 0 and len(taken) < _LONGEST_SUBJECT:
        token = tokens[j][0]
        low = token.lower()
        if low in PRONOUNS and not taken:
            return token
        if not taken and low in _DAYS:
            j -= 1
            continue
        if low in {"as", "with"} and taken:
            break
        if low in PREPOSITIONS and (not taken or low not in {"of", "to", "for"}):
            return _before_preposition(tokens, j)
        if low != "/" and (
            not token[0].isalnum() or (low in _NP_RIGHT_STOP and low not in {"to", "a", "an"})
        ):
            break
        taken.insert(0, token)
        if low in DETERMINERS and not (j and tokens[j - 1][0].lower() == "of"):
            break
        j -= 1
    return _subject(taken)


def before_adverbs(tokens: Tokens, i: int) -> int:
    """The token before i that is no adverb and no auxiliary; -1 for none."""
    j = i - 1
    while j >= 0 and (
        tokens[j][0].lower() in _SKIP or (tokens[j][0].endswith("ly") and tokens[j][0].islower())
    ):
        j -= 1
    return j


def antecedent(tokens: Tokens, relative: int) -> str:
    """The noun phrase right before "who" or "which"; empty when it names nobody."""
    j = relative - 1 if relative and tokens[relative - 1][0] == "," else relative
    phrase = left_of(tokens, j) if j > 0 and tokens[j - 1][0] not in {",", QUOTED} else ""
    return phrase if phrase and is_source(phrase) else ""


def _before_relative_clause(tokens: Tokens, comma: int) -> str:
    """The source before a clause or an apposition between two commas.

    "Colonel Weiss, who commands the guard, said" and "Sands, 54, said" have it before the first comma; "its
    president, Gustav Lind, said" between the two.
    """
    opening = next((k for k in range(comma - 1, -1, -1) if tokens[k][0] == ","), -1)
    between = [token for token, _ in tokens[opening + 1 : comma]]
    if opening < 1 or not between:
        return ""
    if all(is_capital(token) for token in between) and tokens[opening - 1][0][0].isalnum():
        role = [t for t, _ in tokens[max(0, opening - 4) : opening] if t.lower() in ROLES]
        if role:
            return " ".join([*role[-1:], *between])
    begin = next((k + 1 for k in range(opening - 1, -1, -1) if tokens[k][0] in {QUOTED, ";"}), 0)
    subject = main_subject(tokens, begin, comma)
    if subject and is_source(subject):
        return subject
    if (
        between[0].lower() in {"who", "whose", "which", "a", "an", "the", *_POSSESSIVES}
        or between[0].isdigit()
    ):
        return left_of(tokens, opening)
    return " ".join(between) if all(is_capital(token) for token in between) else ""


def _before_preposition(tokens: Tokens, j: int) -> str:
    """The subject that a prepositional phrase follows ("The owner of the mill in Sarvan denied").

    Only where it begins the sentence or clause; else it stays uncertain.
    """
    begin = j
    while begin > 0 and tokens[begin - 1][0][0].isalnum() and tokens[begin - 1][0].lower() not in SAYING:
        begin -= 1
    phrase: list[str] = []
    for token, _ in tokens[begin:j]:
        if token.lower() in PREPOSITIONS - {"of", "to", "for"}:
            break
        phrase.append(token)
    return _subject(phrase) if len(phrase) <= 7 else ""


def _subject(taken: list[str]) -> str:
    """Cut what stands around the noun phrase proper: "week the minister refused" → "the minister"."""
    for k, token in enumerate(taken):
        if token.lower() in DETERMINERS or is_capital(token) or token.lower() in ROLES | BODIES:
            return " ".join(_without_verb(taken[k:]))
    return ""


def _without_verb(phrase: list[str]) -> list[str]:
    """Cut from a verb on that governs the verb of saying: "Ann Lee went (on to say)" → "Ann Lee"."""
    end = next(
        (
            k
            for k, word in enumerate(phrase)
            if k and (word in _GOVERNING or word in SAYING) and is_capital(phrase[k - 1])
        ),
        len(phrase),
    )
    return phrase[:end]


def main_subject(tokens: Tokens, begin: int, end: int) -> str:
    """The first noun phrase of the clause ``tokens[begin:end]`` after what only sets its scene.

    "On Tuesday, at a rally in Brel, Mayor Ann Lee, who …" has "Mayor Ann Lee". Empty when the clause begins otherwise.
    """
    k = begin or _after_dateline(tokens)
    scene = False
    while k < end:
        low = tokens[k][0].lower()
        if low in _OPENERS or not low[0].isalnum():
            if low == QUOTED:
                return ""
            k += 1
        elif scene and _is_place(tokens, k, end):
            k = _place_end(tokens, k, end) + 1
        elif _sets_scene(tokens, k):
            scene = True
            comma = next((c for c in range(k, end) if tokens[c][0] in {",", "—", "–"}), None)
            if comma is None:
                return ""
            k = comma + 1
        else:
            return _phrase_at(tokens, k, end)
    return ""


def _after_dateline(tokens: Tokens) -> int:
    """Where a sentence begins behind "BREL, Estia — "."""
    dash = next((k for k, (word, _) in enumerate(tokens[:8]) if word in {"—", "–", "-"}), -1)
    return dash + 1 if dash > 0 and len(tokens[0][0]) > 2 and tokens[0][0].isupper() else 0


def _sets_scene(tokens: Tokens, k: int) -> bool:
    """A preposition, conjunction or participle begins at k ("Speaking in Brel", "Alarmed by the news")."""
    low = tokens[k][0].lower()
    if low in _SUBORDINATE or (low.endswith(("ing", "ly")) and low not in ROLES):
        return True
    return low.endswith("ed") and k + 1 < len(tokens) and tokens[k + 1][0] in PREPOSITIONS


def _place_end(tokens: Tokens, k: int, end: int) -> int:
    return next((c for c in range(k, end) if not is_capital(tokens[c][0])), end)


def _is_place(tokens: Tokens, k: int, end: int) -> bool:
    """The second half of a place within a scene: "In Ames, Iowa, on Sunday, the mayor said"."""
    comma = _place_end(tokens, k, end)
    if not k < comma < end - 1 or tokens[comma][0] != "," or not is_capital(tokens[k - 2][0]):
        return False
    after = tokens[comma + 1][0]
    return after.lower() not in _AFTER_SUBJECT - {"on", "at", "in"} and comma - k <= 2


def _phrase_at(tokens: Tokens, k: int, end: int) -> str:
    """The noun phrase that begins at token k: a pronoun, or words up to a mark, a verb or a preposition."""
    first = tokens[k][0]
    if first.lower() in PRONOUNS:
        return first
    taken: list[str] = []
    named = False
    for j in range(k, min(end, k + _LONGEST_SUBJECT)):
        word = tokens[j][0]
        low = word.lower()
        if not word[0].isalnum() or low in _FINITE or (taken and low in _NP_RIGHT_STOP - {"to", "and"}):
            break
        inner = low in ROLES | BODIES | _WITHIN or is_capital(word) or _before_role(tokens, j, end)
        if taken and not inner and (named or word in SAYING or taken[-1].lower() in ROLES):
            break
        taken.append(word)
        named = named or (is_capital(word) and bare(word) == word)
    while taken and taken[-1].lower() in _WITHIN:
        taken.pop()
    return " ".join(taken)


def _before_role(tokens: Tokens, j: int, end: int) -> bool:
    """Token j is an adjective of a role: "Republican presidential candidate Ann Lee"."""
    word = tokens[j][0]
    following = [w for w, _ in tokens[j + 1 : min(end, j + 2)]]
    return word not in SAYING and not word.endswith(("ed", "ing")) and any(w in ROLES for w in following)


def noun_phrase_after(text: str, at: int) -> str:
    """The noun phrase after a verb: up to a break or a word that starts an adverbial."""
    taken: list[str] = []
    for match in _TOKEN.finditer(text, at, min(len(text), at + 160)):
        word = match.group()
        low = word.lower()
        if low in PRONOUNS and not taken:
            return word
        if low in PREPOSITIONS and not taken:
            return ""  # "said of the plan"
        if not word[0].isalnum():
            if word == "," and taken and not is_capital(taken[-1]):
                taken += _apposition(text, match.end())
            break
        if low in _FINITE:
            return ""  # "said the charges were political": the phrase is what is spoken of, not who speaks
        allowed = (low in {"a", "an"} and not taken) or (low == "to" and taken and taken[-1].lower() in ROLES)
        if low in _NP_RIGHT_STOP and not allowed:
            break
        taken.append(word)
    return " ".join(taken)


def _apposition(text: str, at: int) -> list[str]:
    """The name right after a comma: "the minister, Olga Reen"."""
    name: list[str] = []
    for match in _TOKEN.finditer(text, at, min(len(text), at + 60)):
        if not is_capital(match.group()):
            break
        name.append(match.group())
    return name if len(name) > 1 else []


def is_source(phrase: str) -> bool:
    """A phrase that can speak: a pronoun, or one that holds a name, a role or a body."""
    tokens = phrase.split()
    if tokens[-1].lower() in PRONOUNS or tokens[0].lower() in INDEFINITE:
        return True
    return any(is_capital(t) for t in tokens) or any(t.lower() in ROLES | BODIES for t in tokens)
