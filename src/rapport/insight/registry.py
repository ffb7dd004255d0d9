"""Every measure that the product shows, defined once.

A measure says what it is in a sentence, computes itself for a period, and carries its interval or the reason
why there is none, its n, and where the rows behind it are.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from rapport.stats import Estimate

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Column(StrEnum):
    """The chain that everything hangs on."""

    ACTIVITY = "activity"
    FEELING = "feeling"
    OUTCOME = "outcome"


class Unit(StrEnum):
    COUNT = "count"
    SHARE = "share"
    SCORE = "score"
    MINUTES = "minutes"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Period:
    """From ``since`` (included) to ``until`` (not included), both aware."""

    since: datetime
    until: datetime

    @property
    def before(self) -> Period:
        """The period of the same length that ends where this one begins."""
        return Period(self.since - (self.until - self.since), self.since)

    @property
    def span(self) -> timedelta:
        return self.until - self.since


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a measure came to. Without ``estimate``, ``reason`` says why."""

    estimate: Estimate | None
    n: int
    reason: str = ""
    #: What the score consists of, such as the count of each answer.
    parts: Mapping[str, int] = field(default_factory=dict)


Compute = Callable[[uuid.UUID, Period], Measurement]


@dataclass(frozen=True, slots=True)
class Metric:
    """One measure. ``enough`` is the n below which it is shown greyed."""

    name: str
    title: str | _StrPromise
    definition: str | _StrPromise
    column: Column
    unit: Unit
    compute: Compute
    more_is_better: bool | None = True
    enough: int = 30
    #: Where the rows behind it are: a screen and its query.
    rows: str = ""
    rows_query: Mapping[str, str] = field(default_factory=dict)


_metrics: dict[str, Metric] = {}


def register(metric: Metric) -> Metric:
    if metric.name in _metrics:
        raise ValueError(f"{metric.name} is defined twice")
    _metrics[metric.name] = metric
    return metric


def all_metrics() -> list[Metric]:
    return list(_metrics.values())


def metric(name: str) -> Metric:
    """Raises ``LookupError``."""
    return _metrics[name]
