"""Conversations from rows: one message, note or activity each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rapport.customers.bulk import Somebody
from rapport.desk.importing.matters import CUSTOMER, MEMBER, SYSTEM, Matter, Turn, in_order, status_of
from rapport.desk.models import Entry
from rapport.desk.rules import MAX_MESSAGE_CHARS
from rapport.timeline.importing import values
from rapport.timeline.importing.drafts import Draft
from rapport.timeline.importing.events import EventReader
from rapport.timeline.importing.files import Row
from rapport.timeline.importing.mapping import ColumnMap
from rapport.timeline.importing.people import case_as_somebody, somebody
from rapport.timeline.importing.problems import RowRefused
from rapport.timeline.importing.values import Reading

_WORDS = {
    Entry.Direction.IN: "in inbound incoming received customer enduser visitor caller buyer from_customer",
    Entry.Direction.OUT: "out outbound outgoing sent agent member staff support operator rep to_customer",
    Entry.Direction.INSIDE: "inside internal note private action system change bot",
}
_DIRECTION_OF = {word: direction for direction, words in _WORDS.items() for word in words.split()}

Refused = list[tuple[Row, str]]


class MessageReader:
    """Turns the rows of one conversation into a ``Matter``.

    ``activities`` reads the same rows as events; then each activity is told on the timeline as well.
    """

    def __init__(
        self, *, mapping: ColumnMap, reading: Reading, source: str, activities: EventReader | None
    ) -> None:
        self._mapping = mapping
        self._reading = reading
        self._source = source
        self._activities = activities

    def key(self, row: Row) -> str:
        """Which conversation a row belongs to. Raises ``RowRefused``."""
        found = values.line(self._mapping.value(row, "conversation"), max_chars=200, what="conversation")
        if not found:
            raise RowRefused("does not say which conversation it belongs to")
        return found

    def moment(self, row: Row) -> datetime:
        return values.moment(self._mapping.value(row, "at"), self._reading)

    def matter(self, key: str, rows: Sequence[Row]) -> tuple[Matter | None, Refused]:
        """The conversation, or ``None`` when no row of it can be taken, and the rows refused."""
        turns: list[Turn] = []
        refused: Refused = []
        person: Somebody | None = None
        status = ""
        for row in rows:
            try:
                turn = self._turn(row)
                named = somebody(row, self._mapping, at=turn.at, reading=self._reading)
                status = status_of(str(self._mapping.value(row, "status")))
            except RowRefused as error:
                refused.append((row, str(error)))
                continue
            person = person or named
            turns.append(turn)
        if not turns:
            return None, refused
        turns = in_order(turns)
        if person is None:
            if self._names_customers():
                return None, [
                    *refused,
                    *((turn.row, "no customer in any row of its conversation") for turn in turns),
                ]
            person = case_as_somebody(self._source, key, at=turns[0].at)
        return self._whole(key, person, turns, status), refused

    def _turn(self, row: Row) -> Turn:
        value = self._mapping.value
        at = self.moment(row)
        author = values.line(value(row, "author"), max_chars=120, what="author")
        own_id = values.line(value(row, "id"), max_chars=200, what="id")
        said = str(value(row, "text")).strip()
        if not said:
            return self._activity(row, at, author, own_id)
        text = values.text(said, max_chars=MAX_MESSAGE_CHARS, what="text")
        direction = self._direction(row)
        inside = direction == Entry.Direction.INSIDE
        kind = Entry.Kind.NOTE if inside else Entry.Kind.MESSAGE
        author_kind = CUSTOMER if direction == Entry.Direction.IN else MEMBER
        return Turn(row, kind, direction, author_kind, author, at, text=text, own_id=own_id)

    def _activity(self, row: Row, at: datetime, author: str, own_id: str) -> Turn:
        name = values.line(self._mapping.value(row, "activity"), max_chars=200, what="activity")
        if not name:
            raise RowRefused("says nothing")
        change = {"what": "activity", "name": name, "resource": author}
        told: Draft | None = self._activities.draft(row) if self._activities else None
        return Turn(
            row,
            Entry.Kind.CHANGE,
            Entry.Direction.INSIDE,
            MEMBER if author else SYSTEM,
            author,
            at,
            change=change,
            own_id=own_id,
            activity=told,
        )

    def _direction(self, row: Row) -> str:
        written = str(self._mapping.value(row, "direction")).strip()
        word = "_".join(written.lower().replace("-", "").split())
        if not word:
            return Entry.Direction.IN
        if word not in _DIRECTION_OF:
            raise RowRefused(f"direction “{written[:40]}” is none of {', '.join(sorted(_DIRECTION_OF))}")
        return _DIRECTION_OF[word]

    def _names_customers(self) -> bool:
        return bool(self._mapping.identities) or self._mapping.has("identity")

    def _whole(self, key: str, person: Somebody, turns: list[Turn], status: str) -> Matter:
        def first(name: str, limit: int) -> str:
            written = (str(self._mapping.value(turn.row, name)) for turn in turns)
            return " ".join(next((text for text in written if text.strip()), "").split())[:limit]

        return Matter(
            key,
            person,
            turns,
            subject=first("subject", 200),
            reason=first("reason", 80),
            language=person.language[:10],
            status=status or status_of(""),
        )
