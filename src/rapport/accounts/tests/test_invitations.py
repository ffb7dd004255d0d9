"""People come in by invitation: for one address, for seven days, once."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from conftest import PASSWORD, Person
from rapport.accounts import queries
from rapport.accounts.actions import (
    Invited,
    invite,
    join_as_new_person,
    join_as_signed_in,
    open_invitation,
    suspend,
    withdraw,
)
from rapport.accounts.models import Invitation, Member, Role, User, Workspace
from rapport.accounts.refusals import LinkClosed, NotHere, Refused
from rapport.kernel import clock
from rapport.kernel.actors import Denied
from rapport.timeline.models import Event

FATUMA = "fatuma@example.com"


def role(workspace: Workspace, key: str) -> uuid.UUID:
    return Role.objects.within(workspace).get(key=key).pk


def secret_of(invited: Invited) -> str:
    return invited.path.removeprefix("/invitation/").removesuffix("/")


def members(workspace: Workspace) -> int:
    return Member.objects.within(workspace).count()


def invited_fatuma(wanjiru: Person, key: str = "agent") -> str:
    return secret_of(invite(wanjiru.actor, email=FATUMA, role_id=role(wanjiru.workspace, key)))


def test_somebody_new_comes_in_with_the_role(wanjiru: Person) -> None:
    secret = invited_fatuma(wanjiru)
    member = join_as_new_person(secret, name="Fatuma Ali", password=PASSWORD)
    assert member.role.key == "agent" and member.user.email == FATUMA
    assert queries.actor_of(member.user, "duka") is not None
    told = Event.objects.within(wanjiru.workspace).get(kind="member.joined")
    assert told.actor_id == member.pk and told.data["role"] == "Agent"


def test_an_existing_sign_in_can_accept(wanjiru: Person, baraka: Person) -> None:
    secret = secret_of(
        invite(wanjiru.actor, email="BARAKA@example.com", role_id=role(wanjiru.workspace, "viewer"))
    )
    join_as_signed_in(secret, user=baraka.user)
    assert [workspace.name for workspace in queries.workspaces_of(baraka.user)] == ["Duka", "Kiosk"]


def test_a_sign_in_with_another_address_cannot(wanjiru: Person, baraka: Person) -> None:
    secret = invited_fatuma(wanjiru)
    with pytest.raises(Refused) as refused:
        join_as_signed_in(secret, user=baraka.user)
    assert refused.value.code == "other_address"
    assert members(wanjiru.workspace) == 1
    assert open_invitation(secret).accepted_at is None


def test_an_address_that_has_a_sign_in_must_sign_in(wanjiru: Person, baraka: Person) -> None:
    secret = secret_of(
        invite(wanjiru.actor, email=baraka.user.email, role_id=role(wanjiru.workspace, "agent"))
    )
    with pytest.raises(Refused) as refused:
        join_as_new_person(secret, name="Not Baraka", password="another-long-password")
    assert refused.value.code == "email_taken"
    assert members(wanjiru.workspace) == 1
    baraka.user.refresh_from_db()
    assert baraka.user.name == "Baraka Mushi" and baraka.user.check_password(PASSWORD)


def test_it_opens_once(wanjiru: Person) -> None:
    secret = invited_fatuma(wanjiru)
    join_as_new_person(secret, name="Fatuma Ali", password=PASSWORD)
    with pytest.raises(LinkClosed) as closed:
        join_as_new_person(secret, name="Eve", password=PASSWORD)
    assert closed.value.code == "used"
    assert members(wanjiru.workspace) == 2


def test_it_expires_after_seven_days(wanjiru: Person) -> None:
    secret = invited_fatuma(wanjiru)
    with clock.frozen(clock.now() + timedelta(days=7)), pytest.raises(LinkClosed) as closed:
        join_as_new_person(secret, name="Fatuma Ali", password=PASSWORD)
    assert closed.value.code == "expired"
    assert members(wanjiru.workspace) == 1 and not User.objects.filter(email=FATUMA).exists()


def test_a_withdrawn_one_opens_nothing(wanjiru: Person) -> None:
    invited = invite(wanjiru.actor, email=FATUMA, role_id=role(wanjiru.workspace, "agent"))
    withdraw(wanjiru.actor, invited.invitation.pk)
    withdraw(wanjiru.actor, invited.invitation.pk)
    with pytest.raises(LinkClosed) as closed:
        join_as_new_person(secret_of(invited), name="Fatuma Ali", password=PASSWORD)
    assert closed.value.code == "withdrawn"
    assert members(wanjiru.workspace) == 1
    assert Event.objects.within(wanjiru.workspace).filter(kind="invitation.withdrawn").count() == 1


def test_inviting_again_closes_the_older_link(wanjiru: Person) -> None:
    older, newer = invited_fatuma(wanjiru), invited_fatuma(wanjiru, "lead")
    with pytest.raises(LinkClosed):
        open_invitation(older)
    assert open_invitation(newer).role.key == "lead"


def test_a_member_cannot_be_invited_again(wanjiru: Person, otieno: Person) -> None:
    agent = role(wanjiru.workspace, "agent")
    with pytest.raises(Refused) as refused:
        invite(wanjiru.actor, email="Otieno@Example.com", role_id=agent)
    assert refused.value.code == "is_member"
    suspend(wanjiru.actor, otieno.member.pk)
    with pytest.raises(Refused) as refused:
        invite(wanjiru.actor, email=otieno.user.email, role_id=agent)
    assert refused.value.code == "suspended_member"
    assert not Invitation.objects.within(wanjiru.workspace).exists()


def test_an_invitation_does_not_lift_a_suspension(wanjiru: Person, baraka: Person) -> None:
    viewer = role(wanjiru.workspace, "viewer")
    first = secret_of(invite(wanjiru.actor, email=baraka.user.email, role_id=viewer))
    member = join_as_signed_in(first, user=baraka.user)
    Member.objects.within(wanjiru.workspace).filter(pk=member.pk).delete()
    second = secret_of(invite(wanjiru.actor, email=baraka.user.email, role_id=viewer))
    Member.objects.create(
        workspace=wanjiru.workspace, user=baraka.user, role_id=viewer, name="Baraka", suspended_at=clock.now()
    )
    with pytest.raises(Refused):
        join_as_signed_in(second, user=baraka.user)
    assert queries.actor_of(baraka.user, "duka") is None


def test_nobody_invites_to_a_role_above_their_own(daniel: Person, otieno: Person) -> None:
    with pytest.raises(Denied):
        invite(daniel.actor, email=FATUMA, role_id=role(daniel.workspace, "owner"))
    with pytest.raises(Denied):
        invite(otieno.actor, email=FATUMA, role_id=role(otieno.workspace, "viewer"))
    assert not Invitation.objects.within(daniel.workspace).exists()


def test_another_companys_role_or_invitation_is_not_here(wanjiru: Person, baraka: Person) -> None:
    with pytest.raises(NotHere):
        invite(wanjiru.actor, email=FATUMA, role_id=role(baraka.workspace, "viewer"))
    theirs = invite(wanjiru.actor, email=FATUMA, role_id=role(wanjiru.workspace, "viewer"))
    with pytest.raises(NotHere):
        withdraw(baraka.actor, theirs.invitation.pk)
    theirs.invitation.refresh_from_db()
    assert theirs.invitation.withdrawn_at is None


@pytest.mark.parametrize("address", ["", "fatuma", "a@b", "x" * 300 + "@example.com", "a\n@example.com"])
def test_an_address_must_be_one(wanjiru: Person, address: str) -> None:
    with pytest.raises(Refused) as refused:
        invite(wanjiru.actor, email=address, role_id=role(wanjiru.workspace, "agent"))
    assert refused.value.field == "email"
    assert not Invitation.objects.within(wanjiru.workspace).exists()


def test_no_secret_is_kept(wanjiru: Person) -> None:
    secret = invited_fatuma(wanjiru)
    rows = [str(vars(row)) for row in Invitation.objects.within(wanjiru.workspace)]
    events = [str(event.data) for event in Event.objects.within(wanjiru.workspace)]
    assert not any(secret in text for text in rows + events)
