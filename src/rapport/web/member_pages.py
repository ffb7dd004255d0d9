"""What every members' page goes through: who is asking, in which workspace, may they."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation

from rapport.accounts.queries import Seat, seat_of
from rapport.kernel.actors import Actor, Denied
from rapport.timeline.queries import cursor_now
from rapport.web.templating import render

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a member: the request, the seat it comes from and who acts."""

    request: HttpRequest
    seat: Seat
    #: Where the log stood before the page read anything; a fragment needs none.
    cursor: str = ""

    @property
    def actor(self) -> Actor:
        return self.seat.actor

    def page(self, template: str, *, section: str = "", status: int = 200, **context: Any) -> HttpResponse:
        """Render a screen or fragment with the frame's needs."""
        shared = {
            "seat": self.seat,
            "slug": self.seat.workspace_slug,
            "may": self.actor.may,
            "section": section,
            "cursor": self.cursor,
        }
        return render(self.request, template, {**shared, **context}, status=status)

    @property
    def wants_fragment(self) -> bool:
        return bool(self.request.headers.get("HX-Request"))


View = Callable[Concatenate[Visit, P], HttpResponse]


def member_page(permission: str) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """Make a view for members who hold ``permission``; it gets a ``Visit`` instead of a request.

    Somebody who is not signed in is asked to; a stranger to the workspace gets 404, as if it did not exist;
    a member without the permission gets 403.
    """

    def decorate(view: View[P]) -> Callable[..., HttpResponse]:
        @login_required
        @wraps(view)
        def wrapped(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            seat = seat_of(request.user, slug)
            if seat is None:
                raise Http404("no such workspace")
            whole_page = request.method == "GET" and not request.headers.get("HX-Request")
            visit = Visit(request, seat, cursor_now() if whole_page else "")
            if seat.language:
                translation.activate(seat.language)
            try:
                timezone.activate(zoneinfo.ZoneInfo(seat.time_zone))
                seat.actor.must(permission)
                return view(visit, *args, **kwargs)
            except Denied as denied:
                return visit.page("errors/denied.jinja", status=403, permission=denied.permission)
            finally:
                timezone.deactivate()

        return wrapped

    return decorate
