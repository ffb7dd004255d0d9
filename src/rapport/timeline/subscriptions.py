"""Work that follows an event: a job put into the queue by the transaction that records the event.

A subscriber must be idempotent: a job may run twice after a crash. Importing history dispatches nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from rapport.kernel.log import Record, kinds

Defer = Callable[..., Any]
_subscribers: dict[str, list[Defer]] = defaultdict(list)


def subscribe(kind: str, defer: Defer) -> None:
    """Have ``defer(workspace_id=…, seq=…, kind=…, subject_id=…, identity_id=…)`` called with each event of a kind.

    ``defer`` is the ``defer`` of a Procrastinate task, so it writes a row in the same transaction.
    """
    if kind not in kinds:
        raise LookupError(f"no such kind of event: {kind}")
    if defer not in _subscribers[kind]:
        _subscribers[kind].append(defer)


def dispatch(record: Record, seq: int) -> None:
    for defer in _subscribers.get(record.kind, ()):
        defer(
            workspace_id=str(record.workspace_id),
            seq=seq,
            kind=record.kind,
            subject_id=str(record.subject_id or ""),
            identity_id=str(record.identity_id or ""),
        )
