"""Visitors before and after they write, and how they become known."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from rapport.channels.chat import queries
from rapport.channels.chat.actions import IdentityRequired, answer, change_site, collect, identify, write
from rapport.channels.chat.claims import JwtRefused
from rapport.channels.chat.models import VisitorSignIn
from rapport.channels.chat.tests.sites import footprint, fresh_id, signed
from rapport.channels.chat.visitors import (
    ANONYMOUS_LIFETIME,
    SIGNED_IN_LIFETIME,
    BadVisitor,
    begin,
    issue_token,
    read_token,
    read_token_for,
)
from rapport.customers.models import Binding, Customer, Identity
from rapport.customers.rules import Level
from rapport.desk import actions as desk
from rapport.desk.models import Conversation, Entry, Leg
from rapport.feedback.actions import CannotAnswer
from rapport.kernel import clock
from rapport.kernel.clock import frozen
from rapport.kernel.plaintext import TextRejected

pytestmark = pytest.mark.django_db


def _owner(identity_id: Any) -> Customer:
    return Binding.objects.across_workspaces().get(identity_id=identity_id, valid_to=None).customer


def test_looking_at_the_chat_makes_no_customer(site, duka) -> None:
    before = footprint(duka)
    token = issue_token(begin(site))
    assert read_token(token).visitor.level == Level.UNKNOWN
    assert footprint(duka) == before


def test_two_visitors_never_share_an_identity(site) -> None:
    assert len({begin(site).identity_id for _ in range(100)}) == 100
    assert len(begin(site).anonymous) >= 32  # 192 bits in base64


def test_the_first_message_makes_a_customer_and_opens_a_matter(site, visitor, duka) -> None:
    received = write(site, visitor, client_id=fresh_id(), text="Habari", language="sw")
    assert received.is_new and received.opened
    conversation = Conversation.objects.within(duka).get()
    assert (conversation.channel, conversation.language) == ("chat", "sw")
    assert _owner(visitor.identity_id).language == "sw"
    assert Identity.objects.within(duka).get(pk=visitor.identity_id).level == Level.UNKNOWN


def test_the_same_message_twice_is_one(site, visitor, duka) -> None:
    client_id = fresh_id()
    first = write(site, visitor, client_id=client_id, text="Where is it?")
    second = write(site, visitor, client_id=client_id, text="Where is it?")
    assert (second.is_new, second.entry_id, second.seq) == (False, first.entry_id, first.seq)
    assert Entry.objects.within(duka).filter(direction="in").count() == 1


@pytest.mark.parametrize("text", ["", "   ", "a\x00b", "\x1b[31m", "\ud800", "x" * 10_001])
def test_a_bad_text_leaves_no_trace(site, visitor, duka, text) -> None:
    before = footprint(duka)
    with pytest.raises(TextRejected):
        write(site, visitor, client_id=fresh_id(), text=text)
    assert footprint(duka) == before


@pytest.mark.parametrize(
    "text", ["Asante 🙏🏿 👩🏾‍🌾", "مرحبا، أين طلبي؟", "שלום 123 abc", "x" * 10_000, "a\nb\n\n  c"]
)
def test_words_arrive_exactly_as_written(site, visitor, duka, text) -> None:
    write(site, visitor, client_id=fresh_id(), text=text)
    assert Entry.objects.within(duka).get(direction="in").text == text
    assert [line.text for line in queries.thread(visitor)] == [text]


def test_a_token_of_another_site_opens_nothing(site, kiosk_site, duka, kiosk) -> None:
    stranger = begin(kiosk_site)
    before = footprint(duka), footprint(kiosk)
    with pytest.raises(BadVisitor):
        read_token_for(site, issue_token(stranger))
    with pytest.raises(BadVisitor):
        write(site, stranger, client_id=fresh_id(), text="Habari")
    assert (footprint(duka), footprint(kiosk)) == before


def test_tokens_end_and_cannot_be_forged(site, visitor) -> None:
    token = issue_token(visitor)
    with frozen(clock.now() + ANONYMOUS_LIFETIME / 2 + timedelta(minutes=1)):
        assert read_token(token).is_ageing
    with frozen(clock.now() + ANONYMOUS_LIFETIME), pytest.raises(BadVisitor) as ended:
        read_token(token)
    assert ended.value.code == "expired_token"
    body, mac = token.split(".")
    for forged in ["", "x", f"{body}.{mac[::-1]}", f"{body[:-4]}AAAA.{mac}", token + ".x", "é" + token]:
        with pytest.raises(BadVisitor) as refused:
            read_token(forged)
        assert refused.value.code == "bad_token"


def test_signing_in_brings_the_anonymous_history_along(site, visitor, duka) -> None:
    opened = write(site, visitor, client_id=fresh_id(), text="Before")
    known = identify(site, signed=signed(site, name="Akinyi Ouma"), visitor=visitor)
    customer = _owner(known.visitor.identity_id)
    assert _owner(visitor.identity_id) == customer
    assert customer.name == "Akinyi Ouma"
    assert known.visitor.level == Level.SIGNED_IN
    after = write(site, known.visitor, client_id=fresh_id(), text="After")
    assert after.conversation_id == opened.conversation_id
    assert [line.text for line in queries.thread(known.visitor)] == ["Before", "After"]
    assert Leg.objects.within(duka).filter(conversation_id=opened.conversation_id).count() == 2


def test_the_token_from_before_the_sign_in_opens_nothing_any_more(site, visitor, otieno) -> None:
    received = write(site, visitor, client_id=fresh_id(), text="Before")
    known = identify(site, signed=signed(site), visitor=visitor)
    with pytest.raises(BadVisitor) as refused:
        write(site, visitor, client_id=fresh_id(), text="It is still me")
    assert refused.value.code == "replaced"
    # An answer given on the old leg reaches the customer, and nobody who kept the old token.
    entry = desk.reply(otieno.actor, received.conversation_id, text="For you only")
    assert queries.lines(visitor, [entry.pk]) == []
    assert [line.text for line in queries.lines(known.visitor, [entry.pk])] == ["For you only"]


def test_a_message_sent_again_after_signing_in_is_still_one(site, visitor, duka) -> None:
    client_id = fresh_id()
    first = write(site, visitor, client_id=client_id, text="Once")
    known = identify(site, signed=signed(site), visitor=visitor)
    again = write(site, known.visitor, client_id=client_id, text="Once")
    assert (again.is_new, again.entry_id) == (False, first.entry_id)
    assert Entry.objects.within(duka).filter(direction="in").count() == 1


def test_two_tabs_that_sign_in_at_once_are_one_customer(site, visitor, duka) -> None:
    write(site, visitor, client_id=fresh_id(), text="Before")
    first = identify(site, signed=signed(site), visitor=visitor)
    second = identify(site, signed=signed(site), visitor=visitor)
    assert first.visitor == second.visitor
    assert VisitorSignIn.objects.within(duka).count() == 1


def test_nobody_can_sign_in_with_the_talk_of_somebody_else(site, visitor) -> None:
    write(site, visitor, client_id=fresh_id(), text="Private")
    akinyi = identify(site, signed=signed(site, "akinyi-7"), visitor=visitor)
    kamau = identify(site, signed=signed(site, "kamau-9"), visitor=visitor)
    assert kamau.visitor.earlier == ()
    assert queries.thread(kamau.visitor) == []
    assert [line.text for line in queries.thread(akinyi.visitor)] == ["Private"]
    assert _owner(visitor.identity_id) == _owner(akinyi.visitor.identity_id)


def test_a_second_device_shows_the_same_talk(site, visitor) -> None:
    write(site, visitor, client_id=fresh_id(), text="On my phone")
    identify(site, signed=signed(site), visitor=visitor)
    laptop = identify(site, signed=signed(site))
    assert [line.text for line in queries.thread(laptop.visitor)] == ["On my phone"]


def test_verified_addresses_are_proven_and_others_only_asserted(site, duka) -> None:
    token = signed(site, email="Akinyi@Duka.example", email_verified=True, phone_number="0712 345 678")
    identify(site, signed=token)
    levels = dict(Identity.objects.within(duka).values_list("value", "level"))
    assert levels["akinyi@duka.example"] == Level.PROVEN
    assert levels["+254712345678"] == Level.ASSERTED


def test_an_address_of_somebody_else_merges_nobody(site, wambui, duka) -> None:
    known = identify(site, signed=signed(site, email="wambui@example.com", email_verified=True))
    assert known.ignored == ("email",)
    assert _owner(wambui.email_id).pk == wambui.customer_id
    assert _owner(known.visitor.identity_id).pk != wambui.customer_id


def test_claims_that_make_no_sense_are_named_and_the_rest_counts(site) -> None:
    known = identify(site, signed=signed(site, email="nobody", phone="000000", name="a\x00b"))
    assert known.ignored == ("name", "email", "phone")
    assert known.visitor.level == Level.SIGNED_IN


@pytest.mark.parametrize("subject", ["null", "undefined", "0", "x" * 501, "a\x01b"])
def test_a_placeholder_signs_nobody_in(site, duka, subject) -> None:
    before = footprint(duka)
    with pytest.raises(JwtRefused):
        identify(site, signed=signed(site, subject))
    assert footprint(duka) == before


def test_a_wrong_jwt_changes_nothing(site, kiosk_site, visitor, duka) -> None:
    write(site, visitor, client_id=fresh_id(), text="Before")
    before = footprint(duka)
    for token in [signed(kiosk_site), "nonsense", signed(site)[:-4] + "AAAA"]:
        with pytest.raises(JwtRefused):
            identify(site, signed=token, visitor=visitor)
    assert footprint(duka) == before
    assert VisitorSignIn.objects.within(duka).count() == 0


def test_a_site_may_talk_with_signed_in_customers_only(site, visitor, wanjiru, duka) -> None:
    site = change_site(wanjiru.actor, site.pk, require_identity=True)
    before = footprint(duka)
    with pytest.raises(IdentityRequired):
        write(site, visitor, client_id=fresh_id(), text="Habari")
    assert footprint(duka) == before
    known = identify(site, signed=signed(site), visitor=visitor)
    assert write(site, known.visitor, client_id=fresh_id(), text="Habari").is_new


def test_who_is_signed_in_must_come_back_sooner(site) -> None:
    known = identify(site, signed=signed(site))
    with frozen(clock.now() + SIGNED_IN_LIFETIME), pytest.raises(BadVisitor):
        read_token(known.token)


def test_a_visitor_sees_their_own_talk_on_this_site_and_nothing_else(
    site, kiosk_site, visitor, otieno, duka
) -> None:
    mine = write(site, visitor, client_id=fresh_id(), text="Mine")
    other = begin(site)
    theirs = write(site, other, client_id=fresh_id(), text="Theirs")
    stranger = begin(kiosk_site)
    abroad = write(kiosk_site, stranger, client_id=fresh_id(), text="Abroad")
    note = desk.write_note(otieno.actor, mine.conversation_id, text="Rude customer")
    answer_ = desk.reply(otieno.actor, mine.conversation_id, text="Karibu")
    everything = [mine.entry_id, theirs.entry_id, abroad.entry_id, note.pk, answer_.pk]
    assert [line.text for line in queries.lines(visitor, everything)] == ["Mine", "Karibu"]
    assert [line.author for line in queries.thread(visitor)] == ["", "Otieno"]
    for foreign in (theirs.conversation_id, abroad.conversation_id, fresh_id()):
        with pytest.raises(desk.NoSuchConversation):
            queries.thread(visitor, conversation_id=foreign)
        with pytest.raises(desk.NoSuchConversation):
            collect(site, visitor, conversation_id=foreign, up_to_seq=99, read=True)
    with pytest.raises(CannotAnswer):
        answer(visitor, invitation_id=fresh_id(), score=5)


def test_receipts_move_forward_only(site, visitor, otieno) -> None:
    opened = write(site, visitor, client_id=fresh_id(), text="Habari")
    reply = desk.reply(otieno.actor, opened.conversation_id, text="Karibu")
    assert queries.unread(visitor) == 1
    here = {"conversation_id": opened.conversation_id, "up_to_seq": reply.seq}
    assert collect(site, visitor, **here, read=True) == 1
    assert collect(site, visitor, **here, read=False) == 0
    assert collect(site, visitor, **here, read=True) == 0
    assert queries.unread(visitor) == 0


@pytest.mark.django_db(transaction=True)
def test_copies_that_arrive_at_the_same_moment_are_one(site, visitor, duka) -> None:
    client_id = fresh_id()
    start = threading.Barrier(4)
    results: list[Any] = []

    def send() -> None:
        try:
            start.wait(10)
            results.append(write(site, visitor, client_id=client_id, text="Once").is_new)
        except Exception as error:  # noqa: BLE001  (shown by the assertion below)
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(results) == [False, False, False, True]
    assert footprint(duka) == {"Customer": 1, "Identity": 1, "Conversation": 1, "Entry": 1}
