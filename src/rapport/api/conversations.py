"""Routes about conversations. Their address is the number that members see."""

from __future__ import annotations

import uuid
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from ninja import Header, Path, Query, Router, Status

from rapport.api.errors import Conflict
from rapport.api.shapes import (
    AssignmentIn,
    ConversationLine,
    ConversationList,
    ConversationOut,
    EntryOut,
    NewEntry,
    NewNote,
)
from rapport.desk import actions, queries
from rapport.kernel.actors import Actor
from rapport.kernel.plaintext import clean_text

router = Router(tags=["conversations"])

Number = Annotated[int, Path(ge=1, le=2_147_483_647)]
State = Literal["open", "waiting", "snoozed", "resolved"]
Limit = Annotated[int, Query(ge=1, le=100)]
Cursor = Annotated[str, Query(max_length=120)]
Seq = Annotated[int | None, Query(ge=1, le=2_147_483_647)]
Once = Annotated[
    str,
    Header(alias="Idempotency-Key", max_length=64, pattern=r"^[\x21-\x7e]*$"),
]


@router.get("", response=ConversationList, summary="List conversations")
def conversations(
    request: HttpRequest, status: State = "open", cursor: Cursor = "", limit: Limit = 50
) -> Any:
    """One page of a status. Open ones come longest waiting first, all others latest first."""
    page = queries.inbox(actor_of(request), tab=status, cursor=cursor, limit=limit)
    return {"items": page.rows, "next_cursor": page.next_cursor}


@router.get("/{number}", response=ConversationOut, summary="Read a conversation")
def conversation(request: HttpRequest, number: Number, before_seq: Seq = None) -> Any:
    """The conversation with its latest entries, oldest first; earlier ones with `before_seq`."""
    return _conversation(actor_of(request), number, before_seq=before_seq)


@router.post("/{number}/replies", response={201: EntryOut}, summary="Reply to the customer")
def reply(request: HttpRequest, number: Number, body: NewEntry, once: Once = "") -> Any:
    """Send a message on the channel the customer used last.

    With an `Idempotency-Key` the same request sent twice answers once; the key with another text is refused.
    """
    actor = actor_of(request)
    key = _id(actor, number)
    entry = actions.reply(actor, key, text=body.text, dedupe_key=once or None, seen_seq=body.seen_seq)
    return Status(201, _same(entry, key, body.text))


@router.post("/{number}/notes", response={201: EntryOut}, summary="Write a note")
def note(request: HttpRequest, number: Number, body: NewNote, once: Once = "") -> Any:
    """Leave a note that only members see. `Idempotency-Key` works as for replies."""
    actor = actor_of(request)
    key = _id(actor, number)
    entry = actions.write_note(actor, key, text=body.text, dedupe_key=once or None)
    return Status(201, _same(entry, key, body.text))


@router.put("/{number}/closure", response=ConversationOut, summary="Resolve")
def close(request: HttpRequest, number: Number) -> Any:
    """Settle the matter. Resolving a resolved one changes nothing."""
    actor = actor_of(request)
    actions.resolve(actor, _id(actor, number))
    return _conversation(actor, number)


@router.delete("/{number}/closure", response=ConversationOut, summary="Reopen")
def reopen(request: HttpRequest, number: Number) -> Any:
    """Take the matter up again. Reopening an open one changes nothing."""
    actor = actor_of(request)
    actions.reopen(actor, _id(actor, number))
    return _conversation(actor, number)


@router.put("/{number}/assignment", response=ConversationOut, summary="Assign")
def assign(request: HttpRequest, number: Number, body: AssignmentIn) -> Any:
    """Make a member, a team, both or nobody responsible."""
    actor = actor_of(request)
    actions.assign(actor, _id(actor, number), member_id=body.member_id, team_id=body.team_id)
    return _conversation(actor, number)


def actor_of(request: HttpRequest) -> Actor:
    """Who the authentication found."""
    actor = getattr(request, "auth", None)
    if not isinstance(actor, Actor):
        raise TypeError("a route was reached without authentication")
    return actor


def _id(actor: Actor, number: int) -> uuid.UUID:
    key = queries.conversation_id(actor, number)
    if key is None:
        raise Http404("no such conversation")
    return key


def _conversation(actor: Actor, number: int, *, before_seq: int | None = None) -> dict[str, Any]:
    thread = queries.thread(actor, number, before_seq=before_seq)
    if thread is None:
        raise Http404("no such conversation")
    line = {field: getattr(thread.line, field) for field in ConversationLine.model_fields}
    return {**line, "entries": thread.entries, "has_earlier_entries": thread.earlier}


def _same(entry: Any, conversation_id: uuid.UUID, text: str) -> Any:
    """The entry, unless its key was used for something else before."""
    if entry.conversation_id == conversation_id and entry.text == clean_text(text, max_chars=len(text) + 1):
        return entry
    raise Conflict("idempotency_key_used", "This Idempotency-Key was used for another message.")
