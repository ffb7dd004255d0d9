"""The live hub: one LISTEN connection in each process, fan-out in memory.

The log is the truth. A notification only says "look"; the hub then reads the log past its horizon and hands
each event to the streams whose topics it touches. A stream that comes back with ``Last-Event-ID`` is replayed
from what this process handed out lately, so that a thousand that come back at once ask the database nothing;
from the log by the same query where that does not reach back far enough. Whispers (presence, typing) are the
exception: they are worth nothing a minute later, so they travel in the notification itself and are kept
nowhere.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, suppress
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
READY_SECONDS = 10.0
#: A notification may get lost with its connection; after so long the hub looks without being told.
LOOK_SECONDS = 30.0
RETRY_SECONDS = 1.0

Topic = tuple[str, uuid.UUID]


@dataclass(frozen=True, slots=True)
class Batch:
    """Events that became visible together, and the cursor to come back with.

    Streams that are told the same events share one batch; ``rendered`` is where those that also say it in
    the same words keep the bytes, under a name of theirs.
    """

    events: tuple[FeedEvent, ...]
    cursor: Cursor
    rendered: dict[str, bytes] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Whisper:
    topic: Topic
    body: dict[str, Any]


class Reload(Exception):
    """The stream cannot be continued from its cursor: too much happened, or the database is another."""


class NotLive(TimeoutError):
    """The database cannot be listened to right now."""


@dataclass(eq=False)
class Subscription:
    """One open stream. Iterating its queue yields ``Batch`` and ``Whisper``; ``None`` means: too slow, gone."""

    topics: frozenset[Topic]
    queue: asyncio.Queue[Batch | Whisper | None] = field(default_factory=lambda: asyncio.Queue(QUEUE_LIMIT))
    has_ended: bool = False

    def put(self, item: Batch | Whisper) -> None:
        if self.has_ended:
            return
        try:
            self.queue.put_nowait(item)
        except asyncio.QueueFull:
            # A reader this slow is let go; its browser reconnects and is replayed from the log.
            self.end()

    def end(self) -> None:
        self.has_ended = True
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
        self._presence: dict[Topic, dict[str, tuple[float, dict[str, Any]]]] = {}
        self._epoch = ""
        self._horizon = 0
        self._seen: dict[int, int] = {}
        # The latest events handed out: all of those with a transaction from ``_recent_from`` on.
        self._recent: deque[FeedEvent] = deque(maxlen=READ_LIMIT)
        self._recent_from = 0
        self._asking: list[asyncio.Future[None]] = []
        self._task: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._news = asyncio.Event()
        self._reader: AsyncConnection[Any] | None = None

    @property
    def cursor(self) -> Cursor:
        """How far everything read was handed out."""
        return Cursor(self._epoch, self._horizon)

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="rapport-live")

    async def stop(self) -> None:
        if self._task is not None:
            await _cancelled(self._task, again_after=5.0)
        for subscription in self._streams():
            subscription.end()

    def _streams(self) -> set[Subscription]:
        return {one for group in self._subscribers.values() for one in group}

    async def subscribe(self, topics: Iterable[Topic], last_event_id: str = "") -> tuple[Subscription, Batch]:
        """Open a stream; returns it with what happened since ``last_event_id``.

        Subscribing comes before replaying, so nothing falls between; what the log itself has to tell may be
        told twice and the receiver leaves out sequence numbers it knows. Raises ``Reload`` when replay is
        not possible, ``NotLive`` when the database is away.
        """
        try:
            async with asyncio.timeout(READY_SECONDS):
                await self._ready.wait()
        except TimeoutError as error:
            raise NotLive("the database is away") from error
        if last_event_id:
            await self._look_now()
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
        return [body for until, body in held.values() if until >= current]

    async def _look_now(self) -> None:
        """Return after a look at the log that began after this call; all who ask meanwhile share one look."""
        looked: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._asking.append(looked)
        self._news.set()
        try:
            await asyncio.wait_for(looked, READY_SECONDS)
        except TimeoutError as error:
            raise NotLive("the database is away") from error

    async def _replay(self, topics: frozenset[Topic], last_event_id: str) -> Batch:
        if not last_event_id:
            return Batch((), self.cursor)
        cursor = Cursor.parse(last_event_id)
        if cursor is None or cursor.epoch != self._epoch:
            raise Reload
        if self._recent_from <= cursor.horizon <= self._horizon:
            # Whatever is read from here on is handed to the stream, which has subscribed already.
            events, horizon = [event for event in self._recent if event.xact >= cursor.horizon], self._horizon
        else:
            events, horizon = await self._look_back(cursor)
        wanted = tuple(event for event in events if not topics.isdisjoint(topics_of(event)))
        # A cursor ahead of the database is from before a restore.
        if cursor.horizon > horizon or len(events) >= READ_LIMIT or len(wanted) > REPLAY_LIMIT:
            raise Reload
        return Batch(wanted, Cursor(self._epoch, horizon))

    async def _look_back(self, cursor: Cursor) -> tuple[list[FeedEvent], int]:
        try:
            return await self._read((cursor.horizon, 0))
        except (psycopg.Error, OSError) as error:
            raise NotLive("the database went away") from error

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except Exception as error:  # whatever it is, streams must not fall silent for good
                if _is_only_trouble(error):
                    log.warning("live feed lost the database: %s", error)
                else:
                    log.exception("live feed failed; it starts again")
            await asyncio.sleep(RETRY_SECONDS)

    async def _listen(self) -> None:
        async with AsyncExitStack() as stack:
            listener = await self._connect()
            stack.push_async_callback(listener.close)
            self._reader = await self._connect()
            stack.push_async_callback(self._reader.close)
            stack.callback(self._ready.clear)
            await listener.execute(f"LISTEN {FEED_CHANNEL}")
            await listener.execute(f"LISTEN {WHISPER_CHANNEL}")
            await self._begin()
            self._ready.set()
            both = {asyncio.create_task(self._hear(listener)), asyncio.create_task(self._follow())}
            try:
                ended, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
                for task in ended:
                    task.result()
            finally:
                await _cancelled(*both, again_after=0.2)

    async def _begin(self) -> None:
        epoch, horizon = await self._one(EPOCH), int(await self._one(NOW))
        if epoch == self._epoch and horizon >= self._horizon:
            await self._catch_up()
            return
        # Another database, or this one as it was: what streams have read says nothing about it.
        self._epoch, self._horizon, self._seen = epoch, horizon, {}
        self._recent.clear()
        self._recent_from = horizon
        for subscription in self._streams():
            subscription.end()
        # What committed while an older transaction was running lies behind the horizon and was never told.
        await self._catch_up()

    async def _hear(self, listener: AsyncConnection[Any]) -> None:
        async for notification in listener.notifies():
            if notification.channel == WHISPER_CHANNEL:
                self._whisper(notification.payload)
            else:
                self._news.set()

    async def _follow(self) -> None:
        # Apart from listening, so that a hundred notifications at once are one look and not a hundred.
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._news.wait()
            self._news.clear()
            asking, self._asking = self._asking, []
            try:
                await self._catch_up()
            except (psycopg.Error, OSError):
                _answer(asking, NotLive("the database went away"))
                raise
            _answer(asking, None)

    async def _one(self, statement: str) -> str:
        return str((await self._rows(statement, {}))[0][0])

    async def _catch_up(self) -> None:
        after, reached = (self._horizon, 0), None
        while True:
            events, horizon = await self._read(after)
            # What a later page no longer sees as running may lie before the first one: its horizon counts.
            reached = horizon if reached is None else reached
            fresh = [event for event in events if event.seq not in self._seen]
            self._seen.update((event.seq, event.xact) for event in fresh)
            is_last = len(events) < READ_LIMIT
            if is_last:
                self._horizon = max(self._horizon, reached)
                self._seen = {seq: xact for seq, xact in self._seen.items() if xact >= self._horizon}
            self._remember(fresh)
            self._hand_out(fresh)
            if is_last:
                return
            after = (events[-1].xact, events[-1].seq)

    async def _read(self, after: tuple[int, int]) -> tuple[list[FeedEvent], int]:
        """At most ``READ_LIMIT`` events behind a transaction and number, and the horizon when looking."""
        rows = await self._rows(READ, {"xact": after[0], "seq": after[1], "limit": READ_LIMIT})
        return [FeedEvent(*row[1:]) for row in rows if row[1] is not None], int(rows[0][0])

    async def _rows(self, statement: str, values: dict[str, int]) -> list[Any]:
        if self._reader is None:
            raise NotLive("not started")
        cursor = await self._reader.execute(statement, values)
        return await cursor.fetchall()

    def _remember(self, events: list[FeedEvent]) -> None:
        for event in events:
            if len(self._recent) == self._recent.maxlen:
                self._recent_from = max(self._recent_from, self._recent[0].xact + 1)
            self._recent.append(event)

    def _hand_out(self, events: list[FeedEvent]) -> None:
        if not events:
            return
        cursor = self.cursor
        wanted: dict[Subscription, list[FeedEvent]] = defaultdict(list)
        for event in events:
            receivers: set[Subscription] = set()
            for topic in topics_of(event):
                receivers |= self._subscribers.get(topic, set())
            for subscription in receivers:
                wanted[subscription].append(event)
        shared: dict[tuple[int, ...], Batch] = {}
        for subscription, theirs in wanted.items():
            key = tuple(event.seq for event in theirs)
            batch = shared.get(key)
            if batch is None:
                batch = shared[key] = Batch(tuple(theirs), cursor)
            subscription.put(batch)

    def _whisper(self, payload: str) -> None:
        try:
            message = orjson.loads(payload)
            topic: Topic = (message["topic"][0], uuid.UUID(message["topic"][1]))
            body: dict[str, Any] = message["body"]
            key, seconds = message.get("key", ""), float(message.get("holds", 0))
        except (ValueError, TypeError, LookupError, AttributeError):
            log.warning("a whisper could not be read")  # anybody on the database may notify
            return
        if key:
            self._hold(topic, key, seconds, body)
        for subscription in self._subscribers.get(topic, set()):
            subscription.put(Whisper(topic, body))

    def _hold(self, topic: Topic, key: str, seconds: float, body: dict[str, Any]) -> None:
        current = time.monotonic()
        held = {name: kept for name, kept in self._presence.pop(topic, {}).items() if kept[0] >= current}
        held.pop(key, None)
        if seconds > 0:
            held[key] = (current + seconds, body)
        if held:
            self._presence[topic] = held


def _answer(asking: list[asyncio.Future[None]], trouble: NotLive | None) -> None:
    for looked in asking:
        if looked.done():
            continue  # whoever asked has gone
        if trouble is None:
            looked.set_result(None)
        else:
            looked.set_exception(trouble)


async def _cancelled(*tasks: asyncio.Task[None], again_after: float) -> None:
    """Cancel tasks until they have ended.

    Once is not enough before Python 3.12: ``asyncio.wait_for``, which psycopg waits with, swallows a
    cancellation that comes together with what it waits for.
    """
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        ended, pending = await asyncio.wait(pending, timeout=again_after)
        for task in ended:
            if not task.cancelled():
                task.exception()  # looked at, so that asyncio does not complain; the first one is raised


def _is_only_trouble(error: Exception) -> bool:
    """Whether the database being away explains it."""
    return isinstance(error, psycopg.Error | OSError)
