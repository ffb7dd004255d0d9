"""Running an import: rows in, whole chunks out, a report of every row."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from django.db import Error as DatabaseError

from rapport.timeline.importing.drafts import Draft
from rapport.timeline.importing.files import Row
from rapport.timeline.importing.orders import OrderReader, OrderRefused
from rapport.timeline.importing.problems import AlreadyThere, CannotImport, RowRefused
from rapport.timeline.importing.report import Refusals, Report
from rapport.timeline.importing.spool import Spool

CHUNK_ROWS = 5_000

#: Called with (what is being done, how much, of how much).
Progress = Callable[[str, int, int], None]


class Stopped(Exception):
    """The import ended in the middle: disk full, database lost, file cut short. Whole chunks are in."""

    def __init__(self, report: Report, cause: BaseException) -> None:
        super().__init__(str(cause))
        self.report = report
        self.cause = cause


def bring_in_rows(
    rows: Iterable[Row],
    *,
    draft: Callable[[Row], Draft],
    write: Callable[[Sequence[Draft]], None],
    report: Report,
    refusals: Refusals,
) -> None:
    """Rows that stand for themselves, in the order of the file. Raises ``Stopped``."""
    chunk: list[Draft] = []
    line = 0
    with stopping(report):
        for row in rows:
            report.read += 1
            line = row.line
            try:
                if row.fault:
                    raise RowRefused(row.fault)
                chunk.append(draft(row))
            except AlreadyThere:
                report.there += 1
            except RowRefused as error:
                refusals.add(row, str(error))
            if len(chunk) >= CHUNK_ROWS:
                write(chunk)
                chunk = []
                report.through_line = line
        if chunk:
            write(chunk)
        report.through_line = line


def bring_in_orders(
    rows: Iterable[Row],
    *,
    reader: OrderReader,
    write: Callable[[Sequence[Draft]], None],
    report: Report,
    refusals: Refusals,
    progress: Progress,
    folder: Path | None = None,
) -> None:
    """Orders of several lines, wherever in the file their lines stand. Raises ``Stopped``."""
    with stopping(report), Spool(folder) as spool:
        for row in rows:
            report.read += 1
            try:
                if row.fault:
                    raise RowRefused(row.fault)
                spool.add(reader.number(row), row, at=_moment(reader, row))
            except RowRefused as error:
                refusals.add(row, str(error))
        for chunk in _chunks(_orders(spool, reader, refusals)):
            write(chunk)
            progress("orders", report.settled, report.read)


def _moment(reader: OrderReader, row: Row) -> datetime | None:
    """For sorting only: a row without a date is refused with the rest of its order, by name."""
    try:
        return reader.moment(row)
    except RowRefused:
        return None


def _orders(spool: Spool, reader: OrderReader, refusals: Refusals) -> Iterator[Draft]:
    for number, rows in spool.groups():
        try:
            yield reader.draft_of_lines(number, rows)
        except OrderRefused as refused:
            for row in rows:
                refusals.add(row, refused.reasons[row.line])


def _chunks(drafts: Iterable[Draft]) -> Iterator[list[Draft]]:
    chunk: list[Draft] = []
    lines = 0
    for draft in drafts:
        chunk.append(draft)
        lines += len(draft.rows)
        if lines >= CHUNK_ROWS:
            yield chunk
            chunk, lines = [], 0
    if chunk:
        yield chunk


@contextlib.contextmanager
def stopping(report: Report) -> Iterator[None]:
    """What ends an import in the middle leaves it with the report so far, as ``Stopped``."""
    try:
        yield
    except (DatabaseError, OSError, CannotImport) as error:
        raise Stopped(report, error) from error
