"""Times to come back at, as people type them. Now is Sunday 22 November 2026, 10:30 in Nairobi."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from rapport.web.inbox.snooze_times import NotATime, choices, parse

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=ZoneInfo("Africa/Nairobi"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("in 2 h", "2026-11-22 12:30"),
        ("45m", "2026-11-22 11:15"),
        ("3 days", "2026-11-25 10:30"),
        ("1w", "2026-11-29 10:30"),
        ("tomorrow", "2026-11-23 09:00"),
        ("Tomorrow at 14", "2026-11-23 14:00"),
        ("mon 14:30", "2026-11-23 14:30"),
        ("sunday", "2026-11-29 09:00"),
        ("sun 11", "2026-11-22 11:00"),
        ("2026-12-01T08:00", "2026-12-01 08:00"),
    ],
)
def test_typed_words_mean_a_time(typed, meant):
    assert parse(typed, NOW).strftime("%Y-%m-%d %H:%M") == meant


@pytest.mark.parametrize("typed", ["", "soon", "in 2 moons", "mon 25", "tomorrow 9:75", "9999h 9"])
def test_other_words_are_refused_with_examples(typed):
    with pytest.raises(NotATime, match="tomorrow 9"):
        parse(typed, NOW)


def test_what_the_menu_offers_can_be_sent_back():
    for value, _name, _when in choices(NOW):
        assert parse(value, NOW) > NOW
