"""A real installation and a real browser for the stories in this folder.

Each worker of a run starts ``rapport serve`` on a data folder of its own, as a newcomer would, and drives it
with the system's Chromium. Nothing here reaches around the product but ``Installation.run``, which prepares
what a story needs (people, a chat site) through the same actions that the screens call.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from conftest import PASSWORD
from tests.browsing import ARGUMENTS, chromium_path

ROOT = Path(__file__).resolve().parents[2]

_PREAMBLE = """
import json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "rapport.config.settings"
import django
django.setup()
from rapport.accounts import actions as accounts, queries as accounts_queries
from rapport.accounts.models import Brand, Member, Role, User, Workspace
from rapport.desk import actions as desk
from rapport.kernel.actors import Actor, ActorKind, system
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if chromium_path() is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine (see bin/chromium)"))


@dataclass
class Installation:
    """One running Rapport with its own data."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    owner_path: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RAPPORT_")}
        own = {
            "RAPPORT_DATA_DIR": str(self.folder),
            "RAPPORT_CONFIG": str(self.folder / "rapport.toml"),
            "RAPPORT_DEBUG": "true",
            "RAPPORT_LOG_LEVEL": "warning",
            "PORT": str(self.port),
            "PYTHONPATH": str(ROOT / "src"),
        }
        return {**kept, **own, **self.extra}

    def start(self) -> None:
        log = (self.folder / "serve.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "rapport.config", "serve"],
            env=self.environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=self.folder,
            start_new_session=True,
        )
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(self.log())
            try:
                with urllib.request.urlopen(f"{self.url}/design/", timeout=2):
                    return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError(f"the server did not come up: {self.log()}")

    def stop(self, how: int = signal.SIGTERM) -> None:
        if self.process is None:
            return
        os.killpg(self.process.pid, how)
        self.process.wait(30)
        self.process = None

    def log(self) -> str:
        return (self.folder / "serve.log").read_text(errors="replace")

    def run(self, code: str) -> Any:
        """Run Python inside the installation; whatever the code binds to ``result`` comes back as JSON."""
        program = f"{_PREAMBLE}\nresult = None\n{code}\nprint('\\x1e' + json.dumps(result, default=str))"
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", program],
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-3_000:])
        return json.loads(done.stdout.rpartition("\x1e")[2])


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@pytest.fixture(scope="session")
def installation() -> Iterator[Installation]:
    """Rapport, freshly installed and serving."""
    # Not pytest's own folder: every run of pytest closes that to others, and as root the database is another.
    made = Installation(Path(tempfile.mkdtemp(prefix="rapport-browser-")), free_port())
    try:
        made.start()
        yield made
    finally:
        made.stop()
        stop = [sys.executable, "-m", "rapport.config", "stop"]
        subprocess.run(stop, env=made.environment, capture_output=True, check=False)
        shutil.rmtree(made.folder, ignore_errors=True)


_COMPANY = """
def person(name, email, workspace, role):
    user = User.objects.create_user(email, {password!r}, name=name)
    role_ = Role.objects.within(workspace).get(key=role)
    return Member.objects.create(workspace=workspace, user=user, role=role_, name=name)

owner = User.objects.create_user("wanjiru@{slug}.example", {password!r}, name="Wanjiru Kamau")
company = dict(time_zone="Africa/Nairobi", country="KE", currency="KES", language="en")
workspace, wanjiru = accounts.create_workspace(owner, name={name!r}, **company)
person("Amina Hassan", "amina@{slug}.example", workspace, "lead")
person("Otieno Odhiambo", "otieno@{slug}.example", workspace, "agent")
actor = accounts_queries.actor_for(wanjiru)
from rapport.channels.chat.actions import create_site
site = create_site(actor, brand_id=Brand.objects.within(workspace).first().pk, name="Shop", origins=[{url!r}])
result = {{"slug": workspace.slug, "site": site.account.address}}
"""


@dataclass(frozen=True)
class Company:
    """A workspace with an owner, a lead, an agent and a chat site."""

    slug: str
    site: str
    domain: str

    def email(self, first_name: str) -> str:
        return f"{first_name}@{self.domain}.example"


@pytest.fixture(scope="session")
def new_company(installation: Installation) -> Callable[[str], Company]:
    """Make a company of its own for a story, so that stories do not see each other's conversations."""
    made = iter(range(1_000))

    def make(name: str) -> Company:
        domain = f"{''.join(letter for letter in name.lower() if letter.isalpha())}{next(made)}"
        found = installation.run(
            _COMPANY.format(password=PASSWORD, slug=domain, name=f"{name} {domain[-1]}", url=installation.url)
        )
        return Company(found["slug"], found["site"], domain)

    return make


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium_path()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


@dataclass
class Faults:
    """What the browser complained about; a story ends by finding this empty."""

    said: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        page.on(
            "console",
            lambda message: (
                self.said.append(f"{message.text} ({message.location.get('url')})")
                if message.type == "error"
                else None
            ),
        )


@pytest.fixture
def faults() -> Iterator[Faults]:
    """Errors in the page or against its content policy fail the story."""
    found = Faults()
    yield found
    assert found.said == []


OpenContext = Callable[..., BrowserContext]


@pytest.fixture
def open_context(browser: Browser, installation: Installation, faults: Faults) -> Iterator[OpenContext]:
    """A browser of one's own: ``open_context(width=390, dark=True)``."""
    opened: list[BrowserContext] = []

    def make(*, width: int = 1280, height: int = 800, dark: bool = False, **options: Any) -> BrowserContext:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            base_url=installation.url,
            **options,
        )
        context.set_default_timeout(15_000)
        context.on("page", faults.watch)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


SignIn = Callable[..., Page]


@pytest.fixture
def sign_in(open_context: OpenContext) -> SignIn:
    """A page of somebody who is signed in: ``sign_in("otieno@duka.example")``."""

    def make(email: str, **options: Any) -> Page:
        page = open_context(**options).new_page()
        page.goto("/sign-in/login/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url("**/w/**")
        return page

    return make
