"""The way in of imported conversations: one account of kind ``import`` per source."""

from __future__ import annotations

import uuid

from django.db import transaction

from rapport.desk.actions.accounts import create_channel_account
from rapport.desk.actions.thread import BadChange
from rapport.desk.channels import Channel, DeliveryFailed, Outgoing
from rapport.desk.models import ChannelAccount
from rapport.kernel.actors import Actor

KIND = "import"


class ImportedChannel(Channel):
    """Where imported conversations stand. Nothing can be sent this way: their real channel is not ours."""

    kind = KIND
    label = "Imported"
    can_send = False

    def deliver(self, message: Outgoing) -> None:
        raise DeliveryFailed("an imported conversation has no way back to the customer", permanent=True)


def account_of(actor: Actor, *, source: str, brand_id: uuid.UUID, workspace_slug: str) -> ChannelAccount:
    """The account of a source, made when missing; two imports at once get the same one."""
    address = f"{workspace_slug}/{source}"
    known = ChannelAccount.objects.within(actor).filter(kind=KIND, address=address)
    if (account := known.first()) is not None:
        return account
    try:
        with transaction.atomic():
            return create_channel_account(
                actor, brand_id=brand_id, kind=KIND, name=f"Imported: {source}"[:80], address=address
            )
    except BadChange:  # the other import made it a moment ago
        return known.get()
