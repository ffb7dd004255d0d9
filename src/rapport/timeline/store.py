"""Writing events: one at a time with an action, or many at once from an import."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, transaction

from rapport.kernel.ids import name_id
from rapport.kernel.log import Record
from rapport.timeline import subscriptions
from rapport.timeline.partitions import ensure_at

FEED_CHANNEL = "rapport_feed"

_COLUMNS = (
    "workspace_id, kind, at, actor_kind, actor_id, identity_id, channel, subject_kind, subject_id, data"
)
_INSERT = (
    f"WITH told AS (INSERT INTO timeline_event ({_COLUMNS}) VALUES (%s,%s,%s,%s,%s,%s,%s,%s,%s,%s) RETURNING seq)"  # noqa: S608
    f" SELECT seq, pg_notify('{FEED_CHANNEL}', '') FROM told"
)
# PostgreSQL keeps no NUL in JSON; an escaped backslash before "u0000" is only a backslash.
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class NotInTransaction(RuntimeError):
    """An event was recorded outside a transaction, so it could be written without what it tells of."""


class BadEventData(ValueError):
    """What an event carries cannot be kept as JSON: an unknown type, a NUL or half of a character."""


def append(record: Record) -> None:
    """Append one event in the caller's transaction and wake those who listen when it commits.

    A record whose ``dedupe_key`` was taken in before is left out. Raises ``NotInTransaction``,
    ``BadEventData``, ``partitions.UnlikelyMoment``; nothing is written then.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction(record.kind)
    row = _row(record)
    ensure_at(record.at)
    if record.dedupe_key and not _claim([(dedupe_id(record.workspace_id, record.dedupe_key), record.at)]):
        return
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, row)
        seq = cursor.fetchone()[0]
    subscriptions.dispatch(record, seq)


def append_many(records: Sequence[Record]) -> int:
    """Take in a batch from outside by COPY; returns how many were new.

    Atomic. Every record needs a ``dedupe_key``. History is not news: the live feed leaves it out and nobody
    is woken. Raises ``BadEventData``, ``partitions.UnlikelyMoment``, ``ValueError`` for a missing key.
    """
    if not records:
        return 0
    if any(not record.dedupe_key for record in records):
        raise ValueError("every event of a batch needs a dedupe_key")
    keys = [dedupe_id(record.workspace_id, record.dedupe_key) for record in records]
    ensure_at(*(record.at for record in records))
    with transaction.atomic():
        fresh = _claim([(key, record.at) for key, record in zip(keys, records, strict=True)])
        rows = []
        for key, record in zip(keys, records, strict=True):
            if key in fresh:
                fresh.discard(key)  # the same key twice in one batch counts once
                rows.append(_row(record))
        if rows:
            _copy(rows)
    return len(rows)


def dedupe_id(workspace_id: uuid.UUID, key: str) -> uuid.UUID:
    """Sixteen bytes for any key: half the index and twice the speed of text."""
    return name_id(workspace_id, key)


def _claim(keys: Sequence[tuple[uuid.UUID, datetime]]) -> set[uuid.UUID]:
    """Take the keys that nobody took before. Waits for a concurrent writer of the same key to finish."""
    # Sorted, so that two batches sharing keys wait for each other in one order and cannot deadlock.
    ordered = sorted(dict(keys).items())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO timeline_event_key (key, at) SELECT * FROM unnest(%s::uuid[], %s::timestamptz[])"
            " ON CONFLICT DO NOTHING RETURNING key",
            [[key for key, _ in ordered], [at for _, at in ordered]],
        )
        return {row[0] for row in cursor.fetchall()}


def _row(record: Record) -> tuple[Any, ...]:
    return (
        record.workspace_id,
        record.kind,
        record.at,
        record.actor_kind,
        record.actor_id,
        record.identity_id,
        record.channel,
        record.subject_kind,
        record.subject_id,
        _json(record),
    )


def _json(record: Record) -> str:
    try:
        encoded = orjson.dumps(dict(record.data), option=orjson.OPT_NON_STR_KEYS)
    except TypeError as error:  # orjson's own error is one
        raise BadEventData(f"{record.kind}: {error}") from error
    if _NUL.search(encoded):
        raise BadEventData(f"{record.kind}: a NUL character")
    return encoded.decode()


def _copy(rows: Iterable[tuple[Any, ...]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY timeline_event ({_COLUMNS}, news) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row((*row, False))
