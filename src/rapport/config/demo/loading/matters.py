"""Conversations, told again as the desk's own actions would have taken them down at their time.

Each verb here does to one conversation in memory what the action of the same meaning in ``desk.actions`` does
to its row: the same entries, records, events and present state. A test holds the two against each other.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from rapport.config.demo.company import Conversation as Simulated
from rapport.config.demo.loading.chronicle import SYSTEM, Chronicle, Doer, by_customer, by_member
from rapport.config.demo.loading.ids import DEMO_ID, Ids
from rapport.config.demo.loading.tables import Rows, as_json
from rapport.config.demo.today import first_reply_due
from rapport.desk import events
from rapport.desk.models import Conversation, Delivery, Entry, Promise
from rapport.desk.rules import preview
from rapport.kernel.actors import system

CHAT = "chat"
#: Overdue promises are broken by a job at the next full minute.
SWEEP = timedelta(minutes=1)
_SYSTEM_NAME = system(DEMO_ID).name


@dataclass(frozen=True, slots=True)
class Ink:
    """What a conversation is written down with."""

    rows: Rows
    chronicle: Chronicle
    ids: Ids
    until: datetime


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes an entry, and under which name."""

    doer: Doer
    name: str = ""


@dataclass(slots=True)
class _Promise:
    id: uuid.UUID
    made_at: datetime
    due_at: datetime
    outcome: str = Promise.Outcome.OPEN
    settled_at: datetime | None = None
    fulfilled_at: datetime | None = None


@dataclass(slots=True)
class _Closure:
    id: uuid.UUID
    by: Doer
    member: uuid.UUID | None
    team: uuid.UUID | None
    at: datetime
    reopened_at: datetime | None = None
    reopened_by: str = ""


