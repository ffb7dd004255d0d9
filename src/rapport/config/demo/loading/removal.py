"""Removing the demo company: its rows and nobody else's."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection
from psycopg import sql

from rapport.accounts.models import Member, User
from rapport.config.demo.loading.ids import DEMO_ID
from rapport.config.demo.loading.tables import as_json
from rapport.config.demo.staff import members
from rapport.kernel import clock
from rapport.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Colleague:
    """A real person who joined the demo company; ``about`` is name, languages, suspended and joined when."""

    id: uuid.UUID
    user_id: uuid.UUID
    role_key: str
    about: tuple[str, str, datetime | None, datetime]


def colleagues() -> list[Colleague]:
    """The real people in the demo company, in the order of joining."""
    return [
        Colleague(
            member.pk,
            member.user_id,
            member.role.key,
            (member.name, as_json(member.languages), member.suspended_at, member.joined_at),
        )
        for member in Member.objects.within(DEMO_ID)
        .exclude(user__email__in=_addresses())
        .select_related("role")
        .order_by("joined_at", "pk")
    ]


def owners_elsewhere() -> list[Colleague]:
    """People who can sign in as the owner of another company here: the demo company is theirs as well."""
    found = (
        Member.objects.across_workspaces()
        .exclude(workspace_id=DEMO_ID)
        .filter(role__key="owner", suspended_at=None, user__is_active=True)
        .exclude(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
        .exclude(user__password="")
        .order_by("joined_at", "pk")
    )
    by_user = {member.user_id: member for member in found}
    at = clock.now()
    return [
        Colleague(new_id(), user, "owner", (member.name, as_json(member.languages), None, at))
        for user, member in by_user.items()
    ]


def remove() -> None:
    """Delete every row of the demo company, in the caller's transaction, and sign-ins only it has used."""
    with connection.cursor() as cursor:
        # The references between the tables are checked when the transaction ends, so any order will do.
        cursor.execute("SELECT set_config('rapport.erasing', 'on', true)")
        for table in _tables():
            cursor.execute(
                sql.SQL("DELETE FROM {} WHERE workspace_id = %s").format(sql.Identifier(table)), [DEMO_ID]
            )
        cursor.execute("DELETE FROM accounts_workspace WHERE id = %s", [DEMO_ID])
        cursor.execute("SELECT set_config('rapport.erasing', 'off', true)")
    User.objects.filter(
        email__in=_addresses(), password__startswith=UNUSABLE_PASSWORD_PREFIX, memberships=None
    ).delete()


def _addresses() -> list[str]:
    return [member.email for member in members()]


def _tables() -> list[str]:
    """Every table whose rows say which workspace they belong to; partitions are reached through theirs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
            " AND a.attname = 'workspace_id' AND NOT a.attisdropped ORDER BY c.relname"
        )
        return [row[0] for row in cursor.fetchall()]
