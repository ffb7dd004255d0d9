"""Opens the streams, sends events at a steady rate, breaks all streams and lets them come back."""

from __future__ import annotations

import http.client
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import orjson

from benchmarks.figures import Spread, machine, spread, table
from benchmarks.installation import Installation, cpu_seconds, free_port, pss_bytes, temporary
from benchmarks.live.streams import Opened, Readers, Receipt, Wanted, allow_many_files
from benchmarks.live.town import Said, Town, answer, build

MEBIBYTE = 2**20
SETTLE_SECONDS = 3.0
MISSED_EVENTS = 20
SEED = 20261122


@dataclass(frozen=True, slots=True)
class Measured:
    """Of one kind of stream. Latencies in milliseconds from just before commit to receipt."""

    name: str
    opened: Opened
    idle_bytes: int
    open_bytes: int
    busy_bytes: int
    latency: Spread
    expected: int
    lost: int
    doubled: int
    cpu_microseconds: float
    back: Opened | None
    back_lost: int


def main(*, streams: int, seconds: float, desk_rate: float, chat_rate: float) -> None:
    print(f"{streams:,} live streams on one process; {machine()}")
    allow_many_files()
    with temporary() as here, here.prepared(RAPPORT_TRUSTED_PROXIES="1") as _address:
        town = build(streams=streams)
        results = []
        for name, wanted, rate, keys in (
            ("desk", town.desk_streams, desk_rate, desk_keys),
            ("chat", town.chat_streams, chat_rate, chat_keys),
        ):
            with here.serving(RAPPORT_TRUSTED_PROXIES="1"):
                results.append(_measure(here, town, name, wanted, rate, seconds, keys))
            sample = 150 if name == "desk" else 350
            results.append(
                _yardstick(here, f"bare, like {name}", streams, rate, seconds, name == "desk", sample)
            )
    _report(results, streams)
    print(f"after the run: {machine()}")


Keys = Callable[[Receipt], str]


def desk_keys(receipt: Receipt) -> str:
    return str(orjson.loads(receipt.data)["seq"]) if receipt.name == "event" else ""


def chat_keys(receipt: Receipt) -> str:
    return str(orjson.loads(receipt.data)["id"]) if receipt.name == "message" else ""


def _measure(
    here: Installation,
    town: Town,
    name: str,
    wanted: tuple[Wanted, ...],
    rate: float,
    seconds: float,
    keys: Keys,
) -> Measured:
    servers = here.processes()
    idle = pss_bytes(servers)
    readers = Readers(here.port, wanted)
    try:
        opened = readers.open()
        time.sleep(SETTLE_SECONDS)
        held = pss_bytes(servers)
        readers.received()
        before = cpu_seconds(servers)
        said = _talk(town, rate, seconds)
        time.sleep(SETTLE_SECONDS)
        spent = cpu_seconds(servers) - before
        due = _due(town, said, name)
        latency, lost, doubled = _compare(due, readers.received(), keys)
        busy = pss_bytes(servers)
        readers.close()
        time.sleep(SETTLE_SECONDS)
        missed = _due(town, _talk(town, 1e9, MISSED_EVENTS / 1e9), name)
        back = readers.open()
        time.sleep(SETTLE_SECONDS)
        _, back_lost, _ = _compare(missed, readers.received(), keys)
    finally:
        readers.end()
    expected = len(due)
    return Measured(name, opened, idle, held, busy, latency, expected, lost, doubled,
                    spent / max(expected, 1) * 1e6, back, back_lost)  # fmt: skip


def _talk(town: Town, rate: float, seconds: float) -> list[Said]:
    draw = random.Random(SEED)
    begun = time.monotonic()
    said = []
    for index in range(max(1, int(rate * seconds))):
        time.sleep(max(0.0, begun + index / rate - time.monotonic()))
        to = draw.randrange(len(town.conversations))
        said.append(answer(town, to=to, text=f"Your order is on its way, number {index}."))
    return said


Due = dict[tuple[int, str], float]


def _due(town: Town, said: list[Said], name: str) -> Due:
    """What must arrive: (stream, key) and since when. A desk hears every event of every reply."""
    if name == "chat":
        return {(one.to, one.entry): one.at for one in said}
    from django.db import connection

    moments = {one.entry: one.at for one in said}
    with connection.cursor() as cursor:
        # The events of one reply share its transaction, so they become visible together.
        cursor.execute(
            "SELECT e.seq, s.data->>'entry' FROM timeline_event s JOIN timeline_event e ON e.xact = s.xact"
            " WHERE s.kind = 'message.sent' AND s.data->>'entry' = ANY(%s)",
            [list(moments)],
        )
        events = {str(seq): moments[entry] for seq, entry in cursor.fetchall()}
    return {(stream, seq): at for stream in range(len(town.desk_streams)) for seq, at in events.items()}


