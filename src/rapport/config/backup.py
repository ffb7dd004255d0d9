"""`rapport backup`: everything that cannot be rebuilt, as of one moment, in one file.

The file is whole or not there. It holds the keys of this installation: keep it as secret as the data folder.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import IsolationLevel

from rapport.config.archive import FORMAT, MANIFEST, TOTALS, ArchiveWriter
from rapport.config.progress import Step
from rapport.config.secret_files import DJANGO_KEY, KEYRING, flush_folder, private_folder, secrets_folder
from rapport.config.tables import (
    Connection,
    Table,
    Total,
    copy_out,
    partition_range,
    same_text,
    sequences,
    tables,
)
from rapport.config.trouble import Trouble
from rapport.config.version import version

SECRETS = (DJANGO_KEY, KEYRING)


@dataclass(frozen=True)
class Made:
    """A backup that was written and flushed to disk."""

    path: Path
    tables: int
    rows: int


def back_up(address: str, *, data_dir: Path, to: Path | None, step: Step) -> Made:
    """Write a backup of the database at ``address`` and the secrets of ``data_dir``.

    ``to``: a file that does not exist yet, a folder, or None for ``DATA/backups``. Raises ``Trouble``; then
    nothing is left behind.
    """
    path = _target(data_dir, to)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            archive = ArchiveWriter(file)
            totals = _write(archive, address, data_dir=data_dir, step=step)
            archive.close()
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            raise FileExistsError(errno.EEXIST, "exists already", str(path))
        os.replace(temporary, path)
        flush_folder(path.parent)
    except OSError as error:
        raise Trouble(_explain(error, path)) from error
    finally:
        temporary.unlink(missing_ok=True)
    return Made(path=path, tables=len(totals), rows=sum(total.rows for total in totals.values()))


def _target(data_dir: Path, to: Path | None) -> Path:
    name = f"rapport-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar.gz"
    try:
        if to is None:
            return private_folder(data_dir / "backups") / name
        path = to.expanduser().absolute()
        path = path / name if path.is_dir() else path
        if path.exists():
            raise Trouble(f"{path} exists already")
        if not path.parent.is_dir():
            raise Trouble(f"{path.parent} is not a folder")
    except OSError as error:
        raise Trouble(f"{error.filename}: {error.strerror}") from error
    return path


def _write(archive: ArchiveWriter, address: str, *, data_dir: Path, step: Step) -> dict[str, Total]:
    with psycopg.connect(address) as connection:
        # One snapshot: what others commit meanwhile is wholly in the next backup.
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        same_text(connection)
        found = tables(connection)
        archive.document(MANIFEST, _manifest(connection, found))
        totals = _write_tables(archive, connection, found, step=step)
        ranges = {table.name: partition_range(connection, table) for table in found}
        secrets = _write_secrets(archive, data_dir)
        archive.document(
            TOTALS,
            {
                "tables": {name: asdict(total) for name, total in totals.items()},
                "sequences": sequences(connection),
                "ranges": {name: [str(end) for end in ends] for name, ends in ranges.items() if ends},
                "secrets": secrets,
            },
        )
    return totals


def _manifest(connection: Connection, found: list[Table]) -> dict[str, object]:
    applied = connection.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
    return {
        "format": FORMAT,
        "rapport": version(),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "migrations": [list(row) for row in applied],
        "tables": [{"name": table.name, "columns": table.columns} for table in found],
    }


def _write_tables(
    archive: ArchiveWriter, connection: Connection, found: list[Table], *, step: Step
) -> dict[str, Total]:
    expected, before = sum(table.estimate for table in found), 0
    totals: dict[str, Total] = {}
    for table in found:
        digest, rows = hashlib.sha256(), 0
        step(table.name, before, expected)
        for rows in archive.table(table.name, _digested(copy_out(connection, table), digest)):
            step(table.name, before + rows, max(expected, before + rows))
        totals[table.name] = Total(rows=rows, sha256=digest.hexdigest())
        before += rows
    return totals


def _digested(blocks: Iterator[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    for block in blocks:
        digest.update(block)
        yield block


def _write_secrets(archive: ArchiveWriter, data_dir: Path) -> dict[str, str]:
    """The keys that encrypted columns and signed links need. The database's password is not one of them."""
    digests: dict[str, str] = {}
    for name in SECRETS:
        path = secrets_folder(data_dir) / name
        if path.exists():
            content = path.read_bytes()
            archive.member(f"secrets/{name}", content)
            digests[name] = hashlib.sha256(content).hexdigest()
    return digests


def _explain(error: OSError, path: Path) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"the disk of {path.parent} is full; no backup was made"
    if error.errno == errno.EEXIST:
        return f"{path} exists already"
    return f"{error.filename or path}: {error.strerror}; no backup was made"
