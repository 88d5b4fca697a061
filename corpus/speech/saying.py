"""Verbs of saying in their forms: which words of a sentence may introduce what somebody said."""

_PLAIN = """
    say tell state add note stress emphasize emphasise clarify explain announce declare claim argue insist
    warn admit acknowledge reiterate recall remark comment confirm deny reject dismiss affirm reaffirm
    assure promise pledge vow suggest report reply respond ask underscore underline highlight tweet
    conclude observe predict urge advocate hail praise welcome criticize criticise condemn accuse propose
    demand caution contend maintain allege assert testify express complain remind specify mention disclose
    reveal believe think write call refer appeal
    counter shout quip joke lament doubt
    answer estimate deride denounce decry fume concede exclaim recount opine tease chide scold scoff
    blast slam mock label brand dub describe characterize characterise portray boast brag
    text email muse bemoan interject retort yell scream chant proclaim mutter whisper sneer
    snipe crack gush rail retweet post cite echo tout defend blame deem assail lambast
    lambaste rebuke applaud hint signal intimate imply quote continue begin marvel
    lash summarize chuckle laugh repeat elaborate offer message inform
    advise wonder inquire question recommend decline agree disagree hope hear feel know
    """.split()
_IRREGULAR = {
    "say": "said",
    "tell": "told",
    "think": "thought",
    "write": "wrote",
    "deny": "denied",
    "refer": "referred",
    "begin": "began",
    "hear": "heard",
    "feel": "felt",
    "know": "knew",
    "decry": "decried",
    "brag": "bragged",
    "quip": "quipped",
    "dub": "dubbed",
    "slam": "slammed",
    "imply": "implied",
    "reply": "replied",
    "testify": "testified",
}


def _third(verb: str) -> str:
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "sh", "ch", "x")) else "s")


def _past(verb: str) -> str:
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("e"):
        return verb + "d"
    return verb[:-1] + "ied" if verb.endswith("y") and verb[-2] not in "aeiou" else verb + "ed"


def _ing(verb: str) -> str:
    if verb.endswith("e") and not verb.endswith("ee"):
        return verb[:-1] + "ing"
    doubled = verb in {"refer", "begin", "brag", "quip", "dub", "slam"}
    return verb + (verb[-1] if doubled else "") + "ing"


BASE = frozenset(_PLAIN)
"""Their base forms, which after "a" are nouns."""
SAYING = frozenset(form for verb in _PLAIN for form in (verb, _third(verb), _past(verb))) - {"call"} | {
    "written",
    "spoke",
}
"""Finite forms that introduce what somebody said."""
SAYING_ING = frozenset(map(_ing, _PLAIN))
"""Participles that do: "…, adding that"."""
PARTICIPLES = frozenset("saying stating adding noting arguing warning insisting claiming stressing".split())
"""Those that are a cue even without a quotation."""
NEEDS_WORDS = frozenset(
    """
    report reports claim claims demand demands comment comments promise promises highlight pledge pledges
    praise state states express spoke speak speaks call calls maintain maintains write think believe ask reply note notes
    remark remarks answer answers answered estimate estimates label brand brands text texts post posts posted echo tout
    cite cites cited blame hint hints signal signals signaled quote quotes crack cracks rail rails blast blasts
    continue continues continued begin begins began offer offers offered message messages question questions
    questioned defend defends defended repeat repeats repeated describe describes described laugh laughs laughed
    agree agrees agreed decline declines declined hope hopes hoped hear hears heard feel feels felt know knows knew
    portray portrays portrayed wonder wonders inform informs informed advise advises advised brag boast
    tease scream chant chants yell marvel lash imply intimate implies doubt doubts lament laments
    """.split()
)
"""Forms that are as often a noun or another verb: a cue only before "that", a colon, or beside a quotation."""
LOOSE = frozenset("put puts pointed points shot fired snapped sang sings".split())
"""Verbs of other things that say something when a quotation follows at once ("as Ann Lee put it, “…”")."""
