"""Articles that try a messenger: a quotation without an end, markup and mentions, other scripts.

They are made up, as their outlets are.
"""

_SECTION = (
    "the wall of section {number} was built in {year}, it has sunk by {sunk} centimetres since, and the council of "
    "Velm has been told so {times} times by people who have sailed past it all their lives"
)
_SECTIONS = "; ".join(_SECTION.format(number=n, year=1900 + n, sunk=n + 3, times=n + 1) for n in range(1, 34))

ARTICLES = {
    "2024-02-03-herald-velm-wall": f"""---
title: The harbour of Velm and its wall
outlet: Sample Herald
author: Ada Finch
published: 2024-02-03
url: https://herald.example/2024/02/03/velm-wall
---

The council of Velm met on Friday.

“The harbour of Velm needs a new wall: {_SECTIONS},” harbour master Runa Tell said.
""",
    "2024-03-09-post-pelk-archive": """---
title: The archive of Pelk <b>opens</b>
outlet: "Sample *Post* & <i>Sons</i>"
author: Ada Finch
published: 2024-03-09
url: https://post.example/2024/03/09/pelk?a=1&b=<2>
---

“The archive of Pelk is open to @everybody, write to /start or keeper@pelk.example, *no* [fee](https://evil.example) and
no <a href=x>form</a>, see pelk.example #archive,” keeper Otto Brann said.

Sample Ledger wrote earlier that nobody had seen it open.
""",
    "2024-04-11-mirror-halm-ferry": """---
title: The ferry to Halm
outlet: Sample Mirror مرآة
author: Ada Finch
published: 2024-04-11
url: https://mirror.example/2024/04/11/halm
---

“The ferry to Halm runs in winter 🚢❄️, إن شاء الله, from Monday to Friday — בשבת לא,” captain Sami Noor said. The
harbour of Halm was frozen for three days in January.
""",
}
