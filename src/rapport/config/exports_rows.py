"""What `rapport export` writes: rows as CSV or JSON lines, read as they are written, whole or not at all."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import orjson
from django.db import connection, transaction

from rapport.accounts.models import Workspace
from rapport.kernel.log import kinds
from rapport.timeline.importing.report import safe_cells

_BLOCK = 2_000
#: Columns that hold JSON; in JSON lines they stay objects, in CSV they are its text.
_JSON = frozenset({"data", "identities", "change"})
#: Columns that together are an object in JSON lines.
_TOGETHER = {
    "namespace": ("identity", "namespace"),
    "identity": ("identity", "value"),
    "subject_kind": ("subject", "kind"),
    "subject_id": ("subject", "id"),
}


@dataclass(frozen=True, slots=True)
class Export:
    """One kind of rows: what is selected (with ``since``), under the names of its columns."""

    columns: tuple[str, ...]
    query: str


_CUSTOMERS = Export(
    ("id", "name", "language", "country", "town", "met_at", "identities"),
    """
    SELECT c.id, c.name, c.language, c.country, c.town, c.met_at, (
      SELECT coalesce(
        jsonb_agg(jsonb_build_object('namespace', i.namespace, 'value', i.value, 'level', i.level)
                  ORDER BY i.namespace, i.value), '[]')
      FROM customers_binding b JOIN customers_identity i ON i.id = b.identity_id
      WHERE b.customer_id = c.id AND b.valid_to IS NULL)
    FROM customers_customer c
    WHERE c.workspace_id = %(workspace)s AND c.met_at >= %(since)s
      AND NOT EXISTS (SELECT 1 FROM customers_merge m WHERE m.gone_id = c.id AND m.undone_at IS NULL)
    ORDER BY c.met_at, c.id
    """,
)
_EVENTS = Export(
    (
        "id",
        "kind",
        "at",
        "namespace",
        "identity",
        "channel",
        "subject_kind",
        "subject_id",
        "workspace",
        "data",
    ),
    """
    SELECT e.seq, e.kind, e.at, i.namespace, i.value, e.channel, e.subject_kind, e.subject_id,
           e.workspace_id, e.data
    FROM timeline_event e LEFT JOIN customers_identity i ON i.id = e.identity_id
    WHERE e.workspace_id = %(workspace)s AND e.at >= %(since)s AND NOT (e.kind = ANY(%(audited)s))
    ORDER BY e.seq
    """,
)
_CONVERSATIONS = Export(
    (
        *("id", "number", "brand", "channel", "subject", "reason", "language", "status", "opened_at"),
        *("first_replied_at", "resolved_at", "namespace", "identity", "customer_id", "customer_name"),
        *("assignee", "team", "entries"),
    ),
    """
    SELECT v.id, v.number, r.slug, v.channel, v.subject, v.reason, v.language, v.status, v.opened_at,
           v.first_replied_at, v.resolved_at, i.namespace, i.value, c.id, c.name, m.name, t.name, v.last_seq
    FROM desk_conversation v
    JOIN accounts_brand r ON r.id = v.brand_id
    JOIN customers_identity i ON i.id = v.identity_id
    LEFT JOIN customers_binding b ON b.identity_id = i.id
      AND b.valid_from <= v.opened_at AND (b.valid_to IS NULL OR b.valid_to > v.opened_at)
    LEFT JOIN customers_customer c ON c.id = b.customer_id
    LEFT JOIN accounts_member m ON m.id = v.assignee_id
    LEFT JOIN accounts_team t ON t.id = v.team_id
    WHERE v.workspace_id = %(workspace)s AND v.opened_at >= %(since)s
    ORDER BY v.number
    """,
)
_ENTRIES = Export(
    (
        *("conversation", "id", "at", "kind", "direction", "author", "text", "activity", "subject", "reason"),
        *("status", "namespace", "identity"),
    ),
    """
    SELECT v.number, e.id, e.at, e.kind, e.direction, coalesce(nullif(e.author_name, ''), e.author_kind),
           e.text, coalesce(e.change ->> 'name', e.change ->> 'what'), v.subject, v.reason, v.status,
           i.namespace, i.value
    FROM desk_conversation v
    JOIN desk_entry e ON e.conversation_id = v.id
    JOIN customers_identity i ON i.id = v.identity_id
    WHERE v.workspace_id = %(workspace)s AND v.opened_at >= %(since)s
    ORDER BY v.number, e.seq
    """,
)
_RESPONSES = Export(
    (
        *("id", "survey", "measure", "asked_at", "answered_at", "score", "comment", "namespace", "identity"),
        *("channel", "subject_kind", "subject_id", "member", "team"),
    ),
    """
    SELECT r.id, s.key, s.kind, n.asked_at, r.answered_at, r.score, (
             SELECT string_agg(a.text, E'\\n' ORDER BY a.at, a.id) FROM feedback_answer a
             WHERE a.response_id = r.id AND a.text <> ''),
           i.namespace, i.value, r.channel, r.subject_kind, r.subject_id, m.name, t.name
    FROM feedback_response r
    JOIN feedback_survey s ON s.id = r.survey_id
    JOIN feedback_invitation n ON n.id = r.invitation_id
    JOIN customers_identity i ON i.id = r.identity_id
    LEFT JOIN accounts_member m ON m.id = r.member_id
    LEFT JOIN accounts_team t ON t.id = r.team_id
    WHERE r.workspace_id = %(workspace)s AND r.answered_at >= %(since)s
    ORDER BY r.answered_at, r.id
    """,
)
EXPORTS = {
    "customers": _CUSTOMERS,
    "events": _EVENTS,
    "conversations": _CONVERSATIONS,
    "entries": _ENTRIES,
    "responses": _RESPONSES,
}
_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)


def export(
    workspace: Workspace,
    what: str,
    target: Path | None,
    *,
    form: str = "csv",
    since: datetime | None = None,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Write all rows of ``what`` to ``target`` (``None``: standard output) as csv or jsonl; returns how many.

    The file appears when it is complete and not before; only its owner may read it. Raises ``OSError``.
    """
    chosen = EXPORTS[what]
    written = 0
    with _whole_or_nothing(target) as out:
        if form == "csv":
            out.write(_csv_line(chosen.columns))
        for row in _rows(chosen, workspace, since):
            out.write(_csv_line(_texts(row)) if form == "csv" else _json_line(chosen.columns, row))
            written += 1
            if progress is not None and written % _BLOCK == 0:
                progress(written)
    return written


