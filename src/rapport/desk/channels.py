"""The contract of a channel, and the register of those installed.

The desk never imports a channel; a channel registers itself when its app starts.
"""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way to one recipient."""

    workspace_id: uuid.UUID
    delivery_id: uuid.UUID
    entry_id: uuid.UUID
    conversation_id: uuid.UUID
    account_id: uuid.UUID | None
    recipient: str
    text: str


class DeliveryFailed(Exception):
    """The message did not get out. ``permanent`` says whether trying again can help."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent


class Channel(ABC):
    """One way to talk with customers."""

    kind: str
    label: str
    #: The channel fetches messages itself (as the chat widget does), so nothing is sent out.
    collected_by_customer = False
    #: Whether anything can be sent at all; false for what was only brought in from elsewhere.
    can_send = True

    @abstractmethod
    def deliver(self, message: Outgoing) -> None:
        """Send a message; return when the other side took it. Raises ``DeliveryFailed``."""


_channels: dict[str, Channel] = {}


def register(channel: Channel) -> None:
    if not isinstance(channel, Channel):
        raise TypeError(f"{channel!r} is not a Channel")
    _channels[channel.kind] = channel


def channel(kind: str) -> Channel:
    """The installed channel of that kind. Raises ``LookupError``."""
    return _channels[kind]


def can_send(kind: str) -> bool:
    """Whether a customer can be written to on a channel of that kind."""
    return kind in _channels and _channels[kind].can_send


def installed() -> list[Channel]:
    return list(_channels.values())
