"""The command `rapport`: thin, and every failure is one line on stderr with exit code 2."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator

import click

from rapport.config.commands import ALL
from rapport.config.trouble import Trouble


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="rapport")
def rapport() -> None:
    """Rapport, a customer experience platform you host yourself.

    Settings are environment variables or lines of rapport.toml: `rapport settings` lists them.
    """


for _command in ALL:
    rapport.add_command(_command)


def main() -> None:
    """The entry point."""
    try:
        sys.exit(rapport.main(standalone_mode=False))
    except (click.exceptions.Abort, KeyboardInterrupt):
        sys.exit(130)
    except click.ClickException as error:
        click.echo(f"rapport: {_one_line(error.format_message())}; see: rapport --help", err=True)
        sys.exit(2)
    except Exception as error:
        if os.environ.get("RAPPORT_DEBUG", "").lower() in {"1", "true", "yes", "on"}:
            raise
        click.echo(f"rapport: {explain(error)}", err=True)
        sys.exit(2)


def explain(error: BaseException) -> str:
    """One line about ``error``."""
    if isinstance(error, Trouble):
        return _one_line(str(error))
    if any(isinstance(cause, OSError) and cause.errno == errno.ENOSPC for cause in _causes(error)):
        return "the disk is full"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    name = type(error).__name__
    return f"{name}: {_one_line(str(error)) or 'no details'}  (RAPPORT_DEBUG=true shows where)"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
