"""Background jobs: enqueued with the transaction, done, and done again after a killed worker."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from rapport.config import jobs
from rapport.config.jobs import InlineWorker, forget_old_jobs, rescue_jobs, run_worker
from rapport.config.tests.scratch_databases import environment

done: list[str] = []
did = threading.Event()


@app.task(name="rapport.config.tests.note")
def note(what: str) -> None:
    done.append(what)
    did.set()


@app.task(name="rapport.config.tests.fail")
def fail() -> None:
    raise ValueError("no")


@pytest.fixture(autouse=True)
def no_jobs_yet(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Procrastinate's tables are not Django's: no test's end empties them. Nothing runs by the clock."""
    monkeypatch.setattr(app.periodic_registry, "periodic_tasks", {})
    done.clear()
    did.clear()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


def states() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name || ' ' || status::text, count(*) FROM procrastinate_jobs GROUP BY 1")
        return dict(cursor.fetchall())


def test_a_job_of_a_transaction_that_failed_never_was() -> None:
    def refused() -> None:
        with transaction.atomic():
            note.defer(what="rolled back")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        refused()
    with transaction.atomic():
        note.defer(what="committed")
    run_worker(concurrency=1, wait=False)
    assert done == ["committed"]


def test_a_successful_job_is_deleted_and_a_failed_one_stays() -> None:
    note.defer(what="well")
    fail.defer()
    run_worker(concurrency=1, wait=False)
    assert states() == {"rapport.config.tests.fail failed": 1}


def test_the_inline_worker_works_beside_web_threads_and_stops() -> None:
    worker = InlineWorker(concurrency=2)
    worker.start()
    try:
        note.defer(what="beside")
        assert did.wait(timeout=30)
        assert done == ["beside"]
        assert isinstance(app.connector, DjangoConnector)  # web threads still enqueue in their transactions
    finally:
        assert worker.stop(timeout=30)


def test_a_worker_told_to_stop_before_it_began_does_not_begin() -> None:
    worker = InlineWorker(concurrency=1)
    worker._told_to_stop.set()
    worker.start()
    assert worker.stop(timeout=30)


@pytest.mark.parametrize("turns", [0, 1, 2, 3, 5, 8, 13, 21, 34])
def test_a_worker_can_be_stopped_at_any_moment_of_its_start(turns: int) -> None:
    worker = InlineWorker(concurrency=1)
    worker.start()
    for _ in range(turns * 20):
        os.sched_yield()
    assert worker.stop(timeout=30)


def test_only_one_process_of_a_data_folder_has_the_inline_worker(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = jobs.options().model_copy(update={"data_dir": tmp_path, "inline_worker": True})
    monkeypatch.setattr(jobs, "options", lambda: settings)
    monkeypatch.setattr(jobs, "_first_web_process", None)
    code = (
        "import sys; from rapport.config.locks import lock_alone, open_lock; from pathlib import Path\n"
        "print(lock_alone(open_lock(Path(sys.argv[1]) / 'inline-worker.lock')), flush=True)\n"
        "sys.stdin.readline()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "True\n"
    assert jobs.start_inline_worker() is None
    other.communicate("\n")
    try:
        assert jobs.start_inline_worker() is not None
        assert jobs.start_inline_worker() is jobs.start_inline_worker()
    finally:
        assert jobs.stop_inline_worker(timeout=30)
    assert jobs.stop_inline_worker()


def test_a_job_of_a_killed_worker_is_done_again() -> None:
    note.defer(what="rescued")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) "
            "VALUES (now() - interval '5 minutes') RETURNING id"
        )
        worker_id = cursor.fetchone()[0]
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [worker_id])
    run_worker(concurrency=1, wait=False)
    assert done == []
    rescue_jobs.defer(timestamp=0)
    run_worker(concurrency=1, wait=False)
    run_worker(concurrency=1, wait=False)
    assert done == ["rescued"]


def test_a_job_under_way_is_left_to_its_worker() -> None:
    note.defer(what="under way")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        worker_id = cursor.fetchone()[0]
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [worker_id])
    rescue_jobs.defer(timestamp=0)
    run_worker(concurrency=1, wait=False)
    run_worker(concurrency=1, wait=False)
    assert done == []
    assert states() == {"rapport.config.tests.note doing": 1}


def test_failed_jobs_are_forgotten_after_a_month() -> None:
    fail.defer()
    run_worker(concurrency=1, wait=False)
    forget_old_jobs.defer(timestamp=0)
    run_worker(concurrency=1, wait=False)
    assert states() == {"rapport.config.tests.fail failed": 1}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = at - interval '31 days'")
    forget_old_jobs.defer(timestamp=0)
    run_worker(concurrency=1, wait=False)
    assert states() == {}


def test_a_worker_whose_connections_were_cut_works_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "RESTART_SECONDS", 0.1)
    # Idle connections that earlier tests left in the pool would each be tried in turn, ever more slowly.
    connection.close_pool()
    worker = InlineWorker(concurrency=1)
    worker.start()
    try:
        note.defer(what="before")
        assert did.wait(timeout=30)
        did.clear()
        parameters = connection.get_connection_params()
        with psycopg.connect(
            dbname=parameters["dbname"],
            **{name: parameters[name] for name in ("host", "port", "user", "password") if name in parameters},
        ) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        connection.close()
        note.defer(what="after")
        assert did.wait(timeout=60)
        assert done == ["before", "after"]
    finally:
        assert worker.stop(timeout=30)
