"""How a message gets out, and how far it got."""

from __future__ import annotations

import uuid

from django.db import transaction

from rapport.desk import events
from rapport.desk.channels import DeliveryFailed, Outgoing, channel
from rapport.desk.models import ChannelAccount, Conversation, Delivery, Entry
from rapport.desk.rules import delivery_moves_on
from rapport.kernel import clock
from rapport.kernel.actors import Actor, system
from rapport.kernel.log import record


def queue_delivery(entry: Entry) -> None:
    """Have a job deliver ``entry`` once the caller's transaction has committed."""
    from rapport.desk.jobs import deliver_entry  # jobs call actions, so this one looks the other way late

    deliver_entry.defer(workspace_id=str(entry.workspace_id), entry_id=str(entry.pk))


def deliver(workspace_id: uuid.UUID, entry_id: uuid.UUID, *, is_last_attempt: bool = True) -> None:
    """Hand a message to its channel. Run by a job; a message already on its way is not sent again.

    What failed for a while only goes back into the queue and raises ``DeliveryFailed``, so that the job is
    tried again; at the last attempt, and when trying again cannot help, the delivery has failed.
    """
    trouble: Exception | None = None
    for row in (
        Delivery.objects.within(workspace_id)
        .select_related("entry__leg", "identity")
        .filter(entry_id=entry_id, state=Delivery.State.QUEUED)
        .order_by("pk")
    ):
        # Marked before it leaves: after a crash it is better to ask than to send twice.
        taken = (
            Delivery.objects.within(workspace_id)
            .filter(pk=row.pk, state=Delivery.State.QUEUED)
            .update(state=Delivery.State.SENT, changed_at=clock.now())
        )
        if not taken:
            continue
        try:
            _send(row)
        except DeliveryFailed as failure:
            if failure.permanent or is_last_attempt:
                advance_delivery(workspace_id, row.pk, Delivery.State.FAILED, reason=failure.reason)
            else:
                _put_back(row)
                trouble = failure
        except Exception as error:  # noqa: BLE001  (a fault of ours; the member sees that it did not go out)
            advance_delivery(workspace_id, row.pk, Delivery.State.FAILED, reason="an error in the product")
            trouble = error
    if trouble is not None:
        raise trouble


def _send(row: Delivery) -> None:
    entry, leg = row.entry, row.entry.leg
    if leg is None:
        raise DeliveryFailed("the message has no way out", permanent=True)
    channel(leg.channel).deliver(
        Outgoing(
            workspace_id=row.workspace_id,
            delivery_id=row.pk,
            entry_id=entry.pk,
            conversation_id=entry.conversation_id,
            account_id=leg.account_id,
            recipient=row.identity.value,
            text=entry.text,
        )
    )


def _put_back(row: Delivery) -> None:
    # Only from "sent": a report that it arrived after all may have come meanwhile.
    Delivery.objects.within(row.workspace_id).filter(pk=row.pk, state=Delivery.State.SENT).update(
        state=Delivery.State.QUEUED, changed_at=clock.now()
    )


def advance_delivery(
    workspace_id: uuid.UUID, delivery_id: uuid.UUID, state: str, *, reason: str = ""
) -> bool:
    """Move a delivery forward; false when it is further already (reports come late and twice)."""
    with transaction.atomic():
        row = (
            Delivery.objects.within(workspace_id)
            .select_for_update(of=("self",))
            .select_related("entry__conversation")
            .filter(pk=delivery_id)
            .first()
        )
        if row is None or not delivery_moves_on(row.state, state):
            return False
        row.state, row.reason, row.changed_at = state, reason[:200], clock.now()
        row.save(update_fields=["state", "reason", "changed_at"])
        _tell_delivery(row.entry.conversation, row.entry, row)
    return True


def collected_by_customer(
    actor: Actor,
    *,
    account: ChannelAccount,
    identity_id: uuid.UUID,
    up_to_seq: int,
    conversation_id: uuid.UUID,
    read: bool,
) -> int:
    """The customer's own client fetched (or showed) our messages up to ``up_to_seq``; returns how many moved on."""
    state = Delivery.State.READ if read else Delivery.State.DELIVERED
    waiting = (
        Delivery.objects.within(actor)
        .filter(
            identity_id=identity_id,
            entry__conversation_id=conversation_id,
            entry__leg__account=account,
            entry__seq__lte=up_to_seq,
            state__in=["queued", "sent"] if not read else ["queued", "sent", "delivered"],
        )
        .order_by("pk")  # two tabs at once must not wait for each other
        .values_list("pk", flat=True)
    )
    return sum(advance_delivery(actor.workspace_id, pk, state) for pk in list(waiting))


def _tell_delivery(conversation: Conversation, entry: Entry, row: Delivery) -> None:
    record(
        system(conversation.workspace_id),
        events.MESSAGE_DELIVERED,
        subject=("conversation", conversation.pk),
        identity_id=row.identity_id,
        channel=conversation.channel,
        at=row.changed_at,
        data={
            "number": conversation.number,
            "entry": str(entry.pk),
            "entry_seq": entry.seq,
            "state": row.state,
        },
    )
