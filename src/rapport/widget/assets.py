"""The widget's scripts and styles: joined, hashed and compressed once per process.

The sources are plain files without a build step. The chat's parts are joined into one script inside one
function, because a 2G phone pays for every request and not for every byte.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

FOLDER = Path(__file__).resolve().parent / "static" / "widget"
PARTS: dict[str, tuple[str, ...]] = {
    "loader.js": ("loader.js",),
    "chat.js": (
        "chat/store.js",
        "chat/exchange.js",
        "chat/outbox.js",
        "chat/stream.js",
        "chat/thread.js",
        "chat/question.js",
        "chat/page.js",
    ),
    "chat.css": ("chat.css",),
    "shop.js": ("shop.js",),
    "shop.css": ("shop.css",),
}
_TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
_FOREVER = "public, max-age=31536000, immutable"
_SHORT = "public, max-age=300"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it goes out. ``digest`` is of the plain bytes."""

    name: str
    content_type: str
    plain: bytes
    packed: bytes
    digest: str

    @property
    def versioned(self) -> str:
        """The name with its digest, such as ``chat.3f2a….js``."""
        stem, _, kind = self.name.rpartition(".")
        return f"{stem}.{self.digest}.{kind}"


def asset(name: str) -> Asset:
    """The asset of that name; in developer's mode read anew each time. Raises ``KeyError``."""
    return _read(name) if settings.DEBUG else _cached(name)


@require_safe
def loader(request: HttpRequest) -> HttpResponse:
    """The stable address that pages embed."""
    return _served(request, asset("loader.js"), cache=_SHORT)


@require_safe
def versioned(request: HttpRequest, name: str) -> HttpResponse:
    """An address that never changes its content. An older one (a page from before an upgrade) gets the
    present file and is told not to keep it long."""
    stem, _, rest = name.partition(".")
    digest, _, kind = rest.partition(".")
    try:
        found = asset(f"{stem}.{kind}")
    except KeyError as error:
        raise Http404(name) from error
    return _served(request, found, cache=_FOREVER if digest == found.digest else _SHORT)


def _served(request: HttpRequest, found: Asset, *, cache: str) -> HttpResponse:
    packs = "gzip" in request.headers.get("Accept-Encoding", "")
    etag = f'"{found.digest}{"-gz" if packs else ""}"'
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(found.packed if packs else found.plain, content_type=found.content_type)
        if packs:
            response["Content-Encoding"] = "gzip"
    response["ETag"] = etag
    response["Cache-Control"] = cache
    response["Vary"] = "Accept-Encoding"
    # A page with a strict embedder policy, or with subresource integrity, may use these files as well.
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _read(name: str) -> Asset:
    parts = [(FOLDER / part).read_text(encoding="utf-8") for part in PARTS[name]]
    text = parts[0] if len(parts) == 1 else "(function () {\n'use strict';\n" + "\n".join(parts) + "})();\n"
    plain = text.encode()
    return Asset(
        name=name,
        content_type=_TYPES[name.rpartition(".")[2]],
        plain=plain,
        packed=gzip.compress(plain, 9, mtime=0),
        digest=hashlib.sha256(plain).hexdigest()[:12],
    )


@lru_cache(maxsize=len(PARTS))
def _cached(name: str) -> Asset:
    return _read(name)
