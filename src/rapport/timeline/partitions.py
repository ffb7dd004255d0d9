"""Monthly partitions of the event log, made when the first event of a month comes in.

They are made over a connection of their own and committed at once. An action that made its month inside its
own transaction would hold the lock on the log until it ends, and two such actions could wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from rapport.kernel import clock

#: Nothing we are told of happened before, see ``customers.models.BEGINNING``.
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
FURTHEST = timedelta(days=3_653)
_ONE_AT_A_TIME = 7_226_001
# Months known to exist, per database name; only ever grows.
_known: set[tuple[str, int]] = set()


class UnlikelyMoment(ValueError):
    """An event before 1900 or more than ten years ahead: a broken clock or a date read wrongly."""


def ensure_for(first: datetime, last: datetime) -> None:
    """Make the partitions of every month from ``first`` to ``last`` (aware datetimes, both included).

    Raises ``UnlikelyMoment``.
    """
    _ensure(range(_month_of(first), _month_of(last) + 1))


def ensure_at(*moments: datetime) -> None:
    """Make the partitions of the months in which ``moments`` lie. Raises ``UnlikelyMoment``."""
    _ensure({_month_of(moment) for moment in moments})


def forget_known() -> None:
    """For tests and restores: the tables may have gone."""
    _known.clear()


def _ensure(months: Iterable[int]) -> None:
    database = str(connection.settings_dict["NAME"])
    unknown = [month for month in months if (database, month) not in _known]
    if not unknown:
        return
    if missing := _missing(connection, unknown):
        _make(missing)
    _known.update((database, month) for month in unknown)


def _missing(through: BaseDatabaseWrapper, months: Iterable[int]) -> list[int]:
    names = {_name_of(month): month for month in months}
    with through.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(name) IS NULL", [list(names)]
        )
        return sorted(names[name] for (name,) in cursor.fetchall())


def _make(months: list[int]) -> None:
    apart = connection.copy()
    # A pool that is used up must not keep those who wait for a month waiting for a connection as well.
    apart.settings_dict["OPTIONS"].pop("pool", None)
    try:
        apart.set_autocommit(False)
        with apart.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '10s'")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
            for month in _missing(apart, months):
                name = _name_of(month)
                # Attaching, unlike CREATE … PARTITION OF, does not lock out those who write other months.
                cursor.execute(f"CREATE TABLE {name} (LIKE timeline_event INCLUDING DEFAULTS)")
                cursor.execute(
                    f"ALTER TABLE timeline_event ATTACH PARTITION {name} FOR VALUES FROM (%s) TO (%s)",
                    [_first_of(month), _first_of(month + 1)],
                )
        apart.commit()
    finally:
        apart.close()


def _month_of(moment: datetime) -> int:
    utc = clock.in_utc(moment)
    if not EARLIEST <= utc <= clock.now() + FURTHEST:
        raise UnlikelyMoment(f"{utc.isoformat()} is not a likely time for an event")
    return utc.year * 12 + utc.month - 1


def _name_of(month: int) -> str:
    return f"timeline_event_{month // 12:04d}_{month % 12 + 1:02d}"


def _first_of(month: int) -> datetime:
    return datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)
