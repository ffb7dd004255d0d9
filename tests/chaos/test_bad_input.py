"""Bad input over HTTP: a clear refusal, nothing written, and the server goes on."""

from __future__ import annotations

import json
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import psycopg
import pytest

from tests.chaos.conftest import free_port
from tests.chaos.server import Server

TABLES = (
    "desk_conversation",
    "desk_entry",
    "desk_leg",
    "desk_delivery",
    "desk_promise",
    "desk_assignment",
    "desk_closure",
    "customers_customer",
    "customers_identity",
    "customers_binding",
    "timeline_event",
    "timeline_event_key",
    "chat_visitorsignin",
)


@dataclass
class Street:
    """Two companies on one server: Duka, where Wambui has written, and Baraka's Kiosk, where Juma has."""

    server: Server
    duka: dict[str, Any]
    kiosk: dict[str, Any]
    web: httpx.Client
    wambui: str = ""
    juma: str = ""
    number: int = 0

    def rows(self) -> dict[str, int]:
        with psycopg.connect(self.server.database) as connection:
            found = connection.execute(
                "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relname = ANY(%s)",
                [list(TABLES)],
            )
            names = [row[0] for row in found.fetchall()]
            return {name: _count(connection, name) for name in names}

    def token(self, site: str, **more: str) -> httpx.Response:
        return self.web.post("/widget/api/sessions", json={"site": site, **more})

    def says(self, token: str, text: str, *, site: str) -> httpx.Response:
        return self.web.post(
            "/widget/api/messages",
            json={"site": site, "client_id": str(uuid.uuid4()), "text": text},
            headers={"Authorization": f"Bearer {token}"},
        )

    @contextmanager
    def desk(self, person: str, company: dict[str, Any]) -> Iterator[httpx.Client]:
        """The browser of a member, with a CSRF token."""
        with httpx.Client(base_url=self.server.base, trust_env=False, timeout=30) as browser:
            browser.cookies.set("sessionid", company["sessions"][person])
            browser.get(f"/w/{company['slug']}/inbox/")
            browser.headers["X-CSRFToken"] = browser.cookies.get("csrftoken", "")
            browser.headers["Accept"] = "application/json"
            yield browser


def _count(connection: psycopg.Connection[Any], table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
    assert row is not None
    return int(row[0])


@pytest.fixture(scope="module")
def street() -> Iterator[Street]:
    folder = Path(tempfile.mkdtemp(prefix="rapport-chaos-"))
    folder.chmod(0o755)
    server = Server(folder / "var", free_port())
    try:
        companies = server.open_shop()
        server.start()
        web = httpx.Client(base_url=server.base, trust_env=False, timeout=30)
        made = Street(server, companies["duka"], companies["kiosk"], web)
        made.wambui = made.token(made.duka["site"]).json()["token"]
        made.juma = made.token(made.kiosk["site"]).json()["token"]
        assert made.says(made.wambui, "Where is my order?", site=made.duka["site"]).status_code == 201
        assert made.says(made.juma, "Do you sell airtime?", site=made.kiosk["site"]).status_code == 201
        made.number = 1
        yield made
    finally:
        server.end()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def nothing_is_written(street: Street) -> Iterator[None]:
    """Whatever a test here tries, it must leave every table as it was and the server answering."""
    before = street.rows()
    yield
    assert street.rows() == before
    assert street.web.get("/sign-in/login/").status_code == 200


def test_ten_megabytes_from_a_visitor_are_refused(street: Street) -> None:
    refused = street.says(street.wambui, "A" * 10_000_000, site=street.duka["site"])
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")


def test_ten_megabytes_whose_length_is_not_told_are_refused(street: Street) -> None:
    def parts() -> Iterator[bytes]:
        yield b'{"site": "' + street.duka["site"].encode() + b'", "client_id": "' + str(uuid.uuid4()).encode()
        yield b'", "text": "'
        for _ in range(160):
            yield b"A" * 65_536
        yield b'"}'

    refused = street.web.post(
        "/widget/api/messages",
        content=parts(),
        headers={"Authorization": f"Bearer {street.wambui}", "Content-Type": "application/json"},
    )
    assert 400 <= refused.status_code < 500


def test_ten_megabytes_from_a_member_are_refused(street: Street) -> None:
    with street.desk("otieno", street.duka) as otieno:
        refused = otieno.post(
            f"/w/{street.duka['slug']}/conversations/{street.number}/replies/",
            data={"text": "A" * 10_000_000},
        )
    assert refused.status_code in {400, 413}


def test_one_character_too_many_is_refused_in_words(street: Street) -> None:
    refused = street.says(street.wambui, "A" * 10_001, site=street.duka["site"])
    assert (refused.status_code, refused.json()["code"]) == (422, "too_long")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("stop\x00here", "control"),
        ("ring\x07the bell", "control"),
        ("\x1b[2Jcleared", "control"),
        ("   \u200b\u2063  ", "empty"),
        ("e" + "\u0301" * 4_000, "marks"),
    ],
)
def test_control_characters_are_refused_in_words(street: Street, text: str, code: str) -> None:
    refused = street.says(street.wambui, text, site=street.duka["site"])
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert refused.json()["message"]
    with street.desk("otieno", street.duka) as otieno:
        answer = otieno.post(
            f"/w/{street.duka['slug']}/conversations/{street.number}/replies/", data={"text": text}
        )
    assert (answer.status_code, answer.json()["code"]) == (422, code)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'{"text": 7}', b'{"text": "\xff\xfe"}', b'"\\ud800"', b"[" * 50_000],
)
def test_bodies_that_are_no_message_are_refused(street: Street, body: bytes) -> None:
    refused = street.web.post(
        "/widget/api/messages",
        content=body,
        headers={"Authorization": f"Bearer {street.wambui}", "Content-Type": "application/json"},
    )
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_request")


