"""The written form of business hours: reading it, checking it, writing it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, TypeGuard
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_DAY = 24 * 60
_TIME = re.compile(r"([0-9]{2}):([0-5][0-9])", re.ASCII)
_MOST_SHIFTS = 48
_MOST_HOLIDAYS = 2_000
_LONGEST_NAME = 200


class CalendarError(ValueError):
    """Business hours that make no sense, or a question they cannot answer; the message is for a person."""


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """Minutes after local midnight; `end` passes 1440 when the shift runs into the next day."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Holiday:
    """A date with hours of its own; without shifts it is closed."""

    name: str
    shifts: tuple[Shift, ...] = ()


def zone_from_spec(name: object) -> ZoneInfo:
    """The time zone of that IANA name."""
    if not isinstance(name, str) or not name:
        raise CalendarError("A calendar needs a zone, such as Africa/Nairobi.")
    try:
        return ZoneInfo(name)
    # ValueError for names that leave the zone directory, OSError for directories and overlong names.
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise CalendarError(f"{name[:100]!r} is not a time zone we know, such as Africa/Nairobi.") from error


def weekly_from_spec(weekly: object) -> tuple[tuple[Shift, ...], ...]:
    """Seven days of shifts, Monday first; refuses overlaps, also from one day into the next."""
    if not isinstance(weekly, Mapping):
        raise CalendarError("Weekly hours are an object with a list of shifts for each day.")
    if unknown := [day for day in weekly if day not in DAY_NAMES]:
        raise CalendarError(f"{str(unknown[0])[:100]!r} is not a day; write monday to sunday.")
    days = tuple(_shifts_from_spec(weekly.get(day, []), where=day) for day in DAY_NAMES)
    _refuse_overlap_with_next_day(days)
    return days


def holidays_from_spec(holidays: object) -> dict[date, Holiday]:
    """Holidays by date; no hours means closed."""
    if not _is_list(holidays):
        raise CalendarError("Holidays are a list.")
    if len(holidays) > _MOST_HOLIDAYS:
        raise CalendarError(
            _("A calendar can have %(most)s holidays, this one has %(n)s.")
            % {"most": _MOST_HOLIDAYS, "n": len(holidays)}
        )
    found: dict[date, Holiday] = {}
    for entry in holidays:
        if not isinstance(entry, Mapping) or set(entry) - {"date", "name", "hours"}:
            raise CalendarError("A holiday is an object with date, name and hours.")
        day = _date_from_spec(entry.get("date"))
        if day in found:
            raise CalendarError(_("The holiday %(date)s is there twice.") % {"date": day})
        name = entry.get("name", "")
        if not isinstance(name, str) or len(name) > _LONGEST_NAME:
            raise CalendarError(
                _("The name of the holiday %(date)s must be a text of at most 200 characters.")
                % {"date": day}
            )
        found[day] = Holiday(name=name, shifts=_shifts_from_spec(entry.get("hours", []), where=str(day)))
    return found


def shifts_to_spec(shifts: Sequence[Shift]) -> list[list[str]]:
    """The written form of a day's shifts."""
    return [[_time_to_spec(shift.start), _time_to_spec(shift.end)] for shift in shifts]


def _shifts_from_spec(value: object, *, where: str) -> tuple[Shift, ...]:
    if not _is_list(value):
        raise CalendarError(f"The hours of {where} are a list of pairs such as [08:00, 17:00].")
    if len(value) > _MOST_SHIFTS:
        raise CalendarError(
            _("A day can have %(most)s shifts, %(day)s has %(n)s.")
            % {"most": _MOST_SHIFTS, "day": _named(where), "n": len(value)}
        )
    shifts = tuple(sorted(_shift_from_spec(pair, where=where) for pair in value))
    for earlier, later in pairwise(shifts):
        if later.start < earlier.end:
            raise CalendarError(
                _("On %(day)s the shifts %(earlier)s and %(later)s overlap.")
                % {"day": _named(where), "earlier": _shown(earlier), "later": _shown(later)}
            )
    return shifts


def _shift_from_spec(pair: object, *, where: str) -> Shift:
    if not _is_list(pair) or len(pair) != 2:
        raise CalendarError(f"A shift of {where} is a pair such as [08:00, 17:00].")
    shift = Shift(_time_from_spec(pair[0], where=where), _time_from_spec(pair[1], where=where))
    if shift.start >= _DAY:
        raise CalendarError(f"A shift of {where} starts at {pair[0]}, but a day's shifts start before 24:00.")
    if shift.end <= shift.start:
        raise CalendarError(
            f"A shift of {where} ends at {pair[1]}, not after its start at {pair[0]}. "
            f"If it runs past midnight, write its end as {_time_to_spec(shift.end + _DAY)}."
        )
    if shift.end - shift.start > _DAY:
        raise CalendarError(f"The shift {_shown(shift)} of {where} is longer than a day.")
    return shift


def _refuse_overlap_with_next_day(days: tuple[tuple[Shift, ...], ...]) -> None:
    for index, shifts in enumerate(days):
        following = days[(index + 1) % 7]
        if shifts and following and shifts[-1].end - _DAY > following[0].start:
            words = {
                "shift": _shown(shifts[-1]),
                "day": _named(DAY_NAMES[index]),
                "next": _shown(following[0]),
                "next_day": _named(DAY_NAMES[(index + 1) % 7]),
            }
            raise CalendarError(
                _("The shift %(shift)s of %(day)s runs into %(next)s of %(next_day)s.") % words
            )


def _named(where: str) -> str:
    """A weekday in the reader's language (Django knows them all); a date as it is."""
    return _(where.capitalize()) if where in DAY_NAMES else where


def _time_from_spec(value: object, *, where: str) -> int:
    written = _TIME.fullmatch(value) if isinstance(value, str) else None
    if written is None or int(written[1]) > 48 or (int(written[1]) == 48 and written[2] != "00"):
        raise CalendarError(f"{str(value)[:100]!r} on {where} is not a time such as 08:00.")
    return int(written[1]) * 60 + int(written[2])


def _date_from_spec(value: object) -> date:
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as error:
        raise CalendarError(
            _("%(written)s is not a date such as 2026-12-25.") % {"written": repr(str(value)[:100])}
        ) from error


def _time_to_spec(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _shown(shift: Shift) -> str:
    return f"{_time_to_spec(shift.start)} to {_time_to_spec(shift.end)}"


def _is_list(value: object) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, list | tuple)
