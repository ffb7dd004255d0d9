"""Every write about surveys, invitations and answers."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from rapport.feedback import events
from rapport.feedback.models import Answer, Invitation, Question, Response, Survey
from rapport.feedback.templates_in_the_box import AFTER_SERVICE
from rapport.kernel import clock
from rapport.kernel.actors import Actor, system
from rapport.kernel.log import record
from rapport.kernel.plaintext import clean_text
from rapport.timeline.queries import event_by_seq

ANSWER_WITHIN = timedelta(days=14)
CHANGE_WITHIN = timedelta(hours=1)
MAX_COMMENT_CHARS = 4_000


class CannotAnswer(Exception):
    """The invitation cannot be answered (any more); ``code`` is ``unknown``, ``expired`` or ``answered``."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class BadScore(ValueError):
    """A score outside the question's scale."""


@dataclass(frozen=True, slots=True)
class Given:
    """What stands in the book after an answer."""

    response_id: uuid.UUID
    score: int | None
    comment: str


def set_up_after_service_survey(workspace_id: uuid.UUID) -> Survey:
    """The one-tap CSAT asked when a matter is settled; made once for a workspace."""
    with transaction.atomic():
        survey, made = Survey.objects.within(workspace_id).get_or_create(
            key=AFTER_SERVICE.key,
            defaults={
                "workspace_id": workspace_id,
                "name": AFTER_SERVICE.name,
                "kind": AFTER_SERVICE.kind,
            },
        )
        if made:
            for position, question in enumerate(AFTER_SERVICE.questions):
                Question.objects.create(
                    workspace_id=workspace_id,
                    survey=survey,
                    key=question.key,
                    kind=question.kind,
                    position=position,
                    wording=question.wording,
                    scale_low=question.scale[0] if question.scale else None,
                    scale_high=question.scale[1] if question.scale else None,
                )
            record(
                system(workspace_id),
                events.SURVEY_CREATED,
                subject=("survey", survey.pk),
                data={"key": survey.key},
            )
    return survey


def ask_after_service(workspace_id: uuid.UUID, seq: int) -> Invitation | None:
    """Ask the customer of a settled matter how it went; ``seq`` is the settling event.

    Once per settling, however often the job runs. ``None`` when the survey is off or there is nobody to ask.
    """
    event = event_by_seq(workspace_id, seq)
    if event is None or event.identity_id is None or event.subject_id is None:
        return None
    survey = set_up_after_service_survey(workspace_id)
    if not survey.is_active:
        return None
    at = clock.now()
    with transaction.atomic():
        invitation, made = Invitation.objects.within(workspace_id).get_or_create(
            survey=survey,
            occasion=f"{event.subject_kind}:{event.subject_id}:{event.data.get('closures', 1)}",
            defaults={
                "workspace_id": workspace_id,
                "identity_id": event.identity_id,
                "subject_kind": event.subject_kind,
                "subject_id": event.subject_id,
                "channel": event.channel,
                "language": event.data.get("language", ""),
                "member_id": _id(event.data.get("member")),
                "team_id": _id(event.data.get("team")),
                "asked_at": at,
                "expires_at": at + ANSWER_WITHIN,
            },
        )
        if made:
            _tell(system(workspace_id), events.SURVEY_INVITED, invitation, {"survey": survey.key})
    return invitation


def _id(text: str | None) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None


def answer(
    actor: Actor,
    invitation_id: uuid.UUID,
    *,
    identity_id: uuid.UUID,
    score: int | None = None,
    comment: str | None = None,
) -> Given:
    """Write down what the invited customer answered.

    A tap on a score counts at once; a comment may follow as long as the question is open, and each may be
    corrected within an hour. The same answer twice changes nothing. Raises ``CannotAnswer``, ``BadScore``,
    ``plaintext.TextRejected``; nothing is written then.
    """
    words = clean_text(comment, max_chars=MAX_COMMENT_CHARS) if comment and comment.strip() else ""
    with transaction.atomic():
        invitation = (
            Invitation.objects.within(actor)
            .select_for_update(of=("self",), no_key=True)
            .select_related("survey")
            .filter(pk=invitation_id, identity_id=identity_id)
            .first()
        )
        at = clock.now()
        if invitation is None:
            raise CannotAnswer("unknown", "this question was not meant for you")
        response = Response.objects.within(actor).filter(invitation=invitation).first()
        is_open = at <= invitation.expires_at
        if response is None and not is_open:
            raise CannotAnswer("expired", "this question is closed")
        questions = {
            question.kind: question
            for question in Question.objects.within(actor).filter(survey=invitation.survey)
        }
        if score is not None:
            question = _question(questions, Question.Kind.SCORE)
            response = _score(actor, invitation, response, question, score, is_open=is_open)
        if words:
            question = _question(questions, Question.Kind.COMMENT)
            response = _comment(actor, invitation, response, question, words, is_open=is_open)
        if response is None:
            raise BadScore("choose a score or write something")
        return Given(response.pk, response.score, words or _words(actor, response))


