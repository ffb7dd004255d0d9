"""Work of the desk that happens later; each calls one action."""

from __future__ import annotations

import uuid

from procrastinate.contrib.django import app

from rapport.desk import actions


@app.task(name="desk.deliver_entry", retry=3)
def deliver_entry(workspace_id: str, entry_id: str) -> None:
    actions.deliver(uuid.UUID(workspace_id), uuid.UUID(entry_id))


@app.periodic(cron="* * * * *")
@app.task(name="desk.keep_time", queueing_lock="desk.keep_time", pass_context=False)
def keep_time(timestamp: int) -> None:
    """Every minute: wake what was snoozed, break what was promised and did not happen."""
    actions.wake_due()
    actions.break_overdue()
