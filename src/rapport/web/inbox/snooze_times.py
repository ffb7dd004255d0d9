"""Times to come back at, offered and typed: “tomorrow”, “in 2 h”, “mon 9”."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta

from django.utils import formats, translation
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from rapport.web.wording import WEEKDAY_TIME

MORNING = 9
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"^(?:in\s+)?(\d{1,3})\s*(m|min|minutes?|h|hours?|d|days?|w|weeks?)$")
_WEEKDAY = re.compile(r"^(mon|tue|wed|thu|fri|sat|sun)[a-z]*(?:\s+(?:at\s+)?(\d{1,2})(?::(\d{2}))?)?$")
_TOMORROW = re.compile(r"^(?:tomorrow|tom)(?:\s+(?:at\s+)?(\d{1,2})(?::(\d{2}))?)?$")
#: A word of the reader's language and perhaps an hour: “mañana 9”, “lun 14:30”, “星期一14:30”.
_OWN_WORD = re.compile(r"^([^\W\d_][^\d\s]*?)\.?(?:\s*(\d{1,2})(?:[:h](\d{2})?)?)?$")


class NotATime(ValueError):
    """What was typed names no time to come back at."""


def choices(now: datetime) -> list[tuple[str, str, str]]:
    """What the menu offers: value to send, name, when that is. ``now`` is local to the workspace."""
    offers = [
        (now + timedelta(hours=2), _("In two hours")),
        (_at(now + timedelta(days=1), MORNING), _("Tomorrow morning")),
        (_next_weekday(now, 0, MORNING, 0), _("Next Monday")),
        (_at(now + timedelta(weeks=1), MORNING), _("In a week")),
    ]
    return [(when.isoformat(), name, formats.date_format(when, str(WEEKDAY_TIME))) for when, name in offers]


def parse(text: str, now: datetime) -> datetime:
    """The time that a menu value or typed words mean. Raises ``NotATime``."""
    words = " ".join(text.lower().split())
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        pass
    else:
        return moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)
    if match := _SPAN.match(words):
        unit = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}[match[2][0]]
        return now + timedelta(**{unit: int(match[1])})
    if match := _TOMORROW.match(words):
        return _at(now + timedelta(days=1), *_hour(match[1], match[2]))
    if match := _WEEKDAY.match(words):
        return _next_weekday(now, _WEEKDAYS.index(match[1]), *_hour(match[2], match[3]))
    if match := _OWN_WORD.match(words):
        hour = _hour(match[2], match[3])
        if match[1] == pgettext("typed time", "tomorrow"):
            return _at(now + timedelta(days=1), *hour)
        if (weekday := _weekday(match[1])) is not None:
            return _next_weekday(now, weekday, *hour)
    raise NotATime(_("Try “in 2 h”, “tomorrow 9” or “mon 14:30”."))


def _weekday(word: str) -> int | None:
    """The day whose name in the reader's language begins like that; ``None`` for no day or for several."""
    if len(word) < 2 or (translation.get_language() or "en").startswith("en"):
        return None
    found = [number for number, name in WEEKDAYS.items() if _plain(str(name)).startswith(_plain(word))]
    return found[0] if len(found) == 1 else None


def _plain(word: str) -> str:
    """In lower case and without accents, as people type in a hurry."""
    parts = unicodedata.normalize("NFD", word.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _hour(hour: str | None, minute: str | None) -> tuple[int, int]:
    at = (int(hour) if hour else MORNING, int(minute) if minute else 0)
    if at[0] > 23 or at[1] > 59:
        raise NotATime(_("Try “in 2 h”, “tomorrow 9” or “mon 14:30”."))
    return at


def _at(moment: datetime, hour: int, minute: int = 0) -> datetime:
    return moment.replace(hour=hour, minute=minute, second=0, microsecond=0)


def _next_weekday(now: datetime, weekday: int, hour: int, minute: int) -> datetime:
    days = (weekday - now.weekday()) % 7
    moment = _at(now + timedelta(days=days), hour, minute)
    return moment if moment > now else moment + timedelta(weeks=1)
