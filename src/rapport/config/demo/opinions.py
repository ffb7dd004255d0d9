"""Surveys: who is asked, what they feel, who answers and what they say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rapport.config.demo import truths
from rapport.config.demo.company import Channel, Conversation, Customer, Invitation, Member, Response
from rapport.config.demo.dice import Dice
from rapport.config.demo.goods import BRANDS, Shelf
from rapport.config.demo.happenings import Baskets
from rapport.config.demo.identities import Known
from rapport.config.demo.lives import Lives
from rapport.config.demo.people import CHANNELS, Traits
from rapport.config.demo.season import DAY, HOUR, MINUTE, Flags, Floats, Season, Seconds, as_datetime
from rapport.config.demo.speech import WORDINGS, Matter, Speaker
from rapport.config.demo.surveys import AFTER_CONVERSATION, AFTER_DELIVERY, QUARTERLY, SURVEYS
from rapport.config.demo.wording import Band

ASKED_AFTER_CONVERSATION = 0.82
ASKED_AFTER_DELIVERY = 0.50
ASKED_QUARTERLY = 0.55
QUARTER_DAYS = 91
CONVERSATION_MEAN = 3.95
DELIVERY_MEAN = 4.35
NPS_MEAN = 7.4
GOODWILL_POINTS = 0.12
LATE_NPS_POINTS = -0.12
# Concentration of the beta distribution around the mean: low values give the J shape of real scores.
CSAT_CONCENTRATION = 2.4
NPS_CONCENTRATION = 14.0
ANSWER_LOGIT = -0.98
COMMENT_SHARE = 0.35
NPS_COMMENT_SHARE = 0.22

# When asked, position within its batch, the invitation, and the answer: when, score, comment.
_Asked = tuple[int, int, Invitation, tuple[int, int, str | None] | None]


@dataclass(frozen=True, slots=True)
class _Batch:
    """One survey's invitations as arrays; ``subject`` is a conversation or order position, or -1."""

    survey: int
    customer: Seconds
    subject: Seconds
    asked: Seconds
    whatsapp: Flags
    mean: Floats


