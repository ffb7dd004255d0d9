"""Members and invitations."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from rapport.accounts import actions, mails, queries
from rapport.accounts.permissions import MANAGE_MEMBERS
from rapport.accounts.refusals import Refused
from rapport.kernel import clock, limits
from rapport.web.limiter import limiter
from rapport.web.member_pages import Visit
from rapport.web.settings.pages import chosen_id, done, link, settings_page, show, text
from rapport.web.wording import role_name

# A company of hundreds can still be invited in a day; a stolen session cannot spam the world.
INVITATIONS = "settings.invitation"
limits.register(INVITATIONS, "60/hour")


@require_GET
@settings_page(MANAGE_MEMBERS)
def members(visit: Visit) -> HttpResponse:
    return _page(visit)


@require_POST
@settings_page(MANAGE_MEMBERS)
def invitations(visit: Visit) -> HttpResponse:
    """Invite somebody. The answer shows the link, once: it is stored nowhere."""
    email = text(visit.request, "email")
    try:
        limiter.hit(INVITATIONS, str(visit.seat.workspace_id))
        invited = actions.invite(
            visit.actor, email=email, role_id=chosen_id(visit.request, "role", what="role")
        )
    except Refused as refused:
        return _page(visit, email=email, errors={refused.field: refused.message})
    except limits.RateLimited as limited:
        return _page(visit, email=email, errors={"": str(limited)}, status=429)
    address = f"{settings.PUBLIC_URL}{invited.path}"
    mailed = mails.send_invitation(invited.invitation, link=address, inviter=visit.seat.name)
    return _page(visit, fresh={"email": invited.invitation.email, "link": address, "mailed": mailed})


@require_POST
@settings_page(MANAGE_MEMBERS)
def withdrawal(visit: Visit, key: uuid.UUID) -> HttpResponse:
    try:
        invitation = actions.withdraw(visit.actor, key)
    except Refused as refused:
        return _page(visit, errors={"": refused.message})
    message = _("The invitation of %(email)s is withdrawn.") % {"email": invitation.email}
    return done(visit, "members", message)


@require_POST
@settings_page(MANAGE_MEMBERS)
def role(visit: Visit, key: uuid.UUID) -> HttpResponse:
    try:
        member = actions.change_member_role(
            visit.actor, key, role_id=chosen_id(visit.request, "role", what="role")
        )
    except Refused as refused:
        return _page(visit, errors={"": refused.message})
    words = {"name": member.name, "role": role_name(member.role)}
    return done(visit, "members", _("%(name)s is now %(role)s.") % words)


@require_POST
@settings_page(MANAGE_MEMBERS)
def suspension(visit: Visit, key: uuid.UUID) -> HttpResponse:
    try:
        member = actions.suspend(visit.actor, key)
    except Refused as refused:
        return _page(visit, errors={"": refused.message})
    message = _("%(name)s can no longer come in; their sessions have ended.") % {"name": member.name}
    return done(visit, "members", message, undo=link(visit, "reinstatement", key=key))


@require_POST
@settings_page(MANAGE_MEMBERS)
def reinstatement(visit: Visit, key: uuid.UUID) -> HttpResponse:
    member = actions.reinstate(visit.actor, key)
    return done(visit, "members", _("%(name)s can come in again.") % {"name": member.name})


def _page(
    visit: Visit,
    *,
    email: str = "",
    errors: dict[str, str] | None = None,
    fresh: dict[str, object] | None = None,
    status: int = 0,
) -> HttpResponse:
    roles = queries.roles_of(visit.actor)
    everybody = list(queries.members_of(visit.actor, suspended=True))
    may_give = {role.pk for role in roles if visit.actor.permissions.issuperset(role.permissions)}
    return show(
        visit,
        "members",
        "members",
        status=status or (422 if errors else 200),
        members=[member for member in everybody if member.suspended_at is None],
        suspended=[member for member in everybody if member.suspended_at is not None],
        invitations=list(queries.open_invitations_of(visit.actor)),
        roles=[(role.pk, role_name(role)) for role in roles if role.pk in may_give],
        agent_role=next((role.pk for role in roles if role.key == "agent"), ""),
        may_give=may_give,
        at=clock.now(),
        email=email,
        errors=errors or {},
        fresh=fresh,
    )
