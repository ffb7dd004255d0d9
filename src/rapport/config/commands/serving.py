"""serve, worker, stop."""

from __future__ import annotations

import click


@click.command()
def serve() -> None:
    """Serve Rapport: sets up what is missing, then answers on http://localhost:8000."""
    from rapport.config.options import options
    from rapport.config.server import serve as run

    run(options(), say=click.echo)


@click.command()
@click.option("--once", is_flag=True, help="End as soon as no job is left.")
def worker(once: bool) -> None:
    """Run background jobs in a process of their own (set RAPPORT_INLINE_WORKER=false beside it)."""
    from rapport.config.options import options
    from rapport.config.running import database_running, prepare_django

    with database_running(options(), say=click.echo) as address:
        prepare_django()
        from rapport.config.jobs import run_worker
        from rapport.config.schema import require_current

        require_current(address)
        if not once:
            click.echo(f"working, {options().worker_concurrency} jobs at once  (Ctrl-C ends it)")
        run_worker(concurrency=options().worker_concurrency, wait=not once)


@click.command()
def stop() -> None:
    """Stop the server of this data folder, and a database that outlived its server."""
    from rapport.config.options import options
    from rapport.config.stopping import stop as run

    for line in run(options().data_dir):
        click.echo(line)
