"""A real server on a data folder of its own, which can be killed at any moment."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

from rapport.config.embedded import database_url, server_pid
from rapport.config.tests.scratch_databases import environment
from rapport.config.trouble import Trouble

ROOT = Path(__file__).resolve().parents[2]
UP_SECONDS = 60.0


class Server:
    """``rapport serve`` in a process group of its own."""

    def __init__(self, data_dir: Path, port: int) -> None:
        self.data_dir = data_dir
        self.port = port
        self.log = data_dir.parent / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> str:
        return database_url(self.data_dir)

    def open_shop(self) -> dict[str, Any]:
        """Make the data folder with two companies; see ``tests.chaos.shop``."""
        done = self.run("-m", "tests.chaos.shop")
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Python with ``arguments`` in this installation, to its end."""
        return subprocess.run(
            [sys.executable, *arguments],
            env=self._environment(),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )

    def start(self) -> None:
        """Start, and return when a page that needs the database is answered."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "rapport.config", "serve"],
                env=self._environment(),
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_until_up()

    def wait_until_up(self) -> None:
        deadline = time.monotonic() + UP_SECONDS
        with httpx.Client(trust_env=False, timeout=5) as browser:
            while time.monotonic() < deadline:
                assert self._process is not None
                if self._process.poll() is not None:
                    break
                with suppress(httpx.TransportError):
                    if browser.get(f"{self.base}/sign-in/login/").status_code < 500:
                        return
        raise AssertionError(self.log.read_text(errors="replace")[-3000:])

    def kill(self, *, database_as_well: bool) -> None:
        """SIGKILL to the supervisor and its web processes at once, and to PostgreSQL where asked for."""
        process, self._process = self._process, None
        assert process is not None
        postgres = server_pid(self.data_dir) if database_as_well else None
        os.killpg(process.pid, signal.SIGKILL)
        if postgres is not None:
            os.kill(postgres, signal.SIGKILL)
        process.wait(10)

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)

    def end(self) -> None:
        """Whatever state a failed test left: no process stays behind."""
        self.stop()
        with suppress(Trouble, OSError):
            if (pid := server_pid(self.data_dir)) is not None:
                os.kill(pid, signal.SIGINT)

    def _environment(self) -> dict[str, str]:
        return environment(
            RAPPORT_DATA_DIR=str(self.data_dir),
            RAPPORT_LOG_LEVEL="warning",
            PORT=str(self.port),
            PYTHONPATH=os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        )
