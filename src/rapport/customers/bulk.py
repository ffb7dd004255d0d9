"""Recognising many people at once: what ``actions.recognise`` does for one, in a few statements per batch.

For history that comes in by the thousand (imports, the demo company). It differs in one thing: meeting
somebody is not recorded as an event, because a file that is read today is not news.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from rapport.customers.actions import Recognised
from rapport.customers.models import BEGINNING
from rapport.customers.rules import Level, identity_key
from rapport.kernel.actors import Actor
from rapport.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Mark:
    """One way to recognise somebody; ``value`` is already in its ``rules.normal_form``."""

    namespace: str
    value: str
    level: Level = Level.ASSERTED


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person as one row of a batch describes them; ``marks`` are not empty, the surest first."""

    marks: tuple[Mark, ...]
    at: datetime
    name: str = ""
    language: str = ""
    country: str = ""
    town: str = ""


@dataclass(slots=True)
class _Identity:
    mark: Mark
    first_seen_at: datetime
    last_seen_at: datetime


def recognise_many(actor: Actor, people: Sequence[Somebody], *, evidence: str) -> list[Recognised]:
    """Whose each one is, in the order given; ``identity_id`` is that of the first mark. Atomic.

    Works through the batch as if each row came alone: the first mark that already belongs to somebody
    decides, marks that belong to nobody yet are given to them, and nobody known is a new customer. Two
    customers that share a row are not merged: that is a question for people. Earliest meeting wins; names
    and places fill what is unknown and never overwrite. Locks the identities until the caller's
    transaction ends.
    """
    if not people:
        return []
    with transaction.atomic():
        keys = _keys(actor, people)
        _see(actor, _sightings(keys, people), evidence)
        owners = _owners(actor, {key for row in keys for key in row})
        known = set(owners.values())
        bindings: list[tuple[uuid.UUID, uuid.UUID, datetime]] = []
        described: dict[uuid.UUID, Somebody] = {}
        found = []
        for row, somebody in zip(keys, people, strict=True):
            customer = next((owners[key] for key in row if key in owners), None)
            is_new = customer is None
            customer = customer or new_id()
            for key in row:
                if key not in owners:
                    owners[key] = customer
                    bindings.append((key, customer, somebody.at))
            described[customer] = _both(described.get(customer), somebody)
            found.append(Recognised(row[0], customer, is_new=is_new))
        fresh = {customer: row for customer, row in described.items() if customer not in known}
        _create(actor, fresh)
        _bind(actor, bindings, evidence)
        _fill(actor, {customer: row for customer, row in described.items() if customer in known})
    return found


def _keys(actor: Actor, people: Iterable[Somebody]) -> list[tuple[uuid.UUID, ...]]:
    return [
        tuple(identity_key(actor.workspace_id, mark.namespace, mark.value) for mark in somebody.marks)
        for somebody in people
    ]


def _sightings(
    keys: Sequence[tuple[uuid.UUID, ...]], people: Sequence[Somebody]
) -> dict[uuid.UUID, _Identity]:
    seen: dict[uuid.UUID, _Identity] = {}
    for row, somebody in zip(keys, people, strict=True):
        for key, mark in zip(row, somebody.marks, strict=True):
            before = seen.get(key)
            if before is None:
                seen[key] = _Identity(mark, somebody.at, somebody.at)
                continue
            before.first_seen_at = min(before.first_seen_at, somebody.at)
            before.last_seen_at = max(before.last_seen_at, somebody.at)
            if mark.level > before.mark.level:
                before.mark = mark
    return seen


_SEE = """
INSERT INTO customers_identity AS known
  (id, workspace_id, namespace, value, level, evidence, first_seen_at, last_seen_at)
SELECT t.id, %s, t.namespace, t.value, t.level, %s, t.first_at, t.last_at
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::smallint[], %s::timestamptz[], %s::timestamptz[])
  AS t (id, namespace, value, level, first_at, last_at)
ON CONFLICT (id) DO UPDATE SET
  first_seen_at = LEAST(known.first_seen_at, EXCLUDED.first_seen_at),
  last_seen_at = GREATEST(known.last_seen_at, EXCLUDED.last_seen_at),
  evidence = CASE WHEN EXCLUDED.level > known.level THEN EXCLUDED.evidence ELSE known.evidence END,
  level = GREATEST(known.level, EXCLUDED.level)
WHERE EXCLUDED.first_seen_at < known.first_seen_at OR EXCLUDED.last_seen_at > known.last_seen_at
   OR EXCLUDED.level > known.level
"""


