"""A thousand visitors in a chat, a thousand members at their desks, and somebody who answers the visitors."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import Any

from benchmarks.inbox.shop import open_shop
from benchmarks.live.streams import Wanted


@dataclass(frozen=True, slots=True)
class Town:
    """``conversations[n]`` is the open matter of the visitor of ``chat_streams[n]``."""

    workspace_id: uuid.UUID
    chat_streams: tuple[Wanted, ...]
    desk_streams: tuple[Wanted, ...]
    conversations: tuple[uuid.UUID, ...]
    otieno: Any


@dataclass(frozen=True, slots=True)
class Said:
    """A reply of ours: to which visitor, and the moment just before its transaction was committed."""

    to: int
    entry: str
    at: float


def build(*, streams: int) -> Town:
    """Made by the product's own actions, except that members and sessions come in bulk."""
    from rapport.accounts.models import Member
    from rapport.accounts.queries import actor_for
    from rapport.channels.chat.actions import write
    from rapport.channels.chat.models import ChatSite
    from rapport.channels.chat.visitors import begin, issue_token

    shop = open_shop()
    site = ChatSite.objects.within(shop.place.workspace).select_related("account").get()
    visitors = [begin(site) for _ in range(streams)]
    conversations = [
        write(site, visitor, client_id=uuid.uuid4(), text="Hello, where is my order?").conversation_id
        for visitor in visitors
    ]
    chat = [
        Wanted("/live/chat", (("Authorization", f"Bearer {issue_token(visitor)}"), _from(index)))
        for index, visitor in enumerate(visitors)
    ]
    desk = [
        Wanted(f"/live/inbox?workspace={shop.slug}", (("Cookie", f"sessionid={key}"), _from(index)))
        for index, key in enumerate(_sessions(shop.place.workspace, streams))
    ]
    otieno = Member.objects.within(shop.place.workspace).select_related("role").get(name="Otieno Odhiambo")
    return Town(shop.place.workspace, tuple(chat), tuple(desk), tuple(conversations), actor_for(otieno))


def answer(town: Town, *, to: int, text: str) -> Said:
    """Reply to one visitor as a member does, through the desk's action."""
    from django.db import transaction

    from rapport.desk.actions import reply

    with transaction.atomic():
        entry = reply(town.otieno, town.conversations[to], text=text)
        at = time.monotonic()
    return Said(to, str(entry.pk), at)


def _from(index: int) -> tuple[str, str]:
    # People come from many addresses; the limits per address must not be what is measured.
    return "X-Forwarded-For", f"10.{index >> 16 & 255}.{index >> 8 & 255}.{index & 255}"


def _sessions(workspace_id: uuid.UUID, count: int) -> list[str]:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from rapport.accounts.models import Member, Role, User

    role = Role.objects.within(workspace_id).get(key="agent")
    users = User.objects.bulk_create(
        User(email=f"crowd{index}@example.com", name=f"Agent {index}", password="!") for index in range(count)
    )
    Member.objects.bulk_create(
        Member(workspace_id=workspace_id, user=user, role=role, name=user.name) for user in users
    )
    keys = []
    for user in users:
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        keys.append(str(session.session_key))
    return keys
