"""What goes around every request: plain answers when the database is away, and a member's own language."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import Error as DatabaseFault
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

log = logging.getLogger("rapport.web")

Handler = Callable[[HttpRequest], HttpResponse]


class DatabaseTrouble:
    """Turns a lost connection or a full disk into one clear sentence with status 503.

    The transaction was rolled back by then, so nothing is half written and trying again is safe.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, (OperationalError, InterfaceError)):
            return None
        log.error("database trouble on %s: %s", request.path, error)
        response = HttpResponse(_sentence(error), status=503, content_type="text/plain; charset=utf-8")
        response["Retry-After"] = "5"
        return response


class OwnLanguage:
    """Pages of signed-in people outside a workspace speak the language they chose, not the browser's.

    Inside a workspace ``member_page`` does so, with the seat that it reads anyway. The addresses here read the
    sign-in themselves too, so this costs no statement.
    """

    ADDRESSES = ("/sign-in/", "/workspaces/", "/invitation/")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(self.ADDRESSES):
            chosen = getattr(request.user, "language", "")
            if chosen:
                translation.activate(chosen)
                request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


def _sentence(error: DatabaseFault) -> str:
    state = getattr(error.__cause__, "sqlstate", "") or ""
    if state.startswith("53100"):
        return _("The disk is full, so nothing was saved. Free some space and try again.")
    if state.startswith("53"):
        return _("The database is at its limit, so nothing was saved. Try again in a moment.")
    return _("The database cannot be reached, so nothing was saved. Try again in a moment.")
