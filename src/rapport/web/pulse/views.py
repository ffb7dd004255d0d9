"""Pulse (activity → feeling → outcome) and the rows behind its numbers."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from rapport.desk import queries as desk
from rapport.desk.permissions import SEE_CONVERSATIONS
from rapport.feedback import queries as answers
from rapport.feedback.permissions import SEE_FEEDBACK
from rapport.insight import queries
from rapport.insight.permissions import SEE_METRICS
from rapport.insight.registry import Period, metric
from rapport.kernel import clock
from rapport.web.member_pages import Visit, member_page
from rapport.web.pulse.pictures import bars

SPANS = {"7": 7, "30": 30, "90": 90}


@require_GET
@member_page(SEE_METRICS)
def pulse(visit: Visit) -> HttpResponse:
    days = _days(visit)
    period = _period(days)
    return visit.page(
        "pulse/pulse.jinja",
        section="pulse",
        days=days,
        spans=SPANS.values(),
        period=period,
        columns=queries.pulse(visit.actor, period),
        opened=bars(queries.opened_by_day(visit.actor, period, visit.seat.time_zone)),
    )


@require_GET
@member_page(SEE_FEEDBACK)
def feedback(visit: Visit) -> HttpResponse:
    """The answers behind a score, filtered."""
    get = visit.request.GET
    days = _days(visit)
    period = _period(days)
    kind = "nps" if get.get("kind") == "nps" else "csat"
    score = get.get("score", "")
    exact = int(score) if score.isdigit() and int(score) <= 10 else None
    page = answers.responses(
        visit.actor,
        kind=kind,
        since=period.since,
        until=period.until,
        low=exact,
        high=exact,
        commented=bool(get.get("commented")),
        cursor=get.get("cursor", ""),
    )
    numbers = desk.numbers_of(visit.actor, [row.subject_id for row in page.rows if row.subject_id])
    template = "pulse/feedback_rows.jinja" if visit.wants_fragment else "pulse/feedback.jinja"
    measured = queries.reading(visit.actor, metric(kind), period)
    return visit.page(
        template,
        section="feedback",
        days=days,
        spans=SPANS.values(),
        kind=kind,
        score=exact,
        commented=bool(get.get("commented")),
        page=page,
        numbers=numbers,
        reading=measured,
    )


@require_GET
@member_page(SEE_CONVERSATIONS)
def promises(visit: Visit) -> HttpResponse:
    """The promises behind the share kept."""
    days = _days(visit)
    period = _period(days)
    outcome = visit.request.GET.get("outcome", "broken")
    outcome = outcome if outcome in {"open", "kept", "broken", "waived"} else "broken"
    page = desk.promises(
        visit.actor,
        outcome=outcome,
        since=period.since,
        until=period.until,
        cursor=visit.request.GET.get("cursor", ""),
    )
    template = "pulse/promise_rows.jinja" if visit.wants_fragment else "pulse/promises.jinja"
    return visit.page(template, section="pulse", days=days, spans=SPANS.values(), outcome=outcome, page=page)


def _days(visit: Visit) -> int:
    return SPANS.get(visit.request.GET.get("days", ""), 30)


def _period(days: int) -> Period:
    """The last so many whole days of the workspace, with today."""
    tomorrow = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(
        days=1
    )
    return Period(tomorrow - timedelta(days=days), tomorrow)
