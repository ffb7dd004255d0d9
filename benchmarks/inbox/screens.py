"""The screens that are measured, and how a request to one is made and its statements are counted."""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass, field
from itertools import product
from time import perf_counter

import orjson
import psycopg

from benchmarks.inbox.corpus import THREAD_SIZES
from benchmarks.inbox.shop import Shop

DEEP_PAGE = 20
FRAGMENT = {"HX-Request": "true"}


@dataclass(frozen=True, slots=True)
class Screen:
    """``paths`` are asked for in turn; ``headers`` go along with each."""

    name: str
    paths: tuple[str, ...]
    headers: dict[str, str] = field(default_factory=dict)


class Visitor:
    """One connection that stays open and carries a session."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookie = {"Cookie": cookie} if cookie else {}

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[float, bytes]:
        """Seconds from the request to the last byte of its answer, and the answer."""
        begun = perf_counter()
        self._connection.request("GET", path, headers={**self._cookie, **(headers or {})})
        response = self._connection.getresponse()
        body = response.read()
        spent = perf_counter() - begun
        if response.status not in {200, 204}:
            raise RuntimeError(f"{path} answered {response.status}: {body[:300]!r}")
        return spent, body


def screens(shop: Shop, visitor: Visitor, address: str, numbers: dict[int, int]) -> list[Screen]:
    """All screens of the inbox, with the numbers and cursors of this corpus in them."""
    base = f"/w/{shop.slug}"
    some = tuple(_numbers(address, "TRUE ORDER BY md5(id::text) LIMIT 100"))
    open_ones = tuple(_numbers(address, "status = 'open' ORDER BY md5(id::text) LIMIT 50"))
    found = [
        Screen(f"list {view}/{tab}", (f"{base}/inbox/?view={view}&tab={tab}",))
        for view, tab in product(("mine", "unassigned", "all"), ("open", "waiting", "snoozed", "resolved"))
    ]
    for tab in ("open", "resolved"):
        path = _deep(visitor, f"{base}/inbox/?view=all&tab={tab}")
        found.append(Screen(f"list all/{tab}, page {DEEP_PAGE}", (path,), FRAGMENT))
    for size in THREAD_SIZES:
        path = f"{base}/conversations/{numbers[size]}/thread/"
        found.append(Screen(f"thread of {size}", (path,), FRAGMENT))
    anywhere = [f"{base}/conversations/{number}/" for number in some]
    found += [
        Screen("conversation opened (fragment)", tuple(anywhere), FRAGMENT),
        Screen("conversation with the list (page)", tuple(anywhere)),
        Screen("context column", tuple(f"{path}context/" for path in anywhere), FRAGMENT),
        Screen("one row", tuple(f"{base}/inbox/rows/{number}/?view=all" for number in open_ones), FRAGMENT),
        Screen("counts", (f"{base}/inbox/counts/",), FRAGMENT),
    ]
    return found


def statements_of(screen: Screen, shop: Shop) -> list[str]:
    """The SQL that the first request of a screen runs, as it went to the database."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = shop.session
    headers = dict(screen.headers)
    browser.get(screen.paths[0], headers=headers, SERVER_NAME="localhost")  # templates, languages
    with CaptureQueriesContext(connection) as caught:
        response = browser.get(screen.paths[0], headers=headers, SERVER_NAME="localhost")
    if response.status_code not in {200, 204}:
        raise RuntimeError(f"{screen.paths[0]} answered {response.status_code}")
    return [query["sql"] for query in caught.captured_queries]


def explained(address: str, statement: str) -> tuple[float, int, str]:
    """Milliseconds, pages touched and plan of a statement, as EXPLAIN (ANALYZE, BUFFERS) tells them."""
    with psycopg.connect(address) as connection:
        row = connection.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}".encode()).fetchone()
        plan = connection.execute(f"EXPLAIN (ANALYZE, BUFFERS) {statement}".encode()).fetchall()
    assert row is not None
    top = row[0][0]
    pages = int(top["Plan"]["Shared Hit Blocks"]) + int(top["Plan"]["Shared Read Blocks"])
    return float(top["Execution Time"] + top["Planning Time"]), pages, "\n".join(line[0] for line in plan)


def as_json(screens_: dict[str, list[str]]) -> bytes:
    return orjson.dumps(screens_)


def _numbers(address: str, where: str) -> list[int]:
    with psycopg.connect(address) as connection:
        rows = connection.execute(f"SELECT number FROM desk_conversation WHERE {where}".encode())
        return [row[0] for row in rows.fetchall()]


def _deep(visitor: Visitor, path: str) -> str:
    """The address of a page far down, reached as a person would: following the cursors."""
    for _ in range(DEEP_PAGE - 1):
        _, body = visitor.get(path, FRAGMENT)
        more = re.search(r'hx-get="([^"]*cursor=[^"]*)"', body.decode())
        if more is None:
            return path
        path = more[1].replace("&amp;", "&")
        if not path.startswith("/"):
            raise RuntimeError(f"a strange next page: {path}")
    return path
