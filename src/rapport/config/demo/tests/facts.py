"""What an analyst could read off the visible records, worked out the plain way.

Nothing here looks at ``Company.customer_truths`` or at the arrays of the simulation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

import numpy as np

from rapport.config.demo import Company
from rapport.config.demo.company import Conversation, Event

NAIROBI = timedelta(hours=3)
WEEK = timedelta(days=7)


def nairobi_day(moment: datetime) -> date:
    return (moment + NAIROBI).date()


def staffed_seconds(start: datetime, end: datetime) -> float:
    """Seconds between two moments that lie between 07:00 and 22:00 in Nairobi."""

    def worked(moment: datetime) -> float:
        local = moment + NAIROBI
        second = local.hour * 3600 + local.minute * 60 + local.second
        return local.toordinal() * 15 * 3600 + min(max(second - 7 * 3600, 0), 15 * 3600)

    return worked(end) - worked(start)


@dataclass(frozen=True)
class Facts:
    company: Company

    def of_kind(self, *kinds: str) -> list[Event]:
        return [event for event in self.company.events if event.kind in kinds]

    def customer(self, event: Event) -> int:
        owner = self.company.identities[event.identity].customer
        assert owner is not None
        return owner

    @cached_property
    def days_late(self) -> dict[str, int]:
        """By order number, from the dates in the delivery event."""
        late = {}
        for event in self.of_kind("order.delivered"):
            data = event.data
            promised, delivered = (date.fromisoformat(str(data[key])) for key in ("promised", "delivered"))
            late[str(data["order"])] = (delivered - promised).days
        return late

    @cached_property
    def closed_at(self) -> dict[int, datetime]:
        return {self.customer(event): event.at for event in self.of_kind("account.closed")}

    @cached_property
    def orders_of(self) -> dict[int, list[datetime]]:
        orders = defaultdict(list)
        for event in self.of_kind("order.placed"):
            orders[self.customer(event)].append(event.at)
        return orders

    def scores(self, survey: str) -> list[tuple[int, int]]:
        """Pairs of invitation number and score of one survey."""
        keys = [row.key for row in self.company.surveys]
        invitations = self.company.invitations
        return [
            (answer.invitation, answer.score)
            for answer in self.company.responses
            if keys[invitations[answer.invitation].survey] == survey
        ]

    def conversation_of(self, invitation: int) -> Conversation:
        position = self.company.invitations[invitation].conversation
        assert position is not None
        return self.company.conversations[position]

    def hazards(
        self,
        exposing: Iterable[Conversation],
        *,
        by_tier: bool,
        leaving_out: Iterable[Conversation] = (),
    ) -> float:
        """Ratio of account closings per customer-week, exposed to unexposed.

        Exposed are the eight weeks after the week of an exposing conversation; the weeks exposed to a
        conversation to be left out do not count on either side. By tier the ratio is that of
        Mantel and Haenszel for person-time (Rothman, Modern Epidemiology, chapter on stratified analysis).
        """
        company = self.company
        weeks = round((company.ends_at - company.begins_at) / WEEK)
        exposed, left_out = self._weeks_after(exposing), self._weeks_after(leaving_out)
        cells = defaultdict(lambda: np.zeros((2, 2)))
        for number, customer in enumerate(company.customers):
            first = (customer.joined_at - company.begins_at) // WEEK + 1
            closing = self.closed_at.get(number)
            last = (closing - company.begins_at) // WEEK if closing else weeks - 1
            table = cells[customer.tier if by_tier else "all"]
            counted = ~left_out[number, first : last + 1]
            during = exposed[number, first : last + 1] & counted
            table[1, 1] += during.sum()
            table[0, 1] += counted.sum() - during.sum()
            if closing and not left_out[number, last]:
                table[int(exposed[number, last]), 0] += 1
        above = below = 0.0
        for table in cells.values():
            total = table[:, 1].sum()
            above += table[1, 0] * table[0, 1] / total
            below += table[0, 0] * table[1, 1] / total
        return float(above / below)

    def _weeks_after(self, conversations: Iterable[Conversation]) -> np.ndarray:
        company = self.company
        weeks = round((company.ends_at - company.begins_at) / WEEK)
        after = np.zeros((len(company.customers), weeks), bool)
        for conversation in conversations:
            week = (conversation.opened_at - company.begins_at) // WEEK
            after[conversation.customer, week + 1 : week + 9] = True
        return after
