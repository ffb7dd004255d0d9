"""What kind of file it is, and its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from rapport.timeline.importing import xes
from rapport.timeline.importing.dialogues import dialogue_rows
from rapport.timeline.importing.files import Row, SourceFile, opened, sample_of
from rapport.timeline.importing.json_lines import json_rows
from rapport.timeline.importing.problems import Unreadable
from rapport.timeline.importing.tables import TableShape, shape_of, table_rows

TABLE, JSON_LINES, XES, DIALOGUES = "table", "JSON lines", "XES", "dialogues"
#: Attributes that the standard defines mean the same in every log.
XES_FIELDS = {
    "at": xes.AT,
    "case": xes.CASE,
    "activity": xes.ACTIVITY,
    "resource": xes.RESOURCE,
}
_SAMPLED_ROWS = 200
_COPY = re.compile(r"( ?\(\d+\)| ?-? ?copy( \d+)?)$", re.IGNORECASE)
_SUFFIX = re.compile(r"\.(gz|csv|tsv|txt|jsonl|ndjson|json|xes|xml)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """A file whose kind is known. ``shape`` is set for tables; ``sample`` are its first rows."""

    path: Path
    kind: str
    shape: TableShape | None
    sample: tuple[Row, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns of a table; of others those that the sample shows."""
        if self.shape is not None:
            return self.shape.columns
        return tuple(dict.fromkeys(name for row in self.sample for name in row.values))

    def __str__(self) -> str:
        return str(self.shape) if self.shape is not None else self.kind

    def rows(self, file: SourceFile) -> Iterator[Row]:
        """All rows of the opened file. Raises ``Unreadable``."""
        return _rows(file, self.kind, self.shape)


def source_of(
    path: Path,
    *,
    delimiter: str | None = None,
    columns: Sequence[str] | None = None,
    encoding: str | None = None,
) -> Source:
    """Look at the start of a file. Raises ``Unreadable``, also when it holds no rows."""
    start = sample_of(path)
    first = start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    kind = {b"{": JSON_LINES, b"<": XES, b"[": DIALOGUES}.get(first, TABLE)
    shape = None
    if kind == TABLE:
        if b"\0" in start and start.count(b"\0") > len(start) // 20:
            raise Unreadable(f"{path.name} is not a text file")
        shape = shape_of(start, delimiter=delimiter, columns=columns, encoding=encoding)
    with opened(path) as file:
        sample = tuple(islice(_rows(file, kind, shape), _SAMPLED_ROWS))
    if not sample:
        raise Unreadable(f"{path.name} holds no rows")
    return Source(path, kind, shape, sample)


def default_name(path: Path) -> str:
    """The name of a file without folder, endings and what a browser adds to a second copy."""
    name = path.name
    while _SUFFIX.search(name):
        name = _SUFFIX.sub("", name)
    return (_COPY.sub("", name).strip() or "file")[:60]


def _rows(file: SourceFile, kind: str, shape: TableShape | None) -> Iterator[Row]:
    if shape is not None:
        return table_rows(file, shape)
    return {JSON_LINES: json_rows, XES: xes.xes_rows, DIALOGUES: dialogue_rows}[kind](file)
