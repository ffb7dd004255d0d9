"""The disk fills up under a running server."""

from __future__ import annotations

import os
import random
import shutil
import string
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.chaos import books
from tests.chaos.conftest import free_port
from tests.chaos.server import Server

SIZE_MEGABYTES = 420
LEFT_BYTES = 48 * 1024
ATTEMPTS = 200


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of its own, small enough to be filled."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small file system to fill up")
    folder = Path(tempfile.mkdtemp(prefix="rapport-full-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MEGABYTES}m,mode=755", "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode != 0:
        folder.rmdir()
        pytest.skip(f"no file system may be mounted here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


@pytest.mark.slow
def test_a_full_disk_is_told_writes_nothing_half_and_is_over_when_there_is_room(small_disk: Path) -> None:
    server = Server(small_disk / "var", free_port())
    server.log = Path(tempfile.mkstemp(prefix="rapport-full-", suffix=".log")[1])
    try:
        _fill_and_free(server, small_disk)
    finally:
        server.end()
        server.log.unlink()


def _fill_and_free(server: Server, disk: Path) -> None:
    shop = server.open_shop()["duka"]
    server.start()
    with httpx.Client(base_url=server.base, trust_env=False, timeout=30) as web:
        visitor = web.post("/widget/api/sessions", json={"site": shop["site"]}).json()
        first = {"site": shop["site"], "client_id": str(uuid.uuid4()), "text": "Where is my order?"}
        bearer = {"Authorization": f"Bearer {visitor['token']}"}
        assert web.post("/widget/api/messages", json=first, headers=bearer).status_code == 201
    with httpx.Client(base_url=server.base, trust_env=False, timeout=30) as otieno:
        otieno.cookies.set("sessionid", shop["sessions"]["otieno"])
        otieno.get(f"/w/{shop['slug']}/inbox/")
        otieno.headers.update({"X-CSRFToken": otieno.cookies["csrftoken"], "Accept": "application/json"})
        filler = _fill(disk)
        sent, refused, answer = _reply_until_refused(otieno, shop["slug"])

        assert answer.status_code == 503
        assert "The disk is full, so nothing was saved." in answer.text
        assert answer.headers["Retry-After"]
        assert _replies(server) == sent
        assert otieno.get(f"/w/{shop['slug']}/conversations/1/").status_code == 200  # reading goes on
        filler.unlink()
        again = otieno.post(f"/w/{shop['slug']}/conversations/1/replies/", data=refused)
        assert again.status_code == 200
        twice = otieno.post(f"/w/{shop['slug']}/conversations/1/replies/", data=refused)
        assert twice.status_code == 200
    assert _replies(server) == [*sent, refused["text"]]
    books.check(server.database)


def _fill(disk: Path) -> Path:
    """A file that takes all room but a little."""
    filler = disk / "filler"
    free = shutil.disk_usage(disk).free - LEFT_BYTES
    with filler.open("wb") as file:
        while free > 0:
            free -= file.write(b"\0" * min(free, 2**20))
    return filler


def _reply_until_refused(otieno: httpx.Client, slug: str) -> tuple[list[str], dict[str, str], httpx.Response]:
    """Replies that take room, one after the other; those that went out, the refused one and its answer."""
    draw = random.Random(20261122)
    sent: list[str] = []
    for _ in range(ATTEMPTS):
        reply = {"text": "".join(draw.choices(string.printable[:94], k=9_000)), "key": uuid.uuid4().hex}
        answer = otieno.post(f"/w/{slug}/conversations/1/replies/", data=reply)
        if answer.status_code != 200:
            return sent, reply, answer
        sent.append(reply["text"])
    raise AssertionError("the disk never was full")


def _replies(server: Server) -> list[str]:
    with psycopg.connect(server.database) as connection:
        rows = connection.execute("SELECT text FROM desk_entry WHERE direction = 'out' ORDER BY seq")
        return [row[0] for row in rows.fetchall()]
