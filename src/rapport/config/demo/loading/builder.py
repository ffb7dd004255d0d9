"""Building the demo company, in phases of one transaction each.

An unfinished company does not carry the mark ``is_demo``, which is set at the very end: whatever kills a
build, the next one starts clean, and nobody is led into half a company.
"""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import DatabaseError, connection, transaction
from psycopg import sql

from rapport.accounts.models import Workspace
from rapport.channels.chat.rules import new_site_key
from rapport.config.demo.company import Company
from rapport.config.demo.loading.answers import Interviewer
from rapport.config.demo.loading.chronicle import Chronicle
from rapport.config.demo.loading.desk import hold
from rapport.config.demo.loading.house import (
    SET_UP_BEFORE,
    House,
    free_slug,
    give_chats_their_sites,
    open_chats,
    set_up,
)
from rapport.config.demo.loading.ids import DEMO_ID, Ids
from rapport.config.demo.loading.matters import Ink
from rapport.config.demo.loading.people import move_in
from rapport.config.demo.loading.removal import colleagues, owners_elsewhere, remove
from rapport.config.demo.loading.shop import report
from rapport.config.demo.loading.tables import COLUMNS, Rows
from rapport.config.demo.simulation import simulate
from rapport.config.demo.today import brought_up_to
from rapport.config.progress import Step, no_step
from rapport.config.trouble import Trouble
from rapport.kernel import clock
from rapport.timeline.partitions import ensure_for

# Any number serves, as long as it is ours: two builds at once would remove each other's rows.
_LOCK = 7_226_040
#: The phases in their order, each with the percent of the time it takes.
PHASES = {
    "making up two years": 15,
    "setting up the company": 3,
    "customers": 15,
    "conversations": 32,
    "surveys": 10,
    "the timeline": 23,
    "taking stock": 2,
}


class DemoBusy(Trouble):
    """Another process is building the demo company right now."""


@dataclass(frozen=True, slots=True)
class Built:
    """The demo company that is there. ``rows`` are those written, by table; empty when it was left alone."""

    workspace_id: uuid.UUID
    slug: str
    name: str
    is_new: bool
    seconds: float = 0.0
    rows: dict[str, int] = field(default_factory=dict)


def build(
    *,
    seed: int = 7,
    until: datetime | None = None,
    scale: float = 1.0,
    progress: Step | None = None,
    again: bool = False,
) -> Built:
    """Build the demo company as of ``until`` (default now), unless a finished one is there.

    The same ``seed``, ``until`` and ``scale`` give the same rows, but for secrets. ``again`` replaces a
    finished one; an unfinished one is always replaced. Real people who joined it stay members, and whoever
    owns another company here owns this one too. Nothing is sent and no job is enqueued. Raises ``DemoBusy``,
    and ``ValueError`` as ``simulate``.
    """
    began = time.monotonic()
    with _alone():
        there = Workspace.objects.filter(pk=DEMO_ID, is_demo=True).first()
        if there is not None and not again:
            return Built(there.pk, there.slug, there.name, is_new=False)
        moment = clock.in_utc(until or clock.now()).replace(microsecond=0)
        bar = _Bar(progress or no_step)
        bar.begin("making up two years")
        company, moved = brought_up_to(simulate(seed=seed, until=moment, scale=scale), until=moment)
        rows = _Builder(company, moved, seed=seed, until=moment, bar=bar).build()
        made = Workspace.objects.get(pk=DEMO_ID)
    return Built(made.pk, made.slug, made.name, is_new=True, seconds=time.monotonic() - began, rows=rows)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise DemoBusy("another `rapport demo` is building the demo company; wait until it is done")
    try:
        yield
    finally:
        # A connection that was lost has let go of the lock, and its error tells more than ours would.
        with contextlib.suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


class _Bar:
    """One bar over all phases."""

    def __init__(self, step: Step) -> None:
        self._step = step
        self._phase = next(iter(PHASES))
        self._total = 0

    def begin(self, phase: str, total: int = 0) -> None:
        """A phase of ``total`` rows begins; 0 when that is not known."""
        self._phase, self._total = phase, total
        self(0)

    def __call__(self, done: int) -> None:
        names = list(PHASES)
        before = sum(PHASES[name] for name in names[: names.index(self._phase)])
        within = PHASES[self._phase] * done / self._total if self._total else 0
        self._step(self._phase, round(before + within), sum(PHASES.values()))


class _Builder:
    """Writes one simulated company, phase by phase."""

    def __init__(
        self, company: Company, moved: frozenset[int], *, seed: int, until: datetime, bar: _Bar
    ) -> None:
        self._company = company
        self._moved = moved
        self._bar = bar
        self._ink = Ink(Rows(), Chronicle(), Ids(seed), until)
        self._written: dict[str, int] = {}

    def build(self) -> dict[str, int]:
        """All phases; returns the rows written, by table."""
        company, ink = self._company, self._ink
        ensure_for(company.begins_at - SET_UP_BEFORE, ink.until)
        with self._phase("setting up the company"):
            house = self._set_up()
        with self._phase("customers"):
            people = move_in(company, ink.rows, ink.chronicle, ink.ids, until=ink.until)
        with self._phase("conversations"):
            held = hold(company, ink, house, people)
        with self._phase("surveys"):
            Interviewer(company, ink, house, people, held).ask(leaving_out=self._moved)
        with self._phase("the timeline"):
            report(company, ink.chronicle, people)
            for event in ink.chronicle.in_order():
                ink.rows.add("timeline_event", *event)
        self._bar.begin("taking stock")
        _analyse()
        Workspace.objects.filter(pk=DEMO_ID).update(is_demo=True)
        return self._written

    @contextlib.contextmanager
    def _phase(self, name: str) -> Iterator[None]:
        """One transaction: what the block prepares is written at its end."""
        self._bar.begin(name)
        with transaction.atomic():
            yield
            self._bar.begin(name, total=len(self._ink.rows))
            self._written |= self._ink.rows.write(watch=self._bar)

    def _set_up(self) -> House:
        """Clear away what is left of an earlier demo company and put up the new one, at once."""
        company, ink = self._company, self._ink
        stayed = colleagues()
        known = {each.user_id: each for each in (*owners_elsewhere(), *stayed)}
        remove()
        house = set_up(
            company, ink.rows, ink.chronicle, ink.ids, slug=free_slug(), colleagues=[*known.values()]
        )
        keys = [new_site_key() for _ in company.brands]
        open_chats(company, ink.rows, ink.chronicle, house, keys=keys)
        self._written |= ink.rows.write(watch=self._bar)
        give_chats_their_sites(company, house, ink.ids)
        return house


def _analyse() -> None:
    """Let the planner know the new rows; until then it would take every table for an empty one."""
    with connection.cursor() as cursor:
        for table in COLUMNS:
            cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))
