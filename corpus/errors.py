"""Every error a user can meet, as a tree. Each message says what, where and what to do next.

OnrecordError
├── UsageError            a question, option, setting or token that cannot be used
├── CorpusError           no article could be read where some were expected
├── FetchError            an address could not be read
├── Unreachable           a service does not answer, which may pass by itself
├── ModelError            an encoder's files are missing, changed or of the wrong kind
└── IndexUnusable         the index cannot answer
    ├── IndexMissing      there is none
    ├── IndexDamaged      a file of it is not what the manifest says
    ├── IndexMismatch     made by another model or schema
    └── IndexBusy         another process is writing it

Foreign errors are translated once, where the foreign library is called, with ``from exc``.
"""


class OnrecordError(Exception):
    """Base of all; ``str(error)`` is one line fit to show to a user."""


class UsageError(OnrecordError):
    """A question, option, setting or token that cannot be used."""


class CorpusError(OnrecordError):
    """No article could be read where some were expected."""


class FetchError(OnrecordError):
    """An address could not be read: not allowed, not there, too much, too slow or not to be trusted."""


class Unreachable(OnrecordError):
    """A service does not answer; that may pass by itself."""


class ModelError(OnrecordError):
    """An encoder's files are missing, changed or of the wrong kind."""


class IndexUnusable(OnrecordError):
    """The index cannot answer."""


class IndexMissing(IndexUnusable):
    """There is no index in the folder."""


class IndexDamaged(IndexUnusable):
    """A file of the index is not what its manifest says."""


class IndexMismatch(IndexUnusable):
    """The index was made by another model or schema."""


class IndexBusy(IndexUnusable):
    """Another process is writing the index."""
