"""Business hours read and written the way people do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.accounts.refusals import Refused
from rapport.kernel.calendars import BusinessCalendar
from rapport.web.settings.hours_form import read_hours, spec_from, write_hours


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("", []),
        (" , ", []),
        ("8-17", [["08:00", "17:00"]]),
        ("08:00–12:00, 14:00–18:00", [["08:00", "12:00"], ["14:00", "18:00"]]),
        ("8.30 - 12; 14 to 18:15", [["08:30", "12:00"], ["14:00", "18:15"]]),
        ("0-24", [["00:00", "24:00"]]),
        ("22-6", [["22:00", "30:00"]]),
        ("9—9", [["09:00", "33:00"]]),
    ],
)
def test_they_are_understood(written: str, meant: list[list[str]]) -> None:
    assert read_hours(written, where="Monday") == meant


@pytest.mark.parametrize(
    "written", ["closed", "8", "25-26", "24-25", "8:60-9", "8-17-18", "-", "8–١٧", "8-17 " * 200, "\x00"]
)
def test_nonsense_names_the_day(written: str) -> None:
    with pytest.raises(Refused, match="Monday"):
        read_hours(written, where="Monday")


_MINUTES = st.integers(min_value=0, max_value=24 * 60 - 1)


@given(start=_MINUTES, end=_MINUTES)
def test_what_is_written_is_read_the_same(start: int, end: int) -> None:
    text = f"{start // 60}:{start % 60:02d}-{end // 60}:{end % 60:02d}"
    shifts = read_hours(text, where="Monday")
    assert read_hours(write_hours(shifts), where="Monday") == shifts


def test_a_form_becomes_a_calendar() -> None:
    spec = spec_from(
        "Africa/Nairobi",
        {"monday": "8-12, 14-18", "tuesday": ""},
        [("2026-12-25", "Christmas", ""), ("2026-12-24", "Christmas Eve", "8-12"), ("", "no date", "8-9")],
        day_labels={"monday": "Monday", "tuesday": "Tuesday"},
    )
    calendar = BusinessCalendar.from_spec(spec)
    assert [len(day) for day in calendar.weekly] == [2, 0, 0, 0, 0, 0, 0]
    assert [holiday.name for holiday in calendar.holidays.values()] == ["Christmas", "Christmas Eve"]
