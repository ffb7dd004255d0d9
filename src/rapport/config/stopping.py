"""`rapport stop`: end the server of a data folder, and a database that outlived its server."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from rapport.config.data_lock import Holder, holder, wait_until_free
from rapport.config.embedded import server_in_use, server_pid, stop_server
from rapport.config.trouble import Trouble

STOP_SECONDS = 30.0


def stop(data_dir: Path) -> list[str]:
    """What was done, one line each. Raises ``Trouble`` when something runs on and cannot be stopped."""
    done: list[str] = []
    found = holder(data_dir)
    if found is not None:
        _stop_server(found, data_dir)
        done.append(f"stopped the server ({found.what}, process {found.pid})")
    orphan = server_pid(data_dir)
    if orphan is not None:
        if server_in_use(data_dir):
            done.append(f"the database (process {orphan}) runs on: another Rapport process uses it")
        elif stop_server(data_dir):
            done.append(f"stopped the database that had outlived its server (process {orphan})")
    return done or [f"nothing runs on {data_dir}"]


def _stop_server(found: Holder, data_dir: Path) -> None:
    if found.pid <= 0:
        raise Trouble(f"a Rapport on {data_dir} is {found.what}; try again in a moment")
    try:
        os.kill(found.pid, signal.SIGTERM)
    except ProcessLookupError:
        raise Trouble(
            f"{data_dir} is held by process {found.pid}, which cannot be seen from here (another container?)"
        ) from None
    except PermissionError:
        raise Trouble(f"process {found.pid} belongs to another account; stop it as that one") from None
    if not wait_until_free(data_dir, seconds=STOP_SECONDS):
        raise Trouble(
            f"process {found.pid} does not end; if it must: kill -9 {found.pid}, nothing saved is lost"
        )
