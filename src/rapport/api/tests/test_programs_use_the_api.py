"""A program with a key reads and answers; what it may not, it is told in one shape."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from conftest import Person, Served
from rapport.accounts.actions import issue_api_key, revoke_api_key, suspend
from rapport.accounts.queries import brands_of
from rapport.api.access import limiter
from rapport.desk.actions import create_channel_account, receive_message
from rapport.desk.queries import thread
from rapport.kernel import clock
from rapport.kernel.actors import system

ALL = [
    "workspace.see",
    "conversations.see",
    "conversations.reply",
    "conversations.triage",
    "customers.see",
    "metrics.see",
]


@dataclass
class Program:
    """A client that sends its key with each request."""

    plain: str
    key_id: uuid.UUID

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        headers = {"Authorization": f"Bearer {self.plain}", **headers}
        return Client().generic(
            method,
            f"/api/v1{path}",
            b"" if body is None else json.dumps(body),
            content_type="application/json",
            headers=headers,
        )


@pytest.fixture(autouse=True)
def fresh_limits() -> Iterator[None]:
    limiter.reset()
    yield
    limiter.reset()


def program(owner: Person, permissions: list[str] = ALL, **options: Any) -> Program:
    issued = issue_api_key(owner.actor, name="Till", permissions=permissions, **options)
    return Program(issued.plain, issued.key.pk)


@pytest.fixture
def till(wanjiru: Person) -> Program:
    return program(wanjiru)


@pytest.fixture
def number(wanjiru: Person, wambui: Served) -> int:
    """A conversation that Wambui opened in the chat."""
    brand = brands_of(wanjiru.actor)[0]
    account = create_channel_account(
        wanjiru.actor, brand_id=brand.pk, kind="chat", name="Shop", address=f"site_{uuid.uuid4().hex}"
    )
    receive_message(
        system(wanjiru.workspace.pk),
        account=account,
        identity_id=wambui.phone_id,
        text="Where is my order?",
        dedupe_key="1",
    )
    return 1


def texts(wanjiru: Person, number: int) -> list[str]:
    found = thread(wanjiru.actor, number)
    assert found is not None
    return [entry.text for entry in found.entries if entry.kind != "change"]


def refused(response: Any, status: int, code: str) -> bool:
    body = response.json()
    return response.status_code == status and set(body) == {"code", "message"} and body["code"] == code


def test_it_learns_who_it_is(till: Program, wanjiru: Person) -> None:
    body = till("GET", "/me").json()
    assert body["kind"] == "api_key" and body["workspace"] == "duka"
    assert body["permissions"] == sorted(ALL)


def test_it_reads_conversations(till: Program, number: int) -> None:
    listed = till("GET", "/conversations").json()
    assert [line["number"] for line in listed["items"]] == [number] and listed["next_cursor"] == ""
    assert listed["items"][0]["customer"] == "Wambui Njeri"
    read = till("GET", f"/conversations/{number}").json()
    assert [entry["text"] for entry in read["entries"] if entry["kind"] == "message"] == [
        "Where is my order?"
    ]


def test_pages_follow_their_cursor(till: Program, wanjiru: Person, wambui: Served) -> None:
    brand = brands_of(wanjiru.actor)[0]
    for turn in range(3):
        account = create_channel_account(
            wanjiru.actor, brand_id=brand.pk, kind="chat", name=f"Shop {turn}", address=f"site_{turn}"
        )
        receive_message(
            system(wanjiru.workspace.pk),
            account=account,
            identity_id=wambui.phone_id,
            text=f"Question {turn}",
            dedupe_key=str(turn),
        )
    seen, cursor = [], ""
    for _turn in range(3):
        page = till("GET", f"/conversations?limit=1&cursor={cursor.replace('+', '%2B')}").json()
        seen += [line["number"] for line in page["items"]]
        cursor = page["next_cursor"]
    assert sorted(seen) == [1, 2, 3] and cursor == ""


def test_it_replies_once_however_often_it_asks(till: Program, number: int, wanjiru: Person) -> None:
    first = till(
        "POST", f"/conversations/{number}/replies", {"text": "On its way."}, **{"Idempotency-Key": "a1"}
    )
    again = till(
        "POST", f"/conversations/{number}/replies", {"text": "On its way."}, **{"Idempotency-Key": "a1"}
    )
    assert first.status_code == again.status_code == 201 and first.json() == again.json()
    other = till("POST", f"/conversations/{number}/replies", {"text": "Lost."}, **{"Idempotency-Key": "a1"})
    assert refused(other, 409, "idempotency_key_used")
    assert texts(wanjiru, number) == ["Where is my order?", "On its way."]


def test_a_reply_to_what_it_has_not_read_is_held(till: Program, number: int, wanjiru: Person) -> None:
    answer = till("POST", f"/conversations/{number}/replies", {"text": "Hello", "seen_seq": 0})
    assert refused(answer, 409, "customer_wrote")
    assert texts(wanjiru, number) == ["Where is my order?"]


def test_it_notes_resolves_reopens_and_assigns(
    till: Program, number: int, wanjiru: Person, otieno: Person
) -> None:
    assert till("POST", f"/conversations/{number}/notes", {"text": "Called the driver"}).status_code == 201
    closed = till("PUT", f"/conversations/{number}/closure")
    assert closed.json()["status"] == "resolved"
    assert till("PUT", f"/conversations/{number}/closure").json()["status"] == "resolved"
    assert till("DELETE", f"/conversations/{number}/closure").json()["status"] == "open"
    body = {"member_id": str(otieno.member.pk)}
    assert till("PUT", f"/conversations/{number}/assignment", body).json()["assignee"] == "Otieno Odhiambo"
    assert till("PUT", f"/conversations/{number}/assignment", {}).json()["assignee_id"] is None


def test_it_reads_customers_and_their_timeline(till: Program, number: int, wambui: Served) -> None:
    listed = till("GET", "/customers?search=Wambui").json()
    assert [line["id"] for line in listed["items"]] == [str(wambui.customer_id)]
    read = till("GET", f"/customers/{wambui.customer_id}").json()
    assert {each["namespace"] for each in read["identities"]} == {"phone", "email"}
    events = till("GET", f"/customers/{wambui.customer_id}/timeline").json()["items"]
    assert "customer.met" in {event["kind"] for event in events}
    only = till("GET", f"/customers/{wambui.customer_id}/timeline?kind=customer.met").json()["items"]
    assert [event["kind"] for event in only] == ["customer.met"]


def test_it_reads_the_measures(till: Program, number: int) -> None:
    body = till("GET", "/metrics?days=7").json()
    assert body["items"]
    for metric in body["items"]:
        assert metric["now"] is not None or metric["reason"], f"{metric['name']} has a number or says why not"


def test_another_companys_rows_are_not_there(
    till: Program, number: int, wambui: Served, baraka: Person, wanjiru: Person
) -> None:
    stranger = program(baraka)
    before = texts(wanjiru, number)
    attempts = [
        ("GET", f"/conversations/{number}", None),
        ("POST", f"/conversations/{number}/replies", {"text": "Hi"}),
        ("POST", f"/conversations/{number}/notes", {"text": "Hi"}),
        ("PUT", f"/conversations/{number}/closure", None),
        ("DELETE", f"/conversations/{number}/closure", None),
        ("PUT", f"/conversations/{number}/assignment", {}),
        ("GET", f"/customers/{wambui.customer_id}", None),
        ("GET", f"/customers/{wambui.customer_id}/timeline", None),
    ]
    for method, path, body in attempts:
        assert refused(stranger(method, path, body), 404, "not_found"), path
    assert stranger("GET", "/conversations").json()["items"] == []
    assert stranger("GET", "/customers").json()["items"] == []
    assert texts(wanjiru, number) == before
    assert till("GET", f"/conversations/{number}").json()["status"] == "open"


def test_another_companys_member_cannot_be_assigned(till: Program, number: int, baraka: Person) -> None:
    body = {"member_id": str(baraka.member.pk)}
    assert refused(till("PUT", f"/conversations/{number}/assignment", body), 422, "invalid")
    assert till("GET", f"/conversations/{number}").json()["assignee_id"] is None


def test_it_does_only_what_it_may(wanjiru: Person, number: int, wambui: Served) -> None:
    blind = program(wanjiru, ["workspace.see"])
    reader = program(wanjiru, ["workspace.see", "conversations.see"])
    assert refused(blind("GET", "/conversations"), 403, "denied")
    assert refused(blind("GET", "/customers"), 403, "denied")
    assert refused(blind("GET", f"/customers/{wambui.customer_id}"), 403, "denied")
    assert refused(blind("GET", "/metrics"), 403, "denied")
    for method, path, body in (
        ("POST", "replies", {"text": "Hi"}),
        ("POST", "notes", {"text": "Hi"}),
        ("PUT", "closure", None),
        ("DELETE", "closure", None),
        ("PUT", "assignment", {}),
    ):
        assert refused(reader(method, f"/conversations/{number}/{path}", body), 403, "denied"), path
    assert texts(wanjiru, number) == ["Where is my order?"]


def test_a_key_that_ended_opens_nothing(wanjiru: Person, daniel: Person, number: int) -> None:
    revoked = program(wanjiru)
    revoke_api_key(wanjiru.actor, revoked.key_id)
    resting = program(daniel)
    suspend(wanjiru.actor, daniel.member.pk)
    expired = program(wanjiru, expires_at=clock.now() + timedelta(minutes=1))
    for ended in (revoked, resting, Program("rk_live_guess", uuid.uuid4()), Program("", uuid.uuid4())):
        assert refused(ended("GET", "/me"), 401, "unauthenticated")
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        reply = expired("POST", f"/conversations/{number}/replies", {"text": "Hi"})
    assert refused(reply, 401, "unauthenticated")
    assert texts(wanjiru, number) == ["Where is my order?"]


def test_a_wrong_key_does_not_fall_back_to_the_session(wanjiru: Person) -> None:
    answer = wanjiru.client.get("/api/v1/me", headers={"Authorization": "Bearer rk_live_guess"})
    assert refused(answer, 401, "unauthenticated")


def test_a_member_calls_with_session_and_token(otieno: Person, number: int, wanjiru: Person) -> None:
    assert otieno.client.get("/api/v1/me").json()["name"] == "Otieno Odhiambo"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(otieno.user)
    answer = strict.post(
        f"/api/v1/conversations/{number}/replies", {"text": "Hi"}, content_type="application/json"
    )
    assert refused(answer, 403, "forbidden")
    assert texts(wanjiru, number) == ["Where is my order?"]


def test_a_member_elsewhere_is_nobody_here(baraka: Person, number: int) -> None:
    answer = baraka.client.get("/api/v1/conversations", headers={"Rapport-Workspace": "duka"})
    assert refused(answer, 401, "unauthenticated")
    assert refused(Client().get("/api/v1/me"), 401, "unauthenticated")
    nobody = Client(enforce_csrf_checks=True).post("/api/v1/conversations/1/replies", {})
    assert refused(nobody, 401, "unauthenticated")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/conversations?status=lost", None),
        ("GET", "/conversations?limit=0", None),
        ("GET", "/conversations?limit=100000", None),
        ("GET", "/conversations/0", None),
        ("GET", f"/conversations/{10**30}", None),
        ("GET", "/customers?search=%00", None),
        ("GET", "/customers/not-an-id", None),
        ("GET", "/metrics?days=100000", None),
        ("POST", "/conversations/1/replies", {}),
        ("POST", "/conversations/1/replies", {"text": ""}),
        ("POST", "/conversations/1/replies", {"text": "a\x00b"}),
        ("POST", "/conversations/1/replies", {"text": "x" * 300_000}),
        ("POST", "/conversations/1/replies", {"text": "x", "seen_seq": -1}),
        ("POST", "/conversations/1/notes", {"text": "\ud800"}),
        ("PUT", "/conversations/1/assignment", {"member_id": "x"}),
    ],
)
def test_nonsense_is_refused_and_changes_nothing(
    till: Program, number: int, wanjiru: Person, method: str, path: str, body: Any
) -> None:
    answer = till(method, path, body)
    assert answer.status_code in {400, 422} and set(answer.json()) == {"code", "message"}
    assert texts(wanjiru, number) == ["Where is my order?"]


@pytest.mark.parametrize("cursor", ["x", "~", "2026-01-01~", "~~~", "%00", "2026-01-01T00:00:00~x"])
def test_a_cursor_that_is_not_ours_begins_at_the_start(till: Program, number: int, cursor: str) -> None:
    for path in ("/conversations", "/customers"):
        assert till("GET", f"{path}?cursor={cursor}").status_code == 200


def test_broken_json_is_bad_input(till: Program, number: int, wanjiru: Person) -> None:
    answer = Client().generic(
        "POST",
        "/api/v1/conversations/1/replies",
        b"{",
        content_type="application/json",
        headers={"Authorization": f"Bearer {till.plain}"},
    )
    assert refused(answer, 400, "bad_request")
    assert texts(wanjiru, number) == ["Where is my order?"]


def test_too_many_requests_are_told_when_to_come_back(wanjiru: Person) -> None:
    eager, calm = program(wanjiru), program(wanjiru)
    with clock.frozen(clock.now()):
        for _turn in range(600):
            limiter.hit("api.request", str(eager.key_id))
        answer = eager("GET", "/me")
        assert refused(answer, 429, "too_many_requests") and int(answer["Retry-After"]) > 0
        assert calm("GET", "/me").status_code == 200


def test_the_description_names_every_route(db: None) -> None:
    described = Client().get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert {
        "/api/v1/me",
        "/api/v1/conversations",
        "/api/v1/conversations/{number}",
        "/api/v1/conversations/{number}/replies",
        "/api/v1/conversations/{number}/notes",
        "/api/v1/conversations/{number}/closure",
        "/api/v1/conversations/{number}/assignment",
        "/api/v1/customers",
        "/api/v1/customers/{customer_id}",
        "/api/v1/customers/{customer_id}/timeline",
        "/api/v1/metrics",
    } == set(described["paths"])
