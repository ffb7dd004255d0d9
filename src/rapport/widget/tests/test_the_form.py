"""The plain form: chat without a line of script."""

from __future__ import annotations

import re
import uuid
from html import unescape
from typing import Any

import pytest
from django.test import Client

from rapport.channels.chat.actions import change_site
from rapport.channels.chat.rules import LANGUAGES
from rapport.channels.chat.tests.sites import footprint
from rapport.channels.chat.visitors import begin, issue_token
from rapport.desk import actions as desk
from rapport.desk.models import Conversation, Entry
from rapport.feedback.actions import ask_after_service
from rapport.feedback.models import Answer, Response
from rapport.timeline.models import Event

pytestmark = pytest.mark.django_db


def _fields(html: str, form: str) -> dict[str, str]:
    part = re.search(rf'<form[^>]*id="{form}".*?</form>', html, re.S)
    assert part is not None
    return {
        name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', part.group())
    }


@pytest.fixture
def http() -> Client:
    # A strict client: the form must work for browsers that send no cookie and no CSRF token.
    return Client(enforce_csrf_checks=True)


def _send(http: Client, address: str, html: str, form: str = "end", **typed: Any) -> Any:
    return http.post(address, {**_fields(html, form), **typed})


def test_a_message_goes_in_and_the_answer_appears_behind_the_signed_address(http, site, otieno, duka) -> None:
    address = f"/widget/form/{site.key}"
    html = http.get(address).content.decode()
    sent = _send(http, address, html, message="Habari, où est ma commande? 🙏", name="Wambui")
    assert sent.status_code == 303
    thread = sent["Location"].split("#")[0]
    assert "Habari, où est ma commande? 🙏" in http.get(thread).content.decode()
    conversation = Conversation.objects.within(duka).get()
    desk.write_note(otieno.actor, conversation.pk, text="SECRET")
    desk.reply(otieno.actor, conversation.pk, text="It comes <b>tomorrow</b>")
    page = http.get(thread).content.decode()
    assert "It comes &lt;b&gt;tomorrow&lt;/b&gt;" in page
    assert "SECRET" not in page
    again = _send(http, thread, page, message="Asante")
    assert again.status_code == 303
    assert Conversation.objects.within(duka).count() == 1


def test_sending_the_same_form_twice_is_one_message_of_one_customer(http, site, duka) -> None:
    address = f"/widget/form/{site.key}"
    html = http.get(address).content.decode()
    for _ in range(3):
        assert _send(http, address, html, message="Habari").status_code == 303
    assert footprint(duka) == {"Customer": 1, "Identity": 1, "Conversation": 1, "Entry": 1}


@pytest.mark.parametrize(("message", "status"), [("", 422), ("a\x07b", 422), ("x" * 10_001, 422)])
def test_what_was_typed_is_not_lost_when_it_is_refused(http, site, duka, message, status) -> None:
    address = f"/widget/form/{site.key}"
    html = http.get(address).content.decode()
    before = footprint(duka)
    answer = _send(http, address, html, message=message, name="Wambui")
    assert answer.status_code == status
    assert message.strip("\x07")[:100].replace("\x07", "") in answer.content.decode().replace("\x07", "")
    assert 'value="Wambui"' in answer.content.decode() and 'role="alert"' in answer.content.decode()
    assert footprint(duka) == before


def test_a_huge_form_is_refused_unread(http, site, duka) -> None:
    before = footprint(duka)
    answer = http.post(f"/widget/form/{site.key}", {"message": "x" * 10_000_000})
    assert answer.status_code == 413
    assert footprint(duka) == before


@pytest.mark.parametrize("token", ["x", "a.b", "é", "x" * 9_000])
def test_a_wrong_address_opens_nobody_s_thread(http, site, kiosk_site, duka, token) -> None:
    for wrong in (token, issue_token(begin(kiosk_site))):
        page = http.get(f"/widget/form/{site.key}", {"c": wrong})
        assert page.status_code == 200
        assert "expired" in page.content.decode()
        answer = http.post(f"/widget/form/{site.key}", {"c": wrong, "message": "Kept text"})
        assert answer.status_code == 410
        assert "Kept text" in answer.content.decode()
    assert footprint(duka)["Entry"] == 0


def test_the_question_is_answered_by_one_tap(http, site, otieno, duka) -> None:
    address = f"/widget/form/{site.key}"
    thread = _send(http, address, http.get(address).content.decode(), message="Habari")["Location"].split(
        "#"
    )[0]
    desk.resolve(otieno.actor, Conversation.objects.within(duka).get().pk)
    ask_after_service(duka.pk, Event.objects.within(duka).get(kind="conversation.resolved").seq)
    page = http.get(thread).content.decode()
    assert "How did we do?" in page and "Very good" in page
    tapped = _send(http, thread, page, "question", score="5")
    assert tapped.status_code == 303
    assert Response.objects.within(duka).get().score == 5
    words = tapped["Location"].split("#")[0]
    thanked = _send(http, words, http.get(words).content.decode(), "why", comment="Asante sana")
    assert thanked.status_code == 303
    assert Answer.objects.within(duka).filter(text="Asante sana").count() == 1
    after = http.get(thanked["Location"].split("#")[0]).content.decode()
    assert "How did we do?" not in after
    assert "How did we do?" not in http.get(thread + "&q=nonsense").content.decode()
    assert _send(http, thread, page, "question", score="9", invitation=str(uuid.uuid4())).status_code == 303
    assert Response.objects.within(duka).get().score == 5


def test_a_site_for_signed_in_customers_shows_no_form(http, site, wanjiru, duka) -> None:
    change_site(wanjiru.actor, site.pk, require_identity=True)
    assert "<textarea" not in http.get(f"/widget/form/{site.key}").content.decode()
    assert http.post(f"/widget/form/{site.key}", {"message": "Habari"}).status_code == 403
    assert footprint(duka)["Entry"] == 0


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_it_is_small_and_speaks_every_language(http, site, language) -> None:
    answer = http.get(f"/widget/form/{site.key}", {"lang": language})
    html = answer.content.decode()
    assert f'dir="{LANGUAGES[language]}"' in html
    assert "<script" not in html
    style = http.get(re.search(r'href="(/widget/assets/[^"]+)"', html).group(1))  # type: ignore[union-attr]
    assert len(answer.content) + len(style.content) < 30_000


def test_only_the_site_s_pages_may_frame_it_and_its_address_is_not_passed_on(http, site) -> None:
    for address in (f"/widget/form/{site.key}", f"/widget/chat?site={site.key}"):
        answer = http.get(address)
        policy = answer["Content-Security-Policy"]
        assert "frame-ancestors 'self' https://duka.example" in policy
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert "X-Frame-Options" not in answer
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["Cache-Control"] == "no-store"
        assert not answer.cookies
        assert " style=" not in answer.content.decode() and " on" + "click" not in answer.content.decode()


def test_an_unknown_site_is_a_plain_refusal(http, db) -> None:
    for address in ("/widget/form/site_x", "/widget/chat?site=<script>", "/widget/chat"):
        answer = http.get(address)
        assert answer.status_code == 404
        assert answer["Content-Type"].startswith("text/plain")


def test_entries_keep_line_breaks_of_browsers(http, site, duka) -> None:
    address = f"/widget/form/{site.key}"
    _send(http, address, http.get(address).content.decode(), message="One\r\nTwo")
    assert Entry.objects.within(duka).get(direction="in").text == "One\nTwo"
