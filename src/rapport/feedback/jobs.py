"""Work of feedback that happens later; each calls one action."""

from __future__ import annotations

import uuid

from procrastinate.contrib.django import app

from rapport.feedback import actions


@app.task(name="feedback.ask_after_service", retry=3)
def ask_after_service(workspace_id: str, seq: int, kind: str, subject_id: str, identity_id: str) -> None:
    actions.ask_after_service(uuid.UUID(workspace_id), seq)
