"""The list of customers: nobody lost, nobody twice, and what is typed is looked for as typed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from conftest import Person, Served
from rapport.accounts.models import Workspace
from rapport.customers.actions import recognise
from rapport.customers.models import Customer
from rapport.customers.queries import customers
from rapport.customers.rules import Level
from rapport.kernel.actors import system

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def found(person: Person, words: str) -> list[str]:
    return [row.name for row in customers(person.actor, search=words).rows]


def meet(duka: Workspace, name: str, value: str) -> None:
    recognise(
        system(duka.pk), namespace="user_id", value=value, level=Level.ASSERTED, evidence="x", name=name
    )


def test_paging_loses_nobody_and_doubles_nobody_who_was_met_at_the_same_moment(
    duka: Workspace, otieno: Person
) -> None:
    made = Customer.objects.bulk_create(
        [
            Customer(workspace=duka, name=f"C{n}", met_at=AT if n < 17 else AT.replace(day=n - 14))
            for n in range(23)
        ]
    )
    seen: list[Any] = []
    cursor = ""
    while True:
        page = customers(otieno.actor, cursor=cursor, limit=4)
        seen += [row.id for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break
    assert len(seen) == 23 and set(seen) == {row.pk for row in made}


@pytest.mark.parametrize("cursor", ["x", "~", "2026~", f"{AT.isoformat()}~x", "\x00", "9999-99-99~1"])
def test_a_cursor_that_is_not_ours_begins_at_the_start(cursor: str, otieno: Person, wambui: Served) -> None:
    assert len(customers(otieno.actor, cursor=cursor).rows) == 1


def test_words_and_identities_are_found_from_their_start(otieno: Person, wambui: Served) -> None:
    for words in ("Wam", "njeri", "Wambui N", "wambui@", "WAMBUI@EXAMPLE.com", "+25471", " wam "):
        assert found(otieno, words) == ["Wambui Njeri"], words
    for words in ("ambui", "example.com", "712345", "Wambui  Njeri"):
        assert found(otieno, words) == [], words


def test_a_number_is_found_as_people_write_it(otieno: Person, wambui: Served) -> None:
    for words in ("0712345678", "0712 345", "0712-345-678", "00254712", "071"):
        assert found(otieno, words) == ["Wambui Njeri"], words
    assert found(otieno, "0713") == []


def test_signs_of_patterns_are_plain_signs(duka: Workspace, otieno: Person, wambui: Served) -> None:
    meet(duka, "100% Cotton", "cotton_1")
    meet(duka, "back\\slash", "x1")
    assert found(otieno, "100%") == ["100% Cotton"]
    assert found(otieno, "cotton_") == ["100% Cotton"]
    assert found(otieno, "back\\") == ["back\\slash"]
    for words in ("%", "_", "%%", "W_mbui", "W%i", "cotton-"):
        assert found(otieno, words) == [], words


def test_hostile_searches_harm_nobody(otieno: Person, wambui: Served) -> None:
    for words in ("'; DROP TABLE x; --", "\x00", "%s", "%(workspace)s", "{search}", "x" * 100_000, "\ud83d"):
        customers(otieno.actor, search=words)
    assert found(otieno, "\x00Wam") == ["Wambui Njeri"]


def test_the_list_takes_one_statement(
    duka: Workspace, otieno: Person, wambui: Served, django_assert_num_queries: Any
) -> None:
    for number in range(12):
        meet(duka, f"C{number}", f"c{number}")
    with django_assert_num_queries(1):
        assert len(customers(otieno.actor).rows) == 13
    with django_assert_num_queries(1):
        customers(otieno.actor, search="wam")
