"""Roles that a company makes itself from named permissions. The built-in ones follow the product."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.accounts import events
from rapport.accounts.actions.inputs import found, name_of
from rapport.accounts.models import Invitation, Member, Role
from rapport.accounts.permissions import MANAGE_ROLES
from rapport.accounts.policies import assignable, must_hold
from rapport.accounts.refusals import Refused
from rapport.kernel.actors import Actor
from rapport.kernel.log import record


def make_role(actor: Actor, *, name: str, permissions: Iterable[str]) -> Role:
    """A new role. Raises ``Denied`` for permissions the actor lacks, ``Refused`` for a taken name."""
    actor.must(MANAGE_ROLES)
    names = assignable(permissions)
    must_hold(actor, names)
    with transaction.atomic():
        role = Role(workspace_id=actor.workspace_id, name=name_of(name, max_chars=60), permissions=names)
        _save(role)
        record(
            actor,
            events.ROLE_CREATED,
            subject=("role", role.pk),
            data={"name": role.name, "permissions": names},
        )
    return role


def change_role(actor: Actor, role_id: uuid.UUID, *, name: str, permissions: Iterable[str]) -> Role:
    """Rename a role or change what it allows; it holds for its members with their next request.

    Raises ``Denied`` when a permission that is added or removed is one the actor lacks, ``Refused`` for a
    built-in role.
    """
    actor.must(MANAGE_ROLES)
    names = assignable(permissions)
    new_name = name_of(name, max_chars=60)
    with transaction.atomic():
        role = _own_role(actor, role_id)
        before, after = set(role.permissions), set(names)
        must_hold(actor, before ^ after)
        renamed = [role.name, new_name]
        if before == after and role.name == new_name:
            return role
        role.name, role.permissions = new_name, names
        _save(role)
        record(
            actor,
            events.ROLE_CHANGED,
            subject=("role", role.pk),
            data={
                "name": role.name,
                "added": sorted(after - before),
                "removed": sorted(before - after),
                **({"changed": {"name": renamed}} if renamed[0] != renamed[1] else {}),
            },
        )
    return role


def delete_role(actor: Actor, role_id: uuid.UUID) -> None:
    """Remove a role that nobody holds and nobody is invited to."""
    actor.must(MANAGE_ROLES)
    with transaction.atomic():
        role = _own_role(actor, role_id)
        must_hold(actor, role.permissions)
        holders = Member.objects.within(actor).filter(role=role).count()
        if holders:
            message = _("Give the members of this role another one first (%(n)s).") % {"n": holders}
            raise Refused("held", message)
        open_ones = Invitation.objects.within(actor).filter(role=role, accepted_at=None, withdrawn_at=None)
        if open_ones.exists():
            raise Refused("invited", _("Somebody is invited with this role; withdraw that first."))
        record(
            actor,
            events.ROLE_DELETED,
            subject=("role", role.pk),
            data={"name": role.name, "permissions": role.permissions},
        )
        role.delete()


def _own_role(actor: Actor, role_id: uuid.UUID) -> Role:
    role = found(Role, actor, role_id, what="role")
    if role.key:
        raise Refused("built_in", _("Built-in roles cannot be changed; make one of your own."))
    return role


def _save(role: Role) -> None:
    try:
        with transaction.atomic():
            role.save()
    except IntegrityError as error:
        raise Refused("name_taken", _("There is a role of that name already."), field="name") from error
