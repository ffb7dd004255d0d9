"""What goes in and out, field by field. Moments are ISO 8601 in UTC; ids are UUIDs, conversations have numbers."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema


class Refusal(Schema):
    code: str
    message: str


class Me(Schema):
    kind: Literal["member", "api_key"]
    id: UUID
    name: str
    workspace: str = Field(description="The slug of the workspace, as in the addresses of its pages.")
    workspace_name: str
    permissions: list[str]


class ConversationLine(Schema):
    """A conversation as a list shows it."""

    id: UUID
    number: int
    subject: str
    status: str
    priority: int = Field(description="0 low, 1 normal, 2 high, 3 urgent")
    channel: str
    preview: str
    last_entry_at: datetime
    waiting_since: datetime | None
    next_deadline_at: datetime | None
    snoozed_until: datetime | None
    assignee_id: UUID | None
    assignee: str
    team: str
    customer_id: UUID
    customer: str


class ConversationList(Schema):
    items: list[ConversationLine]
    next_cursor: str = Field(description="Give it as `cursor` for the next page; empty at the end.")


class EntryOut(Schema):
    """One line of a conversation; ``seq`` counts from 1."""

    id: UUID
    seq: int
    kind: Literal["message", "note", "change"]
    direction: Literal["in", "out", "inside"]
    author_kind: str
    author_id: UUID | None
    author_name: str
    text: str
    change: dict[str, Any] | None
    at: datetime


class ConversationOut(ConversationLine):
    entries: list[EntryOut]
    has_earlier_entries: bool = Field(description="Ask again with `before_seq` of the first entry.")


class NewEntry(Schema):
    text: str = Field(max_length=200_000)
    seen_seq: int | None = Field(
        default=None,
        ge=0,
        le=2_147_483_647,
        description="The last entry you had read. The reply is refused (409) when the customer wrote since.",
    )


class NewNote(Schema):
    text: str = Field(max_length=200_000)


class AssignmentIn(Schema):
    member_id: UUID | None = None
    team_id: UUID | None = None


class CustomerLine(Schema):
    id: UUID
    name: str
    language: str
    country: str
    town: str
    met_at: datetime


class CustomerList(Schema):
    items: list[CustomerLine]
    next_cursor: str


class IdentityOut(Schema):
    id: UUID
    namespace: str
    value: str
    level: int = Field(description="0 unknown, 1 asserted, 2 proven, 3 signed in")
    last_seen_at: datetime


class CustomerOut(CustomerLine):
    identities: list[IdentityOut]


class EventOut(Schema):
    seq: int
    kind: str
    at: datetime
    channel: str
    actor_kind: str
    actor_id: UUID | None
    subject_kind: str
    subject_id: UUID | None
    data: dict[str, Any]


class Timeline(Schema):
    items: list[EventOut]
    next_cursor: str


class EstimateOut(Schema):
    value: float
    low: float
    high: float


class MetricOut(Schema):
    name: str
    title: str
    definition: str
    column: str
    unit: str
    n: int
    is_enough: bool = Field(description="False below the n at which the number means something.")
    now: EstimateOut | None
    before: EstimateOut | None
    change: EstimateOut | None
    verdict: str
    reason: str = Field(description="Why there is no number, where there is none.")


class MetricList(Schema):
    since: datetime
    until: datetime
    items: list[MetricOut]
