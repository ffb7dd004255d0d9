"""One PostgreSQL server process of one data folder: initialise, start, attach, stop.

Callers hold the decisions lock of ``rapport.config.embedded``.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg

from rapport.config.postgres_account import Account, account_for, make_reachable, may
from rapport.config.postgres_layout import (
    DATABASE,
    MAJOR_VERSION,
    PORT,
    ROLE,
    Layout,
    configuration_text,
    database_url,
    wheel_programs,
)
from rapport.config.secret_files import flush_folder, secret_files
from rapport.config.trouble import Trouble

START_SECONDS = 180  # crash recovery of a large database takes its time
STOP_SECONDS = 60
BIGGEST_LOG_BYTES = 5 * 1024 * 1024


class DatabaseTrouble(Trouble):
    """The embedded database cannot be made, started, reached or stopped."""


def ensure_running(layout: Layout, *, durable: bool, say: Callable[[str], None]) -> None:
    """Make the cluster if there is none and start its server if it does not run."""
    try:
        account = account_for(layout.home)
        _prepare_home(layout, account, say=say)
        programs = _programs(layout, account)
        if not (layout.cluster / "PG_VERSION").exists():
            _initialise(layout, account, programs, durable=durable)
        _check_cluster(layout, account)
        if not _attached(layout):
            _start(layout, account, programs, durable=durable)
    except OSError as error:
        raise DatabaseTrouble(f"{error.filename or layout.home}: {error.strerror}") from error


def _prepare_home(layout: Layout, account: Account | None, *, say: Callable[[str], None]) -> None:
    for folder in (layout.home, layout.socket_folder):
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            _refuse_strange_owner(folder, account)
        if account is not None:
            os.chown(folder, account.uid, account.gid)
    if account is not None:
        make_reachable(layout.home, account, say=say)


def _refuse_strange_owner(folder: Path, account: Account | None) -> None:
    """Someone else's folder (in /tmp anybody can make one) must not become the place of our socket."""
    owner = folder.lstat().st_uid
    ours = {os.geteuid(), account.uid if account else os.geteuid()}
    if owner not in ours or folder.is_symlink():
        raise DatabaseTrouble(
            f"{folder} belongs to another account (uid {owner}); use that one or another RAPPORT_DATA_DIR"
        )


def _programs(layout: Layout, account: Account | None) -> Path:
    """The folder of ``initdb``, ``pg_ctl`` and ``postgres``.

    When we are root and the wheel lies where the account cannot read, a private copy serves: that widens
    nothing.
    """
    wheel = wheel_programs()
    if account is None or (
        may(account, "-x", wheel / "bin" / "postgres")
        and may(account, "-r", wheel / "share" / "postgresql" / "postgres.bki")
    ):
        return wheel / "bin"
    size = (wheel / "bin" / "postgres").stat()
    copy = layout.home / f"install-{size.st_size}-{int(size.st_mtime)}"
    if not copy.exists():
        for old in layout.home.glob("install-*"):
            shutil.rmtree(old, ignore_errors=True)
        making = layout.home / f"install.new-{secrets.token_hex(4)}"
        shutil.copytree(wheel, making, symlinks=True, ignore=shutil.ignore_patterns("include"))
        _give(making, account)
        making.rename(copy)
    return copy / "bin"


def _give(folder: Path, account: Account) -> None:
    for parent, _, names in os.walk(folder):
        os.chown(parent, account.uid, account.gid)
        for name in names:
            os.chown(os.path.join(parent, name), account.uid, account.gid, follow_symlinks=False)


