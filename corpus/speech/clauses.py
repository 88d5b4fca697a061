"""The subject of a clause by word order, after what only sets its scene."""

from corpus.speech.names import BODIES, PRONOUNS, ROLES, bare, is_capital
from corpus.speech.saying import SAYING
from corpus.speech.tokens import FINITE, LONGEST_SUBJECT, PHRASE_ENDS, PREPOSITIONS, QUOTED, Tokens

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
_AFTER_SUBJECT = frozenset(
    {"who", "whose", "which", "a", "an", "the", "his", "her", "their", "its", "in", "at", "on"}
)
_WITHIN = frozenset({"of", "for", "to", "and", "the", "-", "/"})


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
    for j in range(k, min(end, k + LONGEST_SUBJECT)):
        word = tokens[j][0]
        low = word.lower()
        if not word[0].isalnum() or low in FINITE or (taken and low in PHRASE_ENDS - {"to", "and"}):
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