@dataclass(slots=True)
class Matter:
    """One conversation as it stands at the moment that has been told last."""

    ink: Ink
    source: Simulated
    number: int
    brand_id: uuid.UUID
    identity_id: uuid.UUID
    account_id: uuid.UUID | None
    id: uuid.UUID
    leg_id: uuid.UUID
    status: str = Conversation.Status.OPEN
    assignee: uuid.UUID | None = None
    team: uuid.UUID | None = None
    resolved_at: datetime | None = None
    waiting_since: datetime | None = None
    first_replied_at: datetime | None = None
    last_entry_at: datetime | None = None
    last_seq: int = 0
    last_preview: str = ""
    last_author_kind: str = ""
    last_customer_seq: int = 0
    promises: list[_Promise] = field(default_factory=list)
    closures: list[_Closure] = field(default_factory=list)

    @property
    def customer(self) -> Author:
        """The customer, by the identity they write with."""
        return Author(by_customer(self.identity_id))

    @property
    def open_promise(self) -> _Promise | None:
        return next((one for one in self.promises if one.outcome == Promise.Outcome.OPEN), None)

    def receive(self, at: datetime, text: str) -> None:
        """The customer wrote: ``receive_message``."""
        self._sweep(at)
        if self.last_seq == 0:
            self.waiting_since = at
            self._tell_opened(self.customer.doer, at)
            self._promise_first_reply(at)
        elif self.status == Conversation.Status.RESOLVED:
            self._reopen(at)
            self._promise_first_reply(at)
        entry = self._add(
            self.customer, Entry.Kind.MESSAGE, Entry.Direction.IN, at, text=text, is_on_leg=True
        )
        self.status = Conversation.Status.OPEN
        self.waiting_since = self.waiting_since or at
        self._tell_entry(events.MESSAGE_RECEIVED, self.customer.doer, at, entry, text)

    def log_call(self, author: Author, at: datetime, text: str) -> None:
        """A member wrote down a phone call: ``log_conversation``."""
        self.waiting_since = self.first_replied_at = at
        self._tell_opened(author.doer, at)
        entry = self._add(author, Entry.Kind.NOTE, Entry.Direction.INSIDE, at, text=text, is_on_leg=True)
        self._tell_entry(events.NOTE_WRITTEN, author.doer, at, entry, text)

    def assign(
        self, at: datetime, *, member: tuple[uuid.UUID, str] | None, team: tuple[uuid.UUID, str]
    ) -> None:
        """The product routed the conversation: ``assign``. Members and teams are given with their names."""
        self._sweep(at)
        self.assignee, self.team = member[0] if member else None, team[0]
        self.ink.rows.add(
            "desk_assignment",
            *(self.ink.ids.at(at), DEMO_ID, self.id, self.assignee, self.team, *SYSTEM, at),
        )
        change = {
            "what": "assigned",
            "member": member[1] if member else "",
            "team": team[1],
            "to_self": False,
        }
        self._add_change(Author(SYSTEM, _SYSTEM_NAME), at, change)
        told = {"member": str(self.assignee or ""), "team": str(self.team)}
        self._tell(events.CONVERSATION_ASSIGNED, SYSTEM, at, told)

    def reply(self, author: Author, at: datetime, text: str) -> None:
        """A member answered: ``reply``, and what became of the message on its way."""
        self._sweep(at)
        entry = self._add(author, Entry.Kind.MESSAGE, Entry.Direction.OUT, at, text=text, is_on_leg=True)
        self._fulfil(at)
        self.first_replied_at = self.first_replied_at or at
        self.waiting_since = None
        if self.status != Conversation.Status.RESOLVED:
            self.status = Conversation.Status.WAITING
        self._tell_entry(events.MESSAGE_SENT, author.doer, at, entry, text)
        self._deliver(entry, at)

    def note(self, author: Author, at: datetime, text: str) -> None:
        """A member left a note: ``write_note``."""
        self._sweep(at)
        entry = self._add(author, Entry.Kind.NOTE, Entry.Direction.INSIDE, at, text=text)
        self._tell_entry(events.NOTE_WRITTEN, author.doer, at, entry, text)

    def resolve(self, author: Author, at: datetime) -> None:
        """A member settled the matter: ``resolve``."""
        self._sweep(at)
        self.assignee = self.assignee or author.doer[1]
        self.closures.append(_Closure(self.ink.ids.at(at), author.doer, self.assignee, self.team, at))
        self._waive(at)
        self.status = Conversation.Status.RESOLVED
        self.resolved_at, self.waiting_since = at, None
        self._add_change(author, at, {"what": "resolved"})
        told = {
            "member": str(self.assignee or ""),
            "team": str(self.team or ""),
            "language": self.source.language,
            "closures": len(self.closures),
        }
        self._tell(events.CONVERSATION_RESOLVED, author.doer, at, told)

    def write(self) -> None:
        """Add the rows of the conversation as it stands now."""
        until = self.ink.until
        self._sweep(until)
        due = self.open_promise
        add, source = self.ink.rows.add, self.source
        add(
            "desk_conversation",
            *(self.id, DEMO_ID, self.number, self.brand_id, self.identity_id, source.channel),
            *(source.subject[:200], source.reason, source.language, self.status),
            *(int(Conversation.Priority.NORMAL), self.assignee, self.team, source.opened_at),
            *(self.resolved_at, None, self.waiting_since, due.due_at if due else None),
            *(self.first_replied_at, self.last_entry_at, self.last_seq, self.last_preview),
            *(self.last_author_kind, self.last_customer_seq),
        )
        leg = (self.leg_id, DEMO_ID, self.id, self.account_id, source.channel, self.identity_id)
        add("desk_leg", *leg, source.opened_at)
        for promise in self.promises:
            add(
                "desk_promise",
                *(promise.id, DEMO_ID, self.id, self.identity_id, Promise.Kind.FIRST_REPLY.value, ""),
                *(promise.made_at, promise.due_at, promise.outcome),
                *(promise.settled_at, promise.fulfilled_at),
            )
        for closure in self.closures:
            add(
                "desk_closure",
                *(closure.id, DEMO_ID, self.id, *closure.by, closure.member, closure.team, closure.at),
                *(closure.reopened_at, closure.reopened_by),
            )

    def _tell_opened(self, doer: Doer, at: datetime) -> None:
        self._tell(events.CONVERSATION_OPENED, doer, at, {"subject": self.source.subject[:200]})

    def _reopen(self, at: datetime) -> None:
        self.closures[-1].reopened_at = at
        self.closures[-1].reopened_by = self.customer.doer[0]
        self.status, self.resolved_at = Conversation.Status.OPEN, None
        self.waiting_since = self.waiting_since or at
        self._add_change(self.customer, at, {"what": "reopened"})
        self._tell(events.CONVERSATION_REOPENED, self.customer.doer, at, {})

    def _promise_first_reply(self, at: datetime) -> None:
        simulated = self.source.promise
        is_first = not self.promises and simulated is not None
        due = simulated.due_at if is_first and simulated else first_reply_due(at, self.source.channel)
        promise = _Promise(self.ink.ids.at(at), at, due)
        self.promises.append(promise)
        self._tell_promise(events.PROMISE_MADE, promise, at)

    def _sweep(self, at: datetime) -> None:
        """What the job of each minute did until ``at``."""
        promise = self.open_promise
        if promise is not None:
            swept = promise.due_at.replace(second=0, microsecond=0) + SWEEP
            if swept <= at:
                self._settle(promise, Promise.Outcome.BROKEN, swept)

    def _fulfil(self, at: datetime) -> None:
        for promise in self.promises:
            if promise.fulfilled_at is None:
                promise.fulfilled_at = at
                if promise.outcome == Promise.Outcome.OPEN:
                    in_time = at <= promise.due_at
                    self._settle(promise, Promise.Outcome.KEPT if in_time else Promise.Outcome.BROKEN, at)

    def _waive(self, at: datetime) -> None:
        promise = self.open_promise
        if promise is not None:
            late = at > promise.due_at
            self._settle(promise, Promise.Outcome.BROKEN if late else Promise.Outcome.WAIVED, at)

    def _settle(self, promise: _Promise, outcome: Promise.Outcome, at: datetime) -> None:
        promise.outcome, promise.settled_at = outcome.value, at
        kinds = {
            Promise.Outcome.KEPT: events.PROMISE_KEPT,
            Promise.Outcome.BROKEN: events.PROMISE_BROKEN,
            Promise.Outcome.WAIVED: events.PROMISE_WAIVED,
        }
        self._tell_promise(kinds[outcome], promise, at)

    def _tell_promise(self, kind: str, promise: _Promise, at: datetime) -> None:
        told = {
            "promise": str(promise.id),
            "promise_kind": Promise.Kind.FIRST_REPLY.value,
            "due_at": promise.due_at.isoformat(),
        }
        self._tell(kind, SYSTEM, at, told)

    def _add_change(self, author: Author, at: datetime, change: dict[str, Any]) -> None:
        self._add(author, Entry.Kind.CHANGE, Entry.Direction.INSIDE, at, change=change)

    def _add(
        self,
        author: Author,
        kind: Entry.Kind,
        direction: Entry.Direction,
        at: datetime,
        *,
        text: str = "",
        change: dict[str, Any] | None = None,
        is_on_leg: bool = False,
    ) -> uuid.UUID:
        """As ``desk.actions.thread.add_entry``."""
        self.last_seq += 1
        entry = self.ink.ids.at(at)
        is_in = direction == Entry.Direction.IN
        self.ink.rows.add(
            "desk_entry",
            *(entry, DEMO_ID, self.id, self.leg_id if is_on_leg else None, self.last_seq),
            *(kind.value, direction.value, *author.doer, author.name, text),
            *(None if change is None else as_json(change), self.source.language if is_in else "", at),
            self._dedupe_key(entry) if is_in else None,
        )
        if kind == Entry.Kind.MESSAGE:
            self.last_preview, self.last_author_kind = preview(text), author.doer[0]
        if kind != Entry.Kind.CHANGE:
            self.last_entry_at = at
        if is_in:
            self.last_customer_seq = self.last_seq
        return entry

    def _dedupe_key(self, entry: uuid.UUID) -> str:
        return f"chat:{self.identity_id}:{entry}" if self.source.channel == CHAT else f"demo:{entry}"

    def _tell_entry(self, kind: str, doer: Doer, at: datetime, entry: uuid.UUID, text: str) -> None:
        told = {"entry": str(entry), "entry_seq": self.last_seq, "preview": preview(text)}
        self._tell(kind, doer, at, told)

    def _deliver(self, entry: uuid.UUID, at: datetime) -> None:
        """Chats show a message when the customer looks, half a minute later or so; the rest went out."""
        state, changed_at = Delivery.State.SENT, at
        if self.source.channel == CHAT:
            seen = at + timedelta(seconds=15 + (self.number * 7 + self.last_seq * 17) % 75)
            state, changed_at = Delivery.State.QUEUED, at
            if seen <= self.ink.until:
                state, changed_at = Delivery.State.READ, seen
                told = {"entry": str(entry), "entry_seq": self.last_seq, "state": state.value}
                self._tell(events.MESSAGE_DELIVERED, SYSTEM, seen, told)
        self.ink.rows.add(
            "desk_delivery",
            *(self.ink.ids.at(at), DEMO_ID, entry, self.identity_id, state.value, "", changed_at),
        )

    def _tell(self, kind: str, doer: Doer, at: datetime, data: dict[str, Any]) -> None:
        self.ink.chronicle.tell(
            kind,
            at,
            doer=doer,
            subject=("conversation", self.id),
            identity_id=self.identity_id,
            channel=self.source.channel,
            data={"number": self.number, **data},
        )


def member_author(member_id: uuid.UUID, name: str) -> Author:
    """A member who writes under their name."""
    return Author(by_member(member_id), name)
