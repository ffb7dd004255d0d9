"""`rapport restore`: a backup into an empty data folder or an empty external database.

A table marks the database while a restore is under way: one that was killed can be run again, and no server
starts on half of the data. Rows come in within one transaction and are counted and checked before it commits.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from rapport.config.archive import Contents, table_parts, whole
from rapport.config.postgres_layout import database_url
from rapport.config.progress import Step
from rapport.config.running import prepare_django
from rapport.config.secret_files import KEYRING, private_folder, secrets_folder, write_secret
from rapport.config.tables import Connection, Table, same_text, tables, total
from rapport.config.trouble import Trouble

MARK = "rapport_restoring"
BLOCK_BYTES = 2**20


class RestoreRefused(Trouble):
    """The target is not empty, or the backup does not fit it. Nothing was changed."""


class RestoreFailed(Trouble):
    """The rows that came in are not those of the backup. They were taken back."""


@dataclass(frozen=True)
class Restored:
    """What came back: the same counts as in the backup."""

    tables: int
    rows: int


def restore(contents: Contents, address: str, *, data_dir: Path, step: Step) -> Restored:
    """Restore ``contents`` (see ``archive.check_archive``) into the database at ``address`` and ``data_dir``.

    Raises ``RestoreRefused`` or ``RestoreFailed`` with one line.
    """
    _refuse_used_database(address)
    # An empty embedded database holds nothing that the keys beside it could be needed for.
    written = _write_secrets(contents, data_dir, keep_keyring=address != database_url(data_dir))
    try:
        prepare_django()
        _refuse_newer(contents)
    except BaseException:
        for path in written:
            path.unlink()
        raise
    _mark(address)
    _make_tables(contents)
    _make_partitions(contents)
    with psycopg.connect(address) as connection:
        same_text(connection)
        _load(connection, contents, step=step)
        _check(connection, contents)
        connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(MARK)))
    _finish(address)
    return Restored(tables=len(contents.totals), rows=sum(found.rows for found in contents.totals.values()))


def _refuse_used_database(address: str) -> None:
    with psycopg.connect(address) as connection:
        names = {
            row[0]
            for row in connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall()
        }
    if names and MARK not in names:
        raise RestoreRefused(
            "the database is not empty; restore into an empty data folder (RAPPORT_DATA_DIR) "
            "or an empty database"
        )


def _write_secrets(contents: Contents, data_dir: Path, *, keep_keyring: bool) -> list[Path]:
    """Write the keys of the backup; the paths of those that were not there before."""
    folder = private_folder(secrets_folder(data_dir))
    keyring = folder / KEYRING
    strange = keyring.exists() and keyring.read_bytes() != contents.secrets.get(KEYRING)
    if strange and keep_keyring:
        raise RestoreRefused(f"{keyring} belongs to another installation; restore into an empty data folder")
    new = [folder / name for name in contents.secrets if not (folder / name).exists()]
    for name, content in contents.secrets.items():
        if "/" in name or name.startswith("."):
            raise RestoreRefused(f"{contents.path} names a secret file {name!r}")
        write_secret(folder / name, content)
    return new


def _refuse_newer(contents: Contents) -> None:
    from rapport.config.schema import known_migrations

    newer = sorted(contents.migrations - known_migrations())
    if newer:
        made_by = contents.manifest.get("rapport")
        raise RestoreRefused(
            f"{contents.path} was made by a newer Rapport ({made_by}, with {'.'.join(newer[0])}); "
            "upgrade this one first"
        )


def _mark(address: str) -> None:
    with psycopg.connect(address) as connection:
        connection.execute(sql.SQL("CREATE TABLE IF NOT EXISTS {} ()").format(sql.Identifier(MARK)))


def _make_tables(contents: Contents) -> None:
    """The tables as they were when the backup was made; newer migrations run on the data afterwards."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    nodes = executor.loader.graph.node_map
    wanted = {key for key in contents.migrations if key in nodes}
    followed = {parent.key for key in wanted for parent in nodes[key].parents if parent.key[0] == key[0]}
    executor.migrate(sorted(wanted - followed))
    connection.close()


def _make_partitions(contents: Contents) -> None:
    from django.db import connection, transaction

    from rapport.timeline import partitions

    partitions.forget_known()
    if "timeline_event" in contents.ranges:
        first, last = (datetime.fromisoformat(end) for end in contents.ranges["timeline_event"])
        with transaction.atomic():
            partitions.ensure_for(first, last)
    connection.close()


def _load(connection: Connection, contents: Contents, *, step: Step) -> None:
    names = _known_tables(connection, contents)
    # Triggers have done their work before the backup was made.
    for name in names:
        connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(name)))
    every = sql.SQL(", ").join(map(sql.Identifier, names))
    connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(every))
    connection.execute("SET CONSTRAINTS ALL DEFERRED")
    # Closing the generator closes the file, also when a row is refused.
    with whole(contents.path), closing(table_parts(contents, step=step)) as parts:
        for name, rows in parts:
            _copy_in(connection, name, contents.columns[name], rows)
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for name in names:
        connection.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(name)))
    for name, (value, called) in contents.sequences.items():
        connection.execute(
            "SELECT setval(to_regclass(%s), %s, %s) WHERE to_regclass(%s) IS NOT NULL",
            [f'public."{name}"', value, called, f'public."{name}"'],
        )


def _known_tables(connection: Connection, contents: Contents) -> list[str]:
    known = {table.name: set(table.columns) for table in tables(connection)}
    for name, columns in contents.columns.items():
        strange = set(columns) - known.get(name, set())
        if strange or name not in known:
            raise RestoreRefused(
                f"{contents.path} holds {name}, which this version does not have in that form"
            )
    return list(contents.columns)


def _copy_in(connection: Connection, name: str, columns: tuple[str, ...], rows: IO[bytes]) -> None:
    query = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        while block := rows.read(BLOCK_BYTES):
            copy.write(block)


def _check(connection: Connection, contents: Contents) -> None:
    for name, columns in contents.columns.items():
        if total(connection, Table(name=name, columns=columns)) != contents.totals[name]:
            raise RestoreFailed(
                f"{name} does not hold after the restore what it held in the backup; nothing was kept"
            )


def _finish(address: str) -> None:
    """Newer migrations, and statistics for the planner."""
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", interactive=False, verbosity=0)
    connection.close()
    with psycopg.connect(address, autocommit=True) as vacuum:
        vacuum.execute("ANALYZE")
