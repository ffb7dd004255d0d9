"""Who may give, change or take what from whom."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.utils.translation import gettext as _

from rapport.accounts.models import Member
from rapport.accounts.permissions import OWN_WORKSPACE, check_known
from rapport.accounts.refusals import Refused
from rapport.kernel.actors import Actor, ActorKind, Denied


def must_hold(actor: Actor, permissions: Iterable[str]) -> None:
    """Nobody hands out, or takes from another, what they do not hold themselves. Raises ``Denied``."""
    for permission in sorted(permissions):
        actor.must(permission)


def must_be_member(actor: Actor) -> None:
    """Some things only a person may do: a key that issues keys could never be revoked for good."""
    if actor.kind is not ActorKind.MEMBER:
        raise Denied(actor, "act as a member")


def assignable(permissions: Iterable[str]) -> list[str]:
    """The names, sorted, as a company's own role or a key may hold them.

    Raises ``Refused`` for names nobody declared, for none at all, and for what only owners hold.
    """
    names = sorted(set(permissions))
    if not names:
        raise Refused("no_permission", _("Choose at least one permission."), field="permissions")
    check_known(set(names))
    if OWN_WORKSPACE in names:
        raise Refused("owner_only", _("Only owners can make and unmake owners."), field="permissions")
    return names


def keep_an_owner(actor: Actor, leaving: uuid.UUID) -> None:
    """Refuse when ``leaving`` is the last owner. The workspace must be locked, or two could leave at once."""
    others = (
        Member.objects.within(actor)
        .filter(role__key="owner", suspended_at=None, user__is_active=True)
        .exclude(pk=leaving)
    )
    if not others.exists():
        raise Refused("last_owner", _("A workspace needs an owner: make somebody else an owner first."))
