"""Customers, how they are recognised, and which identity is whose."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rapport.config.demo.company import Company, Identity
from rapport.config.demo.loading.chronicle import Chronicle
from rapport.config.demo.loading.ids import DEMO_ID, Ids
from rapport.config.demo.loading.tables import Rows
from rapport.customers import events
from rapport.customers.models import BEGINNING
from rapport.customers.rules import identity_key


@dataclass(frozen=True, slots=True)
class People:
    """Ids by position in the simulated company."""

    customers: list[uuid.UUID]
    identities: list[uuid.UUID]


def move_in(company: Company, rows: Rows, chronicle: Chronicle, ids: Ids, *, until: datetime) -> People:
    """Add all customers, identities and bindings.

    Visitors who never became known have an identity and no customer. The simulation gives people of the last
    day some identities that will first be seen only after ``until``: nobody has used them, they are left out.
    """
    owned: list[list[int]] = [[] for _ in company.customers]
    for position, identity in enumerate(company.identities):
        if identity.customer is not None and identity.first_seen <= until:
            owned[identity.customer].append(position)
    keys = [identity_key(DEMO_ID, row.namespace, normal(row)) for row in company.identities]
    customers = []
    for number, person in enumerate(company.customers):
        order = sorted(owned[number], key=lambda position: company.identities[position].first_seen)
        met_at = company.identities[order[0]].first_seen
        customer = ids.at(met_at)
        customers.append(customer)
        rows.add(
            "customers_customer",
            *(customer, DEMO_ID, person.name, person.language, person.country, person.town, met_at),
        )
        for rank, position in enumerate(order):
            identity = company.identities[position]
            rows.add(
                "customers_binding",
                *(ids.at(identity.first_seen), DEMO_ID, keys[position], customer, BEGINNING, None),
                *(identity.evidence, identity.first_seen),
            )
            chronicle.tell(
                events.IDENTITY_ADDED if rank else events.CUSTOMER_MET,
                identity.first_seen,
                subject=("customer", customer),
                identity_id=keys[position],
                data={"namespace": identity.namespace},
            )
    for position, (identity, seen) in enumerate(zip(company.identities, _last_seen(company), strict=True)):
        if identity.first_seen > until:
            continue
        rows.add(
            "customers_identity",
            *(keys[position], DEMO_ID, identity.namespace, normal(identity), identity.level),
            *(identity.evidence, identity.first_seen, seen),
        )
    return People(customers, keys)


def normal(identity: Identity) -> str:
    """The value in the form of ``customers.rules.normal_form``; the simulated ones lack at most a plus."""
    if identity.namespace == "whatsapp":
        return f"+{identity.value}"
    return identity.value


def _last_seen(company: Company) -> Sequence[datetime]:
    seen = [identity.first_seen for identity in company.identities]
    for event in company.events:
        seen[event.identity] = max(seen[event.identity], event.at)
    for conversation in company.conversations:
        said = [entry.at for entry in conversation.entries if entry.direction == "in"]
        if said:
            seen[conversation.identity] = max(seen[conversation.identity], said[-1])
    return seen
