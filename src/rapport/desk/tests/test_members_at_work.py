"""Assigning, settling, putting aside, reading: each leaves its record, its line and its event, and no more."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from conftest import Person
from rapport.accounts.models import Brand, Member, Team, Workspace
from rapport.desk.actions import (
    BadChange,
    NoSuchConversation,
    assign,
    change_channel_account,
    create_channel_account,
    mark_read,
    reopen,
    resolve,
    snooze,
    wake_due,
)
from rapport.desk.models import Assignment, ChannelAccount, Closure, Conversation, Entry, ReadMark, Snooze
from rapport.desk.queries import row
from rapport.desk.tests.cast import MONDAY_NOON, Shop, everything, open_shop
from rapport.kernel import clock
from rapport.kernel.actors import Actor, Denied, system
from rapport.kernel.clock import FrozenClock
from rapport.kernel.plaintext import TextRejected
from rapport.timeline.models import Event
from rapport.timeline.tests.cast import at_once

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
BEFORE = ["conversation.opened", "promise.made", "message.received"]


@pytest.fixture
def key(shop: Shop) -> uuid.UUID:
    return shop.write().conversation_id


def test_a_conversation_is_given_to_a_member_a_team_and_nobody(
    shop: Shop, key: uuid.UUID, otieno: Person, amina: Person
) -> None:
    night = Team.objects.create(workspace=shop.workspace, name="Night")
    assign(amina.actor, key, member_id=otieno.member.pk)
    assign(amina.actor, key, member_id=otieno.member.pk)
    assign(amina.actor, key, member_id=None, team_id=night.pk)
    assign(amina.actor, key, member_id=None)
    history = (
        Assignment.objects.within(shop.workspace).order_by("id").values_list("member_id", "team_id", "by_id")
    )
    assert list(history) == [
        (otieno.member.pk, None, amina.actor.id),
        (None, night.pk, amina.actor.id),
        (None, None, amina.actor.id),
    ]
    assert shop.told() == [*BEFORE, *["conversation.assigned"] * 3]
    lines = Entry.objects.within(shop.workspace).filter(kind="change").order_by("seq")
    assert [line.change and line.change["member"] for line in lines] == ["Otieno Odhiambo", "", ""]
    found = shop.conversation()
    assert (found.assignee, found.team, found.last_entry_at) == (None, None, MONDAY_NOON)


def test_only_members_and_teams_at_work_here_can_be_responsible(
    shop: Shop, key: uuid.UUID, otieno: Person, amina: Person, baraka: Person
) -> None:
    Member.objects.within(shop.workspace).filter(pk=otieno.member.pk).update(suspended_at=clock.now())
    theirs = Team.objects.create(workspace=baraka.workspace, name="Theirs")
    before = everything(shop.workspace)
    for who in (baraka.member.pk, otieno.member.pk, uuid.uuid4()):
        with pytest.raises(BadChange):
            assign(amina.actor, key, member_id=who)
    for team in (theirs.pk, uuid.uuid4()):
        with pytest.raises(BadChange):
            assign(amina.actor, key, member_id=None, team_id=team)
    assert everything(shop.workspace) == before


def test_who_settles_an_unassigned_matter_was_responsible_for_it(
    shop: Shop, key: uuid.UUID, otieno: Person
) -> None:
    resolve(otieno.actor, key)
    resolve(otieno.actor, key)
    found = shop.conversation()
    assert (found.status, found.resolved_at, found.waiting_since) == ("resolved", MONDAY_NOON, None)
    assert (
        found.assignee_id
        == Assignment.objects.within(shop.workspace).latest("at").member_id
        == otieno.member.pk
    )
    closure = Closure.objects.within(shop.workspace).get()
    assert (closure.member_id, closure.by_kind, closure.reopened_at) == (otieno.member.pk, "member", None)
    assert shop.told() == [*BEFORE, "conversation.assigned", "promise.waived", "conversation.resolved"]


def test_who_settles_for_a_colleague_leaves_it_theirs(
    shop: Shop, key: uuid.UUID, otieno: Person, amina: Person
) -> None:
    assign(amina.actor, key, member_id=otieno.member.pk)
    resolve(amina.actor, key)
    assert Closure.objects.within(shop.workspace).get().member_id == otieno.member.pk
    assert shop.told()[4:] == ["promise.waived", "conversation.resolved"]


def test_a_rule_settles_without_becoming_responsible(shop: Shop, key: uuid.UUID) -> None:
    resolve(system(shop.workspace.pk), key)
    assert shop.conversation().assignee_id is None
    assert not Assignment.objects.within(shop.workspace).exists()


def test_settling_and_taking_up_again_keeps_the_history(
    shop: Shop, key: uuid.UUID, otieno: Person, noon: FrozenClock
) -> None:
    for _ in range(2):
        resolve(otieno.actor, key)
        noon.advance(HOUR)
        reopen(otieno.actor, key)
        reopen(otieno.actor, key)
        noon.advance(HOUR)
    resolve(otieno.actor, key)
    rows = Closure.objects.within(shop.workspace).order_by("at")
    assert [(closure.at - MONDAY_NOON) / HOUR for closure in rows] == [0, 2, 4]
    assert [closure.reopened_at and (closure.reopened_at - MONDAY_NOON) / HOUR for closure in rows] == [
        1,
        3,
        None,
    ]
    assert [closure.reopened_by_kind for closure in rows] == ["member", "member", ""]
    resolved = Event.objects.within(shop.workspace).filter(kind="conversation.resolved").order_by("seq")
    assert [event.data["closures"] for event in resolved] == [1, 2, 3]
    assert shop.told().count("conversation.reopened") == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_settle_at_once_settle_it_once(shop: Shop, otieno: Person, amina: Person) -> None:
    key = shop.write().conversation_id
    results = at_once(*[lambda who=who: resolve(who.actor, key) for who in (otieno, amina) * 2])
    assert all(isinstance(result, Conversation) for result in results), results
    assert Closure.objects.within(shop.workspace).count() == 1
    assert shop.told().count("conversation.resolved") == 1


def test_what_was_put_aside_comes_back_at_its_time(
    shop: Shop, key: uuid.UUID, otieno: Person, noon: FrozenClock
) -> None:
    snooze(otieno.actor, key, until=MONDAY_NOON + HOUR)
    snooze(otieno.actor, key, until=MONDAY_NOON + 2 * HOUR)
    found = shop.conversation()
    assert (found.status, found.snoozed_until) == ("snoozed", MONDAY_NOON + 2 * HOUR)
    noon.advance(2 * HOUR - timedelta(microseconds=1))
    assert wake_due() == 0
    noon.advance(timedelta(microseconds=1))
    assert wake_due() == 1
    assert wake_due() == 0
    found = shop.conversation()
    assert (found.status, found.snoozed_until, found.waiting_since) == ("open", None, MONDAY_NOON)
    rows = Snooze.objects.within(shop.workspace).order_by("at", "id")
    assert [snoozed.ended_at and snoozed.ended_at - MONDAY_NOON for snoozed in rows] == [0 * HOUR, 2 * HOUR]
    assert shop.told() == [*BEFORE, *["conversation.snoozed"] * 2, "conversation.woken"]


@pytest.mark.django_db(transaction=True)
def test_two_clocks_wake_it_once(shop: Shop, otieno: Person) -> None:
    snooze(otieno.actor, shop.write().conversation_id, until=MONDAY_NOON + HOUR)
    woken = at_once(*[lambda: wake_due(MONDAY_NOON + 2 * HOUR)] * 3)
    assert sum(count for count in woken if isinstance(count, int)) == 1, woken
    assert shop.told().count("conversation.woken") == 1


def test_nothing_is_put_aside_into_the_past_or_after_it_was_settled(
    shop: Shop, key: uuid.UUID, otieno: Person
) -> None:
    before = everything(shop.workspace)
    for until in (MONDAY_NOON, MONDAY_NOON - HOUR):
        with pytest.raises(BadChange):
            snooze(otieno.actor, key, until=until)
    assert everything(shop.workspace) == before
    resolve(otieno.actor, key)
    before = everything(shop.workspace)
    with pytest.raises(BadChange):
        snooze(otieno.actor, key, until=MONDAY_NOON + HOUR)
    assert everything(shop.workspace) == before


def test_settling_ends_a_snooze(shop: Shop, key: uuid.UUID, otieno: Person) -> None:
    snooze(otieno.actor, key, until=MONDAY_NOON + HOUR)
    resolve(otieno.actor, key)
    assert Snooze.objects.within(shop.workspace).get().ended_at == MONDAY_NOON
    assert wake_due(MONDAY_NOON + 2 * HOUR) == 0


def test_what_was_read_stays_read(shop: Shop, key: uuid.UUID, otieno: Person, amina: Person) -> None:
    shop.write("Hello?")

    def unread(person: Person) -> bool:
        line = row(person.actor, 1)
        assert line is not None
        return line.unread

    assert unread(otieno)
    for seq, marked in ((1, 1), (2, 2), (1, 2), (-5, 2), (0, 2), (2**31, 2)):
        mark_read(otieno.actor, key, seq=seq)
        assert ReadMark.objects.within(shop.workspace).get().seq == marked
    assert not unread(otieno) and unread(amina)
    shop.write("?")
    assert unread(otieno)
    mark_read(system(shop.workspace.pk), key, seq=3)
    assert ReadMark.objects.within(shop.workspace).count() == 1


ACTIONS: dict[str, Callable[[Actor, uuid.UUID], Any]] = {
    "assign": lambda actor, key: assign(actor, key, member_id=None, team_id=None),
    "resolve": resolve,
    "reopen": reopen,
    "snooze": lambda actor, key: snooze(actor, key, until=MONDAY_NOON + HOUR),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_who_may_not_changes_nothing(
    action: str, shop: Shop, key: uuid.UUID, viewer: Person, zawadi: Person, baraka: Person, otieno: Person
) -> None:
    before = everything(shop.workspace)
    for actor in (viewer.actor, zawadi.actor, shop.customer):
        with pytest.raises(Denied):
            ACTIONS[action](actor, key)
    with pytest.raises(NoSuchConversation):
        ACTIONS[action](baraka.actor, key)
    with pytest.raises(NoSuchConversation):
        ACTIONS[action](otieno.actor, uuid.uuid4())
    assert everything(shop.workspace) == before


def test_reading_is_for_those_who_may_see(shop: Shop, key: uuid.UUID, baraka: Person) -> None:
    with pytest.raises(Denied):
        mark_read(shop.customer, key, seq=1)
    with pytest.raises(NoSuchConversation):
        mark_read(baraka.actor, key, seq=1)
    assert not ReadMark.objects.across_workspaces().exists()


def test_ways_in_are_set_up_by_those_who_may_and_once_each(
    shop: Shop, wanjiru: Person, otieno: Person, kiosk: Workspace
) -> None:
    brand = Brand.objects.within(shop.workspace).get().pk
    given: dict[str, Any] = {"brand_id": brand, "kind": "pigeon", "name": "Roof", "address": "roof-1"}
    made = create_channel_account(wanjiru.actor, **given)
    change_channel_account(wanjiru.actor, made.pk, name="Attic", settings={"colour": "grey"})
    before = everything(shop.workspace)
    for actor, wrong, error in (
        (otieno.actor, {"address": "roof-2"}, Denied),
        (wanjiru.actor, {}, BadChange),
        (wanjiru.actor, {"address": ""}, TextRejected),
        (wanjiru.actor, {"name": "a\nb", "address": "roof-2"}, TextRejected),
        (
            wanjiru.actor,
            {"address": "roof-2", "brand_id": Brand.objects.within(kiosk).get().pk},
            Brand.DoesNotExist,
        ),
    ):
        with pytest.raises(error):
            create_channel_account(actor, **{**given, **wrong})
    with pytest.raises(ChannelAccount.DoesNotExist):
        change_channel_account(wanjiru.actor, open_shop(kiosk).account.pk, name="Mine")
    assert everything(shop.workspace) == before
    made.refresh_from_db()
    assert (made.name, made.settings) == ("Attic", {"colour": "grey"})