def _see(actor: Actor, seen: dict[uuid.UUID, _Identity], evidence: str) -> None:
    """Make or refresh the identities. Rows in conflict stay locked even where nothing changes."""
    # In the order of ids, as everybody locks them, so that two batches cannot wait for each other.
    rows = sorted(seen.items())
    with connection.cursor() as cursor:
        cursor.execute(
            _SEE,
            [
                actor.workspace_id,
                evidence,
                [key for key, _ in rows],
                [row.mark.namespace for _, row in rows],
                [row.mark.value for _, row in rows],
                [int(row.mark.level) for _, row in rows],
                [row.first_seen_at for _, row in rows],
                [row.last_seen_at for _, row in rows],
            ],
        )


def _owners(actor: Actor, identities: set[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT identity_id, customer_id FROM customers_binding"
            " WHERE workspace_id = %s AND identity_id = ANY(%s) AND valid_to IS NULL",
            [actor.workspace_id, list(identities)],
        )
        return dict(cursor.fetchall())


def _both(before: Somebody | None, now: Somebody) -> Somebody:
    if before is None:
        return now
    return replace(
        before,
        at=min(before.at, now.at),
        name=before.name or now.name,
        language=before.language or now.language,
        country=before.country or now.country,
        town=before.town or now.town,
    )


def _create(actor: Actor, fresh: dict[uuid.UUID, Somebody]) -> None:
    _copy(
        "customers_customer (id, workspace_id, name, language, country, town, met_at)",
        ((customer, actor.workspace_id, *_words(row), row.at) for customer, row in fresh.items()),
    )


def _bind(actor: Actor, bindings: Iterable[tuple[uuid.UUID, uuid.UUID, datetime]], evidence: str) -> None:
    _copy(
        "customers_binding"
        " (id, workspace_id, identity_id, customer_id, valid_from, valid_to, evidence, bound_at)",
        (
            (new_id(), actor.workspace_id, identity, customer, BEGINNING, None, evidence, at)
            for identity, customer, at in bindings
        ),
    )


_FILL = """
UPDATE customers_customer AS c SET
  met_at = LEAST(c.met_at, t.at),
  name = CASE WHEN c.name = '' THEN t.name ELSE c.name END,
  language = CASE WHEN c.language = '' THEN t.language ELSE c.language END,
  country = CASE WHEN c.country = '' THEN t.country ELSE c.country END,
  town = CASE WHEN c.town = '' THEN t.town ELSE c.town END
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[])
  AS t (id, name, language, country, town, at)
WHERE c.id = t.id AND c.workspace_id = %s
"""


def _fill(actor: Actor, described: dict[uuid.UUID, Somebody]) -> None:
    """Complete customers who were known before; those about whom nothing is new are left alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name, language, country, town, met_at FROM customers_customer"
            " WHERE workspace_id = %s AND id = ANY(%s)",
            [actor.workspace_id, list(described)],
        )
        news = sorted(row[0] for row in cursor.fetchall() if _has_news(described[row[0]], row[1:5], row[5]))
        if not news:
            return
        cursor.execute(
            "SELECT 1 FROM customers_customer WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [news]
        )
        columns = zip(*(_words(described[customer]) for customer in news), strict=True)
        cursor.execute(
            _FILL,
            [
                news,
                *(list(column) for column in columns),
                [described[customer].at for customer in news],
                actor.workspace_id,
            ],
        )


def _has_news(row: Somebody, held: Sequence[str], met_at: datetime) -> bool:
    return row.at < met_at or any(new and not old for new, old in zip(_words(row), held, strict=True))


def _words(row: Somebody) -> tuple[str, str, str, str]:
    return row.name[:160], row.language[:10], row.country[:2], row.town[:80]


def _copy(target: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
