"""A walk over every address of the installation as a stranger: no page of Duka opens, and nothing changes.

Addresses come from the resolver, so a new page is covered the moment it has an address. Where one needs a
value (a conversation's number, a customer's id) it gets one of Duka's own.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from conftest import Person, Served
from rapport.accounts.actions import form_team, invite, issue_api_key, make_role
from rapport.accounts.models import Role, Workspace
from rapport.accounts.queries import brands_of, default_calendar
from rapport.channels.chat.sites import create_site
from rapport.desk.actions import receive_message, write_note
from rapport.desk.queries import conversation_id
from rapport.feedback.actions import set_up_after_service_survey
from rapport.kernel.actors import system
from rapport.timeline.models import Event

METHODS = ("get", "post", "put", "patch", "delete")
# Addresses that are meant for everybody; each says itself what it shows.
PUBLIC = re.compile(
    r"^/(sign-in|widget|static|welcome|invitation|design)(/|$)|^/api/v1/openapi\.json$|^/live/"
)
# Words that stand only in Duka; whatever a stranger is answered must not contain them.
MARKS = ("Wambui Njeri", "wambui@example.com", "+254712345678", "paprika-7731", "Night desk", "Duka's own")


@dataclass(frozen=True)
class Address:
    """One route of the resolver with Duka's values in it."""

    route: str
    path: str


@pytest.fixture
def values(wanjiru: Person, otieno: Person, wambui: Served) -> dict[str, list[str]]:
    """Something real of Duka for every converter and parameter name."""
    actor = wanjiru.actor
    site = create_site(actor, brand_id=brands_of(actor)[0].pk, name="Duka's own")
    received = receive_message(
        system(actor.workspace_id),
        account=site.account,
        identity_id=wambui.phone_id,
        text="My paprika-7731 has not come",
        dedupe_key="1",
    )
    write_note(otieno.actor, received.conversation_id, text="paprika-7731: call the driver")
    team = form_team(actor, name="Duka's own", member_ids=[otieno.member.pk])
    role = make_role(actor, name="Night desk", permissions=["workspace.see"])
    agent = Role.objects.within(actor).get(key="agent")
    invited = invite(actor, email="fatuma@example.com", role_id=agent.pk)
    key = issue_api_key(actor, name="Duka's own", permissions=["workspace.see"])
    survey = set_up_after_service_survey(actor.workspace_id)
    calendar = default_calendar(actor.workspace_id)
    assert calendar is not None and conversation_id(actor, 1) == received.conversation_id
    rows = [
        site,
        team,
        role,
        invited.invitation,
        key.key,
        survey,
        calendar,
        otieno.member,
        brands_of(actor)[0],
    ]
    return {
        "slug": ["duka"],
        "int": ["1"],
        "uuid": [
            str(wambui.customer_id),
            str(wambui.phone_id),
            str(received.conversation_id),
            *[str(row.pk) for row in rows],
        ],
        "str": ["x"],
    }