@dataclass(frozen=True, slots=True)
class Pollster:
    """Asks customers of one simulated company and collects the answers."""

    rng: np.random.Generator
    dice: Dice
    season: Season
    traits: Traits
    customers: list[Customer]
    known: Known
    lives: Lives
    baskets: Baskets
    shelf: Shelf
    staff: list[Member]
    conversations: list[Conversation]
    matters: list[Matter]

    def ask(self) -> tuple[list[Invitation], list[Response]]:
        """Return every invitation in the order of asking, and the responses given before the end."""
        asked: list[_Asked] = []
        for batch in (self._after_conversations(), self._after_deliveries(), self._quarterly()):
            asked += self._collect(batch)
        asked.sort(key=lambda row: row[:2])
        invitations = [invitation for _, _, invitation, _ in asked]
        responses = [
            Response(
                invitation=number,
                answered_at=as_datetime(answer[0]),
                score=answer[1],
                comment=answer[2],
                language=self.customers[invitations[number].customer].language,
            )
            for number, (_, _, _, answer) in enumerate(asked)
            if answer
        ]
        responses.sort(key=lambda response: (response.answered_at, response.invitation))
        return invitations, responses

    def _after_conversations(self) -> _Batch:
        contacts, traits = self.lives.contacts, self.traits
        chosen = np.flatnonzero(
            (contacts.closed > 0) & (self.rng.random(len(contacts)) < ASKED_AFTER_CONVERSATION)
        )
        asked = contacts.closed[chosen] + self.rng.integers(HOUR, 3 * HOUR, len(chosen))
        chosen = chosen[asked < self.season.end]
        asked = asked[asked < self.season.end]
        customer, order = contacts.customer[chosen], contacts.order[chosen]
        days_late = np.where(order >= 0, self.lives.orders.days_late[order], 0)
        warm = [number for number, member in enumerate(self.staff) if member.name == truths.WARM_MEMBER]
        answered_by = np.array([self.conversations[n].member for n in chosen])
        broken = (contacts.due[chosen] > 0) & ~contacts.kept[chosen]
        whatsapp = contacts.channel[chosen] == CHANNELS.index("whatsapp")
        mean = CONVERSATION_MEAN + _lateness(days_late) + GOODWILL_POINTS * traits.goodwill[customer]
        mean += truths.BROKEN_POINTS * broken + truths.REOPENED_POINTS * (contacts.reopened[chosen] > 0)
        mean += truths.WARM_POINTS * np.isin(answered_by, warm) + truths.WHATSAPP_POINTS * whatsapp
        return _Batch(AFTER_CONVERSATION, customer, chosen, asked, whatsapp, mean)

    def _after_deliveries(self) -> _Batch:
        orders = self.lives.orders
        chosen = np.flatnonzero(self.rng.random(len(orders)) < ASKED_AFTER_DELIVERY)
        asked = orders.delivered[chosen] + self.rng.integers(2 * HOUR, DAY, len(chosen))
        chosen, asked = chosen[asked < self.season.end], asked[asked < self.season.end]
        customer = orders.customer[chosen]
        mean = DELIVERY_MEAN + _lateness(orders.days_late[chosen])
        mean += GOODWILL_POINTS * self.traits.goodwill[customer]
        return _Batch(AFTER_DELIVERY, customer, chosen, asked, self._on_whatsapp(customer), mean)

    def _quarterly(self) -> _Batch:
        customers, moments = [], []
        for quarter in range(1, 9):
            moment = self.season.begin + quarter * QUARTER_DAYS * DAY - 3 * DAY
            week = (moment - self.season.begin) // (7 * DAY)
            here = self.lives.active[:, week] & (self.traits.joined < moment - 30 * DAY)
            here &= self.rng.random(len(self.traits)) < ASKED_QUARTERLY
            customers.append(np.flatnonzero(here))
            moments.append(moment + self.rng.integers(8 * HOUR, 18 * HOUR, int(here.sum())))
        customer, asked = np.concatenate(customers), np.concatenate(moments)
        mean = NPS_MEAN + truths.GOODWILL_NPS_POINTS * self.traits.goodwill[customer]
        mean += LATE_NPS_POINTS * self._recent_lateness(customer, asked)
        whatsapp = self._on_whatsapp(customer)
        return _Batch(QUARTERLY, customer, np.full(len(customer), -1), asked, whatsapp, mean)

    def _on_whatsapp(self, customer: Seconds) -> Flags:
        preferred: Flags = self.traits.channel[customer] == CHANNELS.index("whatsapp")
        return preferred

    def _recent_lateness(self, customer: Seconds, asked: Seconds) -> Floats:
        """Days late beyond the free ones over all deliveries of the quarter before each question."""
        orders = self.lives.orders
        beyond = (orders.days_late - truths.LATE_AFTER_DAYS).clip(0)
        total = np.zeros(len(customer))
        late = np.flatnonzero(beyond)
        by_customer: dict[int, list[int]] = {}
        for late_order in late.tolist():
            by_customer.setdefault(int(orders.customer[late_order]), []).append(late_order)
        for n, person in enumerate(customer):
            for order in by_customer.get(int(person), ()):
                if 0 < asked[n] - orders.delivered[order] < QUARTER_DAYS * DAY:
                    total[n] += beyond[order]
        return total

    def _collect(self, batch: _Batch) -> list[_Asked]:
        rng, survey = self.rng, SURVEYS[batch.survey]
        span = survey.highest - survey.lowest
        wide = survey.measure == "nps"
        level = ((batch.mean - survey.lowest) / span).clip(0.0125, 0.9875)
        concentration = NPS_CONCENTRATION if wide else CSAT_CONCENTRATION
        feeling = rng.beta(level * concentration, (1 - level) * concentration)
        score = survey.lowest + rng.binomial(span, feeling)
        points = score * 0.5 if wide else score
        logit = ANSWER_LOGIT + np.log(truths.WHATSAPP_ANSWER_ODDS) * batch.whatsapp
        logit = logit + truths.ANSWER_LOGIT_PER_POINT * (points - 4.0)
        answers = rng.random(len(score)) < 1 / (1 + np.exp(-logit))
        delay = rng.lognormal(np.log(5 * HOUR), 1.3, len(score)).clip(2 * MINUTE, 20 * DAY)
        answered = batch.asked + delay.astype(np.int64)
        answers &= answered < self.season.end
        rows: list[_Asked] = []
        for n in range(len(score)):
            invitation = self._invitation(batch, n)
            answer = None
            if answers[n]:
                answer = (int(answered[n]), int(score[n]), self._comment(batch, n, score=int(score[n])))
            rows.append((int(batch.asked[n]), len(rows), invitation, answer))
        return rows

    def _invitation(self, batch: _Batch, n: int) -> Invitation:
        customer, subject = int(batch.customer[n]), int(batch.subject[n])
        conversation, order = None, None
        if batch.survey == AFTER_CONVERSATION:
            conversation = subject
            channel, identity = self._same_place(self.conversations[subject])
        else:
            channel, identity = self._reach(customer, whatsapp=bool(batch.whatsapp[n]))
        if batch.survey == AFTER_DELIVERY:
            order = self.baskets.numbers[subject]
        return Invitation(
            survey=batch.survey,
            customer=customer,
            identity=identity,
            channel=channel,
            asked_at=as_datetime(batch.asked[n]),
            conversation=conversation,
            order=order,
        )

    def _same_place(self, conversation: Conversation) -> tuple[Channel, int]:
        channel: Channel = "sms" if conversation.channel == "phone" else conversation.channel
        return channel, conversation.identity

    def _reach(self, customer: int, *, whatsapp: bool) -> tuple[Channel, int]:
        known = self.known
        if whatsapp:
            return "whatsapp", known.whatsapp[customer]
        if known.email[customer] >= 0:
            return "email", known.email[customer]
        return "sms", known.phone[customer]

    def _comment(self, batch: _Batch, n: int, *, score: int) -> str | None:
        speaker = Speaker(self.dice)
        if batch.survey == QUARTERLY:
            if not self.dice.chance(NPS_COMMENT_SHARE):
                return None
            matter = self._plain_matter(int(batch.customer[n]), late=False)
            return speaker.remark(matter, matter.wording.recommend[_band(score, middle=(7, 8))])
        if not self.dice.chance(COMMENT_SHARE):
            return None
        if batch.survey == AFTER_CONVERSATION:
            matter = self.matters[int(batch.subject[n])]
        else:
            late = bool(self.lives.orders.days_late[batch.subject[n]] > 0)
            matter = self._plain_matter(int(batch.customer[n]), late=late)
        return speaker.comment(matter, matter.wording.comment[_band(score, middle=(3, 3))])

    def _plain_matter(self, customer: int, *, late: bool) -> Matter:
        brand, person = int(self.traits.brand[customer]), self.customers[customer]
        product = self.shelf.look_at(self.dice, brand=brand, taste=float(self.traits.taste[customer]))
        return Matter(
            wording=WORDINGS[person.language],
            channel="chat",
            reason="delivery.late" if late else "delivery.where",
            kind=self.shelf.products[product].kind,
            mood="calm",
            warm=False,
            slots={
                "brand": BRANDS[brand].name,
                "product": self.shelf.products[product].name,
                "town": person.town,
            },
        )


def _lateness(days_late: Seconds) -> Floats:
    """Return the CSAT points that lateness costs: nothing when early, on time or a little late."""
    points: Floats = truths.LATE_POINTS_PER_DAY * (days_late - truths.LATE_AFTER_DAYS).clip(0)
    return points


def _band(score: int, *, middle: tuple[int, int]) -> Band:
    if score < middle[0]:
        return "low"
    return "middle" if score <= middle[1] else "high"
