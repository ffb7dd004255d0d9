"""Every language at desk and phone width, and from right to left: nothing sticks out, nothing stays in English."""

from __future__ import annotations

import pytest

from tests.browser.test_every_screen import _LIFE
from tests.browsing import complaints, overflow

LANGUAGES = ["sw", "es", "pt", "fr", "zh-hans"]
SCREENS = [
    "inbox/",
    "conversations/1/",
    "conversations/4/",
    "customers/{customer}/",
    "pulse/",
    "feedback/",
    "settings/account/",
    "settings/members/",
    "settings/roles/",
    "settings/hours/new/",
    "settings/first-reply/",
    "settings/keys/",
]
_SPEAK = """
User.objects.filter(email={email!r}).update(language={language!r})
"""
# Words that their box cuts off although nothing says so (no ellipsis): buttons and tabs must hold theirs.
_CUT = """() => [...document.querySelectorAll('.button, .tab, h1:not(.sr-only)')].filter((box) =>
    box.offsetParent && box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflow !== 'visible'
    && getComputedStyle(box).textOverflow !== 'ellipsis').map((box) => box.textContent.trim().slice(0, 60))"""


@pytest.fixture(scope="module")
def lively(installation, new_company):
    company = new_company("Lugha")
    return company, installation.run(_LIFE.format(slug=company.slug))


def speak(installation, company, language):
    installation.run(_SPEAK.format(email=company.email("wanjiru"), language=language))


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_fits_the_screens(installation, lively, sign_in, language, width):
    company, customer = lively
    speak(installation, company, language)
    page = sign_in(company.email("wanjiru"), width=width, height=840)
    found = {}
    for screen in SCREENS:
        page.goto(f"/w/{company.slug}/{screen.format(customer=customer)}")
        assert page.locator("html").get_attribute("lang") == language
        if wide := overflow(page):
            found[screen] = [f"sticks out by {wide} px"]
        if cut := page.evaluate(_CUT):
            found.setdefault(screen, []).extend(cut)
    assert found == {}


@pytest.mark.parametrize("width", [1280, 390])
def test_from_right_to_left_the_screens_hold_too(installation, lively, sign_in, width, tmp_path):
    company, customer = lively
    speak(installation, company, "en")
    page = sign_in(company.email("wanjiru"), width=width, height=840)
    found = {}
    for screen in SCREENS:
        page.goto(f"/w/{company.slug}/{screen.format(customer=customer)}")
        page.evaluate("document.documentElement.dir = 'rtl'")
        if wide := overflow(page):
            found[screen] = [f"sticks out by {wide} px"]
        if faults := complaints(page):
            found.setdefault(screen, []).extend(faults)
    assert found == {}


def test_the_rail_stands_where_a_line_begins(installation, lively, sign_in):
    company, _customer = lively
    speak(installation, company, "en")
    page = sign_in(company.email("wanjiru"))
    page.goto(f"/w/{company.slug}/inbox/")
    rail = page.locator(".rail")
    assert rail.bounding_box()["x"] == 0
    page.evaluate("document.documentElement.dir = 'rtl'")
    box = rail.bounding_box()
    assert box["x"] + box["width"] == 1280


def test_what_the_scripts_say_is_in_the_members_language(installation, lively, sign_in):
    company, _customer = lively
    speak(installation, company, "sw")
    page = sign_in(company.email("wanjiru"))
    page.goto(f"/w/{company.slug}/conversations/1/")
    page.keyboard.press("e")
    toast = page.locator(".toast")
    toast.wait_for()
    assert "Yametatuliwa" in toast.inner_text()
    assert toast.locator("[data-undo]").inner_text() == "Tendua"
    toast.locator("[data-undo]").click()
    page.locator(".toast", has_text="Yamefunguliwa tena").wait_for()
