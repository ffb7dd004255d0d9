"""Reads of the event log."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from django.db import connection

from rapport.accounts.permissions import SEE_AUDIT
from rapport.customers.permissions import SEE_CUSTOMERS
from rapport.kernel.actors import Actor
from rapport.kernel.log import kinds as declared
from rapport.timeline.feed import EPOCH, NOW, Cursor
from rapport.timeline.models import Event

PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One line of a customer's timeline."""

    seq: int
    kind: str
    at: datetime
    channel: str
    actor_kind: str
    actor_id: uuid.UUID | None
    subject_kind: str
    subject_id: uuid.UUID | None
    data: dict[str, Any]
    namespace: str


@dataclass(frozen=True, slots=True)
class TimelinePage:
    events: list[TimelineEvent]
    next_cursor: str


# The customer is found here and not in the event: whatever identities are theirs, each for its time.
_TIMELINE = """
SELECT e.seq, e.kind, e.at, e.channel, e.actor_kind, e.actor_id, e.subject_kind, e.subject_id, e.data,
       i.namespace
FROM customers_binding b
JOIN customers_identity i ON i.id = b.identity_id AND i.workspace_id = b.workspace_id
CROSS JOIN LATERAL (
  SELECT * FROM timeline_event t
  WHERE t.identity_id = b.identity_id AND t.workspace_id = b.workspace_id
    AND t.at >= b.valid_from AND (b.valid_to IS NULL OR t.at < b.valid_to)
    {before} {kinds}
  ORDER BY t.at DESC, t.seq DESC LIMIT %(limit)s
) e
WHERE b.workspace_id = %(workspace)s AND b.customer_id = %(customer)s
ORDER BY e.at DESC, e.seq DESC LIMIT %(limit)s
"""


def customer_timeline(
    actor: Actor,
    customer_id: uuid.UUID,
    *,
    cursor: str = "",
    kinds: tuple[str, ...] = (),
    limit: int = PAGE_SIZE,
) -> TimelinePage:
    """What happened with a customer, latest first, over all their identities. One statement."""
    actor.must(SEE_CUSTOMERS)
    parameters: dict[str, Any] = {
        "workspace": actor.workspace_id,
        "customer": customer_id,
        "limit": limit + 1,
    }
    before = ""
    if (after := _parse_cursor(cursor)) is not None:
        before = "AND (t.at, t.seq) < (%(at)s, %(seq)s)"
        parameters |= {"at": after[0], "seq": after[1]}
    wanted = ""
    if kinds:
        wanted = "AND t.kind = ANY(%(kinds)s)"
        parameters["kinds"] = list(kinds)
    with connection.cursor() as db:
        db.execute(_TIMELINE.format(before=before, kinds=wanted), parameters)
        events = [TimelineEvent(*_with_json(row, 8)) for row in db.fetchall()]
    page = events[:limit]
    last = page[-1] if len(events) > limit else None
    return TimelinePage(page, f"{last.at.isoformat()}~{last.seq}" if last else "")


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Who changed what, when. ``actor_name`` is the member's or key's name as it is now, if it has one."""

    seq: int
    kind: str
    at: datetime
    actor_kind: str
    actor_id: uuid.UUID | None
    actor_name: str
    subject_kind: str
    subject_id: uuid.UUID | None
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AuditPage:
    """``next_before`` is the ``before_seq`` of the page after this one; ``None`` at the end."""

    lines: list[AuditLine]
    next_before: int | None


_AUDIT = """
SELECT e.seq, e.kind, e.at, e.actor_kind, e.actor_id, COALESCE(m.name, k.name, ''), e.subject_kind,
       e.subject_id, e.data
FROM timeline_event e
LEFT JOIN accounts_member m ON m.id = e.actor_id AND m.workspace_id = e.workspace_id
LEFT JOIN accounts_apikey k ON k.id = e.actor_id AND k.workspace_id = e.workspace_id
WHERE e.workspace_id = %(workspace)s AND e.kind = ANY(%(kinds)s)
  AND (%(before)s::bigint IS NULL OR e.seq < %(before)s)
  AND (%(member)s::uuid IS NULL OR e.actor_id = %(member)s)
ORDER BY e.seq DESC LIMIT %(limit)s
"""


def audit_page(
    actor: Actor,
    *,
    before_seq: int | None = None,
    kind: str = "",
    actor_id: uuid.UUID | None = None,
    limit: int = PAGE_SIZE,
) -> AuditPage:
    """The audited events of the workspace, latest first; one statement.

    ``kind`` is the name of one audited kind, or its noun (``member``); ``actor_id`` a member or API key.
    """
    actor.must(SEE_AUDIT)
    kinds = [
        each.name
        for each in declared.values()
        if each.audited and (not kind or each.name == kind or each.name.startswith(f"{kind}."))
    ]
    parameters: dict[str, Any] = {
        "workspace": actor.workspace_id,
        "kinds": kinds,
        "before": before_seq,
        "member": actor_id,
        "limit": limit + 1,
    }
    with connection.cursor() as db:
        db.execute(_AUDIT, parameters)
        lines = [AuditLine(*_with_json(row, 8)) for row in db.fetchall()]
    page = lines[:limit]
    return AuditPage(page, page[-1].seq if len(lines) > limit else None)


@lru_cache(maxsize=4)
def _epoch(database: str) -> str:
    with connection.cursor() as db:
        db.execute(EPOCH)
        return str(db.fetchone()[0])


def cursor_now() -> str:
    """Where the log stands, for a page that will then follow it live.

    Taken before the page reads anything else, so that whatever commits while it is being made is replayed.
    """
    with connection.cursor() as db:
        db.execute(NOW)
        return str(Cursor(_epoch(str(connection.settings_dict["NAME"])), int(db.fetchone()[0])))


def event_by_seq(workspace_id: uuid.UUID, seq: int) -> Event | None:
    """One event by its number, if it belongs to the workspace."""
    return Event.objects.within(workspace_id).filter(seq=seq).first()


def _parse_cursor(cursor: str) -> tuple[datetime, int] | None:
    at, _, seq = cursor.partition("~")
    try:
        return datetime.fromisoformat(at), int(seq)
    except ValueError:
        return None


def _with_json(row: tuple[Any, ...], place: int) -> list[Any]:
    """A row with the JSON at ``place`` read: Django hands it over as text to those who ask in SQL."""
    return [*row[:place], orjson.loads(row[place]), *row[place + 1 :]]
