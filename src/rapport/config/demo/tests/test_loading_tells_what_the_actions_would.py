"""A loaded conversation is what the desk's and feedback's own actions leave when they take it down."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import pytest

from conftest import Person
from rapport.accounts.actions import form_team
from rapport.accounts.models import Calendar, Member, Team, User
from rapport.channels.chat.actions import create_site
from rapport.config.demo.loading import build
from rapport.config.demo.loading.house import HOURS
from rapport.config.demo.loading.ids import DEMO_ID
from rapport.config.demo.tests.loaded import NOW, rows
from rapport.customers.actions import add_identity, recognise
from rapport.customers.rules import Level
from rapport.desk import actions
from rapport.desk.models import ChannelAccount, Conversation, Entry, Promise
from rapport.feedback import actions as feedback
from rapport.feedback.models import Invitation, Survey
from rapport.kernel import clock
from rapport.kernel.actors import Actor, ActorKind, system
from rapport.timeline.models import Event

pytestmark = pytest.mark.django_db

# What belongs to the row itself and to its workspace.
_OWN = {"id", "workspace_id", "conversation_id", "number", "brand_id", "identity_id", "subject", "reason"}


@dataclass
class Duka:
    """Wanjiru's own company, set up to answer as the demo company does."""

    owner: Person
    account: ChannelAccount
    identity_id: uuid.UUID
    member: Member
    team: Team

    @property
    def customer(self) -> Actor:
        return Actor(self.owner.workspace.pk, ActorKind.CUSTOMER, self.identity_id)

    @property
    def agent(self) -> Actor:
        from rapport.accounts.queries import actor_for

        return actor_for(self.member)


@pytest.fixture
def duka_like_the_demo(wanjiru: Person, otieno: Person) -> Callable[[Conversation], Duka]:
    def like(loaded: Conversation) -> Duka:
        workspace = wanjiru.workspace
        Calendar.objects.within(workspace).update(spec=HOURS)
        actions.set_first_reply_policy(wanjiru.actor, minutes=60, channel="chat")
        brand_id = rows("SELECT id FROM accounts_brand WHERE workspace_id = %s", workspace.pk)[0][0]
        site = create_site(wanjiru.actor, brand_id=brand_id, name="Shop")
        assert loaded.assignee is not None and loaded.team is not None
        Member.objects.within(workspace).filter(pk=otieno.member.pk).update(name=loaded.assignee.name)
        team = form_team(wanjiru.actor, name=loaded.team.name)
        seen = recognise(
            system(workspace.pk), namespace="user_id", value="u1", level=Level.SIGNED_IN, evidence="login"
        )
        member = Member.objects.within(workspace).get(pk=otieno.member.pk)
        return Duka(wanjiru, site.account, seen.identity_id, member, team)

    return like


def a_rich_conversation() -> Conversation:
    """A loaded chat with everything in it: a note, a broken and a second promise, a reopening."""
    found = rows(
        "SELECT c.id FROM desk_conversation c WHERE c.workspace_id = %s AND c.channel = 'chat'"
        " AND c.status = 'resolved'"
        " AND EXISTS (SELECT 1 FROM desk_closure x WHERE x.conversation_id = c.id AND x.reopened_at IS NOT NULL)"
        " AND EXISTS (SELECT 1 FROM feedback_response r JOIN feedback_answer a ON a.response_id = r.id"
        "             WHERE r.subject_id = c.id AND a.text <> '')"
        " ORDER BY (SELECT count(*) FROM desk_promise p WHERE p.conversation_id = c.id AND p.outcome = 'broken')"
        " DESC, c.last_seq DESC, c.number LIMIT 1",
        DEMO_ID,
    )
    return Conversation.objects.within(DEMO_ID).select_related("assignee", "team").get(pk=found[0][0])


