from __future__ import annotations

from collections.abc import Iterator

import pytest

from rapport.channels.chat.tests.sites import kiosk_site, site, visitor
from rapport.widget.limits import limiter

__all__ = ["kiosk_site", "site", "visitor"]


@pytest.fixture(autouse=True)
def fresh_counts() -> Iterator[None]:
    """One test's visitors do not use up another's limits."""
    limiter.reset()
    yield
    limiter.reset()
