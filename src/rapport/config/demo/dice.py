"""Small random choices for texts and baskets, drawn from a numpy stream in blocks.

A scalar draw from a numpy generator costs microseconds; a million of them would cost the demo its minute.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")
_BLOCK = 16_384


class Dice:
    """A stream of uniform numbers with the few shapes that the simulation needs."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._numbers: list[float] = []

    def pick(self, choices: Sequence[T]) -> T:
        """Return one of the choices, all equally likely."""
        return choices[int(self.uniform() * len(choices))]

    def below(self, limit: int) -> int:
        """Return a whole number from 0 to ``limit`` - 1."""
        return int(self.uniform() * limit)

    def chance(self, probability: float) -> bool:
        """Return true with the given probability."""
        return self.uniform() < probability

    def uniform(self) -> float:
        """Return the next number from [0, 1)."""
        if not self._numbers:
            self._numbers = self._rng.random(_BLOCK).tolist()
        return self._numbers.pop()


def streams(seed: int) -> dict[str, np.random.Generator]:
    """Return one independent generator per part, so that changing one part leaves the others as they were."""
    parts = ["people", "lives", "visits", "baskets", "words", "opinions", "comments"]
    return {part: np.random.default_rng([seed, number]) for number, part in enumerate(parts)}
