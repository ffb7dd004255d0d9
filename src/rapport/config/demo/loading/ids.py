"""Ids that come out the same at every build."""

from __future__ import annotations

import random
import uuid
from datetime import datetime

from rapport.kernel.ids import TAIL_BITS, id_at

#: The demo company is always this workspace, so that a build can only ever touch its own rows.
DEMO_ID = uuid.UUID("01930000-0000-7000-8000-000064756b61")


class Ids:
    """UUIDv7s of given moments from one seed: the same calls in the same order give the same ids."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  (these ids guard nothing)

    def at(self, moment: datetime) -> uuid.UUID:
        """The next id, of that moment."""
        return id_at(moment, entropy=self._random.getrandbits(TAIL_BITS))
