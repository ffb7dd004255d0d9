"""What a new workspace has from its first minute."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from conftest import KENYA, Person, Served
from rapport.accounts import queries
from rapport.accounts.actions import create_workspace, sync_built_in_roles
from rapport.accounts.models import Brand, Role, Workspace
from rapport.accounts.permissions import BUILT_IN_ROLES, known
from rapport.timeline.models import Event


def test_it_has_every_built_in_role(duka: Workspace) -> None:
    roles = {role.key: set(role.permissions) for role in Role.objects.within(duka)}
    assert roles == BUILT_IN_ROLES
    assert roles["owner"] == set(known)
    assert roles["owner"] - roles["admin"] == {"workspace.own"}


def test_it_has_a_brand_hours_and_an_event(duka: Workspace, wanjiru: Person) -> None:
    assert Brand.objects.within(duka).get().name == "Duka"
    calendar = queries.default_calendar(duka.pk)
    assert calendar is not None
    hours = calendar.hours()
    assert hours.is_open(datetime(2026, 11, 23, 5, 0, tzinfo=UTC)), "Monday 8:00 in Nairobi"
    assert not hours.is_open(datetime(2026, 11, 22, 9, 0, tzinfo=UTC)), "Sunday"
    event = Event.objects.within(duka).get(kind="workspace.created")
    assert event.actor_id == wanjiru.member.pk and event.data["name"] == "Duka"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Duka", "duka-2"),
        ("Admin", "admin-2"),
        ("杜卡", "company"),
        ("Café Ñandú!", "cafe-nandu"),
        ("W", "w-2"),
    ],
)
def test_its_address_is_free_and_not_reserved(wanjiru: Person, name: str, slug: str) -> None:
    workspace, _owner = create_workspace(wanjiru.user, name=name, **KENYA)
    assert workspace.slug == slug


def test_a_name_of_any_length_gets_an_address(wanjiru: Person) -> None:
    first, _ = create_workspace(wanjiru.user, name="x" * 120, **KENYA)
    second, _ = create_workspace(wanjiru.user, name="x" * 120, **KENYA)
    assert first.slug != second.slug and len(second.slug) <= 60


def test_a_member_is_found_by_one_statement(
    otieno: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        actor = queries.actor_of(otieno.user, "duka")
    assert actor is not None and actor.id == otieno.member.pk
    assert actor.may("conversations.reply") and not actor.may("members.manage")


def test_a_stranger_is_nobody_here(duka: Workspace, baraka: Person) -> None:
    assert queries.actor_of(baraka.user, "duka") is None
    assert queries.actor_of(baraka.user, "no-such-company") is None
    assert [workspace.slug for workspace in queries.workspaces_of(baraka.user)] == ["kiosk"]


def test_an_upgrade_brings_the_built_in_roles_in_line(duka: Workspace, kiosk: Workspace) -> None:
    Role.objects.within(duka).filter(key="agent").update(permissions=["workspace.see", "gone.by"])
    Role.objects.within(kiosk).filter(key="analyst").delete()
    Role.objects.within(kiosk).create(workspace=kiosk, name="ANALYST", permissions=["workspace.see"])
    assert sync_built_in_roles() == 2
    assert set(Role.objects.within(duka).get(key="agent").permissions) == BUILT_IN_ROLES["agent"]
    assert Role.objects.within(kiosk).get(key="analyst").name == "Analyst (Rapport)"
    told = Event.objects.within(duka).get(kind="role.changed")
    assert told.data["removed"] == ["gone.by"] and told.actor_kind == "system"
    assert sync_built_in_roles() == 0


def test_the_cast_is_in_place(wambui: Served, amina: Person, viewer: Person) -> None:
    assert wambui.phone_id != wambui.email_id
    assert [member.name for member in queries.members_of(amina.workspace)] == [
        "Amina Hassan",
        "Thomas Lindqvist",
        "Wanjiru Kariuki",
    ]
