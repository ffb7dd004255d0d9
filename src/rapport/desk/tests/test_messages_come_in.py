"""What a customer writes is kept once, in the matter it belongs to, whatever else happens at that moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from conftest import Person
from rapport.accounts.models import Calendar, Workspace
from rapport.customers.actions import recognise
from rapport.customers.models import Identity
from rapport.customers.rules import Level
from rapport.desk.actions import (
    KeyTaken,
    Received,
    StaleReply,
    assign,
    receive_message,
    reopen,
    reply,
    resolve,
    snooze,
    wake_due,
)
from rapport.desk.models import Closure, Conversation, Entry, Leg, Promise, Snooze
from rapport.desk.tests.cast import MONDAY_NOON, Shop, everything, open_shop
from rapport.kernel.actors import Denied, system
from rapport.kernel.clock import FrozenClock
from rapport.kernel.plaintext import TextRejected
from rapport.timeline.models import Event
from rapport.timeline.tests.cast import at_once

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_first_message_opens_a_matter_and_promises_a_reply(shop: Shop) -> None:
    received = shop.write("  Where is\nmy order?  ", language="en")
    found = shop.conversation()
    assert received.is_new and received.opened and received.conversation_id == found.pk
    assert (found.number, found.status, found.channel, found.language) == (1, "open", "pigeon", "en")
    assert found.subject == found.last_preview == "Where is my order?"
    assert found.opened_at == found.waiting_since == found.last_entry_at == MONDAY_NOON
    assert (found.last_seq, found.last_customer_seq, found.last_author_kind) == (1, 1, "customer")
    promise = Promise.objects.within(shop.workspace).get()
    assert promise.due_at == found.next_deadline_at == MONDAY_NOON + timedelta(minutes=30)
    assert shop.told() == ["conversation.opened", "promise.made", "message.received"]


def test_a_second_message_continues_the_open_matter(shop: Shop, noon: FrozenClock) -> None:
    first = shop.write()
    noon.advance(timedelta(hours=1))
    second = shop.write("Hello?")
    found = shop.conversation()
    assert (second.conversation_id, second.seq, second.opened) == (first.conversation_id, 2, False)
    assert found.waiting_since == MONDAY_NOON and found.last_entry_at == MONDAY_NOON + timedelta(hours=1)
    assert Promise.objects.within(shop.workspace).count() == 1
    assert shop.told()[3:] == ["message.received"]


def test_a_settled_matter_comes_up_again_within_seven_days(
    shop: Shop, otieno: Person, noon: FrozenClock
) -> None:
    key = shop.write().conversation_id
    resolve(otieno.actor, key)
    noon.advance(7 * DAY)
    before = len(shop.told())
    again = shop.write("Still nothing")
    found = shop.conversation()
    assert again.conversation_id == key and not again.opened
    assert (found.status, found.resolved_at, found.waiting_since) == ("open", None, MONDAY_NOON + 7 * DAY)
    closure = Closure.objects.within(shop.workspace).get()
    assert (closure.reopened_at, closure.reopened_by_kind) == (MONDAY_NOON + 7 * DAY, "customer")
    assert [row.outcome for row in Promise.objects.within(shop.workspace).order_by("made_at")] == [
        "waived",
        "open",
    ]
    assert shop.told()[before:] == ["conversation.reopened", "promise.made", "message.received"]


def test_after_seven_days_it_is_a_new_matter(shop: Shop, otieno: Person, noon: FrozenClock) -> None:
    first = shop.write().conversation_id
    resolve(otieno.actor, first)
    noon.advance(7 * DAY + timedelta(microseconds=1))
    second = shop.write("Something else")
    assert second.opened and second.conversation_id != first
    assert shop.conversation(first).status == "resolved"
    assert shop.conversation(second.conversation_id).number == 2


def test_an_open_matter_comes_before_one_settled_later(shop: Shop, otieno: Person, noon: FrozenClock) -> None:
    old = shop.write().conversation_id
    resolve(otieno.actor, old)
    noon.advance(8 * DAY)
    new = shop.write().conversation_id
    resolve(otieno.actor, new)
    reopen(otieno.actor, old)
    assert shop.write("Again").conversation_id == old


def test_a_second_copy_answers_like_the_first_and_changes_nothing(shop: Shop, otieno: Person) -> None:
    first = shop.write(key="same")
    resolve(otieno.actor, first.conversation_id)
    before = everything(shop.workspace)
    copy = shop.write("Where is my order?", key="same")
    assert copy == Received(first.conversation_id, first.entry_id, 1, first.at, is_new=False, opened=False)
    assert everything(shop.workspace) == before


def test_a_key_of_somebody_else_tells_nothing(shop: Shop, otieno: Person, kiosk: Workspace) -> None:
    first = shop.write(key="same")
    reply(otieno.actor, first.conversation_id, text="Soon", dedupe_key="mine-1234")
    ours = Entry.objects.within(shop.workspace).get(direction="out").dedupe_key
    other = recognise(
        system(shop.workspace.pk), namespace="phone", value="0722000111", level=Level.ASSERTED, evidence="x"
    )
    second_loft = open_shop(shop.workspace)
    before = everything(shop.workspace)
    for attempt in (
        lambda: shop.write(key="same", identity_id=other.identity_id),
        lambda: second_loft.write(key="same"),
        lambda: shop.write(key=ours or ""),
    ):
        with pytest.raises(KeyTaken):
            attempt()
    assert everything(shop.workspace) == before
    assert open_shop(kiosk).write(key="same").is_new


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"text": " \n "}, TextRejected),
        ({"text": "x\x00y"}, TextRejected),
        ({"text": "x" * 10_001}, TextRejected),
        ({"key": "x" * 121}, ValueError),
    ],
)
def test_what_cannot_be_taken_is_refused_and_leaves_nothing(
    shop: Shop, more: dict[str, Any], error: type[Exception]
) -> None:
    before = everything(shop.workspace)
    with pytest.raises(error):
        shop.write(**more)
    assert everything(shop.workspace) == before


def test_an_empty_key_is_refused(shop: Shop) -> None:
    with pytest.raises(ValueError, match="dedupe_key"):
        receive_message(
            shop.customer, account=shop.account, identity_id=shop.identity_id, text="Hi", dedupe_key=""
        )
    assert not Conversation.objects.within(shop.workspace).exists()


def test_nobody_writes_into_or_as_another_company(shop: Shop, kiosk: Workspace) -> None:
    theirs = open_shop(kiosk)
    ours, others = everything(shop.workspace), everything(kiosk)
    with pytest.raises(Denied):
        shop.write(account=theirs.account)
    with pytest.raises(Identity.DoesNotExist):
        shop.write(identity_id=theirs.identity_id)
    assert (everything(shop.workspace), everything(kiosk)) == (ours, others)


def test_a_message_from_yesterday_does_not_turn_back_the_list(shop: Shop) -> None:
    shop.write("Today")
    late = shop.write("Yesterday", at=MONDAY_NOON - DAY)
    found = shop.conversation()
    assert late.at == MONDAY_NOON - DAY and found.last_entry_at == MONDAY_NOON
    assert (found.last_seq, found.last_customer_seq) == (2, 2)


def test_a_message_from_the_future_came_now(shop: Shop) -> None:
    assert shop.write(at=MONDAY_NOON + 400 * DAY).at == MONDAY_NOON


def test_hours_that_never_open_cost_nobody_their_message(shop: Shop) -> None:
    Calendar.objects.within(shop.workspace).update(spec={"zone": "Africa/Nairobi", "weekly": {}})
    assert shop.write().opened
    assert shop.conversation().next_deadline_at is None
    assert shop.told() == ["conversation.opened", "message.received"]


def test_a_customers_message_ends_a_snooze(shop: Shop, otieno: Person, noon: FrozenClock) -> None:
    key = shop.write().conversation_id
    snooze(otieno.actor, key, until=MONDAY_NOON + DAY)
    noon.advance(timedelta(hours=2))
    shop.write("Hello?")
    found = shop.conversation()
    assert (found.status, found.snoozed_until) == ("open", None)
    assert Snooze.objects.within(shop.workspace).get().ended_at == MONDAY_NOON + timedelta(hours=2)
    noon.advance(2 * DAY)
    assert wake_due() == 0


@pytest.mark.django_db(transaction=True)
def test_eight_copies_at_once_are_one_message(shop: Shop) -> None:
    found = at_once(*[lambda: shop.write(key="same")] * 8)
    assert all(isinstance(one, Received) for one in found), found
    assert [one.is_new for one in found if isinstance(one, Received)].count(True) == 1
    assert Entry.objects.within(shop.workspace).count() == 1
    assert shop.told() == ["conversation.opened", "promise.made", "message.received"]


@pytest.mark.django_db(transaction=True)
def test_first_messages_at_once_open_one_matter(shop: Shop) -> None:
    found = at_once(*[lambda: shop.write("Hello"), lambda: shop.write("Anybody there?")] * 3)
    assert all(isinstance(one, Received) for one in found), found
    assert Conversation.objects.within(shop.workspace).count() == 1
    assert sorted(Entry.objects.within(shop.workspace).values_list("seq", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert Promise.objects.within(shop.workspace).count() == Leg.objects.within(shop.workspace).count() == 1


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_whoever_comes_at_once_or_fails(shop: Shop) -> None:
    others = [open_shop(shop.workspace, phone=f"07220001{n:02}") for n in range(6)]

    def failing() -> None:
        with transaction.atomic():
            open_shop(shop.workspace, phone="0733999888").write()
            raise ZeroDivisionError

    found = at_once(*[other.write for other in others], failing, failing)
    assert sum(isinstance(one, Received) for one in found) == 6, found
    numbers = Conversation.objects.within(shop.workspace).values_list("number", flat=True)
    assert sorted(numbers) == [1, 2, 3, 4, 5, 6]


@pytest.mark.django_db(transaction=True)
def test_members_and_customers_writing_at_once_never_block_each_other(
    shop: Shop, otieno: Person, amina: Person
) -> None:
    """Customer, replies, assignment, resolving and the clock, all on one conversation."""
    from rapport.desk.actions import break_overdue

    key = shop.write().conversation_id
    late = MONDAY_NOON + DAY

    def attempts() -> list[Any]:
        return [
            lambda: shop.write("More"),
            lambda: reply(otieno.actor, key, text="Here", seen_seq=1),
            lambda: assign(amina.actor, key, member_id=otieno.member.pk),
            lambda: resolve(otieno.actor, key),
            lambda: break_overdue(late),
            lambda: snooze(amina.actor, key, until=late),
            lambda: reopen(amina.actor, key),
        ]

    for _ in range(3):
        results = at_once(*attempts())
        strange = [
            one
            for one in results
            if isinstance(one, Exception) and not isinstance(one, StaleReply | ValueError)
        ]
        assert strange == []
    seqs = list(Entry.objects.within(shop.workspace).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, shop.conversation().last_seq + 1))
    assert Event.objects.within(shop.workspace).filter(kind="message.received").count() == 4
