"""What we told a customer to expect is kept or broken, once, by the clock of the shop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from conftest import Person
from rapport.accounts.models import Workspace
from rapport.desk.actions import (
    CannotReply,
    NoSuchConversation,
    StaleReply,
    break_overdue,
    log_conversation,
    reply,
    resolve,
    set_first_reply_policy,
    snooze,
    write_note,
)
from rapport.desk.models import Conversation, Delivery, Entry, Promise, Snooze
from rapport.desk.queries import first_reply_policies
from rapport.desk.rules import first_reply_due
from rapport.desk.tests.cast import MONDAY_NOON, Pigeon, Shop, everything, open_shop
from rapport.kernel.actors import Denied
from rapport.kernel.calendars import BusinessCalendar
from rapport.kernel.clock import FrozenClock
from rapport.kernel.plaintext import TextRejected
from rapport.timeline.models import Event
from rapport.timeline.tests.cast import at_once

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def promises(shop: Shop) -> list[str]:
    return list(Promise.objects.within(shop.workspace).order_by("made_at").values_list("outcome", flat=True))


def test_a_reply_in_time_keeps_the_promise(shop: Shop, otieno: Person, noon: FrozenClock) -> None:
    key = shop.write().conversation_id
    at = noon.advance(30 * MINUTE)
    entry = reply(otieno.actor, key, text="It left today.")
    found = shop.conversation()
    assert (entry.direction, entry.author_name, entry.seq) == ("out", "Otieno Odhiambo", 2)
    assert (found.status, found.waiting_since, found.first_replied_at) == ("waiting", None, at)
    assert (found.next_deadline_at, found.last_author_kind, found.last_customer_seq) == (None, "member", 1)
    promise = Promise.objects.within(shop.workspace).get()
    assert (promise.outcome, promise.settled_at, promise.fulfilled_at) == ("kept", at, at)
    assert Delivery.objects.within(shop.workspace).get().identity_id == shop.identity_id
    assert shop.told()[3:] == ["promise.kept", "message.sent"]


def test_a_late_reply_breaks_it(shop: Shop, otieno: Person, noon: FrozenClock) -> None:
    key = shop.write().conversation_id
    noon.advance(30 * MINUTE + timedelta(microseconds=1))
    reply(otieno.actor, key, text="Sorry")
    assert promises(shop) == ["broken"]
    assert shop.told()[3:] == ["promise.broken", "message.sent"]


def test_what_is_overdue_is_broken_once_and_the_late_reply_still_noted(
    shop: Shop, otieno: Person, noon: FrozenClock
) -> None:
    key = shop.write().conversation_id
    noon.advance(30 * MINUTE)
    assert break_overdue() == 0
    due = noon.advance(MINUTE)
    assert break_overdue() == 1
    assert break_overdue() == 0
    assert shop.conversation().next_deadline_at is None
    at = noon.advance(MINUTE)
    reply(otieno.actor, key, text="Sorry")
    promise = Promise.objects.within(shop.workspace).get()
    assert (promise.outcome, promise.settled_at, promise.fulfilled_at) == ("broken", due, at)
    assert shop.told()[3:] == ["promise.broken", "message.sent"]


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_break_each_promise_once(shop: Shop) -> None:
    for number in range(6):
        open_shop(shop.workspace, phone=f"07220001{number:02}").write()
    broken = at_once(*[lambda: break_overdue(MONDAY_NOON + DAY)] * 3)
    assert sum(count for count in broken if isinstance(count, int)) == 6, broken
    assert shop.told().count("promise.broken") == 6 and promises(shop) == ["broken"] * 6


@pytest.mark.django_db(transaction=True)
def test_a_sweep_leaves_alone_what_somebody_is_changing(shop: Shop) -> None:
    """It never waits for a lock, so a reply that holds the conversation and wants the promise cannot wait for it."""
    shop.write()
    with transaction.atomic():
        Conversation.objects.within(shop.workspace).select_for_update(no_key=True).get()
        assert at_once(lambda: break_overdue(MONDAY_NOON + DAY)) == [0]
    assert break_overdue(MONDAY_NOON + DAY) == 1


def test_settling_the_matter_without_a_reply_waives_the_promise(shop: Shop, otieno: Person) -> None:
    resolve(otieno.actor, shop.write().conversation_id)
    assert promises(shop) == ["waived"] and shop.conversation().next_deadline_at is None
    assert break_overdue(MONDAY_NOON + DAY) == 0


def test_settling_it_after_the_time_has_passed_breaks_the_promise(
    shop: Shop, otieno: Person, noon: FrozenClock
) -> None:
    key = shop.write().conversation_id
    noon.advance(DAY)
    resolve(otieno.actor, key)
    assert promises(shop) == ["broken"]


def test_a_note_is_no_reply(shop: Shop, otieno: Person) -> None:
    key = shop.write().conversation_id
    write_note(otieno.actor, key, text="She called before.")
    found = shop.conversation()
    assert promises(shop) == ["open"] and found.status == "open"
    assert (found.waiting_since, found.last_preview) == (MONDAY_NOON, "Where is my order?")
    assert found.first_replied_at is None
    assert not Delivery.objects.within(shop.workspace).exists()
    assert shop.told()[3:] == ["note.written"]


def test_a_reply_is_held_when_the_customer_wrote_meanwhile(shop: Shop, otieno: Person) -> None:
    key = shop.write().conversation_id
    shop.write("Never mind, it came!")
    before = everything(shop.workspace)
    with pytest.raises(StaleReply) as held:
        reply(otieno.actor, key, text="It is lost.", seen_seq=1)
    assert held.value.last_customer_seq == 2
    assert everything(shop.workspace) == before
    reply(otieno.actor, key, text="Good!", seen_seq=2)


def test_the_same_key_sends_once_and_notes_once(shop: Shop, otieno: Person, amina: Person) -> None:
    key = shop.write().conversation_id
    first = reply(otieno.actor, key, text="Soon", dedupe_key="k-1")
    note = write_note(otieno.actor, key, text="x", dedupe_key="k-1")
    before = everything(shop.workspace)
    assert reply(otieno.actor, key, text="Soon", dedupe_key="k-1", seen_seq=0).pk == first.pk
    assert write_note(otieno.actor, key, text="x", dedupe_key="k-1").pk == note.pk
    assert everything(shop.workspace) == before
    assert reply(amina.actor, key, text="Soon", dedupe_key="k-1").pk != first.pk
    other = open_shop(shop.workspace, phone="0722000111").write().conversation_id
    assert reply(otieno.actor, other, text="Soon", dedupe_key="k-1").conversation_id == other
    assert reply(otieno.actor, other, text="Soon", dedupe_key="k" * 5_000).conversation_id == other


@pytest.mark.django_db(transaction=True)
def test_a_double_click_sends_once(shop: Shop, otieno: Person) -> None:
    key = shop.write().conversation_id
    sent = at_once(*[lambda: reply(otieno.actor, key, text="Soon", dedupe_key="k-1").pk] * 4)
    assert len(set(sent)) == 1, sent
    assert Entry.objects.within(shop.workspace).filter(direction="out").count() == 1
    assert shop.told().count("message.sent") == 1


def test_a_reply_ends_a_snooze_and_leaves_a_settled_matter_settled(
    shop: Shop, otieno: Person, noon: FrozenClock
) -> None:
    key = shop.write().conversation_id
    snooze(otieno.actor, key, until=MONDAY_NOON + DAY)
    noon.advance(MINUTE)
    reply(otieno.actor, key, text="Soon")
    assert shop.conversation().status == "waiting"
    assert Snooze.objects.within(shop.workspace).get().ended_at == MONDAY_NOON + MINUTE
    resolve(otieno.actor, key)
    reply(otieno.actor, key, text="You are welcome")
    assert shop.conversation().status == "resolved"


def test_a_call_that_was_written_down_cannot_be_answered_by_message(shop: Shop, otieno: Person) -> None:
    call = log_conversation(
        otieno.actor, brand_id=shop.account.brand_id, identity_id=shop.identity_id, channel_kind="phone",
        text="She asked about her order.", at=MONDAY_NOON + DAY,
    )  # fmt: skip
    assert call.opened_at == MONDAY_NOON and call.subject == "She asked about her order."
    before = everything(shop.workspace)
    with pytest.raises(CannotReply, match="phone"):
        reply(otieno.actor, call.pk, text="Hello")
    assert everything(shop.workspace) == before


def test_a_call_is_written_down_about_our_own_customers_only(
    shop: Shop, otieno: Person, viewer: Person, kiosk: Workspace
) -> None:
    theirs = open_shop(kiosk)
    before = everything(shop.workspace), everything(kiosk)
    tries: list[tuple[Any, dict[str, Any], type[Exception]]] = [
        (otieno, {"identity_id": theirs.identity_id}, LookupError),
        (otieno, {"brand_id": theirs.account.brand_id}, LookupError),
        (otieno, {"text": " "}, TextRejected),
        (otieno, {"subject": "a\nb"}, TextRejected),
        (viewer, {}, Denied),
    ]
    for who, wrong, _error in tries:
        given = {"brand_id": shop.account.brand_id, "identity_id": shop.identity_id, "text": "x", **wrong}
        with pytest.raises(Exception, match=r".*") as refused:
            log_conversation(who.actor, channel_kind="phone", **given)
        assert (
            isinstance(refused.value, Denied | TextRejected) or "DoesNotExist" in type(refused.value).__name__
        )
    assert (everything(shop.workspace), everything(kiosk)) == before


@pytest.mark.parametrize("say", [reply, write_note])
def test_who_may_not_speak_changes_nothing(
    say: Callable[..., Entry], shop: Shop, viewer: Person, zawadi: Person, baraka: Person
) -> None:
    key = shop.write().conversation_id
    before = everything(shop.workspace)
    for person in (viewer, zawadi):
        with pytest.raises(Denied):
            say(person.actor, key, text="Hi")
    with pytest.raises(Denied):
        say(shop.customer, key, text="Hi")
    with pytest.raises(NoSuchConversation):
        say(baraka.actor, key, text="Hi")
    assert everything(shop.workspace) == before


@pytest.mark.parametrize("text", ["", " \n", "x" * 10_001, "a\x00b", None, 7])
def test_what_cannot_be_said_is_refused(text: Any, shop: Shop, otieno: Person) -> None:
    key = shop.write().conversation_id
    before = everything(shop.workspace)
    for say in (reply, write_note):
        with pytest.raises(TextRejected):
            say(otieno.actor, key, text=text)
    assert everything(shop.workspace) == before


HOURS = {
    "zone": "Africa/Nairobi",
    "weekly": {day: [["08:00", "12:00"], ["14:00", "17:00"]] for day in ("monday", "tuesday", "friday")},
    "holidays": [{"date": "2026-11-10", "name": "Day off"}],
}


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-11-06T16:45", "2026-11-09T08:15"),  # Friday, the rest on Monday
        ("2026-11-06T16:30", "2026-11-06T17:00"),  # ends with the closing
        ("2026-11-07T03:00", "2026-11-09T08:30"),  # Saturday night
        ("2026-11-09T11:50", "2026-11-09T14:20"),  # over lunch
        ("2026-11-09T18:00", "2026-11-13T08:30"),  # Tuesday is a holiday
    ],
)
def test_only_business_time_counts(asked: str, due: str) -> None:
    at = datetime.fromisoformat(f"{asked}+03:00")
    calendar = BusinessCalendar.from_spec(HOURS)
    expected = datetime.fromisoformat(f"{due}+03:00")
    assert first_reply_due(at, within=30 * MINUTE, calendar=calendar) == expected
    assert first_reply_due(at, within=30 * MINUTE, calendar=None) == at + 30 * MINUTE


def test_over_a_weekend_the_deadline_is_on_monday(shop: Shop, noon: FrozenClock) -> None:
    from rapport.accounts.models import Calendar

    Calendar.objects.within(shop.workspace).update(spec=HOURS)
    noon.move_to(datetime(2026, 11, 6, 13, 45, tzinfo=UTC))  # Friday, 16:45 in Nairobi
    shop.write()
    assert shop.conversation().next_deadline_at == datetime(2026, 11, 9, 5, 15, tzinfo=UTC)
    noon.move_to(datetime(2026, 11, 8, tzinfo=UTC))
    assert break_overdue() == 0


def test_a_channels_own_promise_goes_before_the_general_one(
    shop: Shop, wanjiru: Person, otieno: Person
) -> None:
    set_first_reply_policy(wanjiru.actor, minutes=60)
    set_first_reply_policy(wanjiru.actor, minutes=5, channel="pigeon")
    shop.write()
    assert shop.conversation().next_deadline_at == MONDAY_NOON + 5 * MINUTE
    assert [(row.channel, row.first_reply_minutes) for row in first_reply_policies(wanjiru.actor)] == [
        ("", 60),
        ("pigeon", 5),
    ]
    before = everything(shop.workspace)
    for minutes in (0, -1, 43_201):
        with pytest.raises(ValueError, match="minute"):
            set_first_reply_policy(wanjiru.actor, minutes=minutes)
    with pytest.raises(Denied):
        set_first_reply_policy(otieno.actor, minutes=1)
    assert everything(shop.workspace) == before


def test_what_is_told_names_the_conversation_and_never_another_company(shop: Shop, kiosk: Workspace) -> None:
    received = shop.write()
    assert not Event.objects.within(kiosk).filter(subject_kind="conversation").exists()
    told = Event.objects.within(shop.workspace).get(kind="message.received")
    assert told.subject_id == received.conversation_id and told.identity_id == shop.identity_id
    assert told.data == {
        "number": 1,
        "entry": str(received.entry_id),
        "entry_seq": 1,
        "preview": "Where is my order?",
    }


def test_pigeons_are_told_once_a_message_may_leave(shop: Shop, otieno: Person, pigeon: Pigeon) -> None:
    reply(otieno.actor, shop.write().conversation_id, text="Soon")
    assert pigeon.sent == []  # a job takes it out
