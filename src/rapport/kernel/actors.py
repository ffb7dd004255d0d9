"""Who does something. Every action takes an actor as its first argument; nothing looks one up by itself."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from enum import StrEnum


class ActorKind(StrEnum):
    MEMBER = "member"
    CUSTOMER = "customer"
    API_KEY = "api_key"
    SYSTEM = "system"


class Denied(Exception):
    """The actor may not do this. Nothing was changed."""

    def __init__(self, actor: Actor, permission: str) -> None:
        super().__init__(f"{actor.name or actor.kind} may not: {permission}")
        self.actor = actor
        self.permission = permission


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone or something acting inside one workspace.

    ``id`` is the member's, identity's or API key's id; ``None`` for the system. ``permissions`` are names
    from ``rapport.accounts.permissions``; the system has them all.
    """

    workspace_id: uuid.UUID
    kind: ActorKind
    id: uuid.UUID | None = None
    name: str = ""
    permissions: frozenset[str] = field(default_factory=frozenset)

    def may(self, permission: str) -> bool:
        return self.kind is ActorKind.SYSTEM or permission in self.permissions

    def must(self, permission: str) -> None:
        """Raise ``Denied`` unless the actor holds ``permission``."""
        if not self.may(permission):
            raise Denied(self, permission)


def system(workspace_id: uuid.UUID) -> Actor:
    """The product itself: jobs, rules, clocks."""
    return Actor(workspace_id=workspace_id, kind=ActorKind.SYSTEM, name="Rapport")