def _compare(due: Due, receipts: list[Receipt], keys: Keys) -> tuple[Spread, int, int]:
    came: Counter[tuple[int, str]] = Counter()
    latencies = []
    for receipt in receipts:
        place = receipt.stream, keys(receipt)
        if place in due:
            came[place] += 1
            if came[place] == 1:
                latencies.append((receipt.at - due[place]) * 1000)
    lost = len(due) - len(came)
    return spread(latencies), lost, sum(came.values()) - len(came)


def _yardstick(
    here: Installation, name: str, streams: int, rate: float, seconds: float, to_all: bool, size: int
) -> Measured:
    here.port = free_port()
    granian = str(Path(sys.executable).parent / "granian")
    command = (granian, "--interface", "asgi", "--port", str(here.port), "--no-access-log", "--log-level",
               "warning", "--workers-kill-timeout", "2", "benchmarks.live.yardstick:application")  # fmt: skip
    with here.serving(*command, PYTHONPATH=str(Path(__file__).resolve().parents[2])):
        servers = here.processes()
        idle = pss_bytes(servers)
        readers = Readers(here.port, [Wanted("/live", ()) for _ in range(streams)])
        try:
            opened = readers.open()
            held = pss_bytes(servers)
            readers.received()
            before = cpu_seconds(servers)
            due = _say(here.port, streams, rate, seconds, to_all, size)
            time.sleep(SETTLE_SECONDS)
            spent = cpu_seconds(servers) - before
            # Which of the bare streams is the n-th is the server's affair: any one receipt counts.
            receipts = readers.received() if to_all else [_anybody(one) for one in readers.received()]
            latency, lost, doubled = _compare(due, receipts, lambda one: one.data.split(b" ", 1)[0].decode())
            busy = pss_bytes(servers)
        finally:
            readers.end()
    return Measured(name, opened, idle, held, busy, latency, len(due), lost, doubled,
                    spent / max(len(due), 1) * 1e6, None, 0)  # fmt: skip


def _say(port: int, streams: int, rate: float, seconds: float, to_all: bool, size: int) -> Due:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    draw = random.Random(SEED)
    begun = time.monotonic()
    due: Due = {}
    for index in range(max(1, int(rate * seconds))):
        time.sleep(max(0.0, begun + index / rate - time.monotonic()))
        body = f"id: 7-{index}\nevent: event\ndata: {index} ".encode().ljust(size, b".") + b"\n\n"
        path = "/say" if to_all else f"/say?to={draw.randrange(streams)}"
        at = time.monotonic()
        connection.request("POST", path, body=body)
        connection.getresponse().read()
        due.update({(stream, str(index)): at for stream in (range(streams) if to_all else (0,))})
    return due


def _anybody(receipt: Receipt) -> Receipt:
    return Receipt(0, receipt.at, receipt.name, receipt.data)


def _report(results: list[Measured], streams: int) -> None:
    head = ("streams", "open all s", "PSS before MB", "open MB", "busy MB", "KB per stream", "p50 ms", "p95 ms",
            "p99 ms", "due", "lost", "doubled", "CPU µs per delivery", "all back s", "lost in the storm")  # fmt: skip
    rows = []
    for one in results:
        each = (one.open_bytes - one.idle_bytes) / 1024 / streams
        rows.append((
            one.name, one.opened.all_seconds, one.idle_bytes / MEBIBYTE, one.open_bytes / MEBIBYTE,
            one.busy_bytes / MEBIBYTE, each, one.latency.p50, one.latency.p95, one.latency.p99, one.expected,
            one.lost, one.doubled, one.cpu_microseconds, one.back.all_seconds if one.back else "", one.back_lost,
        ))  # fmt: skip
    print()
    print(table(head, rows))
    for ours, bare in zip(results[::2], results[1::2], strict=True):
        print(
            f"{ours.name}: p99 {ours.latency.p99 / bare.latency.p99:.1f}x, CPU per delivery "
            f"{ours.cpu_microseconds / bare.cpu_microseconds:.1f}x, memory "
            f"{ours.busy_bytes / bare.busy_bytes:.1f}x of the bare server"
        )
        for failure in (*ours.opened.failed, *(ours.back.failed if ours.back else ()))[:3]:
            print(f"{ours.name}: {failure}")
