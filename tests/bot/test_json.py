import json
from dataclasses import replace

from bot.render.as_json import to_dict
from tests.bot.test_terminal import DENIED, SILENT

GOLDEN = {
    "question": "did the country say it takes part in the scheme?",
    "answered": True,
    "reason": None,
    "verdict": "no",
    "confidence": 0.934,
    "statements": [
        {
            "stance": "no",
            "speaker": "Aidar Bek",
            "voice": "direct",
            "quotes": [
                {
                    "text": "“Our country does not take part in the scheme.",
                    "article_id": "wire.txt",
                    "title": "No part in the scheme",
                    "outlet": "Sample Wire",
                    "author": "Helen Marsh",
                    "published": "2023-09-29",
                    "url": "https://wire.example/2023/09/29/no-part-in-the-scheme-the-president-says.html",
                    "path": "articles/wire.txt",
                    "start": 100,
                    "end": 146,
                    "voice": "direct",
                    "highlights": [[113, 121]],
                },
                {
                    "text": "He told the agency that his country had\n"
                    "no part in the scheme and sold none of the goods.",
                    "article_id": "daily.txt",
                    "title": None,
                    "outlet": "Sample Daily",
                    "author": None,
                    "published": None,
                    "url": None,
                    "path": "articles/daily.txt",
                    "start": 7,
                    "end": 96,
                    "voice": "direct",
                    "highlights": [],
                },
            ],
        },
        {
            "stance": "yes",
            "speaker": None,
            "voice": "narrator",
            "quotes": [
                {
                    "text": "Everybody knows that it does.",
                    "article_id": "courier.txt",
                    "title": None,
                    "outlet": None,
                    "author": None,
                    "published": None,
                    "url": None,
                    "path": "articles/daily.txt",
                    "start": 7,
                    "end": 36,
                    "voice": "narrator",
                    "highlights": [],
                }
            ],
        },
    ],
    "passages": [],
    "index": {"build": "7f3a", "model": "all-MiniLM-L6-v2"},
    "took_ms": 12.5,
}


def test_the_contract_whole_and_in_order() -> None:
    assert json.dumps(to_dict(DENIED)) == json.dumps(GOLDEN)


def test_no_answer_keeps_its_passages() -> None:
    given = to_dict(SILENT)
    assert (given["answered"], given["reason"], given["verdict"]) == (False, "not_in_corpus", None)
    assert given["passages"] == [{"article_id": "wire.txt", "start": 100, "end": 146, "score": 0.03}]


def test_text_comes_back_as_it_went_in() -> None:
    question = 'half \ud83d and <b>&amp;"\u2028 \x00'
    assert json.loads(json.dumps(to_dict(replace(DENIED, question=question))))["question"] == question
