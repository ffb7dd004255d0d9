"""Encryption of secrets at rest (mailbox passwords, provider tokens) with ordered keys.

The first key encrypts, every key decrypts. The keys are the installation's own, never derived from
Django's SECRET_KEY, so that either can be changed without the other.
"""

import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

MARKER = "r1:"
_HEADER = "# Encryption keys of Rapport. The first encrypts, all decrypt. Back this file up, keep it secret."
_LONGEST_FILE = 64 * 1024


class SecretsError(Exception):
    """Something about the encryption keys or a ciphertext is wrong."""


class KeyFileExposed(SecretsError):
    """The key file can be read or written by other accounts of the machine."""


class KeyFileBroken(SecretsError):
    """The key file does not hold usable keys."""


class NotEncrypted(SecretsError):
    """A value that should be a ciphertext lacks the marker."""


class NoKeyFits(SecretsError):
    """None of the keys opens the ciphertext."""


class NoKeyring(SecretsError):
    """Nobody configured this process's keyring."""


class Keyring:
    """Ordered encryption keys: the first encrypts, all decrypt."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise KeyFileBroken("there is no encryption key")
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            # The key itself stays out of the message, which may end in a log.
            raise KeyFileBroken("an encryption key must be 32 bytes in URL-safe base64") from error
        self._count = len(keys)

    @classmethod
    def parse(cls, text: str) -> Self:
        """From the text of a key file (or an environment variable): one key a line, `#` begins a comment."""
        return cls(_keys_in(text))

    def encrypt(self, plain: str) -> str:
        """The ciphertext of a text: `r1:` and a Fernet token (about 4/3 of its length + 100 characters)."""
        return MARKER + self._fernet.encrypt(plain.encode("utf-8", "surrogatepass")).decode("ascii")

    def decrypt(self, token: str) -> str:
        """The text of a ciphertext; raises `NotEncrypted` or `NoKeyFits`."""
        try:
            return self._fernet.decrypt(_unmarked(token)).decode("utf-8", "surrogatepass")
        except InvalidToken as error:
            raise NoKeyFits(_no_key_fits(self._count)) from error

    def reencrypt(self, token: str) -> str:
        """The same text under the first key, for use after a rotation; the time of encryption is kept."""
        try:
            return MARKER + self._fernet.rotate(_unmarked(token)).decode("ascii")
        except InvalidToken as error:
            raise NoKeyFits(_no_key_fits(self._count)) from error

    def __len__(self) -> int:
        return self._count

    def __repr__(self) -> str:
        return f"<Keyring of {self._count}>"


def load_or_create(path: str | os.PathLike[str]) -> Keyring:
    """The keyring in the file, which is made with one new key (mode 0600) when there is none.

    Processes that start at once get the same key. Raises `KeyFileExposed` when other accounts may read the
    file, `KeyFileBroken` when it holds no usable keys, and `OSError` when the disk refuses.
    """
    file = Path(path)
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _exclusive(file):
            if not file.exists():
                _write(file, [Fernet.generate_key().decode("ascii")])
    return Keyring(_read(file))


def rotate(path: str | os.PathLike[str]) -> Keyring:
    """Put a new key in front; the old ones stay, so that what they encrypted can still be read.

    The file is replaced whole or not at all. Returns the new keyring; other processes need a restart.
    """
    file = Path(path)
    with _exclusive(file):
        keys = [Fernet.generate_key().decode("ascii"), *_read(file)]
        _write(file, keys)
    return Keyring(keys)


_process_keyring: Keyring | None = None


def configure(keyring: Keyring | None) -> None:
    """Set the keyring that this process's encrypted fields use; None takes it away."""
    global _process_keyring
    _process_keyring = keyring


def process_keyring() -> Keyring:
    """The keyring of this process; raises `NoKeyring` when none was configured."""
    if _process_keyring is None:
        raise NoKeyring("no encryption keys are configured; call rapport.kernel.secrets.configure first")
    return _process_keyring


def _read(file: Path) -> list[str]:
    # Opened once and asked for its mode through the handle, so that nobody can swap the file in between.
    with open(file, "rb") as handle:
        mode = os.fstat(handle.fileno()).st_mode
        if not stat.S_ISREG(mode):
            raise KeyFileBroken(f"{file} is not a file")
        if mode & 0o077:
            raise KeyFileExposed(
                f"{file} can be read by other accounts (mode {stat.S_IMODE(mode):04o}); run: chmod 600 {file}"
            )
        content = handle.read(_LONGEST_FILE + 1)
    if len(content) > _LONGEST_FILE:
        raise KeyFileBroken(f"{file} is too large for a key file")
    try:
        keys = _keys_in(content.decode("ascii"))
        Keyring(keys)
    except (UnicodeDecodeError, KeyFileBroken) as error:
        raise KeyFileBroken(
            f"{file} holds no usable encryption keys ({error}); restore it from a backup, because what was "
            "encrypted with it cannot be read without it"
        ) from error
    return keys


def _write(file: Path, keys: list[str]) -> None:
    # mkstemp makes the file with mode 0600 from the first moment.
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with open(handle, "w", encoding="ascii") as temporary:
            temporary.write("\n".join([_HEADER, *keys, ""]))
            temporary.flush()
            os.fsync(temporary.fileno())
        os.replace(name, file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    directory = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


@contextmanager
def _exclusive(file: Path) -> Iterator[None]:
    # A lock that the system lets go of when its holder is killed, unlike a lock file that merely exists.
    handle = os.open(file.with_name(f".{file.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _keys_in(text: str) -> list[str]:
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _unmarked(token: str) -> bytes:
    if not token.startswith(MARKER):
        raise NotEncrypted(f"the value is not encrypted: it does not begin with {MARKER}")
    try:
        return token[len(MARKER) :].encode("ascii")
    except UnicodeEncodeError as error:
        raise NoKeyFits("the encrypted value is damaged") from error


def _no_key_fits(count: int) -> str:
    keys = "the one key" if count == 1 else f"any of the {count} keys"
    return (
        f"this was encrypted with another key, or is damaged: it cannot be read with {keys} of this "
        "installation. Add the old key as the last line of the key file and restart."
    )
