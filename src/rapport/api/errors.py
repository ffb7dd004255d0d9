"""Every refusal has one shape: ``{"code": …, "message": …}``."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from rapport.accounts.refusals import NotHere
from rapport.desk.actions import BadChange, NoSuchConversation, StaleReply
from rapport.kernel.actors import Denied
from rapport.kernel.limits import RateLimited
from rapport.kernel.plaintext import TextRejected

_CODES = {400: "bad_request", 401: "unauthenticated", 403: "forbidden", 404: "not_found", 409: "conflict"}


class Conflict(Exception):
    """What is asked for contradicts what is there; ``code`` says how."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def install(api: NinjaAPI) -> None:
    """Answer every error that a route can raise."""

    def answer(request: HttpRequest, status: int, code: str, message: str) -> HttpResponse:
        return api.create_response(request, {"code": code, "message": message}, status=status)

    def not_found(request: HttpRequest, error: Any) -> HttpResponse:
        # The same for what never was and for what is another company's.
        return answer(request, 404, "not_found", "There is nothing here.")

    def denied(request: HttpRequest, error: Any) -> HttpResponse:
        return answer(request, 403, "denied", f"This needs the permission {error.permission}.")

    def limited(request: HttpRequest, error: Any) -> HttpResponse:
        response = answer(request, 429, "too_many_requests", str(error))
        response["Retry-After"] = str(error.retry_after_seconds)
        return response

    def invalid(request: HttpRequest, error: Any) -> HttpResponse:
        first = error.errors[0]
        place = ".".join(str(part) for part in first["loc"] if part not in {"body", "query", "path"})
        return answer(request, 422, "invalid", f"{place}: {first['msg']}")

    def text_rejected(request: HttpRequest, error: Any) -> HttpResponse:
        return answer(request, 422, "text_rejected", str(error))

    def bad_change(request: HttpRequest, error: Any) -> HttpResponse:
        return answer(request, 422, "invalid", str(error))

    def stale(request: HttpRequest, error: Any) -> HttpResponse:
        return answer(request, 409, "customer_wrote", str(error))

    def conflict(request: HttpRequest, error: Any) -> HttpResponse:
        return answer(request, 409, error.code, str(error))

    def http(request: HttpRequest, error: Any) -> HttpResponse:
        return answer(request, error.status_code, _CODES.get(error.status_code, "error"), str(error))

    handlers: dict[type[Exception], Any] = {
        Http404: not_found,
        NotHere: not_found,
        NoSuchConversation: not_found,
        Denied: denied,
        RateLimited: limited,
        ValidationError: invalid,
        TextRejected: text_rejected,
        BadChange: bad_change,
        StaleReply: stale,
        Conflict: conflict,
        HttpError: http,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)
