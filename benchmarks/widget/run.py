"""Bytes that a customer's phone loads for the chat, gzip, beside the budgets of the issue and the peers.

``python benchmarks/widget/run.py``. Needs no database. Peers' figures: handbook/channels.md, section 3
(Chatwoot's own CI budgets, Crisp's own account, the range quoted for Intercom), kilobytes of 1,024.
"""

from __future__ import annotations

import gzip
import os
import sys
import tempfile
import uuid
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

LOADER_BUDGET = 6 * 1024
CHAT_BUDGET = 25 * 1024
PEERS = {"Chatwoot (budget: widget + sdk.js)": 340, "Crisp": 232, "Intercom (lowest quoted)": 300}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            RAPPORT_DATA_DIR=folder, RAPPORT_DEBUG="true", DJANGO_SETTINGS_MODULE="rapport.config.settings"
        )
        import django

        django.setup()
        _report(_sizes())


def _sizes() -> dict[str, int]:
    from rapport.widget.assets import asset

    return {
        "loader.js": len(asset("loader.js").packed),
        "chat.js": len(asset("chat.js").packed),
        "chat.css": len(asset("chat.css").packed),
        "chat page (largest language)": max(len(gzip.compress(page, 9)) for page in _pages()),
    }


def _pages() -> list[bytes]:
    """The chat's page in every language, of a site with ten origins."""
    from django.test import RequestFactory

    from rapport.channels.chat.rules import LANGUAGES
    from rapport.widget import pages
    from rapport.widget.strings import strings

    brand = SimpleNamespace(name="Duka la Wanjiru")
    site = SimpleNamespace(
        key="site_" + "a" * 20,
        accent="#0f766e",
        origins=[f"https://shop{number}.example" for number in range(10)],
        account=SimpleNamespace(brand=brand),
        require_identity=False,
    )
    rendered = []
    for language in LANGUAGES:
        said = strings(language)
        context = pages.chat_context(
            site,  # type: ignore[arg-type]
            language=language,
            greeting=said["greeting"],
            promise=said["within_minutes"].format(n=30),
            token="x" * 320,
            client=uuid.uuid4(),
        )
        request = RequestFactory().get("/widget/chat")
        answer = pages.page(request, site, "widget/chat.html", language=language, context=context)  # type: ignore[arg-type]
        rendered.append(answer.content)
    return rendered


def _report(sizes: dict[str, int]) -> None:
    chat = sum(size for name, size in sizes.items() if name != "loader.js")
    for name, size in sizes.items():
        print(f"{name:32} {size:7,} B")
    print(
        f"{'loader':32} {sizes['loader.js']:7,} B of {LOADER_BUDGET:,}  ratio {sizes['loader.js'] / LOADER_BUDGET:.2f}"
    )
    print(f"{'chat (page, script, style)':32} {chat:7,} B of {CHAT_BUDGET:,}  ratio {chat / CHAT_BUDGET:.2f}")
    whole = chat + sizes["loader.js"]
    for peer, kilobytes in PEERS.items():
        print(f"  beside {peer}: {kilobytes} KB, ratio {whole / (kilobytes * 1024):.3f}")
    if sizes["loader.js"] > LOADER_BUDGET or chat > CHAT_BUDGET:
        raise SystemExit("over budget")


if __name__ == "__main__":
    main()
