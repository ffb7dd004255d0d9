"""Conversations, their legs and entries, and what was promised in them.

A conversation is one matter. A leg is one channel account and one identity through which the matter is talked
about. An entry is one line of its log: a message, a note or a change; entries are never altered. Whatever has
a history (assignment, closure, snooze, promise) is a row of its own; the columns on the conversation repeat
the present state so that a list row needs no join.
"""

from __future__ import annotations

from django.db import models

from rapport.accounts.models import Brand, Calendar, Member, Team
from rapport.customers.models import Identity
from rapport.kernel.scoping import WorkspaceRow


class ChannelAccount(WorkspaceRow):
    """A way in: one chat site, mailbox or number. ``kind`` names a registered ``desk.channels.Channel``."""

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=200)
    settings = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("kind", "address", name="channel_address_once"),
            models.CheckConstraint(condition=~models.Q(address=""), name="channel_account_has_an_address"),
        ]

    def __str__(self) -> str:
        return self.name


class ServicePolicy(WorkspaceRow):
    """What we tell customers to expect: the first reply within so many minutes of business time."""

    channel = models.CharField(max_length=20, blank=True, default="")
    first_reply_minutes = models.PositiveIntegerField(default=30)
    calendar = models.ForeignKey(Calendar, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("workspace", "channel", name="one_policy_per_channel")]


class Conversation(WorkspaceRow):
    """One matter a customer wants settled."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        WAITING = "waiting", "Waiting on the customer"
        SNOOZED = "snoozed", "Snoozed"
        RESOLVED = "resolved", "Resolved"

    class Priority(models.IntegerChoices):
        LOW = 0, "Low"
        NORMAL = 1, "Normal"
        HIGH = 2, "High"
        URGENT = 3, "Urgent"

    number = models.PositiveIntegerField()
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+")
    identity = models.ForeignKey(Identity, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=20)
    subject = models.CharField(max_length=200, blank=True, default="")
    reason = models.CharField(max_length=80, blank=True, default="")
    language = models.CharField(max_length=10, blank=True, default="")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    assignee = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    next_deadline_at = models.DateTimeField(null=True, blank=True)
    first_replied_at = models.DateTimeField(null=True, blank=True)
    last_entry_at = models.DateTimeField()
    last_seq = models.PositiveIntegerField(default=0)
    last_preview = models.CharField(max_length=160, blank=True, default="")
    last_author_kind = models.CharField(max_length=10, blank=True, default="")
    last_customer_seq = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint("workspace", "number", name="conversation_number_once"),
            # The list sorts open matters by who has waited longest, so every open one must say since when.
            models.CheckConstraint(
                condition=~models.Q(status="open") | models.Q(waiting_since__isnull=False),
                name="open_conversation_waits_since",
            ),
            models.CheckConstraint(
                condition=models.Q(status="resolved", resolved_at__isnull=False)
                | (~models.Q(status="resolved") & models.Q(resolved_at=None)),
                name="conversation_resolved_at",
            ),
        ]
        indexes = [
            # The three tabs of the inbox, each sorted by who has waited longest or what moved last.
            models.Index(fields=["workspace", "status", "-last_entry_at", "-id"], name="conversation_list"),
            models.Index(
                fields=["workspace", "assignee", "status", "-last_entry_at", "-id"],
                name="conversation_by_assignee",
            ),
            # Few conversations have nobody; without their own index finding some among the settled ones walks
            # through nearly all.
            models.Index(
                fields=["workspace", "status", "-last_entry_at", "-id"],
                condition=models.Q(assignee=None),
                name="conversation_unassigned",
            ),
            models.Index(
                fields=["workspace", "waiting_since", "id"],
                condition=models.Q(status="open"),
                name="conversation_longest_waiting",
            ),
            models.Index(fields=["identity", "-opened_at"], name="conversation_by_identity"),
            models.Index(
                fields=["snoozed_until"], condition=models.Q(status="snoozed"), name="conversation_to_wake"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"


class ConversationNumber(models.Model):
    """The last number given in a workspace. Its row lock makes numbers gapless and unique."""

    workspace = models.OneToOneField("accounts.Workspace", primary_key=True, on_delete=models.CASCADE)
    last = models.PositiveIntegerField(default=0)


class Leg(WorkspaceRow):
    """One channel account and one identity through which a conversation is held."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="legs")
    account = models.ForeignKey(ChannelAccount, null=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=20)
    identity = models.ForeignKey(Identity, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("conversation", "channel", "identity", name="leg_once_per_conversation")
        ]


