"""Business hours: when a company is open, and how much open time lies between two moments.

A shift runs from the first moment the local clock has reached its start until the first moment the clock
has reached its end. That sentence settles both DST days: an hour that is skipped opens nothing and closes
what should have closed in it; an hour that is shown twice counts when it is shown first, and the time that
passes inside a longer shift counts as it passes. A shift belongs to the day it starts on, so a holiday
replaces the shifts that start on that day, not the end of the night before.

All arithmetic is on UTC instants; results are aware and in UTC.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Self
from zoneinfo import ZoneInfo

from rapport.kernel.calendar_spec import (
    DAY_NAMES,
    CalendarError,
    Holiday,
    Shift,
    holidays_from_spec,
    shifts_to_spec,
    weekly_from_spec,
    zone_from_spec,
)

__all__ = ["BusinessCalendar", "CalendarError", "Holiday", "NeverOpens", "Opening", "Shift"]

# A shift lasts at most a day and starts at most a day before it ends; zones reach from -12 to +14 hours
# and once skipped a whole date, so two days on either side hold everything that can matter to a moment.
_MARGIN = timedelta(days=2)
# The furthest any question may reach; keeps hostile dates from walking through eight thousand years.
_REACH = timedelta(days=36_525)
_REMEMBERED_DAYS = 4_000
_SECOND = timedelta(seconds=1)


class NeverOpens(CalendarError):
    """From that moment on the calendar has no opening."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A stretch of open time, `starts` included and `ends` not; aware, UTC."""

    starts: datetime
    ends: datetime

    @property
    def duration(self) -> timedelta:
        """How long it lasts."""
        return self.ends - self.starts


