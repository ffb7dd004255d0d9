"""Short-lived news that is stored nowhere: who is looking, who is typing."""

from __future__ import annotations

import uuid
from typing import Any

import orjson
from django.db import connection

from rapport.timeline.live import WHISPER_CHANNEL

MAX_BYTES = 4_000  # PostgreSQL refuses notifications of 8,000 bytes


def whisper(topic: tuple[str, uuid.UUID], body: dict[str, Any], *, key: str = "", holds: float = 0) -> None:
    """Tell all streams of ``topic`` something now.

    With ``key`` the hub remembers it for ``holds`` seconds, so that streams opened meanwhile can be told;
    ``holds=0`` forgets it.
    """
    payload = orjson.dumps({"topic": [topic[0], str(topic[1])], "body": body, "key": key, "holds": holds})
    if len(payload) > MAX_BYTES:
        raise ValueError("a whisper must stay under 4,000 bytes")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [WHISPER_CHANNEL, payload.decode()])
