"""Spreads, ratios and the machine they were measured on, printed as Markdown."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """Quantiles of ``n`` measurements, in the unit of the measurements."""

    p50: float
    p95: float
    p99: float
    most: float
    n: int


def spread(values: Sequence[float]) -> Spread:
    """The spread of at least one value; quantiles by the nearest rank (the value itself, never between two)."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("nothing was measured")
    at = [ordered[max(0, math.ceil(share * len(ordered)) - 1)] for share in (0.5, 0.95, 0.99)]
    return Spread(at[0], at[1], at[2], ordered[-1], len(ordered))


def machine() -> str:
    """One line: cores, load averages of 1, 5 and 15 minutes, kernel and Python."""
    load = " ".join(f"{value:.2f}" for value in os.getloadavg())
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    return f"{os.cpu_count()} cores, load {load}, {system}"


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table; floats get two digits below 10 and one above."""
    cells = [[str(cell) for cell in head], *([_cell(cell) for cell in row] for row in rows)]
    widths = [max(len(row[index]) for row in cells) for index in range(len(head))]
    lines = [
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |"
        for row in cells
    ]
    lines.insert(1, f"|{'|'.join('-' * (width + 2) for width in widths)}|")
    return "\n".join(lines)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"
    return str(value)
