"""The yardstick: the very statements of a screen on a bare psycopg connection, their rows dumped as JSON.

Served by the same server on the same machine, without Django, session, permissions or templates. What a
screen costs beyond this is what its comfort costs.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson
import psycopg

_statements: dict[str, list[str]] = orjson.loads(Path(os.environ["BENCH_STATEMENTS"]).read_bytes())
_connections: list[psycopg.Connection[tuple[Any, ...]]] = []


def _connection() -> psycopg.Connection[tuple[Any, ...]]:
    if not _connections:
        _connections.append(psycopg.connect(os.environ["BENCH_DATABASE"], autocommit=True))
    return _connections[0]


async def application(
    scope: dict[str, Any], _receive: object, send: Callable[[dict[str, Any]], Awaitable[None]]
) -> None:
    if scope["type"] != "http":
        return
    connection = _connection()
    found = [connection.execute(one.encode()).fetchall() for one in _statements.get(scope["path"], [])]
    body = orjson.dumps(found, default=str)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
