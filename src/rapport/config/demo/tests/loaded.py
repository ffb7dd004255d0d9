"""A demo company in the database for tests that only read, gone when they are done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from rapport.config.demo.loading import Built, build

#: A Sunday in Nairobi, 14:20: the desk is staffed.
NOW = datetime(2026, 11, 22, 11, 20, tzinfo=UTC)


@contextmanager
def loaded_company(*, scale: float, until: datetime = NOW) -> Iterator[Built]:
    # Each test runs in a savepoint of this transaction.
    with transaction.atomic():
        yield build(until=until, scale=scale)
        transaction.set_rollback(True)


def rows(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
