"""Routes about customers."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Query, Router

from rapport.api.conversations import Cursor, Limit, actor_of
from rapport.api.shapes import CustomerLine, CustomerList, CustomerOut, Timeline
from rapport.customers import queries
from rapport.timeline.queries import customer_timeline

router = Router(tags=["customers"])

# PostgreSQL has no NUL in texts.
Search = Annotated[str, Query(max_length=100, pattern=r"^[^\x00]*$")]
Kinds = Annotated[list[str], Query(max_length=20)]


@router.get("", response=CustomerList, summary="List customers")
def customers(request: HttpRequest, search: Search = "", cursor: Cursor = "", limit: Limit = 50) -> Any:
    """Latest met first; `search` matches the start of a word of the name, or of an identity."""
    page = queries.customers(actor_of(request), search=search, cursor=cursor, limit=limit)
    return {"items": page.rows, "next_cursor": page.next_cursor}


@router.get("/{customer_id}", response=CustomerOut, summary="Read a customer")
def customer(request: HttpRequest, customer_id: uuid.UUID) -> Any:
    """A customer with their identities. An id that was merged away leads to whom it is now."""
    actor = actor_of(request)
    found = queries.customer(actor, customer_id)
    if found is None:
        raise Http404("no such customer")
    line = {field: getattr(found, field) for field in CustomerLine.model_fields}
    return {**line, "identities": queries.identities_of(actor, found.pk)}


@router.get("/{customer_id}/timeline", response=Timeline, summary="Read a customer's timeline")
def timeline(
    request: HttpRequest,
    customer_id: uuid.UUID,
    cursor: Cursor = "",
    limit: Limit = 50,
    kind: Kinds = [],  # noqa: B006  (ninja reads the default, nobody changes it)
) -> Any:
    """What happened, latest first, over all identities; `kind` may be given several times."""
    actor = actor_of(request)
    found = queries.customer(actor, customer_id)
    if found is None:
        raise Http404("no such customer")
    page = customer_timeline(actor, found.pk, cursor=cursor, kinds=tuple(kind), limit=limit)
    return {"items": page.events, "next_cursor": page.next_cursor}
