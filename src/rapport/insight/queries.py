"""Reads of insight: Pulse, and what one customer is worth."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from rapport.insight.permissions import SEE_METRICS
from rapport.insight.registry import Column, Measurement, Metric, Period, Unit, all_metrics
from rapport.kernel.actors import Actor
from rapport.stats import Estimate, difference, verdict


@dataclass(frozen=True, slots=True)
class Reading:
    """A measure now, before, and whether it changed. ``change`` is ``None`` where that cannot be said."""

    metric: Metric
    now: Measurement
    before: Measurement
    change: Estimate | None
    verdict: str

    @property
    def is_better(self) -> bool | None:
        """Whether a detected change is a good one; ``None`` for no change or no opinion."""
        if self.verdict not in {"up", "down"} or self.metric.more_is_better is None:
            return None
        return (self.verdict == "up") == self.metric.more_is_better

    @property
    def too_few(self) -> bool:
        return self.now.n < self.metric.enough


def pulse(actor: Actor, period: Period) -> dict[Column, list[Reading]]:
    """All measures in their three columns, each compared with the period before."""
    actor.must(SEE_METRICS)
    columns: dict[Column, list[Reading]] = {column: [] for column in Column}
    for metric in all_metrics():
        columns[metric.column].append(reading(actor, metric, period))
    return columns


def reading(actor: Actor, metric: Metric, period: Period) -> Reading:
    """One measure, compared with the period before."""
    actor.must(SEE_METRICS)
    now = metric.compute(actor.workspace_id, period)
    before = metric.compute(actor.workspace_id, period.before)
    change = _change(metric, now, before)
    return Reading(metric, now, before, change, verdict(change) if change else "unknown")


def _change(metric: Metric, now: Measurement, before: Measurement) -> Estimate | None:
    if now.estimate is None or before.estimate is None:
        return None
    if metric.unit in {Unit.SHARE, Unit.SCORE}:
        return difference(now.estimate, before.estimate)
    if metric.unit is Unit.MINUTES:
        # Two medians: their difference is called only when the intervals do not touch.
        return Estimate(
            now.estimate.value - before.estimate.value,
            now.estimate.low - before.estimate.high,
            now.estimate.high - before.estimate.low,
            now.n + before.n,
        )
    return None


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    n: int


def opened_by_day(actor: Actor, period: Period, time_zone: str) -> list[Day]:
    """Conversations opened on each day of the period, in the workspace's time zone."""
    actor.must(SEE_METRICS)
    return _by_day(
        "SELECT (opened_at AT TIME ZONE %(zone)s)::date, count(*) FROM desk_conversation"
        " WHERE workspace_id = %(workspace)s AND opened_at >= %(since)s AND opened_at < %(until)s GROUP BY 1",
        actor,
        period,
        time_zone,
    )


def _by_day(statement: str, actor: Actor, period: Period, time_zone: str) -> list[Day]:
    parameters: dict[str, Any] = {
        "workspace": actor.workspace_id,
        "since": period.since,
        "until": period.until,
        "zone": time_zone,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        found = dict(cursor.fetchall())
    # The days are the workspace's own, in whatever zone the period was given.
    zone = ZoneInfo(time_zone)
    first = period.since.astimezone(zone).date()
    last = (period.until - timedelta(microseconds=1)).astimezone(zone).date()
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    return [Day(day, found.get(day, 0)) for day in days]


@dataclass(frozen=True, slots=True)
class Worth:
    """How often a customer ordered, and what the orders in the currency of the latest one came to."""

    orders: int
    total_minor: int
    currency: str
    last_order_at: datetime | None


_WORTH = """
WITH orders AS (
  SELECT e.at, e.seq, COALESCE(e.data->>'currency', w.currency) AS currency,
         CASE WHEN jsonb_typeof(e.data->'amount_minor') = 'number'
              THEN (e.data->>'amount_minor')::numeric ELSE 0 END AS amount
  FROM customers_binding b
  JOIN accounts_workspace w ON w.id = b.workspace_id
  JOIN timeline_event e ON e.identity_id = b.identity_id AND e.workspace_id = b.workspace_id
       AND e.at >= b.valid_from AND (b.valid_to IS NULL OR e.at < b.valid_to)
  WHERE b.workspace_id = %(workspace)s AND b.customer_id = %(customer)s AND e.kind = 'order.placed'
), latest AS (SELECT currency FROM orders ORDER BY at DESC, seq DESC LIMIT 1)
SELECT count(*), COALESCE(sum(amount) FILTER (WHERE currency = (SELECT currency FROM latest)), 0)::bigint,
       COALESCE((SELECT currency FROM latest), ''), max(at)
FROM orders
"""


def worth_of(actor: Actor, customer_id: uuid.UUID) -> Worth:
    """Orders placed by a customer over all identities."""
    actor.must(SEE_METRICS)
    with connection.cursor() as cursor:
        cursor.execute(
            _WORTH,
            {"workspace": actor.workspace_id, "customer": customer_id},
        )
        return Worth(*cursor.fetchone())
