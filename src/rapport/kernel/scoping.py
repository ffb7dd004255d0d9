"""Rows belong to a workspace, and a query that names none refuses to run.

``Conversation.objects.within(workspace)`` is the way in. Anything else built on ``objects`` raises
``Unscoped`` the moment it would touch the database, so a forgotten filter is a failing test and never
another company's data. ``objects.across_workspaces()`` is the greppable way around, for jobs that sweep all
workspaces and for looking something up by an unguessable secret.
"""

from __future__ import annotations

import uuid
from typing import Any, TypeVar

from django.db import models
from django.db.migrations.operations import RunSQL
from django.db.models.sql import AND, Query

from rapport.kernel.ids import new_id

M = TypeVar("M", bound=models.Model, covariant=True)


class Unscoped(RuntimeError):
    """A query on workspace data named no workspace."""


def workspace_key(workspace: Any) -> uuid.UUID:
    """The id of a workspace given as a row, an actor or an id."""
    if isinstance(workspace, uuid.UUID):
        return workspace
    key = getattr(workspace, "workspace_id", None)
    if isinstance(workspace, models.Model) and workspace._meta.label == "accounts.Workspace":
        key = workspace.pk
    if not isinstance(key, uuid.UUID):
        raise Unscoped(f"{workspace!r} names no workspace")
    return key


class ScopedQuery(Query):
    """The SQL behind a scoped queryset; it knows whether a workspace was named.

    The check stands here and not in the queryset's methods because everything that reads, subqueries and
    ``aiterator`` included, must ask its query for a compiler.
    """

    names_workspace = False

    def get_compiler(self, *args: Any, **kwargs: Any) -> Any:
        self.refuse_unscoped()
        return super().get_compiler(*args, **kwargs)

    def refuse_unscoped(self) -> None:
        # A union names nothing itself; its parts are compiled, and checked, one by one.
        if not self.names_workspace and not self.combinator and not self.is_empty():
            raise Unscoped(f"{self.get_meta().object_name} was queried without a workspace")

    def combine(self, rhs: Any, connector: str) -> None:
        theirs = getattr(rhs, "names_workspace", False)
        super().combine(rhs, connector)
        if connector == AND:
            self.names_workspace = self.names_workspace or theirs
        else:
            self.names_workspace = self.names_workspace and theirs

    def split_exclude(self, *args: Any, **kwargs: Any) -> Any:
        # Django makes the inner query of an exclude() over many rows from the outer one's class. That one
        # only ever narrows what the outer query, which is checked itself, gives.
        self.__class__ = Query  # type: ignore[assignment]
        try:
            return Query.split_exclude(self, *args, **kwargs)
        finally:
            self.__class__ = ScopedQuery


class ScopedQuerySet(models.QuerySet[M]):
    """A queryset that runs only after ``within`` (or ``across_workspaces``)."""

    query: ScopedQuery
    _hints: dict[str, Any]

    def __init__(self, model: Any = None, query: Any = None, using: Any = None, hints: Any = None) -> None:
        super().__init__(model, ScopedQuery(model) if query is None else query, using, hints)
        # A related manager (conversation.entries) starts from a row that was itself found in a scope.
        if "instance" in self._hints:
            self.query.names_workspace = True

    def within(self, workspace: Any) -> ScopedQuerySet[M]:
        scoped = self.filter(workspace_id=workspace_key(workspace))
        scoped.query.names_workspace = True
        return scoped

    def across_workspaces(self) -> ScopedQuerySet[M]:
        scoped = self.all()
        scoped.query.names_workspace = True
        return scoped

    def _add_hints(self, **hints: Any) -> None:
        super()._add_hints(**hints)  # type: ignore[misc]
        if "instance" in hints:
            self.query.names_workspace = True

    # A sliced operand is wrapped by Django in a filter of the unguarded base manager.
    def __or__(self, other: Any) -> Any:
        _refuse_unscoped(self, other)
        return super().__or__(other)

    def __xor__(self, other: Any) -> Any:
        _refuse_unscoped(self, other)
        return super().__xor__(other)

    # These four change the class of the query before it is compiled.
    def update(self, **kwargs: Any) -> int:
        _refuse_unscoped(self)
        return super().update(**kwargs)

    def delete(self) -> Any:
        _refuse_unscoped(self)
        return super().delete()

    def _raw_delete(self, using: Any) -> Any:
        _refuse_unscoped(self)
        return super()._raw_delete(using)

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        raise Unscoped("raw() would ignore the workspace; open a cursor and name the workspace in the SQL")


def _refuse_unscoped(*querysets: Any) -> None:
    for queryset in querysets:
        query = queryset.query
        if isinstance(query, ScopedQuery):
            query.refuse_unscoped()


class ScopedManager(models.Manager[M]):
    """The default manager of workspace data."""

    use_in_migrations = False
    _hints: dict[str, Any]

    def get_queryset(self) -> ScopedQuerySet[M]:
        return ScopedQuerySet(self.model, using=self._db, hints=self._hints)

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        return self.get_queryset().raw(*args, **kwargs)

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
        """,  # noqa: S608  (names from our own migrations)
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
