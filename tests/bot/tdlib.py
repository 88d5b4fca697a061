"""Telegram's own library as the judge: what it would find in a text, what it drops, which entities it keeps.

``td_execute`` works without a network and without an account. Telegram's Bot API server is built on this library.
"""

import json
from collections.abc import Sequence
from typing import Any

import tdjson

from bot.render.message import Entity, Message

_KINDS = {
    "textEntityTypeBold": "bold",
    "textEntityTypeBlockQuote": "blockquote",
    "textEntityTypeExpandableBlockQuote": "expandable_blockquote",
    "textEntityTypeTextUrl": "text_link",
    "textEntityTypeCode": "code",
    "textEntityTypeDateTime": "date_time",
}
_TYPES = {kind: name for name, kind in _KINDS.items()}
Found = tuple[str, int, int]
"""A type, and where it begins and ends, in UTF-16 units."""


def found(text: str) -> list[Found]:
    """Everything that the library makes an entity by itself."""
    return [_read(entity) for entity in _asked("getTextEntities", text=text)["entities"]]


def cleaned(text: str) -> str:
    """The text as it arrives; empty where nothing is left."""
    formatted = {"@type": "formattedText", "text": text, "entities": []}
    return str(_asked("getMarkdownText", text=formatted)["text"])


def arrived(message: Message) -> tuple[str, list[Found]]:
    """Text and given entities after the library has mended them, the text's own marks apart (``*``, ``_``)."""
    entities = [
        {"@type": "textEntity", "offset": e.offset, "length": e.length, "type": _type(e)}
        for e in message.entities
    ]
    formatted = {"@type": "formattedText", "text": message.text, "entities": entities}
    answer = _asked("parseMarkdown", text=formatted)
    return str(answer["text"]), [_read(entity) for entity in answer["entities"]]


def unguarded(text: str, kept: Sequence[Found]) -> list[Found]:
    """What the library would find beside the given entities (``merge_new_entities``): nothing, if all is well."""
    guards = [e for e in kept if e[0] in {"code", "text_link", "date_time"}]
    return [e for e in found(text) if not any(a < e[2] and e[1] < b for _, a, b in guards)]


def _asked(method: str, **values: Any) -> dict[str, Any]:
    answer = json.loads(tdjson.td_execute(json.dumps({"@type": method, **values}).encode()) or b"{}")
    assert answer.get("@type") != "error", answer
    return dict(answer)


def _read(entity: dict[str, Any]) -> Found:
    name = entity["type"]["@type"]
    return _KINDS.get(name, name), entity["offset"], entity["offset"] + entity["length"]


def _type(entity: Entity) -> dict[str, Any]:
    more: dict[str, Any] = {}
    if entity.kind == "text_link":
        more["url"] = entity.url
    elif entity.kind == "date_time":
        day = {"@type": "dateTimePartPrecisionLong"}
        more = {"formatting_type": {"@type": "dateTimeFormattingTypeAbsolute", "date_precision": day}}
        more["unix_time"] = entity.unix_time
    return {"@type": _TYPES[entity.kind], **more}


_asked("setLogVerbosityLevel", new_verbosity_level=0)