def routes(patterns: list[Any], before: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every full route as (text, converters)."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.pattern.converters


def addresses(values: dict[str, list[str]]) -> Iterator[Address]:
    """Every address, once for each value that its last parameter can have."""
    for route, _converters in routes(get_resolver().url_patterns):
        path = re.sub(r"<slug:slug>", "duka", route)
        path = re.sub(r"<int:\w+>|<number>", "1", path)
        path = re.sub(r"<(\w+_id)>", r"<uuid:\1>", path)
        path = re.sub(r"<(?:str:)?\w+>", "x", path)
        path = re.sub(r"\(\?P<[^>]+>[^)]*\)", "x", path).replace("^", "").replace("$", "").replace("\\", "")
        if "<" not in path:
            yield Address(route, f"/{path}")
            continue
        for value in values["uuid"]:
            yield Address(route, "/" + re.sub(r"<uuid:\w+>", value, path))


def everything_of(workspace: Workspace) -> list[tuple[Any, ...]]:
    """Every event of the company: each change would have left one."""
    return list(Event.objects.within(workspace).order_by("seq").values_list("seq", "kind", "data"))


def answers(client: Client, address: Address) -> Iterator[tuple[str, Any]]:
    for method in METHODS:
        yield method, getattr(client, method)(address.path, headers={"Rapport-Workspace": "duka"})


def closed(address: Address, response: Any) -> bool:
    """Whether an answer shows nothing: gone, refused, not like that, or “sign in first”."""
    if PUBLIC.search(address.path) or not _of_duka(address):
        return True
    to_sign_in = response.status_code == 302 and response["Location"].startswith("/sign-in/login/")
    return to_sign_in or response.status_code in {401, 403, 404, 405, 422}


def _of_duka(address: Address) -> bool:
    """Addresses without anything of Duka's in them (the list of one's own workspaces) open for anybody."""
    return "/duka" in address.path or "<" in address.route


def leaks(response: Any) -> list[str]:
    if getattr(response, "streaming", False):
        return []
    body = response.content.decode("utf-8", "replace")
    return [mark for mark in MARKS if mark in body]


def test_the_walk_reaches_the_pages_it_is_about(values: dict[str, list[str]]) -> None:
    paths = {address.path for address in addresses(values)}
    assert len(paths) > 80
    assert {"/w/duka/settings/audit/", "/w/duka/inbox/", "/api/v1/conversations/1"} <= paths


def test_the_walk_notices_an_open_door(values: dict[str, list[str]], wanjiru: Person) -> None:
    """The same eyes, looking through the owner's: else a blind walk would always be content."""
    seen = [
        address.path
        for address in addresses(values)
        for response in [wanjiru.client.get(address.path)]
        if not closed(address, response) and leaks(response)
    ]
    assert {"/w/duka/settings/roles/", "/w/duka/inbox/"} <= set(seen)


@pytest.mark.parametrize("who", ["nobody", "baraka"])
def test_no_page_of_duka_opens_for(
    who: str, values: dict[str, list[str]], duka: Workspace, baraka: Person
) -> None:
    """Baraka is signed in, as the owner of another company; nobody is not."""
    client = baraka.client if who == "baraka" else Client()
    client.raise_request_exception = False
    before = everything_of(duka)
    wrong = []
    for address in addresses(values):
        if who == "baraka" and address.path.startswith("/sign-in/logout"):
            continue
        for method, response in answers(client, address):
            if not closed(address, response) or response.status_code >= 500 or leaks(response):
                wrong.append(f"{method} {address.path}: {response.status_code} {leaks(response)}")
    assert wrong == []
    assert everything_of(duka) == before


ROLES = ("wanjiru", "daniel", "amina", "otieno", "zawadi", "viewer")


@pytest.mark.parametrize("who", ROLES)
def test_every_page_answers_without_breaking_for(
    who: str, values: dict[str, list[str]], request: pytest.FixtureRequest
) -> None:
    """Whatever a role may or may not open, it gets an answer and no broken page."""
    client = request.getfixturevalue(who).client
    client.raise_request_exception = False
    broken = []
    for address in addresses(values):
        if address.path.startswith(("/sign-in/", "/static/")):
            continue
        response = client.get(address.path)
        if response.status_code >= 500:
            broken.append(f"{address.path}: {response.status_code}")
    assert broken == []


@pytest.mark.parametrize(
    ("who", "screens"),
    [
        ("viewer", {"account"}),
        ("zawadi", {"account"}),
        ("otieno", {"account"}),
        ("amina", {"account", "teams"}),
        (
            "daniel",
            {
                *("account", "company", "members", "teams", "roles", "brands", "hours"),
                *("first-reply", "channels", "keys", "audit"),
            },
        ),
    ],
)
def test_settings_open_by_role(who: str, screens: set[str], request: pytest.FixtureRequest) -> None:
    client = request.getfixturevalue(who).client
    all_screens = (
        *("account", "company", "members", "teams", "roles", "brands", "hours"),
        *("first-reply", "channels", "keys", "audit"),
    )
    opened = {name for name in all_screens if client.get(f"/w/duka/settings/{name}/").status_code == 200}
    assert opened == screens


def test_an_id_of_nothing_is_not_found(wanjiru: Person) -> None:
    for screen in ("teams", "roles", "hours", "channels"):
        assert wanjiru.client.get(f"/w/duka/settings/{screen}/{uuid.uuid4()}/").status_code == 404
