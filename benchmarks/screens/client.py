"""A message of the bot as HTML in the look of a Telegram client. Everything that is text is escaped.

The parts of a client that matter to reading: bubble, quote bar, fold of three lines, link colour, buttons. A line
break next to a quotation is the quotation's own, as in the clients.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from bot.render.buttons import Button, Rows
from bot.render.message import Entity, Message

WIDTH = 430
"""Of the window, in CSS pixels."""
_QUOTES = {"blockquote", "expandable_blockquote"}
_TAGS = {"bold": "b", "code": "code", "text_link": "a", "date_time": "time"}
_STYLE = """
* { box-sizing: border-box; margin: 0; }
body { width: 430px; padding: 14px 10px; background: #d5dfc5 linear-gradient(160deg, #dfe6bd, #9ec79a 45%, #88bc9c);
  font: 15px/1.33 "Noto Sans", "DejaVu Sans", sans-serif; color: #111; }
.asked, .bubble { position: relative; width: fit-content; max-width: 100%; padding: 7px 11px 8px; border-radius: 14px;
  box-shadow: 0 1px 1px #0002; overflow-wrap: anywhere; white-space: pre-wrap; }
.asked { margin: 0 0 8px auto; background: #effdde; border-bottom-right-radius: 4px; }
.bubble { display: flow-root; width: 400px; background: #fff; border-bottom-left-radius: 4px; }
.reply { margin: 2px 0 6px; padding: 3px 8px; border-left: 3px solid #3390ec; border-radius: 4px; background: #3390ec14;
  font-size: 13px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.reply b { display: block; color: #3390ec; }
.quote { position: relative; margin: 3px 0; padding: 4px 22px 5px 9px; border-left: 3px solid #3390ec;
  border-radius: 4px; background: #3390ec14; font-size: 14.4px; }
.quote::before { content: "\\201D"; position: absolute; top: 1px; right: 6px; color: #3390ec;
  font: bold 20px/1 "Noto Serif", serif; }
.fold > div { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; }
.open > div { display: block; }
.fold.open::after { content: "\\2303"; }
.fold::after { content: "\\2304"; position: absolute; right: 6px; bottom: 4px; color: #3390ec; font-size: 15px; line-height: 1; }
a, time, .found { color: #3390ec; text-decoration: none; }
code { color: #3390ec; font: 13.5px "Noto Sans Mono", "DejaVu Sans Mono", monospace; }
.bubble > .at { float: right; margin: 4px 0 -4px 8px; color: #8a949e; font-size: 12px; }
.row { display: flex; gap: 4px; width: 400px; margin-top: 4px; }
.row span { position: relative; flex: 1 1 0; padding: 8px 6px; border-radius: 8px; background: #4a6b4b8c; color: #fff;
  font-size: 14px; font-weight: 500; text-align: center; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.row i { position: absolute; top: 2px; right: 5px; font: normal 10px/1 "Noto Sans", sans-serif; }
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """One screen: what was asked, and the message it was answered with."""

    asked: str
    message: Message
    rows: Rows = ()
    unfolded: bool = False
    """As after a tap on the fold."""


def page(shown: Shown, language: str) -> str:
    """A whole document; scripts and anything from elsewhere are forbidden."""
    buttons = "".join(f'<div class="row">{"".join(map(_button, row))}</div>' for row in shown.rows)
    fold = "quote fold open" if shown.unfolded else "quote fold"
    return (
        f'<!doctype html><html lang="{escape(language)}"><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f'<style>{_STYLE}</style><div class="asked" dir="auto">{escape(shown.asked)}</div>'
        f'<div class="bubble"><div class="reply"><b>You</b>{escape(shown.asked)}</div>'
        f'{"".join(_blocks(shown.message, fold))}<span class="at">12:00</span></div>{buttons}</html>'
    )


def _button(button: Button) -> str:
    mark = "<i>↗</i>" if button.url else "<i>➦</i>" if button.share else ""
    return f"<span>{escape(button.label)}{mark}</span>"


def _blocks(message: Message, fold: str) -> Iterator[str]:
    """Quotations, and what stands between them."""
    wide = message.text.encode("utf-16-le", "surrogatepass")
    quotes = sorted((e for e in message.entities if e.kind in _QUOTES), key=lambda entity: entity.offset)
    inner = [e for e in message.entities if e.kind not in _QUOTES]
    place = 0
    for quote in quotes:
        end = quote.offset + quote.length
        yield _without_breaks(_run(wide, place, quote.offset, inner), after=place > 0, before=True)
        style = fold if quote.kind == "expandable_blockquote" else "quote"
        yield f'<div class="{style}" dir="auto"><div>{_run(wide, quote.offset, end, inner)}</div></div>'
        place = end
    yield _without_breaks(_run(wide, place, len(wide) // 2, inner), after=place > 0, before=False)


def _without_breaks(html: str, *, after: bool, before: bool) -> str:
    html = html.removeprefix("\n") if after else html
    if not before:
        return html
    html = html.removesuffix("\n")
    return f"{html}<br>" if html.endswith("\n") else html  # HTML would not show an empty line at the end


def _run(wide: bytes, start: int, end: int, entities: Sequence[Entity]) -> str:
    """Text from ``start`` to ``end``, in UTF-16 code units, cut wherever an entity begins or ends."""
    within = [e for e in entities if e.offset < end and start < e.offset + e.length]
    edges = {start, end} | {
        edge for e in within for edge in (e.offset, e.offset + e.length) if start < edge < end
    }
    places = sorted(edges)
    return "".join(
        _wrapped(wide[2 * a : 2 * b].decode("utf-16-le", "replace"), [e for e in within if _covers(e, a, b)])
        for a, b in pairwise(places)
    )


def _covers(entity: Entity, start: int, end: int) -> bool:
    return entity.offset <= start and end <= entity.offset + entity.length


def _wrapped(text: str, entities: Sequence[Entity]) -> str:
    html = escape(text)
    for tag in (_TAGS[entity.kind] for entity in entities):
        html = f"<{tag}>{html}</{tag}>"
    return html
