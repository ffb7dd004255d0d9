"""Doors that two people push at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from conftest import PASSWORD, Person
from rapport.accounts.actions import (
    NewCompany,
    NewPerson,
    change_member_role,
    invite,
    join_as_new_person,
    owner_link,
    use_owner_link,
)
from rapport.accounts.models import Invitation, Member, Role, User, Workspace
from rapport.accounts.refusals import LinkClosed, Refused

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*attempts: Callable[[], object]) -> list[object]:
    """Run all at the same moment; what each returned or raised."""
    gate = threading.Barrier(len(attempts))
    results: list[object] = [None] * len(attempts)

    def run(number: int, attempt: Callable[[], object]) -> None:
        gate.wait()
        try:
            results[number] = attempt()
        except Exception as error:  # noqa: BLE001  (the test looks at it)
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(attempts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_owners_cannot_demote_each_other(wanjiru: Person, otieno: Person) -> None:
    roles = {role.key: role.pk for role in Role.objects.within(wanjiru.workspace)}
    change_member_role(wanjiru.actor, otieno.member.pk, role_id=roles["owner"])
    results = at_once(
        lambda: change_member_role(wanjiru.actor, otieno.member.pk, role_id=roles["admin"]),
        lambda: change_member_role(wanjiru.actor, wanjiru.member.pk, role_id=roles["admin"]),
    )
    refusals = [result for result in results if isinstance(result, Refused)]
    assert [refusal.code for refusal in refusals] == ["last_owner"], results
    assert Member.objects.within(wanjiru.workspace).filter(role__key="owner").count() == 1


def test_an_owner_link_opens_for_one_of_two() -> None:
    link = owner_link()
    assert link is not None
    secret = link.removeprefix("/welcome/").removesuffix("/")
    company = NewCompany(name="Duka", time_zone="Africa/Nairobi", country="KE", currency="KES", language="en")
    results = at_once(
        *[
            lambda name=name: use_owner_link(
                secret,
                person=NewPerson(email=f"{name}@example.com", name=name, password=PASSWORD),
                company=company,
            )
            for name in ("wanjiru", "eve", "mallory")
        ]
    )
    assert sum(isinstance(result, Member) for result in results) == 1
    assert sum(isinstance(result, LinkClosed) for result in results) == 2
    assert User.objects.count() == 1 and Workspace.objects.count() == 1


def test_an_invitation_opens_for_one_of_two(wanjiru: Person) -> None:
    agent = Role.objects.within(wanjiru.workspace).get(key="agent")
    invited = invite(wanjiru.actor, email="fatuma@example.com", role_id=agent.pk)
    secret = invited.path.removeprefix("/invitation/").removesuffix("/")
    results = at_once(
        *[lambda name=name: join_as_new_person(secret, name=name, password=PASSWORD) for name in ("A", "B")]
    )
    assert sum(isinstance(result, Member) for result in results) == 1, results
    assert Member.objects.within(wanjiru.workspace).count() == 2


def test_two_invitations_to_one_address_leave_one_open(wanjiru: Person) -> None:
    agent = Role.objects.within(wanjiru.workspace).get(key="agent")
    results = at_once(*[lambda: invite(wanjiru.actor, email="fatuma@example.com", role_id=agent.pk)] * 3)
    assert not [result for result in results if isinstance(result, Exception)], results
    open_ones = Invitation.objects.within(wanjiru.workspace).filter(accepted_at=None, withdrawn_at=None)
    assert open_ones.count() == 1
