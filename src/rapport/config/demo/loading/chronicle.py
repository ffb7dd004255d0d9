"""The events of the demo company, gathered until all are told, then written in the order of time."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from operator import itemgetter
from typing import Any

from rapport.config.demo.loading.ids import DEMO_ID
from rapport.config.demo.loading.tables import Row, as_json
from rapport.kernel.actors import ActorKind

# Who did it: the kind of actor and its id.
Doer = tuple[str, uuid.UUID | None]
SYSTEM: Doer = (ActorKind.SYSTEM.value, None)


def by_customer(identity_id: uuid.UUID) -> Doer:
    """Whoever uses that identity did it."""
    return (ActorKind.CUSTOMER.value, identity_id)


def by_member(member_id: uuid.UUID) -> Doer:
    return (ActorKind.MEMBER.value, member_id)


class Chronicle:
    """Events as ``kernel.log.record`` would have written them at their time."""

    def __init__(self) -> None:
        self._rows: list[Row] = []

    def tell(
        self,
        kind: str,
        at: datetime,
        *,
        doer: Doer = SYSTEM,
        subject: tuple[str, uuid.UUID | None] = ("", None),
        identity_id: uuid.UUID | None = None,
        channel: str = "",
        data: Mapping[str, Any],
    ) -> None:
        """One more event. Those of one moment keep the order in which they are told."""
        self._rows.append(
            # Not news: nobody who follows the log live is told two years of history.
            (DEMO_ID, kind, at, at, doer[0], doer[1], identity_id, channel, *subject, as_json(data), False)
        )

    def in_order(self) -> list[Row]:
        """All events by time, as rows of ``timeline_event``."""
        return sorted(self._rows, key=itemgetter(2))
