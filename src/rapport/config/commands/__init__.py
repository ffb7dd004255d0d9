"""The commands of `rapport`, one module per group. A new command is imported here and added to ``ALL``.

These modules are imported at every call, also for `rapport --help`: everything heavy is imported inside the
command.
"""

from __future__ import annotations

import click

from rapport.config.commands.backups import backup, restore
from rapport.config.commands.checks import doctor, settings
from rapport.config.commands.demonstration import demo
from rapport.config.commands.manage import manage
from rapport.config.commands.serving import serve, stop, worker
from rapport.config.exports import export
from rapport.config.imports import import_

ALL: tuple[click.Command, ...] = (
    serve,
    worker,
    stop,
    demo,
    import_,
    export,
    backup,
    restore,
    doctor,
    settings,
    manage,
)
