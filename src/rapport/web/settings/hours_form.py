"""Business hours as people write them: “8-12, 14:00–18:00”. Pure; the calendar itself checks the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from rapport.accounts.refusals import Refused

_SHIFT = re.compile(
    r"^([0-9]{1,2})(?:[:.]([0-5][0-9]))?\s*(?:-|–|—|to)\s*([0-9]{1,2})(?:[:.]([0-5][0-9]))?$", re.ASCII
)
_DAY = 24 * 60
_LONGEST = 400


def read_hours(written: str, *, where: str) -> list[list[str]]:
    """Pairs of times for ``BusinessCalendar``; nothing written means closed.

    An end that is not after its start lies in the next day: “22-6”. Raises ``Refused`` naming ``where``.
    """
    if len(written) > _LONGEST:
        raise _misread(written[:40], where)
    parts = [part.strip() for part in re.split(r"[,;]", written) if part.strip()]
    return [_shift(part, where) for part in parts]


def write_hours(shifts: Sequence[Sequence[str]]) -> str:
    """The same the way round: “08:00–12:00, 14:00–18:00”."""
    return ", ".join(f"{start}–{_within_a_day(end)}" for start, end in shifts)


def spec_from(
    zone: str,
    weekly: Mapping[str, str],
    holidays: Sequence[tuple[str, str, str]],
    *,
    day_labels: Mapping[str, str],
) -> dict[str, Any]:
    """The calendar's JSON from what stood in the form.

    ``holidays`` are (date, name, hours); those without a date are skipped.
    """
    hours = {day: read_hours(written, where=day_labels[day]) for day, written in weekly.items()}
    return {
        "zone": zone,
        "weekly": {day: shifts for day, shifts in hours.items() if shifts},
        "holidays": [
            {"date": date.strip(), "name": name.strip(), "hours": read_hours(written, where=date.strip())}
            for date, name, written in holidays
            if date.strip()
        ],
    }


def _shift(part: str, where: str) -> list[str]:
    found = _SHIFT.match(part)
    if found is None:
        raise _misread(part, where)
    first, first_minute, last, last_minute = found.groups()
    start = int(first) * 60 + int(first_minute or 0)
    end = int(last) * 60 + int(last_minute or 0)
    if start >= _DAY or end > _DAY:
        raise _misread(part, where)
    return [_written(start), _written(end if end > start else end + _DAY)]


def _written(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _within_a_day(end: str) -> str:
    hours, minutes = (int(number) for number in end.split(":"))
    total = hours * 60 + minutes
    return end if total <= _DAY else _written(total - _DAY)


def _misread(part: str, where: str) -> Refused:
    words = {"where": where, "part": part}
    message = _("%(where)s: “%(part)s” is not understood. Write hours like 08:00–12:00, 14:00–18:00.")
    return Refused("bad_hours", message % words, field="spec")
