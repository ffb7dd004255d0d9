"""Reads of the desk: scoped to the actor's workspace, a fixed number of statements each."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from rapport.accounts.permissions import SEE_WORKSPACE
from rapport.desk.models import Conversation, Delivery, Entry, Promise, ServicePolicy
from rapport.desk.permissions import SEE_CONVERSATIONS
from rapport.kernel import clock
from rapport.kernel.actors import Actor

PAGE_SIZE = 50
THREAD_SIZE = 200

VIEWS = ("mine", "unassigned", "all")
TABS = ("open", "waiting", "snoozed", "resolved")


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line of the inbox."""

    id: uuid.UUID
    number: int
    subject: str
    status: str
    priority: int
    channel: str
    preview: str
    last_author_kind: str
    last_entry_at: datetime
    waiting_since: datetime | None
    next_deadline_at: datetime | None
    snoozed_until: datetime | None
    unread: bool
    assignee_id: uuid.UUID | None
    assignee: str
    team: str
    customer_id: uuid.UUID
    customer: str
    namespace: str
    identity: str


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[ListRow]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many conversations each view and tab of the inbox holds."""

    mine: int
    unassigned: int
    all: int
    overdue: int


# The customer is found for each conversation apart (OFFSET 0 keeps it so) and names come by subqueries: one
# join of seven tables took the planner seven times as long as the list itself takes to run.
_ROW = """
SELECT c.id, c.number, c.subject, c.status, c.priority, c.channel, c.last_preview, c.last_author_kind,
       c.last_entry_at, c.waiting_since, c.next_deadline_at, c.snoozed_until,
       c.last_customer_seq > COALESCE((
         SELECT r.seq FROM desk_readmark r
         WHERE r.conversation_id = c.id AND r.workspace_id = c.workspace_id AND r.member_id = %(member)s), 0),
       c.assignee_id,
       COALESCE((SELECT m.name FROM accounts_member m
                 WHERE m.id = c.assignee_id AND m.workspace_id = c.workspace_id), ''),
       COALESCE((SELECT t.name FROM accounts_team t
                 WHERE t.id = c.team_id AND t.workspace_id = c.workspace_id), ''),
       who.id, who.name, who.namespace, who.value
FROM desk_conversation c
CROSS JOIN LATERAL (
  SELECT cu.id, cu.name, i.namespace, i.value
  FROM customers_identity i
  JOIN customers_binding b ON b.identity_id = i.id AND b.workspace_id = c.workspace_id
       AND c.opened_at >= b.valid_from AND (b.valid_to IS NULL OR c.opened_at < b.valid_to)
  JOIN customers_customer cu ON cu.id = b.customer_id AND cu.workspace_id = c.workspace_id
  WHERE i.id = c.identity_id AND i.workspace_id = c.workspace_id
  OFFSET 0
) who
WHERE c.workspace_id = %(workspace)s
"""
_OF_CUSTOMER = """
AND c.identity_id = ANY(ARRAY(SELECT identity_id FROM customers_binding
                              WHERE customer_id = %(customer)s AND workspace_id = %(workspace)s))
