"""`rapport serve`, `stop` and `doctor` as a person meets them."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import httpx
import psutil
import pytest

from rapport.config import running
from rapport.config.data_lock import DataFolderInUse, data_lock, holder
from rapport.config.embedded import database_url, server_pid, stop_server
from rapport.config.ports import PortTaken, refuse_taken_port
from rapport.config.tests.scratch_databases import command, environment
from rapport.config.trouble import Trouble


@pytest.fixture
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(dir=os.environ["RAPPORT_DATA_DIR"])) / "var"
    yield folder
    with suppress(Trouble):
        stop_server(folder)
    shutil.rmtree(folder.parent, ignore_errors=True)


@pytest.fixture
def port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def taken() -> Iterator[int]:
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield int(listener.getsockname()[1])


def serve(folder: Path, port: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "rapport.config", "serve"],
        env=environment(RAPPORT_DATA_DIR=str(folder), PORT=str(port)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def until(server: subprocess.Popen[str], wanted: str) -> str:
    """Read the server's lines up to the one that holds ``wanted``."""
    assert server.stdout is not None
    lines = []
    for line in server.stdout:
        lines.append(line)
        if wanted in line:
            return line
    raise AssertionError("".join(lines))


def test_a_taken_port_is_one_line_and_nothing_is_made(data: Path, taken: int) -> None:
    done = command("serve", RAPPORT_DATA_DIR=str(data), PORT=str(taken))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"rapport: port {taken} is taken by ")
    assert done.stderr.count("\n") == 1
    assert f"PORT={taken + 1}" in done.stderr
    assert not (data / "postgres").exists()


def test_a_port_for_root_only_or_an_address_of_elsewhere_is_told() -> None:
    with pytest.raises(Trouble, match="is no address of this machine"):
        refuse_taken_port("192.0.2.1", 8000)
    with pytest.raises(Trouble, match="RAPPORT_HOST="):
        refuse_taken_port("no such host.invalid", 8000)


def test_a_free_port_is_free_twice(port: int) -> None:
    refuse_taken_port("127.0.0.1", port)
    refuse_taken_port("127.0.0.1", port)


def test_a_port_taken_on_every_address_is_taken_on_one(taken: int) -> None:
    with closing(socket.socket()) as everywhere:
        everywhere.bind(("0.0.0.0", 0))
        everywhere.listen()
        with pytest.raises(PortTaken):
            refuse_taken_port("127.0.0.1", everywhere.getsockname()[1])


def test_a_data_folder_has_one_server(data: Path, port: int) -> None:
    with data_lock(data, what="http://localhost:8000"):
        done = command("serve", RAPPORT_DATA_DIR=str(data), PORT=str(port))
        with pytest.raises(DataFolderInUse):
            data_lock(data, what="second").__enter__()
        found = holder(data)
    assert done.returncode == 2
    assert f"(http://localhost:8000, process {os.getpid()}); end it with: rapport stop" in done.stderr
    assert done.stderr.count("\n") == 1
    assert found is not None
    assert found.pid == os.getpid()
    assert holder(data) is None
    assert not (data / "postgres").exists()


def test_a_lock_is_not_kept_by_children(data: Path) -> None:
    with data_lock(data, what="parent"):
        up, ready = os.pipe()
        wait, go = os.pipe()
        child = os.fork()
        if child == 0:  # outlives its parent's lock
            os.write(ready, b".")
            os.close(go)
            os.read(wait, 1)
            os._exit(0)
        os.read(up, 1)
    found = holder(data)
    os.close(go)
    os.waitpid(child, 0)
    assert found is None


def test_the_next_one_knows_that_the_last_one_was_killed(data: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from rapport.config.data_lock import data_lock\n"
        "with data_lock(Path(sys.argv[1]), what='killed'): os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(data)], check=False)
    assert holder(data) is None
    with data_lock(data, what="next") as lock:
        assert lock.unclean
    with data_lock(data, what="third") as lock:
        assert not lock.unclean


def test_a_nearly_full_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running.refuse_full_disk(tmp_path)
    monkeypatch.setattr(running, "LEAST_FREE_BYTES", 2**62)
    with pytest.raises(Trouble, match=f"the disk of {tmp_path} is full"):
        running.refuse_full_disk(tmp_path)


def test_stop_says_so_when_nothing_runs(data: Path) -> None:
    done = command("stop", RAPPORT_DATA_DIR=str(data))
    assert (done.returncode, done.stdout) == (0, f"nothing runs on {data}\n")


def test_doctor_finds_and_names_what_is_wrong(data: Path, taken: int) -> None:
    data.mkdir(mode=0o755)
    (data / "secrets").mkdir()
    (data / "secrets" / "keyring").write_text("keys")
    data.chmod(0o755)
    (data / "secrets" / "keyring").chmod(0o644)
    done = command("doctor", RAPPORT_DATA_DIR=str(data), PORT=str(taken), RAPPORT_PROT="1")
    assert done.returncode == 1
    for said in (
        f"chmod 700 {data}",
        "others can read keyring",
        f"port {taken} is taken",
        "RAPPORT_PROT set nothing",
    ):
        assert said in done.stdout
    assert (data / "secrets" / "keyring").stat().st_mode & 0o777 == 0o644


def test_doctor_is_content_with_an_installation_not_made_yet(data: Path, port: int) -> None:
    done = command("doctor", RAPPORT_DATA_DIR=str(data), PORT=str(port))
    assert done.returncode == 0, done.stdout
    assert not data.exists()


@pytest.mark.slow
def test_serve_from_nothing_then_killed_then_served_again(data: Path, port: int) -> None:
    first = serve(data, port)
    until(first, f"Rapport runs on http://localhost:{port}")
    link = until(first, "Become its owner here").split()[-1]
    assert link.startswith(f"http://localhost:{port}/")
    assert httpx.get(link).status_code < 500
    assert (data / "secrets").stat().st_mode & 0o777 == 0o700

    second = command("serve", RAPPORT_DATA_DIR=str(data), PORT=str(port))
    assert (second.returncode, "another Rapport uses the data folder" in second.stderr) == (2, True)

    database = server_pid(data)
    children = psutil.Process(first.pid).children()
    first.kill()
    first.communicate()
    assert server_pid(data) == database  # it runs on, and the next server attaches

    third = serve(data, port)
    until(third, "Rapport runs on")
    assert server_pid(data) == database
    assert not any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in children)
    healthy = command("doctor", RAPPORT_DATA_DIR=str(data), PORT=str(port))
    assert healthy.returncode == 0, healthy.stdout

    stopped = command("stop", RAPPORT_DATA_DIR=str(data))
    assert f"stopped the server (http://localhost:{port}, process {third.pid})" in stopped.stdout
    third.communicate(timeout=30)
    assert third.returncode == 0
    assert server_pid(data) is None
    assert database_url(data)


@pytest.mark.slow
def test_stop_ends_a_database_that_outlived_its_server(data: Path, port: int) -> None:
    server = serve(data, port)
    until(server, "Rapport runs on")
    os.kill(server.pid, signal.SIGKILL)
    server.communicate()
    sick = command("doctor", RAPPORT_DATA_DIR=str(data), PORT=str(port))
    assert "outlived its server" in sick.stdout
    assert server_pid(data) is None  # doctor was the last to leave
    done = command("stop", RAPPORT_DATA_DIR=str(data))
    assert done.stdout == f"nothing runs on {data}\n"
