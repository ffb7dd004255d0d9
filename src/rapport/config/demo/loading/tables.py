"""The tables a build fills, and filling them by COPY."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, LiteralString

import orjson
from django.db import connection
from psycopg import sql

Row = tuple[Any, ...]
# Called with how many rows are in.
Watch = Callable[[int], None]

WATCH_EVERY = 5_000

#: In the order of dependence: a table comes after those it refers to.
COLUMNS: dict[LiteralString, tuple[LiteralString, ...]] = {
    "accounts_workspace": (
        *("id", "name", "slug", "time_zone", "currency", "language", "country", "is_demo", "created_at"),
    ),
    "accounts_brand": ("id", "workspace_id", "name", "slug", "accent", "created_at"),
    "accounts_calendar": ("id", "workspace_id", "name", "spec", "is_default"),
    "accounts_role": ("id", "workspace_id", "key", "name", "permissions"),
    "accounts_user": (
        *("id", "password", "is_superuser", "email", "name", "language", "theme", "is_active", "joined_at"),
    ),
    "accounts_member": (
        *("id", "workspace_id", "user_id", "role_id", "name", "languages", "suspended_at", "joined_at"),
    ),
    "accounts_team": ("id", "workspace_id", "name", "department"),
    "accounts_teammembership": ("id", "workspace_id", "team_id", "member_id"),
    "customers_customer": ("id", "workspace_id", "name", "language", "country", "town", "met_at"),
    "customers_identity": (
        *("id", "workspace_id", "namespace", "value", "level", "evidence", "first_seen_at", "last_seen_at"),
    ),
    "customers_binding": (
        *("id", "workspace_id", "identity_id", "customer_id", "valid_from", "valid_to", "evidence"),
        "bound_at",
    ),
    "desk_channelaccount": (
        *("id", "workspace_id", "brand_id", "kind", "name", "address", "settings", "created_at"),
        "retired_at",
    ),
    "desk_servicepolicy": ("id", "workspace_id", "channel", "first_reply_minutes", "calendar_id"),
    "desk_conversation": (
        *("id", "workspace_id", "number", "brand_id", "identity_id", "channel", "subject", "reason"),
        *("language", "status", "priority", "assignee_id", "team_id", "opened_at", "resolved_at"),
        *("snoozed_until", "waiting_since", "next_deadline_at", "first_replied_at", "last_entry_at"),
        *("last_seq", "last_preview", "last_author_kind", "last_customer_seq"),
    ),
    "desk_conversationnumber": ("workspace_id", "last"),
    "desk_leg": (
        "id",
        "workspace_id",
        "conversation_id",
        "account_id",
        "channel",
        "identity_id",
        "started_at",
    ),
    "desk_entry": (
        *("id", "workspace_id", "conversation_id", "leg_id", "seq", "kind", "direction", "author_kind"),
        *("author_id", "author_name", "text", "change", "language", "at", "dedupe_key"),
    ),
    "desk_delivery": ("id", "workspace_id", "entry_id", "identity_id", "state", "reason", "changed_at"),
    "desk_assignment": (
        *("id", "workspace_id", "conversation_id", "member_id", "team_id", "by_kind", "by_id", "at"),
    ),
    "desk_closure": (
        *("id", "workspace_id", "conversation_id", "by_kind", "by_id", "member_id", "team_id", "at"),
        *("reopened_at", "reopened_by_kind"),
    ),
    "desk_promise": (
        *("id", "workspace_id", "conversation_id", "identity_id", "kind", "text", "made_at", "due_at"),
        *("outcome", "settled_at", "fulfilled_at"),
    ),
    "feedback_survey": ("id", "workspace_id", "key", "name", "kind", "is_active", "created_at"),
    "feedback_question": (
        *("id", "workspace_id", "survey_id", "key", "kind", "position", "wording", "scale_low"),
        "scale_high",
    ),
    "feedback_invitation": (
        *("id", "workspace_id", "survey_id", "identity_id", "occasion", "subject_kind", "subject_id"),
        *("channel", "language", "member_id", "team_id", "asked_at", "expires_at"),
    ),
    "feedback_response": (
        *("id", "workspace_id", "invitation_id", "survey_id", "identity_id", "subject_kind"),
        *("subject_id", "member_id", "team_id", "channel", "score", "answered_at"),
    ),
    "feedback_answer": ("id", "workspace_id", "response_id", "question_id", "number", "text", "at"),
    "timeline_event": (
        *("workspace_id", "kind", "at", "recorded_at", "actor_kind", "actor_id", "identity_id"),
        *("channel", "subject_kind", "subject_id", "data", "news"),
    ),
}


class Rows:
    """Rows that wait to be written, by table."""

    def __init__(self) -> None:
        self._waiting: dict[LiteralString, list[Row]] = defaultdict(list)

    def add(self, table: LiteralString, *values: Any) -> None:
        """One more row, with its values in the order of ``COLUMNS``."""
        self._waiting[table].append(values)

    def write(self, *, watch: Watch) -> dict[str, int]:
        """Write all that waits, in the order of dependence; returns the rows of each table."""
        written: dict[str, int] = {}
        for table in COLUMNS:
            rows = self._waiting.pop(table, [])
            if rows:
                before = sum(written.values())
                copy_in(table, rows, watch=lambda done, before=before: watch(before + done))  # type: ignore[misc]
                written[table] = len(rows)
        return written

    def __len__(self) -> int:
        return sum(len(rows) for rows in self._waiting.values())


def copy_in(table: LiteralString, rows: Sequence[Row], *, watch: Watch) -> None:
    """Write rows into ``table`` by COPY, in the caller's transaction."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, COLUMNS[table]))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for number, row in enumerate(rows):
            if number % WATCH_EVERY == 0:
                watch(number)
            copy.write_row(row)
    watch(len(rows))


def as_json(value: object) -> str:
    """The text of a JSON column."""
    return orjson.dumps(value).decode()
