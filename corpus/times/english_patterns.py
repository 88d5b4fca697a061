"""The patterns of ``corpus.times.english``: how English names a time, and the words around one that matter."""

import re

WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()
NUMBERS = {
    word: number
    for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)
} | {"a": 1, "an": 1, "fifteen": 15, "twenty": 20, "thirty": 30}

_YEAR = r"(?:1[89]|20)\d\d(?![\d%]|[.,]\d|\w)"
_WEEKDAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MONTH = f"(?:{'|'.join(MONTHS)})"
_SHORT = rf"(?:{_MONTH}\b|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_NUMBER = rf"(?:{'|'.join(NUMBERS)}|\d{{1,3}})"
_TO = r"(?:\s?[-–]\s?|\sto\s)"
_OF_YEAR = r",?\s(?:of\s)?(?P<{0}>last|this|next)\syear\b"
_UNIT = "day|week|month|year|decade"
_EVENT = "attack|hearing|committee|riot|insurrection|investigation|panel|siege|commission|defendant"

TIMES = re.compile(
    rf"""(?<![\w.,:$€£#/-])(?:
      (?P<full>(?:1[89]|20)\d\d-\d\d-\d\d)(?![\w-])
    | (?P<monthday>(?:(?P<w1>{_WEEKDAY}),?\s\(?)?(?P<m1>{_SHORT})\s(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?
        (?:{_TO}(?P<e1>\d{{1,2}})\b)?(?![\d%]|[.,]\d)(?:,?\s(?P<y1>{_YEAR})|{_OF_YEAR.format("o1")})?
        (?!['’]?s?\s(?:{_EVENT})s?\b))
    | (?P<daymonth>(?:(?P<w2>{_WEEKDAY}),?\s\(?)?(?:the\s)?(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?
        (?:{_TO}(?P<e2>\d{{1,2}})(?:st|nd|rd|th)?)?\s(?:of\s)?(?P<m2>{_SHORT})
        (?:,?\s(?P<y2>{_YEAR})|{_OF_YEAR.format("o2")})?)
    | (?P<monthyear>(?P<m3>{_SHORT})(?:(?:,|\sof)?\s(?P<y3>{_YEAR})|{_OF_YEAR.format("o3")}))
    | (?P<month>(?:(?P<o4>last|this|next)\s)?(?P<m4>{_MONTH})\b(?!['’]s|\s\d))
    | (?P<weekday>(?:(?:this\s)?(?P<o5>last|past|this|next|coming)\s)?(?P<w5>{_WEEKDAY})\b
        (?!\s(?:Night|Times|Mirror|Telegraph|Mail|Post|Express|Herald|Prayer|League|Club|[Ss]chool))
        (?:\s(?:morning|afternoon|evening|night))?(?:,?\s(?:of\s)?(?P<r5>last|this|next)\sweek)?)
    | (?P<near>[Tt]oday|[Tt]onight|[Yy]esterday|[Tt]omorrow|[Tt]his\s(?:morning|afternoon|evening)|[Ll]ast\snight
        |(?:[Tt]he\s)?day\s(?:before\syesterday|after\stomorrow))\b
    | (?P<unit>(?P<o6>[Ll]ast|[Tt]his|[Nn]ext|[Pp]ast|coming|current)\s
        (?P<u6>week(?:end)?|month|year|decade)\b(?!\sof\b))
    | (?P<weekend>[Tt]he\sweekend\b)
    | (?P<rolling>(?P<o7>last|past|next|coming)\s(?P<n7>{_NUMBER}|few|several|couple\sof)\s(?P<u7>{_UNIT})s?\b)
    | (?P<ago>(?P<n8>{_NUMBER}|few|several|couple(?:\sof)?)\s(?P<u8>{_UNIT})s?\sago\b)
    | (?P<ahead>[Ii]n\s(?P<n9>{_NUMBER})\s(?P<u9>{_UNIT})s?(?:['’]\stime)?\b)
    | (?P<decade>(?P<y10>(?:1[89]|20)\d)0s\b)
    | (?P<year>(?P<y11>{_YEAR})(?:\s?[-–]\s?(?P<z11>{_YEAR}))?(?![-–]\d))
    )""",
    re.VERBOSE,
)
"""One group a kind of time, each around groups of its own: m month, d and e first and last day, y and z year and
last year, o and r "last" or "next", w weekday, u unit, n number. A day that names what happened on it ("the
Jan. 6 hearing") is left out."""

LEAD = re.compile(
    r"(?:(?P<word>[\w’']+)[\s,]+)?(?P<narrowed>(?:(?:the|early|late|earlier|later|back|already|mid|so\sfar"
    r"|(?:the\s)?(?:end|beginning|start|middle|rest|most|much|half|part|month|remainder|close|course)\sof)[\s-]+)*)$",
    re.IGNORECASE,
)
"""What stands before a time: a word, and then words that narrow the time."""
BEFORE_YEAR = set("in during since between and from to until till through throughout of by year".split())
"""A number is a year after one of these words, and "May" or "March" a month."""
PART_OF = re.compile(
    r"\b(?:morning|afternoon|evening|night|hours|day|week|months?|spring|summer|autumn|fall|winter|quarter)\sof\s$"
)
"""Where "of" leads to the time of what is told; elsewhere it makes a name, such as "the class of 2019"."""
NAMES = re.compile(
    r"\b(?:Good|Black|Ash|Super|Palm|Easter|Bloody|Sheffield|Cyber|Shrove|Fat|Maundy|Holy|Giving|Bowl|USA|Russia)\s$"
)
VAGUE = set("than over nearly almost about around roughly some least most under or".split())
COMPARED = re.compile(
    r"\b(?:from|than|compared\s(?:to|with)|versus)\s(?:\w+\s)?[$€£]?\d[\w.,%]*(?:\s\w+){0,3}\s$"
)
"""Before the time of a figure that another one is held against: "from $6.4 billion in"."""
BETWEEN = re.compile(r"\bbetween\s[^,;]{1,40}\sand\s$", re.IGNORECASE)
SPOKEN = re.compile(r"\b(?:days?|weeks?|weekend)\b")
