"""Words and marks of a sentence whose quotations are blanked out, and the words that show where phrases end.

A title or initial keeps its full stop ("Sen.", "J."), and a whole quotation is one token.
"""

import re

QUOTED = "·"
"""What a run of blanked-out quotation is as a token."""
PREPOSITIONS = frozenset(
    """
    in on at by from with of for to against between over under about into near as
    """.split()
)
DETERMINERS = frozenset({"the", "a", "an", "his", "her", "their", "some", "several", "many"})
BE = frozenset("is was were are be been being".split())
FINITE = frozenset("is was are were has had have will would could can been be do does did".split())
PHRASE_ENDS = frozenset(
    """
    in on at during after before by with from when while as following if that which who whose whom but and
    about because since this last earlier later told how why whether yesterday today monday tuesday
    wednesday thursday friday saturday sunday a an is was were are be been has have had to into also
    against over under between he's it's there where what so then it its his her their will would could
    """.split()
)
LONGEST_SUBJECT = 9
_TITLES = "Mr|Mrs|Ms|Dr|Sens?|Reps?|Govs?|Gen|Lt|Col|Maj|Sgt|Capt|Adm|Cmdr|Rev|Prof|St|Jr|Sr|Hon|Pres|Supt|Insp|Atty"
_PLACES = (
    "Ala|Ariz|Ark|Calif|Colo|Conn|Del|Fla|Ga|Ill|Ind|Kan|Ky|La|Md|Mass|Mich|Minn|Miss|Mo|Mont|Neb|Nev|Okla|Ore|Pa|Tenn|"
    "Tex|Va|Vt|Wash|Wis|Wyo"
)
TOKEN = re.compile(
    rf"·[·\n]*|(?:{_TITLES}|{_PLACES})\.|[A-Z]\.(?:-?[A-Z]\.)+|[A-Z]\.(?=\s+[A-Z])|''|[\w][\w'’.\-/]*[\w]|[\w]|[^\w\s]"
)

Tokens = list[tuple[str, int]]
"""Words and marks of a sentence, each with its offset; a quotation is one token."""


def tokens_of(masked: str) -> Tokens:
    """Tokens of a sentence whose quotations are blanked out; what stands in brackets is left out."""
    tokens: Tokens = []
    depth = 0
    for match in TOKEN.finditer(masked):
        word = match.group()
        if word in "([":
            depth += 1
        elif word in ")]" and depth:
            depth -= 1
        elif not depth:
            tokens.append((QUOTED if word[0] == QUOTED else word, match.start()))
    return tokens if not depth else [(_one(m.group()), m.start()) for m in TOKEN.finditer(masked)]


def _one(word: str) -> str:
    return QUOTED if word[0] == QUOTED else word
