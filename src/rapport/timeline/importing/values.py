"""What a cell says: moments, amounts, numbers, lines of text. Each raises ``RowRefused`` with a reason."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from rapport.kernel import clock
from rapport.kernel.money import Money, MoneyError, minor_digits
from rapport.kernel.plaintext import TextRejected, clean_line, clean_text
from rapport.timeline.importing.problems import RowRefused

#: Before 1970 there are mistakes and no customers served by software; a day ahead allows for time zones.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)
_DAY_OR_MONTH_FIRST = re.compile(
    r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*([ap]m)?)?$",
    re.IGNORECASE,
)
_NAMED_MONTHS = ("%d %b %Y", "%d-%b-%Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y")
_EPOCH = re.compile(r"^\d{10}(\d{3})?(\.\d+)?$")
_LONGEST = 64


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read what can be read in two ways.

    ``day_first`` is for dates such as 03/04/2019 (``None``: refuse them); ``decimal_comma`` for amounts such
    as 1.234,50; ``region`` (ISO 3166) for phone numbers without a country.
    """

    zone: ZoneInfo
    currency: str
    region: str
    day_first: bool | None = None
    decimal_comma: bool = False


def moment(value: Any, reading: Reading) -> datetime:
    """A moment in UTC, from ISO 8601, 19970101, seconds or milliseconds since 1970, 31/12/2010 8:26, mail
    dates or ``31 Dec 2010``; without a zone it is that of ``reading``."""
    text = str(value).strip()
    if not text:
        raise RowRefused("no date")
    found = _written(text, reading) if len(text) <= _LONGEST else None
    if found is None:
        raise RowRefused(f"“{text[:40]}” is not a date")
    try:
        utc = (found if found.tzinfo else found.replace(tzinfo=reading.zone)).astimezone(UTC)
    except OverflowError as error:
        raise RowRefused(f"“{text[:40]}” is not a date") from error
    if utc < EARLIEST:
        raise RowRefused(f"“{text[:40]}” lies before 1970")
    if utc > clock.now() + AHEAD:
        raise RowRefused(f"“{text[:40]}” lies in the future")
    return utc


def _written(text: str, reading: Reading) -> datetime | None:
    if _EPOCH.match(text):
        number = float(text)
        return datetime.fromtimestamp(number / 1_000 if number >= 1e11 else number, tz=UTC)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    if found := _DAY_OR_MONTH_FIRST.match(text):
        return _slashed(found, reading)
    for form in _NAMED_MONTHS:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None


def _slashed(found: re.Match[str], reading: Reading) -> datetime | None:
    one, two, year = int(found[1]), int(found[2]), int(found[3])
    if reading.day_first is None and one <= 12 and two <= 12 and one != two:
        raise RowRefused(f"“{found[0]}” can be read in two ways: say --date-order day-first or month-first")
    day_first = reading.day_first if reading.day_first is not None else one > 12
    day, month = (one, two) if day_first else (two, one)
    hour = int(found[4] or 0)
    if found[7]:
        hour = hour % 12 + (12 if found[7].lower() == "pm" else 0)
    try:
        return datetime(year, month, day, hour, int(found[5] or 0), int(found[6] or 0))
    except ValueError:
        return None


def day_first_of(texts: list[str]) -> bool | None:
    """Whether dates such as 13/01/2010 begin with the day, as far as these tell."""
    found = [match for text in texts if (match := _DAY_OR_MONTH_FIRST.match(text.strip()))]
    if any(int(match[1]) > 12 for match in found):
        return True
    return False if any(int(match[2]) > 12 for match in found) else None


def amount(value: Any, currency: str, reading: Reading) -> Money:
    """An amount of ``currency``; a JSON number is taken at its shortest decimal form."""
    text = str(value).strip()
    if not text:
        raise RowRefused("no amount")
    try:
        if reading.decimal_comma:
            return Money.parse(text, currency, locale="de")
        try:
            return Money.of(text, currency)
        except MoneyError:
            return Money.parse(text, currency, locale="en")
    except MoneyError as error:
        raise RowRefused(f"amount: {error}") from error


def priced(quantity: Decimal, unit_price: Any, reading: Reading) -> Decimal:
    """Quantity times price, in major units, not yet rounded."""
    text = str(unit_price).strip()
    return quantity * number(text.replace(".", "").replace(",", ".") if reading.decimal_comma else text)


def rounded(total: Decimal, currency: str) -> Money:
    """``total`` major units to whole minor units, halves away from zero, as invoices round."""
    try:
        step = Decimal(1).scaleb(-minor_digits(currency))
        return Money.of(total.quantize(step, rounding=ROUND_HALF_UP), currency)
    except (InvalidOperation, MoneyError) as error:
        raise RowRefused(f"amount: {error if isinstance(error, MoneyError) else 'too large'}") from error


def number(value: Any) -> Decimal:
    """A plain number of at most 30 characters."""
    text = str(value).strip()
    try:
        found = Decimal(text) if len(text) <= 30 and "_" not in text else Decimal("NaN")
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or (found and abs(found.adjusted()) > 15):
        raise RowRefused(f"“{text[:40]}” is not a number")
    return found


def line(value: Any, *, max_chars: int, what: str) -> str:
    """One line of text, or nothing; cut when too long, refused when it hides control characters."""
    written = "" if value is None else str(value)
    if not written or written.isspace():
        return ""
    try:
        return _clean(written)[:max_chars]
    except TextRejected as error:
        raise RowRefused(f"{what}: {error.message}") from error


@lru_cache(maxsize=8_192)
def _clean(written: str) -> str:
    # Names of activities, products and towns come again and again.
    return clean_line(" ".join(written.split()), max_chars=100_000)


def text(value: Any, *, max_chars: int, what: str) -> str:
    """Text of several lines. Refused when too long: a message cut short would say something else."""
    try:
        return clean_text("" if value is None else str(value), max_chars=max_chars)
    except TextRejected as error:
        raise RowRefused(f"{what}: {error.message}") from error


def carried(value: Any) -> Any:
    """A further column as an event carries it: JSON as it is, texts cut at 1,000 characters."""
    if isinstance(value, str):
        return value[:1_000]
    return None if isinstance(value, float) and not math.isfinite(value) else value
