"""Headers of static files."""

from __future__ import annotations

from collections.abc import MutableMapping


def add_headers(headers: MutableMapping[str, str], path: str, url: str) -> None:
    """Called by WhiteNoise for each file."""
    headers["X-Content-Type-Options"] = "nosniff"
