"""Links that open a page at the quote."""

from collections.abc import Callable

from bot.answer import Quote
from bot.messenger.engine import Engine
from bot.render.fragments import source_link, web_address


def linked(engine: Engine) -> Callable[[Quote], str | None]:
    """For each quote the address of its source. It reads articles, so it is not for the event loop."""

    def link(quote: Quote) -> str | None:
        text = engine.text(quote.article_id)
        return web_address(quote.url) if text is None else source_link(quote, text)

    return link
