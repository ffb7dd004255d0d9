"""Tables: values separated by commas, semicolons, tabs or bars, or lined up with blanks."""

from __future__ import annotations

import csv
import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapport.timeline.importing.files import ORIGINAL_CHARS, Row, SourceFile
from rapport.timeline.importing.problems import Unreadable

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_FORMULA_STARTS = "=+-@"
#: Stands for any run of blanks.
BLANKS = ""
_SNIFFED_LINES = 30
#: A quoted value may span lines; one left open must not swallow the file.
_LONGEST_RECORD_LINES = 1_000
_FIGURES = re.compile(r"^[\s+\-$€£¥]*[\d.,:/\- TZ]*\d[\d.,:/\- TZ]*%?$")


@dataclass(frozen=True, slots=True)
class TableShape:
    """How a table is written. ``delimiter`` is ``BLANKS`` for columns lined up with blanks."""

    columns: tuple[str, ...]
    delimiter: str
    encoding: str
    has_header: bool

    def __str__(self) -> str:
        between = DELIMITERS.get(self.delimiter, "blanks" if self.delimiter == BLANKS else self.delimiter)
        names = "named in the first line" if self.has_header else "without a line of names"
        return f"table, separated by {between}, {self.encoding}, columns {names}"


def shape_of(
    sample: bytes,
    *,
    delimiter: str | None = None,
    columns: Sequence[str] | None = None,
    encoding: str | None = None,
) -> TableShape:
    """Find out from the start of a file how it is written; what is given is not guessed.

    ``columns`` names the columns of a file that has no line of names. Raises ``Unreadable``.
    """
    chosen = encoding or _encoding(sample)
    try:
        text = sample.decode(chosen, errors="replace")
    except LookupError as error:
        raise Unreadable(f"there is no encoding called {chosen}") from error
    whole = text if len(sample) < 1024 or text.endswith("\n") else text[: text.rfind("\n") + 1] or text
    lines = [line for line in whole.splitlines() if line.strip()][:_SNIFFED_LINES]
    between = delimiter if delimiter is not None else _delimiter(lines)
    first = _cells(lines[0], between)
    if columns:
        if len(columns) != len(first):
            raise Unreadable(f"--columns names {len(columns)} columns, the first line has {len(first)}")
        return TableShape(tuple(columns), between, chosen, has_header=False)
    if _looks_like_names(first):
        return TableShape(_unique(first), between, chosen, has_header=True)
    numbered = tuple(f"column{position}" for position in range(1, len(first) + 1))
    return TableShape(numbered, between, chosen, has_header=False)


def table_rows(source: SourceFile, shape: TableShape) -> Iterator[Row]:
    """Each record; those that cannot be read come with a ``fault``."""
    lines = _Lines(source, shape.encoding)
    records = _aligned(lines) if shape.delimiter == BLANKS else _separated(lines, shape.delimiter)
    awaiting_header = shape.has_header
    for line, cells, broken in records:
        if broken is not None:
            yield broken
        elif not any(cell.strip() for cell in cells):
            continue
        elif awaiting_header:
            awaiting_header = False
        else:
            yield _row(line, cells, shape)


def _encoding(sample: bytes) -> str:
    """UTF-8 unless lines break it and none speaks for it: then the old Windows one of western Europe."""
    if sample.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    for_it = against = 0
    # The last line of a sample may be cut in the middle of a character.
    for line in sample.splitlines()[: -1 if len(sample) > 1024 else None]:
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            for_it += 1
        except UnicodeDecodeError:
            against += 1
    return "cp1252" if against and not for_it else "utf-8"


def _delimiter(lines: Sequence[str]) -> str:
    best, best_score = None, 0.0
    for candidate in DELIMITERS:
        score = _agreement([len(_cells(line, candidate)) for line in lines])
        if score > best_score:
            best, best_score = candidate, score
    # Words separated by blanks agree by chance, so figures lined up must agree everywhere.
    if best is None or best_score < 1:
        counts = [len(line.split()) for line in lines]
        if len(lines) > 1 and len(set(counts)) == 1 and counts[0] > 1:
            return BLANKS
    if best is None:
        raise Unreadable("the columns cannot be told apart; name what separates them with --delimiter")
    return best


