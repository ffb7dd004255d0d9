"""Keys for programs."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from rapport.accounts import events
from rapport.accounts.actions.inputs import found, future, name_of
from rapport.accounts.models import ApiKey
from rapport.accounts.permissions import MANAGE_API_KEYS
from rapport.accounts.policies import assignable, must_be_member, must_hold
from rapport.kernel import clock, tokens
from rapport.kernel.actors import Actor, ActorKind
from rapport.kernel.log import record

PREFIX = "rk_live"
NOTE_USE_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key. ``plain`` is shown once and kept nowhere."""

    key: ApiKey
    plain: str = field(repr=False)


def issue_api_key(
    actor: Actor, *, name: str, permissions: Iterable[str], expires_at: datetime | None = None
) -> IssuedKey:
    """A key that may some of what its issuer may. Only a member can issue one.

    Raises ``Denied`` for a permission the issuer lacks, ``Refused`` for an expiry that has passed.
    """
    actor.must(MANAGE_API_KEYS)
    must_be_member(actor)
    names = assignable(permissions)
    must_hold(actor, names)
    expiry = future(expires_at, now=clock.now(), field="expires_at")
    issued = tokens.issue(PREFIX)
    with transaction.atomic():
        key = ApiKey.objects.create(
            workspace_id=actor.workspace_id,
            name=name_of(name, max_chars=80),
            digest=issued.digest,
            hint=issued.hint,
            permissions=names,
            issued_by_id=actor.id,
            expires_at=expiry,
        )
        record(
            actor,
            events.API_KEY_ISSUED,
            subject=("api_key", key.pk),
            data={
                "name": key.name,
                "permissions": names,
                "expires_at": expiry.isoformat() if expiry else None,
            },
        )
    return IssuedKey(key, issued.plain)


def revoke_api_key(actor: Actor, key_id: uuid.UUID) -> ApiKey:
    """End a key for good; its next request is refused. Twice is once."""
    actor.must(MANAGE_API_KEYS)
    with transaction.atomic():
        key = found(ApiKey, actor, key_id, what="API key")
        if key.revoked_at is None:
            key.revoked_at = clock.now()
            key.save(update_fields=["revoked_at"])
            record(actor, events.API_KEY_REVOKED, subject=("api_key", key.pk), data={"name": key.name})
    return key


def note_api_key_use(actor: Actor) -> None:
    """Remember when a key was last used, at most once a minute. No event: it is not a decision of anybody."""
    if actor.kind is not ActorKind.API_KEY or actor.id is None:
        return
    at = clock.now()
    ApiKey.objects.within(actor).filter(pk=actor.id).filter(
        Q(last_used_at=None) | Q(last_used_at__lt=at - NOTE_USE_EVERY)
    ).update(last_used_at=at)
