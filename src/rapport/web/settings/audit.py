"""Who changed what, when."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from rapport.accounts import queries as accounts
from rapport.accounts.permissions import SEE_AUDIT
from rapport.kernel.log import kinds
from rapport.timeline import queries
from rapport.web.member_pages import Visit
from rapport.web.settings.pages import settings_page, show

_LARGEST_SEQ = 2**63 - 1
_LONGEST_VALUE = 120
NOUNS = {
    "api_key": gettext_lazy("API key"),
    "brand": gettext_lazy("Brand"),
    "calendar": gettext_lazy("Business hours"),
    "channel_account": gettext_lazy("Channel"),
    "chat_site": gettext_lazy("Chat"),
    "customer": gettext_lazy("Customer"),
    "invitation": gettext_lazy("Invitation"),
    "member": gettext_lazy("Member"),
    "policy": gettext_lazy("First reply"),
    "role": gettext_lazy("Role"),
    "survey": gettext_lazy("Survey"),
    "team": gettext_lazy("Team"),
    "workspace": gettext_lazy("Workspace"),
}
FIELDS = {
    "accent": gettext_lazy("Colour"),
    "added": gettext_lazy("Added"),
    "by": gettext_lazy("By"),
    "channel": gettext_lazy("Channel"),
    "country": gettext_lazy("Country"),
    "currency": gettext_lazy("Currency"),
    "default": gettext_lazy("Default"),
    "department": gettext_lazy("Department"),
    "email": gettext_lazy("Email"),
    "joined": gettext_lazy("Joined"),
    "language": gettext_lazy("Language"),
    "left": gettext_lazy("Left"),
    "members": gettext_lazy("Members"),
    "minutes": gettext_lazy("Minutes"),
    "name": gettext_lazy("Name"),
    "permissions": gettext_lazy("Permissions"),
    "removed": gettext_lazy("Removed"),
    "role": gettext_lazy("Role"),
    "spec": gettext_lazy("Hours"),
    "time_zone": gettext_lazy("Time zone"),
}


@require_GET
@settings_page(SEE_AUDIT)
def audit(visit: Visit) -> HttpResponse:
    """Filters by noun and by member; one that does not parse is left out, so that the page still opens."""
    asked = visit.request.GET
    nouns = sorted({name.split(".")[0] for name, kind in kinds.items() if kind.audited})
    kind = asked.get("kind", "") if asked.get("kind") in nouns else ""
    member = _id(asked.get("member", ""))
    page = queries.audit_page(
        visit.actor, before_seq=_seq(asked.get("before", "")), kind=kind, actor_id=member
    )
    members = accounts.members_of(visit.actor, suspended=True)
    return show(
        visit,
        "audit",
        "audit",
        lines=[
            {"line": line, "meaning": kinds[line.kind].meaning, "details": details(line.data)}
            for line in page.lines
        ],
        next_before=page.next_before,
        kind=kind,
        member=str(member or ""),
        nouns=[("", _("Everything"))] + [(noun, _named(NOUNS, noun)) for noun in nouns],
        members=[("", _("Everybody"))] + [(each.pk, each.name) for each in members],
    )


def details(data: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(what, before, after) of a change; facts without a before have an empty one."""
    rows = [
        (_named(FIELDS, field), _short(before), _short(after))
        for field, (before, after) in _pairs(data.get("changed")).items()
    ]
    for field, value in data.items():
        if field != "changed" and value not in ("", None, [], {}):
            rows.append((_named(FIELDS, field), "", _short(value)))
    return rows


def _pairs(changed: Any) -> dict[str, tuple[Any, Any]]:
    """``{field: [before, after]}``; other packages may write a plain list of fields."""
    if isinstance(changed, Mapping):
        return {
            str(field): (pair[0], pair[1])
            for field, pair in changed.items()
            if isinstance(pair, list) and len(pair) == 2
        }
    if isinstance(changed, list):
        return {str(field): ("", "…") for field in changed}
    return {}


def _named(words: Mapping[str, Any], key: str) -> str:
    return str(words.get(key) or key.replace("_", " ").capitalize())


def _short(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        value = ", ".join(str(each) for each in value)
    written = str(value)
    return written if len(written) <= _LONGEST_VALUE else f"{written[:_LONGEST_VALUE]}…"


def _seq(value: str) -> int | None:
    if not value.isascii() or not value.isdigit() or len(value) > 19:
        return None
    return min(int(value), _LARGEST_SEQ)


def _id(value: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(value)
    except ValueError:
        return None
