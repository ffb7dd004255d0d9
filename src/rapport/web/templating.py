"""The Jinja2 environment of all screens, and how a page gets what every page needs."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import engines
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from rapport.kernel import clock
from rapport.kernel.html import linkify
from rapport.kernel.money import Money
from rapport.web import wording


def environment(**options: Any) -> Environment:
    """Made once by Django's Jinja2 backend. A misspelt name in a template is an error, not an empty string."""
    options["undefined"] = StrictUndefined
    env = Environment(  # noqa: S701  (the backend passes autoescape=True)
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.loopcontrols"],
        **options,
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    env.globals.update(
        asset=_asset,
        now=clock.now,
        reverse=_reverse,
        query=_query,
        change_sentence=wording.change_sentence,
        event_line=_event_line,
        browser_words=wording.browser_words,
    )
    env.filters.update(
        ago=wording.ago,
        until=wording.until,
        moment=moment,
        clock=clock_time,
        when=when,
        day=day,
        date=date,
        duration=wording.duration,
        number=number,
        percent=percent,
        money=money,
        hue=hue,
        initials=initials,
        linkified=lambda text: Markup(linkify(text)),  # noqa: S704  (linkify escapes)
        identity_kind=wording.identity_kind,
        language_name=wording.language_name,
        channel_name=wording.channel_name,
        role_name=wording.role_name,
    )
    return env


def render(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a screen or a fragment with what all of them share."""
    nonce = getattr(request, "csp_nonce", "")
    shared = {
        "request": request,
        "csrf": get_token(request),
        "nonce": nonce,
        "language": translation.get_language() or "en",
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
        "theme": theme_of(request),
        "fragment": bool(request.headers.get("HX-Request")),
    }
    body = engines["jinja2"].get_template(template).render({**shared, **context})
    response = HttpResponse(body, status=status)
    response["Vary"] = "HX-Request, Cookie"
    response["Cache-Control"] = "no-store"
    return response


def theme_of(request: HttpRequest) -> str:
    """``light``, ``dark`` or ``""`` (follow the device)."""
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in {"light", "dark"} else ""


def moment(value: datetime) -> Markup:
    """A ``<time>`` that says how long ago, with the full time on hover; a script keeps it current."""
    local = timezone.localtime(value)
    return Markup('<time datetime="{}" title="{}" data-ago>{}</time>').format(
        value.isoformat(), formats.date_format(local, str(wording.DATE_TIME)), wording.ago(value)
    )


def clock_time(value: datetime) -> str:
    return formats.date_format(timezone.localtime(value), wording.TIME)


def when(value: datetime) -> str:
    """The time today, the weekday with the time within a week, else the date with the time."""
    return wording.when(timezone.localtime(value), timezone.localtime(clock.now()))


def date(value: datetime) -> str:
    return formats.date_format(timezone.localtime(value), str(wording.DATE))


def day(value: datetime) -> str:
    """“Today”, “Yesterday” or the date, for separators."""
    return wording.day(timezone.localtime(value), timezone.localtime(clock.now()))


def number(value: float, digits: int = 0) -> str:
    return wording.number(value, digits)


def percent(value: float, digits: int = 0) -> str:
    return _("%(number)s%%") % {"number": number(value * 100, digits)}


def money(minor: int, currency: str) -> str:
    return Money(int(minor), currency).format((translation.get_language() or "en").replace("-", "_"))


def hue(text: Any) -> int:
    """A stable colour for a face."""
    return int(hashlib.blake2s(str(text).encode(), digest_size=2).hexdigest(), 16) % 24 * 15


def initials(name: str) -> str:
    words = [word for word in name.split() if word[:1].isalnum()]
    return "".join(word[0] for word in words[:1] + words[1:][-1:]).upper() or "?"


@lru_cache(maxsize=512)
def _asset(name: str) -> str:
    # A list asks for its icons a hundred times; files and their hashes do not change while we run.
    return str(staticfiles_storage.url(name))


def _reverse(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)


def _query(**values: Any) -> str:
    kept = {key: value for key, value in values.items() if value not in ("", None)}
    return f"?{urlencode(kept)}" if kept else ""


def _event_line(event: Any, slug: str) -> Any:
    from rapport.web.event_lines import event_line  # event lines use our filters, so they load after us

    return event_line(event, slug)
