"""SIGKILL in the middle of the chat, twenty times: nothing acknowledged is lost, nothing is there twice."""

from __future__ import annotations

import random
import threading

import pytest

from tests.chaos import books
from tests.chaos.people import Agent, Customer, all_finish
from tests.chaos.server import Server

KILLS = 20
SEED = 20261122
NAMES = ("Wambui", "Achieng", "Juma", "Neema", "Halima", "Kamau")


@pytest.mark.slow
def test_twenty_kills_lose_and_double_nothing(server: Server) -> None:
    shop = server.open_shop()["duka"]
    server.start()
    customers = [Customer(name, server.base, shop["site"], seed=index) for index, name in enumerate(NAMES)]
    agents = [
        Agent(name.title(), server.base, slug=shop["slug"], session=shop["sessions"][name], seed=index)
        for index, name in enumerate(("otieno", "amina"), start=100)
    ]
    for person in (*customers, *agents):
        person.start()
    draw, never = random.Random(SEED), threading.Event()
    for kill in range(KILLS):
        # Only once it works again, and then at any moment of the work.
        assert customers[kill % len(customers)].acknowledged.acquire(timeout=60)
        never.wait(draw.uniform(0.0, 0.6))
        server.kill(database_as_well=kill % 4 == 3)
        server.start()
    all_finish([*customers, *agents])

    assert [refusal for person in (*customers, *agents) for refusal in person.refused] == []
    assert all(message.acknowledged for person in (*customers, *agents) for message in person.said)
    assert sum(message.sent for one in customers for message in one.said) > sum(
        len(one.said) for one in customers
    ), "no message had to be sent again, so nothing was proven"
    books.check_customers(server.database, customers)
    books.check_agents(server.database, agents)
    books.check(server.database)
