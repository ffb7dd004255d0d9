"""One server per data folder: the lock, and the note in it about who holds it."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from rapport.config.locks import close_lock, lock_alone, lock_shared, open_lock
from rapport.config.secret_files import private_folder
from rapport.config.trouble import Trouble

NAME = "server.lock"
PROBE_SECONDS = 0.3  # `holder` takes the lock for an instant to see whether it is free


class DataFolderInUse(Trouble):
    """Another Rapport works on this data folder."""


@dataclass(frozen=True)
class Holder:
    """The process that holds, or held, a data folder."""

    pid: int
    what: str


@dataclass(frozen=True)
class DataLock:
    """Held for as long as the process serves. ``unclean`` tells that the one before was killed."""

    unclean: bool


@contextlib.contextmanager
def data_lock(data_dir: Path, *, what: str) -> Iterator[DataLock]:
    """Hold ``data_dir`` alone. ``what`` is told to those who come second, such as the address served.

    Raises ``DataFolderInUse`` with one line.
    """
    handle = _open(data_dir)
    try:
        _take(handle, data_dir)
        unclean = _read(handle) is not None
        _write(handle, json.dumps(asdict(Holder(pid=os.getpid(), what=what))))
        try:
            yield DataLock(unclean=unclean)
        finally:
            _write(handle, "")
    finally:
        close_lock(handle)


def _take(handle: int, data_dir: Path) -> None:
    deadline = time.monotonic() + PROBE_SECONDS
    while not lock_alone(handle):
        if time.monotonic() > deadline:
            raise DataFolderInUse(_in_use(data_dir, _read(handle)))
        time.sleep(0.02)


def _open(data_dir: Path) -> int:
    try:
        return open_lock(private_folder(data_dir) / NAME)
    except OSError as error:
        raise Trouble(f"{error.filename or data_dir}: {error.strerror}") from error


def _in_use(data_dir: Path, holder: Holder | None) -> str:
    who = f"{holder.what}, process {holder.pid}" if holder else "starting or stopping"
    return f"another Rapport uses the data folder {data_dir} ({who}); end it with: rapport stop"


def _read(handle: int) -> Holder | None:
    text = os.pread(handle, 10_000, 0).decode("utf-8", "replace")
    try:
        return Holder(**json.loads(text)) if text else None
    except (ValueError, TypeError):
        return Holder(pid=0, what="unknown")


def _write(handle: int, text: str) -> None:
    os.ftruncate(handle, 0)
    os.pwrite(handle, text.encode(), 0)


def holder(data_dir: Path) -> Holder | None:
    """Who holds ``data_dir`` now; None when nobody does."""
    path = data_dir / NAME
    if not path.exists():
        return None
    handle = _open(data_dir)
    try:
        if lock_shared(handle):
            return None
        return _read(handle) or Holder(pid=0, what="starting or stopping")
    finally:
        close_lock(handle)


def wait_until_free(data_dir: Path, *, seconds: float) -> bool:
    """Whether ``data_dir`` was let go within ``seconds``."""
    deadline = time.monotonic() + seconds
    while holder(data_dir) is not None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
