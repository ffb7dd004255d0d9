"""What conversations repeat of their entries and records is true for every one of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from rapport.accounts.models import Calendar
from rapport.config.demo.contacts import REPLY_LIMIT
from rapport.config.demo.loading import Built
from rapport.config.demo.loading.ids import DEMO_ID
from rapport.config.demo.people import CHANNELS
from rapport.config.demo.tests.loaded import NOW, loaded_company, rows
from rapport.customers.models import Identity
from rapport.customers.rules import normal_form
from rapport.desk.models import Conversation, Entry, Promise
from rapport.desk.rules import first_reply_due, preview

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Built]:
    with django_db_blocker.unblock(), loaded_company(scale=0.12) as made:
        yield made


def test_every_constraint_holds(built: Built) -> None:
    connection.check_constraints()


def test_the_summary_of_every_conversation_follows_from_its_entries(built: Built) -> None:
    entries: dict[object, list[Entry]] = {}
    for entry in Entry.objects.within(DEMO_ID).order_by("conversation_id", "seq"):
        entries.setdefault(entry.conversation_id, []).append(entry)
    conversations = list(Conversation.objects.within(DEMO_ID))
    assert len(conversations) == built.rows["desk_conversation"] == len(entries)
    for row in conversations:
        mine = entries[row.pk]
        messages = [entry for entry in mine if entry.kind == "message"]
        assert [entry.seq for entry in mine] == list(range(1, len(mine) + 1))
        assert [entry.at for entry in mine] == sorted(entry.at for entry in mine)
        assert row.last_seq == len(mine)
        assert row.last_entry_at == [entry.at for entry in mine if entry.kind != "change"][-1]
        assert row.last_preview == (preview(messages[-1].text) if messages else "")
        assert row.last_author_kind == (messages[-1].author_kind if messages else "")
        assert row.last_customer_seq == max((e.seq for e in messages if e.direction == "in"), default=0)
        assert row.opened_at == mine[0].at <= mine[-1].at <= NOW
        out = [entry.at for entry in messages if entry.direction == "out"]
        called = [entry.at for entry in mine[:1] if entry.kind == "note"]
        assert row.first_replied_at == min([*out, *called], default=None)
        assert (row.status, row.waiting_since) == status_after(mine)


def status_after(entries: list[Entry]) -> tuple[str, object]:
    status, since = "open", entries[0].at
    for entry in entries:
        what = (entry.change or {}).get("what")
        if what == "resolved":
            status, since = "resolved", None
        elif entry.direction == "out":
            status, since = "waiting", None
        elif entry.direction == "in" or what == "reopened":
            status, since = "open", since or entry.at
    return status, since


def test_records_agree_with_the_present_state(built: Built) -> None:
    wrong = {
        "a resolved one has a closure in force, others have none": """
            SELECT c.number FROM desk_conversation c LEFT JOIN desk_closure x
            ON x.conversation_id = c.id AND x.reopened_at IS NULL
            WHERE c.workspace_id = %s AND (c.resolved_at IS DISTINCT FROM x.at
              OR (x.id IS NOT NULL AND x.member_id IS DISTINCT FROM c.assignee_id))""",
        "the newest assignment is the present one": """
            SELECT c.number FROM desk_conversation c CROSS JOIN LATERAL (SELECT * FROM desk_assignment a
              WHERE a.conversation_id = c.id ORDER BY at DESC LIMIT 1) a
            WHERE c.workspace_id = %s AND (a.team_id <> c.team_id
              OR (a.member_id IS NOT NULL AND a.member_id <> c.assignee_id))""",
        "the next deadline is that of the open promise": """
            SELECT c.number FROM desk_conversation c WHERE c.workspace_id = %s AND c.next_deadline_at
              IS DISTINCT FROM (SELECT min(due_at) FROM desk_promise p
                                WHERE p.conversation_id = c.id AND p.outcome = 'open')""",
        "every message out has a delivery, and nothing else has": """
            SELECT e.seq FROM desk_entry e LEFT JOIN desk_delivery d ON d.entry_id = e.id
            WHERE e.workspace_id = %s AND (e.kind = 'message' AND e.direction = 'out') <> (d.id IS NOT NULL)""",
        "every identity that did something was seen then": """
            SELECT i.value FROM customers_identity i JOIN timeline_event e ON e.identity_id = i.id
            WHERE i.workspace_id = %s AND e.actor_kind = 'customer' AND e.kind <> 'survey.answered'
              AND e.kind <> 'survey.commented' AND (e.at < i.first_seen_at OR e.at > i.last_seen_at)""",
    }
    for what, statement in wrong.items():
        assert rows(statement, DEMO_ID) == [], what


def test_promises_count_business_time_and_are_settled_as_it_happened(built: Built) -> None:
    hours = Calendar.objects.within(DEMO_ID).get(is_default=True).hours()
    limits = dict(zip(CHANNELS, (int(limit) or 240 for limit in REPLY_LIMIT), strict=True))
    promises = list(Promise.objects.within(DEMO_ID).select_related("conversation"))
    assert {promise.outcome for promise in promises} == {"open", "kept", "broken"}
    for promise in promises:
        within = timedelta(minutes=limits[promise.conversation.channel])
        # Our hours end when the desk closes, the simulation's begin again then: the same instant of work.
        assert hours.between(
            promise.due_at, first_reply_due(promise.made_at, within=within, calendar=hours)
        ) < (timedelta(seconds=1))
        if promise.outcome == "kept":
            assert promise.settled_at == promise.fulfilled_at
            assert promise.settled_at is not None and promise.settled_at <= promise.due_at
        elif promise.outcome == "broken":
            assert promise.settled_at is not None
            late = promise.settled_at - promise.due_at
            assert timedelta(0) < late <= timedelta(minutes=1)
            assert promise.fulfilled_at is None or promise.fulfilled_at >= promise.settled_at
        else:
            assert promise.due_at.replace(second=0) + timedelta(minutes=1) > NOW


def test_the_log_tells_every_entry_and_record(built: Built) -> None:
    told = dict(rows("SELECT kind, count(*) FROM timeline_event WHERE workspace_id = %s GROUP BY 1", DEMO_ID))
    stands = {
        "conversation.opened": "desk_conversation",
        "conversation.assigned": "desk_assignment",
        "conversation.resolved": "desk_closure",
        "conversation.reopened": "desk_closure WHERE reopened_at IS NOT NULL",
        "message.received": "desk_entry WHERE kind = 'message' AND direction = 'in'",
        "message.sent": "desk_entry WHERE kind = 'message' AND direction = 'out'",
        "note.written": "desk_entry WHERE kind = 'note'",
        "promise.made": "desk_promise",
        "promise.kept": "desk_promise WHERE outcome = 'kept'",
        "promise.broken": "desk_promise WHERE outcome = 'broken'",
        "survey.invited": "feedback_invitation",
        "survey.answered": "feedback_response",
        "survey.commented": "feedback_answer WHERE text <> ''",
        "customer.met": "customers_customer",
    }
    for kind, table in stands.items():
        assert rows(f"SELECT count(*) FROM {table}") == [(told[kind],)], kind
    assert rows("SELECT count(*) FROM timeline_event WHERE recorded_at <> at") == [(0,)]
    assert rows("SELECT max(at) <= %s FROM timeline_event", NOW) == [(True,)]


def test_the_log_stands_in_the_order_of_time(built: Built) -> None:
    out_of_order = (
        "SELECT count(*) FROM (SELECT at, lag(at) OVER (ORDER BY seq) AS before FROM timeline_event) e"
    )
    assert rows(f"{out_of_order} WHERE at < before") == [(0,)]


def test_numbers_follow_the_order_of_opening_without_gaps(built: Built) -> None:
    numbers = [row[0] for row in rows("SELECT number FROM desk_conversation ORDER BY opened_at, number")]
    assert numbers == list(range(1001, 1001 + len(numbers)))
    assert rows("SELECT last FROM desk_conversationnumber WHERE workspace_id = %s", DEMO_ID) == [
        (numbers[-1],)
    ]


def test_identities_stand_in_their_normal_form(built: Built) -> None:
    for identity in Identity.objects.within(DEMO_ID):
        assert identity.value == normal_form(identity.namespace, identity.value)
    unknown = "SELECT count(*) FROM customers_identity i WHERE NOT EXISTS (SELECT 1 FROM customers_binding b"
    assert rows(f"{unknown} WHERE b.identity_id = i.id)")[0][0] > 300
