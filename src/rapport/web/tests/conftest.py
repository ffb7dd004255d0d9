"""What the tests of screens share: a chat account and customers who wrote."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

Talk = Callable[..., Any]


@pytest.fixture
def chat(wanjiru):
    from rapport.accounts.models import Brand
    from rapport.desk.actions import create_channel_account

    brand = Brand.objects.within(wanjiru.actor).first()
    return create_channel_account(
        wanjiru.actor, brand_id=brand.pk, kind="chat", name="Shop", address="site_of_the_tests"
    )


@pytest.fixture
def talk(duka, chat) -> Talk:
    """Have a customer write: ``talk("Achieng", "Habari")`` gives what ``receive_message`` gives."""
    from rapport.customers.actions import recognise
    from rapport.desk.actions import receive_message
    from rapport.kernel import clock
    from rapport.kernel.actors import Actor, ActorKind, system

    said = iter(range(10_000))

    def write(name: str, text: str, *, minutes_ago: int = 0) -> Any:
        found = recognise(
            system(duka.pk),
            namespace="email",
            value=f"{re.sub('[^a-z0-9]+', '.', name.lower()).strip('.') or 'nobody'}@mail.example",
            level=1,
            evidence="chat",
            name=name,
        )
        return receive_message(
            Actor(duka.pk, ActorKind.CUSTOMER, found.identity_id, name),
            account=chat,
            identity_id=found.identity_id,
            text=text,
            dedupe_key=f"test:{next(said)}",
            at=clock.now() - timedelta(minutes=minutes_ago),
        )

    return write