class Entry(WorkspaceRow):
    """One line of a conversation's log. ``seq`` counts from 1 within the conversation."""

    class Kind(models.TextChoices):
        MESSAGE = "message", "Message"
        NOTE = "note", "Note"
        CHANGE = "change", "Change"

    class Direction(models.TextChoices):
        IN = "in", "From the customer"
        OUT = "out", "To the customer"
        INSIDE = "inside", "Among members"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="entries")
    leg = models.ForeignKey(Leg, null=True, on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    direction = models.CharField(max_length=6, choices=Direction.choices)
    author_kind = models.CharField(max_length=10)
    author_id = models.UUIDField(null=True)
    author_name = models.CharField(max_length=120, blank=True, default="")
    text = models.TextField(blank=True, default="")
    change = models.JSONField(null=True)
    language = models.CharField(max_length=10, blank=True, default="")
    at = models.DateTimeField()
    dedupe_key = models.CharField(max_length=120, null=True)  # noqa: DJ001  (absent is not the same as empty)

    class Meta:
        constraints = [
            models.UniqueConstraint("conversation", "seq", name="entry_seq_once"),
            models.UniqueConstraint("workspace", "dedupe_key", name="entry_dedupe_key_once"),
            models.CheckConstraint(condition=~models.Q(dedupe_key=""), name="entry_dedupe_key_not_empty"),
        ]


class Delivery(WorkspaceRow):
    """How far a message got on its way to one recipient. States only move forward."""

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        SENT = "sent", "Sent"
        DELIVERED = "delivered", "Delivered"
        READ = "read", "Read"
        FAILED = "failed", "Failed"

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="deliveries")
    identity = models.ForeignKey(Identity, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    reason = models.CharField(max_length=200, blank=True, default="")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("entry", "identity", name="delivery_once_per_recipient")]


class Assignment(WorkspaceRow):
    """Who was responsible, from when. The newest row is the present one."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="assignments")
    member = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    by_kind = models.CharField(max_length=10)
    by_id = models.UUIDField(null=True)
    at = models.DateTimeField()


class Closure(WorkspaceRow):
    """A matter was settled; ``reopened_at`` when it came up again."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="closures")
    by_kind = models.CharField(max_length=10)
    by_id = models.UUIDField(null=True)
    member = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_by_kind = models.CharField(max_length=10, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=models.Q(reopened_at=None), name="one_closure_in_force"
            )
        ]


class Snooze(WorkspaceRow):
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="snoozes")
    until = models.DateTimeField()
    by_kind = models.CharField(max_length=10)
    by_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)


class Promise(WorkspaceRow):
    """Something a customer was told to expect by a time."""

    class Kind(models.TextChoices):
        FIRST_REPLY = "first_reply", "First reply"
        CALL_BACK = "call_back", "Call back"
        OTHER = "other", "Promise"

    class Outcome(models.TextChoices):
        OPEN = "open", "Open"
        KEPT = "kept", "Kept"
        BROKEN = "broken", "Broken"
        #: The matter was settled in time without it: neither kept nor broken, and not counted as either.
        WAIVED = "waived", "No longer due"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="promises")
    identity = models.ForeignKey(Identity, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    text = models.CharField(max_length=200, blank=True, default="")
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    fulfilled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "kind"],
                condition=models.Q(outcome="open", kind="first_reply"),
                name="one_open_first_reply_promise",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="open", settled_at=None)
                | (~models.Q(outcome="open") & models.Q(settled_at__isnull=False)),
                name="promise_settled_or_open",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(outcome="open"), name="promise_due"),
            models.Index(fields=["workspace", "made_at"], name="promise_by_made"),
            models.Index(fields=["identity", "made_at"], name="promise_by_identity"),
        ]


class ReadMark(WorkspaceRow):
    """How far a member has read a conversation."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="read_marks")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    seq = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint("conversation", "member", name="read_mark_once")]
