"""The pages that customers see: the chat inside its frame and the plain form that needs no script."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from babel.dates import format_date, format_time
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import reverse
from django.utils.html import json_script
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from rapport.channels.chat import queries
from rapport.channels.chat.models import ChatSite
from rapport.channels.chat.rules import choose_language
from rapport.channels.chat.visitors import begin, issue_token
from rapport.kernel.limits import RateLimited
from rapport.widget.assets import asset
from rapport.widget.exchange import address
from rapport.widget.limits import limiter
from rapport.widget.look import DARK_PAPER, LIGHT_PAPER, accent_or_default, ink_on, readable_on
from rapport.widget.strings import direction, strings, strings_for_script

_BABEL = {"zh-hans": "zh_Hans"}
_MINUTES_SHOWN = 90


@require_safe
@xframe_options_exempt
def chat(request: HttpRequest) -> HttpResponse:
    """The page inside the launcher's frame. Readable and usable before any script has run."""
    try:
        limiter.hit("widget.read_from_address", address(request))
        site = queries.site_by_key(request.GET.get("site", "")[:60])
    except queries.NoSuchSite:
        return plain_page("no_such_site", status=404)
    except RateLimited as error:
        return plain_page("too_many", status=429, retry_after=error.retry_after_seconds)
    language = language_of(request, site)
    availability = queries.availability(site)
    context = chat_context(
        site,
        language=language,
        greeting=greeting(site, language, is_open=availability.is_open),
        promise=promise(availability, strings(language), language),
        # Without script the composer is a real form; its visitor costs nothing until it is sent.
        token="" if site.require_identity else issue_token(begin(site)),
        client=uuid.uuid4(),
    )
    return page(request, site, "widget/chat.html", language=language, context=context)


def chat_context(
    site: ChatSite, *, language: str, greeting: str, promise: str, token: str, client: uuid.UUID
) -> dict[str, Any]:
    """What the chat's template needs beyond what every page has."""
    settings = {
        "site": site.key,
        "api": reverse("widget:api-sessions").removesuffix("sessions"),
        "live": "/live/chat",
        "language": language,
        "origins": site.origins,
        "mustSignIn": site.require_identity,
        "strings": strings_for_script(language),
    }
    return {
        "settings": json_script(settings, "settings"),
        "greeting": greeting,
        "promise": promise,
        "token": token,
        "client": client,
        "css": asset("chat.css").versioned,
        "js": asset("chat.js").versioned,
    }


def page(
    request: HttpRequest,
    site: ChatSite,
    template: str,
    *,
    language: str,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """Render a page in a brand's colours, framed by nobody but the site's own pages."""
    nonce = secrets.token_urlsafe(16)
    theme = request.GET.get("theme", "")
    accent = accent_or_default(site.accent)
    shared = {
        "site": site,
        "brand": site.account.brand.name,
        "language": language,
        "direction": direction(language),
        "said": strings(language),
        "theme": theme if theme in {"light", "dark"} else "auto",
        "nonce": nonce,
        "accent": accent,
        "ink": ink_on(accent),
        "accent_on_light": readable_on(accent, LIGHT_PAPER),
        "accent_on_dark": readable_on(accent, DARK_PAPER),
    }
    response = HttpResponse(rendered(template, {**shared, **context}), status=status)
    response["Content-Security-Policy"] = policy(nonce, frame_ancestors=["'self'", *site.origins])
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def rendered(template: str, context: dict[str, Any]) -> str:
    return str(engines["jinja2"].get_template(template).render(context))


def policy(nonce: str, *, frame_ancestors: Iterable[str]) -> str:
    """The content security policy of a page of ours: its own files, one style block, nothing else."""
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self' 'nonce-{nonce}'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            f"frame-ancestors {' '.join(frame_ancestors)}",
        ]
    )


def plain_page(code: str, *, status: int, retry_after: int = 0) -> HttpResponse:
    """A short refusal for a page that has no site to speak for."""
    sentences = {
        "no_such_site": "There is no chat here: the address names no chat site.",
        "no_demo": "There is no demo company here. Build one with: rapport demo",
        "too_many": "Too many requests. Please wait a moment and try again.",
    }
    response = HttpResponse(sentences[code], status=status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return response


def language_of(request: HttpRequest, site: ChatSite) -> str:
    return choose_language(
        asked=request.GET.get("lang", "")[:20],
        accepted=request.headers.get("Accept-Language", ""),
        default=site.language,
    )


def greeting(site: ChatSite, language: str, *, is_open: bool) -> str:
    """The site's own words in the language, else in its default language, else the widget's."""
    texts = site.greeting if is_open else site.away
    own = texts.get(language) or texts.get(site.language)
    return str(own or strings(language)["greeting" if is_open else "away"])


def promise(availability: queries.Availability, said: dict[str, str], language: str) -> str:
    """What to expect, in a few words: how soon we answer, or when we open."""
    if not availability.is_open:
        opens = availability.opens_at
        return said["opens"].format(when=moment(opens, language, day="EEE")) if opens else ""
    minutes = availability.reply_minutes
    if minutes <= _MINUTES_SHOWN:
        return said["within_minutes"].format(n=minutes)
    return said["within_hours"].format(n=-(-minutes // 60))


def moment(at: datetime, language: str, *, day: str) -> str:
    """A day and a time of day as the language writes them, in the zone of ``at``.

    ``day`` is a CLDR pattern: ``EEE`` for a weekday, ``d MMM`` for a date.
    """
    locale = _BABEL.get(language, language)
    shown = format_date(at, day, locale=locale)
    return f"{shown} {format_time(at, 'HH:mm', tzinfo=at.tzinfo, locale=locale)}"
