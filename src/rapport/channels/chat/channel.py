"""Chat as the desk sees it."""

from __future__ import annotations

from rapport.desk.channels import Channel, DeliveryFailed, Outgoing


class Chat(Channel):
    """Talk on a company's own pages. The widget fetches answers itself; nothing is sent out."""

    kind = "chat"
    label = "Chat"
    collected_by_customer = True

    def deliver(self, message: Outgoing) -> None:
        """Never the way an answer goes; a queue that tries it learns so at once and for good."""
        raise DeliveryFailed("the chat widget fetches its messages, they are not sent", permanent=True)
