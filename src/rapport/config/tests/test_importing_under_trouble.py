"""Imports that are killed, run twice at once or fail within a chunk leave whole chunks and no doubles."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections

from rapport.accounts.models import Workspace
from rapport.config.imports_plan import Wishes, plan_import
from rapport.customers.models import Binding, Customer, Identity
from rapport.desk.models import Conversation, Entry, Leg
from rapport.timeline.importing import drafts
from rapport.timeline.importing.report import Report
from rapport.timeline.importing.run import Stopped
from rapport.timeline.models import Event, EventKey

# Imports a file in chunks of fifty and dies by SIGKILL in the middle of writing the fourth.
KILLED = """
import os, signal, sys
from pathlib import Path
from rapport.config.running import prepare_django
prepare_django()
from rapport.accounts.models import Workspace
from rapport.config.imports_plan import Wishes, plan_import
from rapport.customers import bulk
from rapport.desk.importing import run as desk_run, writing
from rapport.timeline.importing import drafts, run
from rapport.timeline.importing.report import Report
run.CHUNK_ROWS = desk_run.CHUNK_TURNS = 50
append, count = drafts.append_by_month, 0
def append_or_die(records):
    global count
    count += 1
    written = append(records)
    if count == 4:
        os.kill(os.getpid(), signal.SIGKILL)
    return written
drafts.append_by_month = writing.append_by_month = append_or_die
workspace = Workspace.objects.get(slug=sys.argv[1])
plan = plan_import(workspace, sys.argv[2], Path(sys.argv[3]), Wishes())
plan.run(Report(), refused=None, progress=lambda *_: None)
"""


def bring_in(workspace: Workspace, what: str, path: Path) -> Report:
    report = Report()
    plan_import(workspace, what, path, Wishes()).run(report, refused=None, progress=lambda *_: None)
    assert report.read == report.settled
    return report


def orders(folder: Path, count: int) -> Path:
    path = folder / "orders.csv"
    lines = "".join(f"u{n % 97},2024-05-{n % 28 + 1:02},{n % 5}.00\n" for n in range(count))
    path.write_text(f"customer_id,date,total\n{lines}")
    return path


def talk(folder: Path, count: int) -> Path:
    path = folder / "talk.csv"
    lines = "".join(
        f"T{n},2024-05-{n % 28 + 1:02} 10:00,u{n % 13},in,Hello\n"
        f"T{n},2024-05-{n % 28 + 1:02} 10:01,u{n % 13},out,Hi\n"
        for n in range(count)
    )
    path.write_text(f"ticket,at,customer_id,direction,text\n{lines}")
    return path


def killed(workspace: Workspace, what: str, path: Path) -> None:
    at = connection.settings_dict
    address = "postgresql://{USER}@/{NAME}?host={HOST}&port={PORT}".format_map(at)
    password = {"PGPASSWORD": str(at["PASSWORD"])} if at["PASSWORD"] else {}
    done = subprocess.run(
        [sys.executable, "-c", KILLED, workspace.slug, what, str(path)],
        env={**os.environ, **password, "RAPPORT_DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.django_db(transaction=True)
def test_an_import_killed_in_the_middle_is_finished_by_running_it_again(
    duka: Workspace, tmp_path: Path
) -> None:
    path = orders(tmp_path, 1_000)
    killed(duka, "orders", path)
    placed = Event.objects.within(duka).filter(kind="order.placed")
    assert placed.count() == 150
    again = bring_in(duka, "orders", path)
    assert (again.taken, again.there, placed.count()) == (850, 150, 1_000)
    assert Customer.objects.within(duka).count() == 97 == Binding.objects.within(duka).count()


@pytest.mark.django_db(transaction=True)
def test_conversations_killed_in_the_middle_are_finished_by_running_again(
    duka: Workspace, tmp_path: Path
) -> None:
    path = talk(tmp_path, 150)
    killed(duka, "conversations", path)
    conversations = Conversation.objects.within(duka)
    assert (conversations.count(), Entry.objects.within(duka).count()) == (75, 150)
    again = bring_in(duka, "conversations", path)
    assert (again.taken, again.there, again.made["conversations"]) == (150, 150, 75)
    assert Entry.objects.within(duka).count() == 300 and Leg.objects.within(duka).count() == 150
    assert list(conversations.order_by("number").values_list("number", flat=True)) == list(range(1, 151))
    assert Event.objects.within(duka).filter(kind="message.received").count() == 150


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["orders", "conversations"])
def test_two_imports_of_one_file_at_once_bring_it_in_once(
    duka: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr("rapport.timeline.importing.run.CHUNK_ROWS", 40)
    monkeypatch.setattr("rapport.desk.importing.run.CHUNK_TURNS", 40)
    path = orders(tmp_path, 400) if what == "orders" else talk(tmp_path, 200)
    gate, found = threading.Barrier(2), []

    def run() -> None:
        gate.wait()
        try:
            found.append(bring_in(duka, what, path))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert [report.taken + report.there for report in found] == [400, 400]
    assert sum(report.taken for report in found) == 400
    if what == "orders":
        assert Event.objects.within(duka).filter(kind="order.placed").count() == 400
        assert Customer.objects.within(duka).count() == 97
    else:
        assert Conversation.objects.within(duka).count() == 200
        assert Entry.objects.within(duka).count() == 400
        assert Customer.objects.within(duka).count() == 13


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["orders", "conversations"])
def test_a_chunk_that_fails_leaves_nothing_of_itself(
    duka: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    def lost(records: Sequence[Any]) -> int:
        raise DatabaseError("the connection was lost")

    monkeypatch.setattr(drafts, "append_by_month", lost)
    monkeypatch.setattr("rapport.desk.importing.writing.append_by_month", lost)
    path = orders(tmp_path, 10) if what == "orders" else talk(tmp_path, 10)
    keys = EventKey.objects.count()
    report = Report()
    with pytest.raises(Stopped):
        plan_import(duka, what, path, Wishes()).run(report, refused=None, progress=lambda *_: None)
    assert (report.taken, report.through_line) == (0, 0)
    for model in (Customer, Identity, Binding, Conversation, Entry, Leg):
        assert not model.objects.within(duka).exists()
    assert EventKey.objects.count() == keys
