"""Teams and who is in them."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rapport.accounts import actions, queries
from rapport.accounts.permissions import MANAGE_TEAMS
from rapport.accounts.refusals import Refused
from rapport.web.member_pages import Visit
from rapport.web.settings.pages import chosen_ids, done, saved, settings_page, show, text


@require_http_methods(["GET", "POST"])
@settings_page(MANAGE_TEAMS)
def teams(visit: Visit) -> HttpResponse:
    """All teams, and a form for a new one."""
    typed, placed, errors = {"name": "", "department": ""}, set[uuid.UUID](), dict[str, str]()
    if visit.request.method == "POST":
        typed = {field: text(visit.request, field) for field in typed}
        placed = set(chosen_ids(visit.request, "members", what="member"))
        try:
            formed = actions.form_team(visit.actor, **typed, member_ids=placed)
            return done(visit, "teams", _("The team %(name)s is formed.") % {"name": formed.name})
        except Refused as refused:
            errors = {refused.field: refused.message}
    return show(
        visit,
        "teams",
        "teams",
        status=422 if errors else 200,
        teams=list(queries.teams_of(visit.actor)),
        members=list(queries.members_of(visit.actor)),
        typed=typed,
        placed=placed,
        errors=errors,
    )


@require_http_methods(["GET", "POST"])
@settings_page(MANAGE_TEAMS)
def team(visit: Visit, key: uuid.UUID) -> HttpResponse:
    found = next((each for each in queries.teams_of(visit.actor) if each.pk == key), None)
    if found is None:
        raise Http404("no such team")
    typed = {"name": found.name, "department": found.department}
    placed = {row.member_id for row in found.memberships.all()}
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        typed = {field: text(visit.request, field) for field in typed}
        placed = set(chosen_ids(visit.request, "members", what="member"))
        try:
            actions.change_team(visit.actor, key, **typed, member_ids=placed)
            return done(visit, "teams", saved())
        except Refused as refused:
            errors = {refused.field: refused.message}
    everybody = queries.members_of(visit.actor, suspended=True)
    return show(
        visit,
        "teams",
        "team",
        status=422 if errors else 200,
        team=found,
        members=[member for member in everybody if member.suspended_at is None or member.pk in placed],
        typed=typed,
        placed=placed,
        errors=errors,
    )


@require_POST
@settings_page(MANAGE_TEAMS)
def disbanding(visit: Visit, key: uuid.UUID) -> HttpResponse:
    actions.disband_team(visit.actor, key)
    return done(visit, "teams", _("The team is disbanded."))
