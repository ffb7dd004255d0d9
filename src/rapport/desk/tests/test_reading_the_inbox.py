"""Lists and threads: quick by the index, complete over pages, and blind to other companies."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from conftest import Person
from rapport.accounts.models import Brand, Workspace
from rapport.customers.queries import customer_of
from rapport.desk import queries
from rapport.desk.actions import assign, mark_read, reply, resolve, snooze, write_note
from rapport.desk.models import Conversation, Entry, Promise
from rapport.desk.tests.cast import MONDAY_NOON, Shop, open_shop
from rapport.kernel.actors import Denied
from rapport.kernel.clock import FrozenClock
from rapport.timeline.partitions import ensure_at
from rapport.timeline.queries import customer_timeline

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def make(shop: Shop, n: int, **more: Any) -> list[Conversation]:
    """Rows straight into the table, many with the same moment."""
    rows = [
        Conversation(
            workspace=shop.workspace,
            number=number,
            brand_id=shop.account.brand_id,
            identity_id=shop.identity_id,
            channel="pigeon",
            **{"opened_at": MONDAY_NOON, "waiting_since": MONDAY_NOON, "last_entry_at": MONDAY_NOON, **more},
        )
        for number in range(1000, 1000 + n)
    ]
    return Conversation.objects.bulk_create(rows)


def walk(person: Person, limit: int, **which: str) -> list[uuid.UUID]:
    seen: list[uuid.UUID] = []
    cursor = ""
    while True:
        page = queries.inbox(person.actor, cursor=cursor, limit=limit, **which)  # type: ignore[arg-type]
        seen += [row.id for row in page.rows]
        if not (cursor := page.next_cursor):
            return seen


@pytest.mark.parametrize(
    "more",
    [{}, {"status": "waiting", "waiting_since": None}, {"status": "resolved", "resolved_at": MONDAY_NOON}],
)
def test_paging_loses_and_doubles_nothing_at_equal_moments(
    more: dict[str, Any], shop: Shop, otieno: Person
) -> None:
    made = make(shop, 23, **more)
    later = make_one(shop, 2000, **more)
    seen = walk(otieno, 4, tab=str(more.get("status", "open")))
    assert len(seen) == len(set(seen)) == 24
    assert set(seen) == {row.pk for row in made} | {later.pk}
    assert seen[-1 if not more else 0] == later.pk  # the longest waiting first, or the latest first


def make_one(shop: Shop, number: int, **more: Any) -> Conversation:
    at = MONDAY_NOON + HOUR
    given = {"opened_at": at, "waiting_since": at, "last_entry_at": at, **more}
    return Conversation.objects.create(
        workspace=shop.workspace, number=number, brand_id=shop.account.brand_id, identity_id=shop.identity_id,
        channel="pigeon", **given,
    )  # fmt: skip


@pytest.mark.parametrize("cursor", ["x", "~", "2026~", "2026-11-02~x", "'; DROP TABLE x", "\x00~\x00"])
def test_a_cursor_that_is_not_ours_begins_at_the_start(cursor: str, shop: Shop, otieno: Person) -> None:
    make(shop, 2)
    assert len(queries.inbox(otieno.actor, cursor=cursor).rows) == 2


def test_views_and_tabs_hold_what_they_say(
    shop: Shop, otieno: Person, amina: Person, noon: FrozenClock
) -> None:
    shops = [open_shop(shop.workspace, phone=f"07220001{n:02}") for n in range(5)]
    keys = [each.write().conversation_id for each in shops]
    assign(amina.actor, keys[0], member_id=otieno.member.pk)
    assign(amina.actor, keys[1], member_id=amina.member.pk)
    reply(otieno.actor, keys[2], text="Soon")
    snooze(otieno.actor, keys[3], until=MONDAY_NOON + HOUR)
    resolve(otieno.actor, keys[4])

    def ids(**which: str) -> set[uuid.UUID]:
        return set(walk(otieno, 50, **which))

    assert ids() == {keys[0], keys[1]}
    assert ids(view="mine") == {keys[0]} and ids(view="unassigned") == set()
    assert ids(tab="waiting") == {keys[2]} and ids(tab="snoozed") == {keys[3]}
    assert ids(tab="resolved") == ids(tab="resolved", view="mine") == {keys[4]}
    assert ids(tab="nonsense") == ids()
    noon.advance(31 * HOUR / 60)
    assert queries.counts(otieno.actor) == queries.Counts(mine=1, unassigned=0, all=2, overdue=2)
    line = queries.row(otieno.actor, 1)
    assert line is not None and line.assignee == "Otieno Odhiambo"
    assert queries.belongs(line, otieno.actor, view="mine", tab="open")
    assert not queries.belongs(line, amina.actor, view="mine", tab="open")
    assert not queries.belongs(line, otieno.actor, view="unassigned", tab="open")
    assert not queries.belongs(line, otieno.actor, view="all", tab="waiting")


def test_strangers_read_nothing(shop: Shop, baraka: Person, otieno: Person) -> None:
    key = shop.write().conversation_id
    customer = customer_of(otieno.actor, shop.identity_id)
    assert customer is not None
    actor = baraka.actor
    assert queries.inbox(actor).rows == []
    assert queries.counts(actor) == queries.Counts(0, 0, 0, 0)
    assert queries.row(actor, 1) is queries.thread(actor, 1) is queries.conversation_id(actor, 1) is None
    assert queries.answering_identity(actor, key) is None
    assert queries.conversations_of(actor, customer.pk) == queries.open_promises(actor, customer.pk) == []
    assert queries.numbers_of(actor, [key]) == {}
    assert queries.promises(actor, outcome="open", since=MONDAY_NOON, until=MONDAY_NOON + HOUR).rows == []
    for read in (queries.inbox, queries.counts):
        with pytest.raises(Denied):
            read(shop.customer)
    with pytest.raises(Denied):
        queries.thread(shop.customer, 1)


def test_a_thread_shows_its_latest_lines_and_takes_five_statements(
    shop: Shop, otieno: Person, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(queries, "THREAD_SIZE", 3)
    key = shop.write("1").conversation_id
    reply(otieno.actor, key, text="2")
    write_note(otieno.actor, key, text="3")
    shop.write("4")
    reply(otieno.actor, key, text="5")
    with django_assert_num_queries(5):
        thread = queries.thread(otieno.actor, 1)
    assert thread is not None and thread.earlier
    assert [entry.text for entry in thread.entries] == ["3", "4", "5"]
    assert set(thread.deliveries) == {thread.entries[-1].pk}
    assert [promise.outcome for promise in thread.promises] == ["kept"]
    before = queries.thread(otieno.actor, 1, before_seq=thread.entries[0].seq)
    assert before is not None and not before.earlier
    assert [entry.text for entry in before.entries] == ["1", "2"]
    after = queries.thread(otieno.actor, 1, after_seq=4)
    assert after is not None and [entry.text for entry in after.entries] == ["5"]
    mark_read(otieno.actor, key, seq=5)
    read = queries.thread(otieno.actor, 1)
    assert read is not None and read.seen_seq == 4
    assert queries.answering_identity(otieno.actor, key) == shop.identity_id


def test_lists_take_the_same_statements_however_long(
    shop: Shop, otieno: Person, django_assert_num_queries: Any
) -> None:
    make(shop, 60)
    customer = customer_of(otieno.actor, shop.identity_id)
    assert customer is not None
    shop.write()
    with django_assert_num_queries(1):
        assert len(queries.inbox(otieno.actor).rows) == 50
    with django_assert_num_queries(1):
        queries.counts(otieno.actor)
    with django_assert_num_queries(1):
        assert len(queries.conversations_of(otieno.actor, customer.pk)) == 20
    with django_assert_num_queries(1):
        assert len(queries.open_promises(otieno.actor, customer.pk)) == 1
    with django_assert_num_queries(1):
        assert customer_timeline(otieno.actor, customer.pk).events


def test_promises_are_paged_without_loss(shop: Shop, otieno: Person) -> None:
    for row in make(shop, 7):
        Promise.objects.create(
            workspace=shop.workspace, conversation=row, identity_id=shop.identity_id, kind="first_reply",
            made_at=MONDAY_NOON, due_at=MONDAY_NOON + HOUR,
        )  # fmt: skip
    seen: list[uuid.UUID] = []
    cursor = ""
    while True:
        page = queries.promises(
            otieno.actor, outcome="open", since=MONDAY_NOON, until=MONDAY_NOON + HOUR, cursor=cursor, limit=3
        )
        seen += [promise.pk for promise in page.rows]
        if not (cursor := page.next_cursor):
            break
    assert len(seen) == len(set(seen)) == 7


def test_a_timeline_is_paged_without_loss_at_equal_moments(shop: Shop, otieno: Person) -> None:
    shop.write()
    ensure_at(MONDAY_NOON)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO timeline_event (workspace_id, kind, at, identity_id)"
            " SELECT %s, 'page.viewed', %s, %s FROM generate_series(1, 20)",
            [shop.workspace.pk, MONDAY_NOON, shop.identity_id],
        )
    customer = customer_of(otieno.actor, shop.identity_id)
    assert customer is not None
    seen: list[int] = []
    position = ""
    while True:
        page = customer_timeline(otieno.actor, customer.pk, cursor=position, limit=3)
        seen += [event.seq for event in page.events]
        if not (position := page.next_cursor):
            break
    assert len(seen) == len(set(seen)) == 24
    assert seen == sorted(seen, reverse=True)


def plan_of(statement: str, parameters: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}", parameters)
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.fixture
def crowded(shop: Shop, kiosk: Workspace) -> Shop:
    """Twenty thousand conversations and as many events, of a thousand people."""
    brand = Brand.objects.within(shop.workspace).get().pk
    names = {"w": shop.workspace.pk, "b": brand, "noon": MONDAY_NOON}
    ensure_at(MONDAY_NOON)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO customers_customer (id, workspace_id, name, language, country, town, met_at)"
            " SELECT gen_random_uuid(), %(w)s, 'C' || n, '', '', '', %(noon)s FROM generate_series(1, 1000) n",
            names,
        )
        cursor.execute(
            "INSERT INTO customers_identity (id, workspace_id, namespace, value, level, evidence, first_seen_at,"
            " last_seen_at) SELECT id, workspace_id, 'user_id', name, 1, '', met_at, met_at FROM customers_customer"
            " WHERE workspace_id = %(w)s AND name LIKE 'C%%'",
            names,
        )
        cursor.execute(
            "INSERT INTO customers_binding"
            " (id, workspace_id, identity_id, customer_id, valid_from, evidence, bound_at)"
            " SELECT gen_random_uuid(), workspace_id, id, id, '1900-01-01', '', met_at FROM customers_customer"
            " WHERE workspace_id = %(w)s AND name LIKE 'C%%'",
            names,
        )
        cursor.execute(
            "INSERT INTO desk_conversation (id, workspace_id, number, brand_id, identity_id, channel, subject, reason,"
            " language, status, priority, opened_at, waiting_since, resolved_at, last_entry_at, last_seq, last_preview,"
            " last_author_kind, last_customer_seq) SELECT gen_random_uuid(), %(w)s, n, %(b)s, c.id, 'chat', '', '', '',"
            " CASE WHEN n %% 10 = 0 THEN 'open' ELSE 'resolved' END, 1, %(noon)s - n * interval '1 minute',"
            " CASE WHEN n %% 10 = 0 THEN %(noon)s - n * interval '1 minute' END,"
            " CASE WHEN n %% 10 = 0 THEN NULL ELSE %(noon)s END,"
            " %(noon)s - n * interval '1 minute', 1, '', 'customer', 1"
            " FROM generate_series(1, 20000) n"
            " JOIN (SELECT id, row_number() OVER () AS k FROM customers_customer WHERE workspace_id = %(w)s"
            " AND name LIKE 'C%%') c ON c.k = n %% 1000 + 1",
            names,
        )
        cursor.execute(
            "INSERT INTO timeline_event (workspace_id, kind, at, identity_id)"
            " SELECT workspace_id, 'page.viewed', %(noon)s - number * interval '1 second', identity_id"
            " FROM desk_conversation WHERE workspace_id = %(w)s",
            names,
        )
        for table in ("desk_conversation", "customers_binding", "customers_identity", "customers_customer"):
            cursor.execute(f"ANALYZE {table}")
        cursor.execute("ANALYZE timeline_event_2026_11")
    return shop


def test_the_lists_of_a_crowded_company_walk_an_index(
    crowded: Shop, otieno: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans: list[str] = []
    run = queries._rows

    def explained(statement: str, parameters: dict[str, Any]) -> list[queries.ListRow]:
        plans.append(plan_of(statement, parameters))
        return run(statement, parameters)

    monkeypatch.setattr(queries, "_rows", explained)
    page = queries.inbox(otieno.actor)
    queries.inbox(otieno.actor, cursor=page.next_cursor)
    queries.inbox(otieno.actor, tab="resolved")
    customer = customer_of(
        otieno.actor, Conversation.objects.within(crowded.workspace).earliest("number").identity_id
    )
    assert customer is not None
    assert len(queries.conversations_of(otieno.actor, customer.pk)) == 20
    for plan, index in zip(
        plans,
        ["longest_waiting", "longest_waiting", "conversation_list", "identity"],
        strict=True,
    ):
        assert index in plan and "Seq Scan on desk_conversation" not in plan, plan


def test_the_timeline_of_one_customer_walks_their_identities(
    crowded: Shop, otieno: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rapport.timeline import queries as timeline

    key = Conversation.objects.within(crowded.workspace).earliest("number").identity_id
    customer = customer_of(otieno.actor, key)
    assert customer is not None
    page = customer_timeline(otieno.actor, customer.pk, limit=5)
    assert len(page.events) == 5 and page.next_cursor
    plan = plan_of(
        timeline._TIMELINE.format(before="", kinds=""),
        {"workspace": crowded.workspace.pk, "customer": customer.pk, "limit": 51},
    )
    assert "identity_id_at_seq" in plan or "timeline_event_identity" in plan, plan
    assert "Seq Scan on timeline_event" not in plan, plan


def test_entries_are_counted_from_one(shop: Shop) -> None:
    shop.write()
    shop.write()
    assert list(Entry.objects.within(shop.workspace).order_by("seq").values_list("seq", flat=True)) == [1, 2]
