"""The file of a backup: a gzipped tar of a manifest, the tables' rows, the secrets and the totals.

``manifest.json`` comes first and ``totals.json`` last, so that it is written and read in one pass, however
large the tables are. Names in the file are never used as paths.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import tarfile
import time
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from rapport.config.progress import Step
from rapport.config.tables import Total
from rapport.config.trouble import Trouble

FORMAT = 1
MANIFEST, TOTALS = "manifest.json", "totals.json"
PART_BYTES = 8 * 2**20
LARGEST_DOCUMENT_BYTES = 64 * 2**20
COMPRESSION = 4  # level 9 takes four times as long for a few percent


class DamagedBackup(Trouble):
    """The file is not a whole backup."""


@dataclass(frozen=True)
class Contents:
    """A backup that was read through: every checksum in it agrees."""

    path: Path
    manifest: dict[str, Any]
    totals: dict[str, Total]
    sequences: dict[str, tuple[int, bool]]
    ranges: dict[str, tuple[str, str]]
    secrets: dict[str, bytes]

    @property
    def migrations(self) -> set[tuple[str, str]]:
        return {(app, name) for app, name in self.manifest["migrations"]}

    @property
    def columns(self) -> dict[str, tuple[str, ...]]:
        """Table → columns, in the order in which the tables are in the file."""
        return {table["name"]: tuple(table["columns"]) for table in self.manifest["tables"]}


class ArchiveWriter:
    """Writes the members of a backup in order."""

    def __init__(self, file: IO[bytes]) -> None:
        self._gzip = gzip.GzipFile(fileobj=file, mode="wb", compresslevel=COMPRESSION, filename="")
        self._tar = tarfile.open(fileobj=self._gzip, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self._now = int(time.time())

    def document(self, name: str, content: object) -> None:
        self.member(name, json.dumps(content, indent=1).encode())

    def member(self, name: str, content: bytes) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.mode = len(content), self._now, 0o600
        self._tar.addfile(info, io.BytesIO(content))

    def table(self, name: str, blocks: Iterator[bytes]) -> Iterator[int]:
        """Write a table's rows in parts, yielding the number of rows after each."""
        part, held, rows = 1, bytearray(), 0
        for block in blocks:
            held += block
            if len(held) >= PART_BYTES:
                rows += self._part(name, part, held)
                part, held = part + 1, bytearray()
                yield rows
        if held:
            rows += self._part(name, part, held)
            yield rows

    def _part(self, name: str, part: int, held: bytearray) -> int:
        self.member(f"tables/{name}/{part:06d}.copy", bytes(held))
        return held.count(b"\n")

    def close(self) -> None:
        self._tar.close()
        self._gzip.close()


def check_archive(path: Path, *, step: Step) -> Contents:
    """Read a backup from beginning to end and compare every checksum.

    Raises ``DamagedBackup``, or ``Trouble`` when the file cannot be read or is of a newer format.
    """
    documents: dict[str, Any] = {}
    secrets: dict[str, bytes] = {}
    digests: dict[str, tuple[Any, int]] = {}
    with whole(path):
        for name, member in _members(path, step=step):
            if name in {MANIFEST, TOTALS}:
                documents[name] = _document(path, member)
            elif name.startswith("secrets/"):
                secrets[name.removeprefix("secrets/")] = member.read(LARGEST_DOCUMENT_BYTES)
            elif table := table_of(name):
                digest, rows = digests.get(table, (hashlib.sha256(), 0))
                digests[table] = (digest, rows + _digest(member, digest))
    _refuse_other_format(path, documents)
    try:
        contents = _contents(path, documents, secrets)
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedBackup(f"{path} is damaged: {MANIFEST} or {TOTALS} is incomplete") from error
    found = {name: Total(rows=rows, sha256=digest.hexdigest()) for name, (digest, rows) in digests.items()}
    _compare(contents, found, documents[TOTALS])
    return contents


@contextmanager
def whole(path: Path) -> Iterator[None]:
    """Reading in here raises ``DamagedBackup`` where the file ends early or is not what it claims to be."""
    try:
        yield
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise DamagedBackup(f"{path} is damaged or not a backup of Rapport") from error
    except OSError as error:
        raise Trouble(f"{path}: {error.strerror or error}") from error


def _members(path: Path, *, step: Step) -> Iterator[tuple[str, IO[bytes]]]:
    size = path.stat().st_size
    with path.open("rb") as file, gzip.GzipFile(fileobj=file) as unzipped:
        with tarfile.open(fileobj=unzipped, mode="r|") as tar:
            for info in tar:
                content = tar.extractfile(info) if info.isreg() else None
                if content is not None:
                    yield info.name, content
                step(info.name, file.tell(), size)
        while unzipped.read(2**20):  # gzip compares its own checksum at the very end
            pass


def _document(path: Path, member: IO[bytes]) -> dict[str, Any]:
    try:
        content = json.loads(member.read(LARGEST_DOCUMENT_BYTES))
    except ValueError as error:
        raise DamagedBackup(f"{path} is damaged: its list of contents cannot be read") from error
    if not isinstance(content, dict):
        raise DamagedBackup(f"{path} is damaged: its list of contents cannot be read")
    return content


def table_of(member: str) -> str | None:
    """The table that a member holds rows of."""
    found = re.fullmatch(r"tables/([a-z0-9_]+)/\d{6}\.copy", member)
    return found[1] if found else None


def _digest(member: IO[bytes], digest: Any) -> int:
    rows = 0
    while block := member.read(2**20):
        digest.update(block)
        rows += block.count(b"\n")
    return rows


def _refuse_other_format(path: Path, documents: dict[str, Any]) -> None:
    if MANIFEST not in documents or TOTALS not in documents:
        raise DamagedBackup(f"{path} is not a whole backup of Rapport: it ends before its totals")
    made_by = documents[MANIFEST].get("rapport")
    if documents[MANIFEST].get("format") != FORMAT:
        raise Trouble(f"{path} was made by Rapport {made_by} in a format that this version does not know")


def _contents(path: Path, documents: dict[str, Any], secrets: dict[str, bytes]) -> Contents:
    totals = documents[TOTALS]
    contents = Contents(
        path=path,
        manifest=documents[MANIFEST],
        totals={name: Total(**found) for name, found in totals["tables"].items()},
        sequences={name: (int(value), bool(called)) for name, (value, called) in totals["sequences"].items()},
        ranges={name: (str(first), str(last)) for name, (first, last) in totals["ranges"].items()},
        secrets=secrets,
    )
    if not contents.migrations or contents.columns.keys() != contents.totals.keys():
        raise ValueError
    return contents


def _compare(contents: Contents, found: dict[str, Total], totals: dict[str, Any]) -> None:
    empty = Total(rows=0, sha256=hashlib.sha256().hexdigest())
    for name, promised in contents.totals.items():
        if found.get(name, empty) != promised:
            raise DamagedBackup(f"{contents.path} is damaged: the rows of {name} do not match their checksum")
    if found.keys() - contents.totals.keys():
        raise DamagedBackup(f"{contents.path} is damaged: it holds tables that it does not list")
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in contents.secrets.items()}
    if digests != totals.get("secrets"):
        raise DamagedBackup(f"{contents.path} is damaged: the secret files do not match their checksums")


def table_parts(contents: Contents, *, step: Step) -> Generator[tuple[str, IO[bytes]], None, None]:
    """(table, rows) for each part, in the order of the file. Read it within ``whole``."""
    for name, member in _members(contents.path, step=step):
        if table := table_of(name):
            yield table, member
