"""The live hub: one LISTEN connection in each process, fan-out in memory.

The log is the truth. A notification only says "look"; the hub then reads the log past its horizon and hands
each event to the streams whose topics it touches. A stream that comes back with ``Last-Event-ID`` is replayed
from the log by the same query. Whispers (presence, typing) are the exception: they are worth nothing a
minute later, so they travel in the notification itself and are kept nowhere.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson
import psycopg
from psycopg import AsyncConnection

from rapport.timeline.feed import EPOCH, NOW, READ, Cursor, FeedEvent
from rapport.timeline.store import FEED_CHANNEL

log = logging.getLogger("rapport.live")

WHISPER_CHANNEL = "rapport_whisper"
REPLAY_LIMIT = 500
READ_LIMIT = 2_000
QUEUE_LIMIT = 256

Topic = tuple[str, uuid.UUID]


@dataclass(frozen=True, slots=True)
class Batch:
    """Events that became visible together, and the cursor to come back with."""

    events: tuple[FeedEvent, ...]
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class Whisper:
    topic: Topic
    body: dict[str, Any]


class Reload(Exception):
    """The stream cannot be continued from its cursor: too much happened, or the database is another."""


@dataclass(eq=False)
class Subscription:
    """One open stream. Iterating its queue yields ``Batch`` and ``Whisper``; ``None`` means: too slow, gone."""

    topics: frozenset[Topic]
    queue: asyncio.Queue[Batch | Whisper | None] = field(default_factory=lambda: asyncio.Queue(QUEUE_LIMIT))

    def put(self, item: Batch | Whisper) -> None:
        try:
            self.queue.put_nowait(item)
        except asyncio.QueueFull:
            # A reader this slow is let go; its browser reconnects and is replayed from the log.
            self.end()

    def end(self) -> None:
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


def topics_of(event: FeedEvent) -> Iterable[Topic]:
    yield ("workspace", event.workspace_id)
    if event.identity_id is not None:
        yield ("identity", event.identity_id)


class Hub:
    """Fan-out for one process. ``connect`` gives a fresh autocommit connection to the database."""

    def __init__(self, connect: Callable[[], Awaitable[AsyncConnection[Any]]]) -> None:
        self._connect = connect
        self._subscribers: dict[Topic, set[Subscription]] = defaultdict(set)
        self._presence: dict[Topic, dict[str, tuple[float, dict[str, Any]]]] = defaultdict(dict)
        self._epoch = ""
        self._horizon = 0
        self._seen: dict[int, int] = {}
        self._task: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._reader: AsyncConnection[Any] | None = None
        self._reading = asyncio.Lock()

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="rapport-live")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        for subscription in self._streams():
            subscription.end()

    def _streams(self) -> set[Subscription]:
        return {one for group in self._subscribers.values() for one in group}

    async def subscribe(self, topics: Iterable[Topic], last_event_id: str = "") -> tuple[Subscription, Batch]:
        """Open a stream; returns it with what happened since ``last_event_id``.

        Subscribing comes before replaying, so nothing falls between; what is in both is told twice and the
        receiver leaves out sequence numbers it knows. Raises ``Reload`` when replay is not possible.
        """
        await asyncio.wait_for(self._ready.wait(), 10)
        subscription = Subscription(frozenset(topics))
        for topic in subscription.topics:
            self._subscribers[topic].add(subscription)
        try:
            return subscription, await self._replay(subscription.topics, last_event_id)
        except BaseException:
            self.unsubscribe(subscription)
            raise

    def unsubscribe(self, subscription: Subscription) -> None:
        for topic in subscription.topics:
            group = self._subscribers.get(topic)
            if group is not None:
                group.discard(subscription)
                if not group:
                    del self._subscribers[topic]

    def present(self, topic: Topic) -> list[dict[str, Any]]:
        """Whispers about a topic that still hold, such as who is looking at what."""
        current = time.monotonic()
        held = self._presence.get(topic, {})
        for key in [key for key, (until, _) in held.items() if until < current]:
            del held[key]
        return [body for _, body in held.values()]

    async def _replay(self, topics: frozenset[Topic], last_event_id: str) -> Batch:
        here = Cursor(self._epoch, self._horizon)
        if not last_event_id:
            return Batch((), here)
        cursor = Cursor.parse(last_event_id)
        if cursor is None or cursor.epoch != self._epoch:
            raise Reload
        async with self._reading:
            events, horizon = await self._read(cursor.horizon, READ_LIMIT)
        wanted = tuple(event for event in events if topics & set(topics_of(event)))
        if len(events) >= READ_LIMIT or len(wanted) > REPLAY_LIMIT:
            raise Reload
        return Batch(wanted, Cursor(self._epoch, horizon))

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except asyncio.CancelledError:
                raise
            except (psycopg.Error, OSError) as error:
                log.warning("live feed lost the database: %s", error)
                await asyncio.sleep(1)

    async def _listen(self) -> None:
        listener = await self._connect()
        self._reader = await self._connect()
        try:
            await listener.execute(f"LISTEN {FEED_CHANNEL}")
            await listener.execute(f"LISTEN {WHISPER_CHANNEL}")
            if not self._epoch:
                self._epoch = await self._one(EPOCH)
                self._horizon = int(await self._one(NOW))
            else:
                await self._catch_up()
            self._ready.set()
            async for notification in listener.notifies():
                if notification.channel == WHISPER_CHANNEL:
                    self._whisper(notification.payload)
                else:
                    await self._catch_up()
        finally:
            await listener.close()
            await self._reader.close()

    async def _one(self, statement: str) -> str:
        assert self._reader is not None
        cursor = await self._reader.execute(statement)  # type: ignore[arg-type]
        row = await cursor.fetchone()
        assert row is not None
        return str(row[0])

    async def _catch_up(self) -> None:
        while True:
            async with self._reading:
                events, horizon = await self._read(self._horizon, READ_LIMIT)
            fresh = [event for event in events if event.seq not in self._seen]
            full = len(events) >= READ_LIMIT
            if full:
                # More than one page since we looked: move on only as far as this page reaches.
                horizon = min(horizon, events[-1].xact)
            self._horizon = horizon
            self._seen = {seq: xact for seq, xact in self._seen.items() if xact >= horizon}
            self._seen.update((event.seq, event.xact) for event in fresh if event.xact >= horizon)
            self._hand_out(fresh)
            if not full or not fresh:
                return

    async def _read(self, horizon: int, limit: int) -> tuple[list[FeedEvent], int]:
        assert self._reader is not None
        cursor = await self._reader.execute(READ, {"horizon": horizon, "limit": limit})  # type: ignore[arg-type]
        rows = await cursor.fetchall()
        return [FeedEvent(*row[1:]) for row in rows if row[1] is not None], int(rows[0][0])

    def _hand_out(self, events: list[FeedEvent]) -> None:
        if not events:
            return
        cursor = Cursor(self._epoch, self._horizon)
        wanted: dict[Subscription, list[FeedEvent]] = defaultdict(list)
        for event in events:
            receivers: set[Subscription] = set()
            for topic in topics_of(event):
                receivers |= self._subscribers.get(topic, set())
            for subscription in receivers:
                wanted[subscription].append(event)
        for subscription, theirs in wanted.items():
            subscription.put(Batch(tuple(theirs), cursor))

    def _whisper(self, payload: str) -> None:
        message = orjson.loads(payload)
        topic: Topic = (message["topic"][0], uuid.UUID(message["topic"][1]))
        body: dict[str, Any] = message["body"]
        seconds = float(message.get("holds", 0))
        if key := message.get("key", ""):
            if seconds > 0:
                self._presence[topic][key] = (time.monotonic() + seconds, body)
            else:
                self._presence[topic].pop(key, None)
        for subscription in self._subscribers.get(topic, set()):
            subscription.put(Whisper(topic, body))
