"""Every write of the chat: by members about sites, by visitors about what they say."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from rapport.channels.chat import claims as jwt_claims
from rapport.channels.chat import events
from rapport.channels.chat.models import ChatSite, VisitorSignIn
from rapport.channels.chat.sites import change_site, create_site, end_rotation, rotate_secret
from rapport.channels.chat.visitors import EARLIER_LIMIT, BadVisitor, Visitor, issue_token
from rapport.customers.actions import add_identity, link_anonymous, recognise
from rapport.customers.models import Identity
from rapport.customers.rules import BadIdentity, Level, identity_key, normal_form
from rapport.desk.actions import NoSuchConversation, Received, collected_by_customer, receive_message
from rapport.desk.models import Conversation, Entry, Leg
from rapport.desk.rules import MAX_MESSAGE_CHARS
from rapport.feedback.actions import CannotAnswer, Given
from rapport.feedback.actions import answer as answer_survey
from rapport.feedback.models import Invitation
from rapport.kernel import clock
from rapport.kernel.actors import Actor, ActorKind
from rapport.kernel.log import record
from rapport.kernel.plaintext import TextRejected, clean_line, clean_text
from rapport.timeline.whispers import whisper

__all__ = [
    "IdentityRequired",
    "SignedIn",
    "answer",
    "change_site",
    "collect",
    "create_site",
    "end_rotation",
    "identify",
    "rotate_secret",
    "tell_typing",
    "write",
]

_EVIDENCE = "jwt"
_LEG_CHANNEL = "chat"


class IdentityRequired(Exception):
    """This site only talks with customers whom its own page has signed in."""

    def __init__(self) -> None:
        super().__init__("please sign in to write to us here")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A visitor who was recognised, their new token, and claims that could not be used."""

    visitor: Visitor
    token: str
    ignored: tuple[str, ...]


def identify(site: ChatSite, *, signed: str, visitor: Visitor | None = None) -> SignedIn:
    """Recognise the customer a company vouches for by the JWT ``signed``.

    What ``visitor`` wrote anonymously becomes theirs, and the anonymous token opens nothing from then on: a
    token that somebody planted in a browser cannot read along. Raises ``claims.JwtRefused``; nothing is
    written then.
    """
    said = jwt_claims.verify(signed, audience=site.key, secrets=site.secrets)
    try:
        subject = normal_form("user_id", said.subject)
    except BadIdentity as error:
        raise jwt_claims.JwtRefused("jwt_claim", f"“sub” cannot recognise anybody: {error}") from error
    known_id = identity_key(site.workspace_id, "user_id", subject)
    actor = Actor(workspace_id=site.workspace_id, kind=ActorKind.CUSTOMER, id=known_id)
    ignored: list[str] = []
    with transaction.atomic():
        name = _usable_name(said.name, ignored)
        known = recognise(
            actor,
            namespace="user_id",
            value=subject,
            level=Level.SIGNED_IN,
            evidence=_EVIDENCE,
            name=name,
            language=said.language[:10],
        )
        _add_claimed(actor, known.customer_id, said, ignored)
        if visitor is not None and visitor.level == Level.UNKNOWN:
            _take_over(actor, site, visitor.identity_id, known.identity_id)
        earlier = _earlier_identities(site, known.identity_id)
    signed_in = Visitor(
        workspace_id=site.workspace_id,
        account_id=site.account_id,
        identity_id=known.identity_id,
        level=Level.SIGNED_IN,
        earlier=earlier,
    )
    return SignedIn(signed_in, issue_token(signed_in), tuple(ignored))


