"""Surveys put to customers, and what they answered."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rapport.config.demo.company import Company, Invitation, Response
from rapport.config.demo.loading.chronicle import SYSTEM, Doer, by_customer
from rapport.config.demo.loading.desk import Settled
from rapport.config.demo.loading.house import House
from rapport.config.demo.loading.ids import DEMO_ID
from rapport.config.demo.loading.matters import Ink
from rapport.config.demo.loading.people import People
from rapport.config.demo.loading.shop import order_id
from rapport.feedback import events
from rapport.feedback.actions import ANSWER_WITHIN

Subject = tuple[str, uuid.UUID | None]


class Interviewer:
    """Adds invitations and responses of one company."""

    def __init__(
        self, company: Company, ink: Ink, house: House, people: People, held: Sequence[Settled]
    ) -> None:
        self._company = company
        self._ink = ink
        self._house = house
        self._people = people
        self._held = held

    def ask(self, *, leaving_out: frozenset[int]) -> None:
        """Add all invitations but those about the conversations at these positions, and their answers.

        An answer that came after its invitation had expired was not taken: it is left out.
        """
        answers = {answer.invitation: answer for answer in self._company.responses}
        for position, invitation in enumerate(self._company.invitations):
            if invitation.conversation in leaving_out:
                continue
            key = self._invite(invitation)
            answer = answers.get(position)
            if answer is not None and answer.answered_at <= invitation.asked_at + ANSWER_WITHIN:
                self._answer(invitation, answer, key)

    def _invite(self, asked: Invitation) -> uuid.UUID:
        key, at = self._ink.ids.at(asked.asked_at), asked.asked_at
        member, team = self._who_served(asked)
        self._ink.rows.add(
            "feedback_invitation",
            *(key, DEMO_ID, self._house.surveys[asked.survey], self._people.identities[asked.identity]),
            *(self._occasion(asked), *self._subject(asked), asked.channel),
            *(self._company.customers[asked.customer].language, member, team, at, at + ANSWER_WITHIN),
        )
        self._tell(events.SURVEY_INVITED, asked, key, at, SYSTEM, {})
        return key

    def _answer(self, asked: Invitation, answer: Response, invitation: uuid.UUID) -> None:
        rows, ids, at = self._ink.rows, self._ink.ids, answer.answered_at
        identity, response = self._people.identities[asked.identity], ids.at(at)
        rows.add(
            "feedback_response",
            *(response, DEMO_ID, invitation, self._house.surveys[asked.survey], identity),
            *(*self._subject(asked), *self._who_served(asked), asked.channel, answer.score, at),
        )
        question = self._house.score_questions[asked.survey]
        rows.add("feedback_answer", ids.at(at), DEMO_ID, response, question, answer.score, "", at)
        doer = by_customer(identity)
        scored = {"survey_kind": self._company.surveys[asked.survey].measure, "score": answer.score}
        self._tell(events.SURVEY_ANSWERED, asked, invitation, at, doer, scored)
        if answer.comment:
            question = self._house.comment_questions[asked.survey]
            rows.add("feedback_answer", ids.at(at), DEMO_ID, response, question, None, answer.comment, at)
            said = {"score": answer.score, "comment": answer.comment[:300]}
            self._tell(events.SURVEY_COMMENTED, asked, invitation, at, doer, said)

    def _subject(self, asked: Invitation) -> Subject:
        if asked.conversation is not None:
            return ("conversation", self._held[asked.conversation].id)
        return ("order", order_id(asked.order)) if asked.order else ("", None)

    def _who_served(self, asked: Invitation) -> tuple[uuid.UUID | None, uuid.UUID | None]:
        if asked.conversation is None:
            return None, None
        held = self._held[asked.conversation]
        return held.member, held.team

    def _occasion(self, asked: Invitation) -> str:
        """What must not be asked about twice, in the words of ``feedback.actions``."""
        if asked.conversation is not None:
            held = self._held[asked.conversation]
            return f"conversation:{held.id}:{held.closures}"
        if asked.order:
            return f"order:{asked.order}"
        return f"customer:{self._people.customers[asked.customer]}:{asked.asked_at:%Y-%m-%d}"

    def _tell(
        self,
        kind: str,
        asked: Invitation,
        invitation: uuid.UUID,
        at: datetime,
        doer: Doer,
        data: dict[str, Any],
    ) -> None:
        self._ink.chronicle.tell(
            kind,
            at,
            doer=doer,
            subject=self._subject(asked),
            identity_id=self._people.identities[asked.identity],
            channel=asked.channel,
            data={
                "invitation": str(invitation),
                "survey": self._house.survey_keys[asked.survey],
                **data,
            },
        )
