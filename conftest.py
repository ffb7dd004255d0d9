"""What every test may use. The database of the run is the plugin ``rapport.config.tests.database``."""

from __future__ import annotations

import pytest
from pytest_socket import socket_allow_hosts

LOCAL = ["127.0.0.1", "::1", "localhost"]


@pytest.fixture(autouse=True)
def only_local_sockets() -> None:
    """No test may reach the outside world."""
    socket_allow_hosts(LOCAL, allow_unix_socket=True)