def _rows(chosen: Export, workspace: Workspace, since: datetime | None) -> Iterator[tuple[Any, ...]]:
    """One statement, so one picture of the database; never more than a block in memory."""
    parameters: dict[str, Any] = {
        "workspace": workspace.pk,
        "since": since or _BEGINNING,
        # The audit trail tells of members, not of customers, and cannot be brought in anywhere.
        "audited": [kind.name for kind in kinds.values() if kind.audited],
    }
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(chosen.query, parameters)
        while block := cursor.fetchmany(_BLOCK):
            yield from block


def _texts(row: Sequence[Any]) -> list[object]:
    return [
        "" if value is None else value.isoformat() if isinstance(value, datetime) else value for value in row
    ]


def _csv_line(cells: Sequence[object]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(safe_cells(cells))
    return line.getvalue().encode()


def _json_line(columns: Sequence[str], row: Sequence[Any]) -> bytes:
    found: dict[str, Any] = {}
    for column, value in zip(columns, row, strict=True):
        if value in (None, ""):
            continue
        if column in _JSON and isinstance(value, str):
            value = orjson.Fragment(value)
        if column in _TOGETHER:
            whole, part = _TOGETHER[column]
            if isinstance(found.setdefault(whole, {}), dict):
                found[whole][part] = value
        else:
            found[column] = value
    return orjson.dumps(found) + b"\n"


@contextlib.contextmanager
def _whole_or_nothing(target: Path | None) -> Iterator[IO[bytes]]:
    if target is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    # mkstemp makes it readable for its owner only.
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        os.replace(name, target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        raise
