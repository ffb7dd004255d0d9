"""Cells are read strictly, columns are guessed from names and values, equal rows are told apart."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.kernel import clock
from rapport.timeline.importing import values
from rapport.timeline.importing.files import Row
from rapport.timeline.importing.mapping import EVENTS, ORDERS, guess
from rapport.timeline.importing.people import country_code, mark
from rapport.timeline.importing.problems import BadMapping, RowRefused
from rapport.timeline.importing.report import general, safe_cells
from rapport.timeline.importing.spool import Spool
from rapport.timeline.importing.tally import Tally, digest
from rapport.timeline.importing.values import Reading, day_first_of

NAIROBI = Reading(zone=ZoneInfo("Africa/Nairobi"), currency="KES", region="KE")
DAY_FIRST = Reading(zone=ZoneInfo("UTC"), currency="KES", region="KE", day_first=True)


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("19970101", "1996-12-31T21:00"),
        ("2010-12-01 08:26:00", "2010-12-01T05:26"),
        ("2010-01-13T08:40:25.000+02:00", "2010-01-13T06:40"),
        ("2010-01-13T08:40:25Z", "2010-01-13T08:40"),
        ("1577880000", "2020-01-01T12:00"),
        ("1577880000000", "2020-01-01T12:00"),
        ("31/12/2010 8:26", "2010-12-31T05:26"),
        ("12/31/2010 8:26 PM", "2010-12-31T17:26"),
        ("3 Mar 2019", "2019-03-02T21:00"),
        ("Tue, 15 Nov 1994 08:12:31 +0200", "1994-11-15T06:12"),
    ],
)
def test_moments_are_read_in_many_spellings(written: str, utc: str) -> None:
    assert values.moment(written, NAIROBI).isoformat().startswith(utc)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "no date"),
        ("yesterday", "is not a date"),
        ("2010-02-30", "is not a date"),
        ("31/31/2010", "is not a date"),
        ("0202-01-01", "before 1970"),
        ("2010-01-01" + "0" * 90, "is not a date"),
        ("2027-01-01", "in the future"),
        ("03/04/2019", "two ways"),
    ],
)
def test_dates_that_cannot_be_are_refused(written: str, why: str) -> None:
    with clock.frozen(datetime(2026, 11, 22, tzinfo=UTC)), pytest.raises(RowRefused, match=why):
        values.moment(written, NAIROBI)


def test_the_order_of_day_and_month_is_found_in_the_file() -> None:
    assert day_first_of(["03/04/2019", "13/04/2019"]) is True
    assert day_first_of(["03/04/2019", "04/13/2019"]) is False
    assert day_first_of(["03/04/2019"]) is None
    assert values.moment("03/04/2019", DAY_FIRST).month == 4


@pytest.mark.parametrize(
    ("written", "comma", "minor"),
    [("11.77", False, 1177), ("1,234.50", False, 123_450), ("1.234,50", True, 123_450), (-3.5, False, -350)],
)
def test_amounts_become_minor_units(written: object, comma: bool, minor: int) -> None:
    reading = Reading(zone=ZoneInfo("UTC"), currency="KES", region="KE", decimal_comma=comma)
    assert values.amount(written, "KES", reading).minor == minor


@pytest.mark.parametrize("written", ["", "twelve", "1.2345", "NaN", "1e99", "9" * 100])
def test_amounts_that_cannot_be_are_refused(written: str) -> None:
    with pytest.raises(RowRefused, match="amount"):
        values.amount(written, "KES", NAIROBI)


def test_quantity_times_price_is_rounded_once() -> None:
    total = values.priced(Decimal(3), "0.335", NAIROBI)
    assert values.rounded(total, "KES").minor == 101
    with pytest.raises(RowRefused, match="not a number"):
        values.number("1e400")


def test_identities_are_normalised_and_placeholders_refused() -> None:
    assert mark("user_id", "17850.0", NAIROBI).value == "17850"
    assert mark("phone", "0712 345678", NAIROBI).value == "+254712345678"
    with pytest.raises(RowRefused, match=r"Account: “null” is a placeholder"):
        mark("user_id", "null", NAIROBI)
    assert (country_code("United Kingdom"), country_code("ke"), country_code("Atlantis")) == ("GB", "KE", "")


def test_columns_are_guessed_from_their_names_and_then_from_values() -> None:
    rows = [Row(2, {"InvoiceNo": "1", "when exactly": "2019-05-01", "Total": "3", "note": "a@b.example"})]
    found = guess(ORDERS, rows, columns=rows[0].values, given={}, constants={})
    assert found.columns == {"order": "InvoiceNo", "at": "when exactly", "amount": "Total", "email": "note"}


def test_what_is_given_is_not_guessed_and_nonsense_is_refused() -> None:
    rows = [Row(2, {"date": "2019-05-01", "total": "3", "customer_id": "7"})]

    def found(given: dict[str, str], constants: dict[str, str] | None = None) -> dict[str, str]:
        mapping = guess(ORDERS, rows, columns=rows[0].values, given=given, constants=constants or {})
        return dict(mapping.columns)

    assert found({"loyalty_card": "customer_id"})["loyalty_card"] == "customer_id"
    assert found({"ext:shopify": "customer_id", "user_id": ""})["ext:shopify"] == "customer_id"
    for asked, why in (
        ({"amount": "sum"}, "no column sum for amount"),
        ({"colour": "date"}, "have no field colour"),
        ({"user_id": ""}, "no column for the customer"),
        ({"amount": ""}, "no column for amount or unit_price"),
    ):
        with pytest.raises(BadMapping, match=why):
            found(asked)
    with pytest.raises(BadMapping, match="no column for kind"):
        guess(EVENTS, rows, columns=rows[0].values, given={}, constants={})


@given(st.lists(st.lists(st.integers(0, 30), max_size=40), max_size=20))
def test_equal_rows_are_numbered_over_all_chunks(chunks: list[list[int]]) -> None:
    tally, plain = Tally(), Counter[int]()
    for chunk in chunks:
        expected = []
        for item in chunk:
            plain[item] += 1
            expected.append(plain[item])
        assert tally.number([digest(item) for item in chunk]) == expected


def test_rows_that_belong_together_come_out_together_by_their_earliest_moment() -> None:
    day = [datetime(2020, 1, n, tzinfo=UTC) for n in range(1, 5)]
    with Spool() as spool:
        for line, (group, at) in enumerate(
            [("b", day[3]), ("a", day[1]), ("b", day[0]), ("a", None)], start=1
        ):
            spool.add(group, Row(line, {"n": line}), at=at)
        assert len(spool) == 4
        found = [(group, [row.line for row in rows]) for group, rows in spool.groups()]
    assert found == [("b", [3, 1]), ("a", [2, 4])]


def test_reasons_are_counted_without_what_they_are_about() -> None:
    assert general("“31 June” is not a date") == general("“tomorrow” is not a date") == "… is not a date"
    assert general("3 values where there are 2 columns") == "… values where there are … columns"


def test_cells_that_a_spreadsheet_would_calculate_are_disarmed() -> None:
    assert safe_cells(["=1+1", "+254", "-3", "@x", -3, "plain"]) == [
        "'=1+1",
        "'+254",
        "'-3",
        "'@x",
        -3,
        "plain",
    ]
