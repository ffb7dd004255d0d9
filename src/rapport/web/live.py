"""The members' live stream: which conversations moved, and who is looking at what.

It carries numbers and kinds, never words: the browser fetches what it shows, so every reading passes the
same permission check as a page.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs

from django.contrib.auth import get_user
from django.db import close_old_connections, connection
from django.http import HttpRequest, parse_cookie
from django.utils.module_loading import import_string

from rapport.accounts.events import MEMBER_SUSPENDED
from rapport.accounts.queries import seat_of
from rapport.desk.permissions import SEE_CONVERSATIONS
from rapport.kernel.actors import Actor
from rapport.timeline.live import Batch, Hub, Whisper
from rapport.timeline.sse import Receive, Scope, Send, header, refuse, serve

_SESSION_ENGINE = "django.contrib.sessions.backends.db.SessionStore"
#: What members whisper about themselves, and what a visitor's page says of its visitor.
WHISPERS = ("presence", "customer_typing")


async def inbox_stream(scope: Scope, receive: Receive, send: Send, hub: Hub) -> None:
    """``GET /live/inbox?workspace=<slug>&since=<cursor of the page>`` with the session cookie."""
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    slug, since = query.get("workspace", [""])[0], query.get("since", [""])[0]
    actor = await asyncio.to_thread(_reader, header(scope, "cookie"), slug)
    if actor is None:
        # 204 tells EventSource not to come back.
        await refuse(send, 204, "not signed in")
        return
    topic, member_id = ("workspace", actor.workspace_id), actor.id

    async def render(item: Batch | Whisper) -> Iterable[tuple[str, Any]]:
        if isinstance(item, Whisper):
            return [(name, item.body[name]) for name in WHISPERS if name in item.body]
        return [("event", _told(event)) for event in item.events]

    def lost_access(batch: Batch) -> bool:
        return any(event.kind == MEMBER_SUSPENDED and event.subject_id == member_id for event in batch.events)

    async def who_is_here() -> Iterable[tuple[str, Any]]:
        return [("presence", body["presence"]) for body in hub.present(topic) if "presence" in body]

    await serve(
        scope,
        receive,
        send,
        hub=hub,
        topics=[topic],
        render=render,
        greeting=who_is_here,
        since=since,
        same_words="inbox",
        is_over=lost_access,
    )


def _told(event: Any) -> dict[str, Any]:
    return {
        "seq": event.seq,
        "kind": event.kind,
        "number": event.data.get("number"),
        "identity": str(event.identity_id) if event.identity_id else None,
        "actor": str(event.actor_id) if event.actor_id else None,
    }


def _reader(cookie: str, slug: str) -> Actor | None:
    """Who the bearer of a session cookie is in a workspace, if they may follow its conversations."""
    close_old_connections()
    try:
        request = HttpRequest()
        request.COOKIES = parse_cookie(cookie)
        request.session = import_string(_SESSION_ENGINE)(request.COOKIES.get("sessionid"))
        seat = seat_of(get_user(request), slug)
        return seat.actor if seat and seat.actor.may(SEE_CONVERSATIONS) else None
    finally:
        connection.close()
