"""Reads of the event log."""

from __future__ import annotations

import uuid

from rapport.timeline.models import Event


def event_by_seq(workspace_id: uuid.UUID, seq: int) -> Event | None:
    """One event by its number, if it belongs to the workspace."""
    return Event.objects.within(workspace_id).filter(seq=seq).first()
