"""A visitor who signs in brings their past along; a shared device changes hands and leaves the past where it was."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from conftest import Person, Served
from rapport.accounts.models import Workspace
from rapport.customers.actions import NoSuchIdentity, link_anonymous, recognise
from rapport.customers.models import Binding, Customer, Merge
from rapport.customers.queries import customer, customer_of, customers
from rapport.customers.rules import Level
from rapport.kernel import clock
from rapport.kernel.actors import Denied, system
from rapport.kernel.log import record
from rapport.timeline.models import Event
from rapport.timeline.queries import customer_timeline
from rapport.timeline.tests.cast import at_once

MORNING = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def visitor(duka: Workspace, value: str = "tablet-7", name: str = "") -> uuid.UUID:
    us = system(duka.pk)
    found = recognise(
        us, namespace="anonymous_id", value=value, level=Level.UNKNOWN, evidence="web", name=name
    )
    return found.identity_id


def signed_in(duka: Workspace, user: str) -> uuid.UUID:
    us = system(duka.pk)
    found = recognise(us, namespace="user_id", value=user, level=Level.SIGNED_IN, evidence="jwt")
    return found.identity_id


def link(duka: Workspace, anonymous: uuid.UUID, known: uuid.UUID) -> uuid.UUID:
    return link_anonymous(system(duka.pk), anonymous_id=anonymous, known_id=known, evidence="jwt")


def looks(duka: Workspace, identity: uuid.UUID, at: datetime, page: str) -> None:
    with transaction.atomic():
        record(system(duka.pk), "page.viewed", identity_id=identity, at=at, data={"page": page})


def pages(actor_of: Person, customer_id: uuid.UUID) -> list[str]:
    page = customer_timeline(actor_of.actor, customer_id, kinds=("page.viewed",))
    return [event.data["page"] for event in page.events]


def owner(person: Person, identity: uuid.UUID, at: datetime | None = None) -> uuid.UUID:
    found = customer_of(person.actor, identity, at)
    assert found is not None
    return found.pk


@pytest.mark.django_db
def test_somebody_who_was_nobody_brings_everything_along(duka: Workspace, otieno: Person) -> None:
    with clock.frozen(MORNING):
        tablet = visitor(duka, name="Wambui")
        gone = owner(otieno, tablet)
        looks(duka, tablet, MORNING, "shoes")
        known = signed_in(duka, "u1")
        into = link(duka, tablet, known)
    looks(duka, tablet, MORNING + HOUR, "bags")
    assert pages(otieno, into) == ["bags", "shoes"]
    assert pages(otieno, gone) == []
    assert customer(otieno.actor, gone).pk == into  # type: ignore[union-attr]
    assert customer(otieno.actor, into).name == "Wambui"  # type: ignore[union-attr]
    assert [row.id for row in customers(otieno.actor).rows] == [into]
    merged = Event.objects.within(duka).get(kind="customer.merged")
    assert merged.data["gone"] == str(gone) and merged.subject_id == into
    assert merged.data["bindings"] == [str(Binding.objects.within(duka).get(identity_id=tablet).pk)]


@pytest.mark.django_db
def test_linking_twice_changes_nothing_more(duka: Workspace) -> None:
    tablet, known = visitor(duka), signed_in(duka, "u1")
    into = link(duka, tablet, known)
    count = Event.objects.within(duka).count()
    assert link(duka, tablet, known) == into
    assert Event.objects.within(duka).count() == count
    assert Merge.objects.within(duka).count() == 1


@pytest.mark.django_db
def test_a_shared_tablet_changes_hands_by_time(duka: Workspace, otieno: Person) -> None:
    tablet = visitor(duka)
    with clock.frozen(MORNING) as now:
        first, second = signed_in(duka, "u1"), signed_in(duka, "u2")
        u1 = link(duka, tablet, first)
        looks(duka, tablet, MORNING, "u1 early")
        now.advance(HOUR)
        u2 = link(duka, tablet, second)
        looks(duka, tablet, MORNING + HOUR, "u2")
        now.advance(HOUR)
        assert link(duka, tablet, first) == u1
        looks(duka, tablet, MORNING + 2 * HOUR, "u1 again")
        looks(duka, tablet, MORNING + HOUR / 2, "late, of u1")
        looks(duka, tablet, MORNING + 2 * HOUR - timedelta(microseconds=1), "late, of u2")
    assert u1 != u2
    assert pages(otieno, u1) == ["u1 again", "late, of u1", "u1 early"]
    assert pages(otieno, u2) == ["late, of u2", "u2"]
    owners = [owner(otieno, tablet, MORNING + hours * HOUR) for hours in (0, 1, 2)]
    assert owners == [u1, u2, u1] and owner(otieno, tablet) == u1
    assert Binding.objects.within(duka).filter(identity_id=tablet, valid_to=None).count() == 1


@pytest.mark.django_db
def test_a_clock_set_back_does_not_keep_anybody_from_signing_in(duka: Workspace, otieno: Person) -> None:
    tablet = visitor(duka)
    with clock.frozen(MORNING) as now:
        first, second = signed_in(duka, "u1"), signed_in(duka, "u2")
        link(duka, tablet, first)
        link(duka, tablet, second)
        now.advance(-HOUR)
        back = link(duka, tablet, first)
        assert owner(otieno, tablet) == back
        assert link(duka, tablet, second) != back


@pytest.mark.django_db
def test_only_the_anonymous_change_hands_and_only_to_the_known(duka: Workspace, kiosk: Workspace) -> None:
    tablet, phone = visitor(duka), visitor(duka, "phone-1")
    known = signed_in(duka, "u1")
    foreign = signed_in(kiosk, "u1")
    before = list(Binding.objects.within(duka).order_by("pk").values())
    with pytest.raises(ValueError, match="anonymous"):
        link(duka, known, tablet)
    with pytest.raises(ValueError, match="anonymous"):
        link(duka, tablet, phone)
    for anonymous, other in (
        (tablet, foreign),
        (tablet, uuid.uuid4()),
        (uuid.uuid4(), known),
        (tablet, tablet),
    ):
        with pytest.raises((NoSuchIdentity, ValueError)):
            link(duka, anonymous, other)
    assert list(Binding.objects.within(duka).order_by("pk").values()) == before
    assert not Merge.objects.across_workspaces().filter(workspace__in=[duka, kiosk]).exists()


@pytest.mark.django_db(transaction=True)
def test_signing_in_from_several_tabs_at_once_merges_once(duka: Workspace) -> None:
    tablet, known = visitor(duka), signed_in(duka, "u1")
    found = at_once(*[lambda: link(duka, tablet, known)] * 5)
    assert len(set(found)) == 1 and isinstance(found[0], uuid.UUID), found
    assert Merge.objects.within(duka).count() == 1
    assert Event.objects.within(duka).filter(kind="customer.merged").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_claiming_one_tablet_at_once_get_it_one_after_the_other(
    duka: Workspace, otieno: Person
) -> None:
    tablet, first, second = visitor(duka), signed_in(duka, "u1"), signed_in(duka, "u2")
    found = at_once(lambda: link(duka, tablet, first), lambda: link(duka, tablet, second))
    assert all(isinstance(one, uuid.UUID) for one in found) and found[0] != found[1], found
    assert owner(otieno, tablet) in found
    assert Merge.objects.within(duka).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_devices_of_one_visitor_signing_in_as_two_people_at_once(duka: Workspace) -> None:
    """The visitor is absorbed by one of them; the other finds the device already theirs to take over."""
    tablet, phone = visitor(duka), visitor(duka, "phone-1")
    nobody = Binding.objects.within(duka).get(identity_id=tablet).customer_id
    Binding.objects.within(duka).filter(identity_id=phone).update(customer_id=nobody)
    first, second = signed_in(duka, "u1"), signed_in(duka, "u2")
    found = at_once(lambda: link(duka, tablet, first), lambda: link(duka, phone, second))
    assert all(isinstance(one, uuid.UUID) for one in found), found
    assert Merge.objects.within(duka).filter(gone_id=nobody).count() == 1
    assert Binding.objects.within(duka).filter(valid_to=None).count() == 4


@pytest.mark.django_db
def test_a_chain_of_merges_leads_to_its_end_and_a_ring_to_nowhere_endless(
    duka: Workspace, kiosk: Workspace, otieno: Person, baraka: Person
) -> None:
    rows = [Customer.objects.create(workspace=duka, name=str(n), met_at=MORNING) for n in range(3)]
    for gone, into in ((0, 1), (1, 2)):
        Merge.objects.create(workspace=duka, gone=rows[gone], into=rows[into], evidence="x", at=MORNING)
    assert customer(otieno.actor, rows[0].pk) == rows[2]
    assert customer(baraka.actor, rows[0].pk) is None
    Merge.objects.create(workspace=duka, gone=rows[2], into=rows[0], evidence="x", at=MORNING)
    assert customer(otieno.actor, rows[0].pk) in rows


@pytest.mark.django_db
def test_strangers_see_no_customer(duka: Workspace, baraka: Person, wambui: Served) -> None:
    assert customers(baraka.actor).rows == []
    assert customer(baraka.actor, wambui.customer_id) is None
    assert customer_of(baraka.actor, wambui.phone_id) is None
    assert customer_timeline(baraka.actor, wambui.customer_id).events == []
    with pytest.raises(Denied):
        customers(visitor_actor(duka))


def visitor_actor(duka: Workspace):  # type: ignore[no-untyped-def]
    from rapport.kernel.actors import Actor, ActorKind

    return Actor(workspace_id=duka.pk, kind=ActorKind.CUSTOMER)
