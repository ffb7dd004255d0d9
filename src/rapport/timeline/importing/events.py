"""Rows as events."""

from __future__ import annotations

from typing import Any

import orjson

from rapport.kernel.log import kinds
from rapport.timeline import events
from rapport.timeline.importing import values
from rapport.timeline.importing.drafts import Draft
from rapport.timeline.importing.files import Row
from rapport.timeline.importing.mapping import ColumnMap
from rapport.timeline.importing.people import case_as_somebody, somebody
from rapport.timeline.importing.problems import AlreadyThere, RowRefused
from rapport.timeline.importing.values import Reading

MOST_DATA_BYTES = 65_536
_MOST_EXTRAS = 60
#: Kinds that others may report; ours are records of what was done in Rapport.
OUTSIDE_KINDS = frozenset(
    value for name, value in vars(events).items() if name.isupper() and isinstance(value, str)
)


class EventReader:
    """Turns rows into drafts of events."""

    def __init__(self, *, mapping: ColumnMap, reading: Reading, source: str, workspace: str) -> None:
        self._mapping = mapping
        self._reading = reading
        self._source = source
        self._workspace = workspace
        self._is_ours = mapping.has("workspace")

    def draft(self, row: Row) -> Draft:
        """Raises ``RowRefused``, and ``AlreadyThere`` for what this workspace exported itself."""
        value = self._mapping.value
        if self._is_ours and str(value(row, "workspace")) == self._workspace:
            raise AlreadyThere(str(row.line))
        at = values.moment(value(row, "at"), self._reading)
        name = values.line(value(row, "kind"), max_chars=120, what="kind")
        if not name:
            raise RowRefused("does not say what happened")
        kind = self._kind(name)
        subject = values.line(value(row, "subject"), max_chars=200, what="subject")
        person = somebody(row, self._mapping, at=at, reading=self._reading)
        if person is None and subject and not self._is_ours:
            person = case_as_somebody(self._source, subject, at=at)
        if person is None and not self._is_ours:
            raise RowRefused("no customer")
        data = self._data(row)
        if kind == events.ACTIVITY_DONE:
            data.setdefault("name", name)
            resource = values.line(value(row, "resource"), max_chars=120, what="resource")
            if resource:
                data.setdefault("resource", resource)
        return Draft(
            (row,),
            kind,
            at,
            person,
            channel=values.line(value(row, "channel"), max_chars=20, what="channel"),
            subject_kind=values.line(value(row, "subject_kind"), max_chars=20, what="subject") or "case",
            subject_id=subject,
            data=data,
            own_id=values.line(value(row, "id"), max_chars=200, what="id"),
        )

    def _kind(self, name: str) -> str:
        written = name.strip().lower().replace(" ", ".").replace("_", ".")
        if written in OUTSIDE_KINDS:
            return written
        if self._is_ours and name in kinds:
            if kinds[name].audited:
                raise RowRefused(f"“{name}” is a record of what members did, which no file can add to")
            return name
        return events.ACTIVITY_DONE

    def _data(self, row: Row) -> dict[str, Any]:
        found = self._mapping.value(row, "data") or {}
        if isinstance(found, str):
            try:
                found = orjson.loads(found)
            except orjson.JSONDecodeError as error:
                raise RowRefused(f"data: not JSON: {error.msg}") from error
        if not isinstance(found, dict):
            raise RowRefused("data: not a JSON object")
        data = dict(found)
        if not self._is_ours:
            add_extras(data, row, self._mapping)
        if len(orjson.dumps(data, option=orjson.OPT_NON_STR_KEYS)) > MOST_DATA_BYTES:
            raise RowRefused(f"carries more than {MOST_DATA_BYTES // 1024} KB")
        return data


def add_extras(data: dict[str, Any], row: Row, mapping: ColumnMap) -> None:
    """Put the columns nobody asked for into the event, under their own names."""
    for column in mapping.rest(row)[:_MOST_EXTRAS]:
        found = row.values.get(column)
        if found not in (None, ""):
            data.setdefault(column, values.carried(found))


def described(draft: Draft) -> str:
    """What a row becomes, in one line."""
    who = "nobody in particular"
    if draft.person is not None:
        who = ", ".join(f"{mark.namespace} {mark.value}" for mark in draft.person.marks)
    what = draft.kind
    if "amount_minor" in draft.data:
        what += f" {draft.data['amount_minor']} minor units {draft.data['currency']}"
    elif draft.kind == events.ACTIVITY_DONE:
        what += f" “{draft.data['name']}”"
    return f"{draft.at:%Y-%m-%d %H:%M} UTC, {what}, {who}"
