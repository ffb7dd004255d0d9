"""`rapport serve`: everything from an empty data folder to answered requests, in one command."""

from __future__ import annotations

import contextlib
import importlib
import os
import resource
import signal
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from rapport.config.data_lock import data_lock
from rapport.config.options import Options, unknown_variables
from rapport.config.ports import refuse_taken_port
from rapport.config.running import database_running, prepare_django, refuse_full_disk
from rapport.config.trouble import Trouble

TARGET = "rapport.config.asgi:application"
KILL_SECONDS = 2  # open live streams would keep a worker from stopping for ever
ORPHAN_SECONDS = KILL_SECONDS + 3.0  # how long the workers of a killed server may keep the port
WATCH_PARENT_SECONDS = 0.5
ANNOUNCE_SECONDS = 60.0
OPEN_FILES = 65_536

Say = Callable[[str], None]


def serve(options: Options, *, say: Say) -> None:
    """Serve until SIGTERM or SIGINT. Raises ``Trouble`` with one line when it cannot."""
    with data_lock(options.data_dir, what=options.public_url) as lock:
        wait = ORPHAN_SECONDS if lock.unclean else 0.0
        refuse_taken_port(options.host, options.port, wait_seconds=wait)
        refuse_full_disk(options.data_dir)
        for name in unknown_variables():
            say(f"{name} is not a setting of Rapport; see: rapport settings")
        with database_running(options, say=say) as address:
            link = _prepare(address, say=say)
            _run_web_processes(options, announce=partial(_announce, options, link, say))


def _prepare(address: str, *, say: Say) -> str | None:
    """Bring tables and static files up to date; the owner link's path when nobody owns a workspace yet."""
    prepare_django()
    from django.db import connections
    from django.db.backends.postgresql.base import DatabaseWrapper

    from rapport.accounts.actions import owner_link, sync_built_in_roles
    from rapport.config.schema import bring_up_to_date, missing_migrations
    from rapport.config.static_assets import gather_static_files

    if missing_migrations(address):
        say("preparing the database …")
        bring_up_to_date(address)
    gather_static_files()
    sync_built_in_roles()  # an upgrade may bring permissions that roles do not know yet
    link = owner_link()
    _application(TARGET)  # an error here is told once; in the web processes it would be a crash loop
    # The web processes are forked from this one: no connection and no pool thread may cross.
    connection = connections["default"]
    connection.close()
    if isinstance(connection, DatabaseWrapper):
        connection.close_pool()
    return link


def _application(target: str) -> Any:
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name)


def _announce(options: Options, link: str | None, say: Say) -> None:
    """Say where Rapport is once it answers."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(options.host, options.host)  # noqa: S104
    deadline = time.monotonic() + ANNOUNCE_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection((host, options.port), timeout=1.0):
            say(f"Rapport runs on {options.public_url}  (Ctrl-C ends it)")
            if link:
                say(f"Become its owner here, once: {options.public_url}{link}")
            return
        time.sleep(0.05)


def _run_web_processes(options: Options, *, announce: Callable[[], None]) -> None:
    """One supervised granian process, or more. (Its server inside this very process is experimental and
    ends with an error when streams are open.)"""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import MPServer

    _allow_many_streams()
    server = MPServer(
        TARGET,
        address=options.host,
        port=options.port,
        interface=Interfaces.ASGI,
        workers=options.web_processes,
        log_level=LogLevels.info if options.debug else LogLevels.warning,
        workers_kill_timeout=KILL_SECONDS,
        respawn_failed_workers=True,
    )
    server.on_startup(threading.Thread(target=announce, daemon=True).start)
    try:
        server.serve(target_loader=partial(_load, os.getpid()), wrap_loader=True)
    except (OSError, RuntimeError) as error:
        raise Trouble(f"cannot serve on {options.host}:{options.port}: {error}") from error


def _allow_many_streams() -> None:
    """Each live stream is an open file, and most systems let a process have 1,024 unless it asks for more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):  # a system may have a lower limit than it admits
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _load(parent: int, target: str) -> Any:
    """Runs in each web process before it serves."""
    threading.Thread(target=_end_with, args=(parent,), name="watch-parent", daemon=True).start()
    return _application(target)


def _end_with(parent: int) -> None:
    """A web process whose supervisor was killed must not keep the port."""
    while os.getppid() == parent:
        time.sleep(WATCH_PARENT_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(KILL_SECONDS)
    os._exit(1)
