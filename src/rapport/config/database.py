"""Django's database settings from a PostgreSQL address."""

from __future__ import annotations

from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from rapport.config.options import BadSetting

APPLICATION_NAME = "rapport"
WAIT_FOR_CONNECTION_SECONDS = 10.0
IDLE_SECONDS = 60


def django_database(url: str, *, pool: int) -> dict[str, Any]:
    """The entry of ``DATABASES`` for ``url`` (any libpq address, ``postgresql://…``), with at most ``pool``
    connections per process.

    A pool and no persistent connections: under ASGI each request may have a thread of its own, and
    persistent connections of dead threads would use up the server's. Raises ``BadSetting``; its message
    never holds the address, because that may hold a password.
    """
    try:
        parameters = conninfo_to_dict(url)
    except ProgrammingError as error:
        raise BadSetting("database_url: PostgreSQL cannot read this address") from error
    name = parameters.pop("dbname", None) or parameters.get("user")
    port = str(parameters.pop("port", None) or "")
    if not all(part.isdigit() for part in port.split(",") if part):
        raise BadSetting("database_url: its port is not a number")
    if not name:
        raise BadSetting(
            "database_url: names no database; write postgresql://name:password@host:5432/database"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": str(name),
        "USER": str(parameters.pop("user", None) or ""),
        "PASSWORD": str(parameters.pop("password", None) or ""),
        "HOST": str(parameters.pop("host", None) or ""),
        "PORT": port,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "application_name": APPLICATION_NAME,
            **parameters,
            "pool": {
                "min_size": 1,
                "max_size": pool,
                "timeout": WAIT_FOR_CONNECTION_SECONDS,
                # After a restart of the database each idle connection costs a failed try, so few are kept.
                "max_idle": IDLE_SECONDS,
            },
        },
    }
