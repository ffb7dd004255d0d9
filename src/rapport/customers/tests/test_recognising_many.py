"""A batch is recognised as if its rows came alone, in a few statements."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from conftest import Served
from rapport.accounts.models import Workspace
from rapport.customers.actions import recognise
from rapport.customers.bulk import Mark, Somebody, recognise_many
from rapport.customers.models import Binding, Customer, Identity
from rapport.customers.rules import Level
from rapport.kernel.actors import system
from rapport.timeline.models import Event

pytestmark = pytest.mark.django_db

MAY, JUNE, JULY = (datetime(2024, month, 1, tzinfo=UTC) for month in (5, 6, 7))
EMAIL = Mark("email", "joyce@example.com")
PHONE = Mark("phone", "+254722000111", Level.PROVEN)
CARD = Mark("loyalty_card", "L-77")


def test_rows_that_share_an_identity_are_one_customer(duka: Workspace) -> None:
    found = recognise_many(
        system(duka.pk),
        [
            Somebody((EMAIL,), JUNE, name="Joyce"),
            Somebody((EMAIL, PHONE), JULY, town="Kisumu", name="Joyce Wu"),
            Somebody((PHONE, CARD), MAY),
        ],
        evidence="import",
    )
    assert len({who.customer_id for who in found}) == 1
    assert [who.is_new for who in found] == [True, False, False]
    joyce = Customer.objects.within(duka).get()
    assert (joyce.name, joyce.town, joyce.met_at) == ("Joyce", "Kisumu", MAY)
    phone = Identity.objects.within(duka).get(namespace="phone")
    assert (phone.level, phone.first_seen_at, phone.last_seen_at) == (Level.PROVEN, MAY, JULY)
    assert Binding.objects.within(duka).count() == 3
    assert not Event.objects.within(duka).filter(kind="customer.met").exists()


def test_a_second_time_changes_nothing(duka: Workspace) -> None:
    people = [Somebody((EMAIL, PHONE), JUNE, name="Joyce"), Somebody((CARD,), JULY)]
    first = recognise_many(system(duka.pk), people, evidence="import")
    before = list(Customer.objects.within(duka).order_by("pk").values())
    again = recognise_many(system(duka.pk), people, evidence="import")
    assert [(who.customer_id, who.is_new) for who in again] == [(who.customer_id, False) for who in first]
    assert list(Customer.objects.within(duka).order_by("pk").values()) == before


def test_known_customers_keep_what_is_known_of_them(duka: Workspace, wambui: Served) -> None:
    marks = (Mark("phone", "+254712345678"), CARD)
    [found] = recognise_many(
        system(duka.pk), [Somebody(marks, MAY, name="W. Njeri", country="KE")], evidence="import"
    )
    assert (found.customer_id, found.identity_id, found.is_new) == (
        wambui.customer_id,
        wambui.phone_id,
        False,
    )
    customer = Customer.objects.within(duka).get(pk=wambui.customer_id)
    assert (customer.name, customer.country, customer.met_at) == ("Wambui Njeri", "KE", MAY)
    live = recognise(
        system(duka.pk), namespace="loyalty_card", value="L-77", level=Level.ASSERTED, evidence="test"
    )
    assert (live.customer_id, live.is_new) == (wambui.customer_id, False)


def test_two_customers_in_one_row_are_not_merged(duka: Workspace) -> None:
    ours = system(duka.pk)
    one, two = recognise_many(ours, [Somebody((EMAIL,), MAY), Somebody((PHONE,), MAY)], evidence="import")
    [both] = recognise_many(ours, [Somebody((PHONE, EMAIL), JUNE)], evidence="import")
    assert one.customer_id != two.customer_id == both.customer_id
    assert Customer.objects.within(duka).count() == 2


def test_the_same_identity_in_another_company_is_somebody_else(duka: Workspace, kiosk: Workspace) -> None:
    [here] = recognise_many(system(duka.pk), [Somebody((EMAIL,), MAY)], evidence="import")
    [there] = recognise_many(system(kiosk.pk), [Somebody((EMAIL,), MAY)], evidence="import")
    assert here.customer_id != there.customer_id and here.identity_id != there.identity_id


def test_a_batch_takes_a_few_statements(
    duka: Workspace, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    people = [Somebody((Mark("user_id", f"u{n}"),), MAY, name=f"Nr {n}") for n in range(500)]
    with django_assert_max_num_queries(8):
        recognise_many(system(duka.pk), people, evidence="import")
    assert recognise_many(system(duka.pk), [], evidence="import") == []
    assert Customer.objects.within(duka).count() == 500
