"""A backup taken while messages flow in is one moment of the company, whole."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest

from tests.chaos import books
from tests.chaos.conftest import free_port
from tests.chaos.people import Agent, Customer, all_finish
from tests.chaos.server import Server

NAMES = ("Wambui", "Achieng", "Juma", "Neema")
MESSAGES_BEFORE = 6


@pytest.mark.slow
def test_a_backup_taken_while_messages_flow_in_comes_back_whole(server: Server) -> None:
    shop = server.open_shop()["duka"]
    server.start()
    customers = [
        Customer(name, server.base, shop["site"], seed=index, pace=0.5) for index, name in enumerate(NAMES)
    ]
    agent = Agent("Otieno", server.base, slug=shop["slug"], session=shop["sessions"]["otieno"], seed=9)
    for person in (*customers, agent):
        person.start()
    for _ in range(MESSAGES_BEFORE):
        assert customers[0].acknowledged.acquire(timeout=60)
    before = {customer.name: _acknowledged(customer) for customer in customers}
    file = server.data_dir.parent / "while.tar.gz"
    made = server.run("-m", "rapport.config", "backup", str(file))
    assert made.returncode == 0, made.stderr
    all_finish([*customers, agent])
    assert any(len(customer.said) > before[customer.name] for customer in customers), "nobody wrote meanwhile"
    server.stop()

    other = Server(Path(tempfile.mkdtemp(prefix="rapport-chaos-")) / "var", free_port())
    other.data_dir.parent.chmod(0o755)
    try:
        done = other.run("-m", "rapport.config", "restore", str(file))
        assert done.returncode == 0, done.stderr
        assert "counts and checksums agree" in done.stdout
        other.start()
        books.check(other.database)
        for customer in customers:
            kept = books.heard_of(other.database, customer)
            assert kept == [(one.key, one.text) for one in customer.said][: len(kept)], customer.name
            assert len(kept) >= before[customer.name], customer.name
    finally:
        other.end()
        shutil.rmtree(other.data_dir.parent, ignore_errors=True)


def _acknowledged(customer: Customer) -> int:
    return sum(message.acknowledged for message in customer.said)
