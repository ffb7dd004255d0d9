"""Error pages in plain words, for people and for programs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from rapport.web.templating import render


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(
        request,
        404,
        "not_found",
        _("There is nothing here"),
        _("The address is wrong, or what was here is gone, or it belongs to another workspace."),
    )


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(
        request,
        403,
        "refused",
        _("That was refused"),
        _("The page may have been open too long. Go back, reload it and try again."),
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 400, "bad_request", _("That could not be understood"), _("Nothing was changed."))


def broken(request: HttpRequest) -> HttpResponse:
    return _answer(
        request,
        500,
        "broken",
        _("Something broke on our side"),
        _(
            "Nothing was half written. Try again; if it stays, tell whoever runs this installation"
            " the time it happened."
        ),
    )


def _answer(request: HttpRequest, status: int, code: str, title: str, text: str) -> HttpResponse:
    accepts = request.headers.get("Accept", "")
    if request.path.startswith(("/api/", "/widget/api/")) or accepts.startswith("application/json"):
        return JsonResponse({"code": code, "message": title}, status=status)
    return render(
        request, "errors/error.jinja", {"title": title, "text": text, "code": status}, status=status
    )
