"""The secrets that an installation makes for itself and keeps in its data folder.

``DATA/secrets/`` (mode 0700) holds one file per secret (mode 0600). Two processes that start at once agree
on the same values: whoever is first writes, under a lock, to a temporary name and renames it.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rapport.config.trouble import Trouble

DJANGO_KEY = "django_key"
KEYRING = "keyring"
POSTGRES_PASSWORD = "postgres_password"  # noqa: S105  the name of a file


class SecretTrouble(Trouble):
    """A secret file or its folder cannot be trusted or cannot be written."""


@dataclass(frozen=True)
class SecretFiles:
    """``django_key`` signs cookies, ``keyring_path`` is where the kernel's keyring lives (it makes the file
    itself), ``postgres_password`` opens the embedded database."""

    django_key: str = field(repr=False)
    keyring_path: Path
    postgres_password: str = field(repr=False)


def secret_files(data_dir: Path) -> SecretFiles:
    """Read the secrets of ``data_dir``, making folder and files when they are missing.

    Raises ``SecretTrouble`` when a file is readable by others, empty, or cannot be read or written.
    """
    try:
        folder = private_folder(data_dir) and private_folder(secrets_folder(data_dir))
        return SecretFiles(
            django_key=_read_or_make(folder / DJANGO_KEY, lambda: secrets.token_urlsafe(50)),
            keyring_path=folder / KEYRING,
            postgres_password=_read_or_make(folder / POSTGRES_PASSWORD, lambda: secrets.token_urlsafe(32)),
        )
    except OSError as error:
        raise SecretTrouble(f"{error.filename or data_dir}: {error.strerror}") from error


def secrets_folder(data_dir: Path) -> Path:
    return data_dir / "secrets"


def private_folder(folder: Path) -> Path:
    """Make ``folder`` with mode 0700, or take away what others may read or write in an existing one.

    The right to pass through (x) stays: the embedded database may need it (see ``postgres_account``), and a
    chmod to 0700 would also empty the mask of an access control list.
    """
    try:
        folder.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        mode = folder.stat().st_mode & 0o777
        if mode & 0o066:
            folder.chmod(mode & ~0o066)
    return folder


def _read_or_make(path: Path, make: Callable[[], str]) -> str:
    if not path.exists():
        with _writing(path.parent):
            if not path.exists():
                write_secret(path, (make() + "\n").encode())
    return _read(path)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write_secret(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` with mode 0600: whole or, after a failure, not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        flush_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def flush_folder(folder: Path) -> None:
    """Make the names in ``folder`` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read(path: Path) -> str:
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        raise SecretTrouble(f"{path} can be read by others (mode {mode:04o}); mend it with: chmod 600 {path}")
    value = path.read_text().strip()
    if not value:
        raise SecretTrouble(f"{path} is empty; restore it from a backup")
    return value
