"""Work of the desk that happens later; each calls one action."""

from __future__ import annotations

import uuid

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from rapport.desk import actions

ATTEMPTS = 6


@app.task(
    name="desk.deliver_entry",
    # After 4, 16, 64, 256 and 1024 seconds.
    retry=RetryStrategy(max_attempts=ATTEMPTS - 1, exponential_wait=4),
    pass_context=True,
)
def deliver_entry(context: JobContext, workspace_id: str, entry_id: str) -> None:
    last = context.job is None or context.job.attempts >= ATTEMPTS - 1
    actions.deliver(uuid.UUID(workspace_id), uuid.UUID(entry_id), is_last_attempt=last)


@app.periodic(cron="* * * * *")
@app.task(name="desk.keep_time", queueing_lock="desk.keep_time", pass_context=False)
def keep_time(timestamp: int) -> None:
    """Every minute: wake what was snoozed, break what was promised and did not happen."""
    actions.wake_due()
    actions.break_overdue()