def test_half_a_character_in_json_is_refused(street: Street) -> None:
    body = json.dumps(
        {"site": street.duka["site"], "client_id": str(uuid.uuid4()), "text": "half \ud83d of a face"}
    )
    refused = street.web.post(
        "/widget/api/messages",
        content=body.encode(),
        headers={"Authorization": f"Bearer {street.wambui}", "Content-Type": "application/json"},
    )
    assert 400 <= refused.status_code < 500


def signed(secret: str, audience: str, *, algorithm: str = "HS256", **claims: Any) -> str:
    now = datetime.now(UTC)
    lasting = {"iat": now, "exp": now + timedelta(minutes=5), "aud": audience, "sub": "customer-7"}
    return jwt.encode({**lasting, **claims}, secret, algorithm=algorithm)


def test_identities_that_the_company_did_not_sign_recognise_nobody(street: Street) -> None:
    site, secret, past = street.duka["site"], street.duka["secret"], datetime.now(UTC) - timedelta(hours=1)
    wrong = {
        "another secret": signed("x" * 43, site),
        "another company's secret": signed(street.kiosk["secret"], site),
        "another company's site": signed(secret, street.kiosk["site"]),
        "no signature": signed("", site, algorithm="none"),
        "another algorithm": signed(secret, site, algorithm="HS512"),
        "over": signed(secret, site, iat=past, exp=past + timedelta(minutes=5)),
        "without end": signed(secret, site, exp=datetime.now(UTC) + timedelta(days=365)),
        "nobody": signed(secret, site, sub=""),
        "a placeholder": signed(secret, site, sub="undefined"),
        "not a token": "a.b.c",
        "cut short": signed(secret, site)[:-6],
    }
    for what, token in wrong.items():
        refused = street.token(site, jwt=token)
        assert refused.status_code == 403, what
        assert refused.json()["code"].startswith("jwt_"), what


def test_a_visitor_of_another_company_reads_and_writes_nothing(street: Street) -> None:
    mine = street.token(street.duka["site"], token=street.wambui).json()["conversation"]
    juma = {"Authorization": f"Bearer {street.juma}"}
    assert street.says(street.juma, "Hello", site=street.duka["site"]).status_code == 401
    thread = street.web.get("/widget/api/messages", params={"conversation": mine}, headers=juma)
    assert thread.status_code == 404
    receipt = {"site": street.kiosk["site"], "conversation": mine, "up_to_seq": 9, "read": True}
    assert street.web.post("/widget/api/receipts", json=receipt, headers=juma).status_code == 404
    assert street.token(street.duka["site"], token=street.juma).status_code == 401


def test_a_member_of_another_company_finds_nothing(street: Street) -> None:
    theirs = f"/w/{street.duka['slug']}"
    with street.desk("baraka", street.kiosk) as baraka:
        for path in ("/inbox/", "/inbox/rows/1/", "/conversations/1/", "/conversations/1/context/"):
            assert baraka.get(theirs + path).status_code == 404, path
        for path, data in {
            "replies": {"text": "Hello from Kiosk"},
            "notes": {"text": "Seen by Kiosk"},
            "assignment": {"member": "me"},
            "closure": {},
            "snooze": {"until": "in 2 h"},
            "reading": {"seq": "1"},
            "presence": {"state": "typing", "for": "customer"},
        }.items():
            refused = baraka.post(f"{theirs}/conversations/1/{path}/", data=data)
            assert refused.status_code == 404, path
        stream = baraka.get("/live/inbox", params={"workspace": street.duka["slug"]})
        assert stream.status_code == 204


def test_ids_of_another_company_cannot_be_smuggled_into_ones_own(street: Street) -> None:
    assignment = f"/w/{street.duka['slug']}/conversations/{street.number}/assignment/"
    with street.desk("amina", street.duka) as amina:
        for data in (
            {"member": street.kiosk["members"]["baraka"]},
            {"team": street.kiosk["members"]["baraka"]},
            {"member": "' OR 1=1 --"},
            {"member": "0" * 5_000},
        ):
            assert amina.post(assignment, data=data).status_code == 422, data


@pytest.mark.parametrize(
    "path",
    [
        "/inbox/?cursor=nonsense&view=%00&tab=%F0%28%8C%28",
        "/inbox/?cursor=9999-99-99~00000000-0000-0000-0000-000000000000",
        "/inbox/?cursor=2026-11-22T00:00:00~00000000-0000-0000-0000-000000000000",
        "/inbox/rows/99999999999999999999/",
        "/conversations/99999999999999999999/",
        "/customers/?search=%00%5C%25",
    ],
)
def test_addresses_that_mean_nothing_break_nothing(street: Street, path: str) -> None:
    with street.desk("otieno", street.duka) as otieno:
        answer = otieno.get(f"/w/{street.duka['slug']}{path}")
    assert answer.status_code < 500
