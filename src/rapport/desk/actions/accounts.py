"""Ways in for customers, and what they are told to expect there."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from rapport.accounts.models import Brand, Calendar
from rapport.accounts.permissions import MANAGE_WORKSPACE
from rapport.desk import events
from rapport.desk.actions.thread import BadChange
from rapport.desk.models import ChannelAccount, ServicePolicy
from rapport.desk.permissions import MANAGE_CHANNELS
from rapport.kernel.actors import Actor
from rapport.kernel.log import record
from rapport.kernel.plaintext import clean_line


def create_channel_account(
    actor: Actor,
    *,
    brand_id: uuid.UUID,
    kind: str,
    name: str,
    address: str,
    settings: dict[str, Any] | None = None,
) -> ChannelAccount:
    """Open a way in for customers of a brand.

    Raises ``Denied``, ``TextRejected``, ``Brand.DoesNotExist``, ``BadChange`` for an address in use.
    """
    actor.must(MANAGE_CHANNELS)
    name, address = clean_line(name, max_chars=80), clean_line(address, max_chars=200)
    with transaction.atomic():
        brand = Brand.objects.within(actor).get(pk=brand_id)
        try:
            with transaction.atomic():
                account = ChannelAccount.objects.create(
                    workspace_id=actor.workspace_id,
                    brand=brand,
                    kind=kind,
                    name=name,
                    address=address,
                    settings=settings or {},
                )
        except IntegrityError as error:
            raise BadChange(gettext("this address is a way in for customers already")) from error
        _tell(actor, events.CHANNEL_ACCOUNT_CREATED, account)
    return account


def change_channel_account(
    actor: Actor, account_id: uuid.UUID, *, name: str | None = None, settings: dict[str, Any] | None = None
) -> ChannelAccount:
    """Rename a way in or change its settings (given keys replace the old ones)."""
    actor.must(MANAGE_CHANNELS)
    with transaction.atomic():
        account = ChannelAccount.objects.within(actor).select_for_update().get(pk=account_id)
        account.name = clean_line(name, max_chars=80) if name is not None else account.name
        account.settings = {**account.settings, **(settings or {})}
        account.save(update_fields=["name", "settings"])
        _tell(actor, events.CHANNEL_ACCOUNT_CHANGED, account, {"changed": sorted(settings or {})})
    return account


def set_first_reply_policy(
    actor: Actor, *, minutes: int, channel: str = "", calendar_id: uuid.UUID | None = None
) -> ServicePolicy:
    """Say within how many minutes of business time a first reply is promised."""
    actor.must(MANAGE_WORKSPACE)
    if not 1 <= minutes <= 30 * 24 * 60:
        raise ValueError(gettext("a first reply can be promised within 1 minute to 30 days"))
    with transaction.atomic():
        calendar = Calendar.objects.within(actor).get(pk=calendar_id) if calendar_id else None
        policy, _ = ServicePolicy.objects.within(actor).update_or_create(
            channel=channel,
            defaults={
                "workspace_id": actor.workspace_id,
                "first_reply_minutes": minutes,
                "calendar": calendar,
            },
        )
        record(
            actor,
            events.POLICY_CHANGED,
            subject=("policy", policy.pk),
            data={"minutes": minutes, "channel": channel},
        )
    return policy


def _tell(actor: Actor, kind: str, account: ChannelAccount, data: dict[str, Any] | None = None) -> None:
    record(
        actor,
        kind,
        subject=("channel_account", account.pk),
        channel=account.kind,
        data={"name": account.name, **(data or {})},
    )