def _agreement(counts: Sequence[int]) -> float:
    """How many lines have the usual number of cells; more cells count a little more."""
    usual, times = Counter(counts).most_common(1)[0]
    return 0.0 if usual < 2 else times / len(counts) + usual / 1_000


def _cells(line: str, delimiter: str) -> list[str]:
    if delimiter == BLANKS:
        return line.split()
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return line.split(delimiter)


def _looks_like_names(cells: Sequence[str]) -> bool:
    names = [cell.strip() for cell in cells]
    return (
        len({name.lower() for name in names}) == len(names)
        and all(len(name) <= 80 and "@" not in name and not _FIGURES.match(name) for name in names)
        and sum(bool(name) for name in names) >= len(names) - 1  # a data frame's index has no name
    )


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.strip().lstrip("\ufeff") or f"column{n}" for n, name in enumerate(names, start=1))


class _Lines:
    """Decoded physical lines with their numbers, which can be put back."""

    def __init__(self, source: SourceFile, encoding: str) -> None:
        self._source = source.lines()
        self._encoding = encoding
        self._back: deque[tuple[int, str, str]] = deque()

    def take(self) -> tuple[int, str, str] | None:
        """Number, text and fault of the next line; ``None`` at the end."""
        if self._back:
            return self._back.popleft()
        following = next(self._source, None)
        if following is None:
            return None
        number, raw, whole = following
        if not whole:
            return number, raw.decode(self._encoding, errors="replace"), "longer than 1 MB"
        try:
            text, fault = raw.decode(self._encoding), ""
        except UnicodeDecodeError as error:
            text = raw.decode(self._encoding, errors="replace")
            fault = f"not {self._encoding} at byte {error.start + 1} of the line"
        if "\0" in text:
            fault = fault or "contains a NUL byte"
        return number, text, fault

    def put_back(self, lines: Sequence[tuple[int, str, str]]) -> None:
        self._back.extendleft(reversed(lines))


_Record = tuple[int, list[str], Row | None]


def _aligned(lines: _Lines) -> Iterator[_Record]:
    while (taken := lines.take()) is not None:
        number, text, fault = taken
        yield number, text.split(), _broken(number, fault, text) if fault else None


def _separated(lines: _Lines, delimiter: str) -> Iterator[_Record]:
    """Records of one or, inside quotes, several lines. Of a record that cannot be read, only the first line
    is given up: the lines after it are read again."""
    while (taken := lines.take()) is not None:
        number, text, fault = taken
        if fault:
            yield number, [], _broken(number, fault, text)
            continue
        eaten: list[tuple[int, str, str]] = []
        try:
            # Strict, because a lenient reader glues what follows a stray quote into one value, silently.
            cells = next(csv.reader(_record_lines(text, lines, eaten), delimiter=delimiter, strict=True), [])
        except csv.Error as error:
            lines.put_back(eaten)
            why = (
                "a quote is opened and not closed" if eaten or "unexpected end" in str(error) else str(error)
            )
            yield number, [], _broken(number, why, text)
            continue
        yield number, cells, None


def _record_lines(first: str, lines: _Lines, eaten: list[tuple[int, str, str]]) -> Iterator[str]:
    yield first
    while (following := lines.take()) is not None:
        eaten.append(following)
        if following[2] or len(eaten) > _LONGEST_RECORD_LINES:
            return
        yield following[1]


def _row(line: int, cells: list[str], shape: TableShape) -> Row:
    expected = len(shape.columns)
    extra = cells[expected:]
    if len(cells) < expected or any(cell.strip() for cell in extra):
        return _broken(line, f"{len(cells)} values where there are {expected} columns", " | ".join(cells))
    return Row(line, dict(zip(shape.columns, map(_bare, cells), strict=False)))


def _bare(cell: str) -> str:
    """Without blanks around it, and without the apostrophe that keeps spreadsheets from calculating."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in _FORMULA_STARTS and len(text) > 1 else text


def _broken(line: int, fault: str, text: str) -> Row:
    return Row(line, fault=fault, original=text.rstrip("\r\n")[:ORIGINAL_CHARS])
