"""Backups are whole or not there, and come back as they were or not at all."""

from __future__ import annotations

import errno
import gzip
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from rapport.config import archive, backup
from rapport.config.archive import Contents, DamagedBackup, check_archive
from rapport.config.backup import Made, back_up
from rapport.config.embedded import server_pid
from rapport.config.progress import no_step
from rapport.config.restore import MARK, RestoreRefused, restore
from rapport.config.secret_files import secret_files
from rapport.config.tables import same_text, tables, total
from rapport.config.tests.scratch_databases import command, new_database
from rapport.config.trouble import Trouble
from rapport.kernel.secrets import load_or_create

FILL = """
INSERT INTO timeline_event (workspace_id, kind, at, data)
SELECT gen_random_uuid(), 'page.viewed', timestamptz '2026-01-15' + i * interval '1 day',
       jsonb_build_object('text', E'tab\\there \\\\N line\\nÜmlaut 你好 \\\\.', 'amount', i / 7.0)
FROM generate_series(1, 60) i;
INSERT INTO timeline_event_key SELECT gen_random_uuid(), now() FROM generate_series(1, 5);
INSERT INTO django_session VALUES ('key', 'data', now());
INSERT INTO procrastinate_workers DEFAULT VALUES;
INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id)
VALUES ('q', 'later', '{"n": 1}', 'todo', NULL),
       ('q', 'under way', '{}', 'doing', (SELECT min(id) FROM procrastinate_workers)),
       ('q', 'done', '{}', 'succeeded', NULL);
"""
PARTITION = """
CREATE TABLE IF NOT EXISTS timeline_event_{year}_{month:02d} PARTITION OF timeline_event
FOR VALUES FROM ('{year}-{month:02d}-01 00:00+00') TO ('{next_year}-{next_month:02d}-01 00:00+00')
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database with the tables of this version and rows of every difficult kind."""
    folder = tmp_path_factory.mktemp("source")
    with new_database() as address:
        done = command("manage", "migrate", RAPPORT_DATABASE_URL=address, RAPPORT_DATA_DIR=str(folder))
        assert done.returncode == 0, done.stderr
        with psycopg.connect(address) as connection:
            for month in range(1, 5):
                text = PARTITION.format(year=2026, month=month, next_year=2026, next_month=month + 1)
                connection.execute(text.encode())
            connection.execute(FILL.encode())
        yield address


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder of the installation that is backed up."""
    folder = tmp_path / "var"
    secret_files(folder)
    load_or_create(folder / "secrets" / "keyring")
    return folder


@pytest.fixture
def made(source: str, data: Path) -> Made:
    return back_up(source, data_dir=data, to=None, step=no_step)


def count(address: str, table: str) -> int:
    with psycopg.connect(address) as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
    return int(row[0]) if row else 0


def table_names(address: str) -> set[str]:
    with psycopg.connect(address) as connection:
        return {
            row[0]
            for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        }


def totals(address: str) -> dict[str, Any]:
    with psycopg.connect(address) as connection:
        same_text(connection)
        return {table.name: total(connection, table) for table in tables(connection)}


def test_a_backup_is_one_file_for_its_owner_only(made: Made, data: Path) -> None:
    assert made.path.parent == data / "backups"
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in made.path.parent.iterdir()] == [made.path.name]


def test_a_backup_leaves_out_sessions_and_finished_jobs(made: Made, data: Path) -> None:
    contents = check_archive(made.path, step=no_step)
    assert contents.totals["timeline_event"].rows == 60
    assert contents.totals["procrastinate_jobs"].rows == 2
    assert not {"django_session", "procrastinate_events", "django_migrations"} & contents.totals.keys()
    assert contents.secrets["keyring"] == (data / "secrets" / "keyring").read_bytes()
    assert "postgres_password" not in contents.secrets


@pytest.mark.slow
def test_what_was_backed_up_comes_back_the_same(source: str, made: Made, data: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    with new_database() as address:
        done = command("restore", str(made.path), RAPPORT_DATABASE_URL=address, RAPPORT_DATA_DIR=str(other))
        assert done.returncode == 0, done.stderr
        assert f"restored {made.rows} rows" in done.stdout
        assert totals(address) == totals(source)
        assert MARK not in table_names(address)
        assert count(address, "django_migrations") == count(source, "django_migrations")
        assert count(address, "procrastinate_jobs WHERE status = 'succeeded'") == 0
        with psycopg.connect(address) as connection:
            row = connection.execute(
                "INSERT INTO timeline_event (workspace_id, kind, at) "
                "VALUES (gen_random_uuid(), 'x', '2026-01-20') RETURNING seq"
            ).fetchone()
            assert row is not None
            assert row[0] > 60
            with pytest.raises(psycopg.Error):  # append-only still holds
                connection.execute("DELETE FROM timeline_event")
        again = back_up(address, data_dir=other, to=tmp_path / "again.tar.gz", step=no_step)
    for name in ("django_key", "keyring"):
        assert (other / "secrets" / name).read_bytes() == (data / "secrets" / name).read_bytes()
    assert again.rows == made.rows + 0


@pytest.mark.slow
def test_a_restore_that_was_killed_can_be_run_again(source: str, made: Made, tmp_path: Path) -> None:
    with new_database(like=source) as address:
        with psycopg.connect(address) as connection:
            connection.execute(f"CREATE TABLE {MARK} ()".encode())
            connection.execute("INSERT INTO timeline_event_key SELECT gen_random_uuid(), now()")
        refused = command("worker", RAPPORT_DATABASE_URL=address, RAPPORT_DATA_DIR=str(tmp_path / "worker"))
        assert (refused.returncode, "restore into this database was cut short" in refused.stderr) == (2, True)
        done = command(
            "restore", str(made.path), RAPPORT_DATABASE_URL=address, RAPPORT_DATA_DIR=str(tmp_path / "other")
        )
        assert done.returncode == 0, done.stderr
        assert totals(address) == totals(source)


def test_a_target_with_tables_is_refused_and_left_alone(source: str, made: Made, tmp_path: Path) -> None:
    contents = check_archive(made.path, step=no_step)
    with new_database() as address:
        with psycopg.connect(address) as connection:
            connection.execute("CREATE TABLE precious (n int)")
        with pytest.raises(RestoreRefused, match="not empty"):
            restore(contents, address, data_dir=tmp_path / "other", step=no_step)
        assert table_names(address) == {"precious"}
    assert not (tmp_path / "other").exists()


@pytest.mark.slow
def test_an_empty_embedded_database_takes_the_keys_of_the_backup(made: Made, data: Path) -> None:
    folder = Path(tempfile.mkdtemp(dir=os.environ["RAPPORT_DATA_DIR"])) / "var"
    secret_files(folder)
    load_or_create(folder / "secrets" / "keyring")
    done = command("restore", str(made.path), RAPPORT_DATA_DIR=str(folder))
    assert done.returncode == 0, done.stderr
    assert (folder / "secrets" / "keyring").read_bytes() == (data / "secrets" / "keyring").read_bytes()
    assert server_pid(folder) is None
    again = command("restore", str(made.path), RAPPORT_DATA_DIR=str(folder))
    assert (again.returncode, "is not empty" in again.stderr) == (2, True)
    shutil.rmtree(folder.parent)


def test_another_installations_keyring_is_not_replaced(made: Made, tmp_path: Path) -> None:
    other = tmp_path / "other"
    secret_files(other)
    (other / "secrets" / "keyring").write_bytes(b"keys of Shamba Fresh\n")
    contents = check_archive(made.path, step=no_step)
    with new_database() as address:
        with pytest.raises(RestoreRefused, match="another installation"):
            restore(contents, address, data_dir=other, step=no_step)
        assert table_names(address) == set()
    assert (other / "secrets" / "keyring").read_bytes() == b"keys of Shamba Fresh\n"


def test_a_backup_of_a_newer_version_is_refused_and_leaves_no_keys(made: Made, tmp_path: Path) -> None:
    contents = check_archive(made.path, step=no_step)
    newer = replace(
        contents,
        manifest={
            **contents.manifest,
            "migrations": [*contents.manifest["migrations"], ["desk", "9999_next"]],
        },
    )
    with new_database() as address:
        with pytest.raises(RestoreRefused, match="newer Rapport"):
            restore(newer, address, data_dir=tmp_path / "other", step=no_step)
        assert table_names(address) == set()
    assert not (tmp_path / "other" / "secrets" / "keyring").exists()


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.9, 0.9999])
def test_a_file_cut_short_is_refused(made: Made, share: float) -> None:
    content = made.path.read_bytes()
    made.path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(DamagedBackup):
        check_archive(made.path, step=no_step)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.25, 0.5, 0.75, 0.99])
def test_a_file_with_one_changed_byte_is_refused(made: Made, share: float) -> None:
    content = bytearray(made.path.read_bytes())
    content[int((len(content) - 1) * share)] ^= 0xFF
    made.path.write_bytes(content)
    with pytest.raises(Trouble):
        check_archive(made.path, step=no_step)


def members(path: Path) -> dict[str, bytes]:
    with tarfile.open(path, "r:gz") as tar:
        return {info.name: tar.extractfile(info).read() for info in tar}  # type: ignore[union-attr]


def written(path: Path, content: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for name, data in content.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


def without_totals(found: dict[str, bytes]) -> None:
    del found["totals.json"]


def with_a_changed_row(found: dict[str, bytes]) -> None:
    name = "tables/timeline_event_key/000001.copy"
    found[name] = found[name].replace(b"-", b"0", 1)


def with_a_missing_part(found: dict[str, bytes]) -> None:
    del found["tables/timeline_event/000001.copy"]


def with_a_changed_key(found: dict[str, bytes]) -> None:
    found["secrets/django_key"] = b"guessed\n"


def with_an_unlisted_table(found: dict[str, bytes]) -> None:
    found["tables/pg_authid/000001.copy"] = b"1\tmallory\n"


def with_no_list(found: dict[str, bytes]) -> None:
    found["manifest.json"] = b"[]"


def with_half_a_list(found: dict[str, bytes]) -> None:
    found["manifest.json"] = json.dumps({"format": 1}).encode()


@pytest.mark.parametrize(
    "tamper",
    [
        without_totals,
        with_a_changed_row,
        with_a_missing_part,
        with_a_changed_key,
        with_an_unlisted_table,
        with_no_list,
        with_half_a_list,
    ],
)
def test_a_file_that_was_tampered_with_is_refused(made: Made, tmp_path: Path, tamper: Any) -> None:
    found = members(made.path)
    tamper(found)
    with pytest.raises(DamagedBackup):
        check_archive(written(tmp_path / "hostile.tar.gz", found), step=no_step)


def test_something_else_is_not_taken_for_a_backup(tmp_path: Path) -> None:
    for name, content in {"text": b"hello", "zip": gzip.compress(b"hello" * 1000), "nothing": b""}.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(DamagedBackup):
            check_archive(path, step=no_step)
    with pytest.raises(Trouble, match="No such file"):
        check_archive(tmp_path / "missing", step=no_step)


def test_a_path_in_the_file_is_never_written_to(made: Made, source: str, tmp_path: Path) -> None:
    contents = check_archive(made.path, step=no_step)
    hostile = replace(contents, secrets={"../../escaped": b"x"})
    with new_database() as address, pytest.raises(RestoreRefused, match="escaped"):
        restore(hostile, address, data_dir=tmp_path / "other", step=no_step)
    assert not (tmp_path / "escaped").exists()


def test_a_full_disk_leaves_no_backup_and_no_half_of_one(
    source: str, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = archive.ArchiveWriter.member, []

    def full(writer: archive.ArchiveWriter, name: str, content: bytes) -> None:
        calls.append(name)
        if len(calls) > 5:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(writer, name, content)

    monkeypatch.setattr(archive.ArchiveWriter, "member", full)
    with pytest.raises(Trouble, match="is full; no backup was made"):
        back_up(source, data_dir=data, to=None, step=no_step)
    assert list((data / "backups").iterdir()) == []


def test_a_disk_that_is_full_at_the_last_moment_leaves_nothing(
    source: str, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(backup.os, "fsync", full)
    with pytest.raises(Trouble, match="is full"):
        back_up(source, data_dir=data, to=None, step=no_step)
    assert list((data / "backups").iterdir()) == []


def test_an_existing_file_is_never_overwritten(source: str, data: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.tar.gz"
    kept.write_text("older")
    with pytest.raises(Trouble, match="exists already"):
        back_up(source, data_dir=data, to=kept, step=no_step)
    assert kept.read_text() == "older"
    with pytest.raises(Trouble, match="is not a folder"):
        back_up(source, data_dir=data, to=tmp_path / "nowhere" / "a.tar.gz", step=no_step)


def test_what_is_written_during_a_backup_is_wholly_in_the_next_one(
    source: str, data: Path, tmp_path: Path
) -> None:
    def meanwhile(what: str, _done: int, _total: int) -> None:
        if what == "timeline_event" and not count(source, "timeline_event WHERE kind = 'meanwhile'"):
            with psycopg.connect(source) as connection:
                connection.execute(
                    "INSERT INTO timeline_event (workspace_id, kind, at) "
                    "VALUES (gen_random_uuid(), 'meanwhile', '2026-01-20')"
                )
                connection.execute("INSERT INTO timeline_event_key SELECT gen_random_uuid(), now()")

    before = totals(source)
    first = back_up(source, data_dir=data, to=tmp_path / "first.tar.gz", step=meanwhile)
    contents: Contents = check_archive(first.path, step=no_step)
    assert contents.totals == before
    second = back_up(source, data_dir=data, to=tmp_path / "second.tar.gz", step=no_step)
    assert second.rows == first.rows + 2
