"""Reads of feedback."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from rapport.feedback.models import Invitation, Question
from rapport.feedback.permissions import SEE_FEEDBACK
from rapport.kernel import clock
from rapport.kernel.actors import Actor

PAGE_SIZE = 50
#: Below this many answers a score is shown only as an interval, greyed.
ENOUGH = 30


@dataclass(frozen=True, slots=True)
class Score:
    """One answer with what it was about."""

    response_id: uuid.UUID
    survey: str
    survey_kind: str
    score: int | None
    scale_high: int
    comment: str
    at: datetime
    channel: str
    subject_kind: str
    subject_id: uuid.UUID | None
    customer_id: uuid.UUID
    customer: str
    member: str


@dataclass(frozen=True, slots=True)
class ScorePage:
    rows: list[Score]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many answers of a survey kind gave which score in a period, and how many were asked."""

    by_score: dict[int, int]
    asked: int
    answered: int

    @property
    def n(self) -> int:
        return sum(self.by_score.values())

    def count(self, low: int, high: int) -> int:
        return sum(count for score, count in self.by_score.items() if low <= score <= high)


_SCORES = """
SELECT r.id, s.name, s.kind, r.score, COALESCE(q.scale_high, 0), COALESCE(a.text, ''), r.answered_at, r.channel,
       r.subject_kind, r.subject_id, cu.id, cu.name, COALESCE(m.name, '')
FROM feedback_response r
JOIN feedback_survey s ON s.id = r.survey_id AND s.workspace_id = r.workspace_id
JOIN customers_binding b ON b.identity_id = r.identity_id AND b.workspace_id = r.workspace_id
     AND r.answered_at >= b.valid_from AND (b.valid_to IS NULL OR r.answered_at < b.valid_to)
JOIN customers_customer cu ON cu.id = b.customer_id AND cu.workspace_id = r.workspace_id
LEFT JOIN LATERAL (
  SELECT scale_high FROM feedback_question
  WHERE survey_id = s.id AND workspace_id = r.workspace_id AND kind = 'score' ORDER BY position LIMIT 1
) q ON true
LEFT JOIN LATERAL (
  SELECT text FROM feedback_answer
  WHERE response_id = r.id AND workspace_id = r.workspace_id AND text <> '' ORDER BY at LIMIT 1
) a ON true
LEFT JOIN accounts_member m ON m.id = r.member_id AND m.workspace_id = r.workspace_id
WHERE r.workspace_id = %(workspace)s
"""


def scores_of(actor: Actor, customer_id: uuid.UUID, *, limit: int = 20) -> list[Score]:
    """How a customer felt, latest first."""
    if not actor.may(SEE_FEEDBACK):
        return []
    return _scores(
        f"{_SCORES} AND cu.id = %(customer)s ORDER BY r.answered_at DESC, r.id DESC LIMIT %(limit)s",
        {"workspace": actor.workspace_id, "customer": customer_id, "limit": limit},
    )


def scores_about(actor: Actor, subject_id: uuid.UUID) -> list[Score]:
    """The answers about one matter, in order."""
    actor.must(SEE_FEEDBACK)
    return _scores(
        f"{_SCORES} AND r.subject_id = %(subject)s ORDER BY r.answered_at, r.id",
        {"workspace": actor.workspace_id, "subject": subject_id},
    )


