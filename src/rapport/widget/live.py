"""The chat's live stream: what a visitor may hear, and nothing else.

The hub hands over every event of the visitor's identities. Only the kinds below are told, in shapes made
here; everything else (notes, assignments, promises) stays inside. Messages are read again by a query that
names account and identities, so even an event that carried too much could not leak.
"""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

from django.db import connection

from rapport.channels.chat import queries
from rapport.channels.chat.rules import choose_language, first_name
from rapport.channels.chat.visitors import BadVisitor, Visitor, read_token
from rapport.kernel.limits import RateLimited
from rapport.timeline.feed import FeedEvent
from rapport.timeline.live import Batch, Hub, Topic, Whisper
from rapport.timeline.sse import Receive, Scope, Send, header, refuse, serve
from rapport.widget.exchange import bearer
from rapport.widget.limits import address_of, limiter
from rapport.widget.shapes import line_shape, question_shape

MESSAGES = frozenset({"message.sent", "message.received"})
RECEIPTS = "message.delivered"
RESOLVED = "conversation.resolved"
ASKED = "survey.invited"
TOLD = MESSAGES | {RECEIPTS, RESOLVED, ASKED}
#: Tabs of one visitor; more than that is not a person.
STREAMS_PER_VISITOR = 12

Frame = tuple[str, Any]
Result = TypeVar("Result")

_open_streams: Counter[uuid.UUID] = Counter()


async def chat_stream(scope: Scope, receive: Receive, send: Send, hub: Hub) -> None:
    """``GET /live/chat`` with ``Authorization: Bearer <visitor token>``. The token needs no database."""
    if scope["method"] != "GET":
        await refuse(send, 405, "a stream is asked for with GET")
        return
    try:
        visitor = read_token(bearer(header(scope, "authorization"))).visitor
        limiter.hit("widget.stream", str(visitor.identity_id))
        limiter.hit("widget.read_from_address", _address(scope))
    except BadVisitor as error:
        await refuse(send, 401, str(error))
        return
    except RateLimited as error:
        await refuse(send, 429, str(error), headers={"Retry-After": str(error.retry_after_seconds)})
        return
    if _open_streams[visitor.identity_id] >= STREAMS_PER_VISITOR:
        await refuse(send, 429, "this chat is open in too many tabs", headers={"Retry-After": "60"})
        return
    language = choose_language(
        asked=header(scope, "x-rapport-language")[:20],
        accepted=header(scope, "accept-language"),
        default="en",
    )
    _open_streams[visitor.identity_id] += 1
    try:
        await serve(
            scope,
            receive,
            send,
            hub=hub,
            topics=_topics(visitor),
            render=_renderer(visitor, language),
            greeting=_greeter(hub, visitor),
        )
    finally:
        _open_streams[visitor.identity_id] -= 1
        if not _open_streams[visitor.identity_id]:
            del _open_streams[visitor.identity_id]


def told_batch(visitor: Visitor, events: Iterable[FeedEvent], *, language: str) -> list[Frame]:
    """What a batch of events says to a visitor: pairs of name and data, in the order of the log.

    At most three statements, whatever the size of the batch.
    """
    mine = [event for event in events if event.kind in TOLD and event.identity_id in visitor.identities]
    if not mine:
        return []
    entries = {_id(event.data.get("entry")) for event in mine if event.kind in MESSAGES} - {None}
    lines = {line.id: line for line in queries.lines(visitor, [entry for entry in entries if entry])}
    about = {event.subject_id for event in mine if event.kind in {RECEIPTS, RESOLVED} and event.subject_id}
    conversations = queries.own_conversations(visitor, about) if about else set()
    frames: list[Frame] = []
    for event in mine:
        if event.kind in MESSAGES:
            line = lines.get(_id(event.data.get("entry")) or event.workspace_id)
            if line is not None:
                frames.append(("message", line_shape(line)))
        elif event.kind == ASKED:
            frames += _question(visitor, event, language)
        elif event.subject_id in conversations:
            frames.append(_about_conversation(event))
    return frames


def told_whisper(whisper: Whisper) -> list[Frame]:
    """Only that a member is typing, by first name."""
    body = whisper.body
    if not isinstance(body.get("typing"), bool):
        return []
    return [("typing", {"typing": body["typing"], "name": first_name(str(body.get("name", "")))[:40]})]


def _topics(visitor: Visitor) -> list[Topic]:
    return [("identity", identity) for identity in visitor.identities]


def _renderer(visitor: Visitor, language: str) -> Callable[[Batch | Whisper], Awaitable[Iterable[Frame]]]:
    async def render(item: Batch | Whisper) -> Iterable[Frame]:
        if isinstance(item, Whisper):
            return told_whisper(item)
        if not any(event.kind in TOLD for event in item.events):
            return []
        return await asyncio.to_thread(
            _with_own_connection, lambda: told_batch(visitor, item.events, language=language)
        )

    return render


def _greeter(hub: Hub, visitor: Visitor) -> Callable[[], Awaitable[Iterable[Frame]]]:
    async def greeting() -> Iterable[Frame]:
        held = [Whisper(topic, body) for topic in _topics(visitor) for body in hub.present(topic)]
        return [frame for whisper in held for frame in told_whisper(whisper)]

    return greeting


def _with_own_connection(read: Callable[[], Result]) -> Result:
    # A thread of the event loop's pool lives on; its connection must go back.
    try:
        return read()
    finally:
        connection.close()


def _question(visitor: Visitor, event: FeedEvent, language: str) -> list[Frame]:
    invitation = _id(event.data.get("invitation"))
    asked = (
        queries.open_question(visitor, language=language, invitation_id=invitation) if invitation else None
    )
    return [("question", question_shape(asked))] if asked else []


def _about_conversation(event: FeedEvent) -> Frame:
    conversation = str(event.subject_id)
    if event.kind == RESOLVED:
        return "resolved", {"conversation": conversation}
    return "receipt", {
        "conversation": conversation,
        "seq": event.data.get("entry_seq"),
        "state": event.data.get("state"),
    }


def _id(text: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None


def _address(scope: Scope) -> str:
    remote = (scope.get("client") or ("", 0))[0]
    return address_of(remote, lambda name: header(scope, name))
