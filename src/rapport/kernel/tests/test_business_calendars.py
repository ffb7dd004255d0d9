from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.kernel.calendars import BusinessCalendar, CalendarError, NeverOpens, Opening

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
EVERY_DAY = (*WEEKDAYS, "saturday", "sunday")


def calendar(zone: str, days: tuple[str, ...], hours: list[list[str]], **more: Any) -> BusinessCalendar:
    return BusinessCalendar.from_spec({"zone": zone, "weekly": dict.fromkeys(days, hours), **more})


def at(zone: str, text: str, *, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


OFFICE = calendar("Africa/Nairobi", WEEKDAYS, [["08:00", "17:00"]])
SPLIT = calendar("Africa/Nairobi", WEEKDAYS, [["14:00", "18:00"], ["08:00", "12:00"]])
NIGHT = calendar("Europe/Berlin", EVERY_DAY, [["22:00", "30:00"]])
ALWAYS = calendar("Europe/Berlin", EVERY_DAY, [["00:00", "24:00"]])
BERLIN = calendar("Europe/Berlin", EVERY_DAY, [["01:00", "04:00"]])
SKIPPED = calendar("Europe/Berlin", EVERY_DAY, [["02:30", "06:00"]])
SAO_PAULO = calendar("America/Sao_Paulo", EVERY_DAY, [["00:00", "02:00"], ["23:00", "24:00"]])
HOLIDAYS = calendar(
    "Africa/Nairobi",
    WEEKDAYS,
    [["08:00", "17:00"]],
    holidays=[
        {"date": "2026-12-25", "name": "Christmas"},
        {"date": "2026-12-24", "name": "Christmas Eve", "hours": [["08:00", "12:00"]]},
        {"date": "2026-12-26", "name": "Sale", "hours": [["10:00", "14:00"]]},
    ],
)

# 2026-11-23 is a Monday. Europe/Berlin springs forward on 2026-03-29 at 02:00 and falls back on 2026-10-25 at
# 03:00; America/Sao_Paulo sprang forward at midnight of 2018-11-04 and fell back at midnight of 2018-02-18
# (tz database).
ADDITIONS = [
    ("within a day", OFFICE, "2026-11-23 09:00", 2 * HOUR, "2026-11-23 11:00"),
    ("ends with the closing", OFFICE, "2026-11-23 16:00", HOUR, "2026-11-23 17:00"),
    ("goes on next morning", OFFICE, "2026-11-23 16:00", 2 * HOUR, "2026-11-24 09:00"),
    ("over the weekend", OFFICE, "2026-11-27 16:30", HOUR, "2026-11-30 08:30"),
    ("starts while closed", OFFICE, "2026-11-28 12:00", HOUR, "2026-11-30 09:00"),
    ("starts at closing", OFFICE, "2026-11-23 17:00", HOUR, "2026-11-24 09:00"),
    ("nothing added stays", OFFICE, "2026-11-28 12:00", 0 * HOUR, "2026-11-28 12:00"),
    ("over lunch", SPLIT, "2026-11-23 11:30", HOUR, "2026-11-23 14:30"),
    ("through the night", NIGHT, "2026-11-23 23:00", 7 * HOUR, "2026-11-24 06:00"),
    ("the long night of autumn", NIGHT, "2026-10-24 22:00", 9 * HOUR, "2026-10-25 06:00"),
    ("the short night of spring", NIGHT, "2026-03-28 22:00", 7 * HOUR, "2026-03-29 06:00"),
    ("always open, in spring", ALWAYS, "2026-03-29 00:00", 23 * HOUR, "2026-03-30 00:00"),
    ("always open, in autumn", ALWAYS, "2026-10-25 00:00", 25 * HOUR, "2026-10-26 00:00"),
    ("always open for a year", ALWAYS, "2026-01-01 00:00", 365 * 24 * HOUR, "2027-01-01 00:00"),
    ("around the skipped hour", BERLIN, "2026-03-29 01:00", 2 * HOUR, "2026-03-29 04:00"),
    ("around the doubled hour", BERLIN, "2026-10-25 01:00", 4 * HOUR, "2026-10-25 04:00"),
    ("opens in the skipped hour", SKIPPED, "2026-03-29 00:00", HOUR, "2026-03-29 04:00"),
    ("midnight is skipped", SAO_PAULO, "2018-11-03 23:00", 2 * HOUR, "2018-11-04 02:00"),
    ("the last hour is doubled", SAO_PAULO, "2018-02-17 22:00", 3 * HOUR, "2018-02-18 01:00"),
    ("over a holiday", HOLIDAYS, "2026-12-24 11:00", 3 * HOUR, "2026-12-26 12:00"),
    ("open on a Saturday holiday", HOLIDAYS, "2026-12-26 13:00", 2 * HOUR, "2026-12-28 09:00"),
]


@pytest.mark.parametrize(
    ("calendar", "start", "duration", "expected"),
    [row[1:] for row in ADDITIONS],
    ids=[row[0] for row in ADDITIONS],
)
def test_adding_business_time(
    calendar: BusinessCalendar, start: str, duration: timedelta, expected: str
) -> None:
    zone = calendar.zone.key
    assert calendar.add(at(zone, start), duration) == at(zone, expected)
    assert calendar.between(at(zone, start), at(zone, expected)) == duration
    assert calendar.between(at(zone, expected), at(zone, start)) == -duration


def test_a_shift_that_ends_in_the_doubled_hour_ends_when_the_hour_is_first_shown() -> None:
    bar = calendar("Europe/Berlin", EVERY_DAY, [["20:00", "26:30"]])
    assert bar.is_open(at("Europe/Berlin", "2026-10-25 02:29"))
    assert not bar.is_open(at("Europe/Berlin", "2026-10-25 02:30"))
    assert not bar.is_open(at("Europe/Berlin", "2026-10-25 02:10", fold=1))


def test_a_shift_inside_the_skipped_hour_does_not_take_place_that_day() -> None:
    early = calendar("Europe/Berlin", EVERY_DAY, [["02:10", "02:50"]])
    assert early.next_opening(at("Europe/Berlin", "2026-03-29 00:00")) == at(
        "Europe/Berlin", "2026-03-30 02:10"
    )


def test_a_date_that_a_zone_skipped_has_no_hours() -> None:
    # Samoa went from 2011-12-29 straight to 2011-12-31 (tz database).
    samoa = calendar("Pacific/Apia", EVERY_DAY, [["08:00", "16:00"]])
    start = at("Pacific/Apia", "2011-12-29 15:00")
    assert samoa.add(start, 2 * HOUR) == at("Pacific/Apia", "2011-12-31 09:00")


def test_opening_is_included_and_closing_is_not() -> None:
    assert OFFICE.is_open(at("Africa/Nairobi", "2026-11-23 08:00"))
    assert not OFFICE.is_open(at("Africa/Nairobi", "2026-11-23 17:00"))
    assert not OFFICE.is_open(at("Africa/Nairobi", "2026-11-22 10:00"))
    assert OFFICE.is_open(datetime(2026, 11, 23, 5, 0, tzinfo=UTC))


def test_the_next_opening_is_now_when_it_is_open() -> None:
    open_now, closed = at("Africa/Nairobi", "2026-11-23 10:00"), at("Africa/Nairobi", "2026-11-27 17:00")
    assert OFFICE.next_opening(open_now) == open_now
    assert OFFICE.next_opening(closed) == at("Africa/Nairobi", "2026-11-30 08:00")


def test_a_night_shift_belongs_to_the_day_it_starts_on() -> None:
    night = calendar(
        "Africa/Nairobi",
        EVERY_DAY,
        [["22:00", "30:00"]],
        holidays=[{"date": "2026-12-25", "name": "Christmas"}],
    )
    assert night.is_open(at("Africa/Nairobi", "2026-12-25 05:00"))
    assert not night.is_open(at("Africa/Nairobi", "2026-12-25 23:00"))
    assert not night.is_open(at("Africa/Nairobi", "2026-12-26 05:00"))


def test_holiday_hours_that_meet_the_end_of_a_night_are_not_counted_twice() -> None:
    night = calendar(
        "Africa/Nairobi",
        ("thursday",),
        [["22:00", "30:00"]],
        holidays=[{"date": "2026-12-25", "name": "Christmas", "hours": [["05:00", "09:00"]]}],
    )
    start, end = at("Africa/Nairobi", "2026-12-24 12:00"), at("Africa/Nairobi", "2026-12-25 12:00")
    assert night.between(start, end) == 11 * HOUR
    assert [opening.duration for opening in night.intervals(start, end)] == [11 * HOUR]
    assert night.add(start, 11 * HOUR) == at("Africa/Nairobi", "2026-12-25 09:00")


def test_intervals_are_cut_to_the_span_and_joined_where_they_touch() -> None:
    start, end = at("Africa/Nairobi", "2026-11-23 10:00"), at("Africa/Nairobi", "2026-11-23 15:00")
    assert list(SPLIT.intervals(start, end)) == [
        Opening(start, at("Africa/Nairobi", "2026-11-23 12:00")),
        Opening(at("Africa/Nairobi", "2026-11-23 14:00"), end),
    ]
    days = at("Europe/Berlin", "2026-11-01"), at("Europe/Berlin", "2026-11-08")
    assert list(ALWAYS.intervals(*days)) == [Opening(*days)]
    assert list(ALWAYS.intervals(days[1], days[0])) == []


def test_a_calendar_that_never_opens_says_so_instead_of_searching_for_ever() -> None:
    closed = BusinessCalendar.from_spec({"zone": "Africa/Nairobi"})
    noon = at("Africa/Nairobi", "2026-11-23 12:00")
    assert not closed.is_open(noon)
    assert closed.between(noon, noon + 30 * timedelta(days=1)) == timedelta(0)
    for question in (lambda: closed.next_opening(noon), lambda: closed.add(noon, MINUTE)):
        with pytest.raises(NeverOpens, match="no opening"):
            question()


def test_a_calendar_with_a_single_open_day_never_opens_after_it() -> None:
    fair = BusinessCalendar.from_spec(
        {"zone": "Africa/Nairobi", "holidays": [{"date": "2030-05-01", "hours": [["09:00", "17:00"]]}]}
    )
    assert fair.next_opening(at("Africa/Nairobi", "2026-01-01")) == at("Africa/Nairobi", "2030-05-01 09:00")
    with pytest.raises(NeverOpens):
        fair.add(at("Africa/Nairobi", "2030-05-01 16:00"), 2 * HOUR)


@pytest.mark.parametrize("moment", [datetime.min, datetime.max], ids=["year 1", "year 9999"])
def test_the_ends_of_time_are_answered_or_refused_but_never_break(moment: datetime) -> None:
    edge = moment.replace(tzinfo=UTC)
    assert OFFICE.is_open(edge) in {True, False}
    try:
        OFFICE.add(edge, 100 * HOUR)
    except CalendarError:
        assert moment == datetime.max


def test_absurd_questions_are_refused() -> None:
    noon = at("Africa/Nairobi", "2026-11-23 12:00")
    with pytest.raises(CalendarError, match="100 years"):
        OFFICE.add(noon, timedelta(days=20_000))
    with pytest.raises(CalendarError, match="100 years"):
        OFFICE.between(noon - timedelta(days=365 * 101), noon)
    with pytest.raises(CalendarError, match="backwards"):
        OFFICE.add(noon, -MINUTE)
    for question in (OFFICE.is_open, OFFICE.next_opening):
        with pytest.raises(CalendarError, match="time zone"):
            question(datetime(2026, 11, 23, 12, 0))


@pytest.mark.parametrize("calendar", [OFFICE, SPLIT, NIGHT, ALWAYS, SAO_PAULO, HOLIDAYS])
def test_the_written_form_survives_a_round_trip(calendar: BusinessCalendar) -> None:
    assert BusinessCalendar.from_spec(calendar.to_spec()) == calendar


def weekly(**days: object) -> dict[str, object]:
    return {"zone": "Africa/Nairobi", "weekly": days}


def holidays(*entries: object) -> dict[str, object]:
    return {"zone": "Africa/Nairobi", "holidays": list(entries)}


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ([], "object with zone"),
        ({}, "needs a zone"),
        ({"zone": "Africa/Nairobbery"}, "not a time zone"),
        ({"zone": "../../etc/passwd"}, "not a time zone"),
        ({"zone": "/etc/passwd"}, "not a time zone"),
        ({"zone": "Africa"}, "not a time zone"),
        ({"zone": "A" * 100_000}, "not a time zone"),
        ({"zone": "Africa/Nairobi\0"}, "not a time zone"),
        ({"zone": "UTC", "weekdays": {}}, "no weekdays"),
        (weekly(someday=[]), "not a day"),
        (weekly(monday="08:00-17:00"), "list of pairs"),
        (weekly(monday=[["08:00"]]), "is a pair"),
        (weekly(monday=[["8:00", "17:00"]]), "not a time"),
        (weekly(monday=[["08:60", "17:00"]]), "not a time"),
        (weekly(monday=[["08:00", "48:30"]]), "not a time"),
        (weekly(monday=[["٠٨:٠٠", "17:00"]]), "not a time"),
        (weekly(monday=[[8, 17]]), "not a time"),
        (weekly(monday=[["17:00", "08:00"]]), "write its end as 32:00"),
        (weekly(monday=[["08:00", "08:00"]]), "not after its start"),
        (weekly(monday=[["24:00", "25:00"]]), "before 24:00"),
        (weekly(monday=[["08:00", "33:00"]]), "longer than a day"),
        (weekly(monday=[["08:00", "12:00"], ["11:00", "17:00"]]), "overlap"),
        (weekly(monday=[["22:00", "30:00"]], tuesday=[["05:00", "08:00"]]), "runs into"),
        (weekly(sunday=[["22:00", "30:00"]], monday=[["05:00", "08:00"]]), "runs into"),
        (weekly(monday=[["00:00", "00:01"]] * 49), "48 shifts"),
        (holidays("2026-12-25"), "object with date"),
        (holidays({"date": "25.12.2026"}), "not a date"),
        (holidays({"date": "2026-12-25"}, {"date": "2026-12-25"}), "twice"),
        (holidays({"date": "2026-12-25", "name": 3}), "name of the holiday"),
        (holidays({"date": "2026-12-25", "hours": [["12:00", "08:00"]]}), "not after its start"),
        (holidays(*[{"date": "2026-12-25"}] * 2_001), "2000 holidays"),
    ],
)
def test_hours_that_make_no_sense_are_refused_with_a_reason(spec: Any, message: str) -> None:
    with pytest.raises(CalendarError, match=message):
        BusinessCalendar.from_spec(spec)


