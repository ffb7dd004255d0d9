"""Workspaces: how a company begins, and what is true of it as a whole."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from rapport.accounts import events
from rapport.accounts.actions.inputs import (
    changes,
    country_of,
    currency_of,
    language_of,
    name_of,
    time_zone_of,
)
from rapport.accounts.models import Brand, Calendar, Member, Role, User, Workspace
from rapport.accounts.permissions import BUILT_IN_ROLES, MANAGE_WORKSPACE, ROLE_NAMES
from rapport.accounts.queries import actor_for
from rapport.kernel.actors import Actor, system
from rapport.kernel.log import record

# Words that mean something in an address, or would look official in one.
RESERVED_SLUGS = frozenset(
    [
        *("account", "accounts", "admin", "api", "app", "assets", "auth", "chat", "demo", "docs"),
        *("health", "healthz", "help", "invitation", "invitations", "live", "login", "logout", "new"),
        *("rapport", "ready", "settings", "shop", "sign-in", "sign-out", "signup", "static", "support"),
        *("survey", "system", "w", "webhooks", "welcome", "widget", "www"),
    ]
)
FIRST_HOURS = {
    **{day: [["08:00", "17:00"]] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")},
    "saturday": [["09:00", "13:00"]],
}
_LONGEST_SLUG = 60
_MOST_TRIES = 50


def create_workspace(
    user: User,
    *,
    name: str,
    time_zone: str,
    country: str,
    currency: str,
    language: str,
    is_demo: bool = False,
) -> tuple[Workspace, Member]:
    """Begin a company: its roles, first brand, business hours and ``user`` as its owner.

    Raises ``Refused`` for a name, zone, country (ISO 3166), currency (ISO 4217) or language we do not know.
    """
    given = {
        "name": name_of(name, max_chars=120, field="company"),
        "time_zone": time_zone_of(time_zone),
        "country": country_of(country),
        "currency": currency_of(currency),
        "language": language_of(language),
    }
    with transaction.atomic():
        workspace = _with_free_slug(given, is_demo=is_demo)
        roles = _make_built_in_roles(workspace)
        owner = Member.objects.create(
            workspace=workspace, user=user, role=roles["owner"], name=name_of(user.name, max_chars=120)
        )
        Brand.objects.create(workspace=workspace, name=workspace.name, slug=workspace.slug)
        Calendar.objects.create(
            workspace=workspace,
            name=_first_hours_name(workspace.language),
            is_default=True,
            spec={"zone": workspace.time_zone, "weekly": FIRST_HOURS, "holidays": []},
        )
        record(actor_for(owner), events.WORKSPACE_CREATED, subject=("workspace", workspace.pk), data=given)
    return workspace, owner


def _first_hours_name(language: str) -> str:
    """A name that the company can change is written once, in the company's language."""
    with translation.override(language):
        return _("Business hours")


def change_workspace(
    actor: Actor,
    *,
    name: str,
    time_zone: str,
    country: str,
    currency: str,
    language: str,
) -> Workspace:
    """Change what is true of the whole company. Its address (slug) stays, so that links keep working."""
    actor.must(MANAGE_WORKSPACE)
    after = {
        "name": name_of(name, max_chars=120),
        "time_zone": time_zone_of(time_zone),
        "country": country_of(country),
        "currency": currency_of(currency),
        "language": language_of(language),
    }
    with transaction.atomic():
        workspace = locked_workspace(actor.workspace_id)
        changed = changes({field: getattr(workspace, field) for field in after}, after)
        if changed:
            for field, value in after.items():
                setattr(workspace, field, value)
            workspace.save(update_fields=list(changed))
            record(
                actor,
                events.WORKSPACE_CHANGED,
                subject=("workspace", workspace.pk),
                data={"changed": changed},
            )
    return workspace


def sync_built_in_roles() -> int:
    """Bring the built-in roles of every workspace in line with the product; returns how many changed.

    Called after an upgrade. Running it again, or twice at once, changes nothing more.
    """
    changed = 0
    for workspace_id in Workspace.objects.order_by("pk").values_list("pk", flat=True).iterator():
        with transaction.atomic():
            changed += _sync_roles_of(locked_workspace(workspace_id))
    return changed


def locked_workspace(workspace_id: uuid.UUID) -> Workspace:
    """The workspace's row, locked until the transaction ends: who may what changes one at a time."""
    return Workspace.objects.select_for_update(no_key=True).get(pk=workspace_id)


def _with_free_slug(given: dict[str, Any], *, is_demo: bool) -> Workspace:
    # The unique index decides, not a look beforehand: two companies of one name may begin at once.
    for slug in _slugs(given["name"]):
        try:
            with transaction.atomic():
                return Workspace.objects.create(slug=slug, is_demo=is_demo, **given)
        except IntegrityError:
            if not Workspace.objects.filter(slug=slug).exists():
                raise
    raise AssertionError("the last slug is random, it cannot be taken")


def _slugs(name: str) -> Iterator[str]:
    stem = slugify(name)[: _LONGEST_SLUG - 8].strip("-") or "company"
    if stem not in RESERVED_SLUGS:
        yield stem
    for number in range(2, _MOST_TRIES):
        yield f"{stem}-{number}"
    yield f"company-{uuid.uuid4().hex}"


def _make_built_in_roles(workspace: Workspace) -> dict[str, Role]:
    rows = [
        Role(workspace=workspace, key=key, name=ROLE_NAMES[key], permissions=sorted(permissions))
        for key, permissions in BUILT_IN_ROLES.items()
    ]
    Role.objects.bulk_create(rows)
    return {row.key: row for row in rows}


def _sync_roles_of(workspace: Workspace) -> int:
    existing = {role.key: role for role in Role.objects.within(workspace).exclude(key="")}
    changed = 0
    for key, permissions in BUILT_IN_ROLES.items():
        role = existing.get(key) or Role(workspace=workspace, key=key, name=_free_role_name(workspace, key))
        if role.permissions == sorted(permissions) and key in existing:
            continue
        before = set(role.permissions)
        role.permissions = sorted(permissions)
        role.save()
        changed += 1
        record(
            system(workspace.pk),
            events.ROLE_CHANGED,
            subject=("role", role.pk),
            data={
                "name": role.name,
                "added": sorted(permissions - before),
                "removed": sorted(before - permissions),
            },
        )
    return changed


def _free_role_name(workspace: Workspace, key: str) -> str:
    """The built-in's own name, unless the company has used it for a role of its own."""
    taken = Role.objects.within(workspace).filter(name__iexact=ROLE_NAMES[key]).exists()
    return f"{ROLE_NAMES[key]} (Rapport)" if taken else ROLE_NAMES[key]
