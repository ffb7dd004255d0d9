"""What is here can be taken elsewhere: whole files, safe in a spreadsheet, and events that come in again."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from django.db import DatabaseError

from conftest import Served
from rapport.accounts.models import Workspace
from rapport.config import exports_rows
from rapport.config.exports_rows import export
from rapport.config.imports_plan import Wishes, plan_import
from rapport.customers.bulk import Mark, Somebody, recognise_many
from rapport.customers.models import Customer, Identity
from rapport.desk.models import Conversation, Entry
from rapport.kernel.actors import system
from rapport.timeline.importing.report import Report
from rapport.timeline.models import Event

pytestmark = pytest.mark.django_db

ORDERS = (
    "phone,date,order,total,town\n"
    "+254712345678,2024-05-01,A1,10.00,Kisumu\n"
    "+254712345678,2024-06-01,A2,20.00,Kisumu\n"
    "+254733000111,2024-06-02,A3,30.00,Nyeri\n"
)
TALK = (
    "ticket,at,email,direction,text\n"
    'T1,2024-05-01 09:00,ali@example.com,in,"=HYPERLINK(""x"")\nand more"\n'
    "T1,2024-05-01 09:05,ali@example.com,out,Hello Ali\n"
)


def bring_in(workspace: Workspace, what: str, path: Path) -> Report:
    report = Report()
    plan_import(workspace, what, path, Wishes()).run(report, refused=None, progress=lambda *_: None)
    return report


@pytest.fixture
def filled(duka: Workspace, tmp_path: Path) -> Workspace:
    for what, content in (("orders", ORDERS), ("conversations", TALK)):
        path = tmp_path / f"{what}.csv"
        path.write_text(content)
        assert bring_in(duka, what, path).refused == 0
    return duka


def told(workspace: Workspace) -> list[tuple[object, ...]]:
    """Everything the timeline says, without ids that each workspace gives itself."""
    owners = {row.pk: (row.namespace, row.value) for row in Identity.objects.within(workspace)}
    rows = (
        Event.objects.within(workspace)
        .exclude(kind__startswith="workspace.")
        .exclude(subject_kind="channel_account")
    )
    return sorted(
        (row.kind, row.at, owners.get(row.identity_id), row.channel, row.subject_kind, orjson.dumps(row.data))
        for row in rows
    )


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_exported_events_come_in_again_elsewhere_and_once(
    filled: Workspace, kiosk: Workspace, tmp_path: Path, form: str
) -> None:
    path = tmp_path / f"events.{form}"
    written = export(filled, "events", path, form=form)
    assert written == len(told(filled)) == 3 + 4
    report = bring_in(kiosk, "events", path)
    assert (report.taken, report.refused) == (written, 0)
    assert told(kiosk) == told(filled)
    assert bring_in(kiosk, "events", path).there == written
    assert told(kiosk) == told(filled)


def test_events_of_this_very_workspace_are_there_already(filled: Workspace, tmp_path: Path) -> None:
    before = told(filled)
    export(filled, "events", tmp_path / "events.jsonl", form="jsonl")
    report = bring_in(filled, "events", tmp_path / "events.jsonl")
    assert (report.there, report.taken, told(filled)) == (len(before), 0, before)


def test_exported_entries_come_in_again_elsewhere(
    filled: Workspace, kiosk: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "entries.csv"
    assert export(filled, "entries", path) == 2
    assert bring_in(kiosk, "conversations", path).refused == 0
    texts = list(Entry.objects.within(kiosk).order_by("seq").values_list("text", "direction"))
    assert texts == [('=HYPERLINK("x")\nand more', "in"), ("Hello Ali", "out")]
    ours, theirs = Conversation.objects.within(filled).get(), Conversation.objects.within(kiosk).get()
    assert (theirs.subject, theirs.status, theirs.opened_at) == (ours.subject, ours.status, ours.opened_at)


def test_customers_are_written_with_how_we_know_them(
    filled: Workspace, kiosk: Workspace, tmp_path: Path
) -> None:
    recognise_many(
        system(kiosk.pk),
        [Somebody((Mark("email", "else@example.com"),), datetime(2024, 5, 1, tzinfo=UTC))],
        evidence="test",
    )
    assert export(filled, "customers", tmp_path / "customers.jsonl", form="jsonl") == 3
    lines = [orjson.loads(line) for line in (tmp_path / "customers.jsonl").read_bytes().splitlines()]
    assert {line["identities"][0]["value"] for line in lines} == {
        "+254712345678",
        "+254733000111",
        "ali@example.com",
    }
    since = datetime(2024, 6, 1, tzinfo=UTC)
    assert export(filled, "customers", tmp_path / "customers.csv", since=since) == 1
    row = next(csv.DictReader((tmp_path / "customers.csv").open(newline="")))
    assert (row["town"], row["met_at"]) == ("Nyeri", "2024-06-01T21:00:00+00:00")
    assert Customer.objects.within(filled).count() == 3


def test_cells_cannot_become_formulas(filled: Workspace, tmp_path: Path) -> None:
    export(filled, "entries", tmp_path / "entries.csv")
    export(filled, "conversations", tmp_path / "conversations.csv")
    for name in ("entries", "conversations"):
        cells = [cell for row in csv.reader((tmp_path / f"{name}.csv").open(newline="")) for cell in row]
        assert any(cell.startswith("'=HYPERLINK") for cell in cells)
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_a_file_appears_whole_or_not_at_all(
    filled: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out" / "events.csv"
    target.parent.mkdir()
    target.write_text("the old one")

    def lost(*_: object) -> bytes:
        raise DatabaseError("lost")

    monkeypatch.setattr(exports_rows, "_texts", lost)
    with pytest.raises(DatabaseError):
        export(filled, "events", target)
    assert target.read_text() == "the old one"
    assert [path.name for path in target.parent.iterdir()] == ["events.csv"]
    monkeypatch.undo()
    export(filled, "events", target)
    assert target.stat().st_mode & 0o077 == 0


def test_responses_and_another_workspace(
    filled: Workspace, kiosk: Workspace, wambui: Served, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert export(filled, "responses", None) == 0
    assert export(kiosk, "events", None) == 0
    header = next(csv.reader(io.StringIO(capsysbinary.readouterr().out.decode())))
    assert header[:6] == ["id", "survey", "measure", "asked_at", "answered_at", "score"]