# --- The oracle: walk minute by minute and remember the latest time the local clock has shown. -------------

WINDOWS = [
    ("Africa/Nairobi", datetime(2026, 11, 20, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 3, 27, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 23, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2018, 11, 2, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2018, 2, 16, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 3, tzinfo=UTC)),
]


@st.composite
def specs(draw: st.DrawFn) -> tuple[dict[str, Any], datetime]:
    zone, start = draw(st.sampled_from(WINDOWS))
    weekly_hours: dict[str, list[list[str]]] = {}
    for day in EVERY_DAY:
        marks = sorted(draw(st.lists(st.integers(0, 95), max_size=4, unique=True)))
        shifts = [[_clock(a * 15), _clock(b * 15)] for a, b in zip(marks[::2], marks[1::2], strict=False)]
        weekly_hours[day] = shifts
    if draw(st.booleans()):
        # An overnight shift where it does not run into the next morning.
        day, following = draw(
            st.sampled_from(list(zip(EVERY_DAY, EVERY_DAY[1:] + EVERY_DAY[:1], strict=True)))
        )
        weekly_hours[day], weekly_hours[following] = [["22:00", "26:30"]], [["09:00", "10:00"]]
    holiday = {"date": (start + timedelta(days=draw(st.integers(0, 5)))).date().isoformat()}
    if draw(st.booleans()):
        holiday |= {"hours": [["10:15", "11:45"]]}  # type: ignore[dict-item]
    return {"zone": zone, "weekly": weekly_hours, "holidays": [holiday]}, start


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def oracle(spec: dict[str, Any], start: datetime, *, minutes: int) -> list[bool]:
    """Whether it is open in each minute, without any arithmetic on intervals."""
    zone = ZoneInfo(spec["zone"])
    replaced = {date.fromisoformat(entry["date"]): entry.get("hours", []) for entry in spec["holidays"]}
    latest = datetime.min
    shown: list[bool] = []
    for minute in range(-2 * 1440, minutes):
        latest = max(latest, (start + minute * MINUTE).astimezone(zone).replace(tzinfo=None))
        is_open = False
        for back in (0, 1):
            day = latest.date() - timedelta(days=back)
            hours = replaced.get(day, spec["weekly"][EVERY_DAY[day.weekday()]])
            since = (latest - datetime(day.year, day.month, day.day)) // MINUTE
            is_open |= any(_minutes(opens) <= since < _minutes(closes) for opens, closes in hours)
        if minute >= 0:
            shown.append(is_open)
    return shown


