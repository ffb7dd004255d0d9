"""`rapport doctor`: what could be wrong with an installation, and how to mend it."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psycopg
from rich.table import Table

from rapport.config import data_lock
from rapport.config.embedded import server_in_use, server_pid
from rapport.config.options import Options, unknown_variables
from rapport.config.ports import refuse_taken_port
from rapport.config.running import (
    LEAST_FREE_BYTES,
    OLDEST_POSTGRESQL,
    check_external,
    database_running,
    place_of,
    prepare_django,
)
from rapport.config.secret_files import secrets_folder
from rapport.config.trouble import Trouble

OLDEST_PYTHON = (3, 11)
CLOCK_SECONDS = 5.0
STUCK_MINUTES = 15


@dataclass(frozen=True)
class Finding:
    """One thing looked at. ``mend`` is empty when it is well."""

    what: str
    well: bool
    detail: str
    mend: str = ""


def examine(options: Options) -> list[Finding]:
    """Look at everything. Later things are looked at also when earlier ones are wrong; what needs the
    database is left out when it does not answer."""
    findings = [
        _python(),
        _variables(),
        *_data_folder(options),
        *_secrets(options),
        _server(options),
        _orphan(options),
    ]
    with ExitStack() as running:
        address: str | None = None
        try:
            if options.database_url or (options.data_dir / "postgres").exists():
                address = running.enter_context(database_running(options, say=_quiet))
            findings.append(_database(options, address))
        except Trouble as trouble:
            findings.append(Finding("database", False, str(trouble), _database_mend(options)))
        if address is not None:
            findings += _inside_database(address)
    return findings


def _quiet(_line: str) -> None:
    pass


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    well = sys.version_info[:2] >= OLDEST_PYTHON
    return Finding("Python", well, version, "" if well else "install Python 3.11 or newer, then: make setup")


def _variables() -> Finding:
    names = unknown_variables()
    if not names:
        return Finding("settings", True, "understood")
    return Finding("settings", False, f"{', '.join(names)} set nothing", "see: rapport settings")


def _data_folder(options: Options) -> Iterator[Finding]:
    folder = options.data_dir
    if not folder.is_dir():
        yield Finding("data folder", True, f"{folder} is not there yet; `rapport serve` makes it")
        return
    mode = folder.stat().st_mode & 0o777
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Finding("data folder", False, f"{folder} cannot be written", "run as its owner, or chown it")
    elif mode & 0o066:
        yield Finding("data folder", False, f"{folder} is open to others ({mode:04o})", f"chmod 700 {folder}")
    else:
        yield Finding("data folder", True, f"{folder} ({mode:04o})")
    free = shutil.disk_usage(folder).free
    enough = free >= LEAST_FREE_BYTES
    yield Finding("disk", enough, f"{free / 2**30:.1f} GB free", "" if enough else "make room")


def _secrets(options: Options) -> Iterator[Finding]:
    folder = secrets_folder(options.data_dir)
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.X_OK):
        return
    open_ones = [path for path in _files(folder) if path.stat().st_mode & 0o077]
    if open_ones:
        names = ", ".join(path.name for path in open_ones)
        mend = "chmod 600 " + " ".join(str(path) for path in open_ones)
        yield Finding("secret files", False, f"others can read {names}", mend)
    else:
        yield Finding("secret files", True, "only their owner can read them")


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file() and path.name != ".lock")


def _server(options: Options) -> Finding:
    holder = data_lock.holder(options.data_dir) if options.data_dir.is_dir() else None
    if holder is not None:
        return Finding("server", True, f"runs: {holder.what}, process {holder.pid}")
    try:
        refuse_taken_port(options.host, options.port)
    except Trouble as trouble:
        return Finding("port", False, str(trouble), "end that program, or set PORT")
    return Finding("port", True, f"{options.port} is free")


def _orphan(options: Options) -> Finding:
    pid = server_pid(options.data_dir) if (options.data_dir / "postgres").exists() else None
    if pid is None:
        return Finding("embedded database", True, "not running")
    if server_in_use(options.data_dir):
        return Finding("embedded database", True, f"runs, process {pid}")
    return Finding("embedded database", False, f"process {pid} outlived its server", "rapport stop")


def _database(options: Options, address: str | None) -> Finding:
    if address is None:
        return Finding("database", True, "not made yet; `rapport serve` makes it")
    version = check_external(address)
    where = "embedded" if options.embedded_database else place_of(address)
    return Finding("database", True, f"PostgreSQL {version // 10_000}.{version % 10_000}, {where}")


def _database_mend(options: Options) -> str:
    if options.embedded_database:
        return f"see {options.data_dir / 'postgres' / 'log'}"
    return f"check RAPPORT_DATABASE_URL; PostgreSQL must be {OLDEST_POSTGRESQL} or newer"


def _inside_database(address: str) -> Iterator[Finding]:
    checks: tuple[Callable[[str], Finding], ...] = (_schema, _clock, _jobs)
    for check in checks:
        try:
            yield check(address)
        except (Trouble, psycopg.Error) as error:
            yield Finding(check.__name__.strip("_"), False, " ".join(str(error).split()), "rapport serve")


def _schema(address: str) -> Finding:
    prepare_django()
    from rapport.config.schema import missing_migrations

    missing = sorted(missing_migrations(address))
    if missing:
        return Finding(
            "tables", False, f"{len(missing)} migrations are missing", "rapport serve applies them"
        )
    return Finding("tables", True, "up to date")


def _clock(address: str) -> Finding:
    with psycopg.connect(address) as connection:
        before = time.time()
        row = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()
        here = (before + time.time()) / 2
    apart = abs(here - row[0]) if row else 0.0
    if apart > CLOCK_SECONDS:
        return Finding("clock", False, f"{apart:.0f} s apart from the database's", "set both by NTP")
    return Finding("clock", True, f"{apart:.1f} s apart from the database's")


def _jobs(address: str) -> Finding:
    """Jobs that should have begun long ago: no worker runs, or the workers cannot keep up."""
    with psycopg.connect(address) as connection:
        exists = connection.execute("SELECT to_regclass('public.procrastinate_jobs') IS NOT NULL").fetchone()
        if not (exists and exists[0]):
            return Finding("jobs", True, "none yet")
        row = connection.execute(
            """
            SELECT count(*) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, enqueued.at)
                                    < now() - make_interval(mins => %s)),
                   count(*) FILTER (WHERE status = 'failed')
            FROM procrastinate_jobs
            LEFT JOIN LATERAL (SELECT min(at) AS at FROM procrastinate_events
                               WHERE job_id = procrastinate_jobs.id) enqueued ON true
            """,
            [STUCK_MINUTES],
        ).fetchone()
    late, failed = (row[0], row[1]) if row else (0, 0)
    if late:
        detail = f"{late} have been waiting for more than {STUCK_MINUTES} minutes"
        return Finding("jobs", False, detail, "start `rapport serve` or `rapport worker`")
    return Finding("jobs", True, f"none late, {failed} failed in the last 30 days")


def table(findings: list[Finding]) -> Table:
    shown = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("", "Looked at", "Found", "How to mend it"):
        shown.add_column(heading, overflow="fold")
    for finding in findings:
        mark = "ok" if finding.well else "[bold red]wrong[/]"
        shown.add_row(mark, finding.what, finding.detail, finding.mend)
    return shown
