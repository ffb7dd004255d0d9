"""The measures that come in the box."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from rapport.feedback import queries as feedback
from rapport.insight.registry import Column, Measurement, Metric, Period, Unit, register
from rapport.stats import Estimate, median_interval, nps, wilson

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

REPEAT_DAYS = 60
NO_ANSWERS = _("Nobody has answered yet.")


def _one(statement: str, parameters: list[Any]) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row: tuple[Any, ...] = cursor.fetchone()
        return row


def _counted(value: float) -> Measurement:
    # A full count has no sampling error: the interval is the value.
    return Measurement(Estimate(value, value, value, int(value)), int(value))


def _share(successes: int, n: int, reason: str | _StrPromise, **parts: int) -> Measurement:
    if n == 0:
        return Measurement(None, 0, str(reason))
    return Measurement(wilson(successes, n), n, parts=parts)


def conversations_opened(workspace: uuid.UUID, period: Period) -> Measurement:
    (n,) = _one(
        "SELECT count(*) FROM desk_conversation WHERE workspace_id = %s AND opened_at >= %s AND opened_at < %s",
        [workspace, period.since, period.until],
    )
    return _counted(n)


def promises_kept(workspace: uuid.UUID, period: Period) -> Measurement:
    kept, settled = _one(
        "SELECT count(*) FILTER (WHERE outcome = 'kept'), count(*) FROM desk_promise"
        " WHERE workspace_id = %s AND made_at >= %s AND made_at < %s AND outcome IN ('kept', 'broken')",
        [workspace, period.since, period.until],
    )
    return _share(kept, settled, _("No promise fell due yet."), kept=kept, broken=settled - kept)


def first_reply_minutes(workspace: uuid.UUID, period: Period) -> Measurement:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM first_replied_at - opened_at)::float8 / 60 FROM desk_conversation"
            " WHERE workspace_id = %s AND opened_at >= %s AND opened_at < %s AND first_replied_at > opened_at",
            [workspace, period.since, period.until],
        )
        waits = [row[0] for row in cursor.fetchall()]
    if not waits:
        return Measurement(None, 0, str(_("Nobody has been answered yet.")))
    return Measurement(median_interval(waits), len(waits))


def customer_satisfaction(workspace: uuid.UUID, period: Period) -> Measurement:
    tally = feedback.tally(workspace, kind="csat", since=period.since, until=period.until)
    parts = {str(score): tally.by_score.get(score, 0) for score in range(1, 6)}
    return _share(tally.count(4, 5), tally.n, NO_ANSWERS, **parts)


def net_promoter_score(workspace: uuid.UUID, period: Period) -> Measurement:
    tally = feedback.tally(workspace, kind="nps", since=period.since, until=period.until)
    if tally.n == 0:
        return Measurement(None, 0, str(NO_ANSWERS))
    groups = tally.count(9, 10), tally.count(7, 8), tally.count(0, 6)
    return Measurement(
        nps(*groups), tally.n, parts=dict(zip(("promoters", "passives", "detractors"), groups, strict=True))
    )


def response_rate(workspace: uuid.UUID, period: Period) -> Measurement:
    tally = feedback.tally(workspace, kind="csat", since=period.since, until=period.until)
    return _share(tally.answered, tally.asked, _("Nobody was asked yet."), answered=tally.answered)


_BOUGHT_AGAIN = """
WITH span AS (SELECT make_interval(days => %(wait)s) AS wait), orders AS (
  SELECT b.customer_id, e.at
  FROM timeline_event e
  JOIN customers_binding b ON b.identity_id = e.identity_id AND b.workspace_id = e.workspace_id
       AND e.at >= b.valid_from AND (b.valid_to IS NULL OR e.at < b.valid_to)
  WHERE e.workspace_id = %(workspace)s AND e.kind = 'order.placed'
    AND e.at >= %(since)s - (SELECT wait FROM span) AND e.at < %(until)s
), cohort AS (
  SELECT customer_id, min(at) AS first_at FROM orders, span
  WHERE at >= %(since)s - wait AND at < %(until)s - wait GROUP BY customer_id
)
SELECT count(*) FILTER (WHERE EXISTS (
         SELECT 1 FROM orders o
         WHERE o.customer_id = c.customer_id AND o.at > c.first_at AND o.at < c.first_at + span.wait)),
       count(*)