def _minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


@settings(max_examples=40, deadline=None)
@given(specs(), st.integers(0, 4_000), st.integers(0, 2_500))
def test_every_answer_agrees_with_walking_through_the_minutes(
    drawn: tuple[dict[str, Any], datetime], first: int, duration: int
) -> None:
    spec, start = drawn
    hours = BusinessCalendar.from_spec(spec)
    length = 5 * 1440
    walked = oracle(spec, start, minutes=length)

    probes = {first, first + duration, *range(0, length, 97)}
    assert all(hours.is_open(start + m * MINUTE) == walked[m] for m in probes if m < length)
    last = min(first + duration, length)
    assert hours.between(start + first * MINUTE, start + last * MINUTE) == sum(walked[first:last]) * MINUTE

    open_minutes = [m for m in range(first, length) if walked[m]]
    if open_minutes:
        assert hours.next_opening(start + first * MINUTE) == start + open_minutes[0] * MINUTE
    if 0 < duration <= len(open_minutes):
        due = start + (open_minutes[duration - 1] + 1) * MINUTE
        assert hours.add(start + first * MINUTE, duration * MINUTE) == due
    joined = [False] * length
    for opening in hours.intervals(start, start + length * MINUTE):
        for m in range((opening.starts - start) // MINUTE, (opening.ends - start) // MINUTE):
            joined[m] = True
    assert joined == walked
