"""The event log. The table is partitioned by month, so migrations create it in SQL."""

from __future__ import annotations

from django.db import models

from rapport.kernel.scoping import ScopedManager


class Event(models.Model):
    """One thing that happened. Never changed, never removed but by erasure.

    ``seq`` orders events as written; ``xact`` is the writing transaction, by which readers know what had
    been committed when they looked (see ``timeline.feed``). There is no customer column: ``identity_id`` is
    who acted or was acted upon, and ``customers.Binding`` says whose that is.
    """

    seq = models.BigIntegerField(primary_key=True)
    xact = models.BigIntegerField()
    workspace_id = models.UUIDField()
    kind = models.TextField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor_kind = models.TextField()
    actor_id = models.UUIDField(null=True)
    identity_id = models.UUIDField(null=True)
    channel = models.TextField()
    subject_kind = models.TextField()
    subject_id = models.UUIDField(null=True)
    data = models.JSONField()

    objects = ScopedManager()

    class Meta:
        managed = False
        db_table = "timeline_event"


class EventKey(models.Model):
    """That an outside event was taken in, so that a second copy is not. Unique over all months."""

    key = models.UUIDField(primary_key=True)
    at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "timeline_event_key"
