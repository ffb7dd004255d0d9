"""Money in whole minor units, never in floats."""

import re
from copy import copy
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Self

from babel import Locale, UnknownLocaleError
from babel.numbers import NumberFormatError, NumberPattern, get_currency_symbol, parse_decimal

# ISO 4217 list one (active codes) with the few recently withdrawn ones that old orders still carry
# (ANG, BGN, HRK, SLL, ZWL). Codes without a minor unit (gold, testing, SDR) are not money a customer pays.
_TWO_DIGITS = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF
CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD
HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK
MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB
SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD
USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG ZWL
"""
_NO_DIGITS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND"
_FOUR_DIGITS = "CLF UYW"
_DIGITS = {
    code: digits
    for digits, codes in ((0, _NO_DIGITS), (2, _TWO_DIGITS), (3, _THREE_DIGITS), (4, _FOUR_DIGITS))
    for code in codes.split()
}
_LARGEST_MINOR = 2**63 - 1
_LONGEST_TEXT = 64


class MoneyError(ValueError):
    """An amount or a currency that cannot be understood; the message is meant for a person."""


class CurrencyMismatch(MoneyError):
    """Two amounts of different currencies met."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount: `minor` whole minor units (cents) of `currency` (ISO 4217, upper case).

    Fits a signed 64-bit column; raises `MoneyError` otherwise.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if isinstance(self.minor, bool) or not isinstance(self.minor, int):
            raise MoneyError(f"minor units must be a whole number, not {self.minor!r}")
        if abs(self.minor) > _LARGEST_MINOR:
            raise MoneyError("the amount is too large")
        minor_digits(self.currency)

    @classmethod
    def of(cls, amount: int | Decimal | str, currency: str) -> Self:
        """From an amount in major units: `Money.of("12.50", "KES")`.

        A string is a plain number with a point, as in JSON or CSV. Raises `MoneyError` for floats, for
        more decimals than the currency has, and for anything that is not a finite number.
        """
        if isinstance(amount, bool | float):
            raise MoneyError(f"give the amount as text, a whole number or a Decimal, not {amount!r}")
        number = amount if isinstance(amount, Decimal) else _plain_number(amount)
        if not number.is_finite():
            raise MoneyError("the amount must be a finite number")
        digits = minor_digits(currency)
        sign, figures, exponent = number.as_tuple()
        # Sizes are compared before scaling: 1E+999999 must not become an integer of a million digits. And no
        # Decimal arithmetic: it would round to the context's precision without a word.
        if not any(figures):
            return cls(0, currency)
        if number.adjusted() > 20:
            raise MoneyError("the amount is too large")
        shift = int(exponent) + digits
        whole = int("".join(map(str, figures)))
        if shift < -2 * _LONGEST_TEXT or (shift < 0 and whole % 10**-shift):
            raise MoneyError(f"{currency} has {digits} decimals, {amount} has more")
        minor = whole * 10**shift if shift >= 0 else whole // 10**-shift
        return cls(-minor if sign else minor, currency)

    @classmethod
    def parse(cls, text: str, currency: str, *, locale: str = "en") -> Self:
        """From what a person typed, in their locale's separators, with or without the currency's sign.

        Raises `MoneyError` when it is not one clear amount of `currency`.
        """
        if len(text) > _LONGEST_TEXT:
            raise MoneyError("that is too long for an amount")
        digits_only = _without_currency(text, currency, locale=locale)
        try:
            number = parse_decimal(digits_only, locale=_known_locale(locale), strict=True)
        except NumberFormatError as error:
            raise MoneyError(f"{text!r} is not an amount") from error
        return cls.of(number, currency)

    @property
    def amount(self) -> Decimal:
        """In major units, with exactly the currency's decimals."""
        return Decimal(self.minor).scaleb(-minor_digits(self.currency))

    def format(self, locale: str = "en") -> str:
        """As a person of `locale` writes it, always with the currency's ISO decimals."""
        known = _known_locale(locale)
        digits = minor_digits(self.currency)
        # CLDR hides the decimals of some currencies (IQD, AFN); a ledger may not.
        pattern: NumberPattern = copy(known.currency_formats["standard"])
        pattern.frac_prec = (digits, digits)
        written: str = pattern.apply(
            self.amount, known, currency=self.currency, currency_digits=False, numbering_system="default"
        )
        return _spaced(written, get_currency_symbol(self.currency, locale=known))

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def __add__(self, other: Self) -> Self:
        self._refuse_other_currency(other)
        return type(self)(self.minor + other.minor, self.currency)

    def __sub__(self, other: Self) -> Self:
        self._refuse_other_currency(other)
        return type(self)(self.minor - other.minor, self.currency)

    def __neg__(self) -> Self:
        return type(self)(-self.minor, self.currency)

    def __lt__(self, other: Self) -> bool:
        self._refuse_other_currency(other)
        return self.minor < other.minor

    def __le__(self, other: Self) -> bool:
        self._refuse_other_currency(other)
        return self.minor <= other.minor

    def _refuse_other_currency(self, other: Self) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} cannot be combined")


def minor_digits(currency: str) -> int:
    """How many decimals the currency has (ISO 4217): KES 2, JPY 0, KWD 3. Raises `MoneyError`."""
    try:
        return _DIGITS[currency]
    except (KeyError, TypeError) as error:
        raise MoneyError(f"{currency!r} is not a currency we know (ISO 4217, such as KES)") from error


def _plain_number(amount: int | str) -> Decimal:
    if isinstance(amount, str) and (len(amount) > _LONGEST_TEXT or "_" in amount):
        raise MoneyError("that is not an amount")
    if isinstance(amount, int) and abs(amount) > _LARGEST_MINOR:
        raise MoneyError("the amount is too large")
    try:
        return Decimal(amount)
    except (InvalidOperation, TypeError) as error:
        raise MoneyError(f"{amount!r} is not an amount") from error


def _spaced(written: str, sign: str) -> str:
    """With a no-break space between a sign of letters and the digits, as CLDR's currency spacing asks."""
    letters = re.escape(sign)
    if sign[-1:].isalpha():
        written = re.sub(rf"({letters})(?=\d)", "\\1\u00a0", written)
    if sign[:1].isalpha():
        written = re.sub(rf"(?<=\d)({letters})", "\u00a0\\1", written)
    return written


def _without_currency(text: str, currency: str, *, locale: str) -> str:
    minor_digits(currency)
    rest = text.strip()
    for sign in (currency, get_currency_symbol(currency, locale=_known_locale(locale))):
        if rest.upper().startswith(sign.upper()):
            return rest[len(sign) :].strip()
        if rest.upper().endswith(sign.upper()):
            return rest[: -len(sign)].strip()
    return rest


def _known_locale(locale: str) -> Locale:
    try:
        return Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError) as error:
        raise MoneyError(f"{locale!r} is not a locale we know") from error
