"""Measures every screen of the inbox over HTTP, and its yardstick after it."""

from __future__ import annotations

import pickle
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.figures import Spread, machine, spread, table
from benchmarks.inbox.screens import Screen, Visitor, as_json, explained, screens, statements_of
from benchmarks.inbox.shop import Shop, fill, open_shop
from benchmarks.installation import Installation, cpu_seconds, free_port, temporary

WARM_UP = 5
SLOW_MILLISECONDS = 2.0
CONNECTIONS = 8


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds: ``wall`` as a spread, CPU of the server and of the database per request."""

    wall: Spread
    server_cpu: float
    database_cpu: float


def main(*, conversations: int, requests: int, explain: bool, keep: Path | None) -> None:
    print(f"inbox at {conversations:,} conversations; {machine()}")
    with temporary(keep) as here, here.prepared() as address:
        shop, numbers = _filled(here, address, conversations)
        with here.serving():
            visitor = Visitor(here.port, shop.cookie)
            all_screens = screens(shop, visitor, address, numbers)
            statements = {screen.name: statements_of(screen, shop) for screen in all_screens}
            ours = {screen.name: _measure(here, screen, visitor, requests) for screen in all_screens}
            rate = _rate(here.port, shop.cookie, all_screens[8].paths[0], requests)
        bare, nothing = _yardstick(here, address, statements, requests)
    _report(all_screens, statements, ours, bare)
    print(f"\na request that does nothing, through the bare server: p50 {nothing.wall.p50:.2f} ms")
    print(f"{all_screens[8].name}, {CONNECTIONS} connections at once: {rate:.0f} pages/s")
    print(f"after the run: {machine()}")
    if explain:
        with here.prepared() as address:
            _explain(address, statements)


def _filled(here: Installation, address: str, conversations: int) -> tuple[Shop, dict[int, int]]:
    known = here.folder / "shop.pickle"
    if known.exists():
        shop, numbers = pickle.loads(known.read_bytes())
        return shop, numbers
    begun = perf_counter()
    shop = open_shop()
    corpus, written = fill(address, shop, conversations=conversations)
    print(f"{sum(written.values()):,} rows written in {perf_counter() - begun:.0f} s")
    known.write_bytes(pickle.dumps((shop, corpus.numbers_of_size)))
    return shop, corpus.numbers_of_size


def _measure(here: Installation, screen: Screen, visitor: Visitor, requests: int) -> Measured:
    for index in range(WARM_UP):
        visitor.get(screen.paths[index % len(screen.paths)], screen.headers)
    servers, databases = here.processes(), here.database_processes()
    before = cpu_seconds(servers), cpu_seconds(databases)
    walls = [
        visitor.get(screen.paths[index % len(screen.paths)], screen.headers)[0] * 1000
        for index in range(requests)
    ]
    after = cpu_seconds(servers), cpu_seconds(databases)
    each = 1000 / requests
    return Measured(spread(walls), (after[0] - before[0]) * each, (after[1] - before[1]) * each)


def _rate(port: int, cookie: str, path: str, requests: int) -> float:
    """Pages per second with several connections at once."""

    def ask(_: int) -> None:
        visitor = Visitor(port, cookie)
        for _ in range(requests // 2):
            visitor.get(path)

    begun = perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(ask, range(CONNECTIONS)))
    return CONNECTIONS * (requests // 2) / (perf_counter() - begun)


def _yardstick(
    here: Installation, address: str, statements: dict[str, list[str]], requests: int
) -> tuple[dict[str, Measured], Measured]:
    # Not one byte of Django: its own process, the same server, the same statements.
    paths = {name: f"/{index}" for index, name in enumerate(statements)}
    file = here.folder / "statements.json"
    file.write_bytes(as_json({paths[name]: each for name, each in statements.items()}))
    here.port = free_port()
    granian = str(Path(sys.executable).parent / "granian")
    command = (granian, "--interface", "asgi", "--port", str(here.port), "--no-access-log", "--log-level",
               "warning", "benchmarks.inbox.yardstick:application")  # fmt: skip
    root = str(Path(__file__).resolve().parents[2])
    with here.serving(*command, BENCH_STATEMENTS=str(file), BENCH_DATABASE=address, PYTHONPATH=root):
        visitor = Visitor(here.port)
        nothing = _measure(here, Screen("nothing", ("/",)), visitor, requests)
        return {
            name: _measure(here, Screen(name, (path,)), visitor, requests) for name, path in paths.items()
        }, nothing


def _report(
    all_screens: list[Screen],
    statements: dict[str, list[str]],
    ours: dict[str, Measured],
    bare: dict[str, Measured],
) -> None:
    head = ("screen", "SQL", "p50 ms", "p95 ms", "server CPU ms", "database CPU ms", "bare p50 ms",
            "bare p95 ms", "bare CPU ms", "p50 ratio", "p95 ratio")  # fmt: skip
    rows = []
    for screen in all_screens:
        own, base = ours[screen.name], bare[screen.name]
        rows.append((
            screen.name, len(statements[screen.name]), own.wall.p50, own.wall.p95, own.server_cpu,
            own.database_cpu, base.wall.p50, base.wall.p95, base.server_cpu,
            f"{own.wall.p50 / base.wall.p50:.1f}x", f"{own.wall.p95 / base.wall.p95:.1f}x",
        ))  # fmt: skip
    print()
    print(table(head, rows))


def _explain(address: str, statements: dict[str, list[str]]) -> None:
    told: set[str] = set()
    for name, each in statements.items():
        for statement in each:
            milliseconds, pages, plan = explained(address, statement)
            if milliseconds >= SLOW_MILLISECONDS and statement not in told:
                told.add(statement)
                print(f"\n-- {name}: {milliseconds:.1f} ms, {pages} pages\n{statement[:1500]}\n{plan}")
