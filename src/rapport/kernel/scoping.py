"""Rows belong to a workspace, and a query that names none refuses to run.

``Conversation.objects.within(workspace)`` is the way in. Anything else built on ``objects`` raises
``Unscoped`` the moment it would touch the database, so a forgotten filter is a failing test and never
another company's data. ``objects.across_workspaces()`` is the greppable way around, for jobs that sweep all
workspaces and for looking something up by an unguessable secret.
"""

from __future__ import annotations

import uuid
from typing import Any, TypeVar, cast

from django.db import models
from django.db.migrations.operations import RunSQL

from rapport.kernel.ids import new_id

M = TypeVar("M", bound=models.Model, covariant=True)


class Unscoped(RuntimeError):
    """A query on workspace data named no workspace."""


def workspace_key(workspace: Any) -> uuid.UUID:
    """The id of a workspace given as a row, an actor or an id."""
    if isinstance(workspace, uuid.UUID):
        return workspace
    key = getattr(workspace, "workspace_id", None) or getattr(workspace, "pk", None)
    if not isinstance(key, uuid.UUID):
        raise Unscoped(f"{workspace!r} names no workspace")
    return key


class ScopedQuerySet(models.QuerySet[M]):
    """A queryset that runs only after ``within`` (or ``across_workspaces``)."""

    _is_scoped = False

    def within(self, workspace: Any) -> ScopedQuerySet[M]:
        scoped = cast("ScopedQuerySet[M]", self.filter(workspace_id=workspace_key(workspace)))
        scoped._is_scoped = True
        return scoped

    def across_workspaces(self) -> ScopedQuerySet[M]:
        scoped = cast("ScopedQuerySet[M]", self._chain())
        scoped._is_scoped = True
        return scoped

    def _clone(self) -> Any:
        clone = super()._clone()
        clone._is_scoped = self._is_scoped
        return clone

    def _refuse_unscoped(self) -> None:
        # A related manager (conversation.entries) starts from a row that was itself found in a scope.
        if not self._is_scoped and "instance" not in self._hints:
            raise Unscoped(f"{self.model.__name__} was queried without a workspace")

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self._refuse_unscoped()
        super()._fetch_all()

    def iterator(self, *args: Any, **kwargs: Any) -> Any:
        self._refuse_unscoped()
        return super().iterator(*args, **kwargs)

    def aggregate(self, *args: Any, **kwargs: Any) -> Any:
        self._refuse_unscoped()
        return super().aggregate(*args, **kwargs)

    def count(self) -> int:
        self._refuse_unscoped()
        return super().count()

    def exists(self) -> bool:
        self._refuse_unscoped()
        return super().exists()

    def update(self, **kwargs: Any) -> int:
        self._refuse_unscoped()
        return super().update(**kwargs)

    def delete(self) -> Any:
        self._refuse_unscoped()
        return super().delete()

    def explain(self, *args: Any, **kwargs: Any) -> Any:
        self._refuse_unscoped()
        return super().explain(*args, **kwargs)


class ScopedManager(models.Manager[M]):
    """The default manager of workspace data."""

    use_in_migrations = False

    def get_queryset(self) -> ScopedQuerySet[M]:
        return ScopedQuerySet(self.model, using=self._db, hints=self._hints)

    def within(self, workspace: Any) -> ScopedQuerySet[M]:
        return self.get_queryset().within(workspace)

    def across_workspaces(self) -> ScopedQuerySet[M]:
        return self.get_queryset().across_workspaces()


class WorkspaceRow(models.Model):
    """A row of one workspace, with a UUIDv7 key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.CASCADE, related_name="+")

    objects = ScopedManager()

    class Meta:
        abstract = True


def same_workspace(table: str, column: str, target: str) -> RunSQL:
    """A migration step: ``table.column`` may only point to a row of ``target`` in its own workspace.

    Django cannot declare a foreign key over two columns, so the database is told directly; an id smuggled
    in from another workspace fails here even if every check above it were forgotten.
    """
    unique = f"{target}_within_workspace"
    name = f"{table}_{column}_same_workspace"
    return RunSQL(
        sql=f"""
        DO $$ BEGIN
          IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = '{unique}') THEN
            ALTER TABLE {target} ADD CONSTRAINT {unique} UNIQUE (workspace_id, id);
          END IF;
        END $$;
        ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (workspace_id, {column})
          REFERENCES {target} (workspace_id, id) DEFERRABLE INITIALLY DEFERRED;
        """,
        reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {name};",
    )


def append_only(table: str) -> RunSQL:
    """A migration step: rows of ``table`` can be added, never changed or removed.

    Erasure, which the law demands, sets ``rapport.erasing`` in its own transaction.
    """
    return RunSQL(
        sql=f"""
        CREATE OR REPLACE FUNCTION rapport_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF current_setting('rapport.erasing', true) = 'on' THEN
            RETURN COALESCE(NEW, OLD);
          END IF;
          RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END $$;
        CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
          FOR EACH ROW EXECUTE FUNCTION rapport_append_only();
        """,
        reverse_sql=f"DROP TRIGGER {table}_append_only ON {table};",
    )
