"""Bringing the database's tables up to date, and telling quickly that there is nothing to do."""

from __future__ import annotations

from pathlib import Path

import psycopg
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from rapport.config.trouble import Trouble

# Any number serves, as long as it is ours: several machines may start on one database at once.
MIGRATING_LOCK = 7_226_000
# Present while a restore is under way; see rapport.config.restore.
RESTORING_TABLE = "rapport_restoring"

Migration = tuple[str, str]


class SchemaTrouble(Trouble):
    """The tables in the database are not what this version can work with."""


def known_migrations() -> set[Migration]:
    """(app, name) of every migration this version brings, found by file name: importing them takes longer."""
    found: set[Migration] = set()
    for app in apps.get_app_configs():
        folder = Path(app.path) / "migrations"
        if folder.is_dir():
            found |= {(app.label, path.stem) for path in folder.glob("[!_]*.py")}
    return found


def applied_migrations(address: str) -> set[Migration]:
    """(app, name) of every migration applied to the database at ``address``; empty for a new one."""
    with psycopg.connect(address) as connected:
        if not _has_table(connected, "django_migrations"):
            return set()
        return set(connected.execute("SELECT app, name FROM django_migrations").fetchall())


def _has_table(connected: psycopg.Connection[tuple[str | None]], name: str) -> bool:
    row = connected.execute("SELECT to_regclass(%s)::text", [f"public.{name}"]).fetchone()
    return row is not None and row[0] is not None


def bring_up_to_date(address: str) -> bool:
    """Apply what is missing; whether anything was. One process at a time, the others wait and find it done.

    Raises ``SchemaTrouble`` when the database was used by a newer version or a restore was cut short.
    """
    if not missing_migrations(address):
        return False
    with psycopg.connect(address, autocommit=True) as lock:
        lock.execute("SELECT pg_advisory_lock(%s)", [MIGRATING_LOCK])
        if missing_migrations(address):
            call_command("migrate", interactive=False, verbosity=0)
            connection.close()
    return True


def missing_migrations(address: str) -> set[Migration]:
    """What ``bring_up_to_date`` would apply. Raises as that does."""
    known, applied = known_migrations(), applied_migrations(address)
    labels = {app for app, _ in known}
    newer = sorted(f"{app}.{name}" for app, name in applied - known if app in labels)
    if newer:
        raise SchemaTrouble(
            f"the database was last used by a newer Rapport (it knows {newer[0]}); upgrade this one"
        )
    with psycopg.connect(address) as connected:
        if _has_table(connected, RESTORING_TABLE):
            raise SchemaTrouble("a restore into this database was cut short; run `rapport restore` again")
    return known - applied


def require_current(address: str) -> None:
    """Raise ``SchemaTrouble`` unless the tables are those of this version. For those who do not migrate."""
    missing = missing_migrations(address)
    if missing:
        raise SchemaTrouble("the database is not up to date; start `rapport serve` of this version first")
