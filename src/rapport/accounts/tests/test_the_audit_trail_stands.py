"""What was done is written in the transaction that did it, and nobody can rewrite it."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from conftest import Person
from rapport.accounts import events
from rapport.accounts.actions import form_team
from rapport.accounts.models import Team
from rapport.kernel import log
from rapport.timeline.models import Event


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE timeline_event SET actor_id = NULL WHERE workspace_id = %s",
        "DELETE FROM timeline_event WHERE workspace_id = %s",
    ],
)
def test_the_database_refuses_to_change_it(wanjiru: Person, statement: str) -> None:
    before = list(Event.objects.within(wanjiru.workspace).values())
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [wanjiru.workspace.pk])
    assert list(Event.objects.within(wanjiru.workspace).values()) == before != []


def test_no_change_without_its_event(amina: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(record: log.Record) -> None:
        raise DatabaseError("could not extend file: No space left on device")

    monkeypatch.setattr(log, "_writer", full)
    with pytest.raises(DatabaseError), transaction.atomic():
        form_team(amina.actor, name="Care")
    assert not Team.objects.within(amina.workspace).exists()


def test_every_kind_of_this_package_is_audited() -> None:
    names = {value for name, value in vars(events).items() if name.isupper()}
    assert names and all(log.kinds[name].audited for name in names)
