"""Planning and carrying out an import: what `rapport import` does between its options and its report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rapport.accounts.models import Brand, Workspace
from rapport.desk.importing.accounts import account_of
from rapport.desk.importing.dialogues import DialogueReader
from rapport.desk.importing.messages import MessageReader
from rapport.desk.importing.run import MatterReader, bring_in_conversations
from rapport.desk.importing.writing import ConversationWriter
from rapport.kernel.actors import system
from rapport.kernel.money import MoneyError, minor_digits
from rapport.timeline.importing import source as sources
from rapport.timeline.importing.drafts import EventWriter
from rapport.timeline.importing.events import EventReader, described
from rapport.timeline.importing.files import Row, SourceFile, opened
from rapport.timeline.importing.mapping import (
    CONVERSATIONS,
    EVENTS,
    IDENTITY_NAMES,
    ORDERS,
    ColumnMap,
    Shape,
    guess,
)
from rapport.timeline.importing.orders import OrderReader
from rapport.timeline.importing.problems import AlreadyThere, BadMapping, RowRefused
from rapport.timeline.importing.report import Refusals, Report
from rapport.timeline.importing.run import Progress, bring_in_orders, bring_in_rows
from rapport.timeline.importing.source import Source, source_of
from rapport.timeline.importing.values import Reading, day_first_of

SHAPES: dict[str, Shape] = {"events": EVENTS, "orders": ORDERS, "conversations": CONVERSATIONS}
SHOWN_ROWS = 5
_ROWS_PER_STEP = 500
_DAY_FIRST = {"day-first": True, "month-first": False, None: None}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is asked for; everything has a default that follows from the file and the workspace."""

    columns_of: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    source: str | None = None
    time_zone: str | None = None
    country: str | None = None
    date_order: str | None = None
    decimal_comma: bool = False
    columns: Sequence[str] | None = None
    delimiter: str | None = None
    encoding: str | None = None
    brand: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """An import that has been understood and not begun. ``mapping`` is ``None`` for dialogues."""

    what: str
    workspace: Workspace
    source: Source
    name: str
    mapping: ColumnMap | None
    reading: Reading
    brand: Brand | None

    def preview(self) -> list[tuple[int, str, bool]]:
        """Of the first rows: line, what it becomes or why it is refused, and whether it is taken."""
        shown = []
        for row in self.source.sample[:SHOWN_ROWS]:
            try:
                if row.fault:
                    raise RowRefused(row.fault)
                shown.append((row.line, self._becomes(row), True))
            except AlreadyThere:
                shown.append((row.line, "was exported from this workspace: nothing to do", True))
            except RowRefused as error:
                shown.append((row.line, str(error), False))
        return shown

    def run(
        self, report: Report, *, refused: Path | None, progress: Progress, folder: Path | None = None
    ) -> None:
        """Bring everything in. Raises ``timeline.importing.run.Stopped`` when it ends in the middle."""
        with opened(self.source.path) as file, Refusals(report, refused) as refusals:
            rows = _watched(self.source.rows(file), file, progress)
            actor = system(self.workspace.pk)
            if self.what == "conversations":
                assert self.brand is not None  # noqa: S101  (plan_import saw to it)
                account = account_of(
                    actor, source=self.name, brand_id=self.brand.pk, workspace_slug=self.workspace.slug
                )
                conversations = ConversationWriter(actor, source=self.name, account=account, report=report)
                bring_in_conversations(
                    rows,
                    reader=self._matters(),
                    write=conversations.write,
                    report=report,
                    refusals=refusals,
                    progress=progress,
                    folder=folder,
                )
                return
            events = EventWriter(actor, source=self.name, report=report, refuse=refusals.add)
            if self.what == "orders" and self._orders().by_number:
                bring_in_orders(
                    rows,
                    reader=self._orders(),
                    write=events.write,
                    report=report,
                    refusals=refusals,
                    progress=progress,
                    folder=folder,
                )
                return
            draft = self._orders().draft if self.what == "orders" else self._events().draft
            bring_in_rows(rows, draft=draft, write=events.write, report=report, refusals=refusals)

    def _becomes(self, row: Row) -> str:
        if self.what == "events":
            return described(self._events().draft(row))
        if self.what == "orders":
            return described(self._orders().draft(row))
        reader = self._matters()
        key = reader.key(row)
        matter, refused = reader.matter(key, [row])
        if matter is None:
            raise RowRefused(refused[0][1])
        last = matter.turns[-1]
        said = last.text or str((last.change or {}).get("name", ""))
        who = ", ".join(f"{mark.namespace} {mark.value}" for mark in matter.person.marks)
        return f"{matter.opened_at:%Y-%m-%d %H:%M}, conversation {key} of {who}: {last.kind} “{said[:60]}”"

    def _map(self) -> ColumnMap:
        if self.mapping is None:
            raise BadMapping("dialogues have no columns")
        return self.mapping

    def _events(self) -> EventReader:
        return EventReader(
            mapping=self._map(), reading=self.reading, source=self.name, workspace=str(self.workspace.pk)
        )

    def _orders(self) -> OrderReader:
        return OrderReader(mapping=self._map(), reading=self.reading)

    def _matters(self) -> MatterReader:
        if self.source.kind == sources.DIALOGUES:
            return DialogueReader(self.reading, self.name)
        return MessageReader(
            mapping=self._map(), reading=self.reading, source=self.name, activities=self._activities()
        )

    def _activities(self) -> EventReader | None:
        """Activities of a process log are told on the timeline too, exactly as `import events` tells them."""
        if self.source.kind != sources.XES:
            return None
        same = {
            name: column for name, column in self._map().columns.items() if name in {"at", *IDENTITY_NAMES}
        }
        mapping = _guessed("events", self.source, Wishes(columns_of=same))
        return EventReader(
            mapping=mapping, reading=self.reading, source=self.name, workspace=str(self.workspace.pk)
        )


