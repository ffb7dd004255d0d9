"""Keys for programs: shown once, limited, ended at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from conftest import Person
from rapport.accounts import queries
from rapport.accounts.actions import (
    change_member_role,
    issue_api_key,
    note_api_key_use,
    reinstate,
    revoke_api_key,
    suspend,
)
from rapport.accounts.models import ApiKey, Role
from rapport.accounts.refusals import NotHere, Refused
from rapport.kernel import clock
from rapport.kernel.actors import ActorKind, Denied
from rapport.timeline.models import Event

SEE = ["conversations.see", "workspace.see"]


def test_a_key_is_its_own_actor(wanjiru: Person, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    issued = issue_api_key(wanjiru.actor, name="Shop till", permissions=SEE)
    assert issued.plain.startswith("rk_live_")
    with django_assert_num_queries(1):
        actor = queries.actor_of_api_key(issued.plain)
    assert actor is not None and actor.kind is ActorKind.API_KEY and actor.id == issued.key.pk
    assert actor.workspace_id == wanjiru.workspace.pk and actor.permissions == set(SEE)


def test_the_key_itself_is_kept_nowhere(wanjiru: Person) -> None:
    issued = issue_api_key(wanjiru.actor, name="Shop till", permissions=SEE)
    kept = str(vars(ApiKey.objects.within(wanjiru.workspace).get()))
    told = str([event.data for event in Event.objects.within(wanjiru.workspace)])
    assert issued.plain not in kept + told + repr(issued)
    assert issued.key.digest not in told


@pytest.mark.parametrize("guess", ["", "rk_live_", "rk_live_" + "0" * 34, "x" * 100_000, "rk_live_\ud800"])
def test_a_guess_is_nobody(wanjiru: Person, guess: str) -> None:
    issue_api_key(wanjiru.actor, name="Shop till", permissions=SEE)
    assert queries.actor_of_api_key(guess) is None


def test_a_revoked_key_is_nobody(wanjiru: Person) -> None:
    issued = issue_api_key(wanjiru.actor, name="Shop till", permissions=SEE)
    revoke_api_key(wanjiru.actor, issued.key.pk)
    revoke_api_key(wanjiru.actor, issued.key.pk)
    assert queries.actor_of_api_key(issued.plain) is None
    assert Event.objects.within(wanjiru.workspace).filter(kind="api_key.revoked").count() == 1


def test_a_key_ends_when_it_expires(wanjiru: Person) -> None:
    until = clock.now() + timedelta(days=1)
    issued = issue_api_key(wanjiru.actor, name="Shop till", permissions=SEE, expires_at=until)
    assert queries.actor_of_api_key(issued.plain) is not None
    with clock.frozen(until):
        assert queries.actor_of_api_key(issued.plain) is None
    with pytest.raises(Refused):
        issue_api_key(wanjiru.actor, name="Late", permissions=SEE, expires_at=clock.now() - timedelta(days=1))
    assert ApiKey.objects.within(wanjiru.workspace).count() == 1


def test_a_key_never_may_more_than_its_issuer(wanjiru: Person, daniel: Person) -> None:
    with pytest.raises(Refused):
        issue_api_key(daniel.actor, name="Own", permissions=["workspace.own"])
    issued = issue_api_key(daniel.actor, name="Till", permissions=["members.manage", "workspace.see"])
    analyst = Role.objects.within(wanjiru.workspace).get(key="analyst")
    change_member_role(wanjiru.actor, daniel.member.pk, role_id=analyst.pk)
    actor = queries.actor_of_api_key(issued.plain)
    assert actor is not None and actor.permissions == {"workspace.see"}


def test_a_key_rests_while_its_issuer_is_suspended(wanjiru: Person, daniel: Person) -> None:
    issued = issue_api_key(daniel.actor, name="Till", permissions=SEE)
    suspend(wanjiru.actor, daniel.member.pk)
    assert queries.actor_of_api_key(issued.plain) is None
    reinstate(wanjiru.actor, daniel.member.pk)
    assert queries.actor_of_api_key(issued.plain) is not None


def test_who_may_not_issue_issues_nothing(wanjiru: Person, otieno: Person) -> None:
    with pytest.raises(Denied):
        issue_api_key(otieno.actor, name="Mine", permissions=SEE)
    issued = issue_api_key(wanjiru.actor, name="Breeder", permissions=["api_keys.manage", *SEE])
    program = queries.actor_of_api_key(issued.plain)
    assert program is not None
    with pytest.raises(Denied):
        issue_api_key(program, name="Child", permissions=SEE)
    assert [key.name for key in ApiKey.objects.within(wanjiru.workspace)] == ["Breeder"]


def test_another_companys_key_is_not_here(wanjiru: Person, baraka: Person) -> None:
    issued = issue_api_key(wanjiru.actor, name="Till", permissions=SEE)
    with pytest.raises(NotHere):
        revoke_api_key(baraka.actor, issued.key.pk)
    assert queries.actor_of_api_key(issued.plain) is not None


def test_its_last_use_is_noted_at_most_once_a_minute(wanjiru: Person) -> None:
    issued = issue_api_key(wanjiru.actor, name="Till", permissions=SEE)
    actor = queries.actor_of_api_key(issued.plain)
    assert actor is not None
    start = clock.now()
    with clock.frozen(start) as standing:
        note_api_key_use(actor)
        standing.advance(timedelta(seconds=59))
        note_api_key_use(actor)
        issued.key.refresh_from_db()
        assert issued.key.last_used_at == start
        standing.advance(timedelta(seconds=2))
        note_api_key_use(actor)
        issued.key.refresh_from_db()
        assert issued.key.last_used_at == start + timedelta(seconds=61)
