"""Monthly partitions of the event log, made before they are needed and on demand when history comes in."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection, transaction

# Months known to exist, per database name; only ever grows, and only after the commit that made them.
_known: set[tuple[str, int]] = set()


def ensure_for(first: datetime, last: datetime) -> None:
    """Make the partitions of every month from ``first`` to ``last`` (aware datetimes, both included)."""
    start, stop = _month_number(first), _month_number(last)
    for number in range(start, stop + 1):
        ensure_month(number)


def ensure_at(moment: datetime) -> None:
    ensure_month(_month_number(moment))


def ensure_month(number: int) -> None:
    database = str(connection.settings_dict["NAME"])
    if (database, number) in _known:
        return
    name = f"timeline_event_{number // 12:04d}_{number % 12 + 1:02d}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [name])
        if cursor.fetchone()[0] is None:
            # One at a time: two writers of the first event of a month must not both create its table.
            cursor.execute("SELECT pg_advisory_xact_lock(7226001, %s)", [number])
            cursor.execute("SELECT to_regclass(%s)", [name])
            if cursor.fetchone()[0] is None:
                # Attaching, unlike CREATE … PARTITION OF, does not lock out those who write other months.
                cursor.execute(f"CREATE TABLE {name} (LIKE timeline_event INCLUDING DEFAULTS)")
                cursor.execute(
                    f"ALTER TABLE timeline_event ATTACH PARTITION {name} FOR VALUES FROM (%s) TO (%s)",
                    [_first_of(number), _first_of(number + 1)],
                )
    transaction.on_commit(lambda: _known.add((database, number)))


def forget_known() -> None:
    """For tests and restores: the tables may have gone."""
    _known.clear()


def _month_number(moment: datetime) -> int:
    utc = moment.astimezone(UTC)
    return utc.year * 12 + utc.month - 1


def _first_of(number: int) -> datetime:
    return datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)
