"""Django's mail settings from one address, ``smtp://name:password@host:587`` or ``smtps://…``."""

from __future__ import annotations

from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from rapport.config.options import BadSetting

TIMEOUT_SECONDS = 20
PORTS = {"smtp": 587, "smtps": 465}


def smtp_settings(url: str) -> dict[str, Any]:
    """The settings ``EMAIL_…`` for ``url``. ``smtp`` begins plainly and turns to TLS when a name is given,
    because no password may cross a network in the clear; ``smtps`` is TLS from the first byte.

    Raises ``BadSetting`` without showing the address, which may hold a password.
    """
    parts, port = _parts(url)
    secured_later = parts.scheme == "smtp" and parts.username is not None
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": secured_later,
        "EMAIL_TIMEOUT": TIMEOUT_SECONDS,
    }


def _parts(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadSetting("RAPPORT_SMTP_URL: is not an address; its port must be a number") from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise BadSetting("RAPPORT_SMTP_URL: must look like smtp://name:password@host:587 or smtps://…")
    return parts, port
