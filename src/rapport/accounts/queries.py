"""Reads about workspaces and members."""

from __future__ import annotations

import uuid

from rapport.accounts.models import Calendar


def default_calendar(workspace_id: uuid.UUID) -> Calendar | None:
    """The business hours that hold where nothing else is said."""
    return Calendar.objects.within(workspace_id).filter(is_default=True).first()
