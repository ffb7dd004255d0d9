import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError
from django.db import connection, models

from rapport.kernel import secrets
from rapport.kernel.fields import EncryptedTextField
from rapport.kernel.secrets import (
    KeyFileBroken,
    KeyFileExposed,
    Keyring,
    NoKeyFits,
    NoKeyring,
    NotEncrypted,
    load_or_create,
    rotate,
)

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "keyring"


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_what_was_encrypted_is_marked_differs_each_time_and_comes_back() -> None:
    keyring = Keyring([NEW])
    first, second = keyring.encrypt("Wanjirũ \ud800\0"), keyring.encrypt("Wanjirũ \ud800\0")
    assert first.startswith("r1:") and first != second
    assert keyring.decrypt(first) == keyring.decrypt(second) == "Wanjirũ \ud800\0"
    assert NEW not in repr(keyring)


def test_the_first_key_encrypts_and_every_key_decrypts() -> None:
    before, during, after = Keyring([OLD]), Keyring([NEW, OLD]), Keyring([NEW])
    token = before.encrypt("secret")
    assert during.decrypt(token) == "secret"
    with pytest.raises(NoKeyFits, match="the one key"):
        after.decrypt(token)
    moved = during.reencrypt(token)
    assert after.decrypt(moved) == "secret"
    with pytest.raises(NoKeyFits):
        before.decrypt(moved)


def test_plain_damaged_and_foreign_values_are_told_apart() -> None:
    keyring = Keyring([NEW, OLD])
    token = keyring.encrypt("secret")
    for opened in (keyring.decrypt, keyring.reencrypt):
        with pytest.raises(NotEncrypted):
            opened("secret")
        with pytest.raises(NotEncrypted):
            opened("")
        for damaged in (token[:-4], "r1:", "r1:é", token.replace("gAAAA", "gAAAB")):
            with pytest.raises(NoKeyFits):
                opened(damaged)


def test_bad_keys_are_refused_without_showing_them() -> None:
    with pytest.raises(KeyFileBroken):
        Keyring([])
    with pytest.raises(KeyFileBroken) as refusal:
        Keyring([NEW, "hunter2"])
    assert "hunter2" not in str(refusal.value)
    assert len(Keyring.parse(f"# comment\n\n {NEW} \n{OLD}\n")) == 2


def test_the_key_file_is_made_once_for_its_owner_only(file: Path) -> None:
    token = load_or_create(file).encrypt("secret")
    assert mode(file) == 0o600 and mode(file.parent) == 0o700
    content = file.read_bytes()
    assert load_or_create(str(file)).decrypt(token) == "secret"
    assert file.read_bytes() == content


