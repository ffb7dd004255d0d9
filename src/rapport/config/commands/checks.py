"""doctor, settings."""

from __future__ import annotations

import sys

import click


@click.command()
def doctor() -> None:
    """Check this installation, and say how to mend what is wrong. Ends with 1 when something is."""
    from rapport.config.doctor import examine, table
    from rapport.config.options import options
    from rapport.config.progress import console

    findings = examine(options())
    console().print(table(findings))
    if not all(finding.well for finding in findings):
        sys.exit(1)


@click.command()
def settings() -> None:
    """List every setting: variable, value in force, where that comes from, meaning."""
    from rapport.config.options import options
    from rapport.config.progress import console
    from rapport.config.settings_list import table

    console().print(table(options()))
