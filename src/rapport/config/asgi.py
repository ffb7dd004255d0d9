"""The server's root: live streams natively, everything else through Django in a fixed pool of threads.

Synchronous Django on threads keeps database connections few and code plain; only what stays open for hours
must not hold a thread.
"""

from __future__ import annotations

import asyncio
import os
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapport.config.settings")

from a2wsgi import WSGIMiddleware
from psycopg import AsyncConnection

from rapport.config.jobs import start_inline_worker
from rapport.config.options import options
from rapport.config.wsgi import application as django
from rapport.timeline.live import Hub
from rapport.timeline.sse import Receive, Scope, Send, refuse
from rapport.web.live import inbox_stream
from rapport.widget.live import chat_stream


async def _connect() -> AsyncConnection[Any]:
    from django.db import connection

    parameters = dict(connection.get_connection_params())
    for name in (
        "cursor_factory",
        "context",
        "pool",
        "server_side_binding",
        "prepare_threshold",
        "isolation_level",
    ):
        parameters.pop(name, None)
    return await AsyncConnection.connect(**parameters, autocommit=True)


def _as_coroutine(receive: Receive) -> Receive:
    """Granian hands out a bare awaitable; a2wsgi schedules it from another thread and needs a coroutine."""

    async def received() -> dict[str, Any]:
        return await receive()

    return received


class Root:
    """ASGI application with a lifespan: the hub and, where asked for, the inline worker live as long as it."""

    def __init__(self) -> None:
        self.hub = Hub(_connect)
        self._pages = WSGIMiddleware(cast("Any", django), workers=options().web_threads)
        self._streams = {"/live/inbox": inbox_stream, "/live/chat": chat_stream}
        self._worker: Any = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            stream = self._streams.get(scope["path"])
            if stream is not None:
                await stream(scope, receive, send, self.hub)
            else:
                await self._pages(scope, _as_coroutine(receive), send)  # type: ignore[arg-type]
        else:
            await refuse(send, 404, "only HTTP is spoken here")

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self.hub.start()
                if options().inline_worker:
                    self._worker = start_inline_worker()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self.hub.stop()
                if self._worker is not None:
                    await asyncio.to_thread(self._worker.stop)
                await send({"type": "lifespan.shutdown.complete"})
                return


application = Root()
