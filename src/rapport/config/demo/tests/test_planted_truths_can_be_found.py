"""Each planted truth is measured in the visible records by the plainest sound computation.

Tolerances are about three standard errors of the estimate at this size, stated beside each.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import numpy as np
import pytest

from rapport.config.demo import Company, truths
from rapport.config.demo.company import Conversation
from rapport.config.demo.tests.facts import WEEK, Facts, nairobi_day, staffed_seconds


@pytest.fixture(scope="session")
def facts(company: Company) -> Facts:
    return Facts(company)


def slope(x: np.ndarray, y: np.ndarray) -> float:
    return float(np.polyfit(x, y, 1)[0])


def delivery_scores(facts: Facts) -> tuple[np.ndarray, np.ndarray]:
    pairs = [
        (facts.days_late[facts.company.invitations[invitation].order], score)
        for invitation, score in facts.scores("after-delivery")
    ]
    late, score = np.array(pairs, float).T
    return late, score


def test_each_day_beyond_three_days_late_lowers_satisfaction(facts: Facts) -> None:
    late, score = delivery_scores(facts)
    beyond = (late - truths.LATE_AFTER_DAYS).clip(min=0)
    assert slope(beyond, score) == pytest.approx(truths.LATE_POINTS_PER_DAY, abs=0.06)


def test_a_little_late_and_early_deliveries_move_nothing(facts: Facts) -> None:
    late, score = delivery_scores(facts)
    early = late <= 0
    assert slope(-late[early], score[early]) == pytest.approx(0, abs=0.13)
    little = (late > 0) & (late <= 3)
    assert score[little].mean() == pytest.approx(score[early].mean(), abs=0.25)


def bad_billing(conversation: Conversation) -> bool:
    broken = conversation.promise is not None and conversation.promise.kept is False
    return conversation.reason.startswith("billing.") and (broken or bool(conversation.reopened_at))


def test_a_bad_billing_contact_doubles_the_hazard_of_leaving(facts: Facts) -> None:
    bad = [row for row in facts.company.conversations if bad_billing(row)]
    # About 50 closings while exposed: a standard error of the logarithm of about 0.15.
    assert 1.35 < facts.hazards(bad, by_tier=True) < 2.9


def test_contacts_seem_to_protect_until_one_looks_within_a_tier(facts: Facts) -> None:
    bad = [row for row in facts.company.conversations if bad_billing(row)]
    others = [row for row in facts.company.conversations if not bad_billing(row)]
    plain = facts.hazards(others, by_tier=False, leaving_out=bad)
    adjusted = facts.hazards(others, by_tier=True, leaving_out=bad)
    assert plain < 0.92
    assert plain + 0.15 < adjusted
    assert 0.85 < adjusted < 1.2


def test_first_replies_are_slower_on_mondays(facts: Facts) -> None:
    logs: dict[bool, dict[tuple[str, int], list[float]]] = {True: {}, False: {}}
    for row in facts.company.conversations:
        if row.promise and row.first_reply_at:
            monday = nairobi_day(row.opened_at).weekday() == 0
            waited = staffed_seconds(row.opened_at, row.first_reply_at)
            logs[monday].setdefault((row.channel, row.team), []).append(np.log(waited))
    gaps = [(np.mean(logs[True][key]) - np.mean(rest), len(rest)) for key, rest in logs[False].items()]
    gap = np.average([gap for gap, _ in gaps], weights=[weight for _, weight in gaps])
    assert np.exp(gap) == pytest.approx(truths.MONDAY_FACTOR, rel=0.12)


def test_the_payment_fault_shows_in_payments_and_billing_conversations(facts: Facts) -> None:
    company = facts.company
    window = next(truth.window for truth in company.truths if truth.key == "payment-fault")
    assert window is not None

    def share(inside: bool) -> float:
        placed = {
            e.data["order"]
            for e in facts.of_kind("order.placed")
            if (window[0] <= e.at < window[1]) is inside
        }
        failed = {e.data["order"] for e in facts.of_kind("payment.failed")} & placed
        return len(failed) / len(placed)

    assert share(True) == pytest.approx(truths.FAILED_SHARE_IN_FAULT, abs=0.12)
    assert share(False) == pytest.approx(truths.FAILED_SHARE, abs=0.01)
    billing = [
        row.opened_at for row in company.conversations if row.reason.startswith("billing.payment_failed")
    ]
    during = sum(window[0] <= at < window[1] for at in billing) / truths.FAULT_DAYS
    before = sum(window[0] - 12 * WEEK <= at < window[0] for at in billing) / 84
    assert during > 3 * before


def test_customers_order_more_after_a_kept_promise(facts: Facts) -> None:
    begins = facts.company.begins_at
    latest: dict[tuple[int, int], bool] = {}
    for row in facts.company.conversations:
        if row.promise and row.promise.kept is not None:
            week = (row.opened_at - begins) // WEEK
            latest |= {(row.customer, week + n): row.promise.kept for n in range(1, truths.KEPT_WEEKS + 1)}
    weeks = Counter(kept for (_, week), kept in latest.items() if week < 104)
    orders: Counter[bool] = Counter()
    for customer, moments in facts.orders_of.items():
        orders.update(latest[key] for at in moments if (key := (customer, (at - begins) // WEEK)) in latest)
    ratio = (orders[True] / weeks[True]) / (orders[False] / weeks[False])
    # About 500 orders after a broken promise: a standard error of about 6 %, and customers differ.
    assert ratio == pytest.approx(truths.KEPT_ORDER_FACTOR, rel=0.2)


def after_conversation(facts: Facts) -> list[tuple[Conversation, int]]:
    return [(facts.conversation_of(number), score) for number, score in facts.scores("after-conversation")]


def test_one_member_is_rated_higher_within_the_team(facts: Facts) -> None:
    names = [member.name for member in facts.company.members]
    care = [
        (row, score)
        for row, score in after_conversation(facts)
        if facts.company.teams[row.team].key == "care"
    ]
    warm = [score for row, score in care if names[row.member] == truths.WARM_MEMBER]
    others = [score for row, score in care if names[row.member] != truths.WARM_MEMBER]
    assert len(warm) > 80
    assert np.mean(warm) - np.mean(others) == pytest.approx(truths.WARM_POINTS, abs=0.3)


def test_a_broken_promise_and_a_reopening_lower_satisfaction(facts: Facts) -> None:
    rows = [(row, score) for row, score in after_conversation(facts) if row.promise]
    kept = [score for row, score in rows if row.promise and row.promise.kept]
    broken = [score for row, score in rows if row.promise and not row.promise.kept]
    again = [score for row, score in rows if row.reopened_at]
    once = [score for row, score in rows if not row.reopened_at]
    assert np.mean(broken) - np.mean(kept) == pytest.approx(truths.BROKEN_POINTS, abs=0.2)
    assert np.mean(again) - np.mean(once) == pytest.approx(truths.REOPENED_POINTS, abs=0.3)


def test_returns_reopen_more_at_one_team(facts: Facts) -> None:
    company = facts.company

    def share(team: str) -> float:
        rows = [
            row
            for row in company.conversations
            if row.reason.startswith("returns.") and company.teams[row.team].name == team and row.resolved_at
        ]
        return sum(bool(row.reopened_at) for row in rows) / len(rows)

    assert share(truths.RETURNS_TEAM) == pytest.approx(truths.RETURNS_REOPENING_SHARE, abs=0.06)
    assert share("Care") == pytest.approx(truths.REOPENING_SHARE, abs=0.04)


def test_people_on_whatsapp_answer_surveys_more_often(facts: Facts) -> None:
    company = facts.company
    answered = {response.invitation for response in company.responses}
    counts = Counter(
        (row.channel == "whatsapp", number in answered) for number, row in enumerate(company.invitations)
    )
    odds = (counts[True, True] / counts[True, False]) / (counts[False, True] / counts[False, False])
    assert odds == pytest.approx(truths.WHATSAPP_ANSWER_ODDS, rel=0.15)


def test_orders_follow_black_friday_december_payday_and_the_evening(facts: Facts) -> None:
    orders = Counter(nairobi_day(event.at) for event in facts.of_kind("order.placed"))
    first = nairobi_day(facts.company.begins_at)
    days = [first + timedelta(days=n) for n in range(728)]
    fridays = [day for day in days if day.month == 11 and day.weekday() == 4 and 23 <= day.day <= 29]
    sale = {day + timedelta(days=n) for day in fridays for n in range(truths.BLACK_FRIDAY_DAYS)}
    quiet = [day for day in days if day.month == 11 and 4 <= day.day <= 22]

    def mean(chosen: list) -> float:
        return float(np.mean([orders[day] for day in chosen]))

    assert mean([day for day in days if day in sale and day.day <= 27]) > 1.6 * mean(quiet)
    december = [day for day in days if day.month == 12 and 4 <= day.day <= 23]
    january = [day for day in days if day.month == 1 and 4 <= day.day <= 24]
    assert mean(december) > 1.35 * mean(january)
    usual = [day for day in days if 2 <= day.month <= 10]
    payday = [day for day in usual if day.day >= truths.PAYDAY_FROM or day.day <= truths.PAYDAY_TO]
    rest = [day for day in usual if truths.PAYDAY_TO < day.day < truths.PAYDAY_FROM]
    assert mean(payday) / mean(rest) == pytest.approx(truths.PAYDAY_FACTOR, abs=0.15)
    hours = [(event.at + timedelta(hours=3)).hour for event in facts.of_kind("order.placed")]
    assert np.mean([19 <= hour < 23 for hour in hours]) == pytest.approx(truths.EVENING_SHARE, abs=0.02)


def test_detractors_leave_sooner_than_promoters(facts: Facts) -> None:
    company = facts.company
    left: dict[str, list[bool]] = {"detractor": [], "promoter": []}
    for number, score in facts.scores("quarterly"):
        asked = company.invitations[number].asked_at
        if asked + 26 * WEEK > company.ends_at or 7 <= score <= 8:
            continue
        closing = facts.closed_at.get(company.invitations[number].customer)
        gone = closing is not None and closing < asked + 26 * WEEK
        left["detractor" if score <= 6 else "promoter"].append(gone)
    assert np.mean(left["detractor"]) > 1.25 * np.mean(left["promoter"])


def test_the_banner_moves_nothing(facts: Facts) -> None:
    company = facts.company
    acacia = np.array([customer.banner == "acacia" for customer in company.customers])
    scores: dict[int, list[int]] = {}
    for number, score in facts.scores("after-conversation") + facts.scores("after-delivery"):
        scores.setdefault(company.invitations[number].customer, []).append(score)
    asked = Counter(row.customer for row in company.invitations)
    answered = Counter(company.invitations[row.invitation].customer for row in company.responses)
    outcomes = {
        "orders": {n: len(facts.orders_of.get(n, ())) for n in range(len(acacia))},
        "leaving": {n: float(n in facts.closed_at) for n in range(len(acacia))},
        "satisfaction": {n: float(np.mean(row)) for n, row in scores.items()},
        "answering": {n: answered[n] / asked[n] for n in asked},
    }
    for name, values in outcomes.items():
        a = np.array([value for n, value in values.items() if acacia[n]])
        b = np.array([value for n, value in values.items() if not acacia[n]])
        z = (a.mean() - b.mean()) / np.sqrt(a.var() / len(a) + b.var() / len(b))
        assert abs(z) < 2.5, name


def test_order_rates_differ_between_customers_as_in_a_gamma_mixture(facts: Facts) -> None:
    """Repeat buying is far from one Poisson rate for all: the variance is well above the mean."""
    repeats = np.array([max(len(orders) - 1, 0) for orders in facts.orders_of.values()])
    assert repeats.var() > 1.8 * repeats.mean()
    assert 0.2 < (repeats == 0).mean() < 0.65
