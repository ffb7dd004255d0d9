"""Servers with data folders of their own for tests of bad luck."""

from __future__ import annotations

import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.chaos.server import Server


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that does not run yet. Its folder has a short name: sockets have no room for long ones."""
    folder = Path(tempfile.mkdtemp(prefix="rapport-chaos-"))
    folder.chmod(0o755)  # as root, PostgreSQL runs as another account and must get in
    made = Server(folder / "var", free_port())
    yield made
    made.end()
    shutil.rmtree(folder, ignore_errors=True)
