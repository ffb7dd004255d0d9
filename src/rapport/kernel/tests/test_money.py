from decimal import Decimal

import pytest

from rapport.kernel.money import CurrencyMismatch, Money, MoneyError, minor_digits


@pytest.mark.parametrize(
    ("currency", "digits"),
    # ISO 4217 list one.
    [
        ("KES", 2),
        ("EUR", 2),
        ("TZS", 2),
        ("UGX", 0),
        ("RWF", 0),
        ("JPY", 0),
        ("KWD", 3),
        ("IQD", 3),
        ("CLF", 4),
    ],
)
def test_currencies_have_the_decimals_of_iso_4217(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits
    assert Money.of(1, currency) == Money(10**digits, currency)


@pytest.mark.parametrize("currency", ["", "kes", "KE", "XXX", "XAU", "ABC", "КES"])
def test_unknown_currencies_are_refused(currency: str) -> None:
    with pytest.raises(MoneyError, match="currency"):
        Money(1, currency)


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.50", "KES", 1250), ("12.5", "KES", 1250), ("-0.01", "EUR", -1), ("0", "JPY", 0),
        ("1e3", "JPY", 1000), ("12.000", "KES", 1200), (Decimal("1.234"), "KWD", 1234), (7, "UGX", 7),
        ("-0", "EUR", 0), ("92233720368547758.07", "EUR", 2**63 - 1),
    ],
)  # fmt: skip
def test_amounts_become_whole_minor_units(amount: str | int | Decimal, currency: str, minor: int) -> None:
    assert Money.of(amount, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        (0.1, "KES"), (True, "KES"), ("12.505", "KES"), ("1.5", "JPY"), ("NaN", "KES"), ("Infinity", "KES"),
        ("1E+999999999", "KES"), ("1E-999999999", "KES"), ("1_000", "KES"), ("9" * 1000, "KES"), ("", "KES"),
        ("1,000.00", "KES"), ("92233720368547758.08", "EUR"), (10**400, "JPY"), ("12 KES", "KES"),
        ("0.1" + "0" * 40 + "1", "KES"),
    ],
)  # fmt: skip
def test_amounts_that_would_lose_something_are_refused(amount: object, currency: str) -> None:
    with pytest.raises(MoneyError):
        Money.of(amount, currency)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "currency", "locale", "minor"),
    [
        ("1,234.50", "KES", "en", 123450), ("KES 1,234.50", "KES", "en_KE", 123450),
        ("Ksh 1,234", "KES", "en-KE", 123400), ("1.234,50 €", "EUR", "de", 123450),
        ("1\u202f234,50", "EUR", "fr", 123450), ("-5", "EUR", "en", -500), (" 3 ", "JPY", "en", 3),
    ],
)  # fmt: skip
def test_typed_amounts_are_read_in_the_persons_locale(
    text: str, currency: str, locale: str, minor: int
) -> None:
    assert Money.parse(text, currency, locale=locale) == Money(minor, currency)


@pytest.mark.parametrize(
    "text", ["", "KES", "twelve", "1,23,45", "1.234,50", "EUR 5", "5 USD", "9" * 100, "1\0"]
)
def test_typed_amounts_that_are_not_clear_are_refused(text: str) -> None:
    with pytest.raises(MoneyError):
        Money.parse(text, "KES", locale="en")


def test_only_the_same_currency_adds_subtracts_and_compares() -> None:
    price, delivery = Money.of("10.50", "KES"), Money.of("0.50", "KES")
    assert price + delivery == Money(1100, "KES")
    assert price - delivery == Money(1000, "KES")
    assert -price == Money(-1050, "KES")
    assert delivery < price and delivery <= delivery
    for attempt in (
        lambda: price + Money(1, "UGX"),
        lambda: price - Money(1, "UGX"),
        lambda: price < Money(1, "UGX"),
    ):
        with pytest.raises(CurrencyMismatch):
            attempt()
    assert price == Money(1050, "KES")


def test_sums_beyond_the_column_are_refused_instead_of_wrapping() -> None:
    with pytest.raises(MoneyError, match="too large"):
        Money(2**63 - 1, "KES") + Money(1, "KES")


@pytest.mark.parametrize(
    ("money", "locale", "written"),
    [
        (Money(123450, "KES"), "en_KE", "Ksh 1,234.50"),
        (Money(123450, "EUR"), "de", "1.234,50 €"),
        (Money(1234, "JPY"), "en", "¥1,234"),
        (Money(-1234, "KWD"), "en", "-KWD 1.234"),
        # CLDR would hide the decimals of the dinar.
        (Money(1234, "IQD"), "en", "IQD 1.234"),
    ],
)
def test_amounts_are_written_as_the_locale_writes_them(money: Money, locale: str, written: str) -> None:
    assert money.format(locale).replace("\xa0", " ") == written


def test_plain_form_and_unknown_locales() -> None:
    assert str(Money(5, "KES")) == "0.05 KES"
    assert str(Money(5, "JPY")) == "5 JPY"
    with pytest.raises(MoneyError, match="locale"):
        Money(5, "KES").format("xx_YY_zz_qq")
