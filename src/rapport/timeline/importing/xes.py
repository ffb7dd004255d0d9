"""XES, the standard of process logs (IEEE 1849): cases (traces) of timed activities (events)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, XMLParser

from rapport.timeline.importing.files import Row, SourceFile
from rapport.timeline.importing.problems import Unreadable

CASE = "case"
ACTIVITY = "concept:name"
AT = "time:timestamp"
RESOURCE = "org:resource"
LIFECYCLE = "lifecycle:transition"

_PLAIN = frozenset({"string", "date", "int", "float", "boolean", "id"})
_BLOCK_BYTES = 65_536
_MOST_EVENTS_PER_CASE = 200_000
_LONGEST_VALUE = 100_000


def xes_rows(source: SourceFile) -> Iterator[Row]:
    """One row per activity: its attributes, ``case`` (the trace's name) and those of the trace as ``case:…``.

    Raises ``Unreadable`` for broken XML and for documents with a type declaration (the way of XML bombs).
    """
    target = _Target()
    parser = XMLParser(target=target, forbid_dtd=True)
    target.expat = parser.parser
    # Blanks between elements say nothing; without a handler they cost nothing. Undefined entities are errors
    # all the same, because a document type is refused.
    parser.parser.DefaultHandlerExpand = None
    try:
        while block := source.read(_BLOCK_BYTES):
            parser.feed(block)
            yield from target.taken()
        parser.close()
    except DefusedXmlException as error:
        raise Unreadable(
            f"{source.path.name} declares a document type or entities, which are refused because they "
            "can make a small file grow without end"
        ) from error
    except ParseError as error:
        raise Unreadable(f"{source.path.name} is not whole XML: {error}") from error
    yield from target.taken()
    if not target.is_log:
        raise Unreadable(f"{source.path.name} is XML, but not XES: it has no <log>")


class _Target:
    """Collects one trace at a time; attributes of a trace may stand after its events."""

    def __init__(self) -> None:
        self.expat: Any = None
        self.is_log = False
        self._depth = 0
        self._trace: dict[str, str] | None = None
        self._events: list[tuple[int, dict[str, str]]] = []
        self._event: dict[str, str] | None = None
        self._rows: list[Row] = []

    def taken(self) -> list[Row]:
        rows, self._rows = self._rows, []
        return rows

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        name = tag.rpartition("}")[2]
        if self._depth == 1:
            self.is_log = name == "log"
        elif self._depth == 2:
            self._trace = {} if name == "trace" else None
        elif self._trace is None:
            return
        elif self._depth == 3 and name == "event":
            self._event = {}
            self._events.append((int(self.expat.CurrentLineNumber), self._event))
            if len(self._events) > _MOST_EVENTS_PER_CASE:
                raise Unreadable(f"a case has more than {_MOST_EVENTS_PER_CASE} activities")
        elif name in _PLAIN:
            # Attributes of attributes (depth 5, or 4 without an event) say nothing about the case.
            holder = self._trace if self._depth == 3 else self._event if self._depth == 4 else None
            if holder is not None:
                holder[attributes.get("key", "")] = attributes.get("value", "")

    def end(self, tag: str) -> None:
        self._depth -= 1
        if self._depth == 2:
            self._event = None
        elif self._depth == 1 and self._trace is not None:
            self._finish(self._trace)
            self._trace, self._events = None, []

    def close(self) -> None:
        """Called by the parser at the end."""

    def _finish(self, trace: dict[str, str]) -> None:
        case = trace.get("concept:name", "").strip()
        about = {f"case:{key}": value for key, value in trace.items() if key != "concept:name"}
        for line, event in self._events:
            values = {CASE: case, **event, **about}
            fault = "" if case else "its case has no concept:name"
            if any(len(value) > _LONGEST_VALUE for value in values.values()):
                values, fault = {}, f"a value longer than {_LONGEST_VALUE} characters"
            self._rows.append(Row(line, values, fault=fault))