def _question(questions: dict[str, Question], kind: str) -> Question:
    if kind not in questions:
        raise CannotAnswer("unknown", "this was not asked")
    return questions[kind]


def _score(
    actor: Actor,
    invitation: Invitation,
    response: Response | None,
    question: Question,
    score: int,
    *,
    is_open: bool,
) -> Response:
    low, high = question.scale_low, question.scale_high
    if low is None or high is None or not low <= score <= high:
        raise BadScore(f"a score lies between {low} and {high}")
    before = response.score if response else None
    if before == score and response is not None:
        return response
    given = _may_give(actor, response, question, is_open=is_open)
    response = response or _respond(invitation)
    response.score = score
    if before is None:
        response.answered_at = clock.now()  # of the score, also when words came first
    response.save(update_fields=["score", "answered_at"])
    _write(actor, response, question, given, number=score)
    data = {"survey": invitation.survey.key, "survey_kind": invitation.survey.kind, "score": score}
    _tell(
        actor,
        events.SURVEY_ANSWERED,
        invitation,
        {**data, **({"before": before} if before is not None else {})},
    )
    return response


def _comment(
    actor: Actor,
    invitation: Invitation,
    response: Response | None,
    question: Question,
    words: str,
    *,
    is_open: bool,
) -> Response:
    given = _may_give(actor, response, question, is_open=is_open, unless=words)
    if response is not None and given is not None and given.text == words:
        return response
    response = response or _respond(invitation)
    _write(actor, response, question, given, text=words)
    _tell(
        actor,
        events.SURVEY_COMMENTED,
        invitation,
        {"survey": invitation.survey.key, "score": response.score, "comment": words[:300]},
    )
    return response


def _may_give(
    actor: Actor, response: Response | None, question: Question, *, is_open: bool, unless: str | None = None
) -> Answer | None:
    """The answer given before, if any; raises when it is too late to give or change it (to other than ``unless``)."""
    given = (
        Answer.objects.within(actor).filter(response=response, question=question).first()
        if response
        else None
    )
    if given is None:
        if not is_open:
            raise CannotAnswer("expired", "this question is closed")
    elif clock.now() - given.at > CHANGE_WITHIN and given.text != unless:
        raise CannotAnswer("answered", "this question was answered before")
    return given


def _write(
    actor: Actor,
    response: Response,
    question: Question,
    given: Answer | None,
    *,
    number: int | None = None,
    text: str = "",
) -> None:
    if given is None:
        given = Answer(workspace_id=actor.workspace_id, response=response, question=question, at=clock.now())
    # ``at`` stays that of the first answer, or corrections could go on for ever.
    given.number, given.text = number, text
    given.save()


def _respond(invitation: Invitation) -> Response:
    return Response.objects.create(
        workspace_id=invitation.workspace_id,
        invitation=invitation,
        survey=invitation.survey,
        identity_id=invitation.identity_id,
        subject_kind=invitation.subject_kind,
        subject_id=invitation.subject_id,
        member_id=invitation.member_id,
        team_id=invitation.team_id,
        channel=invitation.channel,
        answered_at=clock.now(),
    )


def _words(actor: Actor, response: Response) -> str:
    row = Answer.objects.within(actor).filter(response=response).exclude(text="").first()
    return row.text if row else ""


def _tell(actor: Actor, kind: str, invitation: Invitation, data: dict[str, object]) -> None:
    subject = (invitation.subject_kind, invitation.subject_id) if invitation.subject_id else None
    record(
        actor,
        kind,
        subject=subject,
        identity_id=invitation.identity_id,
        channel=invitation.channel,
        data={"invitation": str(invitation.pk), **data},
    )
