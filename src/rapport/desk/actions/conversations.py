"""What members do with a conversation besides talking in it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from rapport.accounts.models import Member, Team
from rapport.desk import events
from rapport.desk.actions.promises import waive_first_reply
from rapport.desk.actions.reopening import reopen_in_place
from rapport.desk.actions.thread import (
    BadChange,
    NoSuchConversation,
    add_change,
    by,
    end_snooze,
    is_member,
    locked,
)
from rapport.desk.models import Assignment, Closure, Conversation, Snooze
from rapport.desk.permissions import SEE_CONVERSATIONS, TRIAGE
from rapport.kernel import clock
from rapport.kernel.actors import Actor, system
from rapport.kernel.ids import new_id
from rapport.kernel.log import record

SWEEP_SIZE = 200


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
        _make_responsible(actor, conversation, member, team, at)
        change = {
            "what": "assigned",
            "member": member.name if member else "",
            "team": team.name if team else "",
            "to_self": bool(member and member.pk == actor.id),
        }
        add_change(actor, conversation, at, change)
        conversation.save()
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
            _make_responsible(actor, conversation, _member(actor, actor.id), conversation.team, at)
        Closure.objects.create(
            workspace_id=actor.workspace_id,
            conversation=conversation,
            member_id=conversation.assignee_id,
            team_id=conversation.team_id,
            at=at,
            **by(actor),
        )
        waive_first_reply(actor, conversation, at)
        end_snooze(conversation, at)
        conversation.status = Conversation.Status.RESOLVED
        conversation.resolved_at = at
        conversation.waiting_since = None
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
        raise BadChange(_("the time to come back lies in the past"))
    with transaction.atomic():
        conversation = locked(actor, conversation_id)
        if conversation.status == Conversation.Status.RESOLVED:
            raise BadChange(_("a resolved conversation cannot be snoozed; reopen it first"))
        end_snooze(conversation, at)
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
    end_snooze(conversation, at)
    conversation.status = Conversation.Status.OPEN
    conversation.waiting_since = conversation.waiting_since or at
    add_change(actor, conversation, at, {"what": "woken"})
    conversation.save()
    _tell(actor, events.CONVERSATION_WOKEN, conversation, at, {})


def mark_read(actor: Actor, conversation_id: uuid.UUID, *, seq: int) -> None:
    """Remember how far the acting member has read; never goes back. Raises ``NoSuchConversation``."""
    actor.must(SEE_CONVERSATIONS)
    if not is_member(actor):
        return
    # Without locking the conversation: who reads must not wait for who writes.
    last = (
        Conversation.objects.within(actor)
        .filter(pk=conversation_id)
        .values_list("last_seq", flat=True)
        .first()
    )
    if last is None:
        raise NoSuchConversation(str(conversation_id))
    reached = max(0, min(seq, last))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO desk_readmark (id, workspace_id, conversation_id, member_id, seq) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT (conversation_id, member_id) DO UPDATE SET seq = EXCLUDED.seq"
            " WHERE desk_readmark.seq < EXCLUDED.seq",
            [new_id(), actor.workspace_id, conversation_id, actor.id, reached],
        )


def _make_responsible(
    actor: Actor, conversation: Conversation, member: Member | None, team: Team | None, at: datetime
) -> None:
    """A new assignment with its event (the conversation in memory; the caller saves it)."""
    conversation.assignee, conversation.team = member, team
    Assignment.objects.create(
        workspace_id=actor.workspace_id,
        conversation=conversation,
        member=member,
        team=team,
        at=at,
        **by(actor),
    )
    data = {"member": str(member.pk) if member else "", "team": str(team.pk) if team else ""}
    _tell(actor, events.CONVERSATION_ASSIGNED, conversation, at, data)


def _member(actor: Actor, member_id: uuid.UUID | None) -> Member | None:
    if member_id is None:
        return None
    member = Member.objects.within(actor).filter(pk=member_id, suspended_at=None).first()
    if member is None:
        raise BadChange(_("there is no such member in this workspace"))
    return member


def _team(actor: Actor, team_id: uuid.UUID | None) -> Team | None:
    if team_id is None:
        return None
    team = Team.objects.within(actor).filter(pk=team_id).first()
    if team is None:
        raise BadChange(_("there is no such team in this workspace"))
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
