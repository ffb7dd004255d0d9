"""Whoever follows the log live misses nothing that was committed and hears of nothing that was not."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rapport.kernel import clock
from rapport.kernel.ids import new_id
from rapport.kernel.log import Record
from rapport.timeline import live
from rapport.timeline.feed import Cursor
from rapport.timeline.live import Batch, Hub, NotLive, Reload, Subscription, Whisper
from rapport.timeline.partitions import ensure_at
from rapport.timeline.store import append_many
from rapport.timeline.tests.cast import HAPPENED, LONG, Hand, heard, with_hub
from rapport.timeline.whispers import MAX_BYTES, whisper

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def month(transactional_db: None) -> None:
    ensure_at(clock.now())


@pytest.fixture
def duka_id() -> uuid.UUID:
    return new_id()


@pytest.fixture
def early() -> Iterator[Hand]:
    hand = Hand()
    yield hand
    hand.close()


@pytest.fixture
def late() -> Iterator[Hand]:
    hand = Hand()
    yield hand
    hand.close()


def test_who_takes_a_number_first_and_commits_last_is_heard_once(
    duka_id: uuid.UUID, early: Hand, late: Hand
) -> None:
    async def follow(hub: Hub) -> list[int]:
        stream, _ = await hub.subscribe([("workspace", duka_id)])
        first, second = early.write(duka_id, 1), late.write(duka_id, 2)
        assert first < second
        late.commit()
        assert await heard(stream, lambda numbers: 2 in numbers) == [2]
        early.commit()
        assert await heard(stream, lambda numbers: 1 in numbers) == [1]
        late.write(duka_id, 3)
        late.commit()
        return await heard(stream, lambda numbers: 3 in numbers)

    assert asyncio.run(with_hub(follow)) == [3]


def test_a_transaction_that_was_running_before_the_hub_is_heard(duka_id: uuid.UUID, early: Hand) -> None:
    early.write(duka_id, 1)

    async def follow(hub: Hub) -> list[int]:
        stream, _ = await hub.subscribe([("workspace", duka_id)])
        early.commit()
        return await heard(stream, lambda numbers: bool(numbers))

    assert asyncio.run(with_hub(follow)) == [1]


def test_what_was_rolled_back_is_never_heard(duka_id: uuid.UUID, early: Hand) -> None:
    async def follow(hub: Hub) -> list[int]:
        stream, _ = await hub.subscribe([("workspace", duka_id)])
        early.write(duka_id, 1)
        early.rollback()
        early.write(duka_id, 2)
        early.commit()
        return await heard(stream, lambda numbers: 2 in numbers)

    assert asyncio.run(with_hub(follow)) == [2]


def test_nobody_hears_of_another_company(duka_id: uuid.UUID, early: Hand) -> None:
    kiosk, wambui = new_id(), new_id()

    async def follow(hub: Hub) -> tuple[list[int], list[int], list[int]]:
        ours, _ = await hub.subscribe([("workspace", duka_id)])
        theirs, _ = await hub.subscribe([("workspace", kiosk)])
        hers, _ = await hub.subscribe([("identity", wambui)])
        early.write(kiosk, 1)
        early.write(duka_id, 2, wambui)
        early.write(kiosk, 3)
        early.write(duka_id, 4)
        early.commit()
        return (
            await heard(ours, lambda numbers: 4 in numbers),
            await heard(theirs, lambda numbers: 3 in numbers),
            await heard(hers, lambda numbers: bool(numbers)),
        )

    assert asyncio.run(with_hub(follow)) == ([2, 4], [1, 3], [2])


def test_coming_back_gives_exactly_what_was_missed(duka_id: uuid.UUID, early: Hand) -> None:
    async def follow(hub: Hub) -> list[list[int]]:
        stream, opening = await hub.subscribe([("workspace", duka_id)])
        assert opening.events == ()
        early.write(duka_id, 1)
        early.commit()
        batch = await asyncio.wait_for(stream.queue.get(), LONG)
        assert isinstance(batch, Batch)
        hub.unsubscribe(stream)
        early.write(new_id(), 9)
        for number in (2, 3):
            early.write(duka_id, number)
            early.commit()
        again, missed = await hub.subscribe([("workspace", duka_id)], str(batch.cursor))
        hub.unsubscribe(again)
        _, nothing = await hub.subscribe([("workspace", duka_id)], str(missed.cursor))
        return [[event.data["n"] for event in part.events] for part in (batch, missed, nothing)]

    assert asyncio.run(with_hub(follow)) == [[1], [2, 3], []]


def test_a_replay_reaches_back_to_what_was_running_when_the_stream_broke(
    duka_id: uuid.UUID, early: Hand, late: Hand
) -> None:
    async def follow(hub: Hub) -> set[int]:
        stream, _ = await hub.subscribe([("workspace", duka_id)])
        early.write(duka_id, 1)
        late.write(duka_id, 2)
        late.commit()
        batch = await asyncio.wait_for(stream.queue.get(), LONG)
        assert isinstance(batch, Batch)
        hub.unsubscribe(stream)
        early.commit()
        _, missed = await hub.subscribe([("workspace", duka_id)], str(batch.cursor))
        return {event.data["n"] for event in missed.events}

    assert asyncio.run(with_hub(follow)) >= {1}


@pytest.mark.parametrize(
    "cursor", ["elsewhere-5", "nonsense", "-", "{epoch}-", "{epoch}-x", "{epoch}--3", "{epoch}-" + "9" * 18,
               "{epoch}-" + "9" * 19, "{epoch}-٣", "x" * 10_000]
)  # fmt: skip
def test_a_cursor_that_leads_nowhere_asks_for_a_reload(cursor: str, duka_id: uuid.UUID) -> None:
    async def follow(hub: Hub) -> None:
        _, opening = await hub.subscribe([("workspace", duka_id)])
        with pytest.raises(Reload):
            await hub.subscribe([("workspace", duka_id)], cursor.replace("{epoch}", opening.cursor.epoch))
        assert hub._streams() == {stream for stream in hub._streams() if not stream.has_ended}
        assert len(hub._streams()) == 1

    asyncio.run(with_hub(follow))


def test_too_much_at_once_asks_for_a_reload(
    duka_id: uuid.UUID, early: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "REPLAY_LIMIT", 3)

    async def follow(hub: Hub) -> int:
        _, opening = await hub.subscribe([("workspace", duka_id)])
        for number in range(3):
            early.write(duka_id, number)
        early.commit()
        _, three = await hub.subscribe([("workspace", duka_id)], str(opening.cursor))
        early.write(duka_id, 3)
        early.commit()
        with pytest.raises(Reload):
            await hub.subscribe([("workspace", duka_id)], str(opening.cursor))
        return len(three.events)

    assert asyncio.run(with_hub(follow)) == 3


def test_more_than_a_page_in_one_transaction_does_not_stop_the_hub(
    duka_id: uuid.UUID, early: Hand, late: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first transaction holds later numbers than the second; a page must not skip or repeat either."""
    monkeypatch.setattr(live, "READ_LIMIT", 4)

    async def follow(hub: Hub) -> list[int]:
        stream, _ = await hub.subscribe([("workspace", duka_id)])
        early.write(duka_id, 0)
        for number in range(100, 113):
            late.write(duka_id, number)
        for number in range(1, 12):
            early.write(duka_id, number)
        late.commit()
        early.commit()
        numbers = await heard(stream, lambda numbers: len(numbers) >= 25)
        late.write(duka_id, 200)
        late.commit()
        return numbers + await heard(stream, lambda more: bool(more))

    numbers = asyncio.run(with_hub(follow))
    assert sorted(numbers) == [*range(12), *range(100, 113), 200]


