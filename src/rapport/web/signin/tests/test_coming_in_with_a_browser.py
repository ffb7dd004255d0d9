"""Owner link, invitation, passkeys and authenticator apps in a real browser, under the content policy."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from pytest_django.live_server_helper import LiveServer

from conftest import PASSWORD, Person
from rapport.accounts.actions import invite, owner_link
from rapport.accounts.models import Member, Role, User
from tests.browsing import PHONE, WIDE, chromium, complaints, overflow

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def watched(context: BrowserContext) -> tuple[Page, list[str]]:
    """A page, and everything its console complains about."""
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return page, said


def with_authenticator(context: BrowserContext, page: Page) -> None:
    """A virtual platform authenticator that holds passkeys and says yes."""
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in(page: Page, server: str, email: str) -> None:
    page.goto(f"{server}/sign-in/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda address: "/sign-in/login/" not in address)


def step_up(page: Page, address: str) -> None:
    """Open a page that asks for the password once more, whoever holds the session."""
    page.goto(address)
    assert "/sign-in/reauthenticate/" in page.url
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url(address)


def test_the_first_owner_comes_in_by_the_link(live_server: LiveServer) -> None:
    link = owner_link()
    with chromium() as browser:
        context = browser.new_context(locale="en-KE", timezone_id="Africa/Kampala", viewport=PHONE)
        page, said = watched(context)
        page.goto(f"{live_server.url}{link}")
        assert page.get_by_label("Time zone").input_value() == "Africa/Kampala", (
            "the browser knows where it is"
        )
        assert page.get_by_label("Country").input_value() == "UG"
        assert complaints(page) == [] and overflow(page) == 0
        page.get_by_label("Your name").fill("Wanjiru Kariuki")
        page.get_by_label("Email").fill("wanjiru@example.com")
        page.get_by_label("Company").fill("Duka")
        page.get_by_label("Password").fill("1234567890")
        page.get_by_role("button", name="Begin").click()
        assert page.get_by_label("Company").input_value() == "Duka", "a weak password costs nothing else"
        assert complaints(page) == []
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Begin").click()
        page.wait_for_url(re.compile("/w/duka/"))
        assert said == [
            "Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)"
        ]
    assert Member.objects.across_workspaces().get().workspace.currency == "UGX"


def test_a_colleague_comes_in_by_invitation(live_server: LiveServer, wanjiru: Person) -> None:
    agent = Role.objects.within(wanjiru.workspace).get(key="agent")
    invited = invite(wanjiru.actor, email="fatuma@example.com", role_id=agent.pk)
    with chromium() as browser:
        page, said = watched(browser.new_context(viewport=WIDE))
        page.goto(f"{live_server.url}{invited.path}")
        assert complaints(page) == []
        page.get_by_label("Your name").fill("Fatuma Ali")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Join").click()
        page.wait_for_url(re.compile("/w/duka/"))
        assert said == []
    assert Member.objects.within(wanjiru.workspace).filter(user__email="fatuma@example.com").exists()


def test_a_passkey_is_added_and_signs_in_without_a_password(live_server: LiveServer, otieno: Person) -> None:
    with chromium() as browser:
        context = browser.new_context(viewport=WIDE)
        page, said = watched(context)
        with_authenticator(context, page)
        sign_in(page, live_server.url, otieno.user.email)
        step_up(page, f"{live_server.url}/sign-in/2fa/webauthn/add/")
        assert complaints(page) == []
        page.get_by_label("Passwordless").check()
        page.get_by_role("button", name="Add").click()
        page.wait_for_url(re.compile("/sign-in/2fa/"))
        assert Authenticator.objects.filter(user=otieno.user, type="webauthn").count() == 1
        context.clear_cookies()
        page.goto(f"{live_server.url}/sign-in/login/?next=/w/duka/settings/account/")
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.wait_for_url(re.compile("/w/duka/settings/account/"))
        assert said == []


def test_an_authenticator_app_asks_for_its_code(live_server: LiveServer, otieno: Person) -> None:
    with chromium() as browser:
        context = browser.new_context(viewport=WIDE)
        page, said = watched(context)
        sign_in(page, live_server.url, otieno.user.email)
        step_up(page, f"{live_server.url}/sign-in/2fa/totp/activate/")
        assert complaints(page) == []
        secret = page.get_by_label("Authenticator secret").input_value()
        page.get_by_label(re.compile("code", re.I)).last.fill(code_of(secret))
        page.get_by_role("button", name="Activate").click()
        page.wait_for_url(re.compile("/sign-in/2fa/recovery-codes/|/sign-in/2fa/$"))
        stored = Authenticator.objects.get(user=otieno.user, type="totp").data["secret"]
        assert stored.startswith("r1:") and secret not in stored, "kept encrypted"
        context.clear_cookies()
        sign_in(page, live_server.url, otieno.user.email)
        page.wait_for_url(re.compile("/sign-in/2fa/authenticate/"))
        assert complaints(page) == []
        page.get_by_label(re.compile("code", re.I)).first.fill("000000")
        page.get_by_role("button", name="Sign In").click()
        assert page.get_by_text("Incorrect code").is_visible()
        cache.clear()  # allauth remembers there which codes were used, and takes none twice
        page.get_by_label(re.compile("code", re.I)).first.fill(code_of(secret))
        page.get_by_role("button", name="Sign In").click()
        page.wait_for_url(re.compile("/w/duka/"))
        assert said == []


def code_of(secret: str) -> str:
    """The six digits an authenticator app would show (RFC 6238)."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_every_page_about_signing_in_can_be_used_by_everybody(
    live_server: LiveServer, otieno: Person, theme: str, size: dict[str, int]
) -> None:
    outside = ["login/", "password/reset/", "password/reset/done/", "signup/", "password/reset/key/x-y/"]
    inside = [
        "password/change/",
        "2fa/",
        "2fa/totp/activate/",
        "2fa/webauthn/add/",
        "2fa/webauthn/",
        "sessions/",
        "logout/",
        "reauthenticate/",
    ]
    with chromium() as browser:
        context = browser.new_context(viewport=size, color_scheme=theme)
        page = context.new_page()
        wrong = []
        for address in [
            "/welcome/nothing/",
            "/invitation/nothing/",
            *[f"/sign-in/{each}" for each in outside],
        ]:
            page.goto(f"{live_server.url}{address}")
            wrong += [f"{address} {each}" for each in complaints(page)]
            wrong += [f"{address} is too wide"] if overflow(page) else []
        sign_in(page, live_server.url, otieno.user.email)
        page.wait_for_url(re.compile("/w/duka/"))
        step_up(page, f"{live_server.url}/sign-in/2fa/totp/activate/")
        for address in inside:
            page.goto(f"{live_server.url}/sign-in/{address}")
            wrong += [f"{address} {each}" for each in complaints(page)]
            wrong += [f"{address} is too wide"] if overflow(page) else []
        assert wrong == []
    assert User.objects.filter(pk=otieno.user.pk, is_active=True).exists()
