"""What is said in a conversation, by customers and by members."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from rapport.accounts.models import Brand
from rapport.customers.models import Identity
from rapport.desk import events
from rapport.desk.actions.deliveries import queue_delivery
from rapport.desk.actions.promises import fulfil_first_reply, promise_first_reply
from rapport.desk.actions.reopening import reopen_in_place
from rapport.desk.actions.thread import BadChange, add_entry, end_snooze, locked, next_number
from rapport.desk.channels import Channel, can_send, channel
from rapport.desk.models import ChannelAccount, Conversation, Delivery, Entry, Leg
from rapport.desk.permissions import REPLY
from rapport.desk.rules import MAX_KEY_CHARS, MAX_MESSAGE_CHARS, REOPEN_WITHIN, continues, preview
from rapport.kernel import clock
from rapport.kernel.actors import Actor, Denied
from rapport.kernel.ids import name_id
from rapport.kernel.log import record
from rapport.kernel.plaintext import clean_line, clean_text


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a customer's message. ``is_new`` is false for a second copy of one already stored."""

    conversation_id: uuid.UUID
    entry_id: uuid.UUID
    seq: int
    at: datetime
    is_new: bool
    opened: bool


class CannotReply(BadChange):
    """The customer cannot be written to this way, as with a phone call that was only written down."""


class KeyTaken(ValueError):
    """A ``dedupe_key`` names another message already, of somebody else or elsewhere."""


class StaleReply(Exception):
    """The customer wrote since the member last looked; nothing was sent."""

    def __init__(self, last_customer_seq: int) -> None:
        super().__init__("the customer wrote something you have not seen yet")
        self.last_customer_seq = last_customer_seq


def receive_message(
    actor: Actor,
    *,
    account: ChannelAccount,
    identity_id: uuid.UUID,
    text: str,
    dedupe_key: str,
    language: str = "",
    at: datetime | None = None,
) -> Received:
    """Take in what a customer wrote through ``account``.

    Continues the customer's open matter on that account, reopens one settled less than a week ago, or opens
    a new one. ``dedupe_key`` (1 to 120 characters, telling channel and sender apart) makes it idempotent: a
    second copy changes nothing and answers like the first. ``at`` may lie in the past, not in the future.
    Raises ``plaintext.TextRejected``, ``KeyTaken``, ``Identity.DoesNotExist``.
    """
    if account.workspace_id != actor.workspace_id:
        raise Denied(actor, "write to another workspace")
    if not 1 <= len(dedupe_key) <= MAX_KEY_CHARS:
        raise ValueError(f"a dedupe_key has 1 to {MAX_KEY_CHARS} characters")
    body = clean_text(text, max_chars=MAX_MESSAGE_CHARS)
    moment = min(at, clock.now()) if at else clock.now()
    try:
        with transaction.atomic():
            return _receive(actor, account, identity_id, body, dedupe_key, language, moment)
    except IntegrityError:
        # The other copy of the same message won the race; ours left nothing behind.
        with transaction.atomic():
            known = _known_copy(actor, account, identity_id, dedupe_key)
        if known is None:
            raise
        return known


def _receive(
    actor: Actor,
    account: ChannelAccount,
    identity_id: uuid.UUID,
    body: str,
    dedupe_key: str,
    language: str,
    at: datetime,
) -> Received:
    # Two first messages at once must not open two matters; also refuses an identity of another workspace.
    Identity.objects.within(actor).select_for_update(no_key=True).get(pk=identity_id)
    known = _known_copy(actor, account, identity_id, dedupe_key)
    if known is not None:
        return known
    conversation, leg, opened = _matter_of(actor, account, identity_id, body, language, at)
    if opened:
        promise_first_reply(actor, conversation, at)
    elif conversation.status == Conversation.Status.RESOLVED:
        reopen_in_place(actor, conversation, at)
        promise_first_reply(actor, conversation, at)
    entry = add_entry(
        actor,
        conversation,
        kind=Entry.Kind.MESSAGE,
        direction=Entry.Direction.IN,
        at=at,
        text=body,
        leg=leg,
        dedupe_key=dedupe_key,
        language=language,
    )
    end_snooze(conversation, clock.now())
    conversation.status = Conversation.Status.OPEN
    if conversation.waiting_since is None:
        conversation.waiting_since = at
    conversation.save()
    _tell(actor, events.MESSAGE_RECEIVED, conversation, entry, leg)
    return Received(conversation.pk, entry.pk, entry.seq, entry.at, is_new=True, opened=opened)


