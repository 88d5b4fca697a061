"""Secrets never reach a log record, whatever logs them."""

import io
import logging
from collections.abc import Iterator

import pytest

from bot.messenger.redaction import redacted

SECRET = "AAsecretsecretsecret"  # noqa: S105  opens nothing


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    stream = io.StringIO()
    logger, handler = logging.getLogger("test_redaction"), logging.StreamHandler(stream)
    logger.addHandler(handler)
    yield logger, stream
    logger.removeHandler(handler)


def test_messages_arguments_and_tracebacks(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    with redacted(SECRET, ""):
        logger.warning("POST https://x/bot1:%s/getMe", SECRET)
        logger.warning("no placeholder for", SECRET)  # noqa: PLE1205  as a careless library would
        try:
            int(SECRET)
        except ValueError:
            logger.exception("failed")
    text = stream.getvalue()
    assert "POST https://x/bot1:[secret]/getMe\n" in text
    assert "base 10: '[secret]'\n" in text
    assert SECRET not in text


def test_other_records_stay_as_they_are(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    with redacted(SECRET):
        logger.warning("%s of %d", "one", 2)
    assert stream.getvalue() == "one of 2\n"


def test_it_ends_with_its_block(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    before = logging.getLogRecordFactory()
    with redacted(SECRET):
        assert logging.getLogRecordFactory() is not before
    assert logging.getLogRecordFactory() is before
    logger.warning(SECRET)
    assert stream.getvalue() == f"{SECRET}\n"
