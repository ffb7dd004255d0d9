from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date

import numpy as np
import phonenumbers
import pytest

from rapport.config.demo import Company
from rapport.config.demo.tests.facts import Facts


def test_counts_are_near_what_is_promised(company: Company) -> None:
    entries = sum(len(row.entries) for row in company.conversations)
    assert len(company.customers) == 5_000
    assert len(company.events) + entries == pytest.approx(200_000, rel=0.05)
    assert len(company.conversations) == pytest.approx(8_000, rel=0.05)
    assert len(company.responses) == pytest.approx(6_000, rel=0.05)
    assert len(company.members) >= 12
    assert len(company.invitations) > 2 * len(company.responses)


def test_the_cast_is_there(company: Company) -> None:
    roles = {member.name.split()[0]: member.role for member in company.members}
    assert (roles["Wanjiru"], roles["Amina"], roles["Otieno"]) == ("owner", "lead", "agent")
    assert set(roles.values()) == {"owner", "admin", "lead", "agent", "analyst", "viewer"}
    assert len({member.email for member in company.members}) == len(company.members)


def test_languages_have_their_shares(company: Company) -> None:
    share = Counter(customer.language for customer in company.customers)
    for language, wanted in {"en": 0.5, "sw": 0.37, "es": 0.065, "pt": 0.065}.items():
        assert share[language] / len(company.customers) == pytest.approx(wanted, abs=0.025)


def test_every_customer_has_two_to_six_identities_and_no_two_share_one(company: Company) -> None:
    owned = Counter(row.customer for row in company.identities if row.customer is not None)
    assert len(owned) == len(company.customers)
    assert min(owned.values()) >= 2
    assert max(owned.values()) <= 6
    assert np.mean(list(owned.values())) > 3.5
    values = Counter((row.namespace, row.value) for row in company.identities)
    assert set(values.values()) == {1}
    assert sum(row.customer is None for row in company.identities) > 3_000


def test_addresses_and_numbers_are_well_formed(company: Company) -> None:
    phones = [row.value for row in company.identities if row.namespace == "phone"]
    numbers = [phonenumbers.parse(value) for value in phones]
    assert all(phonenumbers.is_valid_number(number) for number in numbers)
    assert np.mean([value.startswith("+254") for value in phones]) > 0.8
    for row in company.identities:
        if row.namespace == "email":
            assert re.fullmatch(r"[a-z0-9.]+@[a-z]+\.example", row.value), row.value
        assert 0 <= row.level <= 3


def test_every_event_comes_after_its_identity_and_before_the_end(company: Company) -> None:
    first: dict[int, object] = {}
    for row in company.identities:
        if row.customer is not None:
            first[row.customer] = min(first.get(row.customer, row.first_seen), row.first_seen)  # type: ignore[type-var]
    for event in company.events:
        identity = company.identities[event.identity]
        assert identity.first_seen <= event.at < company.ends_at
        if identity.customer is not None:
            assert event.at >= first[identity.customer]  # type: ignore[operator]
    assert [event.at for event in company.events] == sorted(event.at for event in company.events)


def test_orders_run_from_placed_to_delivered(company: Company) -> None:
    facts = Facts(company)
    moments: dict[str, dict[str, object]] = {}
    for event in facts.of_kind(
        "order.placed",
        "payment.succeeded",
        "order.shipped",
        "order.delivered",
        "order.returned",
        "refund.issued",
    ):
        order = moments.setdefault(str(event.data["order"]), {})
        assert event.kind not in order
        order[event.kind] = event.at
    steps = ["order.placed", "order.shipped", "order.delivered", "order.returned", "refund.issued"]
    for order in moments.values():
        times = [order[step] for step in steps if step in order]
        assert times == sorted(times)  # type: ignore[type-var]
        assert list(order).count("order.placed") == 1
        if "payment.succeeded" in order:
            assert order["payment.succeeded"] > order["order.placed"]  # type: ignore[operator]
    for event in facts.of_kind("order.delivered"):
        assert date.fromisoformat(str(event.data["delivered"])) >= date(2024, 11, 1)


def test_an_order_adds_up(company: Company) -> None:
    for event in company.events:
        if event.kind == "order.placed":
            items = event.data["items"]
            assert isinstance(items, list)
            total = sum(int(item["price"]) * int(item["quantity"]) for item in items)  # type: ignore[index,call-overload]
            assert total == event.data["amount"]


def test_visits_look_like_a_funnel(company: Company) -> None:
    count = Counter(event.kind for event in company.events)
    funnel = [count[kind] for kind in ("page.viewed", "cart.updated", "checkout.started", "order.placed")]
    assert funnel == sorted(funnel, reverse=True)
    assert 0.1 < count["order.placed"] / count["page.viewed"] < 0.4


