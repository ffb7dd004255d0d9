"""The first reply we promise customers."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapport.accounts import queries as accounts
from rapport.accounts.permissions import MANAGE_WORKSPACE
from rapport.desk import actions, queries
from rapport.desk.rules import DEFAULT_FIRST_REPLY
from rapport.web.member_pages import Visit
from rapport.web.settings.pages import done, parsed_id, saved, settings_page, show, text

CHANNELS = ("chat",)


@require_http_methods(["GET", "POST"])
@settings_page(MANAGE_WORKSPACE)
def promise(visit: Visit) -> HttpResponse:
    """Minutes of business time until the first reply: in general, and for a channel that differs."""
    error, wrong = "", ""
    if visit.request.method == "POST":
        channel = text(visit.request, "channel")
        calendar = text(visit.request, "calendar")
        calendars = {str(each.pk) for each in accounts.calendars_of(visit.actor)}
        try:
            if channel not in ("", *CHANNELS) or (calendar and calendar not in calendars):
                raise ValueError(_("Choose a channel and business hours of this company."))
            actions.set_first_reply_policy(
                visit.actor,
                minutes=_minutes(text(visit.request, "minutes")),
                channel=channel,
                calendar_id=parsed_id(calendar, what="calendar") if calendar else None,
            )
            return done(visit, "promise", saved())
        except ValueError as refused:
            error, wrong = str(refused), channel
    policies = {policy.channel: policy for policy in queries.first_reply_policies(visit.actor)}
    return show(
        visit,
        "promise",
        "promise",
        status=422 if error else 200,
        rows=[(channel, policies.get(channel)) for channel in ("", *CHANNELS)],
        default_minutes=int(DEFAULT_FIRST_REPLY.total_seconds() // 60),
        calendars=[("", _("The default hours"))]
        + [(each.pk, each.name) for each in accounts.calendars_of(visit.actor)],
        error=error,
        wrong=wrong,
    )


def _minutes(written: str) -> int:
    try:
        return int(written)
    except ValueError as error:
        raise ValueError(_("Write the minutes as a whole number.")) from error
