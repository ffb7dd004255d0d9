"""JSON lines: one object per line. Nested objects become dotted columns, so that they can be mapped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from rapport.timeline.importing.files import ORIGINAL_CHARS, Row, SourceFile

#: Objects under these names stay whole: they are what an event carries.
WHOLE = frozenset({"data", "properties"})
_DEEPEST = 4


def json_rows(source: SourceFile) -> Iterator[Row]:
    """Each object; lines that are none come with a ``fault``."""
    for number, raw, whole in source.lines():
        line = raw.removeprefix(b"\xef\xbb\xbf").strip() if number == 1 else raw.strip()
        if not line:
            continue
        original = line[:ORIGINAL_CHARS].decode("utf-8", errors="replace")
        if not whole:
            yield Row(number, fault="longer than 1 MB", original=original)
            continue
        try:
            found = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            yield Row(number, fault=f"not JSON: {error.msg}", original=original)
            continue
        if not isinstance(found, dict):
            yield Row(number, fault="not a JSON object", original=original)
        elif holds_nul(found):
            yield Row(number, fault="contains a NUL byte", original=original)
        else:
            yield Row(number, flattened(found), original=original)


def flattened(found: dict[str, Any], *, prefix: str = "", depth: int = 1) -> dict[str, Any]:
    """``{"a": {"b": 1}}`` as ``{"a.b": 1}``, four levels deep."""
    flat: dict[str, Any] = {}
    for key, value in found.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and value and key not in WHOLE and depth < _DEEPEST:
            flat |= flattened(value, prefix=f"{name}.", depth=depth + 1)
        else:
            flat[name] = value
    return flat


def holds_nul(value: Any) -> bool:
    """Whether a text anywhere inside holds U+0000, which PostgreSQL cannot store."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            if "\0" in item:
                return True
        elif isinstance(item, dict):
            waiting.extend(item.keys())
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
    return False
