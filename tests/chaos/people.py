"""Customers who write and members who answer, each in a thread, through whatever happens to the server.

They keep to the contract of the widget and of the composer: a message is sent again with the same id until it
was acknowledged, and the next one waits for that.
"""

from __future__ import annotations

import random
import re
import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

PATIENCE_SECONDS = 0.05
ANSWER_SECONDS = 3.0


@dataclass(slots=True)
class Message:
    """One message of a customer or a member; ``key`` is its writer's own id of it."""

    key: str
    text: str
    sent: int = 0
    acknowledged: bool = False


class Person(threading.Thread):
    """Somebody who writes until ``enough`` is set and then goes on until the last message is acknowledged."""

    def __init__(self, name: str, base: str, seed: int) -> None:
        super().__init__(name=name, daemon=True)
        self.said: list[Message] = []
        self.refused: list[str] = []
        self.enough = threading.Event()
        self.acknowledged = threading.Semaphore(0)
        self._draw = random.Random(seed)
        self._web = self._browser(base)

    def _browser(self, base: str) -> httpx.Client:
        return httpx.Client(base_url=base, timeout=ANSWER_SECONDS, trust_env=False)

    def pause(self) -> None:
        """What the widget does between two attempts, only less patient."""
        self.enough.wait(PATIENCE_SECONDS)

    def ask(self, method: str, path: str, **request: Any) -> httpx.Response | None:
        """The answer, or ``None`` when the server was not there, in trouble or counting us out."""
        try:
            answer = self._web.request(method, path, **request)
        except (httpx.TransportError, httpx.RemoteProtocolError):
            return None
        if answer.status_code >= 500 or answer.status_code == 429:
            return None
        if answer.status_code >= 400:
            self.refused.append(f"{path}: {answer.status_code} {answer.text[:200]}")
            return None
        return answer


def all_finish(people: Sequence[Person]) -> None:
    """Nobody begins anything new; everybody's last message gets through."""
    for person in people:
        person.enough.set()
    for person in people:
        person.join(90)
        assert not person.is_alive(), f"{person.name} could not finish"


class Customer(Person):
    """Writes in the chat of a site. Now and then hangs up before the answer came, or sends a copy later."""

    def __init__(self, name: str, base: str, site: str, *, seed: int, pace: float = 0.1) -> None:
        super().__init__(name, base, seed)
        self._site = site
        self._pace = pace  # seconds between two messages: who types faster is counted out by the limits
        self._token = ""
        self.identity = ""

    def run(self) -> None:
        self._begin()
        while not self.enough.is_set():
            message = Message(str(uuid.UUID(int=self._draw.getrandbits(128), version=4)), self._words())
            self.said.append(message)
            while not message.acknowledged:
                self._send(message)
            if self._draw.random() < 0.15:
                self._send(self._draw.choice(self.said))
            self.enough.wait(self._pace)

    def _begin(self) -> None:
        while not self._token:
            answer = self.ask("POST", "/widget/api/sessions", json={"site": self._site})
            if answer is None:
                self.pause()
                continue
            self._token, self.identity = answer.json()["token"], answer.json()["visitor"]

    def _words(self) -> str:
        return f"{self.name} says number {len(self.said) + 1}"

    def _send(self, message: Message) -> None:
        message.sent += 1
        hangs_up = not message.acknowledged and self._draw.random() < 0.1
        answer = self.ask(
            "POST",
            "/widget/api/messages",
            json={"site": self._site, "client_id": message.key, "text": message.text},
            headers={"Authorization": f"Bearer {self._token}"},
            timeout=0.01 if hangs_up else ANSWER_SECONDS,
        )
        if answer is None:
            self.pause()
        elif not message.acknowledged:
            message.acknowledged = True
            self.acknowledged.release()


@dataclass(slots=True)
class Reply(Message):
    number: int = 0
    resolves: bool = False


class Agent(Person):
    """Answers who waits, in the browser's own way: session, CSRF token, a key per reply."""

    def __init__(self, name: str, base: str, *, slug: str, session: str, seed: int) -> None:
        super().__init__(name, base, seed)
        self._desk = f"/w/{slug}"
        self._web.cookies.set("sessionid", session)

    def run(self) -> None:
        while not self.enough.is_set():
            waiting = self._who_waits()
            if not waiting:
                self.pause()
                continue
            reply = Reply(
                key=uuid.UUID(int=self._draw.getrandbits(128), version=4).hex,
                text=f"{self.name} answers, number {len(self.said) + 1}",
                number=self._draw.choice(waiting),
                resolves=self._draw.random() < 0.4,
            )
            self.said.append(reply)
            while not reply.acknowledged:
                self._send(reply)

    def _who_waits(self) -> list[int]:
        answer = self.ask("GET", f"{self._desk}/inbox/?view=all&tab=open")
        if answer is None:
            return []
        return [int(number) for number in re.findall(r'id="row-(\d+)"', answer.text)]

    def _send(self, reply: Reply) -> None:
        reply.sent += 1
        answer = self.ask(
            "POST",
            f"{self._desk}/conversations/{reply.number}/replies/",
            data={"text": reply.text, "key": reply.key, "then": "resolve" if reply.resolves else ""},
            headers={"X-CSRFToken": self._web.cookies.get("csrftoken", ""), "Accept": "application/json"},
        )
        if answer is None:
            self.pause()
        else:
            reply.acknowledged = True
            self.acknowledged.release()