def _known_copy(
    actor: Actor, account: ChannelAccount, identity_id: uuid.UUID, dedupe_key: str
) -> Received | None:
    entry = Entry.objects.within(actor).select_related("leg").filter(dedupe_key=dedupe_key).first()
    if entry is None:
        return None
    leg = entry.leg
    # Nobody learns of another's message by naming its key.
    if leg is None or entry.direction != Entry.Direction.IN or leg.identity_id != identity_id:
        raise KeyTaken(dedupe_key)
    if leg.account_id != account.pk:
        raise KeyTaken(dedupe_key)
    return Received(entry.conversation_id, entry.pk, entry.seq, entry.at, is_new=False, opened=False)


def _matter_of(
    actor: Actor, account: ChannelAccount, identity_id: uuid.UUID, body: str, language: str, at: datetime
) -> tuple[Conversation, Leg, bool]:
    """The conversation a message belongs to, locked, with its leg; opened when there is none."""
    leg = (
        Leg.objects.within(actor)
        .filter(account=account, identity_id=identity_id)
        .exclude(
            conversation__status=Conversation.Status.RESOLVED,
            conversation__resolved_at__lt=at - REOPEN_WITHIN,
        )
        # What is open comes before what was settled, however the two began.
        .order_by(F("conversation__resolved_at").desc(nulls_first=True), "-started_at", "-id")
        .first()
    )
    if leg is not None:
        conversation = locked(actor, leg.conversation_id)
        if continues(conversation.resolved_at, at):
            return conversation, leg, False
    return *_open(actor, account, identity_id, body, language, at), True


def _open(
    actor: Actor, account: ChannelAccount, identity_id: uuid.UUID, body: str, language: str, at: datetime
) -> tuple[Conversation, Leg]:
    conversation = Conversation.objects.create(
        workspace_id=actor.workspace_id,
        number=next_number(actor.workspace_id),
        brand_id=account.brand_id,
        identity_id=identity_id,
        channel=account.kind,
        subject=preview(body)[:80],
        language=language,
        opened_at=at,
        waiting_since=at,
        last_entry_at=at,
    )
    leg = Leg.objects.create(
        workspace_id=actor.workspace_id,
        conversation=conversation,
        account=account,
        channel=account.kind,
        identity_id=identity_id,
        started_at=at,
    )
    record(
        actor,
        events.CONVERSATION_OPENED,
        subject=("conversation", conversation.pk),
        identity_id=identity_id,
        channel=account.kind,
        at=at,
        data={"number": conversation.number, "subject": conversation.subject},
    )
    return conversation, leg


def reply(
    actor: Actor,
    conversation_id: uuid.UUID,
    *,
    text: str,
    dedupe_key: str | None = None,
    seen_seq: int | None = None,
) -> Entry:
    """Answer the customer on the leg they used last.

    With ``seen_seq`` the reply is held (``StaleReply``) when the customer wrote after it. The same
    ``dedupe_key`` twice sends once. Raises ``Denied``, ``NoSuchConversation``, ``TextRejected``,
    ``CannotReply``.
    """
    actor.must(REPLY)
    body = clean_text(text, max_chars=MAX_MESSAGE_CHARS)
    key = _own_key("reply", actor, conversation_id, dedupe_key)
    with transaction.atomic():
        conversation = locked(actor, conversation_id)
        if key and (sent := Entry.objects.within(actor).filter(dedupe_key=key).first()):
            return sent
        if seen_seq is not None and conversation.last_customer_seq > seen_seq:
            raise StaleReply(conversation.last_customer_seq)
        at = clock.now()
        leg = _leg_to_answer_on(conversation)
        out = _channel_of(leg)
        entry = add_entry(
            actor,
            conversation,
            kind=Entry.Kind.MESSAGE,
            direction=Entry.Direction.OUT,
            at=at,
            text=body,
            leg=leg,
            dedupe_key=key,
        )
        Delivery.objects.create(
            workspace_id=actor.workspace_id, entry=entry, identity_id=leg.identity_id, changed_at=at
        )
        fulfil_first_reply(actor, conversation, at)
        conversation.first_replied_at = conversation.first_replied_at or at
        conversation.waiting_since = None
        if conversation.status != Conversation.Status.RESOLVED:
            end_snooze(conversation, at)
            conversation.status = Conversation.Status.WAITING
        conversation.save()
        _tell(actor, events.MESSAGE_SENT, conversation, entry, leg)
        if not out.collected_by_customer:
            queue_delivery(entry)
    return entry


