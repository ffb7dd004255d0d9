"""The yardstick: a bare ASGI application that sends given bytes to its open streams, from memory.

``GET /live`` opens a stream, ``POST /say?to=<n>`` sends the body to the n-th of them or, without ``to``, to
all. No database, no session, no JSON.
"""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qs

_streams: list[asyncio.Queue[bytes]] = []
_EVENT_STREAM = [(b"content-type", b"text/event-stream")]


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    if scope["path"] == "/live":
        await _stream(receive, send)
        return
    body = b""
    if scope["method"] == "POST":
        body = (await receive())["body"]
        to = parse_qs(scope["query_string"].decode()).get("to")
        for queue in [_streams[int(to[0])]] if to else _streams:
            queue.put_nowait(body)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def _stream(receive: Any, send: Any) -> None:
    queue: asyncio.Queue[bytes] = asyncio.Queue()
    _streams.append(queue)
    await send({"type": "http.response.start", "status": 200, "headers": _EVENT_STREAM})
    await send({"type": "http.response.body", "body": b"event: ready\ndata: {}\n\n", "more_body": True})
    while True:
        await send({"type": "http.response.body", "body": await queue.get(), "more_body": True})
