"""What all writes to a conversation share: locking it, adding a line, keeping its present state in step."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import connection

from rapport.desk.models import Conversation, Entry, Leg, Snooze
from rapport.desk.rules import preview
from rapport.kernel.actors import Actor, ActorKind


class NoSuchConversation(LookupError):
    """There is no such conversation in the actor's workspace."""


class BadChange(ValueError):
    """What was asked for makes no sense for this conversation; the message says why."""


def locked(actor: Actor, conversation_id: uuid.UUID) -> Conversation:
    """The conversation, locked until the transaction ends. Raises ``NoSuchConversation``."""
    conversation = (
        Conversation.objects.within(actor).select_for_update(no_key=True).filter(pk=conversation_id).first()
    )
    if conversation is None:
        raise NoSuchConversation(str(conversation_id))
    return conversation


def next_number(workspace_id: uuid.UUID) -> int:
    """The next conversation number of a workspace; its row stays locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO desk_conversationnumber (workspace_id, last) VALUES (%s, 1)"
            " ON CONFLICT (workspace_id) DO UPDATE SET last = desk_conversationnumber.last + 1 RETURNING last",
            [workspace_id],
        )
        return int(cursor.fetchone()[0])


def add_entry(
    actor: Actor,
    conversation: Conversation,
    *,
    kind: str,
    direction: str,
    at: datetime,
    text: str = "",
    change: dict[str, Any] | None = None,
    leg: Leg | None = None,
    dedupe_key: str | None = None,
    language: str = "",
) -> Entry:
    """Add a line and bring the conversation's summary up to date (in memory; the caller saves it)."""
    conversation.last_seq += 1
    entry = Entry.objects.create(
        workspace_id=conversation.workspace_id,
        conversation=conversation,
        leg=leg,
        seq=conversation.last_seq,
        kind=kind,
        direction=direction,
        author_kind=actor.kind.value,
        author_id=actor.id,
        author_name=actor.name[:120],
        text=text,
        change=change,
        language=language,
        at=at,
        dedupe_key=dedupe_key,
    )
    if kind == Entry.Kind.MESSAGE:
        conversation.last_preview = preview(text)
        conversation.last_author_kind = actor.kind.value
    if kind != Entry.Kind.CHANGE:
        # A message that was long on its way does not move the conversation back in the list.
        conversation.last_entry_at = max(at, conversation.last_entry_at)
    if direction == Entry.Direction.IN:
        conversation.last_customer_seq = entry.seq
    return entry


def add_change(actor: Actor, conversation: Conversation, at: datetime, change: dict[str, Any]) -> Entry:
    return add_entry(
        actor,
        conversation,
        kind=Entry.Kind.CHANGE,
        direction=Entry.Direction.INSIDE,
        at=at,
        change=change,
    )


def end_snooze(conversation: Conversation, at: datetime) -> None:
    """Whatever was put aside is back (in memory; the caller saves the conversation)."""
    if conversation.snoozed_until is None:
        return
    conversation.snoozed_until = None
    Snooze.objects.within(conversation.workspace_id).filter(conversation=conversation, ended_at=None).update(
        ended_at=at
    )


def by(actor: Actor) -> dict[str, Any]:
    """The ``by_…`` columns of a record made by ``actor``."""
    return {"by_kind": actor.kind.value, "by_id": actor.id}


def is_member(actor: Actor) -> bool:
    return actor.kind is ActorKind.MEMBER
