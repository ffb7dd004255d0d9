"""Names of sites and pages, languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.channels.chat.rules import (
    BadSite,
    checked_texts,
    choose_language,
    first_name,
    is_site_key,
    new_site_key,
    normal_origin,
    normal_origins,
    spoken,
)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("https://Duka.Example/", "https://duka.example"),
        ("https://duka.example:443", "https://duka.example"),
        ("http://duka.example:80", "http://duka.example"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_an_origin_has_one_spelling(written: str, normal: str) -> None:
    assert normal_origin(written) == normal
    assert normal_origin(normal) == normal


@pytest.mark.parametrize(
    "written",
    [
        "",
        "*",
        "duka.example",
        "https://*.example",
        "https://duka.example/shop",
        "https://duka.example?x",
        "https://wanjiru@duka.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://duka.example; script-src *",
        "https://duka.example https://other.example",
        "https://duka.example:99999",
        "https://" + "a" * 5_000 + ".example",
        "http://[::1",
    ],
)
def test_what_is_no_origin_is_refused(written: str) -> None:
    with pytest.raises(BadSite):
        normal_origin(written)


@given(st.text(max_size=60))
def test_no_text_slips_a_second_value_into_a_policy(text: str) -> None:
    try:
        origin = normal_origin(text)
    except BadSite:
        return
    assert origin.isascii()
    assert not set(origin) & set(" ;,'\"*\r\n\t")


def test_origins_are_kept_once_in_order() -> None:
    assert normal_origins(["https://b.example", " ", "https://a.example", "https://B.example/"]) == [
        "https://b.example",
        "https://a.example",
    ]
    with pytest.raises(BadSite):
        normal_origins([f"https://s{number}.example" for number in range(51)])


def test_site_keys_are_long_and_recognised() -> None:
    keys = {new_site_key() for _ in range(200)}
    assert len(keys) == 200
    assert all(is_site_key(key) for key in keys)
    assert not any(
        is_site_key(other) for other in ["site_", "site_x", "SITE_" + "a" * 20, "site_" + "a" * 21]
    )


def test_the_page_then_the_browser_then_the_site_choose_the_language() -> None:
    assert choose_language(asked="sw", accepted="fr", default="en") == "sw"
    assert choose_language(asked="", accepted="de, pt-BR;q=0.5, fr;q=0.9", default="en") == "fr"
    assert choose_language(asked="tlh", accepted="de;q=x, *;q=0.1", default="es") == "es"
    assert choose_language(asked="", accepted="sw;q=0, fr", default="en") == "fr"
    assert choose_language(asked="", accepted="x" * 100_000, default="nonsense") == "en"


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh-CN", "zh-hans"),
        ("zh_Hans", "zh-hans"),
        ("PT-br", "pt"),
        ("ar-EG", "ar"),
        ("de", None),
        ("", None),
    ],
)
def test_regions_speak_their_language(tag: str, language: str | None) -> None:
    assert spoken(tag) == language


def test_greetings_are_cleaned_and_blank_ones_left_out() -> None:
    assert checked_texts({"en": " Hello\r\n", "sw": "  "}) == {"en": " Hello"}
    with pytest.raises(BadSite):
        checked_texts({"de": "Hallo"})
    with pytest.raises(BadSite):
        checked_texts({"en": "x" * 501})


def test_customers_see_first_names_only() -> None:
    assert first_name("Otieno Odhiambo") == "Otieno"
    assert first_name("  ") == ""
