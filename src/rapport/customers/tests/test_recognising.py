"""Somebody who comes again is the same customer, however many doors they use and whoever else comes in."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from conftest import Person, Served
from rapport.accounts.models import Workspace
from rapport.customers.actions import Recognised, add_identity, describe, recognise
from rapport.customers.models import Binding, Customer, Identity
from rapport.customers.queries import customer_of, identities_of
from rapport.customers.rules import BadIdentity, Level
from rapport.kernel.actors import Denied, system
from rapport.kernel.plaintext import TextRejected
from rapport.timeline.models import Event
from rapport.timeline.tests.cast import at_once

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def met(
    workspace: Workspace, value: str = "0712345678", *, level: Level = Level.ASSERTED, **more: Any
) -> Recognised:
    us = system(workspace.pk)
    return recognise(us, namespace="phone", value=value, level=level, evidence="sms", **more)


def kinds(workspace: Workspace) -> list[str]:
    return list(Event.objects.within(workspace).order_by("seq").values_list("kind", flat=True))


@pytest.mark.django_db
def test_coming_twice_is_one_customer_and_one_event(duka: Workspace) -> None:
    first, second = met(duka), met(duka, "+254 712 345 678")
    assert first.is_new and not second.is_new
    assert (first.customer_id, first.identity_id) == (second.customer_id, second.identity_id)
    assert kinds(duka).count("customer.met") == 1
    assert Customer.objects.within(duka).count() == 1


@pytest.mark.django_db
def test_the_same_number_is_somebody_else_in_another_company(duka: Workspace, kiosk: Workspace) -> None:
    assert met(duka).customer_id != met(kiosk).customer_id
    assert "customer.met" in kinds(kiosk)


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_are_one_customer(duka: Workspace) -> None:
    found = at_once(*[lambda: met(duka, name="Wambui")] * 8)
    assert all(isinstance(one, Recognised) for one in found), found
    assert len({one.customer_id for one in found if isinstance(one, Recognised)}) == 1
    assert [one.is_new for one in found if isinstance(one, Recognised)].count(True) == 1
    assert Customer.objects.within(duka).count() == Binding.objects.within(duka).count() == 1
    assert kinds(duka).count("customer.met") == 1


@pytest.mark.django_db
def test_what_is_proven_stays_proven(duka: Workspace) -> None:
    met(duka, level=Level.PROVEN, at=AT)
    met(duka, level=Level.UNKNOWN, at=AT + timedelta(days=1))
    identity = Identity.objects.within(duka).get()
    assert identity.level == Level.PROVEN
    assert (identity.first_seen_at, identity.last_seen_at) == (AT, AT + timedelta(days=1))
    met(duka, at=AT - timedelta(days=3))
    identity.refresh_from_db()
    assert (identity.first_seen_at, identity.last_seen_at) == (AT - timedelta(days=3), AT + timedelta(days=1))


@pytest.mark.django_db
def test_a_name_fills_a_gap_and_never_replaces_one(duka: Workspace) -> None:
    key = met(duka).customer_id
    met(duka, name="Wambui Njeri", language="sw")
    met(duka, name="Mama Njeri", language="en")
    found = Customer.objects.within(duka).get(pk=key)
    assert (found.name, found.language) == ("Wambui Njeri", "sw")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["\x00\x01", "gpj\u202eexe", "a" + "\u0301" * 90, "\ud800", "   ", "\u200b"])
def test_a_hostile_name_costs_nobody_their_message(duka: Workspace, name: str) -> None:
    assert Customer.objects.within(duka).get(pk=met(duka, name=name).customer_id).name == ""


@pytest.mark.django_db
def test_a_name_of_several_lines_or_endless_length_is_made_one_line(duka: Workspace) -> None:
    found = Customer.objects.within(duka).get(pk=met(duka, name="Wambui\r\n Njeri" + "x" * 5_000).customer_id)
    assert found.name.startswith("Wambui Njerix") and len(found.name) <= 160


@pytest.mark.django_db
def test_what_recognises_nobody_makes_nobody(duka: Workspace) -> None:
    for value in ("null", "0777777777"):
        with pytest.raises(BadIdentity):
            met(duka, value)
    assert not Customer.objects.within(duka).exists() and not Identity.objects.within(duka).exists()
    assert "customer.met" not in kinds(duka)


@pytest.mark.django_db
def test_a_local_number_is_one_of_the_companys_country(duka: Workspace) -> None:
    Workspace.objects.filter(pk=duka.pk).update(country="ES")
    met(duka, "612 345 678")
    assert Identity.objects.within(duka).get().value == "+34612345678"


@pytest.mark.django_db
def test_a_further_identity_leads_to_the_same_customer(
    duka: Workspace, otieno: Person, wambui: Served
) -> None:
    us = system(duka.pk)
    again = recognise(
        us, namespace="email", value="WAMBUI@example.com", level=Level.ASSERTED, evidence="mail"
    )
    assert again == Recognised(wambui.email_id, wambui.customer_id, is_new=False)
    assert customer_of(otieno.actor, wambui.email_id).pk == wambui.customer_id  # type: ignore[union-attr]
    assert {row.namespace for row in identities_of(otieno.actor, wambui.customer_id)} == {"phone", "email"}
    assert kinds(duka)[-2:] == ["customer.met", "identity.added"]


@pytest.mark.django_db
def test_an_identity_that_belongs_to_somebody_stays_theirs(duka: Workspace, wambui: Served) -> None:
    other = met(duka, "0722000111")
    before = kinds(duka)
    given = add_identity(
        system(duka.pk), other.customer_id, namespace="email", value="wambui@example.com",
        level=Level.PROVEN, evidence="form",
    )  # fmt: skip
    assert given == Recognised(wambui.email_id, wambui.customer_id, is_new=False)
    assert kinds(duka) == before


@pytest.mark.django_db
def test_nobody_of_another_company_can_be_given_an_identity(wambui: Served, kiosk: Workspace) -> None:
    with pytest.raises(Customer.DoesNotExist):
        add_identity(
            system(kiosk.pk), wambui.customer_id, namespace="email", value="x@example.com",
            level=Level.ASSERTED, evidence="form",
        )  # fmt: skip
    assert not Identity.objects.within(kiosk).exists()


@pytest.mark.django_db
def test_describing_needs_the_permission_and_tells_what_changed(
    duka: Workspace, otieno: Person, viewer: Person, baraka: Person, wambui: Served
) -> None:
    before = kinds(duka)
    with pytest.raises(Denied):
        describe(viewer.actor, wambui.customer_id, name="X")
    with pytest.raises(Customer.DoesNotExist):
        describe(baraka.actor, wambui.customer_id, name="X")
    with pytest.raises(TextRejected):
        describe(otieno.actor, wambui.customer_id, name="a\nb", town="Thika")
    with pytest.raises(Customer.DoesNotExist):
        describe(otieno.actor, uuid.uuid4(), name="X")
    describe(otieno.actor, wambui.customer_id, name=" Wambui Njeri ")
    row = Customer.objects.within(duka).get(pk=wambui.customer_id)
    assert (row.name, row.town) == ("Wambui Njeri", "") and kinds(duka) == before
    describe(otieno.actor, wambui.customer_id, name="Wambui N.", town="Thika")
    told = Event.objects.within(duka).latest("seq")
    assert told.kind == "customer.described" and told.actor_id == otieno.actor.id
    assert told.data["changed"] == {"name": ["Wambui Njeri", "Wambui N."], "town": ["", "Thika"]}
