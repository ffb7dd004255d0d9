"""Progress of long work on a terminal; silence where nobody watches."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

# Called with (what, done, total); ``done`` and ``total`` in any one unit, a total of 0 is not known.
Step = Callable[[str, int, int], None]

QUICK_SECONDS = 2.0
WIDTH_WITHOUT_TERMINAL = 160


def console() -> Console:
    """Standard output; wide when it is not a terminal, so that tables in files and pipes stay whole."""
    return Console() if sys.stdout.isatty() else Console(width=WIDTH_WITHOUT_TERMINAL)


@contextlib.contextmanager
def progress(title: str) -> Iterator[Step]:
    """A bar on stderr for work that takes more than two seconds; gone when the work is done."""
    bar = Progress(
        TextColumn(title),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    task = bar.add_task("", total=None)
    began = time.monotonic()

    def step(what: str, done: int, total: int) -> None:
        if not bar.live.is_started and time.monotonic() - began > QUICK_SECONDS:
            bar.start()
        bar.update(task, description=what, completed=done, total=total or None)

    try:
        yield step
    finally:
        bar.stop()


def no_step(_what: str, _done: int, _total: int) -> None:
    """Nobody watches."""
