"""The widget as customers meet it: on somebody's page, by keyboard, on a phone, signed in, without script."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from tests.browsing import complaints

_SETTLE = """
from rapport.desk.models import Conversation
from rapport.feedback.actions import ask_after_service
from rapport.timeline.models import Event
conversation = Conversation.objects.across_workspaces().filter(workspace__slug={slug!r}).latest("opened_at")
member = Member.objects.across_workspaces().filter(workspace__slug={slug!r}, name__startswith="Otieno").get()
actor = accounts_queries.actor_for(member)
desk.write_note(actor, conversation.pk, text="SECRET")
desk.reply(actor, conversation.pk, text="It comes tomorrow")
desk.resolve(actor, conversation.pk)
settled = Event.objects.within(conversation.workspace_id).filter(kind="conversation.resolved").latest("seq")
ask_after_service(conversation.workspace_id, settled.seq)
"""
_CUSTOMERS = """
from rapport.desk.models import Conversation
found = Conversation.objects.across_workspaces().filter(workspace__slug={slug!r})
result = found.values("identity").distinct().count()
"""
_ALLOW = """
from rapport.channels.chat.actions import change_site
from rapport.channels.chat.queries import site_by_key
site = site_by_key({key!r})
change_site(system(site.workspace_id), site.pk, origins=[{origin!r}])
"""
_JWT = """
from rapport.channels.chat.claims import sign
from rapport.channels.chat.queries import site_by_key
site = site_by_key({key!r})
result = sign({{"sub": "akinyi-7", "name": "Akinyi Ouma"}}, audience=site.key, secret=site.secret)
"""
_POLICY = "default-src 'none'; script-src {url}; connect-src {url}; frame-src {url}; style-src 'none'; img-src data:"
_HOST = """<!DOCTYPE html><html lang="en"><head><title>Shop</title><link rel="icon" href="data:,"></head><body>
<h1>A shop</h1><button>Buy</button>
<script async src="{url}/widget/loader.js" data-site="{key}"></script></body></html>"""


@dataclass(frozen=True)
class Host:
    """Another company's web server: one page, under the content policy that our documentation asks for."""

    origin: str
    page: dict[str, bytes]

    def embeds(self, url: str, key: str) -> None:
        self.page["body"] = _HOST.format(url=url, key=key).encode()
        self.page["policy"] = _POLICY.format(url=url).encode()


@pytest.fixture
def host() -> Iterator[Host]:
    page: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Security-Policy", page["policy"].decode())
            self.end_headers()
            self.wfile.write(page["body"])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    # Not localhost: that is where Rapport runs, and this must be another site.
    yield Host(f"http://127.0.0.1:{server.server_address[1]}", page)
    server.shutdown()
    server.server_close()


def test_it_stands_on_a_foreign_page_and_is_used_by_keyboard_alone(
    installation, new_company, open_context, host
) -> None:
    duka = new_company("Duka")
    installation.run(_ALLOW.format(key=duka.site, origin=host.origin))
    host.embeds(installation.url, duka.site)
    page = open_context().new_page()
    page.goto(host.origin)
    launcher = page.get_by_role("button", name="Chat with us")
    expect(launcher).to_be_visible()
    assert page.locator("iframe").count() == 0  # nothing is loaded before somebody wants it
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    chat = page.frame_locator("rapport-chat iframe")
    box = chat.get_by_role("textbox", name="Write a message")
    expect(box).to_be_focused()
    page.keyboard.type("Habari")
    page.keyboard.press("Enter")
    expect(chat.locator("#list .mine .text")).to_have_text(["Habari"])
    expect(chat.locator("#list .state")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("rapport-chat iframe")).to_be_hidden()
    expect(page.get_by_role("button", name="Chat with us")).to_be_focused()

    # An answer while it is closed shows on the button; the question is there when it opens.
    installation.run(_SETTLE.format(slug=duka.slug))
    expect(page.get_by_role("button", name="Chat with us, 1 unread")).to_be_visible()
    page.keyboard.press("Enter")
    expect(chat.locator("#list .ours .text")).to_have_text(["It comes tomorrow"])
    score = chat.get_by_role("button", name=re.compile("5 Very good"))
    score.focus()
    page.keyboard.press("Enter")
    expect(score).to_have_attribute("aria-pressed", "true")
    expect(score).to_be_focused()
    expect(chat.get_by_text("SECRET")).to_have_count(0)

    # On the next page of the shop the talk goes on, also where the browser denies frames a storage.
    page.reload()
    page.get_by_role("button", name=re.compile("^Chat with us")).click()
    expect(chat.locator("#list .text")).to_have_text(["Habari", "It comes tomorrow"])
    assert installation.run(_CUSTOMERS.format(slug=duka.slug)) == 1


def test_a_page_that_is_not_named_gets_no_chat(installation, new_company, open_context, host, faults) -> None:
    duka = new_company("Duka")
    host.embeds(installation.url, duka.site)
    page = open_context().new_page()
    with page.expect_console_message(lambda message: "does not stand on" in message.text):
        page.goto(host.origin)
    assert page.locator("rapport-chat").count() == 0
    frame = page.evaluate(
        """url => new Promise(done => {
             document.addEventListener('securitypolicyviolation', () => done('policy'));
             const frame = document.createElement('iframe');
             frame.src = url; frame.onload = () => done('loaded'); document.body.append(frame);
           })""",
        f"{installation.url}/widget/chat?site={duka.site}",
    )
    assert frame == "loaded"  # browsers load an error page in its place
    assert page.frames[1].url.startswith("chrome-error:")
    faults.said.clear()


