"""Reads about customers."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import phonenumbers
from django.db import connection
from django.db.models import Q

from rapport.accounts.queries import workspace_of
from rapport.customers.models import Binding, Customer, Identity, Merge
from rapport.customers.permissions import SEE_CUSTOMERS
from rapport.kernel.actors import Actor

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One line of the list of customers."""

    id: uuid.UUID
    name: str
    language: str
    country: str
    town: str
    met_at: datetime
    identities: int
    best_identity: str


@dataclass(frozen=True, slots=True)
class CustomerPage:
    rows: list[CustomerRow]
    next_cursor: str


_LIST = """
SELECT c.id, c.name, c.language, c.country, c.town, c.met_at, x.n, COALESCE(x.best, '')
FROM customers_customer c
CROSS JOIN LATERAL (
  SELECT count(*) AS n,
         (array_agg(i.value ORDER BY i.level DESC, i.namespace) FILTER (WHERE i.namespace <> 'anonymous_id'))[1] AS best
  FROM customers_binding b JOIN customers_identity i ON i.id = b.identity_id AND i.workspace_id = b.workspace_id
  WHERE b.customer_id = c.id AND b.workspace_id = c.workspace_id AND b.valid_to IS NULL
) x
WHERE c.workspace_id = %(workspace)s
  AND NOT EXISTS (SELECT 1 FROM customers_merge g WHERE g.gone_id = c.id AND g.undone_at IS NULL)
  {search} {after}
ORDER BY c.met_at DESC, c.id DESC LIMIT %(limit)s
"""


_SEARCH = """
AND (c.name ILIKE %(start)s OR c.name ILIKE %(inner)s OR EXISTS (
  SELECT 1 FROM customers_binding sb
  JOIN customers_identity si ON si.id = sb.identity_id AND si.workspace_id = sb.workspace_id
  WHERE sb.customer_id = c.id AND sb.workspace_id = c.workspace_id AND sb.valid_to IS NULL
    AND (si.value ILIKE %(start)s OR si.value LIKE %(phone)s)))
"""


def customers(actor: Actor, *, search: str = "", cursor: str = "", limit: int = PAGE_SIZE) -> CustomerPage:
    """One page of customers, latest met first.

    ``search`` matches the start of a word of the name or of an identity; phone numbers also as people here
    write them (0712…).
    """
    actor.must(SEE_CUSTOMERS)
    parameters: dict[str, Any] = {"workspace": actor.workspace_id, "limit": limit + 1}
    where_search = where_after = ""
    if words := search[:200].encode(errors="ignore").decode().replace("\x00", "").strip()[:100]:
        where_search = _SEARCH
        escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        phone = _phone_start(actor, words)
        parameters |= {
            "start": f"{escaped}%",
            "inner": f"% {escaped}%",
            "phone": f"{phone}%" if phone else None,
        }
    if (after := _parse_cursor(cursor)) is not None:
        where_after = "AND (c.met_at, c.id) < (%(at)s, %(id)s)"
        parameters |= {"at": after[0], "id": after[1]}
    with connection.cursor() as db:
        db.execute(_LIST.format(search=where_search, after=where_after), parameters)
        found = [CustomerRow(*values) for values in db.fetchall()]
    page = found[:limit]
    more = f"{page[-1].met_at.isoformat()}~{page[-1].id}" if len(found) > limit else ""
    return CustomerPage(page, more)


def customer(actor: Actor, customer_id: uuid.UUID) -> Customer | None:
    """One customer; an id that was merged away leads to whom it is now."""
    actor.must(SEE_CUSTOMERS)
    passed: set[uuid.UUID] = set()
    while customer_id not in passed:
        passed.add(customer_id)
        merge = Merge.objects.within(actor).filter(gone_id=customer_id, undone_at=None).first()
        customer_id = merge.into_id if merge else customer_id
    return Customer.objects.within(actor).filter(pk=customer_id).first()


def identities_of(actor: Actor, customer_id: uuid.UUID) -> list[Identity]:
    """How we recognise a customer now, surest first."""
    actor.must(SEE_CUSTOMERS)
    return list(
        Identity.objects.within(actor)
        .filter(
            bindings__customer_id=customer_id, bindings__valid_to=None, bindings__workspace=actor.workspace_id
        )
        .order_by("-level", "namespace", "-last_seen_at")
    )


def customer_of(actor: Actor, identity_id: uuid.UUID, at: datetime | None = None) -> Customer | None:
    """Whose an identity is now, or was at a time."""
    bindings = Binding.objects.within(actor).filter(identity_id=identity_id).select_related("customer")
    if at is None:
        bindings = bindings.filter(valid_to=None)
    else:
        bindings = bindings.filter(Q(valid_to=None) | Q(valid_to__gt=at), valid_from__lte=at)
    binding = bindings.first()
    return binding.customer if binding else None


def _phone_start(actor: Actor, words: str) -> str:
    """How numbers are stored whose local spelling begins like ``words``; empty when that is no number."""
    digits = "".join(character for character in words if character not in " -().")
    if not re.fullmatch(r"0[0-9]{2,14}", digits, re.ASCII):
        return ""
    if digits.startswith("00"):
        return f"+{digits.lstrip('0')}"
    code = phonenumbers.country_code_for_region(workspace_of(actor.workspace_id).country)
    return f"+{code}{digits[1:]}" if code else ""


def _parse_cursor(cursor: str) -> tuple[datetime, uuid.UUID] | None:
    at, _, key = cursor.partition("~")
    try:
        return datetime.fromisoformat(at), uuid.UUID(key)
    except ValueError:
        return None
