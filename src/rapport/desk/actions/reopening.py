"""Taking up a settled matter again; shared by a member's decision and a customer's new message."""

from __future__ import annotations

from datetime import datetime

from rapport.desk import events
from rapport.desk.actions.thread import add_change
from rapport.desk.models import Closure, Conversation
from rapport.kernel.actors import Actor
from rapport.kernel.log import record


def reopen_in_place(actor: Actor, conversation: Conversation, at: datetime) -> None:
    """End the closure in force and open the (locked) conversation again; the caller saves it."""
    Closure.objects.within(actor).filter(conversation=conversation, reopened_at=None).update(
        reopened_at=at, reopened_by_kind=actor.kind.value
    )
    conversation.status = Conversation.Status.OPEN
    conversation.resolved_at = None
    conversation.waiting_since = conversation.waiting_since or at
    add_change(actor, conversation, at, {"what": "reopened"})
    record(
        actor,
        events.CONVERSATION_REOPENED,
        subject=("conversation", conversation.pk),
        identity_id=conversation.identity_id,
        channel=conversation.channel,
        at=at,
        data={"number": conversation.number},
    )
