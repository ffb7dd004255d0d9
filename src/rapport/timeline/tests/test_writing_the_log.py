"""What is done is told in the same transaction, once, and stays told."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from conftest import Served
from rapport.accounts.models import Workspace
from rapport.desk.models import Conversation
from rapport.kernel import clock, log
from rapport.kernel.actors import Actor
from rapport.kernel.clock import NaiveMoment
from rapport.kernel.log import NoLog, Record, UnknownKind, record
from rapport.timeline.models import Event
from rapport.timeline.partitions import UnlikelyMoment, ensure_at, ensure_for, forget_known
from rapport.timeline.store import BadEventData, NotInTransaction, append, append_many
from rapport.timeline.tests.cast import HAPPENED, at_once, somebody, tell

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def told(actor: Actor) -> list[dict[str, Any]]:
    return list(Event.objects.within(actor).order_by("seq").values_list("data", flat=True))


def batch(actor: Actor, *keys: str, at: datetime = AT) -> list[Record]:
    return [
        Record(actor.workspace_id, HAPPENED, at, "system", data={"key": key}, dedupe_key=key) for key in keys
    ]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_told_outside_a_transaction() -> None:
    actor = somebody()
    with pytest.raises(NotInTransaction):
        tell(actor)
    assert told(actor) == []


@pytest.mark.django_db(transaction=True)
def test_what_was_taken_back_was_never_told() -> None:
    actor = somebody()
    with transaction.atomic():
        record(actor, HAPPENED, data={"n": 1}, dedupe_key="order 7")
        transaction.set_rollback(True)
    assert told(actor) == []
    with transaction.atomic():  # and its key is free again
        record(actor, HAPPENED, data={"n": 2}, dedupe_key="order 7")
    assert told(actor) == [{"n": 2}]


@pytest.mark.django_db
def test_the_same_key_twice_tells_once_in_each_company() -> None:
    ours, theirs = somebody(), somebody()
    for actor in (ours, ours, theirs):
        record(actor, HAPPENED, data={"n": 1}, dedupe_key="order 7")
    assert told(ours) == told(theirs) == [{"n": 1}]


@pytest.mark.django_db(transaction=True)
def test_the_same_key_from_four_at_once_tells_once() -> None:
    actor = somebody()

    def attempt() -> None:
        with transaction.atomic():
            record(actor, HAPPENED, data={"n": 1}, dedupe_key="order 7")

    assert at_once(*[attempt] * 4) == [None] * 4
    assert told(actor) == [{"n": 1}]


@pytest.mark.django_db
def test_a_batch_takes_each_key_once() -> None:
    actor = somebody()
    assert append_many(batch(actor, "a", "b", "a")) == 2
    assert append_many(batch(actor, "b", "c")) == 1
    assert append_many([]) == 0
    assert [data["key"] for data in told(actor)] == ["a", "b", "c"]


@pytest.mark.django_db
def test_a_batch_without_keys_is_refused_whole() -> None:
    actor = somebody()
    with pytest.raises(ValueError, match="dedupe_key"):
        append_many([*batch(actor, "a"), Record(actor.workspace_id, HAPPENED, AT, "system")])
    assert told(actor) == []


@pytest.mark.django_db(transaction=True)
def test_two_batches_with_the_same_keys_in_other_orders_do_not_block_each_other() -> None:
    actor = somebody()
    keys = [str(number) for number in range(200)]
    taken = at_once(
        lambda: append_many(batch(actor, *keys)),
        lambda: append_many(batch(actor, *reversed(keys))),
        lambda: append_many(batch(actor, *sorted(keys))),
    )
    assert all(isinstance(count, int) for count in taken), taken
    assert sum(count for count in taken if isinstance(count, int)) == 200
    assert len(told(actor)) == 200


@pytest.mark.django_db
def test_kinds_must_be_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    actor = somebody()
    with pytest.raises(UnknownKind):
        record(actor, "page.veiwed")
    monkeypatch.setattr(log, "_writer", None)
    with pytest.raises(NoLog):
        record(actor, HAPPENED)
    assert told(actor) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data",
    [{"a": object()}, {"a": Decimal("1.5")}, {"a": 2**70}, {"a": "\ud800"}, {"a": "x\x00y"}, {"a\x00": 1}, {"a": {1}}],
    ids=["object", "decimal", "huge", "half a character", "NUL", "NUL in a name", "set"],
)  # fmt: skip
def test_what_json_cannot_keep_is_refused_before_anything_is_written(data: dict[str, Any]) -> None:
    actor = somebody()
    with pytest.raises(BadEventData, match=HAPPENED):
        record(actor, HAPPENED, data=data, dedupe_key="x")
    with pytest.raises(BadEventData):
        append_many(
            [*batch(actor, "a"), Record(actor.workspace_id, HAPPENED, AT, "x", data=data, dedupe_key="b")]
        )
    assert told(actor) == []
    record(actor, HAPPENED, data={"n": 1}, dedupe_key="x")  # the key was not used up, the transaction lives
    assert told(actor) == [{"n": 1}]


@pytest.mark.django_db
def test_what_json_can_keep_is_kept() -> None:
    actor, key = somebody(), uuid.uuid4()
    tell(actor, path="C:\\u0000 ツ 🙂", at=AT, who=key, nan=float("nan"), **{"7": [1.5, None, True]})
    assert told(actor) == [
        {
            "path": "C:\\u0000 ツ 🙂",
            "at": AT.isoformat(),
            "who": str(key),
            "nan": None,
            "7": [1.5, None, True],
        }
    ]


@pytest.mark.django_db
def test_moments_at_the_ends_of_months_find_their_partition() -> None:
    actor = somebody()
    edges = [
        datetime(2019, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2020, 1, 1, tzinfo=UTC),
        datetime(2020, 2, 29, 23, 59, 59, tzinfo=UTC),
        # The first of March in Nairobi is still February for the log.
        datetime.fromisoformat("2020-03-01T02:59:00+03:00"),
    ]
    for at in edges:
        record(actor, HAPPENED, at=at)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tableoid::regclass::text, at FROM timeline_event WHERE workspace_id = %s ORDER BY seq",
            [actor.workspace_id],
        )
        found = cursor.fetchall()
    assert [table for table, _ in found] == [
        f"timeline_event_{month}" for month in ("2019_12", "2020_01", "2020_02", "2020_02")
    ]
    assert [at for _, at in found] == edges


@pytest.mark.django_db
@pytest.mark.parametrize(
    "at",
    [datetime(1, 1, 1, tzinfo=UTC), datetime(1899, 12, 31, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)],
)
def test_unlikely_moments_are_refused(at: datetime) -> None:
    actor = somebody()
    with pytest.raises(UnlikelyMoment):
        record(actor, HAPPENED, at=at, dedupe_key="x")
    with pytest.raises(UnlikelyMoment):
        append_many([*batch(actor, "a"), *batch(actor, "b", at=at)])
    with pytest.raises(NaiveMoment):
        record(actor, HAPPENED, at=datetime(2026, 1, 1))
    assert told(actor) == []
    ensure_at(clock.now() + timedelta(days=300))


@pytest.mark.django_db
def test_a_batch_makes_only_the_months_it_needs() -> None:
    actor = somebody()
    append_many([*batch(actor, "a", at=AT.replace(year=1931)), *batch(actor, "b", at=AT.replace(year=1933))])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relname LIKE 'timeline\\_event\\_193_\\___'")
        assert cursor.fetchone() == (2,)
    assert len(told(actor)) == 2


@pytest.mark.django_db(transaction=True)
def test_months_made_at_once_in_opposite_orders_do_not_block_each_other() -> None:
    actor = somebody()
    months = [datetime(2003, month, 15, tzinfo=UTC) for month in range(1, 13)]

    def write(order: list[datetime]) -> None:
        with transaction.atomic():
            for at in order:
                forget_known()
                record(actor, HAPPENED, at=at)

    assert at_once(lambda: write(months), lambda: write(months[::-1]), lambda: ensure_for(months[0], months[-1])) == [
        None,
        None,
        None,
    ]  # fmt: skip
    assert len(told(actor)) == 24


@pytest.mark.django_db(transaction=True)
def test_a_month_stays_made_when_the_action_that_needed_it_is_taken_back() -> None:
    actor, at = somebody(), datetime(2004, 5, 5, tzinfo=UTC)
    with transaction.atomic():
        record(actor, HAPPENED, at=at)
        transaction.set_rollback(True)
    with transaction.atomic():
        record(actor, HAPPENED, at=at)
    assert len(told(actor)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = 'x'", "DELETE FROM {}"])
def test_the_log_and_the_lines_of_a_conversation_cannot_be_changed(
    statement: str, duka: Workspace, wambui: Served
) -> None:
    actor = somebody()
    tell(actor, n=1)
    conversation = _conversation(duka, wambui)
    for table, column in (("timeline_event", "kind"), ("desk_entry", "text")):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(table, column))
    assert told(actor) == [{"n": 1}]
    assert conversation.entries.get().text == "Hello"


@pytest.mark.django_db
def test_erasing_alone_may_change_the_past(duka: Workspace, wambui: Served) -> None:
    actor = somebody()
    tell(actor, n=1)
    conversation = _conversation(duka, wambui)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL rapport.erasing = 'on'")
        cursor.execute("DELETE FROM timeline_event WHERE workspace_id = %s", [actor.workspace_id])
        cursor.execute("UPDATE desk_entry SET text = '' WHERE conversation_id = %s", [conversation.pk])
        cursor.execute("SET LOCAL rapport.erasing = 'off'")
    assert told(actor) == []
    assert conversation.entries.get().text == ""
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        conversation.entries.update(text="x")


def _conversation(duka: Workspace, wambui: Served) -> Conversation:
    from rapport.accounts.models import Brand
    from rapport.desk.actions import receive_message
    from rapport.desk.models import ChannelAccount
    from rapport.kernel.actors import system

    account = ChannelAccount.objects.create(
        workspace=duka, brand=Brand.objects.within(duka).get(), kind="chat", name="Shop", address="shop"
    )
    received = receive_message(
        system(duka.pk), account=account, identity_id=wambui.phone_id, text="Hello", dedupe_key="m1"
    )
    return Conversation.objects.within(duka).get(pk=received.conversation_id)


@pytest.mark.django_db
def test_a_record_goes_straight_to_the_log() -> None:
    actor = somebody()
    append(Record(actor.workspace_id, HAPPENED, AT, "system", data={"n": 1}))
    assert told(actor) == [{"n": 1}]
