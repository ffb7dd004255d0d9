"""backup, restore."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("to", required=False, type=click.Path(path_type=Path))
def backup(to: Path | None) -> None:
    """Write everything to one file, while the server runs or not.

    TO is the file, or the folder to put it in; without it, the folder `backups` in the data folder.
    """
    from rapport.config.backup import back_up
    from rapport.config.options import options
    from rapport.config.progress import progress
    from rapport.config.running import database_running

    with database_running(options(), say=click.echo) as address, progress("backing up") as step:
        made = back_up(address, data_dir=options().data_dir, to=to, step=step)
    click.echo(
        f"{made.path}  ({made.rows} rows in {made.tables} tables, {made.path.stat().st_size / 2**20:.1f} MB)"
    )


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def restore(file: Path) -> None:
    """Read a backup into an empty data folder, or an empty external database."""
    from rapport.config.archive import check_archive
    from rapport.config.data_lock import data_lock
    from rapport.config.options import options
    from rapport.config.progress import progress
    from rapport.config.restore import restore as run
    from rapport.config.running import database_running, refuse_full_disk

    with progress("checking the file") as step:
        contents = check_archive(file, step=step)
    with data_lock(options().data_dir, what="restoring a backup"):
        refuse_full_disk(options().data_dir)
        with database_running(options(), say=click.echo) as address, progress("restoring") as step:
            restored = run(contents, address, data_dir=options().data_dir, step=step)
    click.echo(f"restored {restored.rows} rows in {restored.tables} tables; counts and checksums agree")
