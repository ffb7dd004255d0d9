"""Ways in for customers: the chats on the company's web sites."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rapport.accounts import queries as accounts
from rapport.channels.chat import queries, sites
from rapport.channels.chat.rules import BadSite
from rapport.desk.permissions import MANAGE_CHANNELS
from rapport.kernel.plaintext import TextRejected
from rapport.web.member_pages import Visit
from rapport.web.settings.pages import chosen_id, done, saved, settings_page, show, text


@require_http_methods(["GET", "POST"])
@settings_page(MANAGE_CHANNELS)
def channels(visit: Visit) -> HttpResponse:
    """The chats, and a form for a new one."""
    brands = list(accounts.brands_of(visit.actor))
    typed, error = {"name": "", "origins": ""}, ""
    if visit.request.method == "POST":
        typed = {field: text(visit.request, field) for field in typed}
        brand = chosen_id(visit.request, "brand", what="brand")
        if brand not in {each.pk for each in brands}:
            raise Http404("no such brand")
        try:
            made = sites.create_site(
                visit.actor, brand_id=brand, name=typed["name"], origins=_lines(typed["origins"])
            )
            return done(visit, "site", _("The chat is open. Put its two lines into your pages."), key=made.pk)
        except (BadSite, TextRejected) as refused:
            error = str(refused)
    return show(
        visit,
        "channels",
        "channels",
        status=422 if error else 200,
        sites=queries.sites(visit.actor),
        brands=[(each.pk, each.name) for each in brands],
        typed=typed,
        error=error,
    )


@require_http_methods(["GET", "POST"])
@settings_page(MANAGE_CHANNELS)
def site(visit: Visit, key: uuid.UUID) -> HttpResponse:
    """One chat: where it may appear, how it greets, the lines for the page, the secret for sign-ins."""
    found = _found(visit, key)
    typed: dict[str, Any] = {
        "name": found.account.name,
        "origins": "\n".join(found.origins),
        "greeting": found.greeting.get(found.language, ""),
        "away": found.away.get(found.language, ""),
        "position": found.position,
        "language": found.language,
        "require_identity": found.require_identity,
    }
    error = ""
    if visit.request.method == "POST":
        typed = _typed(visit.request)
        try:
            sites.change_site(visit.actor, key, **_changes(found, typed))
            return done(visit, "site", saved(), key=key)
        except (BadSite, TextRejected) as refused:
            error = str(refused)
    return show(
        visit,
        "channels",
        "site",
        status=422 if error else 200,
        site=found,
        typed=typed,
        error=error,
        public_url=settings.PUBLIC_URL,
        languages=settings.LANGUAGES,
        positions=[("end", _("At the end of the line (right in English)")), ("start", _("At the start"))],
    )


@require_POST
@settings_page(MANAGE_CHANNELS)
def secret(visit: Visit, key: uuid.UUID) -> HttpResponse:
    """A new secret; the old one is believed until its end is said."""
    _found(visit, key)
    sites.rotate_secret(visit.actor, key)
    return done(visit, "site", _("There is a new secret; the old one still works until you end it."), key=key)


@require_POST
@settings_page(MANAGE_CHANNELS)
def old_secret_end(visit: Visit, key: uuid.UUID) -> HttpResponse:
    _found(visit, key)
    sites.end_rotation(visit.actor, key)
    return done(visit, "site", _("Only the new secret works now."), key=key)


def _found(visit: Visit, key: uuid.UUID) -> Any:
    found = next((each for each in queries.sites(visit.actor) if each.pk == key), None)
    if found is None:
        raise Http404("no such chat")
    return found


def _typed(request: HttpRequest) -> dict[str, Any]:
    fields = ("name", "origins", "greeting", "away", "position", "language")
    return {
        **{field: text(request, field) for field in fields},
        "require_identity": text(request, "require_identity") == "on",
    }


def _changes(found: Any, typed: dict[str, Any]) -> dict[str, Any]:
    """Texts are kept by language; the form shows those of the chat's own language."""
    language = typed["language"]
    return {
        **typed,
        "origins": _lines(typed["origins"]),
        "greeting": _with_text(found.greeting, language, typed["greeting"]),
        "away": _with_text(found.away, language, typed["away"]),
    }


def _with_text(texts: dict[str, str], language: str, written: str) -> dict[str, str]:
    others = {code: words for code, words in texts.items() if code != language}
    return {**others, language: written.strip()} if written.strip() else others


def _lines(written: str) -> list[str]:
    return [line.strip() for line in written.splitlines() if line.strip()]
