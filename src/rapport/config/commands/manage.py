"""manage: Django's own commands, for developers."""

from __future__ import annotations

import click


@click.command(
    hidden=True,
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Pass ARGUMENTS on to Django's management, with the database running."""
    from rapport.config.options import options
    from rapport.config.running import database_running, prepare_django

    with database_running(options(), say=lambda line: click.echo(line, err=True)):
        prepare_django()
        from django.core.management import execute_from_command_line

        execute_from_command_line(["rapport manage", *arguments])
