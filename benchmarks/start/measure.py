"""Clones the committed state, runs ``make serve`` in it as a newcomer does, and stops and starts it again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from benchmarks.figures import machine, spread, table
from benchmarks.installation import Installation, free_port, temporary

ROOT = Path(__file__).resolve().parents[2]


def main(*, times: int) -> None:
    print(f"starting; {machine()}")
    with temporary() as here:
        clone = here.folder / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        cold = _started(here, "make", "-C", str(clone), "serve")
        warm = [_started(here, "make", "-C", str(clone), "serve") for _ in range(times)]
        killed = [_started(here, "make", "-C", str(clone), "serve", kill=True) for _ in range(times)][1:]
        bare = [_started(here, *_bare(here), PYTHONPATH=str(ROOT)) for _ in range(times)]
    floor = spread(bare)
    rows = [("fresh clone, nothing made yet", cold, cold, 1, f"{cold / floor.p50:.0f}x")]
    for name, values in (
        ("again", warm),
        ("again after SIGKILL", killed),
        ("bare server, hello world", bare),
    ):
        found = spread(values)
        rows.append((name, found.p50, found.most, found.n, f"{found.p50 / floor.p50:.1f}x"))
    print()
    print(table(("make serve until the first page", "median s", "slowest s", "n", "ratio"), rows))
    print(f"after the run: {machine()}")


def _started(here: Installation, *command: str, kill: bool = False, **variables: str) -> float:
    """Seconds until the first page; the server is gone afterwards."""
    seconds = here.serve(*command, **variables)
    if kill:
        os.killpg(here.processes()[0].pid, signal.SIGKILL)
    here.stop()
    here.port = free_port()
    return seconds


def _bare(here: Installation) -> tuple[str, ...]:
    granian = str(Path(sys.executable).parent / "granian")
    return (granian, "--interface", "asgi", "--port", str(here.port), "--no-access-log", "--log-level", "warning",
            "benchmarks.start.hello:application")  # fmt: skip
