"""Pulse computes sensible values on the loaded company, and planted truths are found in the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from rapport.config.demo.loading import Built
from rapport.config.demo.loading.ids import DEMO_ID
from rapport.config.demo.tests.loaded import NOW, loaded_company, rows
from rapport.insight.queries import pulse, worth_of
from rapport.insight.registry import Period, metric
from rapport.kernel.actors import system

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

YEAR = Period(NOW - timedelta(days=365), NOW)


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Built]:
    with django_db_blocker.unblock(), loaded_company(scale=0.5) as made:
        yield made


def value(name: str) -> float:
    measured = metric(name).compute(DEMO_ID, YEAR)
    assert measured.estimate is not None, name
    return measured.estimate.value


def test_pulse_has_a_value_for_every_measure(built: Built) -> None:
    readings = [reading for column in pulse(system(DEMO_ID), YEAR).values() for reading in column]
    assert len(readings) >= 9
    for reading in readings:
        assert reading.now.estimate is not None, reading.metric.name
        assert reading.before.estimate is not None, reading.metric.name


def test_its_values_are_those_of_a_shop_like_this(built: Built) -> None:
    assert 0.6 < value("csat") < 0.9
    assert -0.2 < value("nps") < 0.6
    assert 0.2 < value("response_rate") < 0.5
    assert 0.6 < value("promises_kept") < 0.95
    assert 10 < value("first_reply_minutes") < 240
    assert 0.15 < value("bought_again") < 0.7
    assert value("buying_customers") > 500
    # Order value in cents: some 2,500 orders a year of a few thousand shillings.
    assert 2_000 * 100_000 < value("revenue") < 5_000 * 2_000_000


def test_a_customer_is_worth_their_orders(built: Built) -> None:
    ((customer, orders, total),) = rows(
        "SELECT b.customer_id, count(*), sum((e.data->>'amount_minor')::bigint)::bigint FROM timeline_event e"
        " JOIN customers_binding b ON b.identity_id = e.identity_id WHERE e.kind = 'order.placed'"
        " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1"
    )
    worth = worth_of(system(DEMO_ID), customer)
    assert (worth.orders, worth.total_minor, worth.currency) == (orders, total, "KES")


def test_late_delivery_lowers_satisfaction_and_early_delivery_does_not_raise_it(built: Built) -> None:
    """Planted: 0.25 points for each day beyond three days late; nothing for up to three, nor for early."""
    groups = {
        name: (float(mean), n)
        for name, mean, n in rows(
            "SELECT CASE WHEN late <= -1 THEN 'early' WHEN late <= 3 THEN 'on time' WHEN late >= 6 THEN 'late' END,"
            " avg(score), count(*) FROM (SELECT (e.data->>'days_late')::int AS late, r.score"
            "   FROM feedback_response r JOIN timeline_event e"
            "   ON e.subject_id = r.subject_id AND e.kind = 'order.delivered'"
            "   WHERE r.workspace_id = %s AND r.subject_kind = 'order') AS delivered GROUP BY 1",
            DEMO_ID,
        )
    }
    assert min(n for _, n in groups.values()) > 20
    assert groups["late"][0] < groups["on time"][0] - 0.6
    assert abs(groups["early"][0] - groups["on time"][0]) < 0.25


def test_returns_at_delivery_come_up_again_far_more_often(built: Built) -> None:
    """Planted: a quarter of them, against 7 % of everything else."""
    shares = {
        team: (float(share), n)
        for team, share, n in rows(
            "SELECT t.name, avg(EXISTS (SELECT 1 FROM desk_closure x WHERE x.conversation_id = c.id"
            "   AND x.reopened_at IS NOT NULL)::int), count(*)"
            " FROM desk_conversation c JOIN accounts_team t ON t.id = c.team_id"
            " WHERE c.workspace_id = %s AND c.reason LIKE 'returns.%%' GROUP BY 1",
            DEMO_ID,
        )
    }
    assert 0.15 < shares["Delivery"][0] < 0.35
    assert shares["Care"][0] < 0.14
    assert shares["Delivery"][0] > 2 * shares["Care"][0]


def test_the_first_promise_of_a_conversation_tells_what_was_planted_about_promises(built: Built) -> None:
    """Planted: a broken one costs 0.4 points of satisfaction, whatever becomes of later promises."""
    scores = dict(
        rows(
            "SELECT p.outcome, avg(r.score)::float8 FROM feedback_response r CROSS JOIN LATERAL"
            " (SELECT outcome FROM desk_promise WHERE conversation_id = r.subject_id ORDER BY made_at LIMIT 1) p"
            " WHERE r.workspace_id = %s AND r.subject_kind = 'conversation' GROUP BY 1",
            DEMO_ID,
        )
    )
    assert scores["broken"] < scores["kept"] - 0.15