def write(
    site: ChatSite, visitor: Visitor, *, client_id: uuid.UUID, text: str, language: str = "", name: str = ""
) -> Received:
    """Take in what a visitor wrote. Who writes for the first time becomes a customer in the same transaction.

    ``client_id`` is the visitor's own id of the message: a second copy changes nothing and answers like the
    first, also when the visitor signed in between the two. Raises ``IdentityRequired``, ``BadVisitor``,
    ``plaintext.TextRejected``.
    """
    must_be_welcome(site, visitor)
    body = clean_text(text, max_chars=MAX_MESSAGE_CHARS)
    label = clean_line(name, max_chars=160) if name.strip() else ""
    with transaction.atomic():
        if visitor.level == Level.UNKNOWN:
            recognise(
                visitor.actor,
                namespace="anonymous_id",
                value=visitor.anonymous,
                level=Level.UNKNOWN,
                evidence="chat",
                name=label,
                language=language,
            )
            must_not_be_replaced(visitor)
        elif (copy := _copy_under_earlier_identity(visitor, client_id)) is not None:
            return copy
        return receive_message(
            replace(visitor.actor, name=label[:120]),
            account=site.account,
            identity_id=visitor.identity_id,
            text=body,
            dedupe_key=dedupe_key(visitor.identity_id, client_id),
            language=language,
        )


def collect(
    site: ChatSite, visitor: Visitor, *, conversation_id: uuid.UUID, up_to_seq: int, read: bool
) -> int:
    """The visitor's page fetched our messages up to ``up_to_seq``, or showed them (``read``).

    Returns how many deliveries moved on. Raises ``NoSuchConversation`` for one that is not the visitor's.
    """
    legs = Leg.objects.within(visitor).filter(
        conversation_id=conversation_id, account_id=site.account_id, identity_id__in=visitor.identities
    )
    identities = set(legs.values_list("identity_id", flat=True))
    if not identities:
        raise NoSuchConversation(str(conversation_id))
    return sum(
        collected_by_customer(
            visitor.actor,
            account=site.account,
            identity_id=identity,
            up_to_seq=up_to_seq,
            conversation_id=conversation_id,
            read=read,
        )
        for identity in identities
    )


def answer(
    visitor: Visitor, *, invitation_id: uuid.UUID, score: int | None = None, comment: str | None = None
) -> Given:
    """Write down what the visitor answered to a question. Raises as ``feedback.actions.answer``."""
    asked = (
        Invitation.objects.within(visitor)
        .filter(pk=invitation_id, identity_id__in=visitor.identities)
        .values_list("identity_id", flat=True)
        .first()
    )
    if asked is None:
        raise CannotAnswer("unknown", "this question was not meant for you")
    return answer_survey(visitor.actor, invitation_id, identity_id=asked, score=score, comment=comment)


def tell_typing(site: ChatSite, visitor: Visitor) -> None:
    """Let the workspace's members see, by conversation number, that the visitor is writing."""
    number = (
        Leg.objects.within(visitor)
        .filter(account_id=site.account_id, identity_id__in=visitor.identities)
        .exclude(conversation__status=Conversation.Status.RESOLVED)
        .order_by("-started_at")
        .values_list("conversation__number", flat=True)
        .first()
    )
    if number is not None:
        whisper(("workspace", visitor.workspace_id), {"customer_typing": {"number": number}})


def must_be_welcome(site: ChatSite, visitor: Visitor) -> None:
    """Raises ``BadVisitor`` for a visitor of another site, ``IdentityRequired`` for one who must sign in."""
    if visitor.account_id != site.account_id or visitor.workspace_id != site.workspace_id:
        raise BadVisitor("bad_token", "this is not a visitor token of this site")
    if site.require_identity and visitor.level < Level.SIGNED_IN:
        raise IdentityRequired


def must_not_be_replaced(visitor: Visitor) -> None:
    """Raises ``BadVisitor`` when an anonymous visitor has become a known customer meanwhile."""
    if (
        visitor.level == Level.UNKNOWN
        and VisitorSignIn.objects.within(visitor).filter(anonymous_id=visitor.identity_id).exists()
    ):
        raise BadVisitor("replaced", "this visitor has signed in; a new visit begins")


def dedupe_key(identity_id: uuid.UUID, client_id: uuid.UUID) -> str:
    """The key under which a message counts once."""
    return f"chat:{identity_id}:{client_id}"


