"""The calendar of a Kenyan shop: busy days, busy hours, staffed hours.

Times inside the simulation are whole seconds since 1970 (int64, UTC); Kenya keeps UTC+3 all year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from rapport.config.demo import truths

Seconds = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

MINUTE = 60
HOUR = 3_600
DAY = 86_400
WEEKS = 104
NAIROBI = 3 * HOUR
OPENS = 7 * HOUR
CLOSES = 22 * HOUR
STAFFED = CLOSES - OPENS

SHOP_HOURS = np.array(
    [8, 4, 2, 1, 1, 3, 10, 20, 30, 36, 40, 42, 50, 48, 40, 36, 36, 42, 56, 90, 110, 100, 70, 25], float
)
DESK_HOURS = np.array(
    [2, 1, 1, 0, 0, 2, 8, 26, 48, 60, 62, 58, 54, 50, 50, 50, 50, 48, 46, 48, 46, 36, 18, 6], float
)


@dataclass(frozen=True, slots=True)
class Season:
    """Two years ending at a local midnight, with the weight of each day and week (mean weight 1)."""

    begin: int
    end: int
    day_weight: Floats
    week_weight: Floats

    @property
    def length(self) -> int:
        """Seconds from begin to end."""
        return self.end - self.begin


def season_ending(until: datetime) -> Season:
    """Return the 104 weeks that end at the last Nairobi midnight not after ``until``.

    Raises ``ValueError`` when ``until`` carries no time zone.
    """
    if until.tzinfo is None:
        raise ValueError("The end of the simulation must carry a time zone, such as UTC.")
    moment = int(until.timestamp())
    end = (moment + NAIROBI) // DAY * DAY - NAIROBI
    begin = end - WEEKS * 7 * DAY
    weight = _day_weight(begin)
    return Season(begin=begin, end=end, day_weight=weight, week_weight=weight.reshape(WEEKS, 7).mean(axis=1))


def _day_weight(begin: int) -> Floats:
    days = (begin + NAIROBI) // DAY + np.arange(WEEKS * 7)
    dates = days.astype("datetime64[D]")
    month = dates.astype("datetime64[M]").astype(int) % 12 + 1
    day = (dates - dates.astype("datetime64[M]")).astype(int) + 1
    weekday = (days + 3) % 7
    weight = np.ones(len(days))
    weight[(day >= truths.PAYDAY_FROM) | (day <= truths.PAYDAY_TO)] *= truths.PAYDAY_FACTOR
    weight[(month == 12) & (day <= 23)] *= truths.DECEMBER_FACTOR
    weight[(month == 1) & (day >= 4) & (day <= 24)] *= truths.JANUARY_FACTOR
    friday = (month == 11) & (weekday == 4) & (day >= 23) & (day <= 29)
    for start in np.flatnonzero(friday):
        weight[start : start + truths.BLACK_FRIDAY_DAYS] *= truths.BLACK_FRIDAY_FACTOR
    scaled: Floats = weight / weight.mean()
    return scaled


def shop_moments(rng: np.random.Generator, season: Season, weeks: Seconds) -> Seconds:
    """Draw a moment of buying or browsing within each given week, by the day's and the hour's weight."""
    by_day = season.day_weight.reshape(WEEKS, 7)
    share = (by_day / by_day.sum(axis=1, keepdims=True)).cumsum(axis=1)
    day = (rng.random(len(weeks))[:, None] > share[weeks]).sum(axis=1).clip(0, 6)
    midnight = season.begin + (weeks * 7 + day) * DAY
    moments: Seconds = midnight + _second_of_day(rng, hours=SHOP_HOURS, size=len(weeks))
    return moments


def desk_moments(rng: np.random.Generator, *, earliest: Seconds) -> Seconds:
    """Draw when people get in touch: on the day of ``earliest`` at a likely hour, never before it."""
    midnight = local_day(earliest) * DAY - NAIROBI
    wanted = midnight + _second_of_day(rng, hours=DESK_HOURS, size=len(earliest))
    soon = earliest + rng.integers(2 * MINUTE, 40 * MINUTE, len(earliest))
    return np.where(wanted > earliest, wanted, soon)


def _second_of_day(rng: np.random.Generator, *, hours: Floats, size: int) -> Seconds:
    hour = rng.choice(24, size=size, p=hours / hours.sum())
    return hour * HOUR + rng.integers(0, HOUR, size)


def after_staffed(start: Seconds, seconds: Seconds) -> Seconds:
    """Add seconds that pass only while the desk is staffed (07:00 to 22:00 Nairobi, every day)."""
    local = start + NAIROBI
    day, second = local // DAY, local % DAY
    worked = day * STAFFED + (second - OPENS).clip(0, STAFFED) + seconds
    moments: Seconds = (worked // STAFFED) * DAY + OPENS + worked % STAFFED - NAIROBI
    return moments


def local_day(moments: Seconds) -> Seconds:
    """Return the number of the Nairobi day (0 = 1 January 1970)."""
    return (moments + NAIROBI) // DAY


def local_weekday(moments: Seconds) -> Seconds:
    """Return the Nairobi weekday, Monday = 0."""
    return (local_day(moments) + 3) % 7


def as_datetime(moment: int) -> datetime:
    """Return the aware UTC time of a simulated second."""
    return datetime.fromtimestamp(int(moment), UTC)


def between_staffed(start: int, end: int, *, share: float) -> int:
    """Return the moment at which ``share`` of the staffed time from start to end has passed."""
    first, last = _worked(start), _worked(end)
    worked = first + int((last - first) * share)
    return (worked // STAFFED) * DAY + OPENS + worked % STAFFED - NAIROBI


def _worked(moment: int) -> int:
    day, second = divmod(moment + NAIROBI, DAY)
    return day * STAFFED + min(max(second - OPENS, 0), STAFFED)
