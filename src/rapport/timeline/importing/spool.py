"""Bringing together rows that belong together, wherever in the file they stand, without holding the file."""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import orjson

from rapport.timeline.importing.files import Row
from rapport.timeline.importing.tally import digest, short


class Spool:
    """Rows by group, kept in a temporary file; in memory 32 bytes per row.

    Groups come out by their earliest moment, the rows of a group by theirs; ties as they stood in the file.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._file = tempfile.TemporaryFile(prefix="rapport-import-", dir=folder)  # noqa: SIM115
        self._keys = array("Q")
        self._at = array("d")
        self._places = array("Q")
        self._sizes = array("Q")
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, group: str, row: Row, *, at: datetime | None) -> None:
        """Keep a row; ``at`` is ``None`` when it does not say when. Raises ``OSError`` on a full disk."""
        written = orjson.dumps([group, row.line, row.values, row.original], option=orjson.OPT_NON_STR_KEYS)
        self._file.write(written)
        self._keys.append(short(digest(group)))
        self._at.append(at.timestamp() if at is not None else float("inf"))
        self._places.append(self._end)
        self._sizes.append(len(written))
        self._end += len(written)

    def groups(self) -> Iterator[tuple[str, list[Row]]]:
        """Each group with its rows."""
        if not self._keys:
            return
        at = np.array(self._at)
        _, group = np.unique(np.array(self._keys), return_inverse=True)
        first = np.full(int(group.max()) + 1, np.inf)
        np.minimum.at(first, group, at)
        order = np.lexsort((np.arange(len(at)), at, group, first[group]))
        edges = np.flatnonzero(np.diff(group[order])) + 1
        for rows in np.split(order, edges):
            # Eight bytes may coincide, names of groups do not.
            together: dict[str, list[Row]] = {}
            for position in rows.tolist():
                name, row = self._read(position)
                together.setdefault(name, []).append(row)
            yield from together.items()

    def _read(self, position: int) -> tuple[str, Row]:
        self._file.seek(self._places[position])
        name, line, values, original = orjson.loads(self._file.read(self._sizes[position]))
        return name, Row(line, values, original=original)
