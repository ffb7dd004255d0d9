"""Opening a file of somebody else's: plain or gzip, with caps, a line at a time."""

from __future__ import annotations

import contextlib
import gzip
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast

from rapport.timeline.importing.problems import Unreadable

MAX_LINE_BYTES = 1_000_000
SAMPLE_BYTES = 65_536
#: A compressed file may grow to 16 GiB, and beyond the first 64 MiB at most 250-fold (logs reach about 60).
MAX_INFLATED_BYTES = 16 * 2**30
FREELY_INFLATED_BYTES = 64 * 2**20
MAX_RATIO = 250
ORIGINAL_CHARS = 2_000

_WRONG_KINDS = (
    (b"PK\x03\x04", "is a ZIP archive or an Excel file; unpack it, or save the sheet as CSV"),
    (b"\xff\xfe", "is UTF-16; save it as UTF-8"),
    (b"\xfe\xff", "is UTF-16; save it as UTF-8"),
    (b"\xd0\xcf\x11\xe0", "is an old Excel file; save the sheet as CSV"),
    (b"%PDF", "is a PDF"),
    (b"PAR1", "is a Parquet file; save it as CSV or JSON lines"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a file. ``line`` is where it begins (from 1); with ``fault`` set it is broken.

    ``original`` is what stood there, for the report; empty when it can be told from ``values``.
    """

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    fault: str = ""
    original: str = ""


class SourceFile:
    """A file being read. ``position`` of ``size`` bytes were read from the disk."""

    def __init__(self, path: Path, raw: BinaryIO) -> None:
        self.path = path
        self.size = os.fstat(raw.fileno()).st_size
        self._raw = raw
        self._packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        self._stream: BinaryIO = cast("BinaryIO", gzip.GzipFile(fileobj=raw)) if self._packed else raw
        self._inflated = 0
        self._line = 0

    @property
    def position(self) -> int:
        return self._raw.tell()

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes, inflated. Raises ``Unreadable``."""
        return self._checked("read", size)

    def lines(self) -> Iterator[tuple[int, bytes, bool]]:
        """Each line with its number and whether it is whole; of one over a megabyte only the start."""
        while piece := self._checked("readline", MAX_LINE_BYTES + 1):
            self._line += 1
            whole = len(piece) <= MAX_LINE_BYTES or piece.endswith(b"\n")
            if not whole:
                self._skip_line()
            yield self._line, piece if whole else piece[:ORIGINAL_CHARS], whole

    def _skip_line(self) -> None:
        while (rest := self._checked("readline", MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
            pass

    def _checked(self, method: str, size: int) -> bytes:
        try:
            piece: bytes = getattr(self._stream, method)(size)
        except EOFError as error:
            raise Unreadable(f"{self.path.name} ends in the middle: it was not copied whole") from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise Unreadable(f"{self.path.name} is damaged: {error}") from error
        self._inflated += len(piece)
        if self._packed:
            self._refuse_bomb()
        return piece

    def _refuse_bomb(self) -> None:
        free = max(FREELY_INFLATED_BYTES, MAX_RATIO * self.position)
        if self._inflated > min(free, MAX_INFLATED_BYTES):
            raise Unreadable(
                f"{self.path.name} unpacks to more than {self._inflated // 2**20} MB, "
                f"which no honest file of {self.size} bytes does"
            )


@contextlib.contextmanager
def opened(path: Path) -> Iterator[SourceFile]:
    """Open a file for reading. Raises ``Unreadable`` for what is no file of rows at all."""
    try:
        raw = path.open("rb")
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}") from error
    with raw:
        if not path.is_file():
            raise Unreadable(f"{path} is not a file")
        yield SourceFile(path, raw)


def sample_of(path: Path) -> bytes:
    """The first 64 KB, inflated. Raises ``Unreadable`` when it is empty or of a kind we do not read."""
    with opened(path) as source:
        start = source.read(SAMPLE_BYTES)
    if not start.strip():
        raise Unreadable(f"{path.name} is empty")
    for magic, why in _WRONG_KINDS:
        if start.startswith(magic):
            raise Unreadable(f"{path.name} {why}")
    return start
