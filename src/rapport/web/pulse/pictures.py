"""Small pictures made on the server: printable, and readable without a script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapport.insight.queries import Day

WIDTH, HEIGHT = 300.0, 48.0


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    day: Day


def bars(days: Sequence[Day]) -> list[Bar]:
    """One bar a day on a canvas of 300 by 48; an empty day is an empty place."""
    top = max((day.n for day in days), default=0) or 1
    step = WIDTH / max(len(days), 1)
    return [
        Bar(
            x=round(index * step, 2),
            y=round(HEIGHT - HEIGHT * day.n / top, 2),
            width=round(step * 0.78, 2),
            height=round(HEIGHT * day.n / top, 2),
            day=day,
        )
        for index, day in enumerate(days)
    ]
