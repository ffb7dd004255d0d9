"""Roles of members, and taking access away."""

from __future__ import annotations

import uuid

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from conftest import Person
from rapport.accounts import queries
from rapport.accounts.actions import change_member_role, describe_oneself, reinstate, suspend
from rapport.accounts.models import Member, Role, Workspace
from rapport.accounts.refusals import NotHere, Refused
from rapport.kernel.actors import Denied
from rapport.timeline.models import Event


def role(workspace: Workspace, key: str) -> uuid.UUID:
    return Role.objects.within(workspace).get(key=key).pk


def held(person: Person) -> str:
    return Member.objects.within(person.workspace).select_related("role").get(pk=person.member.pk).role.key


def test_a_role_holds_with_the_next_request(wanjiru: Person, otieno: Person) -> None:
    change_member_role(wanjiru.actor, otieno.member.pk, role_id=role(wanjiru.workspace, "lead"))
    actor = queries.actor_of(otieno.user, "duka")
    assert actor is not None and actor.may("teams.manage")
    told = Event.objects.within(wanjiru.workspace).get(kind="member.role_changed")
    assert told.data["changed"] == {"role": ["Agent", "Team lead"]}
    change_member_role(wanjiru.actor, otieno.member.pk, role_id=role(wanjiru.workspace, "lead"))
    assert Event.objects.within(wanjiru.workspace).filter(kind="member.role_changed").count() == 1


def test_an_admin_neither_makes_nor_unmakes_owners(daniel: Person, wanjiru: Person, otieno: Person) -> None:
    with pytest.raises(Denied):
        change_member_role(daniel.actor, otieno.member.pk, role_id=role(daniel.workspace, "owner"))
    with pytest.raises(Denied):
        change_member_role(daniel.actor, daniel.member.pk, role_id=role(daniel.workspace, "owner"))
    with pytest.raises(Denied):
        change_member_role(daniel.actor, wanjiru.member.pk, role_id=role(daniel.workspace, "viewer"))
    with pytest.raises(Denied):
        suspend(daniel.actor, wanjiru.member.pk)
    assert (held(otieno), held(daniel), held(wanjiru)) == ("agent", "admin", "owner")
    assert queries.actor_of(wanjiru.user, "duka") is not None


def test_the_last_owner_stays(wanjiru: Person, otieno: Person) -> None:
    with pytest.raises(Refused) as refused:
        change_member_role(wanjiru.actor, wanjiru.member.pk, role_id=role(wanjiru.workspace, "admin"))
    assert refused.value.code == "last_owner" and held(wanjiru) == "owner"
    with pytest.raises(Refused):
        suspend(wanjiru.actor, wanjiru.member.pk)
    change_member_role(wanjiru.actor, otieno.member.pk, role_id=role(wanjiru.workspace, "owner"))
    change_member_role(wanjiru.actor, wanjiru.member.pk, role_id=role(wanjiru.workspace, "admin"))
    assert (held(otieno), held(wanjiru)) == ("owner", "admin")


def test_a_suspended_owner_does_not_count_as_one(wanjiru: Person, otieno: Person) -> None:
    change_member_role(wanjiru.actor, otieno.member.pk, role_id=role(wanjiru.workspace, "owner"))
    suspend(wanjiru.actor, otieno.member.pk)
    with pytest.raises(Refused):
        change_member_role(wanjiru.actor, wanjiru.member.pk, role_id=role(wanjiru.workspace, "viewer"))
    assert held(wanjiru) == "owner"


def test_suspension_ends_every_session_at_once(wanjiru: Person, otieno: Person) -> None:
    key = otieno.client.session.session_key
    UserSession.objects.create(user=otieno.user, session_key=key, ip="127.0.0.1")
    suspend(wanjiru.actor, otieno.member.pk)
    assert not Session.objects.filter(session_key=key).exists()
    assert not UserSession.objects.filter(user=otieno.user).exists()
    assert queries.actor_of(otieno.user, "duka") is None


def test_a_reinstated_member_has_the_role_they_had(wanjiru: Person, otieno: Person) -> None:
    suspend(wanjiru.actor, otieno.member.pk)
    suspend(wanjiru.actor, otieno.member.pk)
    reinstate(wanjiru.actor, otieno.member.pk)
    reinstate(wanjiru.actor, otieno.member.pk)
    actor = queries.actor_of(otieno.user, "duka")
    assert actor is not None and actor.permissions == otieno.actor.permissions
    kinds = (
        Event.objects.within(wanjiru.workspace)
        .filter(kind__startswith="member.")
        .values_list("kind", flat=True)
    )
    assert sorted(kinds) == ["member.reinstated", "member.suspended"]


def test_nobody_suspends_themselves(daniel: Person) -> None:
    with pytest.raises(Refused) as refused:
        suspend(daniel.actor, daniel.member.pk)
    assert refused.value.code == "oneself"
    assert queries.actor_of(daniel.user, "duka") is not None


def test_strangers_cannot_touch_members(baraka: Person, otieno: Person) -> None:
    with pytest.raises(NotHere):
        suspend(baraka.actor, otieno.member.pk)
    with pytest.raises(NotHere):
        change_member_role(baraka.actor, otieno.member.pk, role_id=role(baraka.workspace, "viewer"))
    with pytest.raises(NotHere):
        change_member_role(baraka.actor, baraka.member.pk, role_id=role(otieno.workspace, "viewer"))
    assert held(otieno) == "agent" and held(baraka) == "owner"
    assert queries.actor_of(otieno.user, "duka") is not None


def test_members_say_what_they_are_called(otieno: Person) -> None:
    describe_oneself(otieno.actor, name="Otieno O.", language="sw", theme="dark")
    seat = queries.seat_of(otieno.user, "duka")
    assert seat is not None and (seat.name, seat.language, seat.theme) == ("Otieno O.", "sw", "dark")
    for bad in ({"name": ""}, {"language": "tlh"}, {"theme": "neon"}, {"name": "a\u202eb"}):
        with pytest.raises(Refused):
            describe_oneself(otieno.actor, **{"name": "X", "language": "en", "theme": "", **bad})
    assert queries.seat_of(otieno.user, "duka") == seat
