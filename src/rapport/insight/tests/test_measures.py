"""Each measure says what a careful person would have counted by hand, and says so when there is nothing to say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from rapport.accounts.models import Brand, Workspace
from rapport.customers.actions import recognise
from rapport.customers.rules import Level
from rapport.desk.models import Conversation, Promise
from rapport.feedback.actions import set_up_after_service_survey
from rapport.feedback.models import Invitation, Response, Survey
from rapport.insight.queries import opened_by_day, pulse, reading, worth_of
from rapport.insight.registry import Column, Measurement, Metric, Period, Unit, all_metrics, metric, register
from rapport.kernel import clock
from rapport.kernel.actors import Actor, ActorKind, Denied, system
from rapport.kernel.log import Record
from rapport.stats import Estimate, difference, nps, wilson
from rapport.timeline.store import append_many

pytestmark = pytest.mark.django_db
UNTIL = datetime(2026, 11, 1, tzinfo=UTC)
NOW = Period(UNTIL - timedelta(days=30), UNTIL)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def later() -> Iterator[None]:
    with clock.frozen(UNTIL + 3 * DAY):
        yield


class Books:
    """Somebody who writes a company's past down, row by row."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.number = 0

    def person(self, name: str) -> Any:
        us = system(self.workspace.pk)
        return recognise(us, namespace="user_id", value=name, level=Level.ASSERTED, evidence="x", name=name)

    def matter(self, at: datetime, *, replied_after: float | None = None, promise: str = "") -> Conversation:
        self.number += 1
        identity = self.person(f"c{self.number}").identity_id
        row = Conversation.objects.create(
            workspace=self.workspace, number=self.number, brand=Brand.objects.within(self.workspace).get(),
            identity_id=identity, channel="chat", opened_at=at, waiting_since=at, last_entry_at=at,
            first_replied_at=None if replied_after is None else at + replied_after * MINUTE,
        )  # fmt: skip
        if promise:
            settled = None if promise == "open" else at + DAY
            Promise.objects.create(
                workspace=self.workspace, conversation=row, identity_id=identity, kind="first_reply",
                made_at=at, due_at=at + DAY, outcome=promise, settled_at=settled,
            )  # fmt: skip
        return row

    def asked(
        self, at: datetime, score: int | None, *, kind: str = "csat", answered_at: datetime | None = None
    ) -> None:
        self.number += 1
        survey = set_up_after_service_survey(self.workspace.pk)
        if kind != "csat":
            survey, _ = Survey.objects.within(self.workspace).get_or_create(
                key=kind, defaults={"workspace": self.workspace, "name": kind, "kind": kind}
            )
        identity = self.person(f"c{self.number}").identity_id
        invitation = Invitation.objects.create(
            workspace=self.workspace, survey=survey, identity_id=identity, occasion=str(self.number),
            channel="chat", asked_at=at, expires_at=at + 14 * DAY,
        )  # fmt: skip
        if score is not None:
            Response.objects.create(
                workspace=self.workspace, survey=survey, invitation=invitation, identity_id=identity,
                channel="chat", score=score, answered_at=answered_at or at,
            )  # fmt: skip

    def order(self, who: str, at: datetime, amount: Any = 1_000, currency: str | None = "KES") -> Any:
        self.number += 1
        person = self.person(who)
        data = {"amount_minor": amount, "currency": currency}
        append_many(
            [Record(self.workspace.pk, "order.placed", at, "customer", identity_id=person.identity_id,
                    data=data if currency else {"amount_minor": amount}, dedupe_key=f"o{self.number}")]
        )  # fmt: skip
        return person.customer_id


@pytest.fixture
def books(duka: Workspace) -> Books:
    return Books(duka)


def measured(books: Books, name: str, period: Period = NOW) -> Measurement:
    return metric(name).compute(books.workspace.pk, period)


def value(books: Books, name: str) -> float:
    estimate = measured(books, name).estimate
    assert estimate is not None
    return estimate.value


def test_matters_opened_counts_the_period_with_its_start_and_without_its_end(books: Books) -> None:
    for at in (NOW.since - MINUTE, NOW.since, NOW.since + DAY, NOW.until - MINUTE, NOW.until):
        books.matter(at)
    assert value(books, "conversations_opened") == 3


def test_promises_kept_is_a_share_of_those_settled(books: Books) -> None:
    for promise in ("kept", "kept", "kept", "broken", "open"):
        books.matter(NOW.since, promise=promise)
    books.matter(NOW.since - DAY, promise="broken")
    found = measured(books, "promises_kept")
    assert found.estimate == wilson(3, 4) and found.n == 4
    assert found.parts == {"kept": 3, "broken": 1}


