from __future__ import annotations

from collections.abc import Iterator

import pytest

from rapport.accounts.models import Workspace
from rapport.desk import channels
from rapport.desk.tests.cast import MONDAY_NOON, Pigeon, Shop, open_shop
from rapport.kernel import clock
from rapport.kernel.clock import FrozenClock


@pytest.fixture(autouse=True)
def noon() -> Iterator[FrozenClock]:
    with clock.frozen(MONDAY_NOON) as standing:
        yield standing


@pytest.fixture(autouse=True)
def pigeon(monkeypatch: pytest.MonkeyPatch) -> Pigeon:
    bird = Pigeon()
    monkeypatch.setitem(channels._channels, "pigeon", bird)
    return bird


@pytest.fixture
def shop(duka: Workspace) -> Shop:
    return open_shop(duka)
