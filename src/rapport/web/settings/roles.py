"""Roles: the matrix of who may what, and roles of one's own."""

from __future__ import annotations

import uuid
from itertools import groupby

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rapport.accounts import actions, queries
from rapport.accounts.permissions import MANAGE_ROLES, OWN_WORKSPACE, Permission, UnknownPermission, known
from rapport.accounts.refusals import Refused
from rapport.web.member_pages import Visit
from rapport.web.settings.pages import done, saved, settings_page, show, text

NOUNS = {
    "api_keys": gettext_lazy("API keys"),
    "audit": gettext_lazy("Audit"),
    "channels": gettext_lazy("Channels"),
    "conversations": gettext_lazy("Conversations"),
    "customers": gettext_lazy("Customers"),
    "feedback": gettext_lazy("Feedback"),
    "members": gettext_lazy("Members"),
    "metrics": gettext_lazy("Measures"),
    "roles": gettext_lazy("Roles"),
    "surveys": gettext_lazy("Surveys"),
    "teams": gettext_lazy("Teams"),
    "workspace": gettext_lazy("Workspace"),
}


@require_GET
@settings_page(MANAGE_ROLES)
def roles(visit: Visit) -> HttpResponse:
    return show(visit, "roles", "roles", roles=queries.roles_of(visit.actor), groups=permission_groups())


@require_http_methods(["GET", "POST"])
@settings_page(MANAGE_ROLES)
def new_role(visit: Visit) -> HttpResponse:
    name, held, errors = "", {"workspace.see"}, dict[str, str]()
    if visit.request.method == "POST":
        name, held = text(visit.request, "name"), set(visit.request.POST.getlist("permissions"))
        try:
            made = actions.make_role(visit.actor, name=name, permissions=held)
            return done(visit, "roles", _("The role %(name)s is made.") % {"name": made.name})
        except (Refused, UnknownPermission) as refused:
            errors = _errors(refused)
    return _form(visit, None, name=name, held=held, errors=errors)


@require_http_methods(["GET", "POST"])
@settings_page(MANAGE_ROLES)
def role(visit: Visit, key: uuid.UUID) -> HttpResponse:
    found = next((each for each in queries.roles_of(visit.actor) if each.pk == key), None)
    if found is None or found.key:
        raise Http404("no such role, or a built-in one")
    name, held, errors = found.name, set(found.permissions), dict[str, str]()
    if visit.request.method == "POST":
        name = text(visit.request, "name")
        # What the form shows but does not let one change comes along as it was.
        fixed = {permission for permission in held if not visit.actor.may(permission)}
        held = set(visit.request.POST.getlist("permissions")) | fixed
        try:
            actions.change_role(visit.actor, key, name=name, permissions=held)
            return done(visit, "roles", saved())
        except (Refused, UnknownPermission) as refused:
            errors = _errors(refused)
    return _form(visit, found, name=name, held=held, errors=errors)


@require_POST
@settings_page(MANAGE_ROLES)
def deletion(visit: Visit, key: uuid.UUID) -> HttpResponse:
    try:
        actions.delete_role(visit.actor, key)
    except Refused as refused:
        return show(
            visit,
            "roles",
            "roles",
            status=422,
            roles=queries.roles_of(visit.actor),
            groups=permission_groups(),
            refusal=refused.message,
        )
    return done(visit, "roles", _("The role is deleted."))


def permission_groups() -> list[tuple[str, list[Permission]]]:
    """All permissions by their noun, in the order of their names."""
    names = sorted(known.values(), key=lambda permission: permission.name)
    return [
        (str(NOUNS.get(noun, noun.replace("_", " ").capitalize())), list(group))
        for noun, group in groupby(names, key=lambda permission: permission.name.split(".")[0])
    ]


def _form(visit: Visit, found: object, *, name: str, held: set[str], errors: dict[str, str]) -> HttpResponse:
    return show(
        visit,
        "roles",
        "role",
        status=422 if errors else 200,
        role=found,
        name=name,
        held=held,
        groups=[
            (noun, [permission for permission in group if permission.name != OWN_WORKSPACE])
            for noun, group in permission_groups()
        ],
        errors=errors,
    )


def _errors(refused: Refused | UnknownPermission) -> dict[str, str]:
    if isinstance(refused, Refused):
        return {refused.field: refused.message}
    return {"permissions": str(refused)}
