"""A customer is asked once for each settling of their matter, and may answer what they were asked, in time."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from conftest import Person
from rapport.accounts.models import Workspace
from rapport.desk.actions import assign, reopen, resolve
from rapport.desk.tests.cast import Shop, open_shop
from rapport.feedback.actions import (
    BadScore,
    CannotAnswer,
    answer,
    ask_after_service,
    set_up_after_service_survey,
)
from rapport.feedback.models import Answer, Invitation, Response, Survey
from rapport.feedback.queries import open_question, question_by_id, responses, scores_about, scores_of
from rapport.kernel import clock
from rapport.kernel.actors import Denied
from rapport.kernel.clock import FrozenClock
from rapport.kernel.plaintext import TextRejected
from rapport.timeline.models import Event
from rapport.timeline.tests.cast import at_once

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def noon() -> Iterator[FrozenClock]:
    with clock.frozen(NOON) as standing:
        yield standing


@pytest.fixture
def shop(duka: Workspace) -> Shop:
    return open_shop(duka, kind="chat")


@pytest.fixture
def asked(shop: Shop, otieno: Person) -> Invitation:
    return settle_and_ask(shop, otieno)


def settle_and_ask(shop: Shop, by: Person, key: uuid.UUID | None = None) -> Invitation:
    resolve(by.actor, key or shop.write().conversation_id)
    invitation = ask_after_service(shop.workspace.pk, settled(shop))
    assert invitation is not None
    return invitation


def settled(shop: Shop) -> int:
    return Event.objects.within(shop.workspace).filter(kind="conversation.resolved").latest("seq").seq


def told(shop: Shop) -> list[str]:
    events = Event.objects.within(shop.workspace).filter(kind__startswith="survey.").order_by("seq")
    return [event.kind for event in events]


def give(shop: Shop, asked: Invitation, **what: Any) -> Any:
    return answer(shop.customer, asked.pk, **{"identity_id": shop.identity_id, **what})


def book(shop: Shop) -> dict[str, Any]:
    return {
        model.__name__: list(model.objects.within(shop.workspace).order_by("pk").values())
        for model in (Survey, Invitation, Response, Answer)
    } | {"told": told(shop)}


def test_a_settling_asks_once_however_often_the_job_runs(
    shop: Shop, asked: Invitation, otieno: Person
) -> None:
    assert ask_after_service(shop.workspace.pk, settled(shop)) == asked
    assert Invitation.objects.within(shop.workspace).count() == 1
    assert told(shop) == ["survey.created", "survey.invited"]
    assert (asked.member_id, asked.channel, asked.identity_id) == (otieno.member.pk, "chat", shop.identity_id)


@pytest.mark.django_db(transaction=True)
def test_two_workers_ask_once(shop: Shop, otieno: Person) -> None:
    resolve(otieno.actor, shop.write().conversation_id)
    seq = settled(shop)
    found = at_once(*[lambda: ask_after_service(shop.workspace.pk, seq)] * 4)
    assert all(isinstance(one, Invitation) for one in found), found
    assert Invitation.objects.within(shop.workspace).count() == 1
    assert Survey.objects.within(shop.workspace).count() == 1
    assert told(shop) == ["survey.created", "survey.invited"]


def test_settled_again_is_asked_again(shop: Shop, asked: Invitation, otieno: Person) -> None:
    reopen(otieno.actor, asked.subject_id)  # type: ignore[arg-type]
    again = settle_and_ask(shop, otieno, asked.subject_id)
    assert again.pk != asked.pk
    assert told(shop).count("survey.invited") == 2
    assert ask_after_service(shop.workspace.pk, settled(shop)) == again


def test_nobody_is_asked_when_the_survey_is_off_or_the_event_is_another_companys(
    shop: Shop, otieno: Person, kiosk: Workspace
) -> None:
    survey = set_up_after_service_survey(shop.workspace.pk)
    assert set_up_after_service_survey(shop.workspace.pk) == survey
    Survey.objects.within(shop.workspace).update(is_active=False)
    resolve(otieno.actor, shop.write().conversation_id)
    assert ask_after_service(shop.workspace.pk, settled(shop)) is None
    assert ask_after_service(kiosk.pk, settled(shop)) is None
    assert ask_after_service(shop.workspace.pk, 10**12) is None
    assert not Invitation.objects.across_workspaces().exists()


def test_a_tap_counts_at_once_and_words_may_follow(shop: Shop, asked: Invitation, noon: FrozenClock) -> None:
    given = give(shop, asked, score=5)
    noon.advance(2 * HOUR)
    worded = give(shop, asked, comment="Quick, thank you!\r\n ")
    assert (worded.response_id, worded.score, worded.comment) == (given.response_id, 5, "Quick, thank you!")
    assert told(shop)[2:] == ["survey.answered", "survey.commented"]
    assert Response.objects.within(shop.workspace).get().answered_at == NOON


def test_the_same_answer_twice_changes_nothing(shop: Shop, asked: Invitation, noon: FrozenClock) -> None:
    give(shop, asked, score=5, comment="Thanks")
    before = book(shop)
    noon.advance(3 * HOUR)
    again = give(shop, asked, score=5, comment="Thanks")
    assert (again.score, again.comment) == (5, "Thanks")
    assert book(shop) == before


def test_an_answer_can_be_corrected_for_an_hour_from_the_first(
    shop: Shop, asked: Invitation, noon: FrozenClock
) -> None:
    give(shop, asked, score=1, comment="Bad")
    noon.advance(HOUR / 2)
    give(shop, asked, score=4, comment="Better")
    noon.advance(HOUR / 2)
    assert give(shop, asked, score=5).score == 5
    changed = Event.objects.within(shop.workspace).filter(kind="survey.answered").latest("seq")
    assert (changed.data["before"], changed.data["score"]) == (4, 5)
    noon.advance(timedelta(microseconds=1))
    before = book(shop)
    for late in ({"score": 1}, {"comment": "Worse"}, {"score": 5, "comment": "Worse"}):
        with pytest.raises(CannotAnswer) as refused:
            give(shop, asked, **late)
        assert refused.value.code == "answered"
    assert book(shop) == before
    assert Answer.objects.within(shop.workspace).count() == 2


def test_words_alone_are_an_answer_and_a_score_may_follow(
    shop: Shop, asked: Invitation, noon: FrozenClock
) -> None:
    assert give(shop, asked, comment="Slow").score is None
    noon.advance(3 * HOUR)
    assert give(shop, asked, score=2).score == 2
    noon.advance(HOUR / 2)
    assert give(shop, asked, score=3).score == 3
    response = Response.objects.within(shop.workspace).get()
    assert (response.score, response.answered_at) == (3, NOON + 3 * HOUR)
    assert told(shop)[2:] == ["survey.commented", "survey.answered", "survey.answered"]


def test_what_expired_is_closed_for_first_answers(shop: Shop, asked: Invitation, noon: FrozenClock) -> None:
    give(shop, asked, comment="Slow")
    noon.advance(timedelta(days=14, microseconds=1))
    other = settle_and_ask(open_shop(shop.workspace, phone="0722000111", kind="chat"), _person(shop))
    before = book(shop)
    with pytest.raises(CannotAnswer) as refused:
        give(shop, asked, score=1)
    assert refused.value.code == "expired" and book(shop) == before
    assert open_question(shop.workspace.pk, shop.identity_id) is None
    assert other.expires_at == clock.now() + timedelta(days=14)


def _person(shop: Shop) -> Person:
    from rapport.accounts.models import Member

    member = Member.objects.within(shop.workspace).select_related("role", "user").order_by("joined_at").last()
    assert member is not None
    return Person(member.user, member)


def test_only_who_was_asked_can_answer(shop: Shop, asked: Invitation, kiosk: Workspace) -> None:
    neighbour = open_shop(shop.workspace, phone="0722000111")
    stranger = open_shop(kiosk)
    before = book(shop)
    for actor, identity in (
        (neighbour.customer, neighbour.identity_id),
        (stranger.customer, stranger.identity_id),
        (stranger.customer, shop.identity_id),
    ):
        with pytest.raises(CannotAnswer) as refused:
            answer(actor, asked.pk, identity_id=identity, score=1)
        assert refused.value.code == "unknown"
    with pytest.raises(CannotAnswer):
        answer(shop.customer, uuid.uuid4(), identity_id=shop.identity_id, score=1)
    assert book(shop) == before


@pytest.mark.parametrize(
    ("what", "error"),
    [({"score": 0}, BadScore), ({"score": 6}, BadScore), ({"score": -(2**40)}, BadScore), ({}, BadScore),
     ({"comment": " \n "}, BadScore), ({"comment": "x" * 4_001}, TextRejected), ({"comment": "a\x00"}, TextRejected),
     ({"score": 5, "comment": "a\x00"}, TextRejected), ({"score": 9, "comment": "fine"}, BadScore)],
)  # fmt: skip
def test_what_is_no_answer_is_refused_whole(
    what: dict[str, Any], error: type[Exception], shop: Shop, asked: Invitation
) -> None:
    before = book(shop)
    with pytest.raises(error):
        give(shop, asked, **what)
    assert book(shop) == before


def test_a_score_belongs_to_who_served_not_to_who_has_the_matter_now(
    shop: Shop, asked: Invitation, otieno: Person, amina: Person
) -> None:
    assign(amina.actor, asked.subject_id, member_id=amina.member.pk)  # type: ignore[arg-type]
    give(shop, asked, score=2)
    assert Response.objects.within(shop.workspace).get().member_id == otieno.member.pk
    assert scores_about(amina.actor, asked.subject_id)[0].member == "Otieno Odhiambo"  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_once_are_one_response(shop: Shop, otieno: Person) -> None:
    invitation = settle_and_ask(shop, otieno)
    found = at_once(*[lambda score=score: give(shop, invitation, score=score) for score in (5, 5, 4, 4)])
    assert not [one for one in found if isinstance(one, Exception)], found
    response = Response.objects.within(shop.workspace).get()
    assert Answer.objects.within(shop.workspace).get().number == response.score
    last = Event.objects.within(shop.workspace).filter(kind="survey.answered").latest("seq")
    assert last.data["score"] == response.score


def test_the_open_question_is_the_latest_unanswered_one(shop: Shop, asked: Invitation) -> None:
    question = open_question(shop.workspace.pk, shop.identity_id)
    assert question is not None and question.invitation_id == asked.pk
    assert (question.scale, question.kind, question.score) == ((1, 5), "csat", None)
    give(shop, asked, score=3)
    assert open_question(shop.workspace.pk, shop.identity_id) is None
    later = question_by_id(shop.workspace.pk, asked.pk)
    assert later is not None and later.score == 3


def test_answers_are_paged_without_loss_and_kept_from_strangers(
    shop: Shop, otieno: Person, viewer: Person, baraka: Person, django_assert_num_queries: Any
) -> None:
    for number in range(11):
        other = open_shop(shop.workspace, phone=f"07220001{number:02}", kind="chat")
        give(other, settle_and_ask(other, otieno), score=number % 5 + 1, comment="Hm" if number % 2 else "")
    seen: list[uuid.UUID] = []
    cursor = ""
    while True:
        with django_assert_num_queries(1):
            page = responses(viewer.actor, cursor=cursor, limit=3)
        seen += [row.response_id for row in page.rows]
        if not (cursor := page.next_cursor):
            break
    assert len(seen) == len(set(seen)) == 11
    assert len(responses(otieno.actor, low=5).rows) == 2
    assert len(responses(otieno.actor, commented=True).rows) == 5
    assert responses(otieno.actor, since=NOON + HOUR).rows == responses(otieno.actor, until=NOON).rows == []
    assert responses(baraka.actor).rows == []
    first = responses(otieno.actor, limit=1).rows[0]
    assert len(scores_of(otieno.actor, first.customer_id)) == 1
    assert scores_of(baraka.actor, first.customer_id) == scores_of(shop.customer, first.customer_id) == []
    with pytest.raises(Denied):
        responses(shop.customer)
