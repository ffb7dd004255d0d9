"""A thousand streams that come back at once share one look at the log, and those that say the same share the words."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

import pytest

from rapport.kernel import clock
from rapport.kernel.ids import new_id
from rapport.timeline.live import Batch, Hub, Whisper
from rapport.timeline.partitions import ensure_at
from rapport.timeline.sse import serve
from rapport.timeline.tests.cast import LONG, Hand, connect, heard, with_hub

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 60


@pytest.fixture(autouse=True)
def month(transactional_db: None) -> None:
    ensure_at(clock.now())


@pytest.fixture
def duka_id() -> uuid.UUID:
    return new_id()


@pytest.fixture
def hand() -> Iterator[Hand]:
    made = Hand()
    yield made
    made.close()


def wrote(hand: Hand, workspace_id: uuid.UUID, *numbers: int) -> None:
    for number in numbers:
        hand.write(workspace_id, number)
        hand.commit()


class Looks:
    """Counts the statements of a hub."""

    def __init__(self, hub: Hub) -> None:
        self.made = 0
        self._rows = hub._rows
        hub._rows = self._counted  # type: ignore[method-assign]

    async def _counted(self, statement: str, values: dict[str, int]) -> list[Any]:
        self.made += 1
        return await self._rows(statement, values)


def test_all_who_come_back_at_once_share_a_look_and_hear_everything_once(
    duka_id: uuid.UUID, hand: Hand
) -> None:
    async def follow(hub: Hub) -> tuple[list[list[int]], int, list[int]]:
        topics = [("workspace", duka_id)]
        stream, opening = await hub.subscribe(topics)
        hub.unsubscribe(stream)
        wrote(hand, duka_id, 1, 2)
        looks = Looks(hub)
        back = await asyncio.gather(*(hub.subscribe(topics, str(opening.cursor)) for _ in range(MANY)))
        made = looks.made
        wrote(hand, duka_id, 3)
        after = [await heard(again, lambda numbers: 3 in numbers) for again, _ in back]
        return [[event.data["n"] for event in missed.events] for _, missed in back], made, list(chain(*after))

    missed, looks, after = asyncio.run(with_hub(follow))
    assert missed == [[1, 2]] * MANY
    assert after == [3] * MANY
    assert looks < MANY / 4


def test_a_process_that_was_not_there_replays_from_the_log(duka_id: uuid.UUID, hand: Hand) -> None:
    async def first(hub: Hub) -> str:
        _, opening = await hub.subscribe([("workspace", duka_id)])
        return str(opening.cursor)

    async def second(hub: Hub) -> list[int]:
        _, missed = await hub.subscribe([("workspace", duka_id)], cursor)
        return [event.data["n"] for event in missed.events]

    cursor = asyncio.run(with_hub(first))
    wrote(hand, duka_id, 1, 2, 3)
    assert asyncio.run(with_hub(second)) == [1, 2, 3]


def test_what_was_forgotten_is_replayed_from_the_log(
    duka_id: uuid.UUID, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def follow() -> list[int]:
        with monkeypatch.context() as small:
            small.setattr("rapport.timeline.live.READ_LIMIT", 3)
            hub = Hub(connect)  # remembers three events
        await hub.start()
        try:
            stream, opening = await hub.subscribe([("workspace", duka_id)])
            wrote(hand, duka_id, *range(1, 8))
            assert await heard(stream, lambda numbers: 7 in numbers) == list(range(1, 8))
            _, missed = await hub.subscribe([("workspace", duka_id)], str(opening.cursor))
            return [event.data["n"] for event in missed.events]
        finally:
            await hub.stop()

    assert asyncio.run(follow()) == list(range(1, 8))


def test_streams_that_say_the_same_word_a_batch_once(duka_id: uuid.UUID, hand: Hand) -> None:
    worded: list[int] = []

    async def render(item: Batch | Whisper) -> Iterable[tuple[str, Any]]:
        assert isinstance(item, Batch)
        worded.extend(event.data["n"] for event in item.events)
        return [("event", event.data["n"]) for event in item.events]

    async def follow(hub: Hub) -> list[bytes]:
        browsers = [_Browser() for _ in range(MANY)]
        open_ = [
            asyncio.create_task(
                serve(
                    {"headers": []},
                    browser.receive,
                    browser.send,
                    hub=hub,
                    topics=[("workspace", duka_id)],
                    render=render,
                    same_words="test",
                )
            )
            for browser in browsers
        ]
        await asyncio.gather(*(browser.has(b"event: ready") for browser in browsers))
        wrote(hand, duka_id, 7)
        await asyncio.gather(*(browser.has(b"data: 7") for browser in browsers))
        for browser in browsers:
            browser.left.set()
        await asyncio.wait_for(asyncio.gather(*open_), LONG)
        assert not hub._subscribers
        return [browser.body for browser in browsers]

    bodies = asyncio.run(with_hub(follow))
    assert [body.count(b"event: event\ndata: 7\n\n") for body in bodies] == [1] * MANY
    assert worded == [7]


class _Browser:
    """One open stream as the server sees it."""

    def __init__(self) -> None:
        self.left = asyncio.Event()
        self.body = b""
        self._came = asyncio.Condition()

    async def receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        async with self._came:
            self.body += message.get("body", b"")
            self._came.notify_all()

    async def has(self, wanted: bytes) -> None:
        async with self._came:
            await asyncio.wait_for(self._came.wait_for(lambda: wanted in self.body), LONG)
