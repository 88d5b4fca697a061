"""The figures of ``benchmarks.extraction``, and how it flattens a page."""

import pytest

from benchmarks.extraction import figures, flatten, judge, with_intervals


def test_flattened_like_inner_text() -> None:
    page = (
        "<html><head><title>T</title><style>p {}</style></head><body><nav><a>Home</a><a>World</a></nav>"
        "<h1>Bridge</h1><p>One<br>two <b>three</b>\n four</p><p hidden>no</p><div style='display: none'>no</div>"
        "<script>no()</script><ul><li>a</li><li>b</li></ul><table><tr><td>1</td><td>2</td></tr></table></body></html>"
    )
    assert flatten(page) == "HomeWorld\nBridge\n\nOne\ntwo three four\n\na\nb\n1\t2\n"


def test_a_page_is_judged_by_its_four_grams() -> None:
    assert judge("a b c d e", "a b c d e f g") == (1.0, 0.5)
    assert judge("", "a b c d") == (0.0, 0.0)


def test_f1_is_of_the_averages() -> None:
    found = figures([(1.0, 0.5), (0.5, 0.5)])
    assert found == {"precision": 0.75, "recall": 0.5, "f1": pytest.approx(0.6)}
    assert with_intervals([(1.0, 0.5)] * 3)["f1"] == [0.6667, 0.6667, 0.6667]
