"""Writes about chat sites: making one, changing it, rotating its secret."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from rapport.accounts.models import Workspace
from rapport.channels.chat import events
from rapport.channels.chat.models import ChatSite
from rapport.channels.chat.rules import (
    BadSite,
    checked_language,
    checked_texts,
    new_site_key,
    normal_origins,
    spoken,
)
from rapport.desk.actions import change_channel_account, create_channel_account
from rapport.desk.permissions import MANAGE_CHANNELS
from rapport.kernel import clock
from rapport.kernel.actors import Actor
from rapport.kernel.log import record
from rapport.kernel.plaintext import clean_line

_SECRET_BYTES = 32
MAX_NAME_CHARS = 80


def create_site(actor: Actor, *, brand_id: uuid.UUID, name: str, origins: Iterable[str] = ()) -> ChatSite:
    """Open a chat for customers of a brand, on the web sites named by ``origins``.

    Raises ``Denied``, ``BadSite`` for an origin, ``plaintext.TextRejected`` for the name.
    """
    actor.must(MANAGE_CHANNELS)
    label = clean_line(name, max_chars=MAX_NAME_CHARS)
    pages = normal_origins(origins)
    with transaction.atomic():
        account = create_channel_account(
            actor, brand_id=brand_id, kind="chat", name=label, address=new_site_key()
        )
        workspace = Workspace.objects.get(pk=actor.workspace_id)
        return ChatSite.objects.create(
            workspace_id=actor.workspace_id,
            account=account,
            secret=_new_secret(),
            secret_changed_at=clock.now(),
            origins=pages,
            language=spoken(workspace.language) or "en",
        )


def change_site(
    actor: Actor,
    site_id: uuid.UUID,
    *,
    name: str | None = None,
    origins: Iterable[str] | None = None,
    require_identity: bool | None = None,
    greeting: Mapping[str, str] | None = None,
    away: Mapping[str, str] | None = None,
    position: str | None = None,
    language: str | None = None,
) -> ChatSite:
    """Change what is given; ``None`` leaves a setting as it is. Nothing changes when one of them is refused.

    Raises ``Denied``, ``BadSite``, ``plaintext.TextRejected``, ``ChatSite.DoesNotExist``.
    """
    actor.must(MANAGE_CHANNELS)
    wanted: dict[str, Any] = {
        "origins": None if origins is None else normal_origins(origins),
        "require_identity": require_identity,
        "greeting": None if greeting is None else checked_texts(greeting),
        "away": None if away is None else checked_texts(away),
        "position": None if position is None else _checked_position(position),
        "language": None if language is None else checked_language(language),
    }
    label = None if name is None else clean_line(name, max_chars=MAX_NAME_CHARS)
    with transaction.atomic():
        site = _locked(actor, site_id)
        changed = {
            field: value
            for field, value in wanted.items()
            if value is not None and value != getattr(site, field)
        }
        for field, value in changed.items():
            setattr(site, field, value)
        if changed:
            site.save(update_fields=list(changed))
            _tell(actor, events.SITE_CHANGED, site, {"changed": sorted(changed)})
        if label is not None and label != site.account.name:
            site.account = change_channel_account(actor, site.account_id, name=label)
    return site


def rotate_secret(actor: Actor, site_id: uuid.UUID) -> ChatSite:
    """Give a site a new secret; the one before is believed until ``end_rotation`` or the next rotation."""
    actor.must(MANAGE_CHANNELS)
    with transaction.atomic():
        site = _locked(actor, site_id)
        site.previous_secret, site.secret = site.secret, _new_secret()
        site.secret_changed_at = clock.now()
        site.save(update_fields=["secret", "previous_secret", "secret_changed_at"])
        _tell(actor, events.SECRET_ROTATED, site, {})
    return site


def end_rotation(actor: Actor, site_id: uuid.UUID) -> ChatSite:
    """Believe the newest secret only. Ending twice changes nothing."""
    actor.must(MANAGE_CHANNELS)
    with transaction.atomic():
        site = _locked(actor, site_id)
        if site.previous_secret:
            site.previous_secret = ""
            site.save(update_fields=["previous_secret"])
            _tell(actor, events.SECRET_ROTATED, site, {"ended": True})
    return site


def _new_secret() -> str:
    return secrets.token_urlsafe(_SECRET_BYTES)


def _checked_position(position: str) -> str:
    if position not in ChatSite.Position.values:
        raise BadSite(_("the button stands at the start or at the end of the line"))
    return position


def _locked(actor: Actor, site_id: uuid.UUID) -> ChatSite:
    return (
        ChatSite.objects.within(actor)
        .select_for_update(of=("self",))
        .select_related("account__brand")
        .get(pk=site_id)
    )


def _tell(actor: Actor, kind: str, site: ChatSite, data: dict[str, Any]) -> None:
    record(
        actor,
        kind,
        subject=("channel_account", site.account_id),
        channel="chat",
        data={"name": site.account.name, **data},
    )
