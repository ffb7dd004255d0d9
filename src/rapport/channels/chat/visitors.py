"""Who somebody in the chat is, and the signed token by which they prove to be the same visitor again.

A visitor costs nothing until they write: the id of an anonymous identity follows from a random value, so a
token can be given out, and a stream opened, before there is any row.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils.encoding import force_bytes

from rapport.channels.chat.models import ChatSite
from rapport.customers.rules import Level, identity_key
from rapport.kernel import clock, signing
from rapport.kernel.actors import Actor, ActorKind

ANONYMOUS_LIFETIME = timedelta(days=30)
# Signed-in visitors are signed in anew by the page they are on; a forgotten browser must not stay theirs.
SIGNED_IN_LIFETIME = timedelta(hours=12)
EARLIER_LIMIT = 4
_PURPOSE = "chat.visitor"
_ANONYMOUS_BYTES = 24  # 192 bits


class BadVisitor(Exception):
    """The visitor token opens nothing here; ``code`` is ``bad_token``, ``expired_token`` or ``replaced``."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody in the chat of one site.

    ``anonymous`` is the value of their anonymous id, empty once signed in. ``earlier`` are the anonymous
    identities under which a signed-in customer wrote on this site before.
    """

    workspace_id: uuid.UUID
    account_id: uuid.UUID
    identity_id: uuid.UUID
    level: Level
    anonymous: str = ""
    earlier: tuple[uuid.UUID, ...] = ()

    @property
    def identities(self) -> tuple[uuid.UUID, ...]:
        """Every identity whose messages are this visitor's own."""
        return (self.identity_id, *self.earlier)

    @property
    def actor(self) -> Actor:
        return Actor(workspace_id=self.workspace_id, kind=ActorKind.CUSTOMER, id=self.identity_id)


@dataclass(frozen=True, slots=True)
class Presented:
    """A token that was checked; ``is_ageing`` says that it is time for a new one."""

    visitor: Visitor
    is_ageing: bool


def begin(site: ChatSite) -> Visitor:
    """Somebody new, whom nothing is known of. Writes nothing."""
    anonymous = secrets.token_urlsafe(_ANONYMOUS_BYTES)
    return Visitor(
        workspace_id=site.workspace_id,
        account_id=site.account_id,
        identity_id=identity_key(site.workspace_id, "anonymous_id", anonymous),
        level=Level.UNKNOWN,
        anonymous=anonymous,
    )


def issue_token(visitor: Visitor) -> str:
    """The token of a visitor: 30 days for somebody anonymous, 12 hours for somebody signed in."""
    lifetime = SIGNED_IN_LIFETIME if visitor.level == Level.SIGNED_IN else ANONYMOUS_LIFETIME
    payload = {
        "w": visitor.workspace_id.hex,
        "a": visitor.account_id.hex,
        "i": visitor.identity_id.hex,
        "l": int(visitor.level),
        "n": visitor.anonymous,
        "e": [identity.hex for identity in visitor.earlier],
    }
    return signing.sign(payload, purpose=_PURPOSE, expires_in=lifetime, key=_keys()[0])


def read_token(token: str) -> Presented:
    """The visitor of a token, without asking the database. Raises ``BadVisitor``."""
    try:
        opened = signing.open_signed(token, purpose=_PURPOSE, key=_keys())
        visitor = _visitor(opened.payload)
    except signing.Expired as error:
        raise BadVisitor("expired_token", "this visit is over; a new one begins") from error
    except (signing.BadSignature, KeyError, ValueError, TypeError, AttributeError) as error:
        raise BadVisitor("bad_token", "this is not a visitor token of ours") from error
    half = (opened.expires_at - opened.issued_at) / 2
    return Presented(visitor, is_ageing=clock.now() > opened.issued_at + half)


def read_token_for(site: ChatSite, token: str) -> Presented:
    """Like ``read_token``; a token of another site opens nothing. Raises ``BadVisitor``."""
    presented = read_token(token)
    if presented.visitor.account_id != site.account_id or presented.visitor.workspace_id != site.workspace_id:
        raise BadVisitor("bad_token", "this is not a visitor token of this site")
    return presented


def signing_keys() -> Sequence[bytes]:
    """The keys for values of ours that customers hold, newest first."""
    return _keys()


def _keys() -> Sequence[bytes]:
    return [force_bytes(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _visitor(payload: dict[str, Any]) -> Visitor:
    return Visitor(
        workspace_id=uuid.UUID(payload["w"]),
        account_id=uuid.UUID(payload["a"]),
        identity_id=uuid.UUID(payload["i"]),
        level=Level(payload["l"]),
        anonymous=str(payload["n"]),
        earlier=tuple(uuid.UUID(identity) for identity in payload["e"]),
    )
