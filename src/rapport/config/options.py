"""Every setting of Rapport, declared once: name, default, meaning.

A setting is an environment variable (``RAPPORT_…``; ``PORT`` works as well) or a line in
``rapport.toml``; the environment wins. ``rapport settings`` prints this list, and a test proves that
``docs/reference/settings.md`` names each one.
"""

from __future__ import annotations

import os
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, Field, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from rapport.config.trouble import Trouble

ENV_PREFIX = "RAPPORT_"
# Read elsewhere: where rapport.toml is, and by the tests.
NOT_SETTINGS = {"RAPPORT_CONFIG", "RAPPORT_CHROMIUM", "RAPPORT_TEST_DATABASE_URL", "RAPPORT_TEST_RUN"}


class BadSetting(Trouble):
    """A setting could not be understood. The message is one line and names the setting."""


def default_data_dir() -> Path:
    """Where data lives when nothing is said: ``$XDG_DATA_HOME/rapport``."""
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "rapport"


def config_file() -> Path:
    """The ``rapport.toml`` that is read: ``$RAPPORT_CONFIG``, else the one in the working directory."""
    return Path(os.environ.get("RAPPORT_CONFIG") or "rapport.toml")


class Options(BaseSettings):
    """The settings in force. Fields are immutable; tests build their own instance."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, extra="forbid", frozen=True, populate_by_name=True, validate_default=True
    )

    data_dir: Path = Field(
        default_factory=default_data_dir,
        description="Folder for the database, secret keys, backups and logs. Made when missing, mode 0700.",
    )
    database_url: str | None = Field(
        default=None,
        description="postgresql://… of a PostgreSQL 15 or newer. Empty: Rapport runs its own "
        "in the data folder.",
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on; 0.0.0.0 for every interface.")
    port: int = Field(
        default=8000,
        ge=1,
        le=65535,
        validation_alias=AliasChoices("RAPPORT_PORT", "PORT", "port"),
        description="Port to listen on (the variable PORT works as well).",
    )
    base_url: str | None = Field(
        default=None,
        description="Public address of this installation, for links in mails and the widget; "
        "default http://localhost:PORT.",
    )
    allowed_hosts: Annotated[list[str], NoDecode] = Field(
        default_factory=list,
        description="Further host names this installation answers to, separated by commas.",
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=5,
        description="How many proxies in front of Rapport set X-Forwarded-For and -Proto.",
    )
    web_threads: int = Field(
        default=6, ge=1, le=64, description="Threads that serve pages and the API in one web process."
    )
    web_processes: int = Field(
        default=1, ge=1, le=64, description="Web processes started by `rapport serve`."
    )
    inline_worker: bool = Field(
        default=True,
        description="Run background jobs inside the first web process; turn off when `rapport worker` runs.",
    )
    worker_concurrency: int = Field(default=4, ge=1, le=64, description="Jobs run at once by one worker.")
    database_pool: int = Field(
        default=12, ge=2, le=200, description="Database connections one process may hold at most."
    )
    smtp_url: str | None = Field(
        default=None,
        description="smtp://name:password@host:587 (or smtps://) for invitations and password mails. "
        "Empty: they are written to the folder `mails` in the data folder.",
    )
    mail_from: str = Field(
        default="Rapport <rapport@localhost>", description="Sender of invitations and password mails."
    )
    internal_networks: Annotated[list[str], NoDecode] = Field(
        default_factory=list,
        description="Private networks that outgoing requests may reach (CIDR, commas), such as 10.1.0.0/16.",
    )
    language: Literal["en", "sw", "es", "pt", "fr", "zh-hans"] = Field(
        default="en", description="Language of screens for members who chose none."
    )
    debug: bool = Field(
        default=False, description="Developer's mode: detailed error pages. Never in production."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="How much is written to the log."
    )

    @field_validator("allowed_hosts", "internal_networks", mode="before")
    @classmethod
    def _split_commas(cls, value: Any) -> Any:
        if isinstance(value, str):
            return [part.strip() for part in value.split(",") if part.strip()]
        return value

    @field_validator("database_url", "base_url", "smtp_url", mode="before")
    @classmethod
    def _empty_is_none(cls, value: Any) -> Any:
        return value or None

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("database_url")
    @classmethod
    def _only_postgresql(cls, value: str | None) -> str | None:
        if value and not value.startswith(("postgresql://", "postgres://")):
            raise ValueError("must start with postgresql://")
        return value

    @field_validator("base_url")
    @classmethod
    def _without_slash(cls, value: str | None) -> str | None:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/") if value else value

    @property
    def public_url(self) -> str:
        """Address under which people reach this installation, without a trailing slash."""
        return self.base_url or f"http://localhost:{self.port}"

    @property
    def embedded_database(self) -> bool:
        return self.database_url is None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=config_file()))


def variables(name: str) -> tuple[str, ...]:
    """The environment variables that set the field ``name``, in the order in which they are looked at."""
    alias = Options.model_fields[name].validation_alias
    if isinstance(alias, AliasChoices):
        return tuple(str(choice) for choice in alias.choices if str(choice).isupper())
    return (f"{ENV_PREFIX}{name}".upper(),)


def unknown_variables() -> list[str]:
    """``RAPPORT_…`` variables of the environment that set nothing: most likely misspelt."""
    known = {variable for name in Options.model_fields for variable in variables(name)} | NOT_SETTINGS
    return sorted(name for name in os.environ if name.startswith(ENV_PREFIX) and name not in known)


def read() -> Options:
    """Read the settings anew. Raises ``BadSetting`` with one line about the first thing that is wrong."""
    try:
        return Options()
    except ValidationError as error:
        raise BadSetting(_explain(error.errors()[0])) from error
    except OSError as error:
        raise BadSetting(f"{config_file()}: {error.strerror}") from error
    except ValueError as error:  # a rapport.toml that is not TOML
        raise BadSetting(f"{config_file()}: {error}") from error


def _explain(problem: ErrorDetails) -> str:
    """One line that names the variable or the line of the file. Never the value: it may be a password."""
    named = str(problem["loc"][0]) if problem["loc"] else ""
    field = next((name for name in Options.model_fields if named in (name, *variables(name))), None)
    if field is None:
        return f"{config_file()}: {named} is not a setting; see: rapport settings"
    return f"{place_of(field)}: {problem['msg'].removeprefix('Value error, ')}"


def place_of(field: str) -> str:
    """Where the value in force of ``field`` is written: a variable, the line of a file, or ``default``."""
    for variable in variables(field):
        if variable in os.environ:
            return variable
    return f"{config_file()}, {field}" if field in _lines_of_file() else "default"


def _lines_of_file() -> set[str]:
    try:
        return set(tomllib.loads(config_file().read_text()))
    except (OSError, ValueError):
        return set()


@lru_cache(maxsize=1)
def options() -> Options:
    """The settings of this process, read once."""
    return read()
