"""What Telegram refuses, in its words. The descriptions are those of the public Bot API server (tdlib/telegram-bot-api)."""

from collections.abc import Iterator

from tests.bot_api.faults import Fault, Json

_TEXT, _ENTITIES, _BUTTONS = 4096, 100, 100
_DATA, _SHARE, _TOAST, _RESULTS = 64, 256, 200, 50


class Refused(Exception):
    """The method is not done."""

    def __init__(self, why: str | Fault) -> None:
        self.fault = why if isinstance(why, Fault) else Fault(400, f"Bad Request: {why}")
        super().__init__(self.fault.description)


def check_text(data: Json) -> None:
    """Raises Refused. Telegram drops entities beyond 100; here they are refused."""
    text = str(data.get("text", ""))
    wide = text.encode("utf-16-le", "surrogatepass")
    length = len(wide) // 2
    if not text.strip():
        raise Refused("message text is empty")
    if length > _TEXT:
        raise Refused("message is too long")
    entities = data.get("entities", [])
    if len(entities) > _ENTITIES:
        raise Refused("too many entities")
    for entity in entities:
        _check_entity(wide, length, entity["offset"], entity["offset"] + entity["length"])


def _check_entity(wide: bytes, length: int, start: int, end: int) -> None:
    if start < 0 or end > length:
        raise Refused(
            f"entity beginning at UTF-16 offset {start} ends after the end of the text at UTF-16 offset {end}"
        )
    if any(0xDC <= wide[2 * place + 1] <= 0xDF for place in (start, end) if place < length):
        raise Refused(f"entity at UTF-16 offset {start} cuts a UTF-16 symbol in two")


def check_markup(data: Json) -> None:
    """Raises Refused. A keyboard is a list of rows under "inline_keyboard"."""
    buttons = list(buttons_of(data))
    if len(buttons) > _BUTTONS:
        raise Refused("REPLY_MARKUP_TOO_LONG")
    for button in buttons:
        if not button.get("text"):
            raise Refused("can't parse inline keyboard button: text is empty")
        actions = set(button) - {"text", "style", "icon_custom_emoji_id"}
        if not actions:
            raise Refused(
                "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
            )
        data_bytes = len(str(button.get("callback_data", "x")).encode())
        if not 1 <= data_bytes <= _DATA:
            raise Refused("BUTTON_DATA_INVALID")
        if len(str(button.get("switch_inline_query", ""))) > _SHARE:
            raise Refused("BUTTON_SWITCH_INLINE_QUERY_INVALID")
        if "url" in button and not str(button["url"]).startswith(("http://", "https://", "tg://")):
            raise Refused(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")


def buttons_of(message: Json) -> Iterator[Json]:
    for row in (message.get("reply_markup") or {}).get("inline_keyboard", []):
        yield from row


def check_toast(data: Json) -> None:
    if len(str(data.get("text", ""))) > _TOAST:
        raise Refused("MESSAGE_TOO_LONG")


def check_results(results: list[Json]) -> None:
    """Raises Refused for what Telegram does not take as results of an inline query."""
    ids = [str(result.get("id", "")) for result in results]
    if len(results) > _RESULTS:
        raise Refused("RESULTS_TOO_MUCH")
    if len(set(ids)) < len(ids):
        raise Refused("RESULT_ID_DUPLICATE")
    if not all(1 <= len(name.encode()) <= 64 for name in ids):
        raise Refused("RESULT_ID_INVALID")
    for result in results:
        if result.get("type") == "article" and not str(result.get("title", "")).strip():
            raise Refused("ARTICLE_TITLE_EMPTY")
        content = result.get("input_message_content", {})
        check_text({"text": content.get("message_text", ""), "entities": content.get("entities", [])})
        check_markup(result)
