"""Reading the log as it grows, without missing what commits late.

Sequence numbers are handed out before commit, so "everything after 41" can miss 40. A reader therefore keeps
the *horizon*: the oldest transaction that was still running when it last looked. Looking again means reading
all events written by that transaction or a later one, and leaving out those already seen.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

COLUMNS = (
    "seq, xact, workspace_id, kind, at, actor_kind, actor_id, identity_id, channel, subject_kind, subject_id,"
    " data"
)
# One statement, so rows and horizon come from one snapshot. In the order of transactions, because that is
# how far a page can say it has read: a transaction that began early may hold the latest numbers. The upper
# bound leaves out rows that a restore brought along from a server that had counted further.
READ = f"""
SELECT pg_snapshot_xmin(snapshot)::text::bigint, news.*
FROM (SELECT pg_current_snapshot() AS snapshot) AS one LEFT JOIN LATERAL (
  SELECT {COLUMNS} FROM timeline_event
  WHERE news AND (xact, seq) > (%(xact)s::bigint, %(seq)s::bigint)
    AND xact < pg_snapshot_xmax(snapshot)::text::bigint AND at > now() - interval '35 days'
  ORDER BY xact, seq LIMIT %(limit)s
) AS news ON true
ORDER BY xact, seq
"""  # noqa: S608
EPOCH = "SELECT replace(id::text, '-', '') FROM timeline_epoch"
NOW = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """One event as the live feed hands it on."""

    seq: int
    xact: int
    workspace_id: uuid.UUID
    kind: str
    at: datetime
    actor_kind: str
    actor_id: uuid.UUID | None
    identity_id: uuid.UUID | None
    channel: str
    subject_kind: str
    subject_id: uuid.UUID | None
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a stream has read: the horizon, and which database it is a horizon of."""

    epoch: str
    horizon: int

    def __str__(self) -> str:
        return f"{self.epoch}-{self.horizon}"

    @classmethod
    def parse(cls, text: str) -> Cursor | None:
        """The cursor in a ``Last-Event-ID``, or ``None`` when it is not one of ours."""
        epoch, dash, horizon = text.strip().rpartition("-")
        if not dash or not epoch or not horizon.isascii() or not horizon.isdigit() or len(horizon) > 18:
            return None
        return cls(epoch, int(horizon))
