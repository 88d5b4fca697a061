"""Words the rules know: function words, negation, and families of news predicates with their opposites.

Families come from two places: everyday words and word forms, written here as ``sense : opposite``, one to a line
(indented lines go on); and the single verbs of the bank of news predicates that the evidence model is trained on, in
``opposites.txt``, which ``training.lexicon`` writes. Members are stems as the word index makes them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import resources

FUNCTION_WORDS = frozenset(
    """
    a an the this that these those there here it its it's he she him her his hers they them their theirs
    we us our you your i me my who whom whose which what when where why how and or but nor if then than as
    so too also just only even still yet not no do does did doing done is are am was were be been being
    has have had having will would shall should can could may might must ought of in on at by to from with
    without for into onto about over under between among against during before after since until through
    across per via up down out off again more most much many some any all both each every other another
    such own same very already ever never s t 's anyone anybody anything someone somebody something everyone everybody everything now because while although though however take takes took taken taking make makes made making get gets got give gives
    gave given
    """.split()
)

SPEECH = frozenset(
    """
    say says said saying state states stated tell tells told announce announces announced declare declares
    declared claim claims claimed mention mentioned confirm confirms confirmed suggest suggests suggested
    argue argues argued report reports reported insist insists insisted assert asserted comment commented
    add added note noted explain explained reveal revealed write wrote indicate indicated affirm affirmed
    think thinks believe believes
    """.split()
)
"""Verbs after which "did X …" asks what X said."""

DENIALS = frozenset({"deny", "denies", "denied"})
"""Verbs after which "did X …" asks whether X said the contrary."""

SPEECH_ACTS = frozenset(
    """
    promise pledge vow praise hail applaud commend criticise criticize condemn denounce accuse blame call
    urge demand deny warn admit acknowledge apologise apologize propose advocate threaten
    """.split()
)
"""Verbs in a question ("did X praise …") whose doing is itself speaking: only X can have done it."""

NEGATORS = frozenset(
    """
    doubt doubts doubted not no never none nobody nothing neither nor without cannot n't denied denies deny denying
    refused refuses refuse rejected rejects reject dismissed dismisses dismiss rejecting refusing dismissing fails
    failed fail hardly ended stopped ceased halted dispel dispelled lacks lack dropped drops abandoned scrapped
    shelved cancelled canceled
    """.split()
)
"""Words that turn what stands after them in their clause."""

PREDICATIVE_NEGATORS = frozenset(
    """
    unfounded untrue false groundless baseless unlikely impossible denied rejected dismissed
    """.split()
)
"""Words that turn their whole clause when they are its predicate ("the doubts are unfounded")."""

_FAMILIES = """
join joins joining joined participate participates participation part engage engages engaged involved
  involvement enter entered role belong member : leave leaves leaving left quit quits exit exits withdraw
  withdraws withdrew withdrawal abandon
adhere adheres adherence comply complies compliance follow follows observe observes abide abides abiding
  respect respects keep keeps honour honor uphold : violate violates violating violation breach breaches
  circumvent circumventing bypass bypassing evade evasion evading flout defy ignore break
support supports backed backing endorse endorses favour favor approve approves approved : oppose opposes
  opposed opposition object disapprove veto
accept accepts accepted agree agrees agreed consent : refuse refuses refused reject rejects rejected
  decline declines declined disagree
allow allows allowed permit permits permitted authorise authorize legalise legalize legal legally : ban
  bans banned prohibit prohibits prohibited forbid forbidden bar barred outlaw illegal illegally block
  blocked
praise praises praised hail hails hailed applaud applauds applauded commend commended welcome welcomes
  welcomed laud : criticise criticize criticises criticized criticised condemn condemns condemned blame
  denounce denounced slam slammed attack
call calls called advocate advocates advocated urge urges urged calling appeal appealed seek seeks sought
  demand demands demanded want wants wanted :
increase increases increased rise rises rose risen grow grows grew growing growth climb climbed expand
  expanded gain up raise raised raises higher : decrease decreased fall falls fell fallen decline declined
  drop drops dropped shrink shrank reduce reduced cut cuts lower lowered down