def take_down(loaded: Conversation, duka: Duka) -> Conversation:
    """Do in Duka, at the same moments, what the loaded conversation tells."""
    steps: list[tuple[datetime, Callable[[Conversation | None], Any]]] = []
    for entry in Entry.objects.within(DEMO_ID).filter(conversation=loaded).order_by("seq"):
        if (entry.change or {}).get("what") != "reopened":  # follows from the customer's message
            steps.append((entry.at, step_of(entry, duka)))
    for promise in Promise.objects.within(DEMO_ID).filter(conversation=loaded, outcome="broken"):
        if promise.settled_at and promise.settled_at != promise.fulfilled_at:
            steps.append((promise.settled_at, lambda _, at=promise.settled_at: actions.break_overdue(at)))
    reads = "SELECT d.changed_at FROM desk_delivery d JOIN desk_entry e ON e.id = d.entry_id"
    for (at,) in rows(f"{reads} WHERE e.conversation_id = %s AND d.state = 'read'", loaded.pk):
        steps.append((at, lambda made: look(made, duka)))
    made: Conversation | None = None
    for at, do in sorted(steps, key=lambda step: step[0]):
        with clock.frozen(at):
            do(made)
        made = Conversation.objects.within(duka.owner.workspace).order_by("-number").first()
    assert made is not None
    return made


def step_of(entry: Entry, duka: Duka) -> Callable[[Conversation | None], Any]:
    def do(made: Conversation | None) -> Any:
        if entry.direction == "in":
            key = f"chat:{duka.identity_id}:{entry.pk}"
            return actions.receive_message(
                duka.customer,
                account=duka.account,
                identity_id=duka.identity_id,
                text=entry.text,
                dedupe_key=key,
                language=entry.language,
            )
        assert made is not None
        if entry.kind == "note":
            return actions.write_note(duka.agent, made.pk, text=entry.text)
        if entry.kind == "message":
            return actions.reply(duka.agent, made.pk, text=entry.text)
        assert entry.change is not None
        if entry.change["what"] == "resolved":
            return actions.resolve(duka.agent, made.pk)
        us = system(duka.owner.workspace.pk)
        return actions.assign(us, made.pk, member_id=duka.member.pk, team_id=duka.team.pk)

    return do


def look(made: Conversation | None, duka: Duka) -> None:
    assert made is not None
    actions.collected_by_customer(
        duka.customer,
        account=duka.account,
        identity_id=duka.identity_id,
        up_to_seq=made.last_seq,
        conversation_id=made.pk,
        read=True,
    )


def told(subject_id: uuid.UUID, kinds: str) -> list[tuple[Any, ...]]:
    """The events about a conversation: everything but ids, numbers and the words of its subject."""
    found = []
    events = Event.objects.across_workspaces().filter(subject_id=subject_id, kind__regex=kinds)
    for event in events.order_by("at", "seq"):
        data = {key: value for key, value in event.data.items() if not is_own(key)}
        who = (event.actor_kind, event.actor_id is not None, event.actor_id == event.identity_id)
        shape = (event.subject_kind, event.channel, event.identity_id is not None, sorted(event.data))
        found.append((event.kind, event.at, who, shape, orjson.dumps(data, option=orjson.OPT_SORT_KEYS)))
    return found


def is_own(key: str) -> bool:
    return key in {"number", "subject", "entry", "promise", "member", "team", "invitation"}


def state(table: str, key: uuid.UUID, *, order: str) -> list[dict[str, Any]]:
    """The rows of a conversation in a table, without what differs between two companies."""
    column = "id" if table == "desk_conversation" else "conversation_id"
    own = _OWN | {"by_id", "author_id", "leg_id", "account_id", "assignee_id", "team_id", "member_id"}
    found = rows(f"SELECT to_jsonb(t) FROM {table} t WHERE {column} = %s ORDER BY {order}", key)
    kept = []
    for (row,) in found:
        values = row if isinstance(row, dict) else orjson.loads(row)
        presence = {f"has {name}": values[name] is not None for name in sorted(own) if name in values}
        values = {name: value for name, value in values.items() if name not in own | {"dedupe_key"}}
        kept.append({**values, **presence})
    return kept


