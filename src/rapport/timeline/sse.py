"""Server-sent events over plain ASGI: one open answer per stream, native, outside Django."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

import orjson

from rapport.timeline.live import Batch, Hub, NotLive, Reload, Subscription, Topic, Whisper

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
#: What a stream tells: pairs of event name and JSON-able data. Called for each batch and each whisper.
Render = Callable[[Batch | Whisper], Awaitable[Iterable[tuple[str, Any]]]]

HEARTBEAT_SECONDS = 15
RETRY_MILLISECONDS = 2_000
MAX_STREAM_SECONDS = 3_600

_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


def header(scope: Scope, name: str) -> str:
    """One request header, decoded; empty when absent."""
    wanted = name.lower().encode()
    for key, value in scope["headers"]:
        if key == wanted:
            return str(value.decode("latin-1"))
    return ""


def frame(name: str, data: Any, *, event_id: str = "") -> bytes:
    """One server-sent event."""
    head = f"id: {event_id}\n" if event_id else ""
    return f"{head}event: {name}\ndata: ".encode() + orjson.dumps(data) + b"\n\n"


async def refuse(send: Send, status: int, message: str, *, headers: Mapping[str, str] | None = None) -> None:
    """Answer with an error instead of a stream."""
    extra = [(key.lower().encode(), value.encode()) for key, value in (headers or {}).items()]
    body = b"" if status == 204 else orjson.dumps({"message": message})
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [(b"content-type", b"application/json"), *extra],
        }
    )
    await send({"type": "http.response.body", "body": body})


async def serve(
    scope: Scope,
    receive: Receive,
    send: Send,
    *,
    hub: Hub,
    topics: Iterable[Topic],
    render: Render,
    greeting: Callable[[], Awaitable[Iterable[tuple[str, Any]]]] | None = None,
    headers: Iterable[tuple[bytes, bytes]] = (),
    since: str = "",
    same_words: str = "",
    is_over: Callable[[Batch], bool] = lambda batch: False,
) -> None:
    """Hold a stream open until the browser leaves, falls behind, or an hour has passed.

    ``since`` is where the log stood when the page was made that opens the stream. The browser comes back by
    itself with ``Last-Event-ID`` and is replayed; when that is not possible it gets the event ``reload`` and
    fetches its page anew. ``same_words`` names streams that all tell a batch in the same words: for them it
    is rendered once. ``is_over`` ends the stream at a batch, as when its reader lost access: the browser may
    come back and is checked anew.
    """
    topics = list(topics)
    try:
        try:
            subscription, missed = await hub.subscribe(topics, header(scope, "last-event-id") or since)
            reload = False
        except Reload:
            subscription, missed = await hub.subscribe(topics)
            reload = True
    except NotLive:
        await refuse(send, 503, "live updates are not available right now", headers={"Retry-After": "5"})
        return
    try:
        await send({"type": "http.response.start", "status": 200, "headers": [*_HEADERS, *headers]})
        opening = f"retry: {RETRY_MILLISECONDS}\n\n".encode()
        if reload:
            opening += frame("reload", {}, event_id=str(missed.cursor))
        else:
            opening += await _rendered(missed, render, "") + frame("ready", {}, event_id=str(missed.cursor))
        for name, data in await greeting() if greeting else ():
            opening += frame(name, data)
        await send({"type": "http.response.body", "body": opening, "more_body": True})
        await _pump(receive, send, subscription, hub, _renderer(render, same_words), is_over)
    finally:
        hub.unsubscribe(subscription)


def _renderer(render: Render, same_words: str) -> Callable[[Batch | Whisper], Awaitable[bytes]]:
    async def rendered(item: Batch | Whisper) -> bytes:
        return await _rendered(item, render, same_words)

    return rendered


async def _pump(
    receive: Receive,
    send: Send,
    subscription: Subscription,
    hub: Hub,
    rendered: Callable[[Batch | Whisper], Awaitable[bytes]],
    is_over: Callable[[Batch], bool],
) -> None:
    leaving = asyncio.create_task(_until_disconnect(receive, subscription))
    loop = asyncio.get_running_loop()
    end = loop.time() + MAX_STREAM_SECONDS
    queue = subscription.queue
    try:
        while loop.time() < end:
            try:
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    item = await queue.get()
            except TimeoutError:
                body = _heartbeat(hub, is_behind=not queue.empty())
            else:
                if item is None:
                    return
                if isinstance(item, Batch) and is_over(item):
                    return
                body = await rendered(item)
            if body:
                await send({"type": "http.response.body", "body": body, "more_body": True})
    finally:
        leaving.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await leaving
        with suppress(Exception):
            await send({"type": "http.response.body", "body": b"", "more_body": False})


def _heartbeat(hub: Hub, *, is_behind: bool) -> bytes:
    # With how far a quiet stream has come, or its browser would one day ask for too much.
    return b": still here\n\n" if is_behind else f": still here\nid: {hub.cursor}\n\n".encode()


async def _until_disconnect(receive: Receive, subscription: Subscription) -> None:
    """Ends the subscription when the browser has gone, which wakes whoever waits for its next item."""
    try:
        while (await receive())["type"] != "http.disconnect":
            pass
    finally:
        subscription.end()


async def _rendered(item: Batch | Whisper, render: Render, same_words: str) -> bytes:
    if isinstance(item, Whisper):
        return b"".join(frame(name, data) for name, data in await render(item))
    if same_words in item.rendered:
        return item.rendered[same_words]
    frames = list(await render(item))
    # Only the last frame of a batch carries the cursor: a stream cut in the middle is replayed whole.
    last = len(frames) - 1
    body = b"".join(
        frame(name, data, event_id=str(item.cursor) if index == last else "")
        for index, (name, data) in enumerate(frames)
    )
    if same_words:
        item.rendered[same_words] = body
    return body