def _initialise(layout: Layout, account: Account | None, programs: Path, *, durable: bool) -> None:
    """Run initdb into a temporary folder and rename it, so that a cluster is whole or not there."""
    for leftover in layout.home.glob("cluster.new-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    if layout.cluster.exists():
        raise DatabaseTrouble(
            f"{layout.cluster} is not a PostgreSQL data folder; move it away or restore a backup"
        )
    making = layout.home / f"cluster.new-{secrets.token_hex(4)}"
    password_file = layout.home / f"{making.name}.password"
    try:
        password_file.touch(mode=0o600)
        password_file.write_text(secret_files(layout.data_dir).postgres_password + "\n")
        if account is not None:
            os.chown(password_file, account.uid, account.gid)
        arguments = [
            "--pgdata", str(making),
            "--username", ROLE,
            "--pwfile", str(password_file),
            "--auth-local", "scram-sha-256",
            "--auth-host", "scram-sha-256",
            "--encoding", "UTF8",
            "--locale", "C",
            "--locale-provider", "builtin",
            "--builtin-locale", "C.UTF-8",
            "--data-checksums",
            "--no-instructions",
        ]  # fmt: skip
        done = _run(account, [str(programs / "initdb"), *arguments, *([] if durable else ["--no-sync"])])
        if done.returncode != 0:
            raise DatabaseTrouble(f"initdb failed: {_reason(done.stdout)}")
        with (making / "postgresql.conf").open("a") as configuration:
            configuration.write(
                "\n# Rapport's settings, written anew at every start.\ninclude '../rapport.conf'\n"
            )
        making.rename(layout.cluster)
        flush_folder(layout.home)
    finally:
        password_file.unlink(missing_ok=True)
        shutil.rmtree(making, ignore_errors=True)


def _check_cluster(layout: Layout, account: Account | None) -> None:
    version = (layout.cluster / "PG_VERSION").read_text().strip()
    if version != MAJOR_VERSION:
        raise DatabaseTrouble(
            f"{layout.cluster} was made by PostgreSQL {version}, this Rapport brings {MAJOR_VERSION}: "
            "back up with the older Rapport and restore with this one"
        )
    if account is not None and layout.cluster.stat().st_uid == 0:
        _give(layout.cluster, account)  # copied by root without keeping owners


def _attached(layout: Layout) -> bool:
    """Whether a server already runs and answers; waits for one that is starting up or shutting down."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if _answers(layout):
            return True
        if running_pid(layout) is None:
            return False
        time.sleep(0.05)
    raise DatabaseTrouble(
        f"the PostgreSQL server of {layout.cluster} runs but does not answer; see {layout.log}"
    )


def _answers(layout: Layout) -> bool:
    try:
        psycopg.connect(database_url(layout.data_dir), connect_timeout=5).close()
    except psycopg.OperationalError as error:
        return f'database "{DATABASE}" does not exist' in str(error)
    return True


def running_pid(layout: Layout) -> int | None:
    """The server's process id, from its pid file, if that process is this cluster's server."""
    try:
        pid = int(layout.pid_file.read_text().split("\n", 1)[0])
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    except OSError as error:
        raise DatabaseTrouble(f"{layout.pid_file}: {error.strerror}") from error
    return pid if _is_our_server(pid, layout) else None


def _is_our_server(pid: int, layout: Layout) -> bool:
    """After a crash another program may have got the number: then the file is stale. In doubt it is ours,
    because a second server on one cluster destroys it."""
    try:
        process = psutil.Process(pid)
        if not process.name().startswith("postgres") or process.status() == psutil.STATUS_ZOMBIE:
            return False
        return Path(process.cwd()).resolve() == layout.cluster.resolve()
    except psutil.NoSuchProcess:
        return False
    except (psutil.AccessDenied, OSError):
        return True


def _start(layout: Layout, account: Account | None, programs: Path, *, durable: bool) -> None:
    _disown_reused_pid(layout)
    _write_configuration(layout, account, durable=durable)
    _turn_log(layout)
    deadline = time.monotonic() + START_SECONDS
    while True:
        seen = layout.log.stat().st_size if layout.log.exists() else 0
        done = _pg_ctl(
            layout, account, programs, "start", "--log", str(layout.log), "--timeout", str(START_SECONDS)
        )
        if done.returncode == 0:
            return
        log = _since(layout.log, seen)
        # Children of a server that was killed hold its memory for a moment longer.
        if "pre-existing shared memory block" not in log or time.monotonic() > deadline:
            raise DatabaseTrouble(f"the embedded database does not start: {_reason(log or done.stdout)}")
        time.sleep(0.1)


def _disown_reused_pid(layout: Layout) -> None:
    """PostgreSQL refuses to start while the process named in a left-over lock file lives, even if it is
    another program by now, or dead and not yet buried by its parent. Of the pid file the rest must stay,
    because it leads to the old server's shared memory; so both files get our own number, which PostgreSQL
    ignores, being started by us (CreateLockFile in miscinit.c)."""
    for lock_file in (layout.pid_file, layout.socket_folder / f".s.PGSQL.{PORT}.lock"):
        try:
            _, *rest = lock_file.read_text().split("\n")
        except FileNotFoundError:
            continue
        lock_file.write_text("\n".join([str(os.getpid()), *rest]))


def _write_configuration(layout: Layout, account: Account | None, *, durable: bool) -> None:
    text = configuration_text(layout, durable=durable)
    if layout.configuration.exists() and layout.configuration.read_text() == text:
        return
    temporary = layout.configuration.with_name(f"rapport.conf.{secrets.token_hex(4)}")
    temporary.write_text(text)
    temporary.chmod(0o600)
    if account is not None:
        os.chown(temporary, account.uid, account.gid)
    temporary.replace(layout.configuration)


def _turn_log(layout: Layout) -> None:
    if layout.log.exists() and layout.log.stat().st_size > BIGGEST_LOG_BYTES:
        layout.log.replace(layout.log.with_name("log.1"))


def ensure_stopped(layout: Layout) -> None:
    """Stop the server if it runs: open transactions are rolled back, nothing committed is lost."""
    if running_pid(layout) is None:
        return
    account = account_for(layout.home)
    done = _pg_ctl(
        layout, account, _programs(layout, account), "stop", "--mode", "fast", "--timeout", str(STOP_SECONDS)
    )
    if done.returncode != 0 and running_pid(layout) is not None:
        raise DatabaseTrouble(f"the embedded database does not stop: {_reason(done.stdout)}")


def _pg_ctl(
    layout: Layout, account: Account | None, programs: Path, verb: str, *arguments: str
) -> subprocess.CompletedProcess[str]:
    return _run(
        account,
        [str(programs / "pg_ctl"), verb, "--pgdata", str(layout.cluster), "--wait", "--silent", *arguments],
    )


def _run(account: Account | None, command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a program of PostgreSQL in a plain environment; what it says on either stream is in ``stdout``."""
    return subprocess.run(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
        cwd="/",
        umask=0o077,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def _since(log: Path, position: int) -> str:
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(position)
        return file.read().decode("utf-8", "replace")


def _reason(output: str) -> str:
    """The line of PostgreSQL's output that names the cause."""
    if "No space left on device" in output:
        return "the disk is full"
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    for mark in ("PANIC:", "FATAL:", "ERROR:", "error:"):
        for line in lines:
            if mark in line:
                return line.split(mark, 1)[1].strip()
    return lines[-1] if lines else "it gave no reason"


def one_line(error: BaseException) -> str:
    """An error's message without line breaks."""
    return " ".join(str(error).split())
