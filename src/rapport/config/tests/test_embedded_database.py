"""The embedded PostgreSQL: made, shared, attached to, stopped, and what can go wrong."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from rapport.config.embedded import EmbeddedDatabase, database_url, server_in_use, server_pid, stop_server
from rapport.config.postgres_account import ACL_ATTRIBUTE, acl_with_pass
from rapport.config.postgres_layout import LONGEST_SOCKET_PATH, Layout
from rapport.config.postgres_server import DatabaseTrouble

HOLD = """
import sys
from pathlib import Path
from rapport.config.embedded import EmbeddedDatabase
database = EmbeddedDatabase(Path(sys.argv[1]), durable=False)
database.start()
print("started", flush=True)
sys.stdin.readline()
database.leave()
"""


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder on a path short enough for a socket; no server is left behind."""
    folder = Path(tempfile.mkdtemp(dir=os.environ["RAPPORT_DATA_DIR"]))
    yield folder
    with suppress(DatabaseTrouble):
        stop_server(folder)
    shutil.rmtree(folder, ignore_errors=True)


def hold(folder: Path) -> subprocess.Popen[str]:
    """Another process that uses the database until told to leave."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def started(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"


def leave(process: subprocess.Popen[str]) -> None:
    process.communicate("\n", timeout=60)
    assert process.returncode == 0


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def ask(address: str, question: str) -> object:
    with psycopg.connect(address) as connection:
        row = connection.execute(question).fetchone()
    return row[0] if row else None


def put(address: str) -> None:
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept VALUES (1)")


def test_the_first_start_makes_a_database_that_asks_for_the_password(data: Path) -> None:
    with EmbeddedDatabase(data, durable=False) as database:
        address = database.start()
        assert ask(address, "SELECT current_database() || ' ' || current_user") == "rapport rapport"
        assert ask(address, "SHOW data_checksums") == "on"
        assert ask(address, "SHOW listen_addresses") == ""
        assert ask(address, "SELECT datlocale FROM pg_database WHERE datname = 'rapport'") == "C.UTF-8"
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(address, password="guessed")
    assert server_pid(data) is None
    assert (data / "postgres" / "cluster").stat().st_mode & 0o777 == 0o700


def test_the_second_start_finds_what_the_first_one_kept(data: Path) -> None:
    for _ in range(2):
        with EmbeddedDatabase(data, durable=False) as database:
            put(database.start())
    with EmbeddedDatabase(data, durable=False) as database:
        assert ask(database.start(), "SELECT count(*) FROM kept") == 2


def test_starting_and_leaving_twice_does_no_harm(data: Path) -> None:
    database = EmbeddedDatabase(data, durable=False)
    assert database.start() == database.start() == database_url(data)
    database.leave()
    database.leave()
    assert server_pid(data) is None


def test_the_last_one_to_leave_stops_the_server(data: Path) -> None:
    other = hold(data)
    started(other)
    with EmbeddedDatabase(data, durable=False):
        pid = server_pid(data)
        leave(other)
        assert server_pid(data) == pid
    assert server_pid(data) is None


def test_a_server_in_use_is_not_stopped(data: Path) -> None:
    with EmbeddedDatabase(data, durable=False) as database:
        with pytest.raises(DatabaseTrouble, match="still used"):
            stop_server(data)
        assert ask(database.start(), "SELECT 1") == 1
    assert stop_server(data) is False


def test_after_sigkill_of_its_owner_the_next_one_attaches_and_stops_it(data: Path) -> None:
    owner = hold(data)
    started(owner)
    pid = server_pid(data)
    put(database_url(data))
    kill(owner)
    assert (server_pid(data), server_in_use(data)) == (pid, False)
    with EmbeddedDatabase(data, durable=False) as database:
        assert server_pid(data) == pid
        assert ask(database.start(), "SELECT count(*) FROM kept") == 1
    assert server_pid(data) is None


def test_an_orphaned_server_can_be_stopped(data: Path) -> None:
    owner = hold(data)
    started(owner)
    kill(owner)
    assert stop_server(data) is True
    assert server_pid(data) is None


def test_a_killed_server_is_started_again(data: Path) -> None:
    with EmbeddedDatabase(data, durable=True) as database:
        put(database.start())
        pid = server_pid(data)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [])
        with EmbeddedDatabase(data, durable=True) as second:
            assert ask(second.start(), "SELECT count(*) FROM kept") == 1
            assert server_pid(data) != pid


def test_a_pid_that_another_program_got_does_not_stop_the_start(data: Path) -> None:
    with EmbeddedDatabase(data, durable=False) as database:
        put(database.start())
        pid_file = Layout(data).pid_file
        left_over = pid_file.read_text()
    lines = left_over.split("\n")
    pid_file.write_text("\n".join([str(os.getppid()), *lines[1:]]))
    if os.geteuid() == 0:
        owner = pid_file.parent.stat()
        os.chown(pid_file, owner.st_uid, owner.st_gid)
    assert server_pid(data) is None
    with EmbeddedDatabase(data, durable=False) as database:
        assert ask(database.start(), "SELECT count(*) FROM kept") == 1


def test_a_cluster_half_made_when_killed_is_made_again(data: Path) -> None:
    with EmbeddedDatabase(data, durable=False):
        pass
    home = data / "postgres"
    (home / "cluster").rename(home / "cluster.new-killed")
    (home / "cluster.new-killed" / "global").rename(home / "cluster.new-killed" / "half")
    with EmbeddedDatabase(data, durable=False) as database:
        assert ask(database.start(), "SELECT 1") == 1
    assert not list(home.glob("cluster.new-*"))


def test_a_database_missing_after_a_kill_is_made_at_the_next_start(data: Path) -> None:
    with EmbeddedDatabase(data, durable=False):
        with psycopg.connect(database_url(data, database="template1"), autocommit=True) as connection:
            connection.execute("DROP DATABASE rapport")
        with EmbeddedDatabase(data, durable=False) as second:
            assert ask(second.start(), "SELECT current_database()") == "rapport"


def test_a_folder_that_is_no_cluster_is_left_alone(data: Path) -> None:
    precious = data / "postgres" / "cluster" / "precious"
    precious.parent.mkdir(parents=True)
    precious.write_text("mine")
    with pytest.raises(DatabaseTrouble, match="is not a PostgreSQL data folder"):
        EmbeddedDatabase(data, durable=False).start()
    assert precious.read_text() == "mine"


def test_a_cluster_of_another_version_is_refused(data: Path) -> None:
    with EmbeddedDatabase(data, durable=False):
        pass
    version = data / "postgres" / "cluster" / "PG_VERSION"
    version.write_text("16\n")
    with pytest.raises(DatabaseTrouble, match="made by PostgreSQL 16"):
        EmbeddedDatabase(data, durable=False).start()
    assert version.read_text() == "16\n"


def test_two_that_start_at_once_share_one_server(data: Path) -> None:
    both = [hold(data), hold(data)]
    for each in both:
        started(each)
    postmasters = [
        process
        for process in psutil.process_iter(["name", "cmdline"])
        if process.info["name"] == "postgres" and str(data) in " ".join(process.info["cmdline"] or [])
    ]
    assert len(postmasters) == 1
    for each in both:
        leave(each)
    assert server_pid(data) is None


@pytest.mark.parametrize("name", ["d" * LONGEST_SOCKET_PATH, "Duka, la 'Wanjiru' %"])
def test_a_path_no_socket_can_have_gets_a_short_one(data: Path, name: str) -> None:
    folder = data / name
    layout = Layout(folder)
    assert layout.socket_folder.parent == Path("/tmp")
    try:
        with EmbeddedDatabase(folder, durable=False) as database:
            assert ask(database.start(), "SELECT 1") == 1
            assert layout.socket_folder.stat().st_mode & 0o777 == 0o700
    finally:
        shutil.rmtree(layout.socket_folder, ignore_errors=True)


def test_a_socket_folder_that_somebody_else_made_is_refused(data: Path) -> None:
    folder = data / ("d" * LONGEST_SOCKET_PATH)
    trap = Layout(folder).socket_folder
    trap.symlink_to(data)
    try:
        with pytest.raises(DatabaseTrouble, match="belongs to another account"):
            EmbeddedDatabase(folder, durable=False).start()
    finally:
        trap.unlink()
    assert not (folder / "postgres" / "cluster").exists()


def test_the_address_is_known_before_the_server_runs(data: Path) -> None:
    address = database_url(data)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address)
    with EmbeddedDatabase(data, durable=False) as database:
        assert database.start() == address


def test_an_access_control_entry_adds_only_the_right_to_pass() -> None:
    made = acl_with_pass(b"", mode=0o700, uid=101)
    # version 2, then owner rwx, u:101 --x, group ---, mask --x, others ---
    assert made.hex(" ", 8) == bytes.fromhex(
        "0200000001000700ffffffff020001006500000004000000ffffffff10000100ffffffff20000000ffffffff"
    ).hex(" ", 8)
    assert acl_with_pass(made, mode=0o710, uid=101) == made


@pytest.mark.skipif(os.geteuid() != 0 or not hasattr(os, "getxattr"), reason="needs root on Linux")
def test_root_opens_a_closed_folder_to_one_account_only(data: Path) -> None:
    closed = data / "closed"
    closed.mkdir(mode=0o700)
    said: list[str] = []
    with EmbeddedDatabase(closed / "var", durable=False, say=said.append) as database:
        assert ask(database.start(), "SELECT 1") == 1
    assert os.getxattr(closed, ACL_ATTRIBUTE)
    assert closed.stat().st_mode & 0o007 == 0
    assert all("may now pass through" in line for line in said)
    assert (closed / "var" / "postgres").stat().st_uid != 0
    with EmbeddedDatabase(closed / "var", durable=False, say=said.append):
        pass
    assert len(said) == len({*said})


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_account_runs_its_own_server(data: Path) -> None:
    data.chmod(0o755)
    own = data / "own"
    own.mkdir()
    os.chown(own, 65534, 65534)
    code = (
        "import sys; from pathlib import Path; from rapport.config.embedded import *;"
        "d = Path(sys.argv[1]);\nwith EmbeddedDatabase(d, durable=False): print(server_pid(d) is not None)"
    )
    base = Path(sys.base_prefix)
    if base.is_relative_to("/root"):
        pytest.skip("this Python lies in root's home")
    done = subprocess.run(
        [sys.executable, "-c", code, str(own)],
        user=65534,
        group=65534,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    assert done.stdout == "True\n", done.stderr
    assert (own / "postgres").stat().st_uid == 65534
