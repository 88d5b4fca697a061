"""Secrets and what people write never reach a log record, whatever logs them."""

import io
import logging
from collections.abc import Iterator

import pytest

from bot.messenger.operations.redaction import masked, redacted

SECRET = "AAsecretsecretsecret"  # noqa: S105  opens nothing
Log = tuple[logging.Logger, io.StringIO]


def to_stream(name: str) -> Iterator[Log]:
    stream = io.StringIO()
    logger, handler = logging.getLogger(name), logging.StreamHandler(stream)
    logger.addHandler(handler)
    yield logger, stream
    logger.removeHandler(handler)


@pytest.fixture
def own() -> Iterator[Log]:
    yield from to_stream("bot.test_redaction")


@pytest.fixture
def library() -> Iterator[Log]:
    yield from to_stream("some_library.part")


def test_secrets_are_masked_in_messages_and_arguments(own: Log) -> None:
    logger, stream = own
    with redacted(SECRET, ""):
        logger.warning("POST https://x/bot1:%s/getMe", SECRET)
        logger.warning("no placeholder for", SECRET)  # noqa: PLE1205  as a careless caller would
        logger.warning(f"formatted {SECRET}")  # noqa: G004
    assert stream.getvalue().splitlines() == [
        "POST https://x/bot1:[secret]/getMe",
        "no placeholder for",
        "formatted [secret]",
    ]


def test_an_error_is_told_by_its_place_alone(own: Log) -> None:
    logger, stream = own
    handler = logger.handlers[0]
    handler.setFormatter(logging.Formatter("%(message)s %(failure)s"))
    with redacted(SECRET):
        try:
            int(f"Did she resign? {SECRET}")
        except ValueError:
            logger.exception("failed")
    text = stream.getvalue()
    assert "ValueError at" in text
    assert "bot/messenger/test_redaction.py:" in text
    assert "resign" not in text
    assert SECRET not in text


def test_of_a_library_the_template_alone_is_left(library: Log) -> None:
    logger, stream = library
    with redacted(SECRET):
        logger.warning("Processing update %s", {"text": "Did she resign?"})
        logger.warning("Task exception was never retrieved\nfuture: <Task ValueError('Did she resign?')>")
        logger.warning("at https://x/bot1:AAsecretsecretsecret/getMe")
    assert stream.getvalue().splitlines() == [
        "Processing update %s",
        "Task exception was never retrieved",
        "at https://x/bot1:[secret]/getMe",
    ]


def test_other_records_stay_as_they_are(own: Log) -> None:
    logger, stream = own
    with redacted(SECRET):
        logger.warning("%s of %d", "one", 2)
    assert stream.getvalue() == "one of 2\n"


def test_it_ends_with_its_block(own: Log) -> None:
    logger, stream = own
    before = logging.getLogRecordFactory()
    with redacted(SECRET):
        assert logging.getLogRecordFactory() is not before
    assert logging.getLogRecordFactory() is before
    logger.warning(SECRET)
    assert stream.getvalue() == f"{SECRET}\n"


def test_masked_values_are_plain() -> None:
    given = {"a": [1, None, True, f"x{SECRET}"], "b": (ValueError(SECRET),), 3: {"c": 1.5}}
    assert masked(given, [SECRET]) == {"a": [1, None, True, "x[secret]"], "b": ["[secret]"], "3": {"c": 1.5}}
