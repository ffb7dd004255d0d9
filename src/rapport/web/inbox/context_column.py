"""What stands beside a conversation: who, how they feel, what we owe, what they are worth, what happened last."""

from __future__ import annotations

import uuid
from typing import Any

from rapport.customers import queries as customers
from rapport.desk import queries as desk
from rapport.feedback import queries as feedback
from rapport.insight import queries as insight
from rapport.kernel.actors import Actor
from rapport.timeline import queries as timeline

LATEST = 12


def of(actor: Actor, thread: desk.Thread) -> dict[str, Any]:
    """The column for an open conversation."""
    return of_customer(actor, thread.line.customer_id)


def of_customer(actor: Actor, customer_id: uuid.UUID) -> dict[str, Any]:
    return {
        "customer": customers.customer(actor, customer_id),
        "identities": customers.identities_of(actor, customer_id),
        "scores": feedback.scores_of(actor, customer_id),
        "promises_owed": desk.open_promises(actor, customer_id),
        "worth": insight.worth_of(actor, customer_id),
        "happened": timeline.customer_timeline(actor, customer_id, limit=LATEST).events,
        "other_conversations": desk.conversations_of(actor, customer_id, limit=6),
    }
