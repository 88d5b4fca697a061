"""Errors reported to a sentry server, where one is named: their kinds and places, without what people wrote.

Needs the extra ``onrecord[sentry]``. Sent are the frames of an error with their lines of code; not sent are the
values of variables, the errors' own messages, requests, breadcrumbs, who asked, the machine's name.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from bot import __version__
from bot.messenger.operations.redaction import masked
from corpus.errors import UsageError

_KEPT = (
    "event_id timestamp level platform release environment exception threads sdk contexts transaction type"
).split()
"""Of an event; all else goes."""
_FLUSH = 2.0
"""Seconds for what is still to be sent at the end."""

MISSING = 'telegram.sentry_dsn is set, but sentry is not installed: run pip install "onrecord[sentry]"'


class _Reports(logging.Handler):
    """Sends the errors that are logged, by this program or a library, with the error itself."""

    def __init__(self, client: Any) -> None:
        super().__init__(logging.ERROR)
        self._client = client

    def emit(self, record: logging.LogRecord) -> None:
        error = getattr(record, "raised", None)
        if error is None:
            return
        from sentry_sdk.utils import event_from_exception  # noqa: PLC0415  an extra

        event, hint = event_from_exception(error, client_options=self._client.options)
        self._client.capture_event(event, hint)


@contextmanager
def reporting(dsn: str, secrets: Sequence[str] = ()) -> Iterator[None]:
    """While it lasts, errors that are logged within ``redacted`` go to ``dsn``; an empty one sends nothing.

    Raises UsageError.
    """
    if not dsn:
        yield
        return
    try:
        import sentry_sdk  # noqa: PLC0415  an extra
        from sentry_sdk.utils import BadDsn  # noqa: PLC0415
    except ImportError as error:
        raise UsageError(MISSING) from error
    hidden = [secret for secret in secrets if secret]
    try:
        client = sentry_sdk.Client(
            dsn,
            release=f"onrecord@{__version__}",
            default_integrations=False,  # they hook into logging and HTTP clients, and so see what people wrote
            auto_enabling_integrations=False,
            include_local_variables=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            send_client_reports=False,
            server_name="",
            before_send=lambda event, _: _clean(event, hidden),
        )
    except BadDsn as error:
        raise UsageError(
            "telegram.sentry_dsn is no address of a sentry project: copy it from there"
        ) from error
    handler = _Reports(client)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        client.close(timeout=_FLUSH)


def _clean(event: Any, secrets: list[str]) -> Any:
    for raised in event.get("exception", {}).get("values", []):
        raised.pop("value", None)
        raised.get("mechanism", {}).pop("data", None)
    return masked({name: event[name] for name in _KEPT if name in event}, secrets)
