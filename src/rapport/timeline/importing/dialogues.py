"""Dialogues as the ABCD corpus of customer service writes them: one JSON array of conversations.

Read piece by piece, because the whole corpus is far larger than its longest conversation. ``line`` of a row
is the number of the dialogue in the file, which usually has a single line.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import Any

from rapport.timeline.importing.files import Row, SourceFile
from rapport.timeline.importing.json_lines import holds_nul
from rapport.timeline.importing.problems import Unreadable

_BLOCK_BYTES = 262_144
_LONGEST_DIALOGUE = 8_000_000
_BETWEEN = " \t\r\n,"


def dialogue_rows(source: SourceFile) -> Iterator[Row]:
    """One row per dialogue: ``convo_id``, ``scenario`` and ``original`` (pairs of speaker and text)."""
    for number, found in enumerate(_items(source), start=1):
        original = str(found)[:200]
        if not is_dialogue(found):
            yield Row(number, fault="not a dialogue with convo_id and original", original=original)
        elif holds_nul(found.get("original")):
            yield Row(number, fault="contains a NUL byte", original=original)
        else:
            kept = {key: found.get(key) for key in ("convo_id", "scenario", "original")}
            yield Row(number, kept, original=original)


def is_dialogue(found: Any) -> bool:
    """Whether a JSON value has the shape of a dialogue."""
    return (
        isinstance(found, dict)
        and isinstance(found.get("convo_id"), int | str)
        and isinstance(found.get("original"), list)
        and all(
            isinstance(turn, list) and len(turn) == 2 and all(isinstance(part, str) for part in turn)
            for turn in found["original"]
        )
    )


def _items(source: SourceFile) -> Iterator[Any]:
    """The members of the array, holding no more than one of them in memory."""
    decode = codecs.getincrementaldecoder("utf-8-sig")(errors="replace").decode
    decoder = json.JSONDecoder()
    held = decode(source.read(_BLOCK_BYTES)).lstrip()
    if not held.startswith("["):
        raise Unreadable(f"{source.path.name} is not a JSON array of dialogues")
    held, wanted, at_end = held[1:], 0, False
    while True:
        held = held.lstrip(_BETWEEN)
        if held.startswith("]"):
            return
        try:
            if len(held) < wanted and not at_end:
                raise ValueError("not enough yet")
            found, end = decoder.raw_decode(held)
        except (ValueError, RecursionError) as error:
            if at_end or len(held) > _LONGEST_DIALOGUE:
                raise Unreadable(f"{source.path.name} is not whole JSON: {error}") from error
            block = source.read(_BLOCK_BYTES)
            at_end = not block
            held += decode(block, final=at_end)
            # Trying again only after as much again, or a long dialogue would be parsed over and over.
            wanted = wanted if len(held) < wanted else 2 * len(held)
            continue
        yield found
        held, wanted = held[end:], 0