def test_history_is_not_news(duka_id: uuid.UUID, early: Hand) -> None:
    now = clock.now()

    async def follow(hub: Hub) -> list[int]:
        stream, _ = await hub.subscribe([("workspace", duka_id)])
        records = [Record(duka_id, HAPPENED, now, "x", data={"n": n}, dedupe_key=str(n)) for n in range(9)]
        await asyncio.to_thread(_closing, lambda: append_many(records))
        early.write(duka_id, 100)
        early.commit()
        return await heard(stream, lambda numbers: bool(numbers))

    assert asyncio.run(with_hub(follow)) == [100]


def test_rows_of_a_restored_server_that_counted_further_do_not_block_the_feed(
    duka_id: uuid.UUID, early: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "READ_LIMIT", 3)
    for number in range(5):
        early.connection.execute(
            "INSERT INTO timeline_event (xact, workspace_id, kind, at, data)"
            " VALUES (1000000000000, %s, 'page.viewed', now(), jsonb_build_object('n', %s::int))",
            [duka_id, number],
        )
    early.commit()

    async def follow(hub: Hub) -> list[int]:
        stream, _ = await hub.subscribe([("workspace", duka_id)])
        early.write(duka_id, 100)
        early.commit()
        return await heard(stream, lambda numbers: bool(numbers))

    assert asyncio.run(with_hub(follow)) == [100]


