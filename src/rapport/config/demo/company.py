"""The shape of a simulated company: small frozen records, plain Python types, no database notion.

Records point at each other by position: ``Identity.customer`` is an index into ``Company.customers``,
``Event.identity`` an index into ``Company.identities`` and so on. All times are aware and in UTC. Money is
in minor units of KES (cents).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Literal

Channel = Literal["web", "email", "chat", "sms", "whatsapp", "phone", "store"]
Role = Literal["owner", "admin", "lead", "agent", "analyst", "viewer"]
Namespace = Literal["email", "phone", "user_id", "anonymous_id", "whatsapp"]
Evidence = Literal["asserted", "login", "order", "chat"]
Status = Literal["open", "waiting", "resolved"]
EntryKind = Literal["message", "note", "change"]
Direction = Literal["in", "out", "inside"]
Author = Literal["customer", "member", "system"]
Verdict = Literal["found", "vanishes when adjusted", "must not be found"]
Kind = Literal["electric", "wear", "food", "ware"]
Json = str | int | float | bool | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class Brand:
    """One face of the company."""

    key: str
    name: str
    domain: str


@dataclass(frozen=True, slots=True)
class Team:
    """A group of members that owns the conversations of one department."""

    key: str
    name: str
    department: str


@dataclass(frozen=True, slots=True)
class Member:
    """A person who works at the company; working days count from Monday = 0."""

    name: str
    email: str
    role: Role
    languages: tuple[str, ...]
    team: int | None
    working_days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """Something the company sells; ``price`` in minor units, ``kind`` says what can be wrong with it."""

    sku: str
    name: str
    brand: int
    category: str
    kind: Kind
    price: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why customers get in touch: a leaf of a two-level tree, such as ``delivery.late``."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Survey:
    """One question asked again and again, in every language the company speaks."""

    key: str
    name: str
    measure: Literal["csat", "nps"]
    lowest: int
    highest: int
    question: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Customer:
    """What the company can see of a customer. What it cannot see is in :class:`CustomerTruth`."""

    name: str
    language: str
    country: str
    town: str
    tier: Literal["standard", "plus"]
    brand: int
    banner: Literal["acacia", "baobab"]
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class CustomerTruth:
    """What only the simulation knows: never to be loaded, only to be compared with.

    ``weekly_orders`` and ``weekly_leaving`` are the customer's own rates before season and experience.
    """

    persona: str
    goodwill: float
    weekly_orders: float
    weekly_leaving: float
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class Identity:
    """One way to recognise somebody; ``customer`` is ``None`` for visitors who never became known."""

    customer: int | None
    namespace: Namespace
    value: str
    level: int
    first_seen: datetime
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; ``data`` is small and fit for JSON."""

    kind: str
    at: datetime
    identity: int
    channel: Channel
    brand: int
    data: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Promise:
    """The first reply we told a customer to expect; ``kept`` is ``None`` while it is open."""

    made_at: datetime
    due_at: datetime
    settled_at: datetime | None
    kept: bool | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One append-only line of a conversation; ``member`` is set when a member wrote it."""

    kind: EntryKind
    direction: Direction
    author: Author
    member: int | None
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """One matter a customer wants settled.

    ``reopened_at`` and ``closed_at`` hold every reopening and closing in order; ``resolved_at`` is the last
    closing, or ``None`` while the conversation is open or waiting. Phone calls are answered at once and carry
    no first-reply promise. ``order`` is the number of the order it is about.
    """

    number: int
    customer: int
    identity: int
    brand: int
    channel: Channel
    reason: str
    subject: str
    language: str
    order: str | None
    opened_at: datetime
    team: int
    member: int | None
    status: Status
    promise: Promise | None
    first_reply_at: datetime | None
    closed_at: tuple[datetime, ...]
    reopened_at: tuple[datetime, ...]
    resolved_at: datetime | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Invitation:
    """A survey put to a customer, answered or not."""

    survey: int
    customer: int
    identity: int
    channel: Channel
    asked_at: datetime
    conversation: int | None
    order: str | None


@dataclass(frozen=True, slots=True)
class Response:
    """The answer to an invitation: a score on the survey's scale, sometimes with a comment."""

    invitation: int
    answered_at: datetime
    score: int
    comment: str | None
    language: str


@dataclass(frozen=True, slots=True)
class Truth:
    """Something planted that a sound analysis must find, must explain away or must not find.

    ``figures`` are the effect sizes as planted; ``window`` is set for what happened in one period only.
    """

    key: str
    statement: str
    where: str
    verdict: Verdict
    figures: Mapping[str, float | str]
    window: tuple[datetime, datetime] | None


@dataclass(frozen=True, slots=True)
class Company:
    """Everything that :func:`rapport.config.demo.simulate` makes up."""

    begins_at: datetime
    ends_at: datetime
    brands: list[Brand]
    teams: list[Team]
    members: list[Member]
    products: list[Product]
    reasons: list[Reason]
    surveys: list[Survey]
    customers: list[Customer]
    customer_truths: list[CustomerTruth]
    identities: list[Identity]
    events: list[Event]
    conversations: list[Conversation]
    invitations: list[Invitation]
    responses: list[Response]
    truths: list[Truth]


def fingerprint(company: Company) -> str:
    """Return the SHA-256 over every record: equal fingerprints mean equal companies."""
    digest = hashlib.sha256()
    for field in fields(company):
        value = getattr(company, field.name)
        for row in value if isinstance(value, list) else [value]:
            digest.update(repr(row).encode())
            digest.update(b"\n")
    return digest.hexdigest()
