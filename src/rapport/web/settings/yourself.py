"""Your own account: name, language, look, and the way to passwords and second factors."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from rapport.accounts import actions
from rapport.accounts.permissions import SEE_WORKSPACE
from rapport.accounts.refusals import Refused
from rapport.web.member_pages import Visit
from rapport.web.settings.pages import done, link, saved, settings_page, show, text

_A_YEAR = 365 * 86_400


@require_GET
@settings_page(SEE_WORKSPACE)
def home(visit: Visit) -> HttpResponse:
    return redirect(link(visit, "account"))


@require_http_methods(["GET", "POST"])
@settings_page(SEE_WORKSPACE)
def account(visit: Visit) -> HttpResponse:
    seat = visit.seat
    typed = {"name": seat.name, "language": seat.language, "theme": seat.theme}
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        typed = {field: text(visit.request, field) for field in typed}
        try:
            actions.describe_oneself(visit.actor, **typed)
        except Refused as refused:
            errors = {refused.field: refused.message}
        else:
            return _with_theme(done(visit, "account", saved()), typed["theme"])
    return show(
        visit,
        "account",
        "account",
        status=422 if errors else 200,
        typed=typed,
        errors=errors,
        email=getattr(visit.request.user, "email", ""),
        languages=[("", _("As my browser says")), *settings.LANGUAGES],
        themes=[("", _("As my device says")), ("light", _("Light")), ("dark", _("Dark"))],
    )


def _with_theme(response: HttpResponse, theme: str) -> HttpResponse:
    # The cookie is what pages read before the first paint; a script can change it too, so it is not HttpOnly.
    if theme:
        response.set_cookie("theme", theme, max_age=_A_YEAR, samesite="Lax")
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response
