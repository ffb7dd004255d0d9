"""Teams, brands, business hours and the company's own facts."""

from __future__ import annotations

import pytest

from conftest import KENYA, Person
from rapport.accounts import queries
from rapport.accounts.actions import (
    change_brand,
    change_calendar,
    change_team,
    change_workspace,
    create_brand,
    create_calendar,
    delete_calendar,
    disband_team,
    form_team,
    make_default_calendar,
)
from rapport.accounts.models import Brand, Calendar, Team, TeamMembership, Workspace
from rapport.accounts.refusals import NotHere, Refused
from rapport.kernel.actors import Denied
from rapport.timeline.models import Event

WEEK = {
    "zone": "Africa/Nairobi",
    "weekly": {"monday": [["08:00", "12:00"], ["14:00", "18:00"]]},
    "holidays": [],
}


def kinds(workspace: Workspace, start: str) -> list[str]:
    rows = Event.objects.within(workspace).filter(kind__startswith=start).order_by("seq")
    return [row.kind for row in rows]


def test_a_lead_forms_changes_and_disbands_a_team(amina: Person, otieno: Person) -> None:
    team = form_team(amina.actor, name="Care", department="Customer care", member_ids=[otieno.member.pk])
    change_team(amina.actor, team.pk, name="Care", department="Customer care", member_ids=[otieno.member.pk])
    assert kinds(amina.workspace, "team.") == ["team.created", "team.members_changed"]
    change_team(amina.actor, team.pk, name="Kindness", department="", member_ids=[amina.member.pk])
    told = Event.objects.within(amina.workspace).filter(kind="team.members_changed").order_by("-seq").first()
    assert told is not None and told.data["joined"] == ["Amina Hassan"]
    assert told.data["left"] == ["Otieno Odhiambo"]
    assert [row.member.name for row in queries.teams_of(amina.workspace)[0].memberships.all()] == [
        "Amina Hassan"
    ]
    disband_team(amina.actor, team.pk)
    assert not Team.objects.within(amina.workspace).exists()
    assert kinds(amina.workspace, "team.disbanded") == ["team.disbanded"]


def test_strangers_are_in_no_team(amina: Person, baraka: Person, otieno: Person) -> None:
    with pytest.raises(NotHere):
        form_team(amina.actor, name="Care", member_ids=[baraka.member.pk])
    assert not Team.objects.within(amina.workspace).exists() and not kinds(amina.workspace, "team.")
    team = form_team(amina.actor, name="Care")
    with pytest.raises(NotHere):
        change_team(baraka.actor, team.pk, name="Mine", department="", member_ids=[])
    with pytest.raises(NotHere):
        disband_team(baraka.actor, team.pk)
    with pytest.raises(Denied):
        disband_team(otieno.actor, team.pk)
    with pytest.raises(Refused):
        form_team(amina.actor, name="CARE")
    assert [row.name for row in queries.teams_of(amina.workspace)] == ["Care"]
    assert not TeamMembership.objects.within(amina.workspace).exists()


def test_brands_are_added_and_changed(wanjiru: Person, otieno: Person, baraka: Person) -> None:
    brand = create_brand(wanjiru.actor, name="Duka", accent="#AA3300")
    assert brand.slug == "duka-2" and brand.accent == "#aa3300"
    change_brand(wanjiru.actor, brand.pk, name="Shamba Fresh", accent="#aa3300")
    change_brand(wanjiru.actor, brand.pk, name="Shamba Fresh", accent="#aa3300")
    assert kinds(wanjiru.workspace, "brand.") == ["brand.created", "brand.changed"]
    for attempt in (
        lambda: change_brand(otieno.actor, brand.pk, name="No", accent="#000000"),
        lambda: change_brand(baraka.actor, brand.pk, name="No", accent="#000000"),
        lambda: change_brand(wanjiru.actor, brand.pk, name="No", accent="red;}"),
    ):
        with pytest.raises((Denied, NotHere, Refused)):
            attempt()
    assert Brand.objects.within(wanjiru.workspace).get(pk=brand.pk).name == "Shamba Fresh"


def test_business_hours_can_be_changed(wanjiru: Person, otieno: Person, baraka: Person) -> None:
    calendar = queries.default_calendar(wanjiru.workspace.pk)
    assert calendar is not None
    change_calendar(wanjiru.actor, calendar.pk, name="Shop hours", spec=WEEK)
    change_calendar(wanjiru.actor, calendar.pk, name="Shop hours", spec=WEEK)
    assert kinds(wanjiru.workspace, "calendar.") == ["calendar.changed"]
    overlapping = {**WEEK, "weekly": {"monday": [["08:00", "12:00"], ["11:00", "18:00"]]}}
    for attempt in (
        lambda: change_calendar(wanjiru.actor, calendar.pk, name="X", spec=overlapping),
        lambda: change_calendar(otieno.actor, calendar.pk, name="X", spec=WEEK),
        lambda: change_calendar(baraka.actor, calendar.pk, name="X", spec=WEEK),
        lambda: delete_calendar(wanjiru.actor, calendar.pk),
    ):
        with pytest.raises((Denied, NotHere, Refused)):
            attempt()
    calendar.refresh_from_db()
    assert calendar.name == "Shop hours" and calendar.spec["weekly"] == WEEK["weekly"]


def test_one_calendar_is_the_default(wanjiru: Person) -> None:
    first = queries.default_calendar(wanjiru.workspace.pk)
    assert first is not None
    second = create_calendar(wanjiru.actor, name="Night", spec=WEEK)
    make_default_calendar(wanjiru.actor, second.pk)
    assert queries.default_calendar(wanjiru.workspace.pk) == second
    delete_calendar(wanjiru.actor, first.pk)
    assert [row.name for row in Calendar.objects.within(wanjiru.workspace)] == ["Night"]
    with pytest.raises(Refused):
        create_calendar(wanjiru.actor, name="nIGHT", spec=WEEK)


def test_the_company_changes_its_facts(wanjiru: Person, amina: Person) -> None:
    change_workspace(wanjiru.actor, **{**KENYA, "name": "Duka la Wanjiru", "currency": "UGX"})
    told = Event.objects.within(wanjiru.workspace).get(kind="workspace.changed")
    assert told.data["changed"] == {"name": ["Duka", "Duka la Wanjiru"], "currency": ["KES", "UGX"]}
    with pytest.raises(Denied):
        change_workspace(amina.actor, **{**KENYA, "name": "Mine"})
    with pytest.raises(Refused):
        change_workspace(wanjiru.actor, **{**KENYA, "name": "Duka", "time_zone": "../etc"})
    workspace = Workspace.objects.get(pk=wanjiru.workspace.pk)
    assert (workspace.name, workspace.slug, workspace.time_zone) == (
        "Duka la Wanjiru",
        "duka",
        "Africa/Nairobi",
    )