begin begins began start starts started launch launches launched open opens opened introduce introduces
  introduced introduction : end ends ended stop stops stopped close closes closed closing closure shut
  shuts halt halted suspend suspended cancel cancelled scrap scrapped drop dropped
win wins won victory beat beats defeated defeat : lose loses lost loss
buy buys bought purchase purchased acquire acquired acquisition : sell sells sold sale
send sends sent deploy deploys deployed deployment dispatch dispatched supply supplies supplied deliver
  delivered provide provided : withhold withheld withdraw withdrew
arrest arrests arrested detain detained jail jailed imprison imprisoned : release released free freed
convict convicts convicted conviction sentenced : acquit acquits acquitted acquittal cleared
guilty : innocent
meet meets met meeting :
speak speaks spoke spoken speech :
go goes went gone :
come comes came :
know knows knew known :
find finds found :
think thinks thought :
tell tells told :
pay pays paid payment :
lead leads led leader :
leave leaves left :
write writes wrote written :
choose chooses chose chosen choice :
fight fights fought :
teach teaches taught :
bring brings brought :
break breaks broke broken :
speak speaks spoke spoken :
drive drives drove driven :
fly flies flew flown flight :
steal steals stole stolen theft :
bribe bribes bribed bribery :
grow grows grew grown growth :
sink sinks sank sunk :
swim swims swam swum :
run runs ran running :
throw throws threw thrown :
lie lies lied lying :
spend spends spent spending :
lend lends lent :
hide hides hid hidden :
fire fires fired shoot shoots shot shooting bullet :
die dies died dead death killed kill kills killing : survive survived survives alive
pass passed adopt adopted enact enacted ratify ratified ratification sign signed : reject rejected veto
  vetoed defeat
resign resigns resigned resignation quit : stay remain remained stays
perceive perceives see sees regard regards consider considers view views :
recognise recognize recognises recognised recognized recognition acknowledge : deny denied
threat threaten threatens threatening danger menace :
build builds built construct construction : demolish demolished destroy destroyed
attend attended attends visit visited visits travel travelled traveled : boycott boycotted skip skipped
possible able can : impossible unable cannot
safe safety : dangerous unsafe harmful
same identical equal : different differ differs
true correct real : false untrue fake fictional myth
hold holds held host hosted hosts :
counterproductive harmful harm damaging useless senseless : useful productive helpful
pledge pledges pledged promise promises promised commit commits committed commitment vow vowed :
"""


def _lines() -> Iterator[str]:
    """``sense : opposite``, one to a line: those written here, then those of the bank."""
    yield from _FAMILIES.replace("\n  ", " ").strip().splitlines()
    yield from resources.files("bot.answering").joinpath("opposites.txt").read_text("utf-8").splitlines()


class Lexicon:
    """Predicate families by stem: how a word of a sentence stands to a word of a claim."""

    def __init__(self, analyse: Callable[[str], list[str]]) -> None:
        """``analyse`` is the word index's analyzer: text → stems."""
        self._senses: dict[str, set[int]] = {}
        for number, line in enumerate(_lines(), 1):
            for sign, members in zip((1, -1), line.split(":"), strict=True):
                for member in members.split():
                    for stem in analyse(member):
                        self._senses.setdefault(stem, set()).add(sign * number)

    def knows(self, stem: str) -> bool:
        """Whether the stem is in any family."""
        return stem in self._senses

    def predicate(
        self, words: Sequence[str], analyse: Callable[[str], list[str]], *, noun_first: bool
    ) -> str | None:
        """The word that carries a claim, among its content words in order: the first of any family.

        Where none is in a family: the first, or the second when the first is the subject ("the bridge collapse").
        """
        known = (w for w in words if any(self.knows(stem) for stem in analyse(w)))
        place = 1 if noun_first and len(words) > 1 else 0
        return next(known, words[place] if words else None)

    def relation(self, stem: str, others: Iterable[str]) -> int:
        """+1 when one of the others means the same as the stem, -1 when the opposite, 0 when neither.

        Words that share families on both sides go by the majority.
        """
        own = self._senses.get(stem, set())
        found = 0
        for other in others if own else ():
            theirs = self._senses.get(other, set())
            same, against = len(own & theirs), len({-sense for sense in own} & theirs)
            if same > against:
                return 1
            if against > same:
                found = -1
        return found
