"""The yardstick: a web application that says hello, under the bare server."""

from __future__ import annotations

from typing import Any


async def application(scope: dict[str, Any], _receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"hello"})
