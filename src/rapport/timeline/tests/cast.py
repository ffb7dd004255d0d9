"""What tests of the log share: hands that write to it, several at once where it matters."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import psycopg
from django.db import connection
from psycopg import AsyncConnection

from rapport.kernel.actors import Actor, system
from rapport.kernel.ids import new_id
from rapport.kernel.log import record
from rapport.timeline.live import Batch, Hub, Subscription

Result = TypeVar("Result")
HAPPENED = "page.viewed"
LONG = 20.0  # seconds after which a test that waits has failed


def somebody() -> Actor:
    """The system in a company that nobody else writes to."""
    return system(new_id())


def tell(actor: Actor, *, identity_id: uuid.UUID | None = None, **data: Any) -> None:
    record(actor, HAPPENED, identity_id=identity_id, data=data)


def parameters() -> dict[str, Any]:
    known = dict(connection.get_connection_params())
    wanted = ("dbname", "host", "port", "user", "password")
    return {name: known[name] for name in wanted if name in known}


async def connect() -> AsyncConnection[Any]:
    return await AsyncConnection.connect(**parameters(), autocommit=True)


INSERT = (
    "INSERT INTO timeline_event (workspace_id, kind, at, identity_id, data)"
    " VALUES (%s, 'page.viewed', now(), %s, jsonb_build_object('n', %s::int)) RETURNING seq"
)


class Hand:
    """Somebody who writes over a connection of their own and commits when told to."""

    def __init__(self) -> None:
        self.connection = psycopg.connect(**parameters())

    def write(self, workspace_id: uuid.UUID, number: int, identity_id: uuid.UUID | None = None) -> int:
        row = self.connection.execute(INSERT, [workspace_id, identity_id, number]).fetchone()
        assert row is not None
        self.connection.execute("SELECT pg_notify('rapport_feed', '')")
        return int(row[0])

    def commit(self) -> None:
        self.connection.commit()

    def rollback(self) -> None:
        self.connection.rollback()

    def close(self) -> None:
        self.connection.close()


async def heard(subscription: Subscription, until: Callable[[list[int]], bool]) -> list[int]:
    """The numbers of the events a stream was told, in order, once ``until`` holds of them."""
    import asyncio

    numbers: list[int] = []
    while not until(numbers):
        item = await asyncio.wait_for(subscription.queue.get(), LONG)
        assert item is not None, "the stream ended"
        if isinstance(item, Batch):
            numbers += [event.data["n"] for event in item.events]
    return numbers


async def with_hub(body: Callable[[Hub], Awaitable[Result]]) -> Result:
    hub = Hub(connect)
    await hub.start()
    try:
        return await body(hub)
    finally:
        await hub.stop()


def at_once(*attempts: Callable[[], object]) -> list[object]:
    """Run all at the same moment; what each returned or raised."""
    gate = threading.Barrier(len(attempts))
    results: list[object] = [None] * len(attempts)

    def run(number: int, attempt: Callable[[], object]) -> None:
        try:
            gate.wait()
            results[number] = attempt()
        except Exception as error:  # noqa: BLE001  (the test looks at it)
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(attempts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connection.close_pool()  # whoever tests next starts with the connections they ask for
    return results
