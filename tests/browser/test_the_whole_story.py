"""The first story of the product: a visitor writes, an agent answers live, the score moves Pulse."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from conftest import PASSWORD


def _chat(page: Page, site: str) -> None:
    page.goto(f"/widget/chat?site={site}&lang=en")


def test_a_matter_goes_from_the_widget_to_pulse(installation, new_company, open_context, sign_in, faults):
    duka = new_company("Duka")
    kiosk = new_company("Kiosk")
    visitor = open_context(width=390, height=760).new_page()
    _chat(visitor, duka.site)
    agent = sign_in(duka.email("otieno"))
    stranger = sign_in(kiosk.email("wanjiru"))
    agent.goto(f"/w/{duka.slug}/inbox/")
    stranger.goto(f"/w/{kiosk.slug}/inbox/")
    expect(agent.get_by_text("Nobody is waiting")).to_be_visible()

    # The visitor writes; the agent sees it arrive without doing anything.
    visitor.get_by_role("textbox").fill("Habari, where is order KE-1042?")
    visitor.keyboard.press("Enter")
    row = agent.locator("#rows .row")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("where is order KE-1042?")
    expect(row).to_contain_text(re.compile(r"in \d+ (min|h|d)"))
    expect(agent.locator("#announcer")).to_contain_text("where is order KE-1042?")

    # By keyboard: open, answer. The promise is kept, the visitor gets the words.
    agent.keyboard.press("j")
    agent.keyboard.press("Enter")
    expect(agent.locator("#log")).to_contain_text("where is order KE-1042?")
    expect(agent.locator("#context")).to_contain_text("What we owe")
    agent.keyboard.press("r")
    agent.keyboard.type("It reaches you before noon.")
    agent.keyboard.press("Control+Enter")
    expect(visitor.get_by_role("log")).to_contain_text("It reaches you before noon.")
    expect(agent.locator("#log")).to_contain_text("kept")

    # The visitor answers while the agent types: nothing typed is lost, the focus stays.
    agent.keyboard.press("Escape")
    agent.keyboard.press("n")
    agent.keyboard.type("Friendly customer")
    visitor.get_by_role("textbox").fill("Asante sana!")
    visitor.keyboard.press("Enter")
    expect(agent.locator("#log")).to_contain_text("Asante sana!")
    expect(agent.locator("#composer-text")).to_have_value("Friendly customer")
    expect(agent.locator("#composer-text")).to_be_focused()
    agent.keyboard.press("Control+Enter")
    expect(agent.locator("#log .entry-note")).to_contain_text("Friendly customer")

    # Resolved; the visitor is asked and answers with one tap and a few words.
    agent.locator("#log").focus()
    agent.keyboard.press("e")
    expect(agent.locator(".toast")).to_contain_text("Resolved")
    visitor.get_by_role("button", name=re.compile("Very good")).click()
    comment = visitor.get_by_role("textbox", name=re.compile("What should we know"))
    comment.fill("Quick and kind")
    visitor.locator("form", has=comment).get_by_role("button").click()
    expect(visitor.locator("body")).to_contain_text("Thank")

    # The answer stands on the customer's timeline and in Pulse, with its n.
    agent.goto(f"/w/{duka.slug}/inbox/?tab=resolved")
    agent.locator("#rows .row a").click()
    agent.locator("#context h2 a").click()
    expect(agent.locator("#timeline")).to_contain_text("Gave 5 of 5")
    expect(agent.locator("#timeline")).to_contain_text("Quick and kind")
    agent.goto(f"/w/{duka.slug}/pulse/")
    expect(agent.locator("#measure-csat")).to_contain_text("100%")
    expect(agent.locator("#measure-csat")).to_contain_text("n = 1")
    expect(agent.locator("#measure-promises_kept")).to_contain_text("100%")
    agent.locator("#measure-csat .measure-value").click()
    expect(agent.locator("#answers")).to_contain_text("Quick and kind")

    # The visitor never sees what members say among themselves; the stranger sees nothing at all.
    expect(visitor.get_by_role("log")).not_to_contain_text("Friendly customer")
    expect(stranger.locator("#rows .row")).to_have_count(0)
    faults.said.clear()  # the refusals below are the point
    assert stranger.goto(f"/w/{duka.slug}/inbox/").status == 404
    assert stranger.goto(f"/w/{duka.slug}/conversations/1/").status == 404
    faults.said.clear()


def test_two_agents_see_each_other_and_a_stale_reply_is_held(new_company, open_context, sign_in, faults):
    duka = new_company("Duka")
    visitor = open_context(width=390).new_page()
    _chat(visitor, duka.site)
    visitor.get_by_role("textbox").fill("Was I charged twice?")
    visitor.keyboard.press("Enter")
    otieno, amina = sign_in(duka.email("otieno")), sign_in(duka.email("amina"))
    for page in (otieno, amina):
        page.goto(f"/w/{duka.slug}/conversations/1/")
    expect(otieno.locator("#presence [aria-label='Amina Hassan']")).to_be_visible()
    expect(amina.locator("#presence [aria-label='Otieno Odhiambo']")).to_be_visible()

    # The customer writes after the page was read; the reply is held and the text kept.
    otieno.route("**/thread/", lambda route: route.abort())
    visitor.get_by_role("textbox").fill("Never mind, I found it")
    visitor.keyboard.press("Enter")
    expect(amina.locator("#log")).to_contain_text("Never mind")
    otieno.fill("#composer-text", "Yes, twice, sorry")
    otieno.keyboard.press("Control+Enter")
    expect(otieno.locator("#composer-stale")).to_be_visible()
    expect(otieno.locator("#composer-text")).to_have_value("Yes, twice, sorry")
    otieno.unroute("**/thread/")
    otieno.get_by_role("button", name="Send anyway").click()
    expect(otieno.locator("#log")).to_contain_text("Yes, twice, sorry")
    expect(otieno.locator("#log .entry-out")).to_have_count(1)
    faults.said.clear()  # the cut connection and the held reply are reported by the browser as failures


def test_a_newcomer_becomes_owner_through_the_printed_link(installation, open_context):
    page = open_context().new_page()
    path = installation.run("result = accounts.owner_link()")
    if path is None:  # another story of this worker made a company first
        installation_has_owner = installation.run("result = Workspace.objects.count()")
        assert installation_has_owner > 0
        return
    page.goto(path)
    page.fill("input[name=name]", "Njeri Wambui")
    page.fill("input[name=email]", "njeri@first.example")
    page.fill("input[name=password]", PASSWORD)
    page.fill("input[name=company]", "Njeri Fabrics")
    page.get_by_role("button").last.click()
    page.wait_for_url("**/w/**")