def test_first_reply_is_the_median_of_those_answered(books: Books) -> None:
    for minutes in (1, 4, 90, None, 7, 0):
        books.matter(NOW.since, replied_after=minutes)
    books.matter(NOW.since - DAY, replied_after=500)
    found = measured(books, "first_reply_minutes")
    assert found.n == 4 and found.estimate is not None
    assert found.estimate.value == 5.5  # of 1, 4, 7, 90; what was written down afterwards took no time


def test_satisfaction_is_the_share_of_fours_and_fives(books: Books) -> None:
    for score in (5, 5, 4, 3, 1):
        books.asked(NOW.since, score)
    books.asked(NOW.since, None)
    books.asked(NOW.since - DAY, 1)
    books.asked(NOW.since - DAY, 1, answered_at=NOW.until)
    found = measured(books, "csat")
    assert found.estimate == wilson(3, 5) and found.n == 5
    assert found.parts == {"1": 1, "2": 0, "3": 1, "4": 1, "5": 2}
    rate = measured(books, "response_rate")
    assert rate.estimate == wilson(5, 6) and rate.n == 6


def test_recommendation_is_promoters_minus_detractors(books: Books) -> None:
    for score in (10, 9, 8, 7, 6, 0):
        books.asked(NOW.since, score, kind="nps")
    books.asked(NOW.since, 5)  # a CSAT answer is none
    found = measured(books, "nps")
    assert found.estimate == nps(2, 2, 2) and found.estimate.value == 0
    assert found.parts == {"promoters": 2, "passives": 2, "detractors": 2}


def test_bought_again_looks_sixty_days_on(books: Books) -> None:
    start = NOW.since - 60 * DAY
    books.order("again", start)
    books.order("again", start + 59 * DAY)
    books.order("too late", start + DAY)
    books.order("too late", start + 61 * DAY)
    books.order("once", NOW.until - 60 * DAY - MINUTE)
    books.order("too young", NOW.until - 60 * DAY)
    books.order("too young", NOW.until - DAY)
    books.order("before", start - MINUTE)
    found = measured(books, "bought_again")
    assert found.estimate == wilson(1, 3) and found.n == 3


def test_buyers_are_people_and_not_identities(books: Books) -> None:
    customer = books.order("wambui", NOW.since)
    books.order("wambui", NOW.since + DAY)
    books.order("juma", NOW.since + DAY)
    books.order("amani", NOW.until)
    assert value(books, "buying_customers") == 2
    actor = _member(books)
    worth = worth_of(actor, customer)
    assert (worth.orders, worth.total_minor, worth.currency) == (2, 2_000, "KES")
    assert worth.last_order_at == NOW.since + DAY


def test_amounts_of_two_currencies_are_never_added(books: Books) -> None:
    customer = books.order("wambui", NOW.since, 1_000, "USD")
    books.order("wambui", NOW.since + MINUTE, 500, None)
    books.order("wambui", NOW.since + 2 * MINUTE, 700, "KES")
    for nonsense in ("12.50", None, True, [1]):
        books.order("wambui", NOW.since + MINUTE, nonsense)
    found = measured(books, "revenue")
    assert found.estimate is not None and (found.estimate.value, found.n) == (1_200, 2)
    assert found.parts == {"in_other_currencies": 1}
    worth = worth_of(_member(books), customer)
    assert (worth.orders, worth.total_minor, worth.currency) == (7, 1_200, "KES")


def test_an_empty_company_has_reasons_and_no_errors(books: Books) -> None:
    for each in all_metrics():
        found = each.compute(books.workspace.pk, NOW)
        assert (found.estimate is None) == bool(found.reason), each.name
        assert found.n == 0, each.name
    for readings in pulse(_member(books), NOW).values():
        assert all(one.verdict == "unknown" or one.change is not None for one in readings)


def test_another_companys_rows_are_never_counted(books: Books, kiosk: Workspace) -> None:
    theirs = Books(kiosk)
    theirs.matter(NOW.since, replied_after=5, promise="kept")
    theirs.asked(NOW.since, 5)
    theirs.asked(NOW.since, 9, kind="nps")
    customer = theirs.order("wambui", NOW.since - 40 * DAY)
    theirs.order("wambui", NOW.since)
    assert value(theirs, "revenue") == 1_000 and measured(theirs, "bought_again").n == 1
    for each in all_metrics():
        assert each.compute(books.workspace.pk, NOW).n == 0, each.name
    assert worth_of(_member(books), customer).orders == 0
    assert sum(day.n for day in opened_by_day(_member(books), NOW, "Africa/Nairobi")) == 0


def _fixed(
    name: str, now: Estimate | None, before: Estimate | None, unit: Unit, more: bool | None = True
) -> Metric:
    def compute(_workspace: Any, period: Period) -> Measurement:
        estimate = now if period == NOW else before
        return Measurement(estimate, estimate.n if estimate else 0, "" if estimate else "nothing")

    return Metric(name, name, name, Column.FEELING, unit, compute, more_is_better=more)


