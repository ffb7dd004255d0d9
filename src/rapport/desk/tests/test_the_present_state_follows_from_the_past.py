"""Whatever is done in whatever order, the columns on a conversation say what its records and lines say."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Person
from rapport.desk.actions import (
    BadChange,
    StaleReply,
    assign,
    break_overdue,
    mark_read,
    reopen,
    reply,
    resolve,
    snooze,
    wake_due,
    write_note,
)
from rapport.desk.models import Assignment, Closure, Conversation, Entry, Leg, Promise, Snooze
from rapport.desk.rules import preview
from rapport.desk.tests.cast import MONDAY_NOON, Shop
from rapport.kernel import clock
from rapport.timeline.models import Event

ONE_EVENT_OR_MORE = {
    "write": ("message.received",),
    "reply": ("message.sent",),
    "note": ("note.written",),
}
DOINGS = [
    "write",
    "write",
    "write late",
    "reply",
    "stale reply",
    "note",
    "assign",
    "resolve",
    "reopen",
    "snooze",
]
STEPS = st.lists(
    st.tuples(
        st.sampled_from([*DOINGS, "wake", "break", "read"]),
        st.integers(0, 3),
        st.sampled_from([0, 1, 20, 40, 24 * 60, 8 * 24 * 60]),
    ),
    min_size=1,
    max_size=22,
)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_after_any_sequence_of_actions(
    steps: list[tuple[str, int, int]], shop: Shop, otieno: Person, amina: Person
) -> None:
    with clock.frozen(MONDAY_NOON) as now, transaction.atomic():
        _play(steps, shop, [otieno, amina], now)
        for conversation in Conversation.objects.within(shop.workspace):
            _check(conversation)
        numbers = sorted(Conversation.objects.within(shop.workspace).values_list("number", flat=True))
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        transaction.set_rollback(True)


def _play(
    steps: list[tuple[str, int, int]], shop: Shop, people: list[Person], now: clock.FrozenClock
) -> None:
    key = shop.write().conversation_id
    for step, choice, minutes in steps:
        now.advance(timedelta(minutes=minutes))
        before = _events(shop)
        try:
            key = _do(step, choice, key, shop, people, now)
        except (BadChange, StaleReply):
            assert _events(shop) == before
            continue
        fresh = _events(shop)[len(before) :]
        for kind in ONE_EVENT_OR_MORE.get(step, ()):
            assert fresh.count(kind) == 1, (step, fresh)


def _do(
    step: str, choice: int, key: uuid.UUID, shop: Shop, people: list[Person], now: clock.FrozenClock
) -> uuid.UUID:
    who = people[choice % 2].actor
    if step == "write":
        return shop.write(f"Message {choice}").conversation_id
    if step == "write late":
        return shop.write("Late", at=now() - timedelta(hours=choice)).conversation_id
    if step == "reply":
        reply(who, key, text=f"Reply {choice}")
    elif step == "stale reply":
        reply(who, key, text="Stale", seen_seq=choice)
    elif step == "note":
        write_note(who, key, text="Note")
    elif step == "assign":
        assign(who, key, member_id=[None, people[0].member.pk, people[1].member.pk, None][choice])
    elif step == "resolve":
        resolve(who, key)
    elif step == "reopen":
        reopen(who, key)
    elif step == "snooze":
        snooze(who, key, until=now() + timedelta(hours=choice))
    elif step == "wake":
        wake_due()
    elif step == "break":
        break_overdue()
    elif step == "read":
        mark_read(who, key, seq=choice)
    return key


def _events(shop: Shop) -> list[str]:
    return list(Event.objects.within(shop.workspace).order_by("seq").values_list("kind", flat=True))


def _check(row: Conversation) -> None:
    within = row.workspace_id
    entries = list(Entry.objects.within(within).filter(conversation=row).order_by("seq"))
    assert [entry.seq for entry in entries] == list(range(1, row.last_seq + 1))
    messages = [entry for entry in entries if entry.kind == "message"]
    assert row.last_preview == preview(messages[-1].text)
    assert row.last_author_kind == messages[-1].author_kind
    assert row.last_customer_seq == max(entry.seq for entry in messages if entry.direction == "in")
    assert row.last_entry_at == max(
        [row.opened_at, *[entry.at for entry in entries if entry.kind != "change"]]
    )
    replies = [entry.at for entry in messages if entry.direction == "out"]
    assert row.first_replied_at == (replies[0] if replies else None)

    assignment = Assignment.objects.within(within).filter(conversation=row).order_by("-id").first()
    assert row.assignee_id == (assignment.member_id if assignment else None)
    closures = list(Closure.objects.within(within).filter(conversation=row, reopened_at=None))
    assert row.resolved_at == (closures[0].at if closures else None)
    assert (row.status == "resolved") == bool(closures)
    snoozes = list(Snooze.objects.within(within).filter(conversation=row, ended_at=None))
    assert len(snoozes) <= 1
    assert row.snoozed_until == (snoozes[0].until if snoozes else None)
    assert (row.status == "snoozed") == bool(snoozes)
    if row.status == "waiting":
        assert row.waiting_since is None and messages

    promises = Promise.objects.within(within).filter(conversation=row)
    open_ones = [promise.due_at for promise in promises if promise.outcome == "open"]
    assert len(open_ones) <= 1
    assert row.next_deadline_at == (min(open_ones) if open_ones else None)
    told = Event.objects.within(within).filter(subject_id=row.pk)
    for kind, count in (
        ("promise.made", promises.count()),
        ("promise.kept", promises.filter(outcome="kept").count()),
        ("promise.broken", promises.filter(outcome="broken").count()),
        ("conversation.opened", 1),
        ("conversation.assigned", Assignment.objects.within(within).filter(conversation=row).count()),
        ("conversation.resolved", Closure.objects.within(within).filter(conversation=row).count()),
        (
            "conversation.reopened",
            Closure.objects.within(within).filter(conversation=row).exclude(reopened_at=None).count(),
        ),
        ("conversation.snoozed", Snooze.objects.within(within).filter(conversation=row).count()),
        ("message.received", sum(entry.direction == "in" for entry in messages)),
        ("message.sent", len(replies)),
        ("note.written", sum(entry.kind == "note" for entry in entries)),
    ):
        assert told.filter(kind=kind).count() == count, kind
    assert Leg.objects.within(within).filter(conversation=row).count() == 1
