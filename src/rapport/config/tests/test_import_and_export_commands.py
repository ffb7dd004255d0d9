"""The commands `import` and `export`: preview, report, exit codes, and whose data it is."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from conftest import Served
from rapport.accounts.models import Workspace
from rapport.config.cli import rapport
from rapport.config.options import options
from rapport.config.trouble import Trouble
from rapport.customers.models import Customer
from rapport.feedback.models import Answer, Invitation, Question, Response, Survey
from rapport.timeline.models import Event

pytestmark = pytest.mark.django_db

ORDERS = "customer_id,date,total\nu1,2024-05-01,10.00\nu2,2024-05-02,twenty\nu3,2024-05-03,30.00\n"


@pytest.fixture(autouse=True)
def the_test_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands work in the database of the test and start none."""

    @contextlib.contextmanager
    def running(*_: object, **__: object) -> Iterator[str]:
        yield "the test's"

    monkeypatch.setattr("rapport.config.running.database_running", running)
    monkeypatch.setattr("rapport.config.schema.require_current", lambda _address: None)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(rapport, [str(argument) for argument in arguments], standalone_mode=False)


@pytest.fixture
def shop_file(tmp_path: Path) -> Path:
    path = tmp_path / "shop.csv"
    path.write_text(ORDERS)
    return path


def test_a_dry_run_shows_what_would_happen_and_writes_nothing(duka: Workspace, shop_file: Path) -> None:
    done = run("import", "orders", shop_file, "--dry-run", "--constant", "currency=USD")
    assert done.exit_code == 0, done.exception
    assert "table, separated by comma, utf-8" in done.output
    assert "2024-04-30 21:00 UTC, order.placed 1000 minor units USD, user_id u1" in done.output
    assert "refused: amount: 'twenty' is not an amount" in done.output
    assert not Customer.objects.within(duka).exists()


def test_nobody_to_ask_means_nothing_is_done(duka: Workspace, shop_file: Path) -> None:
    done = run("import", "orders", shop_file)
    assert isinstance(done.exception, Trouble) and "say --yes" in str(done.exception)
    assert not Customer.objects.within(duka).exists()


def test_refused_rows_end_with_1_and_are_written_down(duka: Workspace, shop_file: Path) -> None:
    done = run("import", "orders", shop_file, "--yes")
    assert done.exit_code == 1
    assert "3 rows read: 2 taken in, 0 already there, 1 refused" in done.output
    assert "new: 2 customers, 2 events" in done.output
    assert "line 3: amount: 'twenty' is not an amount" in done.output
    refused = options().data_dir / "imports" / "shop.csv.refused.csv"
    assert refused.read_text().splitlines()[1].startswith("3,amount: 'twenty' is not an amount,")
    shop_file.write_text(ORDERS.replace("twenty", "20.00"))
    again = run("import", "orders", shop_file, "--yes")
    assert again.exit_code == 0
    assert "3 rows read: 1 taken in, 2 already there, 0 refused" in again.output


def test_what_cannot_be_understood_is_one_line(duka: Workspace, shop_file: Path, tmp_path: Path) -> None:
    for arguments, why in (
        (["events", shop_file], "no column for kind; the columns are customer_id, date, total"),
        (["orders", tmp_path / "nowhere.csv"], "nowhere.csv: No such file or directory"),
        (["orders", shop_file, "--map", "amount=sum"], "there is no column sum for amount"),
    ):
        done = run("import", *arguments, "--yes")
        assert isinstance(done.exception, Trouble) and why in str(done.exception)
        assert "\n" not in str(done.exception)


def test_the_workspace_must_be_clear(duka: Workspace, kiosk: Workspace, shop_file: Path) -> None:
    done = run("import", "orders", shop_file, "--yes")
    assert f"say --workspace with one of {duka.slug}, {kiosk.slug}" in str(done.exception)
    done = run("import", "orders", shop_file, "--yes", "--workspace", "soko")
    assert "there is no workspace soko" in str(done.exception)
    run("import", "orders", shop_file, "--yes", "--workspace", kiosk.slug)
    assert Customer.objects.within(kiosk).count() == 2
    assert not Customer.objects.within(duka).exists()
    assert not Event.objects.within(duka).filter(kind="order.placed").exists()


def test_without_a_workspace_there_is_nothing_to_bring_it_into(db: None, shop_file: Path) -> None:
    assert "there is no workspace yet" in str(run("import", "orders", shop_file, "--yes").exception)


def test_export_writes_a_file_or_standard_output(duka: Workspace, shop_file: Path, tmp_path: Path) -> None:
    run("import", "orders", shop_file, "--yes")
    to_file = run("export", "events", tmp_path / "events.jsonl", "--since", "2024-05-02")
    assert to_file.exit_code == 0, to_file.exception
    placed = (tmp_path / "events.jsonl").read_text().splitlines()
    assert [line for line in placed if "order.placed" in line] == placed and len(placed) == 1
    to_output = run("export", "customers", "-")
    assert to_output.stdout.splitlines()[0] == "id,name,language,country,town,met_at,identities"
    assert len(to_output.stdout.splitlines()) == 3
    nowhere = run("export", "events", tmp_path / "no" / "events.csv")
    assert "there is no folder" in str(nowhere.exception)
    assert "--entries belongs to conversations" in str(run("export", "events", "--entries").exception)


def test_responses_are_written_with_what_was_said(duka: Workspace, wambui: Served, tmp_path: Path) -> None:
    at, ours = datetime(2024, 5, 1, tzinfo=UTC), {"workspace": duka}
    survey = Survey.objects.create(key="after-help", name="After help", kind="csat", **ours)
    question = Question.objects.create(survey=survey, key="why", kind="comment", position=2, **ours)
    asked = Invitation.objects.create(
        survey=survey,
        identity_id=wambui.phone_id,
        occasion="x",
        channel="chat",
        asked_at=at,
        expires_at=at,
        **ours,
    )
    response = Response.objects.create(
        invitation=asked,
        survey=survey,
        identity_id=wambui.phone_id,
        channel="chat",
        score=4,
        answered_at=at,
        **ours,
    )
    Answer.objects.create(response=response, question=question, text="@home, and quick", at=at, **ours)
    done = run("export", "responses", tmp_path / "responses.csv")
    assert done.exit_code == 0, done.exception
    line = (tmp_path / "responses.csv").read_text().splitlines()[1]
    assert line.split(",", 1)[1] == (
        "after-help,csat,2024-05-01T00:00:00+00:00,2024-05-01T00:00:00+00:00,4,"
        "\"'@home, and quick\",phone,'+254712345678,chat,,,,"
    )
