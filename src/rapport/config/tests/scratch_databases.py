"""Databases of their own for tests that back up, restore and serve, on the server of the test run."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from rapport.config.embedded import database_url


def server_address() -> str:
    """Of the database that `rapport` itself would use in this run."""
    return os.environ.get("RAPPORT_DATABASE_URL") or database_url(Path(os.environ["RAPPORT_DATA_DIR"]))


@contextmanager
def new_database(*, like: str | None = None) -> Iterator[str]:
    """The address of an empty database, or of a copy of the one at ``like``; dropped afterwards."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    template = urlsplit(like).path.lstrip("/") if like else "template0"
    with psycopg.connect(server_address(), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
        try:
            yield urlunsplit(urlsplit(server_address())._replace(path=f"/{name}"))
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def command(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """`rapport ARGUMENTS` as a process, with no settings but ``variables``."""
    return subprocess.run(
        [sys.executable, "-m", "rapport.config", *arguments],
        env=environment(**variables),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def environment(**variables: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RAPPORT_")}
    kept.pop("PORT", None)
    return {**kept, "RAPPORT_CONFIG": os.devnull, **variables}
