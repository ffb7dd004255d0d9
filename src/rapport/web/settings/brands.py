"""Brands: names and colours that customers see."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rapport.accounts import actions, queries
from rapport.accounts.permissions import MANAGE_WORKSPACE
from rapport.accounts.refusals import Refused
from rapport.web.member_pages import Visit
from rapport.web.settings.pages import done, saved, settings_page, show, text

FIRST_ACCENT = "#0f766e"


@require_http_methods(["GET", "POST"])
@settings_page(MANAGE_WORKSPACE)
def brands(visit: Visit) -> HttpResponse:
    if visit.request.method != "POST":
        return _page(visit)
    typed = {"name": text(visit.request, "name"), "accent": text(visit.request, "accent")}
    try:
        made = actions.create_brand(visit.actor, **typed)
    except Refused as refused:
        return _page(visit, typed=typed, errors={refused.field: refused.message})
    return done(visit, "brands", _("The brand %(name)s is there.") % {"name": made.name})


@require_POST
@settings_page(MANAGE_WORKSPACE)
def brand(visit: Visit, key: uuid.UUID) -> HttpResponse:
    typed = {"name": text(visit.request, "name"), "accent": text(visit.request, "accent")}
    try:
        actions.change_brand(visit.actor, key, **typed)
    except Refused as refused:
        return _page(visit, changing=key, changed=typed, errors={refused.field: refused.message})
    return done(visit, "brands", saved())


def _page(
    visit: Visit,
    *,
    typed: dict[str, str] | None = None,
    changing: uuid.UUID | None = None,
    changed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    return show(
        visit,
        "brands",
        "brands",
        status=422 if errors else 200,
        brands=list(queries.brands_of(visit.actor)),
        typed=typed or {"name": "", "accent": FIRST_ACCENT},
        changing=changing,
        changed=changed,
        errors=errors or {},
    )
