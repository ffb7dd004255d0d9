"""Coming in: the owner link, invitations, and choosing among one's workspaces."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from rapport.accounts import actions, queries
from rapport.accounts.refusals import LinkClosed, Refused
from rapport.web.signin import places
from rapport.web.templating import render


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest, secret: str) -> HttpResponse:
    """The owner link: make the first owner and their company, or open the demo company."""
    try:
        link = actions.open_owner_link(secret)
    except LinkClosed as closed:
        return _closed(request, closed)
    demo = link.workspace.name if link.workspace else ""
    if request.method != "POST":
        guess = places.guess(request.headers.get("Accept-Language", ""))
        typed = {"country": guess.country, "time_zone": guess.time_zone}
        return _welcome_form(request, typed, demo=demo)
    typed = _typed(request, "name", "email", "company", "country", "time_zone")
    try:
        owner = actions.use_owner_link(
            secret,
            person=actions.NewPerson(
                email=typed["email"],
                name=typed["name"],
                password=request.POST.get("password", ""),
            ),
            company=None if demo else _company(typed),
        )
    except LinkClosed as closed:
        return _closed(request, closed)
    except Refused as refused:
        return _welcome_form(request, typed, demo=demo, refused=refused)
    return _sign_in(request, owner.user, owner.workspace.slug)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """An invitation: come in with a new sign-in, or with the one that has the invited address."""
    try:
        invited = actions.open_invitation(secret)
    except LinkClosed as closed:
        return _closed(request, closed)
    typed = _typed(request, "name")
    refused: Refused | None = None
    if request.method == "POST":
        try:
            if request.user.is_authenticated:
                member = actions.join_as_signed_in(secret, user=request.user)
                return redirect(reverse("workspace", args=[member.workspace.slug]))
            member = actions.join_as_new_person(
                secret, name=typed["name"], password=request.POST.get("password", "")
            )
            return _sign_in(request, member.user, member.workspace.slug)
        except LinkClosed as closed:
            return _closed(request, closed)
        except Refused as error:
            refused = error
    return render(
        request,
        "signin/invitation.jinja",
        {
            "invited": invited,
            "signed_in_as": getattr(request.user, "email", ""),
            "has_sign_in": queries.has_sign_in(invited.email),
            "typed": typed,
            "errors": _errors(refused),
            "here": request.path,
        },
        status=422 if refused else 200,
    )


@require_GET
def not_here(request: HttpRequest) -> HttpResponse:
    """Pages of allauth that Rapport does not open."""
    return render(request, "signin/not_here.jinja", {}, status=404)


def _welcome_form(
    request: HttpRequest, typed: dict[str, str], *, demo: str, refused: Refused | None = None
) -> HttpResponse:
    context = {
        "demo": demo,
        "typed": {"name": "", "email": "", "company": "", **typed},
        "countries": places.countries(),
        "time_zones": places.time_zones(),
        "errors": _errors(refused),
    }
    return render(request, "signin/welcome.jinja", context, status=422 if refused else 200)


def _company(typed: dict[str, str]) -> actions.NewCompany:
    return actions.NewCompany(
        name=typed["company"],
        time_zone=typed["time_zone"],
        country=typed["country"],
        currency=places.currency_of_country(typed["country"]),
        language=translation.get_language() or "en",
    )


def _typed(request: HttpRequest, *names: str) -> dict[str, str]:
    """What stood in the form, so that a mistake in one field costs none of the others."""
    return {name: request.POST.get(name, "") for name in names}


def _errors(refused: Refused | None) -> dict[str, str]:
    """The message under its field; under ``""`` when it is about none."""
    return {refused.field: refused.message} if refused else {}


def _sign_in(request: HttpRequest, user: Any, slug: str) -> HttpResponse:
    # allauth's own way in, so that its session list and step-up checks know about it.
    response: HttpResponse = perform_login(request, user, redirect_url=reverse("workspace", args=[slug]))
    record_authentication(request, user, method="password")
    return response


def _closed(request: HttpRequest, closed: LinkClosed) -> HttpResponse:
    return render(request, "signin/closed.jinja", {"message": closed.message}, status=410)
