"""A thousand readers of server-sent events in one process of its own: raw asyncio, as little work as possible.

They note when a frame came in and look at what it says only afterwards, so that they measure the server and
not themselves.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from time import monotonic
from typing import Any

OPENING_AT_ONCE = 100
OPEN_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """One stream to open: its path with headers, ready to be sent."""

    path: str
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """Seconds from the first connection until the last stream said ``ready``, and the slowest single one."""

    all_seconds: float
    slowest_seconds: float
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A frame that came in: by which stream, when on the machine's monotonic clock, name and data."""

    stream: int
    at: float
    name: str
    data: bytes


def allow_many_files() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class Readers:
    """The process of the readers, driven from the process that measures."""

    def __init__(self, port: int, wanted: Sequence[Wanted]) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_main, args=(theirs, port, tuple(wanted)), daemon=True)
        self._process.start()

    def open(self) -> Opened:
        """Open all streams, those that were open before with the id of the last event they heard."""
        opened: Opened = self._ask("open")
        return opened

    def close(self) -> None:
        self._ask("close")

    def received(self) -> list[Receipt]:
        """What came in since the last call, in order of arrival."""
        receipts: list[Receipt] = self._ask("received")
        return receipts

    def end(self) -> None:
        self._ask("end")
        self._process.join(10)

    def _ask(self, what: str) -> Any:
        self._pipe.send(what)
        answer = self._pipe.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass(slots=True)
class _Heard:
    """What all readers heard, in order of arrival: stream, time, block of lines."""

    blocks: list[tuple[int, float, bytes]] = field(default_factory=list)


class _Reader(asyncio.Protocol):
    def __init__(self, index: int, wanted: Wanted, heard: _Heard) -> None:
        self._index = index
        self._wanted = wanted
        self._heard = heard
        self._buffer = b""
        self._transport: asyncio.Transport | None = None
        self.last_event_id = b""
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connect_again(self) -> None:
        self._buffer = b""
        self.ready = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        headers = [*self._wanted.headers, ("Accept", "text/event-stream")]
        if self.last_event_id:
            headers.append(("Last-Event-ID", self.last_event_id.decode()))
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
        transport.write(f"GET {self._wanted.path} HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n".encode())

    def data_received(self, data: bytes) -> None:
        at = monotonic()
        self._buffer += data
        *whole, self._buffer = self._buffer.split(b"\n\n")
        for block in whole:
            self._heard.blocks.append((self._index, at, block))
            # The last line that starts with "id: " is what a browser would come back with.
            place = block.rfind(b"id: ")
            if place >= 0:
                self.last_event_id = block[place + 4 :].split(b"\n", 1)[0]
            if not self.ready.done() and b"event: ready" in block:
                self.ready.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ready.done():
            self.ready.set_exception(ConnectionError(f"refused: {self._buffer[:200]!r} {error}"))
            self.ready.exception()  # told once, to whoever waits

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()


def _main(pipe: Connection, port: int, wanted: tuple[Wanted, ...]) -> None:
    allow_many_files()
    asyncio.run(_drive(pipe, port, wanted))


async def _drive(pipe: Connection, port: int, wanted: tuple[Wanted, ...]) -> None:
    loop = asyncio.get_running_loop()
    heard = _Heard()
    readers = [_Reader(index, one, heard) for index, one in enumerate(wanted)]
    while True:
        what = await loop.run_in_executor(None, pipe.recv)
        if what == "open":
            pipe.send(await _open(readers, port))
        elif what == "received":
            blocks, heard.blocks = heard.blocks, []
            pipe.send([_receipt(*block) for block in blocks if b"event: " in block[2]])
        else:
            for reader in readers:
                reader.close()
            pipe.send(None)
        if what == "end":
            return


async def _open(readers: Sequence[_Reader], port: int) -> Opened:
    loop = asyncio.get_running_loop()
    knocking = asyncio.Semaphore(OPENING_AT_ONCE)
    begun = monotonic()
    spent: list[float] = []
    failed: list[str] = []

    async def one(reader: _Reader) -> None:
        reader.connect_again()
        try:
            async with knocking:
                at = monotonic()
                await loop.create_connection(lambda: reader, "127.0.0.1", port)
            await asyncio.wait_for(asyncio.shield(reader.ready), OPEN_SECONDS)
            spent.append(monotonic() - at)
        except (OSError, TimeoutError) as error:
            failed.append(f"{type(error).__name__}: {error}")

    await asyncio.gather(*map(one, readers))
    return Opened(monotonic() - begun, max(spent, default=0.0), tuple(failed))


def _receipt(stream: int, at: float, block: bytes) -> Receipt:
    name = block.split(b"event: ", 1)[1].split(b"\n", 1)[0]
    _, _, data = block.partition(b"data: ")
    return Receipt(stream, at, name.decode(), data)
