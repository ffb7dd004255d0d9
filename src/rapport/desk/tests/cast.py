"""What tests of the desk share: a way in, somebody who writes through it, and looking at everything at once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.apps import apps

from rapport.accounts.models import Brand, Workspace
from rapport.customers.actions import recognise
from rapport.customers.rules import Level
from rapport.desk.actions import Received, receive_message
from rapport.desk.channels import Channel, DeliveryFailed, Outgoing
from rapport.desk.models import ChannelAccount, Conversation
from rapport.kernel.actors import Actor, ActorKind, system
from rapport.kernel.scoping import WorkspaceRow
from rapport.timeline.models import Event

#: A Monday, 12:00 in Nairobi, when the shop is open.
MONDAY_NOON = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
_numbers = count(1)


@dataclass(frozen=True)
class Shop:
    """A company's way in by pigeon, and somebody who writes through it."""

    workspace: Workspace
    account: ChannelAccount
    identity_id: uuid.UUID

    @property
    def customer(self) -> Actor:
        return Actor(self.workspace.pk, ActorKind.CUSTOMER, self.identity_id)

    def write(self, text: str = "Where is my order?", *, key: str = "", **more: Any) -> Received:
        given = {"account": self.account, "identity_id": self.identity_id, **more}
        return receive_message(self.customer, text=text, dedupe_key=key or f"m{next(_numbers)}", **given)

    def conversation(self, key: uuid.UUID | None = None) -> Conversation:
        rows = Conversation.objects.within(self.workspace)
        return rows.get(pk=key) if key else rows.get()

    def told(self) -> list[str]:
        """The kinds of the events about conversations, in order."""
        events = Event.objects.within(self.workspace).filter(subject_kind="conversation")
        return list(events.order_by("seq").values_list("kind", flat=True))


def open_shop(workspace: Workspace, *, phone: str = "0712345678", kind: str = "pigeon") -> Shop:
    account = ChannelAccount.objects.create(
        workspace=workspace,
        brand=Brand.objects.within(workspace).get(),
        kind=kind,
        name="Pigeon",
        address=f"loft-{next(_numbers)}",
    )
    found = recognise(
        system(workspace.pk),
        namespace="phone",
        value=phone,
        level=Level.ASSERTED,
        evidence="x",
        name="Wambui",
    )
    return Shop(workspace, account, found.identity_id)


class Pigeon(Channel):
    """A way out that keeps what it was given, or fails as told."""

    kind = "pigeon"
    label = "Pigeon"

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.failures: list[Exception] = []

    def deliver(self, message: Outgoing) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(message)


def lost(*, permanent: bool) -> DeliveryFailed:
    return DeliveryFailed("a hawk", permanent=permanent)


def everything(workspace: Workspace) -> dict[str, list[dict[str, Any]]]:
    """Every row of the company that the desk, customers and the log keep; compared before and after refusals."""
    kept: dict[str, list[dict[str, Any]]] = {}
    for model in apps.get_models():
        if model._meta.app_label in {"desk", "customers"} and issubclass(model, WorkspaceRow):
            kept[model._meta.label] = list(model.objects.within(workspace).order_by("pk").values())
    kept["events"] = list(Event.objects.within(workspace).order_by("seq").values("seq", "kind", "data"))
    return kept
