"""Whenever the demo is built, somebody has just written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rapport.config.demo import Company
from rapport.config.demo.company import Conversation
from rapport.config.demo.tests.conftest import TODAY
from rapport.config.demo.today import SCENES, brought_up_to

HOUR = timedelta(hours=1)
# In Nairobi: 14:20, 07:10 (the desk has just opened), 21:59, 03:30, and the first second of the day.
AFTERNOON = datetime(2026, 11, 22, 11, 20, tzinfo=UTC)
MOMENTS = [
    AFTERNOON,
    datetime(2026, 11, 22, 4, 10, tzinfo=UTC),
    datetime(2026, 11, 22, 18, 59, tzinfo=UTC),
    datetime(2026, 11, 22, 0, 30, tzinfo=UTC),
    datetime(2026, 11, 21, 21, 0, 1, tzinfo=UTC),
]


def moved(company: Company, until: datetime) -> list[Conversation]:
    up_to_now, positions = brought_up_to(company, until=until)
    return [up_to_now.conversations[position] for position in sorted(positions)]


@pytest.mark.parametrize("until", MOMENTS)
def test_some_wrote_within_the_hour_and_nobody_has_taken_them(company: Company, until: datetime) -> None:
    fresh = [row for row in moved(company, until) if row.opened_at > until - HOUR]
    assert len(fresh) >= 5
    assert sum(row.member is None for row in fresh) >= 3
    assert all(row.entries[-1].at <= until for row in fresh)


@pytest.mark.parametrize("until", MOMENTS[:3])
def test_two_promises_are_about_to_break_while_the_desk_is_staffed(company: Company, until: datetime) -> None:
    due = [
        row.promise.due_at - until
        for row in moved(company, until)
        if row.promise is not None and row.promise.kept is None
    ]
    # Just before closing time, the last minutes run on the next morning.
    soon = timedelta(minutes=15) if until < MOMENTS[2] else timedelta(hours=10)
    assert sum(timedelta(0) < left <= soon for left in due) >= 2


@pytest.mark.parametrize("until", MOMENTS)
def test_moved_conversations_hang_together(company: Company, until: datetime) -> None:
    rows = moved(company, until)
    assert len(rows) == len(SCENES)
    assert len({row.customer for row in rows}) == len(rows)
    for row in rows:
        times = [entry.at for entry in row.entries]
        assert times == sorted(times) and times[0] == row.opened_at and times[-1] <= until
        assert row.promise is not None and row.promise.due_at > row.promise.made_at == row.opened_at
        assert row.channel == "chat" and row.resolved_at is None and row.closed_at == ()
        replies = [entry.at for entry in row.entries if entry.direction == "out"]
        assert row.first_reply_at == (replies[0] if replies else None)
        assert row.member is not None or not replies
        assert (row.status == "waiting") == (row.entries[-1].direction == "out")


def test_the_days_before_do_not_look_empty(company: Company) -> None:
    _, positions = brought_up_to(company, until=AFTERNOON)
    days = [company.conversations[position].opened_at.date() for position in positions]
    for day in set(days):
        that_day = sum(row.opened_at.date() == day for row in company.conversations)
        assert days.count(day) <= 0.5 * that_day


def test_everything_else_stays_as_it_was(company: Company) -> None:
    before = list(company.conversations)
    up_to_now, positions = brought_up_to(company, until=AFTERNOON)
    assert company.conversations == before
    for position, row in enumerate(up_to_now.conversations):
        assert (row == before[position]) is (position not in positions)


def test_a_tiny_company_has_fewer_of_them(small_company: Company) -> None:
    assert len(moved(small_company, TODAY)) < len(SCENES)