def responses(
    actor: Actor,
    *,
    kind: str = "csat",
    since: datetime | None = None,
    until: datetime | None = None,
    low: int | None = None,
    high: int | None = None,
    commented: bool = False,
    cursor: str = "",
    limit: int = PAGE_SIZE,
) -> ScorePage:
    """One page of answers, latest first, filtered by survey kind, time, score and having words."""
    actor.must(SEE_FEEDBACK)
    where, parameters = (
        ["s.kind = %(kind)s"],
        {"workspace": actor.workspace_id, "kind": kind, "limit": limit + 1},
    )
    for condition, name, value in (
        ("r.answered_at >= %(since)s", "since", since),
        ("r.answered_at < %(until)s", "until", until),
        ("r.score >= %(low)s", "low", low),
        ("r.score <= %(high)s", "high", high),
    ):
        if value is not None:
            where.append(condition)
            parameters[name] = value
    if commented:
        where.append("a.text <> ''")
    if (after := _parse_cursor(cursor)) is not None:
        where.append("(r.answered_at, r.id) < (%(after_at)s, %(after_id)s)")
        parameters |= {"after_at": after[0], "after_id": after[1]}
    found = _scores(
        f"{_SCORES} AND {' AND '.join(where)} ORDER BY r.answered_at DESC, r.id DESC LIMIT %(limit)s",
        parameters,
    )
    page = found[:limit]
    more = f"{page[-1].at.isoformat()}~{page[-1].response_id}" if len(found) > limit else ""
    return ScorePage(page, more)


def tally(workspace_id: uuid.UUID, *, kind: str, since: datetime, until: datetime) -> Tally:
    """Counts for a score of one survey kind: answers by when they were given, invitations by when asked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.score, count(*) FROM feedback_response r JOIN feedback_survey s"
            " ON s.id = r.survey_id AND s.workspace_id = r.workspace_id"
            " WHERE r.workspace_id = %s AND s.kind = %s AND r.answered_at >= %s AND r.answered_at < %s"
            " AND r.score IS NOT NULL GROUP BY r.score",
            [workspace_id, kind, since, until],
        )
        by_score = dict(cursor.fetchall())
        cursor.execute(
            "SELECT count(*), count(r.id) FROM feedback_invitation i JOIN feedback_survey s"
            " ON s.id = i.survey_id AND s.workspace_id = i.workspace_id"
            " LEFT JOIN feedback_response r ON r.invitation_id = i.id AND r.workspace_id = i.workspace_id"
            " WHERE i.workspace_id = %s AND s.kind = %s AND i.asked_at >= %s AND i.asked_at < %s",
            [workspace_id, kind, since, until],
        )
        asked, answered = cursor.fetchone()
    return Tally(by_score, asked, answered)


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """An invitation that still waits for an answer or a comment, with its wording by language."""

    invitation_id: uuid.UUID
    subject_id: uuid.UUID | None
    kind: str
    score_wording: dict[str, str]
    comment_wording: dict[str, str]
    scale: tuple[int, int]
    score: int | None


def open_question(workspace_id: uuid.UUID, identity_id: uuid.UUID) -> OpenQuestion | None:
    """What a customer was last asked through this identity and may still answer."""
    invitation = (
        Invitation.objects.within(workspace_id)
        .filter(identity_id=identity_id, expires_at__gt=clock.now(), response=None)
        .order_by("-asked_at")
        .first()
    )
    return question_of(invitation) if invitation else None


def question_by_id(workspace_id: uuid.UUID, invitation_id: uuid.UUID) -> OpenQuestion | None:
    invitation = Invitation.objects.within(workspace_id).filter(pk=invitation_id).first()
    return question_of(invitation) if invitation else None


def question_of(invitation: Invitation) -> OpenQuestion:
    questions: dict[str, Any] = {
        question.kind: question
        for question in Question.objects.within(invitation.workspace_id).filter(
            survey_id=invitation.survey_id
        )
    }
    score, comment = questions["score"], questions.get("comment")
    response = getattr(invitation, "response", None)
    return OpenQuestion(
        invitation_id=invitation.pk,
        subject_id=invitation.subject_id,
        kind=invitation.survey.kind,
        score_wording=score.wording,
        comment_wording=comment.wording if comment else {},
        scale=(score.scale_low, score.scale_high),
        score=response.score if response else None,
    )


def _scores(statement: str, parameters: dict[str, Any]) -> list[Score]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [Score(*values) for values in cursor.fetchall()]


def _parse_cursor(cursor: str) -> tuple[datetime, uuid.UUID] | None:
    at, _, key = cursor.partition("~")
    try:
        return datetime.fromisoformat(at), uuid.UUID(key)
    except ValueError:
        return None
