"""Business hours and holidays."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rapport.accounts import actions, queries
from rapport.accounts.permissions import MANAGE_WORKSPACE
from rapport.accounts.refusals import Refused
from rapport.kernel import clock
from rapport.web.member_pages import Visit
from rapport.web.settings.hours_form import spec_from, write_hours
from rapport.web.settings.pages import done, saved, settings_page, show, text
from rapport.web.signin import places

DAYS = {
    "monday": gettext_lazy("Monday"),
    "tuesday": gettext_lazy("Tuesday"),
    "wednesday": gettext_lazy("Wednesday"),
    "thursday": gettext_lazy("Thursday"),
    "friday": gettext_lazy("Friday"),
    "saturday": gettext_lazy("Saturday"),
    "sunday": gettext_lazy("Sunday"),
}
SPARE_ROWS = 3


@require_GET
@settings_page(MANAGE_WORKSPACE)
def hours(visit: Visit) -> HttpResponse:
    return _list(visit)


@require_http_methods(["GET", "POST"])
@settings_page(MANAGE_WORKSPACE)
def new_calendar(visit: Visit) -> HttpResponse:
    if visit.request.method != "POST":
        return _form(visit, None, _blank(visit))
    typed = _typed(visit.request)
    try:
        made = actions.create_calendar(visit.actor, name=typed["name"], spec=_spec(typed))
    except Refused as refused:
        return _form(visit, None, typed, errors={refused.field: refused.message})
    return done(visit, "hours", _("%(name)s are set up.") % {"name": made.name})


@require_http_methods(["GET", "POST"])
@settings_page(MANAGE_WORKSPACE)
def calendar(visit: Visit, key: uuid.UUID) -> HttpResponse:
    found = queries.calendars_of(visit.actor).filter(pk=key).first()
    if found is None:
        raise Http404("no such business hours")
    if visit.request.method != "POST":
        return _form(visit, found, _written(found.name, found.spec))
    typed = _typed(visit.request)
    try:
        actions.change_calendar(visit.actor, key, name=typed["name"], spec=_spec(typed))
    except Refused as refused:
        return _form(visit, found, typed, errors={refused.field: refused.message})
    return done(visit, "calendar", saved(), key=key)


@require_POST
@settings_page(MANAGE_WORKSPACE)
def default(visit: Visit, key: uuid.UUID) -> HttpResponse:
    made = actions.make_default_calendar(visit.actor, key)
    return done(visit, "hours", _("%(name)s hold wherever nothing else is said.") % {"name": made.name})


@require_POST
@settings_page(MANAGE_WORKSPACE)
def deletion(visit: Visit, key: uuid.UUID) -> HttpResponse:
    try:
        actions.delete_calendar(visit.actor, key)
    except Refused as refused:
        return _list(visit, refusal=refused.message)
    return done(visit, "hours", _("These business hours are gone."))


def _list(visit: Visit, *, refusal: str = "") -> HttpResponse:
    at = clock.now()
    rows = [
        {"calendar": each, "open": each.hours().is_open(at), "week": _written(each.name, each.spec)["weekly"]}
        for each in queries.calendars_of(visit.actor)
    ]
    return show(
        visit, "hours", "hours", status=422 if refusal else 200, rows=rows, days=DAYS, refusal=refusal
    )


def _form(
    visit: Visit, found: Any, typed: dict[str, Any], *, errors: dict[str, str] | None = None
) -> HttpResponse:
    return show(
        visit,
        "hours",
        "calendar",
        status=422 if errors else 200,
        calendar=found,
        typed=typed,
        rows=[*typed["holidays"], *[("", "", "")] * SPARE_ROWS],
        days=DAYS,
        time_zones=places.time_zone_choices(found.spec["zone"] if found else visit.seat.time_zone),
        errors=errors or {},
    )


def _blank(visit: Visit) -> dict[str, Any]:
    return {"name": "", "zone": visit.seat.time_zone, "weekly": dict.fromkeys(DAYS, ""), "holidays": []}


def _written(name: str, spec: dict[str, Any]) -> dict[str, Any]:
    """A stored calendar as it is shown in the form."""
    weekly = spec.get("weekly", {})
    return {
        "name": name,
        "zone": spec["zone"],
        "weekly": {day: write_hours(weekly.get(day, [])) for day in DAYS},
        "holidays": [
            (holiday["date"], holiday.get("name", ""), write_hours(holiday.get("hours", [])))
            for holiday in spec.get("holidays", [])
        ],
    }


def _typed(request: HttpRequest) -> dict[str, Any]:
    columns = (request.POST.getlist(f"holiday_{part}") for part in ("date", "name", "hours"))
    return {
        "name": text(request, "name"),
        "zone": text(request, "zone"),
        "weekly": {day: text(request, day) for day in DAYS},
        "holidays": [row for row in zip(*columns, strict=False) if any(part.strip() for part in row)],
    }


def _spec(typed: dict[str, Any]) -> dict[str, Any]:
    labels = {day: str(label) for day, label in DAYS.items()}
    return spec_from(typed["zone"], typed["weekly"], typed["holidays"], day_labels=labels)
