"""What all settings screens share: the list of screens, the answer after a change, refusals."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.accounts.permissions import (
    MANAGE_API_KEYS,
    MANAGE_MEMBERS,
    MANAGE_ROLES,
    MANAGE_TEAMS,
    MANAGE_WORKSPACE,
    SEE_AUDIT,
    SEE_WORKSPACE,
)
from rapport.accounts.refusals import NotHere
from rapport.desk.permissions import MANAGE_CHANNELS
from rapport.web.member_pages import Visit, member_page

P = ParamSpec("P")
View = Callable[Concatenate[Visit, P], HttpResponse]

# (address name, label, permission): the order of the screens, from oneself outwards.
SCREENS = (
    ("account", gettext_lazy("Your account"), SEE_WORKSPACE),
    ("company", gettext_lazy("Company"), MANAGE_WORKSPACE),
    ("members", gettext_lazy("Members"), MANAGE_MEMBERS),
    ("teams", gettext_lazy("Teams"), MANAGE_TEAMS),
    ("roles", gettext_lazy("Roles"), MANAGE_ROLES),
    ("brands", gettext_lazy("Brands"), MANAGE_WORKSPACE),
    ("hours", gettext_lazy("Business hours"), MANAGE_WORKSPACE),
    ("promise", gettext_lazy("First reply"), MANAGE_WORKSPACE),
    ("channels", gettext_lazy("Channels"), MANAGE_CHANNELS),
    ("keys", gettext_lazy("API keys"), MANAGE_API_KEYS),
    ("audit", gettext_lazy("Audit"), SEE_AUDIT),
)


def settings_page(permission: str) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """A member's page whose rows may have gone, or belong to another company: 404 then."""

    def decorate(view: View[P]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def found_or_404(visit: Visit, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                return view(visit, *args, **kwargs)
            except NotHere as error:
                raise Http404(str(error)) from error

        return member_page(permission)(found_or_404)

    return decorate


def show(visit: Visit, screen: str, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Render a settings screen with its list of screens and the words about what was just done."""
    return visit.page(
        f"settings/{template}.jinja",
        section="settings",
        status=status,
        screen=screen,
        screens=[(name, label) for name, label, permission in SCREENS if visit.actor.may(permission)],
        notices=list(messages.get_messages(visit.request)),
        **context,
    )


def done(visit: Visit, screen: str, message: str, *, undo: str = "", **address: Any) -> HttpResponse:
    """Back to a screen with a sentence about what was done; a POST to ``undo`` takes it back."""
    messages.success(visit.request, message, extra_tags=undo)
    return redirect(link(visit, screen, **address))


def link(visit: Visit, name: str, **address: Any) -> str:
    return reverse(f"settings:{name}", kwargs={"slug": visit.seat.workspace_slug, **address})


def text(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "")


def chosen_id(request: HttpRequest, name: str, *, what: str) -> uuid.UUID:
    """An id that was chosen in a form; raises ``NotHere`` for what is none."""
    return parsed_id(request.POST.get(name, ""), what=what)


def chosen_ids(request: HttpRequest, name: str, *, what: str) -> list[uuid.UUID]:
    return [parsed_id(value, what=what) for value in request.POST.getlist(name)]


def parsed_id(value: str, *, what: str) -> uuid.UUID:
    try:
        return uuid.UUID(value)
    except ValueError as error:
        raise NotHere(what, value[:60]) from error


def saved() -> str:
    return _("Saved.")
