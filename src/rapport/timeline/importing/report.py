"""What became of the rows of a file, and the file of those that were refused."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import orjson

from rapport.timeline.importing.files import ORIGINAL_CHARS, Row

SHOWN = 10
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Refusal:
    line: int
    reason: str
    original: str


@dataclass(slots=True)
class Report:
    """Every row read is taken in, already there or refused. ``made`` counts what the rows became.

    ``through_line``: every row up to it is settled, where rows are written in the order of the file;
    0 before the first chunk and for imports that bring rows together first.
    """

    read: int = 0
    taken: int = 0
    there: int = 0
    refused: int = 0
    through_line: int = 0
    made: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    first: list[Refusal] = field(default_factory=list)
    refused_file: Path | None = None

    @property
    def settled(self) -> int:
        return self.taken + self.there + self.refused


class Refusals:
    """Counts refused rows and writes them down; the file is made with the first and complete when closed."""

    def __init__(self, report: Report, path: Path | None) -> None:
        self._report = report
        self._path = path
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, row: Row, reason: str) -> None:
        """Note a refused row. Raises ``OSError`` when it cannot be written down."""
        refusal = Refusal(row.line, reason, original_of(row))
        self._report.refused += 1
        self._report.reasons[general(reason)] += 1
        if len(self._report.first) < SHOWN:
            self._report.first.append(refusal)
        if self._path is not None:
            self._write(self._path, refusal)

    def _write(self, path: Path, refusal: Refusal) -> None:
        if self._file is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("w", newline="", encoding="utf-8")
            path.chmod(0o600)  # rows are about people
            self._report.refused_file = path
            csv.writer(self._file).writerow(["line", "reason", "original"])
        csv.writer(self._file).writerow(safe_cells([refusal.line, refusal.reason, refusal.original]))


def original_of(row: Row) -> str:
    if row.original:
        return row.original
    return orjson.dumps(row.values, option=orjson.OPT_NON_STR_KEYS).decode()[:ORIGINAL_CHARS]


def general(reason: str) -> str:
    """A reason without the value it is about, for counting."""
    before, quote, rest = reason.partition("“")
    if not quote:
        return " ".join("…" if any(map(str.isdigit, word)) else word for word in reason.split())
    return f"{before}…{rest.partition('”')[2]}".strip()


def safe_cells(cells: Sequence[object]) -> list[object]:
    """Cells that no spreadsheet takes for a formula (OWASP, CSV injection): such texts get an apostrophe."""
    return [f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell for cell in cells]