def plan_import(workspace: Workspace, what: str, path: Path, wishes: Wishes) -> Plan:
    """Understand a file. Raises ``CannotImport``; nothing is written."""
    source = source_of(path, delimiter=wishes.delimiter, columns=wishes.columns, encoding=wishes.encoding)
    mapping = None
    if source.kind == sources.DIALOGUES:
        if what != "conversations":
            raise BadMapping(f"{path.name} holds dialogues, which are conversations and not {what}")
    else:
        mapping = _guessed(what, source, wishes)
    return Plan(
        what=what,
        workspace=workspace,
        source=source,
        name=wishes.source or sources.default_name(path),
        mapping=mapping,
        reading=_reading(workspace, wishes, mapping, source),
        brand=_brand(workspace, wishes.brand) if what == "conversations" else None,
    )


def _guessed(what: str, source: Source, wishes: Wishes) -> ColumnMap:
    given = dict(wishes.columns_of)
    if source.kind == sources.XES:
        for role, attribute in sources.XES_FIELDS.items():
            name = _XES_NAMES[what].get(role)
            if name and name not in wishes.constants and attribute in source.columns:
                given.setdefault(name, attribute)
    return guess(
        SHAPES[what],
        source.sample,
        columns=source.columns,
        given=given,
        constants=wishes.constants,
        complete=source.kind == sources.TABLE,
    )


_XES_NAMES = {
    "events": {"at": "at", "case": "subject", "activity": "kind", "resource": "resource"},
    "conversations": {"at": "at", "case": "conversation", "activity": "activity", "resource": "author"},
    "orders": {"at": "at"},
}


def _reading(workspace: Workspace, wishes: Wishes, mapping: ColumnMap | None, source: Source) -> Reading:
    zone = wishes.time_zone or workspace.time_zone
    currency = str(wishes.constants.get("currency", workspace.currency)).upper()
    try:
        minor_digits(currency)
        known_zone = ZoneInfo(zone)
    except MoneyError as error:
        raise BadMapping(str(error)) from error
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadMapping(f"there is no time zone called {zone}; write it as in Africa/Nairobi") from error
    day_first = _DAY_FIRST[wishes.date_order]
    column = mapping.columns.get("at") if mapping else None
    if day_first is None and column is not None:
        day_first = day_first_of([str(row.values.get(column, "")) for row in source.sample])
    return Reading(
        zone=known_zone,
        currency=currency,
        region=(wishes.country or workspace.country).upper(),
        day_first=day_first,
        decimal_comma=wishes.decimal_comma,
    )


def _brand(workspace: Workspace, slug: str | None) -> Brand:
    brands = list(Brand.objects.within(workspace).order_by("created_at", "pk"))
    if not brands:
        raise BadMapping(f"the workspace {workspace.slug} has no brand yet")
    chosen: Brand | None = next((one for one in brands if slug in (None, one.slug)), None)
    if chosen is None:
        raise BadMapping(f"there is no brand {slug}; there are {', '.join(one.slug for one in brands)}")
    return chosen


def _watched(rows: Iterator[Row], file: SourceFile, progress: Progress) -> Iterator[Any]:
    for number, row in enumerate(rows):
        if number % _ROWS_PER_STEP == 0:
            progress(f"line {row.line}", file.position, file.size)
        yield row
