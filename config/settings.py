"""All settings as one frozen object. Entry points alone import it; everything below takes plain values."""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from platformdirs import user_data_path
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from corpus.errors import UsageError

DEFAULTS = Path(__file__).with_name("default.toml")
USER_FILE = "onrecord.toml"
PREFIX = "ONRECORD_"
_NO_SETTING = "no such setting; default.toml lists them all"


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Reading(_Section):
    fetch: bool
    feeds: tuple[Annotated[str, Field(pattern=r"^https?://\S+$")], ...]


class Passages(_Section):
    words: int = Field(ge=10, le=1000)
    overlap: int = Field(ge=0, le=10)


class Answers(_Section):
    quotes: int = Field(ge=1, le=50)
    threshold: float = Field(ge=0, le=1)


class Evidence(_Section):
    stance: str
    relevance: str


class Indexes(_Section):
    keep: int = Field(ge=1)
    keep_days: int = Field(ge=0, le=36_500)


def _separate(value: object) -> object:
    """Numbers from the environment: ``12 34``, ``12,34`` or ``[12, 34]``."""
    return value.strip("[] ").replace(",", " ").split() if isinstance(value, str) else value


Ids = Annotated[tuple[int, ...], NoDecode, BeforeValidator(_separate)]


class Telegram(_Section):
    token: SecretStr
    api_url: str = Field(pattern=r"^https?://")
    workers: int = Field(ge=1, le=64)
    queue: int = Field(ge=1)
    question_chars: int = Field(ge=1, le=4096)
    webhook_url: str = Field(pattern=r"^(https?://.*)?$")
    webhook_secret: SecretStr
    listen: str
    port: int = Field(ge=1, le=65535)
    users: Ids
    groups: Ids
    admins: Ids
    per_user: int = Field(ge=1)
    per_group: int = Field(ge=1)
    waiting_each: int = Field(ge=1)
    topic_minutes: int = Field(ge=0)
    watches: int = Field(ge=0)
    watch_messages: int = Field(ge=0)
    keep_days: int = Field(ge=1, le=36_500)
    status_listen: str
    status_port: int = Field(ge=0, le=65535)
    log_level: Literal["debug", "info", "warning", "error"]
    log_format: Literal["auto", "json", "lines"]
    sentry_dsn: SecretStr


class Settings(BaseSettings):
    """What default.toml says, overridden by the user's file, then ``.env``, then the environment."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix=PREFIX,
        env_nested_delimiter="_",
        env_nested_max_split=1,  # ONRECORD_TELEGRAM_API_URL is telegram.api_url
        env_file=".env",
        dotenv_filtering="match_prefix",  # other programs' lines in a shared .env are none of our business
        toml_file=DEFAULTS,
        hide_input_in_errors=True,  # a token must not end up in an error message
    )

    corpus: Annotated[tuple[Path, ...], NoDecode]
    data: Path
    model: str = Field(min_length=1)
    reading: Reading
    passages: Passages
    answers: Answers
    evidence: Evidence
    index: Indexes
    telegram: Telegram

    @field_validator("corpus", mode="before")
    @classmethod
    def _split_paths(cls, value: object) -> object:
        return [part for part in value.split(os.pathsep) if part] if isinstance(value, str) else value

    @field_validator("data", mode="before")
    @classmethod
    def _default_data(cls, value: object) -> object:
        given = value or user_data_path("onrecord", appauthor=False)
        return Path(given).expanduser().absolute() if isinstance(given, str | Path) else given

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  the signature is the library's
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """First wins; the user's file comes in as the initialiser's arguments."""
        return env_settings, dotenv_settings, init_settings, TomlConfigSettingsSource(settings_cls)


def load(file: Path | None = None) -> Settings:
    """The settings, with those of ``file``, else of ``onrecord.toml`` in the data folder where there is one.

    Raises:
        UsageError: a file that cannot be read, an unknown key or a value out of range.
    """
    if file is not None:
        return _load(file)
    settings = _load(None)
    user_file = settings.data / USER_FILE
    return _load(user_file) if user_file.is_file() else settings


def _load(file: Path | None) -> Settings:
    values = _read(file) if file else {}
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        key = ".".join(part for part in first["loc"] if isinstance(part, str))  # not the place in a list
        what = _NO_SETTING if first["type"] == "extra_forbidden" else first["msg"]
        raise UsageError(f"{_origin(key, file)}: {key}: {what}") from None
    except SettingsError as error:
        raise UsageError(f"environment: {error}") from None
    except UnicodeDecodeError:
        raise UsageError(".env: not UTF-8 text; write it anew, or move it away") from None


def _read(file: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{file}: cannot be read ({error.strerror}); name another with --config") from error
    except ValueError as error:
        raise UsageError(f"{file}: not a TOML file: {error}") from error
    unknown = sorted(values.keys() - Settings.model_fields.keys())
    if unknown:
        raise UsageError(f"{file}: {unknown[0]}: {_NO_SETTING}")
    if isinstance(values.get("corpus"), list):
        values["corpus"] = [file.parent / Path(str(part)).expanduser() for part in values["corpus"]]
    return values


def _origin(key: str, file: Path | None) -> str:
    """Where a bad value came from, as far as its key tells."""
    name = PREFIX + key.replace(".", "_").upper()
    if name in os.environ:
        return f"environment variable {name}"
    return str(file) if file else "environment or .env"
