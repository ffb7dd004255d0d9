"""pytest plugin: the database of a test run, and the environment that Django's settings are read from.

It is named with ``-p`` in pyproject.toml, because pytest-django reads the settings before any conftest is
loaded. The first process of a run starts one embedded server in a temporary folder of its own; xdist's
workers inherit the environment and share it. ``RAPPORT_TEST_DATABASE_URL`` names another server instead.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from rapport.config.embedded import EmbeddedDatabase, stop_server
from rapport.config.locks import close_lock, lock_alone, open_lock
from rapport.config.trouble import Trouble

OWNER = "RAPPORT_TEST_RUN"
PREFIX = "rapport-tests-"
RUN_LOCK = "run.lock"


def _forget_installation() -> None:
    """Settings of the person who runs the tests must not change what the tests see."""
    for name in [name for name in os.environ if name.startswith("RAPPORT_") or name == "PORT"]:
        if name not in {"RAPPORT_TEST_DATABASE_URL", "RAPPORT_CHROMIUM"}:
            del os.environ[name]


def _remove_killed_runs() -> None:
    """A run that was killed leaves its folder and its server; nobody holds its lock any more."""
    for lock in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{RUN_LOCK}"):
        handle = open_lock(lock)
        try:
            if lock_alone(handle):
                for pid_file in lock.parent.rglob("postgres/cluster/postmaster.pid"):
                    with contextlib.suppress(Trouble):  # another run is removing it as well
                        stop_server(pid_file.parents[2])
                shutil.rmtree(lock.parent, ignore_errors=True)
        finally:
            close_lock(handle)


def _prepare_environment() -> None:
    _forget_installation()
    with contextlib.suppress(Trouble, OSError):  # those of another account
        _remove_killed_runs()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    lock_alone(open_lock(folder / RUN_LOCK))  # held until this process ends
    os.environ["RAPPORT_DATA_DIR"] = str(folder)
    os.environ["RAPPORT_CONFIG"] = str(folder / "rapport.toml")
    os.environ["RAPPORT_DEBUG"] = "true"
    os.environ["RAPPORT_INLINE_WORKER"] = "false"
    os.environ["RAPPORT_LOG_LEVEL"] = "warning"
    external = os.environ.get("RAPPORT_TEST_DATABASE_URL")
    if external:
        os.environ["RAPPORT_DATABASE_URL"] = external
    os.environ[OWNER] = str(os.getpid())


if OWNER not in os.environ:
    _prepare_environment()


def _is_first_process() -> bool:
    return os.environ[OWNER] == str(os.getpid())


@pytest.hookimpl(wrapper=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, object, object]:
    """The server lives from before collection until after the last report of the first process."""
    folder = Path(os.environ["RAPPORT_DATA_DIR"])
    database = EmbeddedDatabase(folder, durable=False)
    try:
        if _needs_server(config):
            database.start()
        return (yield)
    finally:
        database.leave()
        if _is_first_process():
            shutil.rmtree(folder, ignore_errors=True)


def _needs_server(config: pytest.Config) -> bool:
    return (
        _is_first_process()
        and "RAPPORT_DATABASE_URL" not in os.environ
        and not config.option.help
        and not config.option.collectonly
    )
