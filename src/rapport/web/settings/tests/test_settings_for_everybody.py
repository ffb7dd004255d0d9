"""Every settings screen in a browser: nothing for axe to say, no sideways scrolling, light and dark."""

from __future__ import annotations

import pytest
from pytest_django.live_server_helper import LiveServer

from conftest import PASSWORD, Person
from rapport.accounts.actions import form_team, invite, issue_api_key, make_role, suspend
from rapport.accounts.queries import brands_of, default_calendar, roles_of
from rapport.channels.chat.sites import create_site
from tests.browsing import PHONE, WIDE, chromium, complaints, overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("size", "theme"), [(WIDE, "dark"), (PHONE, "light")], ids=["wide", "phone"])
def test_every_screen_can_be_used_by_everybody(
    live_server: LiveServer,
    wanjiru: Person,
    otieno: Person,
    daniel: Person,
    size: dict[str, int],
    theme: str,
) -> None:
    actor = wanjiru.actor
    invite(actor, email="fatuma@example.com", role_id=roles_of(actor)[3].pk)
    team = form_team(actor, name="Care", member_ids=[otieno.member.pk])
    role = make_role(actor, name="Night desk", permissions=["workspace.see"])
    issue_api_key(actor, name="Till", permissions=["workspace.see"])
    suspend(actor, daniel.member.pk)
    site = create_site(actor, brand_id=brands_of(actor)[0].pk, name="Web shop")
    calendar = default_calendar(actor.workspace_id)
    assert calendar is not None
    screens = [
        *("account", "company", "members", "teams", f"teams/{team.pk}", "roles", "roles/new"),
        *(f"roles/{role.pk}", "brands", "hours", "hours/new", f"hours/{calendar.pk}", "first-reply"),
        *("channels", f"channels/{site.pk}", "keys", "audit"),
    ]
    with chromium() as browser:
        page = browser.new_context(viewport=size, color_scheme=theme).new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.goto(f"{live_server.url}/sign-in/login/")
        page.get_by_label("Email").fill(wanjiru.user.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda address: "/sign-in/" not in address)
        said.clear()  # what the first screen says is another test's
        wrong = []
        for screen in screens:
            page.goto(f"{live_server.url}/w/duka/settings/{screen}/")
            wrong += [f"{screen} {each}" for each in complaints(page)]
            wrong += [f"{screen} is too wide"] if overflow(page) else []
        assert wrong == [] and said == []
