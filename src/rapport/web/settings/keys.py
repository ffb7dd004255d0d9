"""API keys."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rapport.accounts import actions, queries
from rapport.accounts.permissions import MANAGE_API_KEYS, OWN_WORKSPACE, UnknownPermission
from rapport.accounts.refusals import Refused
from rapport.kernel import clock
from rapport.web.member_pages import Visit
from rapport.web.settings.pages import done, settings_page, show, text
from rapport.web.settings.roles import permission_groups


@require_http_methods(["GET", "POST"])
@settings_page(MANAGE_API_KEYS)
def keys(visit: Visit) -> HttpResponse:
    """All keys, and a form for a new one. The answer to the form shows the key, once."""
    if visit.request.method != "POST":
        return _page(visit)
    held = set(visit.request.POST.getlist("permissions"))
    typed = {"name": text(visit.request, "name"), "until": text(visit.request, "until")}
    try:
        issued = actions.issue_api_key(
            visit.actor, name=typed["name"], permissions=held, expires_at=_end_of(typed["until"])
        )
    except Refused as refused:
        return _page(visit, typed=typed, held=held, errors={refused.field: refused.message})
    except UnknownPermission as unknown:
        return _page(visit, typed=typed, held=held, errors={"permissions": str(unknown)})
    return _page(visit, fresh={"name": issued.key.name, "plain": issued.plain})


@require_POST
@settings_page(MANAGE_API_KEYS)
def revocation(visit: Visit, key: uuid.UUID) -> HttpResponse:
    revoked = actions.revoke_api_key(visit.actor, key)
    return done(visit, "keys", _("The key %(name)s no longer works.") % {"name": revoked.name})


def _page(
    visit: Visit,
    *,
    typed: dict[str, str] | None = None,
    held: set[str] | None = None,
    errors: dict[str, str] | None = None,
    fresh: dict[str, str] | None = None,
) -> HttpResponse:
    groups = [
        (noun, [each for each in group if each.name != OWN_WORKSPACE and visit.actor.may(each.name)])
        for noun, group in permission_groups()
    ]
    return show(
        visit,
        "keys",
        "keys",
        status=422 if errors else 200,
        keys=list(queries.api_keys_of(visit.actor)),
        groups=[(noun, group) for noun, group in groups if group],
        typed=typed or {"name": "", "until": ""},
        held=held or set(),
        errors=errors or {},
        fresh=fresh,
        at=clock.now(),
    )


def _end_of(day: str) -> datetime | None:
    """The last moment of a day in the company's time zone; nothing written means no end."""
    if not day.strip():
        return None
    try:
        last = datetime.combine(date.fromisoformat(day.strip()), time.max)
        return timezone.make_aware(last)
    except (ValueError, OverflowError) as error:
        raise Refused("bad_date", _("Write a date like 2027-01-31."), field="expires_at") from error
