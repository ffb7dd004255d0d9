"""import: history from elsewhere."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rapport.accounts.models import Workspace
    from rapport.config.imports_plan import Plan, Wishes
    from rapport.timeline.importing.report import Report
    from rapport.timeline.importing.run import Stopped


@click.command("import")
@click.argument("what", type=click.Choice(["events", "orders", "conversations"]))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--workspace", metavar="SLUG", help="Whose history it is. Default: the only workspace.")
@click.option("--map", "maps", multiple=True, metavar="FIELD=COLUMN", help="Where a field comes from.")
@click.option("--constant", "constants", multiple=True, metavar="FIELD=VALUE", help="One value for all rows.")
@click.option("--source", metavar="NAME", help="Whose numbers these are. Default: the name of the file.")
@click.option("--time-zone", metavar="ZONE", help="Zone of dates without one. Default: the workspace's.")
@click.option("--country", metavar="CODE", help="Country of phone numbers without one (ISO 3166).")
@click.option("--date-order", type=click.Choice(["day-first", "month-first"]), help="How to read 03/04/2019.")
@click.option("--decimal-comma", is_flag=True, help="Amounts are written 1.234,50.")
@click.option("--columns", metavar="A,B,…", help="Names of the columns of a file without a line of names.")
@click.option("--delimiter", metavar="CHAR", help="What separates columns; “tab” and “blanks” work too.")
@click.option("--encoding", metavar="NAME", help="Such as utf-8 or cp1252. Default: found out.")
@click.option("--brand", metavar="SLUG", help="Brand of imported conversations. Default: the first.")
@click.option("--refused", type=click.Path(path_type=Path, dir_okay=False), help="Where refused rows go.")
@click.option("--dry-run", is_flag=True, help="Show what would become of the file, and stop.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def import_(
    what: str,
    file: Path,
    workspace: str | None,
    refused: Path | None,
    dry_run: bool,
    yes: bool,
    **wishes: object,
) -> None:
    """Bring in events, orders or conversations from a file: CSV, JSON lines, XES or dialogues; .gz as well.

    Shows first what the rows will become. Running it again adds nothing, and continues what was interrupted.
    Ends with 0 when every row is in, 1 when some were refused, 2 when it could not run.
    """
    from rapport.config.options import options
    from rapport.config.running import database_running, prepare_django, refuse_full_disk
    from rapport.config.trouble import Trouble

    options().data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    refuse_full_disk(options().data_dir)
    with database_running(options(), say=lambda line: click.echo(line, err=True)) as address:
        prepare_django()
        from rapport.config.imports_plan import plan_import
        from rapport.config.schema import require_current
        from rapport.timeline.importing.problems import CannotImport

        require_current(address)
        try:
            plan = plan_import(chosen_workspace(workspace), what, file, _wishes(wishes))
        except CannotImport as error:
            raise Trouble(str(error)) from error
        show(plan)
        if dry_run:
            return
        if not yes and not _agreed():
            click.echo("nothing was brought in")
            return
        report = _run(plan, refused or options().data_dir / "imports" / f"{file.name}.refused.csv")
    if report.refused:
        sys.exit(1)


def chosen_workspace(slug: str | None) -> Workspace:
    """The workspace called ``slug``, or the only one. Raises ``Trouble``."""
    from rapport.accounts.models import Workspace
    from rapport.config.trouble import Trouble

    there = list(Workspace.objects.order_by("slug"))
    names = ", ".join(one.slug for one in there)
    if not there:
        raise Trouble("there is no workspace yet; run `rapport serve` and open the owner link first")
    if slug is None and len(there) > 1:
        raise Trouble(f"there are several workspaces; say --workspace with one of {names}")
    chosen = next((one for one in there if slug in (None, one.slug)), None)
    if chosen is None:
        raise Trouble(f"there is no workspace {slug}; there is {names}")
    return chosen


def show(plan: Plan) -> None:
    """The preview: how the file is written, which column means what, what the first rows become."""
    from rich.table import Table

    from rapport.config.imports_plan import SHAPES
    from rapport.config.progress import console

    out = console()
    out.print(f"{plan.source.path.name}: {plan.source}", markup=False, highlight=False)
    out.print(
        f"as {plan.what} into {plan.workspace.slug}, source {plan.name}; dates without a zone are "
        f"{plan.reading.zone.key}, amounts without a currency {plan.reading.currency}",
        markup=False,
        highlight=False,
    )
    if plan.mapping is not None:
        meanings = {known.name: known.meaning for known in SHAPES[plan.what].fields}
        columns = Table("field", "comes from", "meaning")
        for name, column in plan.mapping.columns.items():
            columns.add_row(name, column, meanings.get(name, "An identity of that kind"))
        for name, value in plan.mapping.constants.items():
            columns.add_row(name, f"always “{value}”", meanings.get(name, "An identity of that kind"))
        out.print(columns, markup=False)
    rows = Table("line", "becomes")
    for line, becomes, taken in plan.preview():
        rows.add_row(str(line), becomes if taken else f"refused: {becomes}")
    out.print(rows, markup=False)


def _wishes(given: dict[str, object]) -> Wishes:
    from rapport.config.imports_plan import Wishes

    columns = given["columns"]
    delimiter = given["delimiter"]
    named = {"tab": "\t", "blanks": "", "comma": ",", "semicolon": ";", "bar": "|"}
    return Wishes(
        columns_of=_pairs(given["maps"], option="--map"),
        constants=_pairs(given["constants"], option="--constant"),
        columns=[name.strip() for name in columns.split(",")] if isinstance(columns, str) else None,
        delimiter=named.get(delimiter, delimiter) if isinstance(delimiter, str) else None,
        decimal_comma=bool(given["decimal_comma"]),
        **{
            name: value if isinstance(value := given[name], str) else None
            for name in ("source", "time_zone", "country", "date_order", "encoding", "brand")
        },
    )


def _pairs(given: object, *, option: str) -> dict[str, str]:
    pairs = {}
    for pair in given if isinstance(given, tuple) else ():
        name, equals, value = str(pair).partition("=")
        if not equals or not name.strip():
            raise click.UsageError(f"{option} is written FIELD=…, not {pair}")
        pairs[name.strip()] = value.strip()
    return pairs


def _agreed() -> bool:
    from rapport.config.trouble import Trouble

    if not sys.stdin.isatty():
        raise Trouble("nobody is there to ask: say --yes to bring it in, or --dry-run to look only")
    return click.confirm("Bring it in?", default=True)


def _run(plan: Plan, refused: Path) -> Report:
    from rapport.config.options import options
    from rapport.config.progress import progress
    from rapport.config.trouble import Trouble
    from rapport.timeline.importing.report import Report
    from rapport.timeline.importing.run import Stopped

    report = Report()
    try:
        with progress("bringing in") as step:
            plan.run(report, refused=refused, progress=step, folder=options().data_dir)
    except Stopped as stopped:
        tell(report)
        raise Trouble(_why_stopped(stopped)) from stopped
    except KeyboardInterrupt:
        tell(report)
        click.echo(f"stopped; {_how_far(report)}; run the same command again to continue", err=True)
        raise
    tell(report)
    return report


def tell(report: Report) -> None:
    """The report: what became of the rows, and the first that were refused."""
    from rapport.timeline.importing.report import SHOWN

    click.echo(
        f"{report.read} rows read: {report.taken} taken in, {report.there} already there, "
        f"{report.refused} refused"
    )
    made = ", ".join(f"{count} {what}" for what, count in sorted(report.made.items()) if count)
    if made:
        click.echo(f"new: {made}")
    for reason, count in report.reasons.most_common():
        click.echo(f"  {count} refused: {reason}")
    if report.reasons:
        click.echo(f"the first {min(SHOWN, report.refused)} refused rows:")
    for refusal in report.first:
        click.echo(f"  line {refusal.line}: {refusal.reason}")
    if report.refused_file is not None:
        click.echo(f"all of them are in {report.refused_file}")


def _why_stopped(stopped: Stopped) -> str:
    from django.db import Error as DatabaseError

    from rapport.config.cli import explain

    cause = stopped.cause
    far = _how_far(stopped.report)
    again = "run the same command again to continue"
    if getattr(cause.__cause__, "sqlstate", None) == "53100":
        return f"the disk of the database is full; {far}; make room and {again}"
    if isinstance(cause, DatabaseError):
        return f"the database gave up ({' '.join(str(cause).split())[:200]}); {far}; {again}"
    if isinstance(cause, OSError):
        return f"{explain(cause)}; {far}; then {again}"
    return f"{cause}; {far}"


def _how_far(report: Report) -> str:
    if not report.settled:
        return "nothing of it is in yet"
    if report.through_line:
        return f"every row up to line {report.through_line} is settled"
    return f"{report.taken + report.there} of {report.read} rows are in, whole ones only"
