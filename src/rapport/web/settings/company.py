"""Facts of the company."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from rapport.accounts import actions, queries
from rapport.accounts.permissions import MANAGE_WORKSPACE
from rapport.accounts.refusals import Refused
from rapport.web.member_pages import Visit
from rapport.web.settings.pages import done, saved, settings_page, show, text
from rapport.web.signin import places

FIELDS = ("name", "time_zone", "country", "currency", "language")


@require_http_methods(["GET", "POST"])
@settings_page(MANAGE_WORKSPACE)
def company(visit: Visit) -> HttpResponse:
    workspace = queries.workspace_of(visit.seat.workspace_id)
    typed = {field: str(getattr(workspace, field)) for field in FIELDS}
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        typed = {field: text(visit.request, field) for field in FIELDS}
        try:
            actions.change_workspace(visit.actor, **typed)
            return done(visit, "company", saved())
        except Refused as refused:
            errors = {refused.field: refused.message}
    return show(
        visit,
        "company",
        "company",
        status=422 if errors else 200,
        typed=typed,
        errors=errors,
        countries=places.countries(),
        time_zones=places.time_zone_choices(workspace.time_zone),
        currencies=places.currencies(),
        languages=settings.LANGUAGES,
    )
