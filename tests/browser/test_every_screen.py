"""Every screen in both themes and at phone width: axe-core has nothing to say and nothing sticks out."""

from __future__ import annotations

import pytest

from tests.browsing import complaints, overflow

_LIFE = """
workspace = Workspace.objects.get(slug={slug!r})
from datetime import timedelta
from rapport.customers import actions as customers
from rapport.desk.models import ChannelAccount
from rapport.feedback import actions as feedback
from rapport.kernel import clock
from rapport.timeline.models import Event
account = ChannelAccount.objects.within(workspace).get(kind="chat")
wanjiru = accounts_queries.actor_for(Member.objects.within(workspace).select_related("role").get(name="Wanjiru Kamau"))
talks = [("Achieng Atieno", "Iko wapi?"), ("", "hi"), ("María Fernández", "¿Y mi pedido?"), ("Kamau", "Asante!")]
for index, (name, words) in enumerate(talks):
    known = dict(namespace="email", value=f"c{{index}}@{slug}.example", level=1, evidence="chat", name=name)
    found = customers.recognise(system(workspace.pk), **known)
    customer = Actor(workspace.pk, ActorKind.CUSTOMER, found.identity_id, name)
    at = clock.now() - timedelta(minutes=40 - index)
    said = dict(text=words, dedupe_key=f"life{{index}}", at=at)
    received = desk.receive_message(customer, account=account, identity_id=found.identity_id, **said)
    if index > 1:
        desk.reply(wanjiru, received.conversation_id, text="On its way. See https://duka.example/track")
        desk.write_note(wanjiru, received.conversation_id, text="Second late delivery this month")
    if index == 3:
        desk.resolve(wanjiru, received.conversation_id)
        seq = Event.objects.within(workspace).filter(kind="conversation.resolved").latest("seq").seq
        invitation = feedback.ask_after_service(workspace.pk, seq)
        feedback.answer(customer, invitation.pk, identity_id=found.identity_id, score=5, comment="Quick and kind")
    customer_id = found.customer_id
result = str(customer_id)
"""

SCREENS = [
    "inbox/",
    "inbox/?tab=resolved",
    "inbox/?view=mine",
    "conversations/1/",
    "conversations/4/",
    "customers/",
    "customers/{customer}/",
    "pulse/",
    "feedback/",
    "feedback/?kind=nps",
    "promises/?outcome=kept",
    "settings/",
    "settings/members/",
    "settings/teams/",
    "settings/roles/",
    "settings/brands/",
    "settings/hours/",
    "settings/company/",
    "settings/first-reply/",
    "settings/roles/new/",
    "settings/hours/new/",
    "settings/channels/",
    "settings/keys/",
    "settings/audit/",
    "settings/account/",
]
OUTSIDE = ["/design/", "/workspaces/", "/sign-in/2fa/", "/sign-in/password/change/", "/sign-in/sessions/"]


@pytest.fixture(scope="module")
def lively(installation, new_company):
    company = new_company("Duka")
    return company, installation.run(_LIFE.format(slug=company.slug))


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (390, False), (390, True)])
def test_no_screen_shuts_anybody_out(lively, sign_in, width, dark, tmp_path):
    company, customer = lively
    page = sign_in(company.email("wanjiru"), width=width, height=840, dark=dark)
    found = {}
    for screen in [*(f"/w/{company.slug}/{path}" for path in SCREENS), *OUTSIDE]:
        answer = page.goto(screen.format(customer=customer))
        assert answer.status == 200, screen
        page.wait_for_timeout(150)
        if faults := complaints(page):
            found[screen] = faults
        if wide := overflow(page):
            found.setdefault(screen, []).append(f"sticks out by {wide} px")
    assert found == {}
