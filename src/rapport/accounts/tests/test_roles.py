"""Roles a company makes itself."""

from __future__ import annotations

import pytest

from conftest import Person
from rapport.accounts import queries
from rapport.accounts.actions import change_member_role, change_role, delete_role, invite, make_role
from rapport.accounts.models import Role, Workspace
from rapport.accounts.permissions import BUILT_IN_ROLES, UnknownPermission, known
from rapport.accounts.refusals import NotHere, Refused
from rapport.kernel.actors import Denied
from rapport.timeline.models import Event

NIGHT = ["workspace.see", "conversations.see", "conversations.reply"]


def own_roles(workspace: Workspace) -> list[str]:
    return list(Role.objects.within(workspace).filter(key="").values_list("name", flat=True))


def test_a_role_is_made_given_changed_and_deleted(wanjiru: Person, otieno: Person) -> None:
    role = make_role(wanjiru.actor, name="Night desk", permissions=NIGHT)
    change_member_role(wanjiru.actor, otieno.member.pk, role_id=role.pk)
    change_role(wanjiru.actor, role.pk, name="Night", permissions=[*NIGHT, "audit.see"])
    actor = queries.actor_of(otieno.user, "duka")
    assert actor is not None and actor.permissions == {*NIGHT, "audit.see"}
    with pytest.raises(Refused) as refused:
        delete_role(wanjiru.actor, role.pk)
    assert refused.value.code == "held" and own_roles(wanjiru.workspace) == ["Night"]
    agent = Role.objects.within(wanjiru.workspace).get(key="agent")
    change_member_role(wanjiru.actor, otieno.member.pk, role_id=agent.pk)
    delete_role(wanjiru.actor, role.pk)
    assert own_roles(wanjiru.workspace) == []
    told = list(Event.objects.within(wanjiru.workspace).filter(kind__startswith="role.").order_by("seq"))
    assert [event.kind for event in told] == ["role.created", "role.changed", "role.deleted"]
    assert told[1].data["added"] == ["audit.see"] and told[1].data["changed"] == {
        "name": ["Night desk", "Night"]
    }


def test_nobody_makes_a_role_beyond_themselves(wanjiru: Person, otieno: Person) -> None:
    keeper = make_role(wanjiru.actor, name="Keeper", permissions=["workspace.see", "roles.manage"])
    change_member_role(wanjiru.actor, otieno.member.pk, role_id=keeper.pk)
    actor = queries.actor_of(otieno.user, "duka")
    assert actor is not None
    with pytest.raises(Denied):
        make_role(actor, name="Mine", permissions=["workspace.see", "audit.see"])
    with pytest.raises(Denied):
        change_role(
            actor, keeper.pk, name="Keeper", permissions=["workspace.see", "roles.manage", "audit.see"]
        )
    assert own_roles(wanjiru.workspace) == ["Keeper"]
    keeper.refresh_from_db()
    assert keeper.permissions == ["roles.manage", "workspace.see"]


def test_nobody_takes_from_a_role_what_they_lack(wanjiru: Person, otieno: Person) -> None:
    auditors = make_role(wanjiru.actor, name="Auditors", permissions=["workspace.see", "audit.see"])
    keeper = make_role(wanjiru.actor, name="Keeper", permissions=["workspace.see", "roles.manage"])
    change_member_role(wanjiru.actor, otieno.member.pk, role_id=keeper.pk)
    actor = queries.actor_of(otieno.user, "duka")
    assert actor is not None
    with pytest.raises(Denied):
        change_role(actor, auditors.pk, name="Auditors", permissions=["workspace.see"])
    with pytest.raises(Denied):
        delete_role(actor, auditors.pk)
    auditors.refresh_from_db()
    assert auditors.permissions == ["audit.see", "workspace.see"]


def test_built_in_roles_stay_as_they_are(wanjiru: Person) -> None:
    agent = Role.objects.within(wanjiru.workspace).get(key="agent")
    for attempt in (
        lambda: change_role(wanjiru.actor, agent.pk, name="Agent", permissions=["workspace.see"]),
        lambda: delete_role(wanjiru.actor, agent.pk),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "built_in"
    agent.refresh_from_db()
    assert set(agent.permissions) == BUILT_IN_ROLES["agent"]


def test_a_role_needs_known_permissions_and_a_name(wanjiru: Person) -> None:
    with pytest.raises(UnknownPermission):
        make_role(wanjiru.actor, name="X", permissions=["no.such"])
    for name, permissions in (
        ("", NIGHT),
        ("Agent", NIGHT),
        ("aGENT", NIGHT),
        ("X", []),
        ("X", ["workspace.own"]),
    ):
        with pytest.raises(Refused):
            make_role(wanjiru.actor, name=name, permissions=permissions)
    assert own_roles(wanjiru.workspace) == []


def test_a_role_somebody_is_invited_to_stays(wanjiru: Person) -> None:
    role = make_role(wanjiru.actor, name="Night", permissions=NIGHT)
    invite(wanjiru.actor, email="fatuma@example.com", role_id=role.pk)
    with pytest.raises(Refused) as refused:
        delete_role(wanjiru.actor, role.pk)
    assert refused.value.code == "invited" and own_roles(wanjiru.workspace) == ["Night"]


def test_another_companys_role_is_not_here(wanjiru: Person, baraka: Person) -> None:
    role = make_role(wanjiru.actor, name="Night", permissions=NIGHT)
    with pytest.raises(NotHere):
        change_role(baraka.actor, role.pk, name="Mine", permissions=NIGHT)
    with pytest.raises(NotHere):
        delete_role(baraka.actor, role.pk)
    assert own_roles(wanjiru.workspace) == ["Night"]


@pytest.mark.parametrize("permission", sorted(known))
def test_only_roles_that_hold_a_permission_have_it(
    permission: str,
    wanjiru: Person,
    daniel: Person,
    amina: Person,
    otieno: Person,
    zawadi: Person,
    viewer: Person,
    baraka: Person,
) -> None:
    cast = {
        "owner": wanjiru,
        "admin": daniel,
        "lead": amina,
        "agent": otieno,
        "analyst": zawadi,
        "viewer": viewer,
    }
    for key, person in cast.items():
        actor = queries.actor_of(person.user, "duka")
        assert actor is not None
        assert actor.may(permission) == (permission in BUILT_IN_ROLES[key]), f"{key} and {permission}"
    assert queries.actor_of(baraka.user, "duka") is None