def test_a_reader_who_falls_behind_is_let_go_with_a_bounded_queue(
    duka_id: uuid.UUID, early: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def follow(hub: Hub) -> None:
        slow, _ = await hub.subscribe([("workspace", duka_id)])
        quick, opening = await hub.subscribe([("workspace", duka_id)])
        for number in range(live.QUEUE_LIMIT + 40):
            slow.put(Whisper(("workspace", duka_id), {"n": number}))
            assert slow.queue.qsize() <= live.QUEUE_LIMIT
        assert slow.has_ended and slow.queue.qsize() == 1
        assert await slow.queue.get() is None
        early.write(duka_id, 1)
        early.commit()
        assert await heard(quick, lambda numbers: bool(numbers)) == [1]
        assert slow.queue.empty()
        _, missed = await hub.subscribe([("workspace", duka_id)], str(opening.cursor))
        assert [event.data["n"] for event in missed.events] == [1]

    asyncio.run(with_hub(follow))


def test_leaving_leaves_nothing_behind(duka_id: uuid.UUID) -> None:
    async def follow(hub: Hub) -> None:
        topics = [("workspace", duka_id), ("identity", new_id())]
        stream, _ = await hub.subscribe(topics)
        hub.unsubscribe(stream)
        hub.unsubscribe(stream)
        assert hub._subscribers == {}
        last, _ = await hub.subscribe(topics)
        await hub.stop()
        assert await last.queue.get() is None

    asyncio.run(with_hub(follow))


def test_whispers_are_heard_by_those_there_and_held_for_those_to_come(duka_id: uuid.UUID) -> None:
    topic = ("workspace", duka_id)

    async def follow(hub: Hub) -> None:
        stream, _ = await hub.subscribe([topic])
        stranger, _ = await hub.subscribe([("workspace", new_id())])

        async def said(body: dict[str, Any], **how: Any) -> Whisper:
            await asyncio.to_thread(_closing, lambda: whisper(topic, body, **how))
            item = await asyncio.wait_for(stream.queue.get(), LONG)
            assert isinstance(item, Whisper)
            return item

        assert (await said({"typing": True})).body == {"typing": True}
        assert hub.present(topic) == []
        await said({"here": "Otieno"}, key="otieno", holds=600)
        await said({"here": "Amina"}, key="amina", holds=600)
        assert hub.present(topic) == [{"here": "Otieno"}, {"here": "Amina"}]
        await said({"gone": "Otieno"}, key="otieno")
        assert hub.present(topic) == [{"here": "Amina"}]
        await said({"here": "Zawadi"}, key="zawadi", holds=1e-9)
        assert hub.present(topic) == [{"here": "Amina"}]
        await said({"gone": "Amina"}, key="amina")
        assert hub.present(topic) == [] and hub._presence == {}
        assert stranger.queue.empty()

    asyncio.run(with_hub(follow))


def test_a_whisper_that_was_taken_back_or_is_nonsense_harms_nobody(duka_id: uuid.UUID, early: Hand) -> None:
    async def follow(hub: Hub) -> list[int]:
        stream, _ = await hub.subscribe([("workspace", duka_id)])
        for nonsense in ("", "[]", "{}", '{"topic": 5}', '{"topic": ["workspace", "x"], "body": {}}', "\x07"):
            early.connection.execute("SELECT pg_notify('rapport_whisper', %s)", [nonsense])
        early.commit()
        await asyncio.to_thread(_closing, lambda: _taken_back(duka_id))
        early.write(duka_id, 1)
        early.commit()
        return await heard(stream, lambda numbers: bool(numbers))

    assert asyncio.run(with_hub(follow)) == [1]
    with pytest.raises(ValueError, match="4,000"):
        whisper(("workspace", duka_id), {"text": "x" * MAX_BYTES})


def test_after_its_connections_were_killed_the_hub_catches_up(
    duka_id: uuid.UUID, early: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "RETRY_SECONDS", 0.01)

    async def follow(hub: Hub) -> list[int]:
        stream, opening = await hub.subscribe([("workspace", duka_id)])
        killed = await _kill_listeners(early)
        assert killed >= 1
        early.write(duka_id, 1)
        early.commit()
        numbers = await heard(stream, lambda numbers: 1 in numbers)
        _, missed = await hub.subscribe([("workspace", duka_id)], str(opening.cursor))
        assert [event.data["n"] for event in missed.events] == [1]
        return numbers

    assert asyncio.run(with_hub(follow)) == [1]


def test_a_killed_reader_is_no_reason_to_fall_silent(
    duka_id: uuid.UUID, early: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "RETRY_SECONDS", 0.01)

    async def follow(hub: Hub) -> list[int]:
        stream, _ = await hub.subscribe([("workspace", duka_id)])
        assert hub._reader is not None
        early.connection.execute("SELECT pg_terminate_backend(%s)", [hub._reader.info.backend_pid])
        early.write(duka_id, 1)
        early.commit()
        return await heard(stream, lambda numbers: 1 in numbers)

    assert asyncio.run(with_hub(follow)) == [1]


def test_without_a_database_a_stream_is_refused_and_not_left_waiting(
    duka_id: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "READY_SECONDS", 0.01)
    monkeypatch.setattr(live, "RETRY_SECONDS", 0.001)

    async def nowhere() -> Any:
        raise psycopg.OperationalError("nobody there")

    async def follow() -> None:
        hub = Hub(nowhere)
        await hub.start()
        with pytest.raises(NotLive):
            await hub.subscribe([("workspace", duka_id)])
        await hub.stop()

    asyncio.run(follow())


def test_another_database_ends_all_streams(duka_id: uuid.UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "RETRY_SECONDS", 0.01)

    async def follow(hub: Hub) -> None:
        stream, opening = await hub.subscribe([("workspace", duka_id)])
        hub._epoch = "the one before"
        with contextlib.closing(Hand()) as hand:
            await _kill_listeners(hand)
        assert await asyncio.wait_for(stream.queue.get(), LONG) is None
        await asyncio.wait_for(hub._ready.wait(), LONG)
        assert hub.cursor.epoch == opening.cursor.epoch

    asyncio.run(with_hub(follow))


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["write", "write", "write", "commit", "rollback", "come back"]),
        st.integers(0, 2),
        st.integers(0, 1),
    ),
    max_size=25,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_in_any_interleaving_everybody_hears_everything_of_theirs(steps: list[tuple[str, int, int]]) -> None:
    companies = [new_id(), new_id()]
    hands = [Hand() for _ in range(3)]

    async def follow(hub: Hub) -> tuple[list[dict[int, int]], list[set[int]]]:
        streams: list[Subscription] = []
        # Numbers heard, by sequence number: what a browser keeps.
        known: list[dict[int, int]] = [{}, {}]
        cursors: list[str] = []
        for company in companies:
            stream, opening = await hub.subscribe([("workspace", company)])
            streams.append(stream)
            cursors.append(str(opening.cursor))
        expected: list[set[int]] = [set(), set()]
        pending: list[list[tuple[int, int]]] = [[], [], []]

        def take(which: int, batch: Batch) -> None:
            known[which] |= {event.seq: event.data["n"] for event in batch.events}
            cursors[which] = str(batch.cursor)

        def drain(which: int) -> None:
            while not streams[which].queue.empty():
                item = streams[which].queue.get_nowait()
                assert isinstance(item, Batch)
                take(which, item)

        for number, (step, hand, company) in enumerate([*steps, *[("commit", hand, 0) for hand in range(3)]]):
            await asyncio.sleep(0)
            if step == "write":
                hands[hand].write(companies[company], number)
                pending[hand].append((company, number))
            elif step == "come back":
                drain(company)
                hub.unsubscribe(streams[company])
                streams[company], missed = await hub.subscribe(
                    [("workspace", companies[company])], cursors[company]
                )
                take(company, missed)
            else:
                if step == "commit":
                    hands[hand].commit()
                    for where, what in pending[hand]:
                        expected[where].add(what)
                else:
                    hands[hand].rollback()
                pending[hand] = []
        for which in range(2):
            while set(known[which].values()) < expected[which]:
                item = await asyncio.wait_for(streams[which].queue.get(), LONG)
                assert isinstance(item, Batch)
                take(which, item)
            drain(which)
        return known, expected

    try:
        known, expected = asyncio.run(with_hub(follow))
    finally:
        for hand in hands:
            hand.close()
    for heard_by, wanted in zip(known, expected, strict=True):
        assert set(heard_by.values()) == wanted
        assert len(heard_by) == len(wanted)  # one sequence number for each


def test_a_cursor_reads_what_it_wrote() -> None:
    cursor = Cursor("abc-def", 42)
    assert Cursor.parse(f" {cursor} ") == cursor


def _closing(work: Any) -> Any:
    try:
        return work()
    finally:
        connection.close()


def _taken_back(duka_id: uuid.UUID) -> None:
    with transaction.atomic():
        whisper(("workspace", duka_id), {"typing": True})
        transaction.set_rollback(True)


async def _kill_listeners(hand: Hand) -> int:
    row = hand.connection.execute(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
    ).fetchone()
    hand.commit()
    return int(row[0]) if row else 0
