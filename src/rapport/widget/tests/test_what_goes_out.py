"""Files, colours, texts and the demo shop."""

from __future__ import annotations

import gzip
import re
from types import SimpleNamespace

import pytest
from django.test import Client, override_settings
from hypothesis import given
from hypothesis import strategies as st

from rapport.channels.chat.rules import LANGUAGES
from rapport.widget import assets
from rapport.widget.limits import address_of
from rapport.widget.look import DARK_PAPER, LIGHT_PAPER, accent_or_default, contrast, ink_on, readable_on
from rapport.widget.strings import STRINGS, strings_for_script

# Budgets of the issue, gzip; those of handbook/channels.md section 3.
LOADER_BUDGET = 6 * 1024
CHAT_BUDGET = 25 * 1024

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def test_the_loader_stays_within_its_budget() -> None:
    assert len(assets.asset("loader.js").packed) <= LOADER_BUDGET


@pytest.mark.django_db
def test_the_chat_stays_within_its_budget(site) -> None:
    page = Client().get(f"/widget/chat?site={site.key}&lang=ar").content
    total = sum(len(assets.asset(name).packed) for name in ("chat.js", "chat.css")) + len(
        gzip.compress(page, 9)
    )
    assert total <= CHAT_BUDGET


def test_files_are_served_compressed_for_ever_under_their_hash() -> None:
    http = Client()
    found = assets.asset("chat.js")
    answer = http.get(f"/widget/assets/{found.versioned}", headers={"accept-encoding": "gzip"})
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert gzip.decompress(answer.content) == found.plain
    again = http.get(f"/widget/assets/{found.versioned}", headers={"if-none-match": f'"{found.digest}"'})
    assert again.status_code == 304
    old = http.get("/widget/assets/chat.000000000000.js")
    assert (old.status_code, old["Cache-Control"]) == (200, "public, max-age=300")
    for other in ("chat.x.css.map", "secrets.x.js", "..%2Fsettings.py", "loader"):
        assert http.get(f"/widget/assets/{other}").status_code == 404


def test_the_loader_has_a_stable_address_that_is_kept_for_minutes() -> None:
    answer = Client().get("/widget/loader.js")
    assert answer["Cache-Control"] == "public, max-age=300"
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize("name", ["loader.js", "chat.js"])
def test_no_script_writes_html_or_speaks_to_everybody(name) -> None:
    text = assets.asset(name).plain.decode()
    for danger in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "'*'",
    ):
        assert danger not in text


@given(COLOURS)
def test_text_on_any_brand_colour_can_be_read(colour: str) -> None:
    assert contrast(ink_on(colour), colour) >= 4.5
    assert contrast(readable_on(colour, LIGHT_PAPER), LIGHT_PAPER) >= 4.5
    assert contrast(readable_on(colour, DARK_PAPER), DARK_PAPER) >= 4.5


def test_contrast_is_that_of_wcag() -> None:
    # WCAG 2.2, definition of contrast ratio: black on white is 21:1; #767676 on white is 4.54:1 (WebAIM).
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("bad", ["red", "#fff", "#12345", "#0f766e;}", "url(x)", ""])
def test_nothing_but_a_colour_enters_a_style_sheet(bad) -> None:
    assert re.fullmatch(r"#[0-9a-f]{6}", accent_or_default(bad))


def test_every_language_says_everything_with_the_same_places() -> None:
    assert set(STRINGS) == set(LANGUAGES)
    for language, texts in STRINGS.items():
        assert set(texts) == set(STRINGS["en"]), language
        for key, text in texts.items():
            assert text.strip() == text and text, (language, key)
            places = re.findall(r"\{\w+\}", text)
            assert sorted(places) == sorted(re.findall(r"\{\w+\}", STRINGS["en"][key])), (language, key)


def test_the_script_gets_every_text_it_asks_for() -> None:
    text = assets.asset("chat.js").plain.decode()
    asked = set(re.findall(r"\bsay\.(\w+)", text))
    assert asked == set(strings_for_script("en"))


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9", "198.51.100.1"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_an_address_is_believed_only_from_trusted_proxies(proxies, forwarded, address) -> None:
    with override_settings(OPTIONS=SimpleNamespace(trusted_proxies=proxies)):
        assert address_of("192.0.2.1", lambda name: forwarded) == address


@pytest.mark.django_db
class TestTheDemoShop:
    def test_it_is_there_for_a_demo_company_only(self, site, duka) -> None:
        http = Client()
        with override_settings(DEBUG=False):
            assert http.get("/widget/shop").status_code == 404
            refused = http.post("/widget/shop/identity", '{"subject":"x"}', content_type="application/json")
            assert refused.status_code == 404
            duka.is_demo = True
            duka.save()
            page = http.get("/widget/shop")
        assert page.status_code == 200
        assert site.key in page.content.decode() and site.secret not in page.content.decode()

    def test_it_signs_in_whom_it_knows(self, site, duka) -> None:
        duka.is_demo = True
        duka.save()
        http = Client()
        shopper = re.search(r'value="(shop-\w+)"', http.get("/widget/shop").content.decode())
        assert shopper is not None
        body = f'{{"subject":"{shopper.group(1)}"}}'
        token = http.post("/widget/shop/identity", body, content_type="application/json").json()["jwt"]
        visit = http.post(
            "/widget/api/sessions",
            f'{{"site":"{site.key}","jwt":"{token}"}}',
            content_type="application/json",
        ).json()
        assert visit["level"] == 3
        unknown = http.post("/widget/shop/identity", '{"subject":"nobody"}', content_type="application/json")
        assert unknown.status_code == 404