def _usable_name(name: str, ignored: list[str]) -> str:
    if not name:
        return ""
    try:
        return clean_line(name, max_chars=160)
    except TextRejected:
        ignored.append("name")
        return ""


def _add_claimed(actor: Actor, customer_id: uuid.UUID, said: jwt_claims.Claims, ignored: list[str]) -> None:
    """An address the company verified is proven, another only asserted; somebody else's stays theirs."""
    claimed = (
        ("email", said.email, said.email_verified),
        ("phone", said.phone, said.phone_verified),
    )
    for namespace, value, is_verified in claimed:
        if not value:
            continue
        level = Level.PROVEN if is_verified else Level.ASSERTED
        try:
            given = add_identity(
                actor, customer_id, namespace=namespace, value=value, level=level, evidence=_EVIDENCE
            )
        except BadIdentity:
            ignored.append(namespace)
            continue
        if given.customer_id != customer_id:
            ignored.append(namespace)


def _take_over(actor: Actor, site: ChatSite, anonymous_id: uuid.UUID, known_id: uuid.UUID) -> None:
    """What an anonymous visitor said belongs to whom they turned out to be; the matter goes on."""
    identity = (
        Identity.objects.within(actor)
        .select_for_update(no_key=True)
        .filter(pk=anonymous_id, namespace="anonymous_id")
        .first()
    )
    if identity is None:
        return  # never wrote anything
    at = clock.now()
    _, is_first = VisitorSignIn.objects.within(actor).get_or_create(
        anonymous_id=anonymous_id,
        defaults={
            "workspace_id": site.workspace_id,
            "account_id": site.account_id,
            "known_id": known_id,
            "at": at,
        },
    )
    if not is_first:
        return  # two tabs signed in at once, or somebody replays an old token: the first sign-in stands
    link_anonymous(actor, anonymous_id=anonymous_id, known_id=known_id, evidence=_EVIDENCE)
    _continue_matter(actor, site, anonymous_id, known_id, at)
    record(
        actor,
        events.VISITOR_SIGNED_IN,
        subject=("channel_account", site.account_id),
        identity_id=known_id,
        channel=_LEG_CHANNEL,
        at=at,
        data={"anonymous": str(anonymous_id)},
    )


def _continue_matter(
    actor: Actor, site: ChatSite, anonymous_id: uuid.UUID, known_id: uuid.UUID, at: datetime
) -> None:
    """Give the visitor's open matter a leg of the known identity, unless that one has an open matter here."""
    legs = Leg.objects.within(actor).filter(account_id=site.account_id)
    open_legs = legs.exclude(conversation__status=Conversation.Status.RESOLVED)
    if open_legs.filter(identity_id=known_id).exists():
        return
    leg = open_legs.filter(identity_id=anonymous_id).order_by("-started_at").first()
    if leg is not None:
        Leg.objects.within(actor).get_or_create(
            conversation_id=leg.conversation_id,
            channel=_LEG_CHANNEL,
            identity_id=known_id,
            defaults={"workspace_id": site.workspace_id, "account_id": site.account_id, "started_at": at},
        )


def _earlier_identities(site: ChatSite, known_id: uuid.UUID) -> tuple[uuid.UUID, ...]:
    return tuple(
        VisitorSignIn.objects.within(site)
        .filter(known_id=known_id, account_id=site.account_id)
        .order_by("-at")
        .values_list("anonymous_id", flat=True)[:EARLIER_LIMIT]
    )


def _copy_under_earlier_identity(visitor: Visitor, client_id: uuid.UUID) -> Received | None:
    """A message may have arrived just before its writer signed in, and be sent again just after."""
    if not visitor.earlier:
        return None
    keys = [dedupe_key(identity, client_id) for identity in visitor.earlier]
    entry = Entry.objects.within(visitor).filter(dedupe_key__in=keys).first()
    if entry is None:
        return None
    return Received(entry.conversation_id, entry.pk, entry.seq, entry.at, is_new=False, opened=False)