def test_data_fits_json_and_is_small(company: Company) -> None:
    assert max(len(json.dumps(dict(event.data))) for event in company.events) < 700


def test_entries_are_in_order_and_two_to_ten(company: Company) -> None:
    for row in company.conversations:
        times = [entry.at for entry in row.entries]
        assert times == sorted(times)
        assert 2 <= len(times) <= 10
        assert times[0] == row.opened_at
        assert times[-1] < company.ends_at
        for entry in row.entries:
            assert (entry.author == "member") == (entry.member is not None)


def test_conversations_close_after_they_open_and_reopen_in_between(company: Company) -> None:
    for row in company.conversations:
        assert (row.status == "resolved") == (row.resolved_at is not None)
        turns = [
            row.opened_at,
            *(t for pair in zip(row.closed_at, row.reopened_at, strict=False) for t in pair),
        ]
        turns += row.closed_at[len(row.reopened_at) :]
        assert turns == sorted(turns)
        if row.resolved_at:
            assert row.resolved_at == row.closed_at[-1] > row.opened_at
            assert row.member is not None
        assert company.customers[row.customer].joined_at <= row.opened_at
        assert company.identities[row.identity].customer == row.customer
        assert company.identities[row.identity].first_seen <= row.opened_at


def test_nobody_writes_that_they_wait_for_what_has_come(company: Company) -> None:
    delivered = {
        str(event.data["order"]): event.at for event in company.events if event.kind == "order.delivered"
    }
    waiting = [
        row
        for row in company.conversations
        if row.reason in ("delivery.late", "delivery.where") and row.order
    ]
    early = [row for row in waiting if row.channel != "phone" and row.order in delivered]
    assert all(row.opened_at <= delivered[str(row.order)] for row in early)


def test_first_reply_promises_tell_the_truth(company: Company) -> None:
    for row in company.conversations:
        replies = [entry.at for entry in row.entries if entry.direction == "out"]
        assert row.first_reply_at == (replies[0] if replies else None)
        if row.channel == "phone":
            assert row.promise is None
            continue
        promise = row.promise
        assert promise is not None
        assert promise.due_at > promise.made_at == row.opened_at
        assert promise.settled_at == row.first_reply_at
        if promise.kept is None:
            assert promise.settled_at is None
            assert promise.due_at >= company.ends_at
        elif promise.settled_at:
            assert promise.kept == (promise.settled_at <= promise.due_at)
        else:
            assert not promise.kept


def test_a_believable_backlog_is_open(company: Company) -> None:
    backlog = [row for row in company.conversations if row.status != "resolved"]
    assert 30 <= len(backlog) <= 50
    assert all((company.ends_at - row.opened_at).days < 30 for row in backlog)
    assert np.mean([(company.ends_at - row.opened_at).days < 5 for row in backlog]) > 0.8
    assert any(row.status == "waiting" for row in backlog)
    assert any(row.member is None for row in backlog)
    assert any(row.promise is not None and row.promise.kept is not True for row in backlog)


def test_members_speak_the_language_of_those_they_answer(company: Company) -> None:
    for row in company.conversations:
        if row.member is not None:
            assert row.language in company.members[row.member].languages
            assert company.members[row.member].role in ("agent", "lead")


def test_surveys_are_answered_after_they_are_put(company: Company) -> None:
    assert len({row.invitation for row in company.responses}) == len(company.responses)
    for answer in company.responses:
        invitation = company.invitations[answer.invitation]
        survey = company.surveys[invitation.survey]
        assert invitation.asked_at < answer.answered_at < company.ends_at
        assert survey.lowest <= answer.score <= survey.highest
    for invitation in company.invitations:
        if invitation.conversation is not None:
            resolved = company.conversations[invitation.conversation].resolved_at
            assert resolved is not None
            assert resolved < invitation.asked_at
        assert company.identities[invitation.identity].customer == invitation.customer
    comments = [row.comment for row in company.responses if company.invitations[row.invitation].survey < 2]
    assert np.mean([comment is not None for comment in comments]) == pytest.approx(0.35, abs=0.03)


def test_those_who_left_do_nothing_but_wait_for_what_is_on_its_way(company: Company) -> None:
    still_coming = {
        "order.shipped",
        "order.delivered",
        "order.returned",
        "refund.issued",
        "payment.succeeded",
    }
    for event in company.events:
        owner = company.identities[event.identity].customer
        left = company.customer_truths[owner].left_at if owner is not None else None
        if left and event.at > left and event.kind not in still_coming:
            assert event.kind in ("mail.opened", "payment.failed"), event