@pytest.mark.parametrize(
    ("now", "before", "unit", "more", "verdict", "better"),
    [
        (wilson(90, 100), wilson(50, 100), Unit.SHARE, True, "up", True),
        (wilson(50, 100), wilson(90, 100), Unit.SHARE, True, "down", False),
        (wilson(50, 100), wilson(90, 100), Unit.SHARE, False, "down", True),
        (wilson(50, 100), wilson(90, 100), Unit.SHARE, None, "down", None),
        (wilson(6, 10), wilson(5, 10), Unit.SHARE, True, "none", None),
        (None, wilson(5, 10), Unit.SHARE, True, "unknown", None),
        (wilson(5, 10), None, Unit.SHARE, True, "unknown", None),
        (nps(95, 5, 0), nps(0, 5, 95), Unit.SCORE, True, "up", True),
        (Estimate(10, 8, 12, 40), Estimate(20, 13, 25, 40), Unit.MINUTES, False, "down", True),
        (Estimate(10, 8, 13, 40), Estimate(20, 13, 25, 40), Unit.MINUTES, False, "none", None),
        (Estimate(10, 10, 10, 10), Estimate(99, 99, 99, 99), Unit.COUNT, True, "unknown", None),
    ],
)
def test_a_change_is_called_only_when_its_interval_leaves_out_zero(
    books: Books, now: Any, before: Any, unit: Unit, more: bool | None, verdict: str, better: bool | None
) -> None:
    found = reading(_member(books), _fixed("x", now, before, unit, more), NOW)
    assert (found.verdict, found.is_better) == (verdict, better)
    if found.change is not None:
        assert found.change.low <= found.change.value <= found.change.high


def test_a_score_from_minus_one_to_one_can_change_by_two() -> None:
    change = difference(nps(95, 5, 0), nps(0, 5, 95))
    assert change.value == pytest.approx(1.9) and change.low < change.value < change.high <= 2


@pytest.mark.parametrize("counts", [(1, 0, 0), (0, 0, 1), (0, 1, 0), (5, 0, 0), (3, 0, 1)])
def test_a_score_lies_within_its_interval_however_few_answered(counts: tuple[int, int, int]) -> None:
    found = nps(*counts)
    assert -1 <= found.low <= found.value <= found.high <= 1


def test_days_are_the_companys_days(books: Books) -> None:
    """22:30 UTC is half past one of the next day in Nairobi."""
    nairobi = Period(datetime(2026, 10, 1, 21, tzinfo=UTC), datetime(2026, 10, 3, 21, tzinfo=UTC))
    books.matter(datetime(2026, 10, 1, 22, 30, tzinfo=UTC))
    books.matter(datetime(2026, 10, 3, 20, 59, tzinfo=UTC))
    books.matter(datetime(2026, 10, 3, 21, tzinfo=UTC))
    days = opened_by_day(_member(books), nairobi, "Africa/Nairobi")
    assert [(day.day, day.n) for day in days] == [(date(2026, 10, 2), 1), (date(2026, 10, 3), 1)]


def test_a_day_of_twenty_five_hours_is_one_day(books: Books) -> None:
    lisbon = Period(
        datetime.fromisoformat("2026-10-25T00:00:00+01:00"),
        datetime.fromisoformat("2026-10-26T00:00:00+00:00"),
    )
    assert [day.day for day in opened_by_day(_member(books), lisbon, "Europe/Lisbon")] == [date(2026, 10, 25)]


def test_pulse_takes_the_same_statements_however_much_there_is(
    books: Books, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    actor = _member(books)
    with django_assert_max_num_queries(30) as empty:
        pulse(actor, NOW)
    for number in range(6):
        books.matter(NOW.since, replied_after=number, promise="kept")
        books.asked(NOW.since, 5)
        books.order(f"c{number}", NOW.since)
    with django_assert_num_queries(len(empty)):
        columns = pulse(actor, NOW)
    assert {column: bool(readings) for column, readings in columns.items()} == dict.fromkeys(Column, True)


def test_measures_are_for_those_who_may_see_them(books: Books) -> None:
    customer = Actor(books.workspace.pk, ActorKind.CUSTOMER)
    for attempt in (
        lambda: pulse(customer, NOW),
        lambda: reading(customer, metric("csat"), NOW),
        lambda: opened_by_day(customer, NOW, "UTC"),
        lambda: worth_of(customer, books.workspace.pk),
    ):
        with pytest.raises(Denied):
            attempt()


def test_a_measure_is_defined_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        register(metric("csat"))
    with pytest.raises(LookupError):
        metric("happiness")


def _member(books: Books) -> Actor:
    return Actor(books.workspace.pk, ActorKind.MEMBER, permissions=frozenset({"metrics.see"}))
