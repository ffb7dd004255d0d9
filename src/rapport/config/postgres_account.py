"""Who runs the embedded PostgreSQL when Rapport runs as root, and how that account reaches its folder.

PostgreSQL refuses to run as root. Then an unprivileged account runs it, and may pass through (never list
or read) the folders above its own, by an access control entry for that one account where the file system
has them.
"""

from __future__ import annotations

import errno
import os
import pwd
import shutil
import struct
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rapport.config.trouble import Trouble

PREFERRED = ("rapport", "postgres")
LAST_RESORT = "nobody"

ACL_ATTRIBUTE = "system.posix_acl_access"
# Layout: linux/posix_acl_xattr.h (version 2, little endian): tag, permissions, id.
_ACL_HEADER = struct.Struct("<I")
_ACL_ENTRY = struct.Struct("<HHI")
_ACL_VERSION = 2
_USER_OBJ, _USER, _GROUP_OBJ, _GROUP, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
_NO_ID = 0xFFFFFFFF
_EXECUTE = 1

Entry = tuple[int, int, int]


@dataclass(frozen=True)
class Account:
    """An account of the operating system that is not root."""

    name: str
    uid: int
    gid: int


def account_for(folder: Path) -> Account | None:
    """The account that runs PostgreSQL for ``folder``; None: the one we run as, which is not root.

    A folder that already has an owner keeps it, so that `sudo make serve` after `make serve` works.
    """
    if os.geteuid() != 0:
        return None
    owner = folder.stat().st_uid if folder.exists() else 0
    if owner:
        return _account_of_uid(owner, folder.stat().st_gid)
    return _first_known(PREFERRED) or _created(PREFERRED[0]) or _required(LAST_RESORT)


def _account_of_uid(uid: int, gid: int) -> Account:
    try:
        found = pwd.getpwuid(uid)
    except KeyError:
        return Account(str(uid), uid, gid)
    return Account(found.pw_name, found.pw_uid, found.pw_gid)


def _first_known(names: tuple[str, ...]) -> Account | None:
    for name in names:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        if found.pw_uid:
            return Account(name, found.pw_uid, found.pw_gid)
    return None


def _created(name: str) -> Account | None:
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if program is None:
        return None
    done = subprocess.run(  # noqa: S603
        [program, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name],
        capture_output=True,
        check=False,
    )
    return _first_known((name,)) if done.returncode == 0 else None


def _required(name: str) -> Account:
    account = _first_known((name,))
    if account is None:
        raise Trouble(
            "no unprivileged account can run the embedded PostgreSQL; make one: useradd --system rapport"
        )
    return account


def make_reachable(folder: Path, account: Account, *, say: Callable[[str], None]) -> None:
    """Let ``account`` pass through every folder above and including ``folder``, widening as little as
    possible and saying what was widened. Raises ``Trouble`` when that cannot be done."""
    if may(account, "-x", folder):
        return
    for closed in [*reversed(folder.parents), folder]:
        if not may(account, "-x", closed):
            _let_pass(closed, account, say=say)
    if not may(account, "-x", folder):
        raise Trouble(
            f"the account {account.name} cannot reach {folder}; set RAPPORT_DATA_DIR to another folder"
        )


def may(account: Account, flag: str, path: Path) -> bool:
    """Whether ``test FLAG path`` holds for ``account``: asked of the system, so every rule counts."""
    return (
        subprocess.run(  # noqa: S603
            ["/bin/sh", "-c", f'test {flag} "$1"', "sh", str(path)],
            capture_output=True,
            check=False,
            cwd="/",
            user=account.uid,
            group=account.gid,
            extra_groups=[],
        ).returncode
        == 0
    )


def _let_pass(folder: Path, account: Account, *, say: Callable[[str], None]) -> None:
    if _grant_by_acl(folder, account):
        say(f"{account.name} may now pass through {folder} (access control entry), to run PostgreSQL")
        return
    folder.chmod((folder.stat().st_mode & 0o7777) | 0o001)
    say(
        f"everyone may now pass through {folder} (chmod o+x), because {account.name} runs PostgreSQL below it"
    )


def _grant_by_acl(folder: Path, account: Account) -> bool:
    if not hasattr(os, "setxattr"):
        return False
    try:
        try:
            present = os.getxattr(folder, ACL_ATTRIBUTE)
        except OSError as error:
            if error.errno != errno.ENODATA:
                return False
            present = b""
        acl = acl_with_pass(present, mode=folder.stat().st_mode, uid=account.uid)
        os.setxattr(folder, ACL_ATTRIBUTE, acl)
    except OSError:
        return False
    return may(account, "-x", folder)


def acl_with_pass(present: bytes, *, mode: int, uid: int) -> bytes:
    """The access control list ``present`` (empty: what ``mode`` says) with the entry ``u:<uid>:--x``."""
    entries = _entries(present) if present else _entries_of_mode(mode)
    permissions = next((perm for tag, perm, id_ in entries if (tag, id_) == (_USER, uid)), 0) | _EXECUTE
    entries = [entry for entry in entries if (entry[0], entry[2]) != (_USER, uid) and entry[0] != _MASK]
    entries.append((_USER, permissions, uid))
    mask = 0
    for tag, perm, _ in entries:
        if tag in (_USER, _GROUP_OBJ, _GROUP):
            mask |= perm
    # An old mask that held something back keeps doing so, except for the right we need.
    old_mask = next((perm for tag, perm, _ in _entries(present) if tag == _MASK), None) if present else None
    if old_mask is not None:
        mask = old_mask | _EXECUTE
    entries.append((_MASK, mask, _NO_ID))
    entries.sort(key=lambda entry: (entry[0], entry[2]))
    return _ACL_HEADER.pack(_ACL_VERSION) + b"".join(_ACL_ENTRY.pack(*entry) for entry in entries)


def _entries(acl: bytes) -> list[Entry]:
    return [(tag, perm, id_) for tag, perm, id_ in _ACL_ENTRY.iter_unpack(acl[_ACL_HEADER.size :])]


def _entries_of_mode(mode: int) -> list[Entry]:
    return [
        (_USER_OBJ, mode >> 6 & 7, _NO_ID),
        (_GROUP_OBJ, mode >> 3 & 7, _NO_ID),
        (_OTHER, mode & 7, _NO_ID),
    ]
