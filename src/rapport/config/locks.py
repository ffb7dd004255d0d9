"""Locks on files that die with their process, also by SIGKILL, and are never shared with forked children."""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path

from rapport.config.trouble import Trouble

_open_here: set[int] = set()


def open_lock(path: Path) -> int:
    """Open (and make) the lock file ``path``. Raises ``Trouble`` when that is not possible."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Trouble(f"{path}: {error.strerror}") from error
    _open_here.add(handle)
    return handle


def lock_alone(handle: int) -> bool:
    """Whether the lock could be had alone, now."""
    return _lock(handle, fcntl.LOCK_EX)


def lock_shared(handle: int) -> bool:
    """Whether the lock could be had together with others, now."""
    return _lock(handle, fcntl.LOCK_SH)


def _lock(handle: int, kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def close_lock(handle: int) -> None:
    """Let go of the lock."""
    _open_here.discard(handle)
    os.close(handle)


def _forget_in_child() -> None:
    """A forked child would keep the parent's locks alive after the parent is gone."""
    for handle in _open_here:
        with contextlib.suppress(OSError):
            os.close(handle)
    _open_here.clear()


os.register_at_fork(after_in_child=_forget_in_child)
