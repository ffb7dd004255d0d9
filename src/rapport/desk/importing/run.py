"""Running an import of conversations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from rapport.desk.importing.matters import Matter
from rapport.timeline.importing.files import Row
from rapport.timeline.importing.problems import RowRefused
from rapport.timeline.importing.report import Refusals, Report
from rapport.timeline.importing.run import Progress, stopping
from rapport.timeline.importing.spool import Spool

#: The row of numbers stays locked for a chunk, so live conversations must not wait long for it.
CHUNK_TURNS = 3_000


class MatterReader(Protocol):
    """Rows of one shape, brought together to conversations."""

    def key(self, row: Row) -> str: ...

    def moment(self, row: Row) -> datetime: ...

    def matter(self, key: str, rows: list[Row]) -> tuple[Matter | None, list[tuple[Row, str]]]: ...


def bring_in_conversations(
    rows: Iterable[Row],
    *,
    reader: MatterReader,
    write: Callable[[Sequence[Matter]], None],
    report: Report,
    refusals: Refusals,
    progress: Progress,
    folder: Path | None = None,
) -> None:
    """Conversations in the order of their opening, wherever in the file their rows stand.

    Raises ``timeline.importing.run.Stopped``: then whole chunks are in, and running again continues.
    """
    with stopping(report), Spool(folder) as spool:
        for row in rows:
            report.read += 1
            try:
                if row.fault:
                    raise RowRefused(row.fault)
                spool.add(reader.key(row), row, at=_moment(reader, row))
            except RowRefused as error:
                refusals.add(row, str(error))
        for chunk in _chunks(_matters(spool, reader, refusals)):
            write(chunk)
            progress("conversations", report.settled, report.read)


def _moment(reader: MatterReader, row: Row) -> datetime | None:
    """For sorting only: a row without a date is refused by name when its conversation is read."""
    try:
        return reader.moment(row)
    except RowRefused:
        return None


def _matters(spool: Spool, reader: MatterReader, refusals: Refusals) -> Iterator[Matter]:
    for key, rows in spool.groups():
        matter, refused = reader.matter(key, rows)
        for row, reason in refused:
            refusals.add(row, reason)
        if matter is not None:
            yield matter


def _chunks(matters: Iterable[Matter]) -> Iterator[list[Matter]]:
    chunk: list[Matter] = []
    turns = 0
    for matter in matters:
        chunk.append(matter)
        turns += len(matter.turns)
        if turns >= CHUNK_TURNS:
            yield chunk
            chunk, turns = [], 0
    if chunk:
        yield chunk
