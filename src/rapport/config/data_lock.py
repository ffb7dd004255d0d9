"""One server per data folder: the lock, and the note in it about who holds it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from rapport.config.secret_files import private_folder
from rapport.config.trouble import Trouble

NAME = "server.lock"


class DataFolderInUse(Trouble):
    """Another Rapport works on this data folder."""


@dataclass(frozen=True)
class Holder:
    """The process that holds, or held, a data folder."""

    pid: int
    what: str


class DataLock:
    """Held for as long as the process serves. ``unclean`` tells that the one before was killed."""

    def __init__(self, handle: int, *, unclean: bool) -> None:
        self._handle = handle
        self.unclean = unclean

    def forget(self) -> None:
        """Close this process's copy after a fork; the lock stays with the parent."""
        with contextlib.suppress(OSError):
            os.close(self._handle)


@contextlib.contextmanager
def data_lock(data_dir: Path, *, what: str) -> Iterator[DataLock]:
    """Hold ``data_dir`` alone. ``what`` is told to those who come second, such as the address served.

    Raises ``DataFolderInUse`` with one line.
    """
    handle = _open(data_dir)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DataFolderInUse(_in_use(data_dir, _read(handle))) from None
        unclean = _read(handle) is not None
        _write(handle, json.dumps(asdict(Holder(pid=os.getpid(), what=what))))
        yield DataLock(handle, unclean=unclean)
        _write(handle, "")
    finally:
        os.close(handle)


def _open(data_dir: Path) -> int:
    try:
        return os.open(private_folder(data_dir) / NAME, os.O_RDWR | os.O_CREAT, 0o600)
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
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read(handle) or Holder(pid=0, what="starting or stopping")
    else:
        return None
    finally:
        os.close(handle)


def wait_until_free(data_dir: Path, *, seconds: float) -> bool:
    """Whether ``data_dir`` was let go within ``seconds``."""
    deadline = time.monotonic() + seconds
    while holder(data_dir) is not None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
