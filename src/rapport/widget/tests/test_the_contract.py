"""The JSON that the chat page and the server exchange."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.test import Client

from rapport.channels.chat.actions import change_site, write
from rapport.channels.chat.models import ChatSite
from rapport.channels.chat.tests.sites import SHOP, footprint, signed
from rapport.channels.chat.visitors import Visitor, begin, issue_token
from rapport.desk import actions as desk
from rapport.desk.models import Delivery, Entry
from rapport.feedback.actions import ask_after_service
from rapport.feedback.models import Response
from rapport.timeline.models import Event

pytestmark = pytest.mark.django_db


class Browser:
    """A page of the chat: sends JSON with the token of its visitor."""

    def __init__(self, site: ChatSite, visitor: Visitor | None = None) -> None:
        self.site, self.http = site, Client()
        self.token = issue_token(visitor) if visitor else ""

    def post(self, path: str, **body: Any) -> Any:
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        return self.http.post(
            f"/widget/api/{path}",
            json.dumps({"site": self.site.key, **body}),
            content_type="application/json",
            headers=headers,
        )

    def say(self, text: str, client_id: str = "") -> Any:
        return self.post("messages", client_id=client_id or str(uuid.uuid4()), text=text)

    def get(self, query: str = "") -> Any:
        return self.http.get(
            f"/widget/api/messages{query}", headers={"authorization": f"Bearer {self.token}"}
        )


@pytest.fixture
def page(site, visitor) -> Browser:
    return Browser(site, visitor)


def test_a_visit_begins_without_a_trace(site, duka) -> None:
    before = footprint(duka)
    answer = Browser(site).post("sessions").json()
    assert (answer["level"], answer["messages"], answer["question"]) == (0, [], None)
    assert footprint(duka) == before
    assert Browser(site).post("sessions").json()["visitor"] != answer["visitor"]


def test_a_visit_is_taken_up_again(page, visitor) -> None:
    page.say("Habari")
    answer = page.post("sessions", token=page.token).json()
    assert answer["visitor"] == str(visitor.identity_id)
    assert [message["text"] for message in answer["messages"]] == ["Habari"]


def test_a_message_goes_in_once(page, duka) -> None:
    client_id = str(uuid.uuid4())
    first, second = page.say("Habari", client_id), page.say("Habari", client_id)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["is_new"] and not second.json()["is_new"]
    assert first.json()["message"] == second.json()["message"]
    assert first.json()["message"]["client_id"] == client_id
    assert Entry.objects.within(duka).filter(kind="message").count() == 1


def test_the_thread_continues_where_the_page_left_off(page, otieno, duka) -> None:
    first = page.say("One").json()["message"]
    desk.write_note(otieno.actor, uuid.UUID(first["conversation"]), text="Not for customers")
    desk.reply(otieno.actor, uuid.UUID(first["conversation"]), text="Two")
    later = page.get(f"?conversation={first['conversation']}&after_seq={first['seq']}").json()
    assert [(message["text"], message["ours"], message["author"]) for message in later["messages"]] == [
        ("Two", True, "Otieno")
    ]
    assert later["unread"] == 1
    assert "Not for customers" not in page.get().content.decode()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 415),
        (b"{", 400),
        (b"[]", 400),
        (b'{"site":1}', 400),
        (b'{"client_id":"1","text":"x","site":"s"}', 400),
        (b'{"client_id":"6f9619ff-8b86-d011-b42d-00c04fc964ff","text":7,"site":"s"}', 400),
        (b'{"client_id":"6f9619ff-8b86-d011-b42d-00c04fc964ff","text":"\\ud800","site":"s"}', 400),
        (b"\xff\xfe", 400),
        (b"[" * 30_000, 400),
    ],
)
def test_what_cannot_be_read_is_refused(page, duka, body, status) -> None:
    before = footprint(duka)
    answer = page.http.post(
        "/widget/api/messages",
        body,
        content_type="application/json",
        headers={"authorization": f"Bearer {page.token}"},
    )
    assert answer.status_code == status
    assert set(answer.json()) == {"code", "message"}
    assert footprint(duka) == before


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty"), ("a\x00b", "control"), ("x" * 10_001, "too_long"), ("\u200b", "empty")]
)
def test_a_bad_text_is_refused_with_its_reason(page, duka, text, code) -> None:
    before = footprint(duka)
    answer = page.say(text)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert footprint(duka) == before


def test_ten_megabytes_are_refused_before_they_are_read(page, duka) -> None:
    before = footprint(duka)
    answer = page.say("x" * 10_000_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert footprint(duka) == before


def test_only_json_is_spoken_so_that_foreign_forms_cannot_knock(page) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = page.http.post("/widget/api/sessions", b"{}", content_type=kind)
        assert answer.status_code == 415
    assert page.http.get("/widget/api/sessions").status_code == 405


@pytest.mark.parametrize("token", ["", "x", "a.b", "é", "x" * 5_000])
def test_without_a_token_nothing_opens(page, duka, token) -> None:
    page.token = token
    before = footprint(duka)
    for answer in (
        page.say("Habari"),
        page.post("receipts", conversation=str(uuid.uuid4()), up_to_seq=1),
        page.post("typing"),
        page.post("answers", invitation=str(uuid.uuid4()), score=5),
        page.get(),
    ):
        assert answer.status_code == 401
    assert footprint(duka) == before


def test_a_token_of_another_site_opens_nothing(page, kiosk_site, duka, kiosk) -> None:
    page.token = issue_token(begin(kiosk_site))
    before = footprint(duka), footprint(kiosk)
    assert page.say("Habari").status_code == 401
    assert page.post("sessions", token=page.token).status_code == 401
    assert (footprint(duka), footprint(kiosk)) == before


def test_foreign_conversations_are_not_there(page, kiosk_site, site) -> None:
    theirs = write(kiosk_site, begin(kiosk_site), client_id=uuid.uuid4(), text="Abroad")
    neighbour = write(site, begin(site), client_id=uuid.uuid4(), text="Next door")
    for foreign in (theirs.conversation_id, neighbour.conversation_id, uuid.uuid4()):
        assert page.get(f"?conversation={foreign}&after_seq=0").status_code == 404
        assert page.post("receipts", conversation=str(foreign), up_to_seq=9, read=True).status_code == 404
    assert page.get("?conversation=1;drop&after_seq=0").status_code == 400
    assert page.get("?after_seq=-1").status_code == 400


def test_signing_in_exchanges_the_token(page, site, duka) -> None:
    page.say("Before")
    old = page.token
    answer = page.post("sessions", token=old, jwt=signed(site, name="Akinyi")).json()
    assert answer["level"] == 3 and answer["token"] != old
    assert [message["text"] for message in answer["messages"]] == ["Before"]
    assert page.say("With the old one").json()["code"] == "replaced"
    page.token = answer["token"]
    assert page.say("With the new one").status_code == 201


def test_a_wrong_jwt_is_refused_and_the_visit_stays(page, kiosk_site, duka) -> None:
    page.say("Before")
    before = footprint(duka)
    answer = page.post("sessions", token=page.token, jwt=signed(kiosk_site))
    assert (answer.status_code, answer.json()["code"]) == (403, "jwt_signature")
    assert footprint(duka) == before
    assert page.say("Still here").status_code == 201


def test_a_site_for_signed_in_customers_says_so(site, wanjiru, duka) -> None:
    change_site(wanjiru.actor, site.pk, require_identity=True)
    page = Browser(site)
    assert page.post("sessions").json()["code"] == "identity_required"
    page.token = issue_token(begin(site))
    assert (page.say("Habari").status_code, footprint(duka)["Entry"]) == (403, 0)
    page.token = page.post("sessions", jwt=signed(site)).json()["token"]
    assert page.say("Habari").status_code == 201


def test_one_tap_and_a_comment_are_recorded(page, otieno, duka) -> None:
    conversation = uuid.UUID(page.say("Habari").json()["message"]["conversation"])
    desk.resolve(otieno.actor, conversation)
    settled = Event.objects.within(duka).get(kind="conversation.resolved")
    ask_after_service(duka.pk, settled.seq)
    question = page.post("sessions", token=page.token, language="sw").json()["question"]
    assert question["question"] == "Tulikuhudumia vipi?" and question["words"][4] == "Vizuri sana"
    tap = {"invitation": question["invitation"], "score": 4}
    assert page.post("answers", **tap).json() == {"score": 4, "comment": ""}
    assert page.post("answers", **tap).status_code == 200
    assert (
        page.post("answers", invitation=question["invitation"], comment="Asante").json()["comment"]
        == "Asante"
    )
    assert Response.objects.within(duka).get().score == 4
    assert page.post("sessions", token=page.token).json()["question"] is None
    for bad in ({"score": 6}, {"score": 0}, {}):
        answer = page.post("answers", invitation=question["invitation"], **bad)
        assert answer.status_code in {200, 422}
    assert Response.objects.within(duka).get().score == 4
    stranger = Browser(page.site, begin(page.site))
    assert stranger.post("answers", **tap).status_code == 404


def test_receipts_reach_the_desk(page, otieno, duka) -> None:
    first = page.say("Habari").json()["message"]
    reply = desk.reply(otieno.actor, uuid.UUID(first["conversation"]), text="Karibu")
    answer = page.post("receipts", conversation=first["conversation"], up_to_seq=reply.seq, read=True)
    assert answer.json() == {"moved": 1, "unread": 0}
    assert Delivery.objects.within(duka).get().state == "read"


def test_typing_is_told_only_about_an_open_matter(page) -> None:
    assert page.post("typing").status_code == 204
    page.say("Habari")
    assert page.post("typing").status_code == 204


def test_who_writes_too_much_is_asked_to_wait(page, duka) -> None:
    for _ in range(30):
        assert page.say("Habari").status_code == 201
    before = footprint(duka)
    refused = page.say("One more")
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many")
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert footprint(duka) == before
    assert Browser(page.site, begin(page.site)).say("A neighbour").status_code == 201


def test_only_named_pages_may_read_how_a_site_looks(site) -> None:
    http = Client()
    address = f"/widget/api/sites/{site.key}?lang=ar"
    welcome = http.get(address, headers={"origin": SHOP})
    assert welcome["Access-Control-Allow-Origin"] == SHOP
    assert welcome.json()["language"] == "ar" and welcome.json()["accent"].startswith("#")
    assert site.secret not in welcome.content.decode()
    own = http.get(address, headers={"origin": "http://testserver"})
    assert own["Access-Control-Allow-Origin"] == "http://testserver"
    for origin in (
        "https://evil.example",
        "null",
        "https://duka.example.evil.example",
        "http://duka.example",
    ):
        refused = http.get(address, headers={"origin": origin})
        assert (refused.status_code, refused.json()["code"]) == (403, "origin")
        assert "accent" not in refused.json()
    assert http.get("/widget/api/sites/site_x", headers={"origin": SHOP}).status_code == 404


def test_nothing_of_a_visit_may_be_read_by_other_origins(page) -> None:
    for answer in (page.post("sessions"), page.say("Habari"), page.get()):
        assert "Access-Control-Allow-Origin" not in answer
        assert answer["Cache-Control"] == "no-store"
        assert not answer.cookies
