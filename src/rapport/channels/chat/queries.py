"""What a visitor may see of their own chat, and what the widget needs to know about a site.

Every read names the account and the visitor's own identities: a conversation of another brand, of another
customer, or held on another channel is not found here, nor is anything that members wrote among themselves.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from rapport.accounts.queries import default_calendar
from rapport.channels.chat.models import ChatSite, VisitorSignIn
from rapport.channels.chat.rules import first_name, is_site_key
from rapport.channels.chat.visitors import Visitor
from rapport.customers.models import Binding
from rapport.customers.rules import Level
from rapport.desk.actions import NoSuchConversation
from rapport.desk.models import Conversation, Delivery, Entry, Leg, ServicePolicy
from rapport.desk.permissions import MANAGE_CHANNELS
from rapport.desk.rules import DEFAULT_FIRST_REPLY
from rapport.feedback.models import Invitation, Question
from rapport.feedback.templates_in_the_box import CSAT_WORDS, worded
from rapport.kernel import clock
from rapport.kernel.actors import Actor
from rapport.kernel.calendars import NeverOpens

THREAD_SIZE = 60


class NoSuchSite(LookupError):
    """No chat site has that key (any more)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message as its customer sees it. ``opened_at`` of its conversation orders before ``seq``."""

    id: uuid.UUID
    conversation_id: uuid.UUID
    opened_at: datetime
    seq: int
    is_ours: bool
    text: str
    at: datetime
    author: str
    client_id: str


@dataclass(frozen=True, slots=True)
class Matter:
    """The visitor's latest conversation on the site."""

    conversation_id: uuid.UUID
    is_resolved: bool


@dataclass(frozen=True, slots=True)
class OneTapQuestion:
    """A satisfaction question that is open to the visitor: five words, lowest first."""

    invitation_id: uuid.UUID
    question: str
    words: tuple[str, ...]
    comment_question: str
    score: int | None


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether members answer now, since when they will otherwise, and how soon we promise to reply."""

    is_open: bool
    opens_at: datetime | None
    reply_minutes: int


@dataclass(frozen=True, slots=True)
class Shopper:
    """A customer of the demo company who can be signed in on the demo shop."""

    subject: str
    name: str


def site_by_key(key: str) -> ChatSite:
    """The site a page names, with its account and brand. Raises ``NoSuchSite``."""
    found = None
    if is_site_key(key):
        # The key stands in public pages; it only leads to what the widget shows everybody.
        found = _sites(ChatSite.objects.across_workspaces()).filter(account__address=key).first()
    if found is None:
        raise NoSuchSite("there is no chat with this key")
    return found


def sites(actor: Actor) -> list[ChatSite]:
    """The workspace's chat sites, for its settings. Raises ``Denied``."""
    actor.must(MANAGE_CHANNELS)
    return list(_sites(ChatSite.objects.within(actor)).order_by("account__created_at"))


def demo_site(*, only_demo: bool) -> ChatSite:
    """The site the demo shop stands for; of the demo workspace, or else of any. Raises ``NoSuchSite``."""
    candidates = _sites(ChatSite.objects.across_workspaces()).order_by(
        "-account__workspace__is_demo", "account__created_at"
    )
    if only_demo:
        candidates = candidates.filter(account__workspace__is_demo=True)
    found = candidates.first()
    if found is None:
        raise NoSuchSite("there is no demo company here; build one with: rapport demo")
    return found


def is_demo(site: ChatSite) -> bool:
    return site.account.workspace.is_demo


def demo_shoppers(site: ChatSite, *, limit: int = 3) -> list[Shopper]:
    """A few named customers of the demo company with an account, most recently seen first."""
    bindings = (
        Binding.objects.within(site)
        .filter(identity__namespace="user_id", valid_to=None)
        .exclude(customer__name="")
        .order_by("-identity__last_seen_at", "identity_id")
        .values_list("identity__value", "customer__name")[:limit]
    )
    return [Shopper(subject, name) for subject, name in bindings]


def thread(
    visitor: Visitor,
    *,
    conversation_id: uuid.UUID | None = None,
    after_seq: int = 0,
    limit: int = THREAD_SIZE,
) -> list[Line]:
    """The visitor's latest messages, oldest first.

    With ``conversation_id``: those after ``after_seq`` in it, and those of later conversations. Raises
    ``NoSuchConversation`` for one that is not the visitor's own on this site.
    """
    entries = _own_entries(visitor)
    if conversation_id is not None:
        opened_at = (
            _own_conversations(visitor).filter(pk=conversation_id).values_list("opened_at", flat=True).first()
        )
        if opened_at is None:
            raise NoSuchConversation(str(conversation_id))
        entries = entries.filter(
            Q(conversation_id=conversation_id, seq__gt=after_seq) | Q(conversation__opened_at__gt=opened_at)
        )
    latest = entries.order_by("-conversation__opened_at", "-conversation_id", "-seq")[:limit]
    return [_line(entry) for entry in latest][::-1]


