"""What we told a customer to expect: made, kept, broken."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from rapport.accounts.queries import default_calendar
from rapport.desk import events
from rapport.desk.models import Conversation, Promise, ServicePolicy
from rapport.desk.rules import DEFAULT_FIRST_REPLY, first_reply_due
from rapport.kernel import clock
from rapport.kernel.actors import Actor, system
from rapport.kernel.calendars import BusinessCalendar, CalendarError
from rapport.kernel.log import record

SWEEP_SIZE = 200
_TOLD = {
    Promise.Outcome.KEPT: events.PROMISE_KEPT,
    Promise.Outcome.BROKEN: events.PROMISE_BROKEN,
    Promise.Outcome.WAIVED: events.PROMISE_WAIVED,
}


def promise_first_reply(actor: Actor, conversation: Conversation, at: datetime) -> Promise | None:
    """Promise the first reply of a conversation that just opened (or came up again).

    ``None`` when business never opens again by the calendar: then nothing can be promised, and the
    customer's message is taken in all the same.
    """
    within, calendar = _policy(actor, conversation.channel)
    try:
        due_at = first_reply_due(at, within=within, calendar=calendar)
    except CalendarError:
        return None
    promise = Promise.objects.create(
        workspace_id=conversation.workspace_id,
        conversation=conversation,
        identity_id=conversation.identity_id,
        kind=Promise.Kind.FIRST_REPLY,
        made_at=at,
        due_at=due_at,
    )
    _tell(system(conversation.workspace_id), events.PROMISE_MADE, promise, conversation, at)
    refresh_deadline(conversation)
    return promise


def fulfil_first_reply(actor: Actor, conversation: Conversation, at: datetime) -> None:
    """The reply was given: an open promise is kept or, past its time, broken."""
    for promise in (
        Promise.objects.within(actor)
        .select_for_update(no_key=True)
        .filter(conversation=conversation, kind=Promise.Kind.FIRST_REPLY, fulfilled_at=None)
    ):
        promise.fulfilled_at = at
        if promise.outcome == Promise.Outcome.OPEN:
            _settle(
                promise,
                conversation,
                Promise.Outcome.KEPT if at <= promise.due_at else Promise.Outcome.BROKEN,
                at,
            )
        else:
            promise.save(update_fields=["fulfilled_at"])
    refresh_deadline(conversation)


def waive_first_reply(actor: Actor, conversation: Conversation, at: datetime) -> None:
    """The matter was settled without a reply: what was promised falls away, or is broken when it was late."""
    for promise in (
        Promise.objects.within(actor)
        .select_for_update(no_key=True)
        .filter(conversation=conversation, kind=Promise.Kind.FIRST_REPLY, outcome=Promise.Outcome.OPEN)
    ):
        outcome = Promise.Outcome.WAIVED if at <= promise.due_at else Promise.Outcome.BROKEN
        _settle(promise, conversation, outcome, at)
    refresh_deadline(conversation)


def break_overdue(at: datetime | None = None) -> int:
    """Break all open promises whose time has passed, in every workspace; returns how many.

    Safe to run from several processes: each takes other rows. A conversation that somebody is changing right
    now, perhaps by the very reply, is left for the next run: this one never waits, so it can never be waited
    for in a ring.
    """
    moment = at or clock.now()
    broken = 0
    while True:
        with transaction.atomic():
            due = list(
                Promise.objects.across_workspaces()
                .select_for_update(skip_locked=True, no_key=True, of=("self", "conversation"))
                .select_related("conversation")
                .filter(outcome=Promise.Outcome.OPEN, due_at__lt=moment)
                .order_by("due_at")[:SWEEP_SIZE]
            )
            for promise in due:
                conversation = promise.conversation
                _settle(promise, conversation, Promise.Outcome.BROKEN, moment)
                refresh_deadline(conversation)
                conversation.save(update_fields=["next_deadline_at"])
        broken += len(due)
        if len(due) < SWEEP_SIZE:
            return broken


def refresh_deadline(conversation: Conversation) -> None:
    """Set ``next_deadline_at`` from the open promises (in memory; the caller saves)."""
    nearest = (
        Promise.objects.within(conversation.workspace_id)
        .filter(conversation=conversation, outcome=Promise.Outcome.OPEN)
        .order_by("due_at")
        .first()
    )
    conversation.next_deadline_at = nearest.due_at if nearest else None


def _policy(actor: Actor, channel: str) -> tuple[timedelta, BusinessCalendar | None]:
    policies = {
        policy.channel: policy
        for policy in ServicePolicy.objects.within(actor)
        .filter(channel__in=["", channel])
        .select_related("calendar")
    }
    policy = policies.get(channel) or policies.get("")
    within = timedelta(minutes=policy.first_reply_minutes) if policy else DEFAULT_FIRST_REPLY
    row = policy.calendar if policy and policy.calendar else default_calendar(actor.workspace_id)
    return within, row.hours() if row else None


def _settle(promise: Promise, conversation: Conversation, outcome: str, at: datetime) -> None:
    promise.outcome = outcome
    promise.settled_at = at
    promise.save(update_fields=["outcome", "settled_at", "fulfilled_at"])
    _tell(system(promise.workspace_id), _TOLD[Promise.Outcome(outcome)], promise, conversation, at)


def _tell(actor: Actor, kind: str, promise: Promise, conversation: Conversation, at: datetime) -> None:
    record(
        actor,
        kind,
        subject=("conversation", conversation.pk),
        identity_id=promise.identity_id,
        channel=conversation.channel,
        at=at,
        data={
            "promise": str(promise.pk),
            "promise_kind": promise.kind,
            "number": conversation.number,
            "due_at": promise.due_at.isoformat(),
        },
    )
