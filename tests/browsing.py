"""Chromium for tests that need a browser, and axe's opinion of a page.

Use as a context manager inside a test: while it is open this thread has a running event loop, which asyncio
and Django's guard would otherwise trip over in the tests that follow.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_ON_A_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
# axe-core 4.14.1 (MPL-2.0), sha256 in tests/vendor/README.md. For tests only, not part of the wheel.
AXE = Path(__file__).parent / "vendor" / "axe-4.14.1.min.js"
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


def chromium_path() -> str | None:
    """The browser of this machine, looked for as ``bin/chromium`` does."""
    names = [name for name in (os.environ.get("RAPPORT_CHROMIUM", ""), *_NAMES) if name]
    found = next((path for name in names if (path := shutil.which(name))), None)
    return found or (_ON_A_MAC if Path(_ON_A_MAC).exists() else None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A fresh Chromium; the test is skipped where there is none."""
    sync_api = pytest.importorskip("playwright.sync_api")
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium on this machine; name one in RAPPORT_CHROMIUM")
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_api.sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
            yield browser
            browser.close()
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def complaints(page: Page) -> list[str]:
    """What axe says about the page as it is now: rule and element; empty is the goal.

    Run in an isolated world through evaluate, so the page's content policy stays as strict as it is.
    """
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {violation['help']} at {node['target']}: {node['html'][:160]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window; a phone page must not scroll sideways."""
    width = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return int(width)