def lines(visitor: Visitor, entry_ids: Iterable[uuid.UUID]) -> list[Line]:
    """Those of the named messages that are the visitor's to see, in order. One statement.

    For a stream: a visitor who has become a known customer meanwhile sees nothing more.
    """
    entries = _own_entries(visitor).filter(pk__in=list(entry_ids))
    if visitor.level == Level.UNKNOWN:
        replaced = VisitorSignIn.objects.within(visitor).filter(anonymous_id=visitor.identity_id)
        entries = entries.exclude(leg__identity_id__in=replaced.values("anonymous_id"))
    return [_line(entry) for entry in entries.order_by("conversation__opened_at", "conversation_id", "seq")]


def own_conversations(visitor: Visitor, conversation_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Which of the conversations have a leg of the visitor on this site."""
    found = _own_conversations(visitor).filter(pk__in=list(conversation_ids))
    return set(found.values_list("pk", flat=True))


def latest_matter(visitor: Visitor) -> Matter | None:
    """The conversation that the visitor's next message would most likely continue."""
    latest = _own_conversations(visitor).order_by("-opened_at").values_list("pk", "status").first()
    return Matter(latest[0], latest[1] == Conversation.Status.RESOLVED) if latest else None


def unread(visitor: Visitor) -> int:
    """How many of our messages the visitor has not seen."""
    return (
        Delivery.objects.within(visitor)
        .filter(identity_id__in=visitor.identities, entry__leg__account_id=visitor.account_id)
        .filter(state__in=[Delivery.State.QUEUED, Delivery.State.SENT, Delivery.State.DELIVERED])
        .count()
    )


def open_question(
    visitor: Visitor, *, language: str, invitation_id: uuid.UUID | None = None
) -> OneTapQuestion | None:
    """The newest satisfaction question the visitor was asked about a chat here and may still answer.

    Without ``invitation_id``, one that has its score already is not shown again.
    """
    asked = (
        Invitation.objects.within(visitor)
        .filter(identity_id__in=visitor.identities, subject_kind="conversation", expires_at__gt=clock.now())
        .filter(subject_id__in=_own_conversations(visitor).values("pk"))
        .select_related("survey", "response")
        .order_by("-asked_at")
    )
    asked = asked.filter(response=None) if invitation_id is None else asked.filter(pk=invitation_id)
    invitation = asked.first()
    if invitation is None:
        return None
    questions = {
        question.kind: question
        for question in Question.objects.within(visitor).filter(survey_id=invitation.survey_id)
    }
    scored = questions.get(Question.Kind.SCORE)
    if scored is None or (scored.scale_low, scored.scale_high) != (1, 5):
        return None
    why = questions.get(Question.Kind.COMMENT)
    response = getattr(invitation, "response", None)
    return OneTapQuestion(
        invitation_id=invitation.pk,
        question=worded(scored.wording, language),
        words=CSAT_WORDS.get(language, CSAT_WORDS["en"]),
        comment_question=worded(why.wording, language) if why else "",
        score=response.score if response else None,
    )


def availability(site: ChatSite) -> Availability:
    """Whether somebody is there, by the business hours of the chat's reply policy."""
    policies = {
        policy.channel: policy
        for policy in ServicePolicy.objects.within(site)
        .filter(channel__in=["", "chat"])
        .select_related("calendar")
    }
    policy = policies.get("chat") or policies.get("")
    minutes = policy.first_reply_minutes if policy else int(DEFAULT_FIRST_REPLY.total_seconds() // 60)
    row = policy.calendar if policy and policy.calendar else default_calendar(site.workspace_id)
    now = clock.now()
    if row is None:
        return Availability(True, None, minutes)
    hours = row.hours()
    try:
        opens_at = hours.next_opening(now)
    except NeverOpens:
        return Availability(False, None, minutes)
    return Availability(opens_at <= now, opens_at.astimezone(hours.zone), minutes)


def _sites(rows: QuerySet[ChatSite]) -> QuerySet[ChatSite]:
    return rows.filter(account__retired_at=None).select_related("account__brand", "account__workspace")


def _own_legs(visitor: Visitor) -> QuerySet[Leg]:
    return Leg.objects.within(visitor).filter(
        account_id=visitor.account_id, identity_id__in=visitor.identities
    )


def _own_conversations(visitor: Visitor) -> QuerySet[Conversation]:
    return Conversation.objects.within(visitor).filter(pk__in=_own_legs(visitor).values("conversation_id"))


def _own_entries(visitor: Visitor) -> QuerySet[Entry]:
    spoken: Sequence[str] = (Entry.Direction.IN, Entry.Direction.OUT)
    return (
        Entry.objects.within(visitor)
        .filter(kind=Entry.Kind.MESSAGE, direction__in=spoken)
        .filter(leg__account_id=visitor.account_id, leg__identity_id__in=visitor.identities)
        .select_related("conversation")
    )


def _line(entry: Entry) -> Line:
    is_ours = entry.direction == Entry.Direction.OUT
    return Line(
        id=entry.pk,
        conversation_id=entry.conversation_id,
        opened_at=entry.conversation.opened_at,
        seq=entry.seq,
        is_ours=is_ours,
        text=entry.text,
        at=entry.at,
        author=first_name(entry.author_name) if is_ours else "",
        client_id="" if is_ours or not entry.dedupe_key else entry.dedupe_key.rpartition(":")[2],
    )