FROM cohort c, span
"""


def bought_again(workspace: uuid.UUID, period: Period) -> Measurement:
    with connection.cursor() as cursor:
        cursor.execute(
            _BOUGHT_AGAIN,
            {
                "workspace": workspace,
                "since": period.since,
                "until": period.until,
                "wait": REPEAT_DAYS,
            },
        )
        again, n = cursor.fetchone()
    return _share(again, n, _("No order is old enough to tell."), again=again)


def buying_customers(workspace: uuid.UUID, period: Period) -> Measurement:
    (n,) = _one(
        "SELECT count(DISTINCT b.customer_id) FROM timeline_event e JOIN customers_binding b"
        " ON b.identity_id = e.identity_id AND b.workspace_id = e.workspace_id"
        " AND e.at >= b.valid_from AND (b.valid_to IS NULL OR e.at < b.valid_to)"
        " WHERE e.workspace_id = %s AND e.kind = 'order.placed' AND e.at >= %s AND e.at < %s",
        [workspace, period.since, period.until],
    )
    return _counted(n)


_REVENUE = """
SELECT COALESCE(sum((e.data->>'amount_minor')::numeric) FILTER (WHERE e.is_ours), 0)::bigint,
       count(*) FILTER (WHERE e.is_ours), count(*) FILTER (WHERE NOT e.is_ours)
FROM (
  SELECT e.data, COALESCE(e.data->>'currency', w.currency) = w.currency AS is_ours
  FROM timeline_event e JOIN accounts_workspace w ON w.id = e.workspace_id
  WHERE e.workspace_id = %s AND e.kind = 'order.placed' AND e.at >= %s AND e.at < %s
    AND jsonb_typeof(e.data->'amount_minor') = 'number'
) e
"""


def revenue(workspace: uuid.UUID, period: Period) -> Measurement:
    total, n, others = _one(_REVENUE, [workspace, period.since, period.until])
    # Amounts of two currencies have no sum: the others are counted, not added.
    parts = {"in_other_currencies": others} if others else {}
    return Measurement(Estimate(total, total, total, n), n, parts=parts)


register(
    Metric(
        name="conversations_opened",
        title=_("Conversations"),
        definition=_("Matters that customers opened in the period."),
        column=Column.ACTIVITY,
        unit=Unit.COUNT,
        compute=conversations_opened,
        more_is_better=None,
        enough=0,
        rows="inbox",
    )
)
register(
    Metric(
        name="promises_kept",
        title=_("Promises kept"),
        definition=_("Of all promises made in the period and since kept or broken, the share kept in time."),
        column=Column.ACTIVITY,
        unit=Unit.SHARE,
        compute=promises_kept,
        rows="promises",
        rows_query={"outcome": "broken"},
    )
)
register(
    Metric(
        name="first_reply_minutes",
        title=_("First reply"),
        definition=_("Median time from a matter's opening to our first reply."),
        column=Column.ACTIVITY,
        unit=Unit.MINUTES,
        compute=first_reply_minutes,
        more_is_better=False,
        rows="inbox",
        rows_query={"tab": "resolved"},
    )
)
register(
    Metric(
        name="csat",
        title=_("Satisfaction (CSAT)"),
        definition=_("Share of answers that were 4 or 5 of 5 after a matter was settled."),
        column=Column.FEELING,
        unit=Unit.SHARE,
        compute=customer_satisfaction,
        rows="feedback",
        rows_query={"kind": "csat"},
    )
)
register(
    Metric(
        name="nps",
        title=_("Recommendation (NPS)"),
        definition=_("Share of 9 and 10 minus share of 0 to 6 among answers from 0 to 10."),
        column=Column.FEELING,
        unit=Unit.SCORE,
        compute=net_promoter_score,
        rows="feedback",
        rows_query={"kind": "nps"},
    )
)
register(
    Metric(
        name="response_rate",
        title=_("Answered when asked"),
        definition=_("Of those asked after service in the period, the share that answered."),
        column=Column.FEELING,
        unit=Unit.SHARE,
        compute=response_rate,
        rows="feedback",
        rows_query={"kind": "csat"},
    )
)
register(
    Metric(
        name="bought_again",
        title=_("Bought again"),
        definition=_(
            "Of customers whose order is at least 60 days old, the share that ordered again within 60 days."
        ),
        column=Column.OUTCOME,
        unit=Unit.SHARE,
        compute=bought_again,
        rows="customers",
    )
)
register(
    Metric(
        name="buying_customers",
        title=_("Customers who bought"),
        definition=_("Different customers with an order in the period."),
        column=Column.OUTCOME,
        unit=Unit.COUNT,
        compute=buying_customers,
        enough=0,
        rows="customers",
    )
)
register(
    Metric(
        name="revenue",
        title=_("Order value"),
        definition=_("Sum of all orders placed in the period in the company's own currency."),
        column=Column.OUTCOME,
        unit=Unit.MONEY,
        compute=revenue,
        enough=0,
        rows="customers",
    )
)
