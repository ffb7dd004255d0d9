"""A conversation on its way in, before the database has seen it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rapport.customers.bulk import Somebody
from rapport.desk.models import Conversation, Entry
from rapport.desk.rules import preview
from rapport.timeline.importing.drafts import Draft
from rapport.timeline.importing.files import Row
from rapport.timeline.importing.problems import RowRefused
from rapport.timeline.importing.tally import digest

CUSTOMER, MEMBER, SYSTEM = "customer", "member", "system"

_STATUSES = {
    Conversation.Status.RESOLVED: "resolved closed solved done complete completed settled",
    Conversation.Status.OPEN: "open new active in_progress reopened unresolved",
    Conversation.Status.WAITING: "waiting pending on_hold hold awaiting_customer",
}
_STATUS_OF = {word: status for status, words in _STATUSES.items() for word in words.split()}


@dataclass(frozen=True, slots=True)
class Turn:
    """One entry to be. ``activity`` is the event that the row tells of besides, if any."""

    row: Row
    kind: str
    direction: str
    author_kind: str
    author_name: str
    at: datetime
    text: str = ""
    change: dict[str, Any] | None = None
    own_id: str = ""
    activity: Draft | None = None

    def content(self) -> bytes:
        if self.own_id:
            return digest("id", self.own_id)
        said = [self.kind, self.direction, self.author_name, self.text, self.change]
        return digest(said, self.at.isoformat())


@dataclass(slots=True)
class Matter:
    """One conversation: ``key`` is how the file calls it; ``turns`` are in order and not empty."""

    key: str
    person: Somebody
    turns: list[Turn]
    subject: str = ""
    reason: str = ""
    language: str = ""
    status: str = Conversation.Status.RESOLVED
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def opened_at(self) -> datetime:
        return self.turns[0].at

    @property
    def ended_at(self) -> datetime:
        return self.turns[-1].at

    @property
    def is_resolved(self) -> bool:
        return self.status == Conversation.Status.RESOLVED

    def entry_keys(self, source: str) -> list[str]:
        """The dedupe key of each turn; equal turns are numbered."""
        seen: Counter[bytes] = Counter()
        keys = []
        for turn in self.turns:
            content = turn.content()
            seen[content] += 1
            keys.append(f"import:{digest(source, self.key, content.hex(), seen[content]).hex()}")
        return keys

    def title(self) -> str:
        """The subject given, else the first words of the customer, else the name in the file."""
        said = (turn.text for turn in self.turns if turn.direction == Entry.Direction.IN and turn.text)
        return (self.subject or preview(next(said, ""))[:80] or self.key)[:200]

    def first_replied_at(self) -> datetime | None:
        return next((turn.at for turn in self.turns if turn.direction == Entry.Direction.OUT), None)

    def waiting_since(self) -> datetime | None:
        """Since when an open matter waits: the first word of the customer that nobody answered."""
        if self.status != Conversation.Status.OPEN:
            return None
        since: datetime | None = None
        for turn in self.turns:
            if turn.direction == Entry.Direction.OUT:
                since = None
            elif turn.direction == Entry.Direction.IN and since is None:
                since = turn.at
        return since or self.ended_at


def status_of(written: str) -> str:
    """Our word for another system's status; nothing said means settled. Raises ``RowRefused``."""
    word = "_".join(written.lower().split())
    if not word:
        return Conversation.Status.RESOLVED
    if word not in _STATUS_OF:
        raise RowRefused(f"status “{written[:40]}” is none of {', '.join(sorted(_STATUS_OF))}")
    return _STATUS_OF[word]


def in_order(turns: Sequence[Turn]) -> list[Turn]:
    """By time; ties as they stood in the file."""
    return sorted(turns, key=lambda turn: turn.at)