AND who.id = %(customer)s
ORDER BY c.opened_at DESC, c.id DESC LIMIT %(limit)s
"""


def inbox(
    actor: Actor, *, view: str = "all", tab: str = "open", cursor: str = "", limit: int = PAGE_SIZE
) -> Page:
    """One page of the inbox. Open matters come longest waiting first, all others latest first.

    ``cursor`` is ``Page.next_cursor`` of the page before; one that is not ours begins at the start.
    """
    actor.must(SEE_CONVERSATIONS)
    longest_first = tab == "open"
    column = "c.waiting_since" if longest_first else "c.last_entry_at"
    direction, beyond = ("ASC", ">") if longest_first else ("DESC", "<")
    where = ["c.status = %(tab)s"]
    parameters: dict[str, Any] = {
        "workspace": actor.workspace_id,
        "member": actor.id,
        "tab": tab if tab in TABS else "open",
        "limit": limit + 1,
    }
    if view == "mine":
        where.append("c.assignee_id = %(member)s")
    elif view == "unassigned":
        where.append("c.assignee_id IS NULL")
    if (after := _parse_cursor(cursor)) is not None:
        where.append(f"({column}, c.id) {beyond} (%(after_at)s, %(after_id)s)")
        parameters |= {"after_at": after[0], "after_id": after[1]}
    statement = (
        f"{_ROW} AND {' AND '.join(where)} ORDER BY {column} {direction}, c.id {direction} LIMIT %(limit)s"
    )
    rows = _rows(statement, parameters)
    page = rows[:limit]
    more = len(rows) > limit
    return Page(page, _cursor(page[-1], longest_first=longest_first) if more else "")


def row(actor: Actor, number: int) -> ListRow | None:
    """The inbox line of one conversation."""
    actor.must(SEE_CONVERSATIONS)
    found = _rows(
        f"{_ROW} AND c.number = %(number)s",
        {"workspace": actor.workspace_id, "member": actor.id, "number": number},
    )
    return found[0] if found else None


def belongs(line: ListRow, actor: Actor, *, view: str, tab: str) -> bool:
    """Whether a line stands in that view and tab."""
    if line.status != tab:
        return False
    if view == "mine":
        return line.assignee_id == actor.id
    return view != "unassigned" or line.assignee_id is None


def counts(actor: Actor) -> Counts:
    """The numbers beside the views."""
    actor.must(SEE_CONVERSATIONS)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE assignee_id = %s), count(*) FILTER (WHERE assignee_id IS NULL), count(*),"
            " count(*) FILTER (WHERE next_deadline_at < %s)"
            " FROM desk_conversation WHERE workspace_id = %s AND status = 'open'",
            [actor.id, clock.now(), actor.workspace_id],
        )
        return Counts(*cursor.fetchone())


@dataclass(frozen=True, slots=True)
class Thread:
    """One conversation as the screen shows it."""

    conversation: Conversation
    line: ListRow
    entries: list[Entry]
    deliveries: dict[uuid.UUID, Delivery]
    promises: list[Promise]
    earlier: bool
    seen_seq: int


def thread(actor: Actor, number: int, *, after_seq: int = 0, before_seq: int | None = None) -> Thread | None:
    """A conversation with its latest entries (or those after or before a number). Five statements."""
    line = row(actor, number)
    if line is None:
        return None
    conversation = Conversation.objects.within(actor).select_related("brand", "identity").get(pk=line.id)
    entries = Entry.objects.within(actor).filter(conversation_id=line.id, seq__gt=after_seq)
    if before_seq is not None:
        entries = entries.filter(seq__lt=before_seq)
    latest = list(entries.order_by("-seq")[: THREAD_SIZE + 1])
    shown = latest[:THREAD_SIZE][::-1]
    deliveries = {
        delivery.entry_id: delivery
        for delivery in Delivery.objects.within(actor).filter(entry_id__in=[entry.pk for entry in shown])
    }
    promises = list(Promise.objects.within(actor).filter(conversation_id=line.id).order_by("due_at"))
    return Thread(
        conversation=conversation,
        line=line,
        entries=shown,
        deliveries=deliveries,
        promises=promises,
        earlier=len(latest) > THREAD_SIZE,
        seen_seq=conversation.last_customer_seq if not line.unread else 0,
    )


def conversation_id(actor: Actor, number: int) -> uuid.UUID | None:
    """The id behind a conversation's number in the actor's workspace."""
    actor.must(SEE_CONVERSATIONS)
    return Conversation.objects.within(actor).filter(number=number).values_list("pk", flat=True).first()


def answering_identity(actor: Actor, conversation_id: uuid.UUID) -> uuid.UUID | None:
    """The identity that a reply would go to now: that of the leg the customer used last."""
    actor.must(SEE_CONVERSATIONS)
    return (
        Entry.objects.within(actor)
        .filter(conversation_id=conversation_id, direction=Entry.Direction.IN, leg__isnull=False)
        .order_by("-seq")
        .values_list("leg__identity_id", flat=True)
        .first()
    )


def conversations_of(actor: Actor, customer_id: uuid.UUID, *, limit: int = 20) -> list[ListRow]:
    """A customer's conversations over all their identities, latest first."""
    actor.must(SEE_CONVERSATIONS)
    return _rows(
        f"{_ROW} {_OF_CUSTOMER}",
        {"workspace": actor.workspace_id, "member": actor.id, "customer": customer_id, "limit": limit},
    )


def open_promises(actor: Actor, customer_id: uuid.UUID) -> list[Promise]:
    """What we owe a customer."""
    actor.must(SEE_CONVERSATIONS)
    return list(
        Promise.objects.within(actor)
        .filter(outcome=Promise.Outcome.OPEN, identity__bindings__customer_id=customer_id)
        .filter(identity__bindings__valid_to=None)
        .select_related("conversation")
        .order_by("due_at")[:20]
    )


def numbers_of(actor: Actor, conversation_ids: list[uuid.UUID]) -> dict[uuid.UUID, int]:
    """The numbers of several conversations."""
    actor.must(SEE_CONVERSATIONS)
    return dict(
        Conversation.objects.within(actor).filter(pk__in=conversation_ids).values_list("pk", "number")
    )


@dataclass(frozen=True, slots=True)
class PromisePage:
    rows: list[Promise]
    next_cursor: str


def promises(
    actor: Actor, *, outcome: str, since: datetime, until: datetime, cursor: str = "", limit: int = PAGE_SIZE
) -> PromisePage:
    """Promises made in a period that came out like that, latest first."""
    actor.must(SEE_CONVERSATIONS)
    found = Promise.objects.within(actor).filter(outcome=outcome, made_at__gte=since, made_at__lt=until)
    if (after := _parse_cursor(cursor)) is not None:
        found = found.filter(Q(made_at__lt=after[0]) | Q(made_at=after[0], pk__lt=after[1]))
    rows = list(found.select_related("conversation__assignee").order_by("-made_at", "-pk")[: limit + 1])
    page = rows[:limit]
    more = f"{page[-1].made_at.isoformat()}~{page[-1].pk}" if len(rows) > limit else ""
    return PromisePage(page, more)


def first_reply_policies(actor: Actor) -> list[ServicePolicy]:
    """What customers are told to expect, with the hours it counts in; the general one first."""
    actor.must(SEE_WORKSPACE)
    return list(ServicePolicy.objects.within(actor).select_related("calendar").order_by("channel"))


def _rows(statement: str, parameters: dict[str, Any]) -> list[ListRow]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [ListRow(*values) for values in cursor.fetchall()]


def _cursor(last: ListRow, *, longest_first: bool) -> str:
    # Every open matter says since when it waits (a constraint of its table).
    at = (longest_first and last.waiting_since) or last.last_entry_at
    return f"{at.isoformat()}~{last.id}"


def _parse_cursor(cursor: str) -> tuple[datetime, uuid.UUID] | None:
    at, _, key = cursor.partition("~")
    try:
        return datetime.fromisoformat(at), uuid.UUID(key)
    except ValueError:
        return None
