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
    "seq, xact, workspace_id, kind, at, actor_kind, actor_id, identity_id, channel, subject_kind, subject_id, data"
)
# One statement, so rows and horizon come from one snapshot. Recent months only: a live reader never wants
# history that an import wrote a moment ago.
READ = f"""
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, {COLUMNS}
FROM (SELECT 1) AS one LEFT JOIN timeline_event
  ON xact >= %(horizon)s AND at > now() - interval '2 days'
ORDER BY seq
LIMIT %(limit)s
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
        if not dash or not epoch or not horizon.isascii() or not horizon.isdigit() or len(horizon) > 19:
            return None
        return cls(epoch, int(horizon))
