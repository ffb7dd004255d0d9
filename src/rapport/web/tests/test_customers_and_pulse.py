"""The customer's page, the list, Pulse and the rows behind its numbers."""

from __future__ import annotations

import uuid

import pytest

from rapport.customers.models import Customer

pytestmark = pytest.mark.django_db


def test_the_list_finds_people_by_the_start_of_a_name_or_identity(duka, otieno, talk):
    talk("Achieng Atieno", "Habari")
    talk("Kamau Njoroge", "Hi")
    names = {"achi": "Achieng", "ati": "Achieng", "kamau.nj": "Kamau"}
    for typed, name in names.items():
        page = otieno.client.get(f"/w/{duka.slug}/customers/", {"q": typed}).content.decode()
        assert name in page
        assert sum(other in page for other in ("Achieng Atieno", "Kamau Njoroge")) == 1
    assert "Nobody found" in otieno.client.get(f"/w/{duka.slug}/customers/", {"q": "100%_"}).content.decode()


def test_the_list_costs_five_statements(duka, otieno, talk, django_assert_num_queries):
    for index in range(12):
        talk(f"Customer {index}", "hi")
    otieno.client.get(f"/w/{duka.slug}/customers/")
    with django_assert_num_queries(5):  # session, sign-in, seat, where the log stands, list
        otieno.client.get(f"/w/{duka.slug}/customers/")


def test_the_timeline_tells_what_happened_latest_first(duka, otieno, talk):
    talk("Achieng", "Habari")
    customer = Customer.objects.within(duka).get(name="Achieng")
    page = otieno.client.get(f"/w/{duka.slug}/customers/{customer.pk}/").content.decode()
    lines = [
        page.index(line) for line in ("Wrote to us", "We promised a first reply", "Began a conversation")
    ]
    assert lines == sorted(lines)
    assert (
        "Wrote to us"
        not in otieno.client.get(f"/w/{duka.slug}/customers/{customer.pk}/?show=feeling")
        .content.decode()
        .split("timeline-latest", 1)[1]
        .split("</ol>")[0]
    )


def test_a_stranger_and_an_unknown_customer_get_nothing(duka, otieno, baraka, talk):
    talk("Achieng", "Habari")
    customer = Customer.objects.within(duka).get(name="Achieng")
    assert baraka.client.get(f"/w/{duka.slug}/customers/{customer.pk}/").status_code == 404
    assert baraka.client.get(f"/w/{baraka.workspace.slug}/customers/{customer.pk}/").status_code == 404
    assert otieno.client.get(f"/w/{duka.slug}/customers/{uuid.uuid4()}/").status_code == 404


def test_details_are_corrected_by_those_who_may(duka, otieno, viewer, talk):
    talk("Achieng", "Habari")
    customer = Customer.objects.within(duka).get(name="Achieng")
    url = f"/w/{duka.slug}/customers/{customer.pk}/details/"
    assert viewer.client.post(url, {"name": "Nobody"}).status_code == 403
    customer.refresh_from_db()
    assert customer.name == "Achieng"
    assert otieno.client.post(url, {"name": "Achieng Atieno", "town": "Kisumu"}).status_code == 302
    customer.refresh_from_db()
    assert (customer.name, customer.town) == ("Achieng Atieno", "Kisumu")


def test_an_empty_pulse_says_why_instead_of_numbers(duka, otieno):
    page = otieno.client.get(f"/w/{duka.slug}/pulse/").content.decode()
    assert "Nobody has answered yet." in page
    assert "No promise fell due yet." in page


def test_pulse_counts_what_happened_and_leads_to_the_rows(duka, otieno, talk):
    from rapport.desk.actions import reply

    received = talk("Achieng", "Habari")
    reply(otieno.actor, received.conversation_id, text="Nzuri")
    page = otieno.client.get(f"/w/{duka.slug}/pulse/").content.decode()
    assert "100%" in page.split('id="measure-promises_kept"')[1].split("</article>")[0]
    kept = otieno.client.get(f"/w/{duka.slug}/promises/?outcome=kept").content.decode()
    assert "#1" in kept


def test_screens_of_pulse_cost_a_fixed_number_of_statements(
    duka, otieno, talk, django_assert_max_num_queries
):
    for index in range(5):
        talk(f"Customer {index}", "hi")
    otieno.client.get(f"/w/{duka.slug}/pulse/")
    with django_assert_max_num_queries(32):
        otieno.client.get(f"/w/{duka.slug}/pulse/")
    with django_assert_max_num_queries(12):
        otieno.client.get(f"/w/{duka.slug}/feedback/")


def test_the_palette_finds_conversations_and_customers(duka, otieno, talk):
    talk("Achieng Atieno", "Habari")
    by_number = otieno.client.get(f"/w/{duka.slug}/palette/", {"q": "#1"}).content.decode()
    assert "/conversations/1/" in by_number
    by_name = otieno.client.get(f"/w/{duka.slug}/palette/", {"q": "achi"}).content.decode()
    assert "Achieng Atieno" in by_name
