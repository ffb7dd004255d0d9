"""What members do with a conversation besides talking in it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

from rapport.accounts.models import Member, Team
from rapport.desk import events
from rapport.desk.actions.promises import fulfil_first_reply
from rapport.desk.actions.reopening import reopen_in_place
from rapport.desk.actions.thread import add_change, by, is_member, locked
from rapport.desk.models import Assignment, Closure, Conversation, ReadMark, Snooze
from rapport.desk.permissions import SEE_CONVERSATIONS, TRIAGE
from rapport.kernel import clock
from rapport.kernel.actors import Actor, system
from rapport.kernel.log import record

SWEEP_SIZE = 200


class BadChange(ValueError):
    """What was asked for makes no sense for this conversation; the message says why."""


def assign(
    actor: Actor, conversation_id: uuid.UUID, *, member_id: uuid.UUID | None, team_id: uuid.UUID | None = None
) -> Conversation:
    """Make a member, a team or nobody responsible. Assigning the same again changes nothing."""
    actor.must(TRIAGE)
    member = _member(actor, member_id)
    team = _team(actor, team_id)
    with transaction.atomic():
        conversation = locked(actor, conversation_id)
        if conversation.assignee_id == member_id and conversation.team_id == team_id:
            return conversation
        at = clock.now()
        conversation.assignee, conversation.team = member, team
        Assignment.objects.create(
            workspace_id=actor.workspace_id, conversation=conversation, member=member, team=team, at=at, **by(actor)
        )
        change = {
            "what": "assigned",
            "member": member.name if member else "",
            "team": team.name if team else "",
            "to_self": bool(member and member.pk == actor.id),
        }
        add_change(actor, conversation, at, change)
        conversation.save()
        _tell(
            actor,
            events.CONVERSATION_ASSIGNED,
            conversation,
            at,
            {"member": str(member_id or ""), "team": str(team_id or "")},
        )
    return conversation


def resolve(actor: Actor, conversation_id: uuid.UUID) -> Conversation:
    """Settle a matter. Resolving a resolved one changes nothing. Whoever serves becomes its assignee if nobody was."""
    actor.must(TRIAGE)
    with transaction.atomic():
        conversation = locked(actor, conversation_id)
        if conversation.status == Conversation.Status.RESOLVED:
            return conversation
        at = clock.now()
        if conversation.assignee_id is None and is_member(actor):
            conversation.assignee_id = actor.id
        Closure.objects.create(
            workspace_id=actor.workspace_id,
            conversation=conversation,
            member_id=conversation.assignee_id,
            team_id=conversation.team_id,
            at=at,
            **by(actor),
        )
        fulfil_first_reply(actor, conversation, at)
        conversation.status = Conversation.Status.RESOLVED
        conversation.resolved_at = at
        conversation.waiting_since = None
        conversation.snoozed_until = None
        add_change(actor, conversation, at, {"what": "resolved"})
        conversation.save()
        _tell(
            actor,
            events.CONVERSATION_RESOLVED,
            conversation,
            at,
            {
                "member": str(conversation.assignee_id or ""),
                "team": str(conversation.team_id or ""),
                "language": conversation.language,
                "closures": Closure.objects.within(actor).filter(conversation=conversation).count(),
            },
        )
    return conversation


def reopen(actor: Actor, conversation_id: uuid.UUID) -> Conversation:
    """Take up a settled matter again. Reopening an open one changes nothing."""
    actor.must(TRIAGE)
    with transaction.atomic():
        conversation = locked(actor, conversation_id)
        if conversation.status == Conversation.Status.RESOLVED:
            reopen_in_place(actor, conversation, clock.now())
            conversation.save()
    return conversation


def snooze(actor: Actor, conversation_id: uuid.UUID, *, until: datetime) -> Conversation:
    """Put a conversation aside until a time in the future. Raises ``BadChange`` for a time that has passed."""
    actor.must(TRIAGE)
    at = clock.now()
    if until <= at:
        raise BadChange("the time to come back lies in the past")
    with transaction.atomic():
        conversation = locked(actor, conversation_id)
        if conversation.status == Conversation.Status.RESOLVED:
            raise BadChange("a resolved conversation cannot be snoozed; reopen it first")
        Snooze.objects.within(actor).filter(conversation=conversation, ended_at=None).update(ended_at=at)
        Snooze.objects.create(
            workspace_id=actor.workspace_id, conversation=conversation, until=until, at=at, **by(actor)
        )
        conversation.status = Conversation.Status.SNOOZED
        conversation.snoozed_until = until
        add_change(actor, conversation, at, {"what": "snoozed", "until": until.isoformat()})
        conversation.save()
        _tell(actor, events.CONVERSATION_SNOOZED, conversation, at, {"until": until.isoformat()})
    return conversation


def wake_due(at: datetime | None = None) -> int:
    """Bring back all conversations whose snooze is over, in every workspace; returns how many."""
    moment = at or clock.now()
    woken = 0
    while True:
        with transaction.atomic():
            due = list(
                Conversation.objects.across_workspaces()
                .select_for_update(skip_locked=True, no_key=True)
                .filter(status=Conversation.Status.SNOOZED, snoozed_until__lte=moment)
                .order_by("snoozed_until")[:SWEEP_SIZE]
            )
            for conversation in due:
                _wake(conversation, moment)
        woken += len(due)
        if len(due) < SWEEP_SIZE:
            return woken


def _wake(conversation: Conversation, at: datetime) -> None:
    actor = system(conversation.workspace_id)
    Snooze.objects.within(actor).filter(conversation=conversation, ended_at=None).update(ended_at=at)
    conversation.status = Conversation.Status.OPEN
    conversation.snoozed_until = None
    conversation.waiting_since = conversation.waiting_since or at
    add_change(actor, conversation, at, {"what": "woken"})
    conversation.save()
    _tell(actor, events.CONVERSATION_WOKEN, conversation, at, {})


def mark_read(actor: Actor, conversation_id: uuid.UUID, *, seq: int) -> None:
    """Remember how far the acting member has read; never goes back."""
    actor.must(SEE_CONVERSATIONS)
    if not is_member(actor):
        return
    with transaction.atomic():
        conversation = locked(actor, conversation_id)
        mark, _ = ReadMark.objects.within(actor).get_or_create(
            conversation=conversation, member_id=actor.id, defaults={"workspace_id": actor.workspace_id}
        )
        reached = min(seq, conversation.last_seq)
        if reached > mark.seq:
            mark.seq = reached
            mark.save(update_fields=["seq"])


def _member(actor: Actor, member_id: uuid.UUID | None) -> Member | None:
    if member_id is None:
        return None
    member = Member.objects.within(actor).filter(pk=member_id, suspended_at=None).first()
    if member is None:
        raise BadChange("there is no such member in this workspace")
    return member


def _team(actor: Actor, team_id: uuid.UUID | None) -> Team | None:
    if team_id is None:
        return None
    team = Team.objects.within(actor).filter(pk=team_id).first()
    if team is None:
        raise BadChange("there is no such team in this workspace")
    return team


def _tell(actor: Actor, kind: str, conversation: Conversation, at: datetime, data: dict[str, Any]) -> None:
    record(
        actor,
        kind,
        subject=("conversation", conversation.pk),
        identity_id=conversation.identity_id,
        channel=conversation.channel,
        at=at,
        data={"number": conversation.number, **data},
    )


