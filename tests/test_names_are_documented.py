"""Every kind of event, permission and API route stands in the reference, word for word."""

from __future__ import annotations

import re
from pathlib import Path

from rapport.accounts.permissions import BUILT_IN_ROLES, ROLE_NAMES, known
from rapport.api.urls import api
from rapport.kernel.log import kinds

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"


def rows(page: str) -> list[str]:
    lines = (REFERENCE / page).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith("| `")]


def test_every_kind_of_event_is_named() -> None:
    expected = [
        f"| `{name}` | {kind.meaning} | {'yes' if kind.audited else ''} |"
        for name, kind in sorted(kinds.items())
    ]
    assert rows("events.md") == expected


def test_every_permission_is_named_with_its_roles() -> None:
    expected = []
    for name, permission in sorted(known.items()):
        holders = ", ".join(ROLE_NAMES[role] for role in BUILT_IN_ROLES if name in BUILT_IN_ROLES[role])
        expected.append(f"| `{name}` | {permission.meaning} | {holders} |")
    assert rows("permissions.md") == expected


def test_every_route_of_the_api_is_named() -> None:
    described = {
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method in methods
    }
    told = {re.match(r"\| `([^`]+)`", row).group(1) for row in rows("api.md") if " /" in row}  # type: ignore[union-attr]
    assert told == described
