"""The white list: what a visitor hears of all that happens."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

import pytest

from rapport.channels.chat.actions import collect, identify, write
from rapport.channels.chat.tests.sites import open_site, signed
from rapport.channels.chat.visitors import Visitor, begin, issue_token
from rapport.customers.rules import Level
from rapport.desk import actions as desk
from rapport.feedback.actions import ask_after_service
from rapport.kernel.log import kinds
from rapport.timeline.feed import FeedEvent
from rapport.timeline.live import Whisper
from rapport.timeline.models import Event
from rapport.widget import live


def _log(workspace: Any) -> list[FeedEvent]:
    return [
        FeedEvent(
            row.seq,
            row.xact,
            row.workspace_id,
            row.kind,
            row.at,
            row.actor_kind,
            row.actor_id,
            row.identity_id,
            row.channel,
            row.subject_kind,
            row.subject_id,
            row.data,
        )
        for row in Event.objects.within(workspace).order_by("seq")
    ]


def _told(visitor: Visitor, workspace: Any) -> list[tuple[str, Any]]:
    return live.told_batch(visitor, _log(workspace), language="en")


@pytest.fixture
def settled(site, visitor, otieno, amina, duka) -> uuid.UUID:
    """A whole matter, with everything that members do among themselves."""
    opened = write(site, visitor, client_id=uuid.uuid4(), text="Where is my basket?")
    desk.write_note(otieno.actor, opened.conversation_id, text="SECRET: difficult customer")
    desk.assign(amina.actor, opened.conversation_id, member_id=otieno.member.pk)
    reply = desk.reply(otieno.actor, opened.conversation_id, text="It comes tomorrow")
    collect(site, visitor, conversation_id=opened.conversation_id, up_to_seq=reply.seq, read=True)
    desk.resolve(otieno.actor, opened.conversation_id)
    ask_after_service(duka.pk, Event.objects.within(duka).get(kind="conversation.resolved").seq)
    return opened.conversation_id


@pytest.mark.django_db
def test_a_visitor_hears_the_talk_and_nothing_of_the_inside(settled, visitor, duka) -> None:
    frames = _told(visitor, duka)
    assert [name for name, _ in frames] == ["message", "message", "receipt", "resolved", "question"]
    assert [data["text"] for name, data in frames if name == "message"] == [
        "Where is my basket?",
        "It comes tomorrow",
    ]
    assert frames[1][1]["author"] == "Otieno"
    said = json.dumps(frames)
    for inside in ("SECRET", "Amina", "Odhiambo", "assign", "promise", "number"):
        assert inside not in said


@pytest.mark.django_db
def test_every_kind_of_event_that_is_not_on_the_list_stays_inside(settled, visitor, duka, site) -> None:
    one = _log(duka)[0]
    for kind in set(kinds) - live.TOLD:
        event = FeedEvent(
            1, 1, duka.pk, kind, one.at, "member", None, visitor.identity_id, "chat", "conversation", settled,
            {"entry": str(uuid.uuid4()), "preview": "x", "invitation": str(uuid.uuid4())},
        )  # fmt: skip
        assert live.told_batch(visitor, [event], language="en") == []


@pytest.mark.django_db
def test_an_event_that_lies_about_its_identity_tells_nothing(settled, site, visitor, otieno, duka) -> None:
    note = desk.write_note(otieno.actor, settled, text="SECRET")
    other = begin(site)
    theirs = write(site, other, client_id=uuid.uuid4(), text="Of somebody else")
    one = _log(duka)[0]
    for entry in (note.pk, theirs.entry_id, "nonsense", None):
        event = FeedEvent(
            1, 1, duka.pk, "message.sent", one.at, "member", None, visitor.identity_id, "chat", "conversation",
            settled, {"entry": str(entry)},
        )  # fmt: skip
        assert live.told_batch(visitor, [event], language="en") == []
    resolved = FeedEvent(
        1, 1, duka.pk, "conversation.resolved", one.at, "member", None, visitor.identity_id, "chat",
        "conversation", theirs.conversation_id, {},
    )  # fmt: skip
    assert live.told_batch(visitor, [resolved], language="en") == []


@pytest.mark.django_db
def test_others_hear_nothing(settled, site, kiosk_site, duka) -> None:
    assert _told(begin(site), duka) == []
    assert _told(begin(kiosk_site), duka) == []


@pytest.mark.django_db
def test_the_talk_on_another_page_of_the_company_stays_there(settled, site, visitor, duka, otieno) -> None:
    known = identify(site, signed=signed(site), visitor=visitor).visitor
    second = open_site(duka)
    elsewhere = identify(second, signed=signed(second)).visitor
    assert elsewhere.identity_id == known.identity_id
    assert _told(elsewhere, duka) == []
    assert [name for name, _ in _told(known, duka)][:2] == ["message", "message"]


@pytest.mark.django_db
def test_a_batch_costs_a_fixed_number_of_statements(
    settled, site, visitor, otieno, duka, django_assert_max_num_queries
) -> None:
    for text in "abcdefghij":
        write(site, visitor, client_id=uuid.uuid4(), text=text)
    events = [event for event in _log(duka) if event.kind != live.ASKED]
    with django_assert_max_num_queries(2):
        assert len(live.told_batch(visitor, events, language="en")) == 14


def test_of_whispers_only_typing_is_heard() -> None:
    topic = ("identity", uuid.uuid4())
    assert live.told_whisper(Whisper(topic, {"typing": True, "name": "Otieno Odhiambo", "draft": "x"})) == [
        ("typing", {"typing": True, "name": "Otieno"})
    ]
    for body in ({}, {"presence": {"member": "x"}}, {"typing": "yes"}, {"customer_typing": {"number": 1}}):
        assert live.told_whisper(Whisper(topic, body)) == []


def _ask(headers: dict[str, str], method: str = "GET") -> tuple[int, dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    scope = {
        "type": "http",
        "method": method,
        "path": "/live/chat",
        "query_string": b"",
        "client": ("192.0.2.7", 1),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    asyncio.run(live.chat_stream(scope, receive, send, None))  # type: ignore[arg-type]
    return sent[0]["status"], json.loads(sent[1]["body"])


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x.y", "Basic abc", "Bearer " + "x" * 9_000])
def test_a_stream_needs_a_token_and_asks_no_database(header) -> None:
    # No django_db mark: touching the database would fail this test.
    assert _ask({"authorization": header} if header else {})[0] == 401


def test_a_stream_is_only_read() -> None:
    assert _ask({}, "POST")[0] == 405


def test_one_visitor_cannot_take_all_streams(monkeypatch) -> None:
    visitor = Visitor(uuid.uuid4(), uuid.uuid4(), uuid.uuid4(), Level.UNKNOWN, "a")
    monkeypatch.setitem(live._open_streams, visitor.identity_id, live.STREAMS_PER_VISITOR)
    status, body = _ask({"authorization": f"Bearer {issue_token(visitor)}"})
    assert status == 429 and "tabs" in body["message"]
