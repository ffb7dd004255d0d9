"""How far a message got only ever moves forward, and no message leaves twice."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import Person
from rapport.desk import jobs
from rapport.desk.actions import advance_delivery, collected_by_customer, deliver, reply
from rapport.desk.channels import DeliveryFailed
from rapport.desk.models import Delivery, Entry
from rapport.desk.rules import delivery_moves_on
from rapport.desk.tests.cast import Pigeon, Shop, lost, open_shop
from rapport.timeline.models import Event
from rapport.timeline.tests.cast import at_once

pytestmark = pytest.mark.django_db
STATES = ["queued", "sent", "delivered", "read", "failed"]
# From the row's state to the column's, in the order of STATES.
MOVES = {
    "queued": [False, True, True, True, True],
    "sent": [False, False, True, True, True],
    "delivered": [False, False, False, True, False],
    "read": [False, False, False, False, False],
    "failed": [False, False, True, True, False],
}


@pytest.fixture
def entry(shop: Shop, otieno: Person) -> Entry:
    return reply(otieno.actor, shop.write().conversation_id, text="Soon")


def state(shop: Shop) -> str:
    return Delivery.objects.within(shop.workspace).get().state


@pytest.mark.parametrize(("before", "after"), list(product(STATES, STATES)))
def test_reports_in_any_order_move_it_forward_only(before: str, after: str) -> None:
    assert delivery_moves_on(before, after) is MOVES[before][STATES.index(after)]


@pytest.mark.parametrize(
    "order", [STATES, STATES[::-1], ["read", "sent", "failed"], ["failed", "sent", "delivered"]]
)
def test_a_delivery_never_goes_back(order: list[str], shop: Shop, entry: Entry) -> None:
    row = Delivery.objects.within(shop.workspace).get()
    moved, events = 0, Event.objects.within(shop.workspace).filter(kind="message.delivered")
    for step in order:
        before = state(shop)
        did = advance_delivery(shop.workspace.pk, row.pk, step)
        assert did is delivery_moves_on(before, step)
        assert state(shop) == (step if did else before)
        moved += did
    assert events.count() == moved


def test_nobody_elses_delivery_moves(shop: Shop, entry: Entry, baraka: Person) -> None:
    row = Delivery.objects.within(shop.workspace).get()
    assert advance_delivery(baraka.workspace.pk, row.pk, "read") is False
    assert state(shop) == "queued"


def test_a_message_leaves_once(shop: Shop, entry: Entry, pigeon: Pigeon) -> None:
    deliver(shop.workspace.pk, entry.pk)
    deliver(shop.workspace.pk, entry.pk)
    assert [(sent.text, sent.recipient) for sent in pigeon.sent] == [("Soon", "+254712345678")]
    assert state(shop) == "sent"


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_it_once(shop: Shop, otieno: Person, pigeon: Pigeon) -> None:
    entry = reply(otieno.actor, shop.write().conversation_id, text="Soon")
    at_once(*[lambda: deliver(shop.workspace.pk, entry.pk)] * 4)
    assert len(pigeon.sent) == 1


def test_what_failed_for_a_while_is_tried_again(shop: Shop, entry: Entry, pigeon: Pigeon) -> None:
    pigeon.failures = [lost(permanent=False)]
    with pytest.raises(DeliveryFailed):
        deliver(shop.workspace.pk, entry.pk, is_last_attempt=False)
    assert state(shop) == "queued"
    deliver(shop.workspace.pk, entry.pk, is_last_attempt=False)
    assert state(shop) == "sent" and len(pigeon.sent) == 1


@pytest.mark.parametrize(("permanent", "last"), [(True, False), (False, True), (True, True)])
def test_what_cannot_succeed_has_failed_with_its_reason(
    permanent: bool, last: bool, shop: Shop, entry: Entry, pigeon: Pigeon
) -> None:
    pigeon.failures = [lost(permanent=permanent)]
    deliver(shop.workspace.pk, entry.pk, is_last_attempt=last)
    row = Delivery.objects.within(shop.workspace).get()
    assert (row.state, row.reason) == ("failed", "a hawk")


def test_a_fault_of_ours_is_not_shown_as_sent(shop: Shop, entry: Entry, pigeon: Pigeon) -> None:
    pigeon.failures = [ZeroDivisionError()]
    with pytest.raises(ZeroDivisionError):
        deliver(shop.workspace.pk, entry.pk)
    assert state(shop) == "failed"


def test_the_job_knows_its_last_attempt(
    shop: Shop, entry: Entry, pigeon: Pigeon, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(jobs.actions, "deliver", lambda *_, is_last_attempt: seen.append(is_last_attempt))
    for attempts in range(jobs.ATTEMPTS):
        context = SimpleNamespace(job=SimpleNamespace(attempts=attempts))
        jobs.deliver_entry.func(context, str(shop.workspace.pk), str(entry.pk))
    assert seen == [False] * (jobs.ATTEMPTS - 1) + [True]


def test_what_the_customers_page_fetched_is_delivered_and_what_it_showed_is_read(
    shop: Shop, otieno: Person, entry: Entry
) -> None:
    other = open_shop(shop.workspace, phone="0722000111")
    given = {"account": shop.account, "conversation_id": entry.conversation_id}
    mine = {**given, "identity_id": shop.identity_id}
    assert collected_by_customer(shop.customer, **mine, up_to_seq=1, read=True) == 0
    assert (
        collected_by_customer(shop.customer, **{**mine, "account": other.account}, up_to_seq=9, read=True)
        == 0
    )
    assert (
        collected_by_customer(other.customer, **given, identity_id=other.identity_id, up_to_seq=9, read=True)
        == 0
    )
    assert state(shop) == "queued"
    assert collected_by_customer(shop.customer, **mine, up_to_seq=2, read=False) == 1
    assert state(shop) == "delivered"
    assert collected_by_customer(shop.customer, **mine, up_to_seq=2, read=True) == 1
    assert collected_by_customer(shop.customer, **mine, up_to_seq=2, read=False) == 0
    assert state(shop) == "read"
