"""A temporary installation of Rapport: its own data folder, embedded database and server, gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO

import httpx
import psutil

ANSWER_SECONDS = 120.0


class Installation:
    """One data folder. ``prepare`` makes this very process a part of it, ``serve`` runs its server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data_dir = folder / "var"
        self.port = free_port()
        self.log = folder / "server.log"
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self, **variables: str) -> dict[str, str]:
        """The environment of a process of this installation: none of the settings of whoever measures."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RAPPORT_")}
        return {
            **kept,
            "RAPPORT_CONFIG": os.devnull,
            "RAPPORT_DATA_DIR": str(self.data_dir),
            "RAPPORT_LOG_LEVEL": "warning",
            "PORT": str(self.port),
            **variables,
        }

    @contextmanager
    def prepared(self, **variables: str) -> Iterator[str]:
        """Start the database, bring its tables up to date and set Django up here; yields the address."""
        os.environ.update(self.environment(**variables))
        from rapport.config.embedded import EmbeddedDatabase
        from rapport.config.running import prepare_django

        with EmbeddedDatabase(self.data_dir) as database:
            address = database.start()
            prepare_django()
            from django.db import connections

            from rapport.config.schema import bring_up_to_date

            bring_up_to_date(address)
            try:
                yield address
            finally:
                connections.close_all()
                connections["default"].close_pool()  # type: ignore[attr-defined]

    @contextmanager
    def serving(self, *command: str, **variables: str) -> Iterator[None]:
        """``rapport serve`` (or another server of ``PORT``) until the block ends."""
        self.serve(*command, **variables)
        try:
            yield
        finally:
            self.stop()

    def serve(self, *command: str, **variables: str) -> float:
        """Start the server; the seconds until its first page was answered."""
        arguments = command or (sys.executable, "-m", "rapport.config", "serve")
        begun = time.perf_counter()
        with self.log.open("ab") as log:
            self._server = _started(arguments, self.environment(**variables), log)
        try:
            wait_for_answer(f"{self.base}/", self._server, self.log)
        except BaseException:
            self.stop()
            raise
        return time.perf_counter() - begun

    def stop(self) -> None:
        server, self._server = self._server, None
        if server is None:
            return
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
            server.wait()

    def processes(self) -> list[psutil.Process]:
        """The server's supervisor and its web processes, the supervisor first."""
        assert self._server is not None
        first = psutil.Process(self._server.pid)
        return [first, *first.children(recursive=True)]

    def database_processes(self) -> list[psutil.Process]:
        from rapport.config.embedded import server_pid

        pid = server_pid(self.data_dir)
        if pid is None:
            return []
        first = psutil.Process(pid)
        return [first, *first.children(recursive=True)]


def _started(
    arguments: tuple[str, ...], environment: dict[str, str], log: IO[bytes]
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        arguments, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
    )


def wait_for_answer(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return when ``url`` is answered below 500; raise with the server's words when it ends or stays mute."""
    deadline = time.monotonic() + ANSWER_SECONDS
    with httpx.Client(timeout=5, trust_env=False) as client:
        while time.monotonic() < deadline:
            if server.poll() is not None:
                break
            with suppress(httpx.TransportError):
                if client.get(url).status_code < 500:
                    return
            time.sleep(0.02)
    raise RuntimeError(f"no answer from {url}:\n{log.read_text(errors='replace')[-2000:]}")


@contextmanager
def temporary(keep: Path | None = None) -> Iterator[Installation]:
    """A new installation that is removed at the end; with ``keep`` it stays there and may be used again."""
    folder = keep or Path(tempfile.mkdtemp(prefix="rapport-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield Installation(folder)
    finally:
        if keep is None:
            shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu_seconds(processes: list[psutil.Process]) -> float:
    """CPU time that the processes have used so far, in the kernel's ticks of a hundredth of a second."""
    spent = 0.0
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            spent += times.user + times.system
    return spent


def pss_bytes(processes: list[psutil.Process]) -> int:
    """Proportional set size: memory of the processes, pages shared with others counted in part."""
    return sum(process.memory_full_info().pss for process in processes)
