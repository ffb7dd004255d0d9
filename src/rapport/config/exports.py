"""export: what is here, for elsewhere."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click


@click.command("export")
@click.argument("what", type=click.Choice(["customers", "events", "conversations", "responses"]))
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--workspace", metavar="SLUG", help="Whose. Default: the only workspace.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only from this day on (workspace's time).")
@click.option(
    "--format", "form", type=click.Choice(["csv", "jsonl"]), help="Default: as FILE ends, else csv."
)
@click.option("--entries", is_flag=True, help="Conversations: a row per entry instead of per conversation.")
def export(
    what: str,
    file: Path | None,
    workspace: str | None,
    since: datetime | None,
    form: str | None,
    entries: bool,
) -> None:
    """Write customers, events, conversations or responses to FILE, or to standard output (- or no FILE).

    The file appears when it is complete. Events as jsonl can be brought in elsewhere with `rapport import`.
    """
    if entries and what != "conversations":
        raise click.UsageError("--entries belongs to conversations")
    from zoneinfo import ZoneInfo

    from rapport.config.options import options
    from rapport.config.progress import progress
    from rapport.config.running import database_running, prepare_django
    from rapport.config.trouble import Trouble

    target = None if file is None or str(file) == "-" else file
    if target is not None and not target.parent.is_dir():
        raise Trouble(f"there is no folder {target.parent}")
    with database_running(options(), say=lambda line: click.echo(line, err=True)) as address:
        prepare_django()
        from rapport.config.exports_rows import export as run
        from rapport.config.imports import chosen_workspace
        from rapport.config.schema import require_current

        require_current(address)
        chosen = chosen_workspace(workspace)
        name = "entries" if entries else what
        with progress("exporting") as step:
            written = run(
                chosen,
                name,
                target,
                form=form or ("jsonl" if target and target.suffix in {".jsonl", ".ndjson"} else "csv"),
                since=since.replace(tzinfo=ZoneInfo(chosen.time_zone)) if since else None,
                progress=lambda rows: step(f"{rows} rows", rows, 0),
            )
    click.echo(f"{written} {name} written{f' to {target}' if target else ''}", err=True)
