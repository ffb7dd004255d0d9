"""The measures of Pulse."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from ninja import Query, Router

from rapport.accounts.queries import workspace_of
from rapport.api.conversations import actor_of
from rapport.api.shapes import MetricList
from rapport.insight import queries
from rapport.insight.queries import Reading
from rapport.insight.registry import Period
from rapport.kernel import clock

router = Router(tags=["metrics"])
Days = Annotated[int, Query(ge=1, le=366)]


@router.get("", response=MetricList, summary="Read the measures")
def metrics(request: HttpRequest, days: Days = 30) -> Any:
    """Every measure over the last whole days with today, in the company's time zone, with the period before.

    A number comes with its interval and its n; where there is none, `reason` says why.
    """
    actor = actor_of(request)
    zone = ZoneInfo(workspace_of(actor.workspace_id).time_zone)
    midnight = clock.now().astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    period = Period(midnight + timedelta(days=1 - days), midnight + timedelta(days=1))
    columns = queries.pulse(actor, period)
    return {
        "since": period.since,
        "until": period.until,
        "items": [_metric(reading) for readings in columns.values() for reading in readings],
    }


def _metric(reading: Reading) -> dict[str, Any]:
    metric = reading.metric
    return {
        "name": metric.name,
        "title": str(metric.title),
        "definition": str(metric.definition),
        "column": metric.column.value,
        "unit": metric.unit.value,
        "n": reading.now.n,
        "is_enough": not reading.too_few,
        "now": reading.now.estimate,
        "before": reading.before.estimate,
        "change": reading.change,
        "verdict": reading.verdict,
        "reason": str(reading.now.reason),
    }