def test_processes_that_start_at_once_get_the_same_key(file: Path) -> None:
    program = (
        "import sys; from rapport.kernel.secrets import load_or_create; sys.stdin.readline();"
        "print(load_or_create(sys.argv[1]).encrypt('secret'))"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        for _ in range(4)
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    tokens = [process.communicate()[0].strip() for process in started]
    keyring = load_or_create(file)
    assert len(keyring) == 1
    assert [keyring.decrypt(token) for token in tokens] == ["secret"] * 4


@pytest.mark.parametrize("open_mode", [0o640, 0o604, 0o660, 0o620])
def test_a_key_file_that_others_can_reach_is_refused(file: Path, open_mode: int) -> None:
    load_or_create(file)
    content = file.read_bytes()
    file.chmod(open_mode)
    for attempt in (load_or_create, rotate):
        with pytest.raises(KeyFileExposed, match=f"chmod 600 {file}"):
            attempt(file)
    assert file.read_bytes() == content and mode(file) == open_mode


@pytest.mark.parametrize("content", [b"", b"# nothing\n", b"hunter2\n", b"\xff\xfe", b"x" * 70_000])
def test_a_damaged_key_file_is_never_replaced_by_a_new_key(file: Path, content: bytes) -> None:
    load_or_create(file)
    file.write_bytes(content)
    for attempt in (load_or_create, rotate):
        with pytest.raises(KeyFileBroken):
            attempt(file)
    assert file.read_bytes() == content


def test_a_directory_is_not_a_key_file(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        load_or_create(tmp_path)


def test_rotating_puts_a_new_key_in_front_and_keeps_the_old(file: Path) -> None:
    before = load_or_create(file)
    token = before.encrypt("secret")
    after = rotate(file)
    assert len(after) == 2 and mode(file) == 0o600
    assert load_or_create(file).decrypt(token) == "secret"
    with pytest.raises(NoKeyFits):
        before.decrypt(after.encrypt("new"))
    assert len(rotate(file)) == 3


def test_rotating_what_does_not_exist_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        rotate(tmp_path / "keyring")
    assert not (tmp_path / "keyring").exists()


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_keys_and_no_litter(
    file: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_or_create(file)
    content = file.read_bytes()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, step, full)
        with pytest.raises(OSError, match="No space"):
            rotate(file)
    assert file.read_bytes() == content
    assert sorted(path.name for path in file.parent.iterdir()) == [".keyring.lock", "keyring"]
    assert len(rotate(file)) == 2


class Mailbox(models.Model):
    """Lives only in this test; its table is made in the test's transaction."""

    password = EncryptedTextField(null=True, default="")

    class Meta:
        app_label = "kernel_secret_tests"


@pytest.fixture
def keyring() -> Iterator[Keyring]:
    before = secrets._process_keyring
    keyring = Keyring([NEW, OLD])
    secrets.configure(keyring)
    yield keyring
    secrets.configure(before)


@pytest.fixture
def table(keyring: Keyring, transactional_db: None) -> Iterator[None]:
    with connection.schema_editor() as editor:
        editor.create_model(Mailbox)
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(Mailbox)


def stored() -> list[str | None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT password FROM {Mailbox._meta.db_table} ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_a_field_is_encrypted_in_the_database_and_plain_in_python(table: None, keyring: Keyring) -> None:
    first = Mailbox.objects.create(password="hunter2")
    Mailbox.objects.bulk_create([Mailbox(password=""), Mailbox(password=None)])
    assert list(Mailbox.objects.order_by("id").values_list("password", flat=True)) == ["hunter2", "", None]
    raw = stored()
    assert raw[2] is None and all(value and value.startswith("r1:") for value in raw[:2])
    assert keyring.decrypt(str(raw[0])) == "hunter2"

    Mailbox.objects.filter(pk=first.pk).update(password="changed")
    first.refresh_from_db()
    assert first.password == "changed"
    first.password = "again"
    Mailbox.objects.bulk_update([first], ["password"])
    assert Mailbox.objects.get(pk=first.pk).password == "again"
    assert keyring.decrypt(str(stored()[0])) == "again"
    assert Mailbox.objects.filter(password__isnull=True).count() == 1


def test_a_field_whose_key_is_gone_says_which_one_and_what_to_do(table: None) -> None:
    secrets.configure(Keyring([OLD]))
    Mailbox.objects.create(password="hunter2")
    secrets.configure(Keyring([NEW]))
    with pytest.raises(NoKeyFits, match=r"Mailbox\.password: .* Add the old key"):
        list(Mailbox.objects.all())
    secrets.configure(None)
    with pytest.raises(NoKeyring, match=r"Mailbox\.password"):
        list(Mailbox.objects.all())
    with pytest.raises(NoKeyring):
        Mailbox.objects.create(password="new")
    assert len(stored()) == 1


@pytest.mark.parametrize(
    "lookup", ["password", "password__contains", "password__in", "password__lower__exact"]
)
def test_an_encrypted_field_refuses_to_be_searched(lookup: str, keyring: Keyring) -> None:
    with pytest.raises(FieldError):
        Mailbox.objects.filter(**{lookup: "hunter2"})