def _leg_to_answer_on(conversation: Conversation) -> Leg:
    latest = (
        Entry.objects.within(conversation.workspace_id)
        .filter(conversation=conversation, direction=Entry.Direction.IN, leg__isnull=False)
        .select_related("leg")
        .order_by("-seq")
        .first()
    )
    if latest is not None and latest.leg is not None:
        return latest.leg
    return (
        Leg.objects.within(conversation.workspace_id).filter(conversation=conversation).latest("started_at")
    )


def _channel_of(leg: Leg) -> Channel:
    if not can_send(leg.channel):
        message = _("nothing can be sent by %(channel)s; write to the customer another way")
        raise CannotReply(message % {"channel": leg.channel})
    return channel(leg.channel)


def _own_key(what: str, actor: Actor, conversation_id: uuid.UUID, key: str | None) -> str | None:
    """The stored form of a key that a member's browser made: good for one member and one conversation."""
    return f"{what}:{actor.id}:{name_id(conversation_id, key)}" if key else None


def write_note(
    actor: Actor, conversation_id: uuid.UUID, *, text: str, dedupe_key: str | None = None
) -> Entry:
    """Leave a note that only members see."""
    actor.must(REPLY)
    body = clean_text(text, max_chars=MAX_MESSAGE_CHARS)
    key = _own_key("note", actor, conversation_id, dedupe_key)
    with transaction.atomic():
        conversation = locked(actor, conversation_id)
        if key and (written := Entry.objects.within(actor).filter(dedupe_key=key).first()):
            return written
        entry = add_entry(
            actor,
            conversation,
            kind=Entry.Kind.NOTE,
            direction=Entry.Direction.INSIDE,
            at=clock.now(),
            text=body,
            dedupe_key=key,
        )
        conversation.save()
        _tell(actor, events.NOTE_WRITTEN, conversation, entry, None)
    return entry


def log_conversation(
    actor: Actor,
    *,
    brand_id: uuid.UUID,
    identity_id: uuid.UUID,
    channel_kind: str,
    text: str,
    subject: str = "",
    at: datetime | None = None,
) -> Conversation:
    """A member writes down a talk that happened elsewhere (a phone call, a visit to the shop).

    Raises ``Denied``, ``TextRejected``, ``Brand.DoesNotExist``, ``Identity.DoesNotExist``.
    """
    actor.must(REPLY)
    body = clean_text(text, max_chars=MAX_MESSAGE_CHARS)
    title = clean_line(subject, max_chars=200) if subject.strip() else preview(body)
    moment = min(at, clock.now()) if at else clock.now()
    with transaction.atomic():
        Brand.objects.within(actor).get(pk=brand_id)
        Identity.objects.within(actor).get(pk=identity_id)
        conversation = Conversation.objects.create(
            workspace_id=actor.workspace_id,
            number=next_number(actor.workspace_id),
            brand_id=brand_id,
            identity_id=identity_id,
            channel=channel_kind,
            subject=title,
            opened_at=moment,
            waiting_since=moment,
            last_entry_at=moment,
            first_replied_at=moment,
        )
        leg = Leg.objects.create(
            workspace_id=actor.workspace_id,
            conversation=conversation,
            channel=channel_kind,
            identity_id=identity_id,
            started_at=moment,
        )
        record(
            actor,
            events.CONVERSATION_OPENED,
            subject=("conversation", conversation.pk),
            identity_id=identity_id,
            channel=channel_kind,
            at=moment,
            data={"number": conversation.number, "subject": conversation.subject},
        )
        entry = add_entry(
            actor,
            conversation,
            kind=Entry.Kind.NOTE,
            direction=Entry.Direction.INSIDE,
            at=moment,
            text=body,
            leg=leg,
        )
        conversation.save()
        _tell(actor, events.NOTE_WRITTEN, conversation, entry, leg)
    return conversation


def _tell(actor: Actor, kind: str, conversation: Conversation, entry: Entry, leg: Leg | None) -> None:
    record(
        actor,
        kind,
        subject=("conversation", conversation.pk),
        identity_id=leg.identity_id if leg else conversation.identity_id,
        channel=leg.channel if leg else conversation.channel,
        at=entry.at,
        data={
            "number": conversation.number,
            "entry": str(entry.pk),
            "entry_seq": entry.seq,
            "preview": preview(entry.text),
        },
    )
