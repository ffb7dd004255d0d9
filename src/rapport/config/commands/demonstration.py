"""demo: a company to look around in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rapport.config.demo.loading import Built


@click.command()
@click.option("--again", is_flag=True, help="Replace the demo company that is there by a new one.")
@click.option("--seed", type=int, default=7, show_default=True, help="Another number, another company.")
def demo(again: bool, seed: int) -> None:
    """Build a made-up company to look around in: two years of a Kenyan online shop.

    A demo company that is there already is left alone. Other companies are never touched.
    """
    from rapport.config.options import options
    from rapport.config.progress import progress
    from rapport.config.running import database_running, prepare_django, refuse_full_disk

    options().data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    refuse_full_disk(options().data_dir)
    with database_running(options(), say=click.echo) as address:
        prepare_django()
        from rapport.config.demo.loading import build
        from rapport.config.schema import bring_up_to_date

        bring_up_to_date(address)
        with progress("building the demo company") as step:
            built = build(seed=seed, again=again, progress=step)
        tell(built)
        tell_the_way_in(built)


def tell(built: Built) -> None:
    """Say what was built, or that it was there."""
    if not built.is_new:
        click.echo(f"the demo company {built.name} is there already; rapport demo --again replaces it")
        return
    counted = {
        "customers": built.rows.get("customers_customer", 0),
        "conversations": built.rows.get("desk_conversation", 0),
        "answers to surveys": built.rows.get("feedback_response", 0),
        "events": built.rows.get("timeline_event", 0),
    }
    what = ", ".join(f"{count:,} {noun}" for noun, count in counted.items())
    click.echo(f"built {built.name} in {built.seconds:.0f} s: {what}")


def tell_the_way_in(built: Built) -> None:
    """A server that is started later prints a link of its own, and then only that one opens."""
    from rapport.accounts.actions import owner_link
    from rapport.config.data_lock import holder
    from rapport.config.options import options

    where = options().public_url
    serving = holder(options().data_dir) is not None
    click.echo(f"{'open' if serving else 'run `rapport serve`, then open'} {where}/w/{built.slug}/")
    click.echo(f"the shop as its customers see it: {where}/widget/shop")
    link = owner_link()
    if link is None:
        click.echo("sign in as before: whoever owned a company here when it was built owns this one too")
    elif serving:
        click.echo(f"become its owner here, once: {where}{link}")
    else:
        click.echo(f"become its owner here, once: {where}{link}  (rapport serve prints a newer link)")
