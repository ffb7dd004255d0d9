"""The one log that every action writes to.

Packages below ``timeline`` must record what they do, yet may not import it. So the kernel declares the shape
of a record and the contract of the log; ``timeline`` provides the table when the process starts.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rapport.kernel.actors import Actor
from rapport.kernel.clock import now


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that happened: who, what, when, where, about what.

    ``identity_id`` is the identifier by which the customer was recognised (the customer is found at read
    time); ``subject`` what it was about, such as ``("conversation", id)``; ``data`` must be JSON-able.
    """

    workspace_id: uuid.UUID
    kind: str
    at: datetime
    actor_kind: str
    actor_id: uuid.UUID | None = None
    identity_id: uuid.UUID | None = None
    channel: str = ""
    subject_kind: str = ""
    subject_id: uuid.UUID | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    dedupe_key: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event: its name, what it says, and whether the audit page shows it."""

    name: str
    meaning: str
    audited: bool = False


class UnknownKind(LookupError):
    """An event of a kind that no package declared."""


kinds: dict[str, Kind] = {}


def declare(name: str, meaning: str, *, audited: bool = False) -> str:
    """Declare a kind of event. Packages do so in their ``events.py``; returns the name."""
    kinds[name] = Kind(name, meaning, audited)
    return name


Writer = Callable[[Record], None]
_writer: Writer | None = None


class NoLog(RuntimeError):
    """Nothing provides the log: ``rapport.timeline`` is not installed."""


def provide(writer: Writer) -> None:
    """Called once by the package that owns the log."""
    global _writer
    _writer = writer


def record(
    actor: Actor,
    kind: str,
    *,
    subject: tuple[str, uuid.UUID] | None = None,
    identity_id: uuid.UUID | None = None,
    channel: str = "",
    at: datetime | None = None,
    data: Mapping[str, Any] | None = None,
    dedupe_key: str = "",
) -> None:
    """Append one event in the caller's transaction.

    Raises ``UnknownKind`` for a kind nobody declared, ``NoLog`` when no package provides the log.
    """
    if kind not in kinds:
        raise UnknownKind(kind)
    if _writer is None:
        raise NoLog("no package provides the event log")
    subject_kind, subject_id = subject or ("", None)
    _writer(
        Record(
            workspace_id=actor.workspace_id,
            kind=kind,
            at=at or now(),
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            identity_id=identity_id,
            channel=channel,
            subject_kind=subject_kind,
            subject_id=subject_id,
            data=data or {},
            dedupe_key=dedupe_key,
        )
    )
