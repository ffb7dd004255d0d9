"""One spelling for each way to recognise somebody, and none for what would join strangers."""

from __future__ import annotations

import uuid

import pytest

from rapport.customers.rules import BadIdentity, identity_key, normal_form

WAMBUI = "+254712345678"


@pytest.mark.parametrize(
    "written",
    ["0712345678", "0712 345 678", "0712-345-678", "+254 712 345 678", "00254712345678", "000254712345678",
     "254712345678", "712345678", "+254 (0) 712 345678", "tel:+254712345678", "\u202a+254 712 345678\u202c",
     "０７１２３４５６７８"],
)  # fmt: skip
def test_all_spellings_of_a_kenyan_number_are_one(written: str) -> None:
    assert normal_form("phone", written) == normal_form("whatsapp", written) == WAMBUI


def test_the_newer_kenyan_prefix_and_landlines_are_numbers_too() -> None:
    assert normal_form("phone", "0110 123 456") == "+254110123456"
    assert normal_form("phone", "020 2222222") == "+254202222222"


def test_a_local_number_belongs_to_the_given_country() -> None:
    assert normal_form("phone", "612 345 678", region="ES") == "+34612345678"
    assert normal_form("phone", "0034 612 345 678", region="ES") == "+34612345678"
    assert normal_form("phone", WAMBUI, region="ES") == WAMBUI


@pytest.mark.parametrize(
    "written",
    ["0777777777", "0000000000", "", "12", "712345", "hello", "+999123", "0" * 400, "0712345678 ext. 5", "+"],
)
def test_what_is_no_persons_number_is_refused(written: str) -> None:
    with pytest.raises(BadIdentity):
        normal_form("phone", written)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Wambui@Example.COM", "wambui@example.com"),
        ("  wambui@example.com \n", "wambui@example.com"),
        ("wam\u200bbui@example.com\ufeff", "wambui@example.com"),
        ("wambui+shop@example.com", "wambui+shop@example.com"),
        ("wambui@bücher.example", "wambui@xn--bcher-kva.example"),
        ("Jose\u0301@example.com", "jos\u00e9@example.com"),
        ("straße@example.com", "straße@example.com"),
    ],
)
def test_an_address_has_one_spelling(written: str, kept: str) -> None:
    assert normal_form("email", written) == kept
    assert normal_form("email", kept) == kept


@pytest.mark.parametrize(
    "written",
    ["wambui", "@example.com", "wambui@", "wambui@example", "a b@example.com", "a@b@example.com", "a@example..com",
     "<wambui@example.com>", "test@", "noreply@", "noreply@example.com", "Test@example.com", "a\x00@example.com",
     "a" * 250 + "@example.com", "a@" + "b" * 64 + ".com", "\ud800@example.com"],
)  # fmt: skip
def test_what_is_no_persons_address_is_refused(written: str) -> None:
    with pytest.raises(BadIdentity):
        normal_form("email", written)


@pytest.mark.parametrize(
    "placeholder",
    ["", " ", "null", "NULL", "'null'", '"undefined"', "None", "NaN", "nan", "0", "-1", "000-000", "[object Object]",
     "anonymous", "Guest", "true", "false", "id", "email", "distinct_id", "distinctId", "not_authenticated", "N/A"],
)  # fmt: skip
@pytest.mark.parametrize("namespace", ["user_id", "anonymous_id", "loyalty_card", "ext:shop"])
def test_placeholders_recognise_nobody(namespace: str, placeholder: str) -> None:
    with pytest.raises(BadIdentity):
        normal_form(namespace, placeholder)


def test_an_account_is_kept_as_written_but_for_its_accents() -> None:
    assert normal_form("user_id", " Cus_ABC ") == "Cus_ABC"
    assert normal_form("user_id", "e\u0301") == normal_form("user_id", "\u00e9")
    with pytest.raises(BadIdentity):
        normal_form("user_id", "x" * 501)
    with pytest.raises(BadIdentity):
        normal_form("user_id", "x" * 10_000_000)
    with pytest.raises(BadIdentity, match="unknown kind"):
        normal_form("twitter", "wambui")


def test_the_same_value_is_another_identity_in_another_company() -> None:
    duka, kiosk = uuid.uuid4(), uuid.uuid4()
    assert identity_key(duka, "phone", WAMBUI) == identity_key(duka, "phone", WAMBUI)
    assert len({identity_key(w, n, WAMBUI) for w in (duka, kiosk) for n in ("phone", "whatsapp")}) == 4
