"""Conversations from dialogues of the ABCD shape: who spoke and what, in order, but not when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from rapport.customers.bulk import Mark, Somebody
from rapport.desk.importing.matters import CUSTOMER, MEMBER, SYSTEM, Matter, Turn
from rapport.desk.models import Entry
from rapport.desk.rules import MAX_MESSAGE_CHARS
from rapport.kernel import clock
from rapport.timeline.importing import values
from rapport.timeline.importing.files import Row
from rapport.timeline.importing.people import case_as_somebody, mark
from rapport.timeline.importing.problems import RowRefused
from rapport.timeline.importing.values import Reading

#: Turns are put a minute apart, from nine in the morning of the day of purchase.
BETWEEN_TURNS = timedelta(minutes=1)
_NINE = time(9)
_NAMESPACES = {"username": "user_id", "email": "email", "phone": "phone"}


@dataclass(frozen=True, slots=True)
class DialogueReader:
    """Turns a row, a whole dialogue, into a ``Matter``. Moments are made up, and the first entry says so."""

    reading: Reading
    source: str

    def key(self, row: Row) -> str:
        return str(row.values["convo_id"])[:200]

    def moment(self, row: Row) -> datetime:
        """When the dialogue is taken to begin: the day of purchase, else so that it ends now."""
        length = len(row.values["original"])
        bought = str(_part(row, "order").get("purchase_date") or "").strip()
        if not bought:
            return clock.now() - (length + 1) * BETWEEN_TURNS
        local = values.moment(bought, self.reading).astimezone(self.reading.zone)
        return datetime.combine(local.date(), _NINE, tzinfo=self.reading.zone)

    def matter(self, key: str, rows: list[Row]) -> tuple[Matter | None, list[tuple[Row, str]]]:
        """As ``MessageReader.matter``."""
        row = rows[0]
        refused = [(other, f"dialogue {key} is in the file twice") for other in rows[1:]]
        try:
            return self._matter(key, row), refused
        except RowRefused as error:
            return None, [(row, str(error)), *refused]

    def _matter(self, key: str, row: Row) -> Matter:
        at = self.moment(row)
        person = self._person(key, row, at)
        turns = [self._imported(row, at)]
        for number, (speaker, said) in enumerate(row.values["original"], start=1):
            turns.append(self._turn(row, number, speaker, said, person.name, at + number * BETWEEN_TURNS))
        scenario = row.values.get("scenario") or {}
        reason = ".".join(str(scenario[part]) for part in ("flow", "subflow") if scenario.get(part))
        return Matter(key, person, turns, reason=reason[:80])

    def _imported(self, row: Row, at: datetime) -> Turn:
        """The mark that the moments of this conversation are not measured."""
        change = {"what": "imported", "source": self.source, "times": "made up"}
        return Turn(
            row,
            Entry.Kind.CHANGE,
            Entry.Direction.INSIDE,
            SYSTEM,
            "",
            at,
            change=change,
            own_id="imported",
        )

    def _turn(self, row: Row, number: int, speaker: str, said: str, name: str, at: datetime) -> Turn:
        own_id = f"turn {number}"
        text = values.text(said, max_chars=MAX_MESSAGE_CHARS, what=f"turn {number}")
        if speaker == "customer":
            return Turn(
                row,
                Entry.Kind.MESSAGE,
                Entry.Direction.IN,
                CUSTOMER,
                name[:120],
                at,
                text=text,
                own_id=own_id,
            )
        if speaker == "agent":
            return Turn(
                row, Entry.Kind.MESSAGE, Entry.Direction.OUT, MEMBER, "", at, text=text, own_id=own_id
            )
        if speaker == "action":
            change = {"what": "activity", "name": text[:500], "resource": ""}
            return Turn(
                row, Entry.Kind.CHANGE, Entry.Direction.INSIDE, SYSTEM, "", at, change=change, own_id=own_id
            )
        raise RowRefused(f"turn {number} is by “{speaker[:40]}”, not by agent, customer or action")

    def _person(self, key: str, row: Row, at: datetime) -> Somebody:
        told = _part(row, "personal")
        marks: list[Mark] = [
            mark(namespace, str(told[field]), self.reading)
            for field, namespace in _NAMESPACES.items()
            if told.get(field)
        ]
        if not marks:
            return case_as_somebody(self.source, key, at=at)
        name = values.line(told.get("customer_name"), max_chars=160, what="name").title()
        town = values.line(_part(row, "order").get("city"), max_chars=80, what="town").title()
        return Somebody(tuple(marks), at, name=name, town=town)


def _part(row: Row, name: str) -> Mapping[str, Any]:
    scenario = row.values.get("scenario")
    part = scenario.get(name) if isinstance(scenario, dict) else None
    return part if isinstance(part, dict) else {}
