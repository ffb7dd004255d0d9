"""The network goes and comes: every message arrives once, in the order written."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Faults

_REPLY = """
from rapport.desk.models import Conversation
conversation = Conversation.objects.across_workspaces().filter(workspace__slug={slug!r}).latest("opened_at")
member = Member.objects.across_workspaces().filter(workspace__slug={slug!r}, name__startswith="Otieno").get()
desk.reply(accounts_queries.actor_for(member), conversation.pk, text={text!r})
"""
_WRITTEN = """
from rapport.desk.models import Entry
rows = Entry.objects.across_workspaces().filter(workspace__slug={slug!r}, kind="message")
result = list(rows.order_by("conversation__opened_at", "seq").values_list("text", flat=True))
"""


def _open(page: Page, site: str) -> None:
    page.goto(f"/widget/chat?site={site}&lang=en")
    page.wait_for_selector("html[data-ready]", state="attached")


def _say(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Write a message").fill(text)
    page.keyboard.press("Enter")


def _forgive_the_network(faults: Faults) -> None:
    """A browser reports each request it could not make; here they are the point."""
    faults.said[:] = [said for said in faults.said if not said.startswith("Failed to load resource")]


def _shown(page: Page) -> list[str]:
    return page.locator("#list .text").all_inner_texts()


def test_a_minute_without_network_loses_and_doubles_nothing(
    installation, new_company, open_context, faults
) -> None:
    duka = new_company("Duka")
    context = open_context(width=390, height=760)
    page = context.new_page()
    _open(page, duka.site)
    _say(page, "one")
    expect(page.locator("#list .mine time")).to_have_count(1)
    expect(page.locator("#list .state")).to_have_count(0)

    context.set_offline(True)
    for text in ("two", "three", "four"):
        _say(page, text)
    expect(page.locator("#list .state")).to_have_count(3)
    expect(page.locator("#offline")).to_contain_text("No connection")
    # Meanwhile somebody answers; nobody is there to hear it.
    installation.run(_REPLY.format(slug=duka.slug, text="reply"))
    assert installation.run(_WRITTEN.format(slug=duka.slug)) == ["one", "reply"]

    context.set_offline(False)
    expect(page.locator("#list .state")).to_have_count(0)
    expect(page.locator("#list .ours .text")).to_have_text(["reply"])
    expect(page.locator("#offline")).to_have_text("")
    assert installation.run(_WRITTEN.format(slug=duka.slug)) == ["one", "reply", "two", "three", "four"]
    assert _shown(page) == ["one", "reply", "two", "three", "four"]
    _forgive_the_network(faults)


def test_an_answer_that_got_lost_on_the_way_back_makes_no_second_copy(
    installation, new_company, open_context, faults
) -> None:
    duka = new_company("Duka")
    page = open_context().new_page()
    _open(page, duka.site)
    lost: list[str] = []

    def swallow(route: Route) -> None:
        if route.request.method == "POST" and len(lost) < 2:
            route.fetch()  # the server takes the message, the browser never learns of it
            lost.append(route.request.post_data or "")
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/widget/api/messages*", swallow)
    for text in ("one", "two", "three"):
        _say(page, text)
    expect(page.locator("#list .mine .text")).to_have_text(["one", "two", "three"])
    expect(page.locator("#list .state")).to_have_count(0)
    assert len(lost) == 2
    assert installation.run(_WRITTEN.format(slug=duka.slug)) == ["one", "two", "three"]
    assert _shown(page) == ["one", "two", "three"]
    _forgive_the_network(faults)


def test_what_was_written_offline_survives_a_closed_browser_tab(
    installation, new_company, open_context, faults
) -> None:
    duka = new_company("Duka")
    context = open_context()
    page = context.new_page()
    _open(page, duka.site)
    _say(page, "one")
    expect(page.locator("#list .state")).to_have_count(0)
    page.route("**/widget/api/**", lambda route: route.abort())
    _say(page, "two")
    _say(page, "three")
    expect(page.locator("#list .state")).to_have_count(2)
    page.close()
    again = context.new_page()
    _open(again, duka.site)
    expect(again.locator("#list .mine .text")).to_have_text(["one", "two", "three"])
    expect(again.locator("#list .state")).to_have_count(0)
    assert installation.run(_WRITTEN.format(slug=duka.slug)) == ["one", "two", "three"]
    _forgive_the_network(faults)


def test_two_tabs_of_one_visitor_show_the_same_talk(installation, new_company, open_context) -> None:
    duka = new_company("Duka")
    context = open_context()
    first = context.new_page()
    _open(first, duka.site)
    _say(first, "from the first")
    expect(first.locator("#list .state")).to_have_count(0)
    second = context.new_page()
    _open(second, duka.site)
    expect(second.locator("#list .text")).to_have_text(["from the first"])
    _say(second, "from the second")
    expect(first.locator("#list .text")).to_have_text(["from the first", "from the second"])
    installation.run(_REPLY.format(slug=duka.slug, text="to both"))
    for page in (first, second):
        expect(page.locator("#list .text")).to_have_text(["from the first", "from the second", "to both"])


def test_a_message_the_server_refuses_is_kept_for_its_writer(
    installation, new_company, open_context, faults
) -> None:
    duka = new_company("Duka")
    page = open_context().new_page()
    _open(page, duka.site)
    _say(page, "a bell \x07 rings")
    failed = page.locator("#list .failed")
    expect(failed).to_contain_text("a bell")
    expect(failed.get_by_role("button", name="Try again")).to_be_visible()
    _say(page, "the next one goes through")
    expect(page.locator("#list .state")).to_have_count(1)
    failed.get_by_role("button", name="Edit").click()
    box = page.get_by_role("textbox", name="Write a message")
    expect(box).to_be_focused()
    assert "a bell" in box.input_value()
    _say(page, "a bell rings")
    expect(page.locator("#list .failed")).to_have_count(0)
    expect(page.locator("#list .state")).to_have_count(0)
    written: Any = installation.run(_WRITTEN.format(slug=duka.slug))
    assert written == ["the next one goes through", "a bell rings"]
    _forgive_the_network(faults)
