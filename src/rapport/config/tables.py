"""What a backup holds: the tables, the columns, the rows and the order they are read in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from psycopg import sql

Connection = psycopg.Connection[tuple[Any, ...]]

# Written anew by `migrate`, or worthless elsewhere: people sign in again, workers announce themselves.
TABLES_LEFT_OUT = {
    "django_migrations",
    "django_session",
    "usersessions_usersession",
    "procrastinate_workers",
    "procrastinate_events",
    "rapport_restoring",
    "timeline_epoch",
}
# Transaction numbers of the old server, and references to what is left out.
COLUMNS_LEFT_OUT = {
    ("timeline_event", "xact"),
    ("procrastinate_jobs", "worker_id"),
    ("procrastinate_periodic_defers", "job_id"),
}
ROWS_KEPT: dict[str, LiteralString] = {"procrastinate_jobs": "status IN ('todo', 'doing')"}

# The text of a value must not depend on how a server is set up, or checksums would differ.
SAME_TEXT = (
    "SET DateStyle TO 'ISO, YMD'",
    "SET IntervalStyle TO 'postgres'",
    "SET TimeZone TO 'UTC'",
    "SET extra_float_digits TO 1",
    "SET bytea_output TO 'hex'",
    "SET client_encoding TO 'UTF8'",
)
WITHOUT_ORDER = {"json", "jsonb", "xml", "point"}


@dataclass(frozen=True)
class Table:
    """One table as a backup holds it. ``estimate`` is PostgreSQL's guess of its rows, for progress only."""

    name: str
    columns: tuple[str, ...]
    partition_column: str | None = None
    estimate: int = 0


@dataclass(frozen=True)
class Total:
    """Rows and SHA-256 of a table's rows in the order of ``copy_out``."""

    rows: int
    sha256: str


def same_text(connection: Connection) -> None:
    """Make values come out as the same text on every server."""
    for statement in SAME_TEXT:
        connection.execute(statement)


def tables(connection: Connection) -> list[Table]:
    """Every table of a backup, those that others refer to first. Partitions are read through their parent."""
    found = connection.execute(
        """
        SELECT c.relname,
               (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
                WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''),
               (SELECT a.attname::text FROM pg_partitioned_table p JOIN pg_attribute a
                ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0] WHERE p.partrelid = c.oid),
               (SELECT sum(greatest(part.reltuples, 0))::bigint FROM pg_class part
                WHERE part.oid = c.oid OR part.oid IN (SELECT relid FROM pg_partition_tree(c.oid)))
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND c.relpersistence = 'p'
        ORDER BY c.relname
        """
    ).fetchall()
    kept = [
        Table(
            name=name,
            columns=tuple(column for column in columns or () if (name, column) not in COLUMNS_LEFT_OUT),
            partition_column=partition_column,
            estimate=estimate,
        )
        for name, columns, partition_column, estimate in found
        if name not in TABLES_LEFT_OUT
    ]
    return _referred_first(connection, kept)


def _referred_first(connection: Connection, found: list[Table]) -> list[Table]:
    """Django's references wait for the commit, those of others may not."""
    references: dict[str, set[str]] = {table.name: set() for table in found}
    for referring, referred in connection.execute(
        "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f'"
    ):
        if referring in references and referred in references and referring != referred:
            references[referring].add(referred)
    by_name = {table.name: table for table in found}
    ordered: dict[str, Table] = {}
    while len(ordered) < len(found):
        waiting = [name for name in by_name if name not in ordered]
        ready = [name for name in waiting if references[name] <= ordered.keys()]
        for name in ready or waiting[:1]:  # nobody is ready in a circle: begin anywhere
            ordered[name] = by_name[name]
    return list(ordered.values())


def copy_out(connection: Connection, table: Table) -> Iterator[bytes]:
    """The rows of ``table`` as PostgreSQL's COPY text, one line each, in an order that no server changes."""
    rows = ROWS_KEPT.get(table.name)
    query = sql.SQL("COPY (SELECT {columns} FROM {table} {where} ORDER BY {order}) TO STDOUT").format(
        columns=sql.SQL(", ").join(map(sql.Identifier, table.columns)),
        table=sql.Identifier(table.name),
        where=sql.SQL("WHERE ") + sql.SQL(rows) if rows else sql.SQL(""),
        order=sql.SQL(", ").join(_order(connection, table)),
    )
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        for block in copy:
            yield bytes(block)


def _order(connection: Connection, table: Table) -> list[sql.Composable]:
    """By primary key, or by all columns of a table that has none."""
    found = connection.execute(
        """
        SELECT a.attname::text, t.typname::text, a.attcollation <> 0,
               array_position(i.indkey::smallint[], a.attnum)
        FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
        WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped
        """,
        [f'public."{table.name}"'],
    ).fetchall()
    key = sorted((row for row in found if row[3] is not None), key=lambda row: row[3])
    by_name = {row[0]: row for row in found}
    return [_sorted_by(*row[:3]) for row in key or [by_name[column] for column in table.columns]]


def _sorted_by(column: str, kind: str, has_collation: bool) -> sql.Composable:
    identifier = sql.Identifier(column)
    if kind in WITHOUT_ORDER:
        return sql.SQL('{}::text COLLATE "C"').format(identifier)
    return sql.SQL('{} COLLATE "C"').format(identifier) if has_collation else identifier


def total(connection: Connection, table: Table) -> Total:
    """Count and checksum of what ``copy_out`` gives."""
    digest, rows = hashlib.sha256(), 0
    for block in copy_out(connection, table):
        digest.update(block)
        rows += block.count(b"\n")
    return Total(rows=rows, sha256=digest.hexdigest())


def partition_range(connection: Connection, table: Table) -> tuple[Any, Any] | None:
    """The smallest and greatest value of the column that ``table`` is partitioned by; None when empty."""
    if table.partition_column is None:
        return None
    query = sql.SQL("SELECT min({column}), max({column}) FROM {table}").format(
        column=sql.Identifier(table.partition_column), table=sql.Identifier(table.name)
    )
    row = connection.execute(query).fetchone()
    return (row[0], row[1]) if row and row[0] is not None else None


def sequences(connection: Connection) -> dict[str, tuple[int, bool]]:
    """Name → (last value, whether it was handed out)."""
    names = [
        str(row[0])
        for row in connection.execute(
            "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' ORDER BY sequencename"
        )
    ]
    found: dict[str, tuple[int, bool]] = {}
    for name in names:
        query = sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(name))
        row = connection.execute(query).fetchone()
        if row is not None:
            found[name] = (row[0], row[1])
    return found