def test_a_signed_in_customer_is_recognised_and_forgotten_again(
    installation, new_company, open_context, host
) -> None:
    duka = new_company("Duka")
    installation.run(_ALLOW.format(key=duka.site, origin=host.origin))
    host.embeds(installation.url, duka.site)
    page = open_context().new_page()
    page.goto(host.origin)
    page.get_by_role("button", name="Chat with us").click()
    chat = page.frame_locator("rapport-chat iframe")
    chat.get_by_role("textbox").fill("Before I signed in")
    page.keyboard.press("Enter")
    expect(chat.locator("#list .state")).to_have_count(0)
    token = installation.run(_JWT.format(key=duka.site))
    with page.expect_response("**/widget/api/sessions") as answered:
        page.evaluate("jwt => window.rapport('identify', jwt)", token)
    assert answered.value.json()["level"] == 3
    expect(chat.locator("#list .mine .text")).to_have_text(["Before I signed in"])
    chat.get_by_role("textbox").fill("After")
    page.keyboard.press("Enter")
    expect(chat.locator("#list .mine .text")).to_have_text(["Before I signed in", "After"])
    expect(chat.locator("#list .state")).to_have_count(0)
    names = f"""
from rapport.desk.queries import inbox
from rapport.accounts.queries import actor_for
member = Member.objects.across_workspaces().filter(workspace__slug={duka.slug!r}).first()
result = [row.customer for row in inbox(actor_for(member)).rows]
"""
    assert installation.run(names) == ["Akinyi Ouma"]
    page.evaluate("() => window.rapport('forget')")
    expect(chat.locator("#list .msg")).to_have_count(0)


def test_without_script_it_is_a_form(installation, new_company, open_context) -> None:
    duka = new_company("Duka")
    page = open_context(width=390, height=760, java_script_enabled=False).new_page()
    page.goto(f"/widget/form/{duka.site}?lang=en")
    page.get_by_label("Your message").fill("Habari 🙏")
    page.get_by_label("Your name (optional)").fill("Wambui")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Habari 🙏")).to_be_visible()
    installation.run(_SETTLE.format(slug=duka.slug))
    page.get_by_role("link", name="Look for an answer").click()
    expect(page.get_by_text("It comes tomorrow")).to_be_visible()
    expect(page.get_by_text("SECRET")).to_have_count(0)
    page.get_by_role("button", name=re.compile("4 Good")).click()
    page.get_by_label("What should we know? (optional)").fill("Quick and kind")
    page.get_by_role("button", name="Send").first.click()
    expect(page.get_by_text("How did we do?")).to_have_count(0)
    # The chat page itself is such a form as well.
    page.goto(f"/widget/chat?site={duka.site}&lang=en")
    page.get_by_role("textbox", name="Write a message").fill("From the frame")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("From the frame")).to_be_visible()


@pytest.mark.parametrize(("language", "dark"), [("en", False), ("en", True), ("ar", False), ("ar", True)])
def test_axe_has_nothing_to_say(installation, new_company, open_context, faults, language, dark) -> None:
    duka = new_company("Duka")
    page = open_context(width=390, height=760, dark=dark).new_page()
    page.goto(f"/widget/chat?site={duka.site}&lang={language}")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.locator("#text").fill("https://duka.example/order/7")
    page.keyboard.press("Enter")
    expect(page.locator("#list .state")).to_have_count(0)
    page.locator("#text").fill("\x07")
    page.keyboard.press("Enter")
    expect(page.locator("#list .failed .choices")).to_be_visible()
    installation.run(_SETTLE.format(slug=duka.slug))
    page.locator(".score").nth(3).click()
    expect(page.locator("#comment")).to_be_visible()
    assert complaints(page) == []
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, textarea')]
             .filter(one => one.offsetParent).map(one => one.getBoundingClientRect())
             .filter(box => box.height < 44 || box.width < 44).length"""
    )
    assert small == 0
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0
    page.goto(f"/widget/form/{duka.site}?lang={language}")
    assert complaints(page) == []
    # The refused bell above is what the browser reports.
    faults.said[:] = [said for said in faults.said if "status of 422" not in said]


def test_the_demo_shop_is_clean_in_both_themes(installation, new_company, open_context, faults) -> None:
    new_company("Duka")
    for dark in (False, True):
        page = open_context(dark=dark).new_page()
        page.goto("/widget/shop?lang=en")
        expect(page.get_by_role("button", name="Chat with us")).to_be_visible()
        assert complaints(page) == []


def test_on_a_phone_the_keyboard_stays_in_the_chat_that_covers_the_screen(
    installation, new_company, open_context, host, faults
) -> None:
    duka = new_company("Duka")
    installation.run(_ALLOW.format(key=duka.site, origin=host.origin))
    host.embeds(installation.url, duka.site)
    page = open_context(width=390, height=760).new_page()
    page.goto(host.origin)
    page.wait_for_function("() => window.rapport && window.rapport.isReady")
    page.evaluate("() => window.rapport('open')")
    page.frame_locator("iframe").get_by_role("textbox").wait_for()
    for key in ["Tab"] * 8 + ["Shift+Tab"] * 8:
        page.keyboard.press(key)
        assert page.evaluate("() => document.activeElement.tagName") == "RAPPORT-CHAT", key
    page.evaluate("() => window.rapport('close')")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("() => document.activeElement.tagName") == "BUTTON"
