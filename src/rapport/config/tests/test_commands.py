"""The command line as a whole: help, errors and its reference."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from rapport.config.cli import explain, rapport
from rapport.config.commands import ALL
from rapport.config.trouble import Trouble

ROOT = Path(__file__).parents[4]


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RAPPORT_")}
    return subprocess.run(
        [sys.executable, "-m", "rapport.config", *arguments],
        env={**environment, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("command", [command.name for command in ALL])
def test_the_reference_names_every_command(command: str) -> None:
    assert f"## `rapport {command}`" in (ROOT / "docs" / "reference" / "cli.md").read_text()


def test_help_names_every_command_that_is_not_hidden() -> None:
    shown = rapport.get_help(click.Context(rapport))
    for command in ALL:
        assert (f"\n  {command.name} " in shown) is not command.hidden


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, rapport.config.cli; "
        "print([name for name in ('django', 'psycopg', 'pydantic', 'rich', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_an_unknown_command_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    done = run("sreve", RAPPORT_DATA_DIR=str(tmp_path / "var"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("rapport: No such command 'sreve'.")
    assert done.stderr.endswith("see: rapport --help\n")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "var").exists()


def test_a_bad_setting_is_one_line_and_changes_nothing(tmp_path: Path) -> None:
    done = run("serve", RAPPORT_DATA_DIR=str(tmp_path / "var"), PORT="many")
    assert done.returncode == 2
    assert done.stderr.startswith("rapport: PORT: Input should be a valid integer")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "var").exists()


def test_in_developers_mode_the_traceback_is_shown(tmp_path: Path) -> None:
    done = run("serve", RAPPORT_DATA_DIR=str(tmp_path / "var"), PORT="many", RAPPORT_DEBUG="true")
    assert "Traceback" in done.stderr


def test_settings_are_printed_whole_into_a_pipe(tmp_path: Path) -> None:
    done = run("settings", RAPPORT_DATA_DIR=str(tmp_path / "var"), PORT="8123")
    assert done.returncode == 0
    assert "8123" in done.stdout
    assert "RAPPORT_DATABASE_URL" in done.stdout


def test_an_external_database_that_does_not_answer_is_one_line_without_its_password(tmp_path: Path) -> None:
    done = run(
        "worker",
        RAPPORT_DATA_DIR=str(tmp_path / "var"),
        RAPPORT_DATABASE_URL="postgresql://duka:jambo@127.0.0.1:1/shop",
    )
    assert done.returncode == 2
    assert done.stderr.startswith("rapport: the database at 127.0.0.1:1/shop cannot be reached")
    assert done.stderr.count("\n") == 1
    assert "jambo" not in done.stderr


def test_a_full_disk_is_named_wherever_it_comes_from() -> None:
    error = RuntimeError("while writing")
    error.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    assert explain(error) == "the disk is full"


def test_an_error_is_told_in_one_line() -> None:
    assert explain(Trouble("two\n lines")) == "two lines"
    assert "\n" not in explain(ValueError("two\nlines"))
    assert explain(FileNotFoundError(errno.ENOENT, "No such file", "a.tar.gz")) == "a.tar.gz: No such file"
