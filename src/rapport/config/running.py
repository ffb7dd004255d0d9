"""What every command needs before it can work: a reachable database of the right age, and Django set up."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from rapport.config.embedded import EmbeddedDatabase
from rapport.config.options import Options
from rapport.config.trouble import Trouble

OLDEST_POSTGRESQL = 15
LEAST_FREE_BYTES = 200 * 1024 * 1024


class Unreachable(Trouble):
    """The external database does not answer, refuses us or is too old."""


@contextlib.contextmanager
def database_running(options: Options, *, say: Callable[[str], None]) -> Iterator[str]:
    """The address of the database, which answers: the embedded one is started and, by the last to leave,
    stopped; another one is only asked its version."""
    if options.database_url is None:
        with EmbeddedDatabase(options.data_dir, say=say) as database:
            yield database.start()
    else:
        check_external(options.database_url)
        yield options.database_url


def check_external(url: str) -> int:
    """The version of the server at ``url``, as in 150004. Raises ``Unreachable`` with its place, never its
    password."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version
    except psycopg.Error as error:
        raise Unreachable(f"the database at {place_of(url)} cannot be reached: {_cause(error)}") from error
    if version < OLDEST_POSTGRESQL * 10_000:
        raise Unreachable(
            f"the database at {place_of(url)} is PostgreSQL {version // 10_000}; "
            f"Rapport needs {OLDEST_POSTGRESQL} or newer"
        )
    return version


def place_of(url: str) -> str:
    """Host, port and database of an address: what may be shown."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.Error:
        return "RAPPORT_DATABASE_URL"
    return f"{parts.get('host') or 'localhost'}:{parts.get('port') or 5432}/{parts.get('dbname') or ''}"


def _cause(error: psycopg.Error) -> str:
    """The last line of libpq's report: earlier ones tell of other addresses of the same host."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__


def prepare_django() -> None:
    """Load Django's settings and applications. Imports of models come after this."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapport.config.settings")
    import django

    django.setup()


def refuse_full_disk(folder: Path) -> None:
    """Raise ``Trouble`` when too little is free to work safely: PostgreSQL stops dead on a full disk."""
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        raise Trouble(
            f"the disk of {folder} is full: {free // 2**20} MB are free, "
            f"Rapport needs {LEAST_FREE_BYTES // 2**20} MB; make room or set RAPPORT_DATA_DIR"
        )
