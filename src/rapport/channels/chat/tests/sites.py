"""Chat sites of the cast: Duka's on its shop page, Kiosk's somewhere else."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from rapport.accounts.models import Brand, Workspace
from rapport.channels.chat.actions import create_site
from rapport.channels.chat.claims import sign
from rapport.channels.chat.models import ChatSite
from rapport.channels.chat.queries import site_by_key
from rapport.channels.chat.visitors import Visitor, begin
from rapport.customers.models import Customer, Identity
from rapport.desk.models import Conversation, Entry
from rapport.kernel.actors import system

SHOP = "https://duka.example"


def open_site(workspace: Workspace, *origins: str) -> ChatSite:
    brand = Brand.objects.within(workspace).first()
    assert brand is not None
    made = create_site(system(workspace.pk), brand_id=brand.pk, name="Shop page", origins=origins)
    return site_by_key(made.key)


@pytest.fixture
def site(duka: Workspace) -> ChatSite:
    """Duka's chat on its shop page."""
    return open_site(duka, SHOP)


@pytest.fixture
def kiosk_site(kiosk: Workspace) -> ChatSite:
    """Baraka's chat, on another company's page."""
    return open_site(kiosk, "https://kiosk.example")


@pytest.fixture
def visitor(site: ChatSite) -> Visitor:
    """Somebody new on Duka's page."""
    return begin(site)


def signed(site: ChatSite, subject: str = "akinyi-7", **claims: Any) -> str:
    """A JWT as Duka's own server makes it."""
    return sign({"sub": subject, **claims}, audience=site.key, secret=site.secret)


def footprint(workspace: Any) -> dict[str, int]:
    """How many rows a visitor could have caused; equal before and after a refusal."""
    kinds: tuple[Any, ...] = (Customer, Identity, Conversation, Entry)
    return {kind.__name__: kind.objects.within(workspace).count() for kind in kinds}


def fresh_id() -> uuid.UUID:
    return uuid.uuid4()
