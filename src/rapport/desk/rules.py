"""Pure rules of the desk."""

from __future__ import annotations

from datetime import datetime, timedelta

from rapport.kernel.calendars import BusinessCalendar

PREVIEW_CHARS = 160
MAX_MESSAGE_CHARS = 10_000
MAX_KEY_CHARS = 120
#: A customer who writes again within this time continues the settled matter; later it is a new one.
REOPEN_WITHIN = timedelta(days=7)
DEFAULT_FIRST_REPLY = timedelta(minutes=30)

DELIVERY_RANK = {"queued": 0, "sent": 1, "delivered": 2, "read": 3}


def preview(text: str) -> str:
    """The first words of a message on one line."""
    line = " ".join(text.split())
    return line if len(line) <= PREVIEW_CHARS else line[: PREVIEW_CHARS - 1].rstrip() + "…"


def delivery_moves_on(before: str, after: str) -> bool:
    """Whether a delivery may go from one state to another. Reports arrive late and out of order."""
    if before == "failed":
        return after in {"delivered", "read"}  # it got there after all
    if after == "failed":
        return before in {"queued", "sent"}
    return DELIVERY_RANK[after] > DELIVERY_RANK[before]


def continues(resolved_at: datetime | None, at: datetime) -> bool:
    """Whether a message at ``at`` belongs to a matter settled at ``resolved_at`` (``None``: not settled)."""
    return resolved_at is None or at - resolved_at <= REOPEN_WITHIN


def first_reply_due(at: datetime, *, within: timedelta, calendar: BusinessCalendar | None) -> datetime:
    """When the first reply is due, counting business time only."""
    return at + within if calendar is None else calendar.add(at, within)
