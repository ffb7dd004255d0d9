"""Where a member arrives: the first screen, the choice of workspaces, the palette, the style guide."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from rapport.accounts import queries as accounts
from rapport.accounts.permissions import SEE_WORKSPACE
from rapport.accounts.queries import seat_of
from rapport.customers import queries as customers
from rapport.customers.permissions import SEE_CUSTOMERS
from rapport.desk import queries as desk
from rapport.desk.permissions import SEE_CONVERSATIONS
from rapport.insight.permissions import SEE_METRICS
from rapport.web import style_guide
from rapport.web.member_pages import Visit, member_page
from rapport.web.templating import render


@require_GET
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Straight into the only workspace, else to the choice of them."""
    found = accounts.workspaces_of(request.user)
    if len(found) == 1:
        return redirect(_first_screen(request, found[0].slug))
    return redirect(reverse("workspaces"))


@require_GET
@login_required
def workspaces(request: HttpRequest) -> HttpResponse:
    return render(request, "workspaces.jinja", {"workspaces": accounts.workspaces_of(request.user)})


@require_GET
@member_page(SEE_WORKSPACE)
def workspace(visit: Visit) -> HttpResponse:
    return redirect(_first_screen(visit.request, visit.seat.workspace_slug))


@require_GET
@member_page(SEE_WORKSPACE)
def palette(visit: Visit) -> HttpResponse:
    """What the palette finds: conversations by number, customers by name or identity."""
    words = visit.request.GET.get("q", "").strip()
    digits = words.removeprefix("#")
    line = None
    if digits.isdigit() and len(digits) < 10 and visit.actor.may(SEE_CONVERSATIONS):
        line = desk.row(visit.actor, int(digits))
    found = []
    if len(words) >= 2 and visit.actor.may(SEE_CUSTOMERS):
        found = customers.customers(visit.actor, search=words, limit=8).rows
    return visit.page("palette.jinja", line=line, customers=found)


@require_GET
def design(request: HttpRequest) -> HttpResponse:
    """The living style guide: every component in every state."""
    return render(request, "design/guide.jinja", style_guide.samples())


@require_GET
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it on pages that name no icon."""
    return redirect(staticfiles_storage.url("mark.svg"))


def _first_screen(request: HttpRequest, slug: str) -> str:
    seat = seat_of(request.user, slug)
    if seat is not None and seat.actor.may(SEE_CONVERSATIONS):
        return reverse("inbox", args=[slug])
    if seat is not None and seat.actor.may(SEE_METRICS):
        return reverse("pulse", args=[slug])
    return reverse("workspaces")
