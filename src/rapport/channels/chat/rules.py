"""Pure rules of chat: names of sites and pages, languages, what may be configured."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from rapport.kernel.plaintext import TextRejected, clean_text

#: The languages the widget speaks, with the direction of their script.
LANGUAGES: dict[str, str] = {
    "en": "ltr",
    "sw": "ltr",
    "es": "ltr",
    "pt": "ltr",
    "fr": "ltr",
    "zh-hans": "ltr",
    "ar": "rtl",
}
MAX_ORIGINS = 50
MAX_GREETING_CHARS = 500

_KEY = re.compile(r"site_[a-z2-7]{20}", re.ASCII)
_KEY_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL}){{0,20}}|\[[0-9a-f:]{{2,45}}\]", re.ASCII)
_DEFAULT_PORTS = {"http": 80, "https": 443}


class BadSite(ValueError):
    """A setting of a chat site that cannot be; the message says why in plain words."""


def new_site_key() -> str:
    """A fresh public key: ``site_`` and 100 random bits. It names a site and opens nothing."""
    return "site_" + "".join(secrets.choice(_KEY_LETTERS) for _ in range(20))


def is_site_key(text: str) -> bool:
    return _KEY.fullmatch(text) is not None


def normal_origin(text: str) -> str:
    """An origin as browsers write it: ``https://shop.example`` or with a port that is not the usual one.

    Raises ``BadSite`` for paths, wildcards, anything that is not http(s).
    """
    try:
        parts = urlsplit(text.strip().lower())
        port = parts.port
    except ValueError as error:
        raise BadSite(_("“%(address)s” is not the address of a web site") % {"address": text[:80]}) from error
    host = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else parts.hostname or ""
    if host and not host.isascii():
        try:
            host = host.encode("idna").decode()
        except UnicodeError as error:
            raise BadSite(
                _("“%(address)s” is not the address of a web site") % {"address": text[:80]}
            ) from error
    if parts.scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host) or len(host) > 253:
        raise BadSite(
            _("“%(address)s” is not the address of a web site; write it as https://shop.example")
            % {"address": text[:80]}
        )
    if parts.path not in {"", "/"} or parts.query or parts.fragment or parts.username is not None:
        raise BadSite(
            _("“%(address)s” has more than scheme, name and port; write it as https://shop.example")
            % {"address": text[:80]}
        )
    suffix = "" if port in {None, _DEFAULT_PORTS[parts.scheme]} else f":{port}"
    return f"{parts.scheme}://{host}{suffix}"


def normal_origins(texts: Iterable[str]) -> list[str]:
    """The origins in their normal form, each once, in the given order. Raises ``BadSite``."""
    origins = list(dict.fromkeys(normal_origin(text) for text in texts if text.strip()))
    if len(origins) > MAX_ORIGINS:
        raise BadSite(_("a chat site can stand on at most %(n)s web sites") % {"n": MAX_ORIGINS})
    return origins


def checked_texts(texts: Mapping[str, str]) -> dict[str, str]:
    """Greeting texts by language, cleaned; blank ones are left out. Raises ``BadSite``."""
    cleaned = {}
    for language, text in texts.items():
        if language not in LANGUAGES:
            raise BadSite(_("the widget does not speak “%(language)s”") % {"language": language[:20]})
        if not text.strip():
            continue
        try:
            cleaned[language] = clean_text(text, max_chars=MAX_GREETING_CHARS)
        except TextRejected as error:
            raise BadSite(f"{language}: {error.message}") from error
    return cleaned


def checked_language(language: str) -> str:
    """Raises ``BadSite`` for a language the widget does not speak."""
    if language not in LANGUAGES:
        raise BadSite(_("the widget does not speak “%(language)s”") % {"language": language[:20]})
    return language


def spoken(wanted: str) -> str | None:
    """The widget's language for a tag such as ``pt-BR`` or ``zh-CN``; ``None`` when it has none."""
    tag = wanted.strip().lower().replace("_", "-")
    if tag in LANGUAGES:
        return tag
    base = tag.split("-", 1)[0]
    # Simplified characters are readable for every reader of Chinese; another script is not on offer.
    return "zh-hans" if base == "zh" else base if base in LANGUAGES else None


def choose_language(*, asked: str, accepted: str, default: str) -> str:
    """The language to speak: ``asked`` by the page, else ``Accept-Language``, else the site's."""
    candidates = [asked, *(tag for tag, _ in _by_quality(accepted[:500]))]
    return next((found for tag in candidates if tag and (found := spoken(tag))), spoken(default) or "en")


def first_name(name: str) -> str:
    """What customers see of a member's name."""
    return name.split()[0] if name.split() else ""


def _by_quality(header: str) -> list[tuple[str, float]]:
    tags = []
    for part in header.split(","):
        tag, _, parameters = part.partition(";")
        quality = parameters.strip().removeprefix("q=")
        try:
            tags.append((tag.strip(), float(quality) if quality else 1.0))
        except ValueError:
            continue
    return sorted((tag for tag in tags if tag[1] > 0), key=lambda tag: -tag[1])