@dataclass(frozen=True)
class BusinessCalendar:
    """Weekly hours in a time zone, with holidays.

    `weekly` has seven tuples of shifts, Monday first; `holidays` replaces the shifts of single dates.
    Make one with `from_spec`.
    """

    zone: ZoneInfo
    weekly: tuple[tuple[Shift, ...], ...]
    holidays: Mapping[date, Holiday]
    _days: dict[date, tuple[Opening, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @classmethod
    def from_spec(cls, spec: Mapping[str, Any]) -> Self:
        """From its JSON form; raises `CalendarError` with a message for the person who wrote it.

        ```
        {"zone": "Africa/Nairobi",
         "weekly": {"monday": [["08:00", "12:00"], ["14:00", "18:00"]], "friday": [["22:00", "30:00"]]},
         "holidays": [{"date": "2026-12-25", "name": "Christmas"},
                      {"date": "2026-12-24", "name": "Christmas Eve", "hours": [["08:00", "12:00"]]}]}
        ```

        Days that are left out are closed. An end after midnight counts on from 24:00 ("30:00" is 06:00 of
        the next day); a whole day is `[["00:00", "24:00"]]`.
        """
        if not isinstance(spec, Mapping):
            raise CalendarError("A calendar is an object with zone, weekly and holidays.")
        if unknown := set(spec) - {"zone", "weekly", "holidays"}:
            raise CalendarError(f"A calendar has no {', '.join(sorted(map(str, unknown)))}.")
        return cls(
            zone=zone_from_spec(spec.get("zone")),
            weekly=weekly_from_spec(spec.get("weekly", {})),
            holidays=holidays_from_spec(spec.get("holidays", [])),
        )

    def to_spec(self) -> dict[str, Any]:
        """The JSON form; `from_spec` of it gives an equal calendar."""
        return {
            "zone": self.zone.key,
            "weekly": {
                name: shifts_to_spec(shifts)
                for name, shifts in zip(DAY_NAMES, self.weekly, strict=True)
                if shifts
            },
            "holidays": [
                {"date": day.isoformat(), "name": holiday.name, "hours": shifts_to_spec(holiday.shifts)}
                for day, holiday in sorted(self.holidays.items())
            ],
        }

    def is_open(self, at: datetime) -> bool:
        """Whether the company is open at that moment."""
        moment = _aware(at)
        days = self._dates_around(moment, moment)
        return any(
            opening.starts <= moment < opening.ends for day in days for opening in self._openings_on(day)
        )

    def next_opening(self, at: datetime) -> datetime:
        """The first moment, not before `at`, at which it is open: `at` itself when it is open then.

        Raises `NeverOpens`.
        """
        moment = _aware(at)
        return max(moment, next(self._from(moment)).starts)

    def add(self, start: datetime, business_duration: timedelta) -> datetime:
        """The first moment at which that much open time has passed since `start`.

        A duration that ends with a closing ends then, not at the next opening; no duration gives `start`.
        Raises `NeverOpens`, or `CalendarError` when the duration is negative or ends 100 years away.
        """
        moment = _aware(start)
        if business_duration < timedelta(0):
            raise CalendarError("Business time cannot be added backwards.")
        left = business_duration
        if not left:
            return moment
        for opening in self._from(moment):
            starts = max(opening.starts, moment)
            if left <= opening.ends - starts:
                return starts + left
            left -= opening.ends - starts
        raise AssertionError("the openings of a calendar end only with an error")

    def between(self, a: datetime, b: datetime) -> timedelta:
        """The open time from `a` to `b`; negative when `b` is before `a`."""
        first, last = _aware(a), _aware(b)
        if last < first:
            return -self.between(last, first)
        return sum((opening.duration for opening in self._cut(first, last)), timedelta(0))

    def intervals(self, a: datetime, b: datetime) -> Iterator[Opening]:
        """The open stretches from `a` to `b`, in order, cut to that span; those that touch are joined."""
        current: Opening | None = None
        for opening in self._cut(_aware(a), _aware(b)):
            if current is not None and opening.starts == current.ends:
                current = Opening(current.starts, opening.ends)
                continue
            if current is not None:
                yield current
            current = opening
        if current is not None:
            yield current

    def _cut(self, first: datetime, last: datetime) -> Iterator[Opening]:
        if last - first > _REACH:
            raise CalendarError("That span is longer than 100 years.")
        for opening in self._in_order(self._dates_around(first, last)):
            starts, ends = max(opening.starts, first), min(opening.ends, last)
            if starts < ends:
                yield Opening(starts, ends)

    def _from(self, moment: datetime) -> Iterator[Opening]:
        """The openings that end after `moment`; raises when there are no more, or only too far away."""
        horizon = _shifted(moment, _REACH)
        if any(self.weekly):
            days = self._dates_around(moment, horizon)
        else:
            earliest = _shifted(moment, -_MARGIN).date()
            days = (day for day in sorted(self.holidays) if day >= earliest)
        for opening in self._in_order(days):
            if opening.ends > moment:
                yield opening
        if any(self.weekly):
            raise CalendarError("That much business time ends more than 100 years away.")
        raise NeverOpens(f"This calendar has no opening left after {moment:%Y-%m-%d %H:%M} UTC.")

    def _in_order(self, days: Iterator[date]) -> Iterator[Opening]:
        """The openings of the days without overlap; a holiday's hours may meet the end of a night before."""
        reached: datetime | None = None
        for day in days:
            for opening in self._openings_on(day):
                starts = opening.starts if reached is None else max(opening.starts, reached)
                if starts < opening.ends:
                    yield Opening(starts, opening.ends)
                    reached = opening.ends

    def _openings_on(self, day: date) -> tuple[Opening, ...]:
        """The openings whose shift starts on that local date, as instants, in order."""
        known = self._days.get(day)
        if known is not None:
            return known
        holiday = self.holidays.get(day)
        shifts = holiday.shifts if holiday else self.weekly[day.weekday()]
        midnight = datetime(day.year, day.month, day.day)
        found = (
            Opening(
                _first_reached(midnight + timedelta(minutes=shift.start), self.zone),
                _first_reached(midnight + timedelta(minutes=shift.end), self.zone),
            )
            for shift in shifts
        )
        openings = tuple(opening for opening in found if opening.starts < opening.ends)
        if len(self._days) >= _REMEMBERED_DAYS:
            self._days.clear()
        self._days[day] = openings
        return openings

    def _dates_around(self, first: datetime, last: datetime) -> Iterator[date]:
        day = _shifted(first, -_MARGIN).date()
        end = _shifted(last, _MARGIN).date()
        while day <= end:
            yield day
            day += timedelta(days=1)


@lru_cache(maxsize=8192)
def _first_reached(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant (UTC) at which a clock in `zone` shows `wall` or later."""
    # fold=0: the first of two showings; for a wall time that is skipped, an instant after the jump
    # (PEP 495), as fold=1 is one before it.
    instant = wall.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall:
        return instant
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while instant - before > _SECOND:
        middle = before + timedelta(seconds=(instant - before) // _SECOND // 2)
        if middle.astimezone(zone).replace(tzinfo=None) >= wall:
            instant = middle
        else:
            before = middle
    return instant


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise CalendarError(f"{moment} has no time zone; a calendar needs to know which moment is meant.")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise CalendarError(f"{moment} is beyond the calendar's years.") from error


def _shifted(moment: datetime, step: timedelta) -> datetime:
    # The edges of the calendar keep four days free for shifts past midnight and for the zones.
    edge = 4 * timedelta(days=1)
    lowest, highest = datetime.min.replace(tzinfo=UTC) + edge, datetime.max.replace(tzinfo=UTC) - edge
    try:
        return min(max(moment + step, lowest), highest)
    except OverflowError:
        return lowest if step < timedelta(0) else highest
