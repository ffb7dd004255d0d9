from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rapport.config.demo import Company, simulate

TODAY = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(scope="session")
def company() -> Company:
    """The whole demo company, as a newcomer gets it; it takes about four seconds."""
    return simulate(until=TODAY)


@pytest.fixture(scope="session")
def small_company() -> Company:
    """A twentieth of the demo company, for what does not need numbers."""
    return simulate(until=TODAY, scale=0.05)
