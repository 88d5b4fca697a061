"""The one place that wires settings to objects."""

import hashlib
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import corpus
from config.settings import Settings, load
from corpus.article import Article, Document, Unreadable
from corpus.errors import IndexMissing
from retrieval.builds import manifest, shelf

if TYPE_CHECKING:
    from bot.answer import Answer
    from bot.answering.answerer import Answerer
    from bot.answering.pair_reader import PairReader
    from bot.collecting import Collector, Outcome
    from bot.live import Live
    from bot.messenger.account import Account, Webhook
    from bot.messenger.operations.findings import Finding
    from bot.messenger.operations.jobs import Commands
    from bot.messenger.options import Options
    from corpus.library.entries import Kind
    from retrieval.encoder import OnnxEncoder
    from retrieval.exported import Progress

STARTER = Path(corpus.__file__).with_name("articles")
OWN = "own"
"""The index where no corpus is named: of what was added, else of the starter articles."""


def _quiet(_stage: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class App:
    """Settings and the two places they lead to."""

    settings: Settings
    sources: tuple[Path, ...]
    """Files and folders that articles are read from, beside those that were added to the index."""
    folder: Path
    """Of the index."""
    feeds: tuple[str, ...] = ()
    """Addresses of feeds that the settings name."""
    config: Path | None = None
    """The file of settings that was named."""

    @classmethod
    def of(cls, sources: Sequence[Path], folder: Path | None, config: Path | None) -> "App":
        """What is given on the command line goes before what the settings say. Raises UsageError."""
        settings = load(config)
        chosen = tuple(sources) or settings.corpus
        feeds = () if sources else settings.reading.feeds
        name = _name(chosen) if chosen else OWN
        return cls(settings, chosen, folder or settings.data / "indexes" / name, feeds, config)

    def build(self, progress: "Progress") -> "Outcome":
        """Read all sources on this machine and index them anew. Raises CorpusError when there is nothing to index."""
        return self._collector().build(progress)

    def update(self, progress: "Progress") -> "Outcome":
        """Read what changed, addresses included, and index it. Raises as ``build``."""
        return self._collector().update(progress)

    def add(self, *places: str, kind: "Kind | None" = None, progress: "Progress" = _quiet) -> "Outcome":
        """Add folders, files or addresses and read them; the owner's word allows to fetch an address.

        ``kind`` is what an address holds, where that is not to be found out. Raises UsageError, and as ``build``.
        """
        return self._collector().add(places, kind, progress)

    def remove(self, *places: str, progress: "Progress" = _quiet) -> "Outcome":
        """Take back what was added. Raises UsageError, and as ``build``."""
        return self._collector().remove(places, progress)

    def is_built(self) -> bool:
        try:
            manifest.current(self.folder)
        except IndexMissing:
            return False
        return True

    def answerer(self, progress: "Progress", threshold: float | None = None) -> "Answerer":
        """Answers over the build that is current. Raises IndexMissing, IndexDamaged, IndexMismatch, ModelError.

        ``threshold`` goes before the one of the settings; 0 answers whenever there is anything to quote.
        """
        return self._opener(progress, threshold)()

    def live(self, progress: "Progress", told: Callable[[str], None]) -> "Live":
        """Answers over whichever build is current; see Live. Raises as ``answerer``."""
        opener = self._opener(progress)
        from bot.live import Live

        return Live(self.folder, opener, told, self.settings.answers.quotes)

    def _opener(self, progress: "Progress", threshold: float | None = None) -> "Callable[[], Answerer]":
        """Opens the build that is current at each call; the models, once for all of them, from now on."""
        manifest.current(self.folder)  # before the models are made ready, which may take a while
        aside = ThreadPoolExecutor(2)
        from retrieval import encoder  # noqa: F401  here: two threads must not import one module at once

        model = aside.submit(self._encoder, progress)
        from bot.answering import pair_reader  # noqa: F401  here, as above

        reader = aside.submit(self._reader, progress)
        aside.shutdown(wait=False)  # nothing more to do for it
        from bot.answering.answerer import Answerer  # the rest is imported while the two models open
        from retrieval.search import Index

        chosen = self.settings.answers.threshold if threshold is None else threshold

        def opened() -> Answerer:
            index = Index.open(self.folder, model.result())
            try:
                return Answerer(index, threshold=chosen, reader=reader.result())
            except BaseException:
                index.close()
                raise

        return opened

    def _encoder(self, progress: "Progress") -> "OnnxEncoder":
        from retrieval import encoder

        return encoder.load(self.settings.model, self.settings.data / "models", progress)

    def _reader(self, progress: "Progress") -> "PairReader":
        """The evidence model that ships, or those that the settings name."""
        from bot.answering.pair_reader import PairReader

        named, folder = self.settings.evidence, self.settings.data / "models"
        shipped = PairReader.shipped()
        if not named.stance and not named.relevance:
            return shipped
        from retrieval import pairs

        stance = pairs.load(named.stance, folder, task="stance", progress=progress) if named.stance else None
        relevance = (
            pairs.load(named.relevance, folder, task="relevance", progress=progress)
            if named.relevance
            else None
        )
        return PairReader(stance or shipped.stance, relevance or shipped.relevance)

    def articles(self) -> Iterator[Article]:
        """Every article of the index, in order. Raises IndexMissing, IndexDamaged."""
        from retrieval.store import Store

        with closing(shelf.lend(self.folder)) as lent, closing(Store(lent.build / manifest.ROWS)) as rows:
            yield from (rows.article(row) for row in range(manifest.read(lent.build).articles))

    def read(self) -> Iterator[Article | Unreadable]:
        """The corpus as it was read last, with what could not be; read now where nothing was."""
        from corpus.library import snapshots
        from corpus.library.library import FILE, FOLDER, Library
        from corpus.reading import read

        snapshots.settle(self.folder, shelf.answering(self.folder))
        folder = self.folder / FOLDER
        if not (folder / FILE).is_file():
            yield from read(self.sources or (STARTER,))
            return
        with Library.open(folder, writing=False) as library:
            for found in library.documents():
                yield found.article if isinstance(found, Document) else found

    def serve(self, live: "Live", webhook: str | None) -> None:
        """Run the Telegram bot until it is told to stop; ``webhook`` goes before the settings' address."""
        from bot.messenger import application as messenger
        from bot.messenger.account import Status
        from bot.messenger.operations import logs
        from bot.messenger.operations.reports import reporting

        telegram, account = self.settings.telegram, self.account()
        logs.configure(telegram.log_level, telegram.log_format, key=account.key)
        hook = self.webhook(webhook)
        secrets = (account.key.partition(":")[2], hook.asked if hook else "")
        with reporting(telegram.sentry_dsn.get_secret_value(), secrets):
            messenger.run(
                live,
                account,
                self.state(account),
                commands=self.commands(),
                options=self.options(),
                webhook=hook,
                status=Status(telegram.status_listen, telegram.status_port),
                workers=telegram.workers,
            )

    def check(self, webhook: str | None) -> "Iterator[Finding]":
        """What ``onrecord bot --check`` tells; changes nothing."""
        from bot.messenger.operations import check

        telegram, account = self.settings.telegram, self.account()
        wanted = check.Checked(
            token=account.key,
            api_url=account.api_url,
            options=self.options(),
            lock=self.state(account) / "lock",
            status=(telegram.status_listen, telegram.status_port),
            webhook=webhook or telegram.webhook_url,
            secret=telegram.webhook_secret.get_secret_value(),
            listen=(telegram.listen, telegram.port),
            reports=telegram.sentry_dsn.get_secret_value(),
        )
        return check.findings(wanted, self._smoke)

    def _smoke(self) -> "Answer":
        """Asks for the title of an article. Raises OnrecordError, OSError."""
        if not self.is_built():
            from corpus.places import require

            require(self.sources)  # the bot is about to read them
        answerer = self.answerer(_quiet)
        with closing(answerer.index):
            title = next((article.title for article in self.articles() if article.title), "news")
            return answerer.answer(f"What is known of {title}?")

    def account(self) -> "Account":
        from bot.messenger.account import Account

        return Account(self.settings.telegram.token, self.settings.telegram.api_url)

    def state(self, account: "Account") -> Path:
        """What one bot remembers, whichever index it answers from. Raises UsageError without a token."""
        return self.settings.data / "bot" / str(account.number)

    def webhook(self, address: str | None) -> "Webhook | None":
        """None polls."""
        from bot.messenger.account import Webhook

        telegram = self.settings.telegram
        url = address or telegram.webhook_url
        return Webhook(url, telegram.webhook_secret, telegram.listen, telegram.port) if url else None

    def options(self) -> "Options":
        """The settings that the bot's handlers go by."""
        from bot.messenger.options import Options

        telegram = self.settings.telegram
        return Options(
            users=frozenset(telegram.users),
            groups=frozenset(telegram.groups),
            admins=frozenset(telegram.admins),
            question_chars=telegram.question_chars,
            per_user=telegram.per_user,
            per_group=telegram.per_group,
            waiting=telegram.queue + telegram.workers,
            waiting_each=telegram.waiting_each,
            topic_minutes=telegram.topic_minutes,
            watches=telegram.watches,
            watch_messages=telegram.watch_messages,
            keep_days=telegram.keep_days,
        )

    def commands(self) -> "Commands":
        """How administrators' commands are started, on this index and by these settings."""
        from bot.messenger.operations.jobs import Commands

        named = ("--config", str(self.config.absolute())) if self.config else ()
        given = (
            () if self.sources == self.settings.corpus else self.sources
        )  # else the settings' feeds would go
        folders = (part for path in given for part in ("--corpus", str(path.absolute())))
        return Commands(_started_as(), (*named, *folders, "--index", str(self.folder.absolute())))

    def require_token(self) -> None:
        """Raises UsageError when there is none: said before an index is built, not after."""
        _ = self.account().key

    def _collector(self) -> "Collector":
        from bot.collecting import Collector

        return Collector(
            self.folder,
            self.sources,
            self.feeds,
            may_poll=self.settings.reading.fetch,
            starter=STARTER,
            words=self.settings.passages.words,
            overlap=self.settings.passages.overlap,
            encoder=self._encoder,
            cache=self.settings.data / "cache",
            keep=self.settings.index.keep,
            keep_days=self.settings.index.keep_days,
        )


def _started_as() -> tuple[str, ...]:
    """What starts this program again. By ``-m``, a folder of the same name where one stands would be taken for it."""
    script = Path(sys.orig_argv[1]) if len(sys.orig_argv) > 1 else Path()
    return sys.executable, *((str(script.absolute()),) if script.name == "onrecord" else ("-m", "bot"))


def _name(sources: Sequence[Path]) -> str:
    """One index folder for each set of sources, so that no corpus overwrites another's."""
    paths = "\n".join(sorted({str(path.resolve()) for path in sources}))
    return hashlib.sha256(paths.encode(errors="surrogateescape")).hexdigest()[:12]
