"""Members: their roles, their access, and what they say about themselves."""

from __future__ import annotations

import uuid

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext as _

from rapport.accounts import events
from rapport.accounts.actions.inputs import found, language_of, name_of
from rapport.accounts.actions.workspaces import locked_workspace
from rapport.accounts.models import Member, Role, User
from rapport.accounts.permissions import MANAGE_MEMBERS
from rapport.accounts.policies import keep_an_owner, must_be_member, must_hold
from rapport.accounts.refusals import Refused
from rapport.kernel import clock
from rapport.kernel.actors import Actor
from rapport.kernel.log import record

THEMES = ("", "light", "dark")


def change_member_role(actor: Actor, member_id: uuid.UUID, *, role_id: uuid.UUID) -> Member:
    """Give a member another role; the same one again changes nothing.

    Raises ``Denied`` when either role holds permissions the actor lacks, ``Refused`` for the last owner.
    """
    actor.must(MANAGE_MEMBERS)
    with transaction.atomic():
        locked_workspace(actor.workspace_id)
        member = found(Member, actor, member_id, what="member")
        role = found(Role, actor, role_id, what="role")
        before = member.role
        if before.pk == role.pk:
            return member
        must_hold(actor, {*before.permissions, *role.permissions})
        if before.key == "owner":
            keep_an_owner(actor, member.pk)
        member.role = role
        member.save(update_fields=["role"])
        record(
            actor,
            events.MEMBER_ROLE_CHANGED,
            subject=("member", member.pk),
            data={"name": member.name, "changed": {"role": [before.name, role.name]}},
        )
    return member


def suspend(actor: Actor, member_id: uuid.UUID) -> Member:
    """Take a member's access away at once: their sessions end, their API keys rest. Twice is once.

    What they wrote and what is assigned to them stays. Raises ``Denied`` for somebody who may more than the
    actor, ``Refused`` for the last owner and for oneself.
    """
    actor.must(MANAGE_MEMBERS)
    with transaction.atomic():
        locked_workspace(actor.workspace_id)
        member = found(Member, actor, member_id, what="member")
        if member.suspended_at is not None:
            return member
        must_hold(actor, member.role.permissions)
        if member.role.key == "owner":
            keep_an_owner(actor, member.pk)
        if member.pk == actor.id:
            raise Refused("oneself", _("You cannot suspend yourself; ask somebody else to."))
        member.suspended_at = clock.now()
        member.save(update_fields=["suspended_at"])
        end_sessions(member.user_id)
        record(actor, events.MEMBER_SUSPENDED, subject=("member", member.pk), data={"name": member.name})
    return member


def reinstate(actor: Actor, member_id: uuid.UUID) -> Member:
    """Let a suspended member in again, with the role they had. Raises ``Denied`` as for giving that role."""
    actor.must(MANAGE_MEMBERS)
    with transaction.atomic():
        locked_workspace(actor.workspace_id)
        member = found(Member, actor, member_id, what="member")
        if member.suspended_at is None:
            return member
        must_hold(actor, member.role.permissions)
        member.suspended_at = None
        member.save(update_fields=["suspended_at"])
        record(actor, events.MEMBER_REINSTATED, subject=("member", member.pk), data={"name": member.name})
    return member


def describe_oneself(actor: Actor, *, name: str, language: str, theme: str) -> Member:
    """Change one's own name, language and theme. The name holds in this workspace and for new ones."""
    must_be_member(actor)
    after = name_of(name, max_chars=120)
    spoken = language_of(language, may_be_empty=True)
    if theme not in THEMES:
        raise Refused("bad_theme", _("Choose light, dark, or as the device does."), field="theme")
    with transaction.atomic():
        member = found(Member, actor, actor.id or actor.workspace_id, what="member")
        before = member.name
        User.objects.filter(pk=member.user_id).update(name=after, language=spoken, theme=theme)
        if before != after:
            member.name = after
            member.save(update_fields=["name"])
            record(
                actor,
                events.MEMBER_RENAMED,
                subject=("member", member.pk),
                data={"changed": {"name": [before, after]}},
            )
    return member


def end_sessions(user_id: uuid.UUID) -> int:
    """End every session of a sign-in now; returns how many. Called inside a transaction."""
    sessions = list(UserSession.objects.filter(user_id=user_id))
    for session in sessions:
        session.end()
    return len(sessions)
