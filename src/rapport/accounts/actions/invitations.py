"""Inviting people to a workspace, and their coming in."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from rapport.accounts import events
from rapport.accounts.actions.inputs import email_of, found
from rapport.accounts.actions.sign_ins import NewPerson, make_sign_in
from rapport.accounts.actions.workspaces import locked_workspace
from rapport.accounts.models import Invitation, Member, Role, User
from rapport.accounts.permissions import MANAGE_MEMBERS
from rapport.accounts.policies import must_hold
from rapport.accounts.queries import actor_for
from rapport.accounts.refusals import LinkClosed, Refused
from rapport.kernel import clock, tokens
from rapport.kernel.actors import Actor, ActorKind
from rapport.kernel.log import record

OPEN_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Invited:
    """A new invitation. ``path`` holds its secret: it is shown to the inviter once and mailed once."""

    invitation: Invitation
    path: str = field(repr=False)


def invite(actor: Actor, *, email: str, role_id: uuid.UUID) -> Invited:
    """Invite an address to join with a role. Inviting it again closes the older link.

    Raises ``Denied`` for a role with permissions the actor lacks, ``NotHere``, and ``Refused`` for a bad
    address or somebody who is a member already.
    """
    actor.must(MANAGE_MEMBERS)
    address = email_of(email)
    with transaction.atomic():
        # One at a time in a workspace, so that two invitations to one address follow each other.
        locked_workspace(actor.workspace_id)
        role = found(Role, actor, role_id, what="role")
        must_hold(actor, role.permissions)
        _refuse_member(actor, address)
        for older in Invitation.objects.within(actor).filter(
            email__iexact=address, accepted_at=None, withdrawn_at=None
        ):
            _withdraw(actor, older)
        issued, at = tokens.issue("join"), clock.now()
        invitation = Invitation.objects.create(
            workspace_id=actor.workspace_id,
            email=address,
            role=role,
            digest=issued.digest,
            invited_by_id=actor.id if actor.kind is ActorKind.MEMBER else None,
            expires_at=at + OPEN_FOR,
        )
        record(
            actor,
            events.MEMBER_INVITED,
            subject=("invitation", invitation.pk),
            at=at,
            data={"email": address, "role": role.name},
        )
    return Invited(invitation, f"/invitation/{issued.plain}/")


def withdraw(actor: Actor, invitation_id: uuid.UUID) -> Invitation:
    """Close an invitation; a second time changes nothing. Raises ``Refused`` for an accepted one."""
    actor.must(MANAGE_MEMBERS)
    with transaction.atomic():
        invitation = found(Invitation, actor, invitation_id, what="invitation")
        if invitation.accepted_at is not None:
            raise Refused("accepted", _("This invitation was accepted; suspend the member instead."))
        if invitation.withdrawn_at is None:
            _withdraw(actor, invitation)
    return invitation


def open_invitation(secret: str, *, lock: bool = False) -> Invitation:
    """The invitation of that secret while somebody can come in by it. Raises ``LinkClosed``."""
    rows = Invitation.objects.across_workspaces().select_related("workspace", "role", "invited_by")
    if lock:
        rows = rows.select_for_update(of=("self",))
    invitation = rows.filter(digest=tokens.digest_of(secret)).first()
    if invitation is None:
        raise LinkClosed("unknown", _("This invitation is not known."))
    if invitation.withdrawn_at is not None:
        raise LinkClosed("withdrawn", _("This invitation was withdrawn or replaced by a newer one."))
    if invitation.accepted_at is not None:
        raise LinkClosed("used", _("This invitation was accepted already. Sign in instead."))
    if invitation.expires_at <= clock.now():
        raise LinkClosed("expired", _("This invitation has expired. Ask for a new one."))
    return invitation


def join_as_new_person(secret: str, *, name: str, password: str, language: str = "") -> Member:
    """Accept with a new sign-in under the invited address. Opens once, also for two at the same time.

    Raises ``LinkClosed``, and ``Refused`` (``email_taken`` when the address has a sign-in: sign in, then
    ``join_as_signed_in``).
    """
    with transaction.atomic():
        invitation = open_invitation(secret, lock=True)
        person = NewPerson(email=invitation.email, name=name, password=password, language=language)
        return _join(invitation, make_sign_in(person))


def join_as_signed_in(secret: str, *, user: User) -> Member:
    """Accept with an existing sign-in, which must have the invited address. Raises as above."""
    with transaction.atomic():
        invitation = open_invitation(secret, lock=True)
        if user.email.lower() != invitation.email.lower():
            message = _("This invitation is for %(email)s; you are signed in with another address.")
            raise Refused("other_address", message % {"email": invitation.email})
        return _join(invitation, user)


def _refuse_member(actor: Actor, address: str) -> None:
    member = Member.objects.within(actor).filter(user__email__iexact=address).first()
    if member is None:
        return
    if member.suspended_at is not None:
        message = _("%(name)s is a suspended member; reinstate them instead.")
        raise Refused("suspended_member", message % {"name": member.name}, field="email")
    raise Refused("is_member", _("%(name)s is a member already.") % {"name": member.name}, field="email")


def _withdraw(actor: Actor, invitation: Invitation) -> None:
    invitation.withdrawn_at = clock.now()
    invitation.save(update_fields=["withdrawn_at"])
    record(
        actor,
        events.INVITATION_WITHDRAWN,
        subject=("invitation", invitation.pk),
        data={"email": invitation.email},
    )


def _join(invitation: Invitation, user: User) -> Member:
    member = Member.objects.within(invitation).filter(user=user).select_related("role").first()
    if member is not None and member.suspended_at is not None:
        raise Refused("suspended_member", _("Your access to this workspace is suspended."))
    invitation.accepted_at = clock.now()
    invitation.save(update_fields=["accepted_at"])
    if member is not None:
        return member
    member = Member.objects.create(
        workspace=invitation.workspace, user=user, role=invitation.role, name=user.name
    )
    record(
        actor_for(member),
        events.MEMBER_JOINED,
        subject=("member", member.pk),
        data={"name": member.name, "role": invitation.role.name, "by": "invitation"},
    )
    return member