def test_a_conversation_is_as_its_actions_would_have_left_it(
    duka_like_the_demo: Callable[[Conversation], Duka],
) -> None:
    build(until=NOW, scale=0.06)
    loaded = a_rich_conversation()
    made = take_down(loaded, duka_like_the_demo(loaded))
    desk = r"^(conversation|message|promise|note)\."
    assert {event[0] for event in told(loaded.pk, desk)} >= {
        "conversation.opened",
        "conversation.assigned",
        "conversation.reopened",
        "conversation.resolved",
        "message.received",
        "message.sent",
        "message.delivered",
        "promise.made",
        "promise.broken",
    }
    assert told(loaded.pk, desk) == told(made.pk, desk)
    for table, order in (
        ("desk_conversation", "id"),
        ("desk_entry", "seq"),
        ("desk_leg", "started_at"),
        ("desk_promise", "made_at"),
        ("desk_closure", "at"),
        ("desk_assignment", "at"),
    ):
        ours = state(table, loaded.pk, order=order)
        theirs = state(table, made.pk, order=order)
        if table == "desk_conversation":
            # How a matter is talked about is known when it opens; a reason is given by the simulation only.
            assert len(ours) == len(theirs) == 1
        assert ours == theirs, table


def test_an_answer_is_told_as_feedback_tells_it(duka_like_the_demo: Callable[[Conversation], Duka]) -> None:
    build(until=NOW, scale=0.06)
    loaded = a_rich_conversation()
    asked = Invitation.objects.within(DEMO_ID).select_related("response").get(subject_id=loaded.pk)
    words = rows("SELECT text FROM feedback_answer WHERE response_id = %s AND text <> ''", asked.response.pk)[
        0
    ][0]
    duka = duka_like_the_demo(loaded)
    made = take_down(loaded, duka)
    settled = (
        Event.objects.within(duka.owner.workspace)
        .filter(subject_id=made.pk, kind="conversation.resolved")
        .latest("seq")
    )
    with clock.frozen(asked.asked_at):
        theirs = feedback.ask_after_service(duka.owner.workspace.pk, settled.seq)
    assert theirs is not None
    with clock.frozen(asked.response.answered_at):
        feedback.answer(
            duka.customer,
            theirs.pk,
            identity_id=duka.identity_id,
            score=asked.response.score,
            comment=words,
        )
    assert told(loaded.pk, r"^survey\.") == told(made.pk, r"^survey\.")
    assert len(told(loaded.pk, r"^survey\.")) == 3
    assert asked.occasion.rpartition(":")[2] == theirs.occasion.rpartition(":")[2]
    assert (asked.channel, asked.language, asked.expires_at) == (
        theirs.channel,
        theirs.language,
        theirs.expires_at,
    )
    surveys = {
        survey.workspace_id: (survey.name, survey.kind, list(survey.questions.values("key", "wording")))
        for survey in Survey.objects.across_workspaces().filter(key="after-service")
    }
    assert surveys[DEMO_ID] == surveys[duka.owner.workspace.pk]


def test_meeting_a_customer_is_told_as_customers_tells_it(wanjiru: Person) -> None:
    build(until=NOW, scale=0.01)
    us = system(wanjiru.workspace.pk)
    met = recognise(us, namespace="anonymous_id", value="a1", level=Level.UNKNOWN, evidence="asserted")
    add_identity(
        us,
        met.customer_id,
        namespace="email",
        value="njeri@example.com",
        level=Level.PROVEN,
        evidence="login",
    )
    (customer,) = rows(
        "SELECT customer_id FROM customers_binding WHERE workspace_id = %s GROUP BY 1 HAVING count(*) = 2 LIMIT 1",
        DEMO_ID,
    )[0]
    ours, theirs = told(customer, "."), told(met.customer_id, ".")
    assert [(event[0], *event[2:4]) for event in ours] == [(event[0], *event[2:4]) for event in theirs]


def test_its_members_are_those_of_the_built_in_roles() -> None:
    build(until=NOW, scale=0.01)
    roles = rows(
        "SELECT r.key, count(*) FROM accounts_member m JOIN accounts_role r ON r.id = m.role_id"
        " WHERE m.workspace_id = %s GROUP BY 1",
        DEMO_ID,
    )
    assert dict(roles) == {"owner": 1, "admin": 1, "lead": 3, "agent": 11, "analyst": 1, "viewer": 1}
    assert User.objects.filter(is_superuser=True).count() == 0
