"""Scores of feedback: NPS and medians with their uncertainty.

NPS: Rocks (2016), The American Statistician 70(4):365-372, adjusted Wald interval.
Median: the distribution-free interval of order statistics, e.g. Conover (1999), Practical Nonparametric
Statistics, section 3.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, sqrt
from statistics import NormalDist, median

from rapport.stats.proportions import Estimate


def nps(promoters: int, passives: int, detractors: int, *, confidence: float = 0.95) -> Estimate:
    """Net promoter score between -1 and 1 with the adjusted Wald interval, clipped to that range.

    The adjustment pulls the interval towards zero; with few answers, all alike, the score itself would lie
    outside, so the interval is stretched to hold it.
    """
    counts = (promoters, passives, detractors)
    n = sum(counts)
    if min(counts) < 0:
        raise ValueError("counts cannot be negative")
    if n == 0:
        raise ValueError("a score of nobody has no value: n must be at least 1")
    score = (promoters - detractors) / n
    p, d, m = (promoters + 0.75), (detractors + 0.75), n + 3
    centre = (p - d) / m
    error = sqrt(((p + d) / m - centre * centre) / m)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    low, high = min(score, centre - z * error), max(score, centre + z * error)
    return Estimate(score, max(-1.0, low), min(1.0, high), n)


def median_interval(values: Sequence[float], *, confidence: float = 0.95) -> Estimate:
    """The median with the interval of order statistics (normal approximation of the binomial ranks).

    For very few values the interval is their whole range, which then promises less than ``confidence``.
    """
    if not values:
        raise ValueError("the median of nothing has no value: n must be at least 1")
    ordered = sorted(values)
    n = len(ordered)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    half = z * sqrt(n) / 2
    low = max(0, floor(n / 2 - half) - 1)
    high = min(n - 1, ceil(n / 2 + half))
    return Estimate(float(median(ordered)), float(ordered[low]), float(ordered[high]), n)
