"""The version of the installed Rapport."""

from __future__ import annotations

from importlib import metadata


def version() -> str:
    """As in pyproject.toml, such as ``0.1.0``."""
    return metadata.version("rapport")
