"""The secrets an installation makes for itself."""

from __future__ import annotations

import errno
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from rapport.config import secret_files as module
from rapport.config.secret_files import SecretTrouble, secret_files


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_folder_and_files_are_for_their_owner_only(tmp_path: Path) -> None:
    data = tmp_path / "var"
    found = secret_files(data)
    assert (mode(data), mode(data / "secrets")) == (0o700, 0o700)
    assert {mode(path) for path in (data / "secrets").iterdir()} == {0o600}
    assert len(found.django_key) >= 50
    assert found.keyring_path == data / "secrets" / "keyring"


def test_the_umask_changes_nothing(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        secret_files(tmp_path / "var")
    finally:
        os.umask(before)
    assert mode(tmp_path / "var" / "secrets" / "django_key") == 0o600


def test_secrets_stay_the_same(tmp_path: Path) -> None:
    assert secret_files(tmp_path) == secret_files(tmp_path)


def test_secrets_do_not_show_in_a_log(tmp_path: Path) -> None:
    found = secret_files(tmp_path)
    assert found.django_key not in repr(found)
    assert found.postgres_password not in repr(found)


def key_of(folder: str) -> str:
    return secret_files(Path(folder)).django_key


def test_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4, mp_context=get_context("fork")) as processes:
        keys = set(processes.map(key_of, [str(tmp_path / "var")] * 8))
    assert len(keys) == 1


def test_a_folder_open_to_others_is_closed_but_passing_through_stays(tmp_path: Path) -> None:
    data = tmp_path / "var"
    data.mkdir(mode=0o755)
    data.chmod(0o755)
    secret_files(data)
    assert mode(data) == 0o711


def test_a_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    secret_files(tmp_path)
    key = tmp_path / "secrets" / "django_key"
    key.chmod(0o640)
    with pytest.raises(SecretTrouble, match="chmod 600"):
        secret_files(tmp_path)
    assert mode(key) == 0o640


def test_an_empty_secret_is_refused_and_not_replaced(tmp_path: Path) -> None:
    secret_files(tmp_path)
    key = tmp_path / "secrets" / "django_key"
    key.write_text("")
    with pytest.raises(SecretTrouble, match="is empty"):
        secret_files(tmp_path)
    assert key.read_text() == ""


def test_a_full_disk_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(module.os, "fsync", full)
    with pytest.raises(SecretTrouble, match="No space left"):
        secret_files(tmp_path)
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == [".lock"]


def test_a_data_folder_that_is_a_file_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("not a folder")
    with pytest.raises(SecretTrouble) as refused:
        secret_files(tmp_path / "var")
    assert "\n" not in str(refused.value)
