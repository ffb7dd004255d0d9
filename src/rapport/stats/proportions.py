"""Shares and their uncertainty.

Formulas: Wilson (1927), JASA 22:209-212; Newcombe (1998), Stat. Med. 17:873-890, method 10, for differences.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its interval. ``value``, ``low``, ``high`` are in the same unit; ``n`` counts observations."""

    value: float
    low: float
    high: float
    n: int


def wilson(successes: int, n: int, *, confidence: float = 0.95) -> Estimate:
    """Share of successes with the Wilson score interval, all between 0 and 1.

    Raises ``ValueError`` when there is nothing to count or the counts make no sense.
    """
    if n <= 0:
        raise ValueError("a share of nothing has no value: n must be at least 1")
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} successes out of {n} make no sense")
    z = _z(confidence)
    share = successes / n
    spread = 1 + z * z / n
    centre = (share + z * z / (2 * n)) / spread
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / spread
    # At the ends the interval reaches the end exactly; rounding must not push it past.
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == n else min(1.0, centre + half)
    return Estimate(share, low, high, n)


def difference(after: Estimate, before: Estimate) -> Estimate:
    """``after`` minus ``before`` for two independent estimates.

    For shares with Wilson intervals this is Newcombe's method 10; the same rule (square and add) serves scores
    such as NPS with their own intervals.
    """
    delta = after.value - before.value
    low = delta - sqrt((after.value - after.low) ** 2 + (before.high - before.value) ** 2)
    high = delta + sqrt((after.high - after.value) ** 2 + (before.value - before.low) ** 2)
    return Estimate(delta, low, high, after.n + before.n)


def verdict(change: Estimate) -> str:
    """``"up"``, ``"down"`` or ``"none"``: whether the interval of a change leaves out zero."""
    if change.low > 0:
        return "up"
    if change.high < 0:
        return "down"
    return "none"


def _z(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError("confidence lies between 0 and 1")
    return NormalDist().inv_cdf(0.5 + confidence / 2)
