"""JSON in, JSON out: how a request of the widget is read and how its refusals are worded."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from rapport.channels.chat.actions import IdentityRequired
from rapport.channels.chat.claims import JwtRefused
from rapport.channels.chat.queries import NoSuchSite
from rapport.channels.chat.visitors import BadVisitor, Visitor, read_token
from rapport.desk.actions import NoSuchConversation
from rapport.feedback.actions import BadScore, CannotAnswer
from rapport.kernel.limits import RateLimited
from rapport.kernel.plaintext import TextRejected
from rapport.widget.limits import address_of

MAX_BODY_BYTES = 64 * 1024
LONGEST_TOKEN = 4_096

Body = TypeVar("Body", bound=msgspec.Struct)
View = Callable[..., HttpResponse]

_encoder = msgspec.json.Encoder()
_ANSWER_STATUS = {"unknown": 404, "expired": 410, "answered": 409}


class Refused(Exception):
    """The request cannot be served; ``status`` and ``code`` are for programs, the message for people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def endpoint(view: View) -> View:
    """A JSON endpoint: typed errors become ``{"code", "message"}``, nothing is cached.

    It needs no CSRF token: nothing here looks at cookies, a request carries its own proof.
    """

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except _KNOWN as error:
            response = _refusal(error)
        response.setdefault("Cache-Control", "no-store")
        return response

    return answered


def read_body(request: HttpRequest, shape: type[Body]) -> Body:
    """The request's JSON as ``shape``. Raises ``Refused``: 413 before a byte is read, 415, 400."""
    if request.method != "POST":
        raise Refused(405, "method", "this address takes POST only")
    if content_length(request) > MAX_BODY_BYTES:
        raise Refused(413, "too_large", f"a request may have at most {MAX_BODY_BYTES // 1024} KB")
    if request.content_type != "application/json":
        raise Refused(415, "not_json", "send application/json")
    try:
        return msgspec.json.decode(request.read(MAX_BODY_BYTES + 1), type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused(400, "bad_request", f"this request cannot be understood: {error}") from error


def content_length(request: HttpRequest) -> int:
    """Bytes the sender announced; 0 when nothing (sensible) was announced, and then none are read."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    return int(announced) if announced.isascii() and announced.isdigit() and len(announced) < 16 else 0


def answer(data: Any, *, status: int = 200) -> HttpResponse:
    return HttpResponse(_encoder.encode(data), status=status, content_type="application/json")


def visitor_of(request: HttpRequest) -> Visitor:
    """Who asks, by ``Authorization: Bearer``. Raises ``BadVisitor``."""
    return read_token(bearer(request.headers.get("Authorization", ""))).visitor


def bearer(header: str) -> str:
    """The token of an Authorization header. Raises ``BadVisitor`` when there is none."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip() or len(token) > LONGEST_TOKEN:
        raise BadVisitor("bad_token", "send the visitor's token as: Authorization: Bearer …")
    return token.strip()


def address(request: HttpRequest) -> str:
    """The network address the request comes from."""
    return address_of(request.META.get("REMOTE_ADDR", ""), lambda name: request.headers.get(name, ""))


_KNOWN = (
    Refused,
    RateLimited,
    BadVisitor,
    IdentityRequired,
    JwtRefused,
    NoSuchSite,
    NoSuchConversation,
    TextRejected,
    BadScore,
    CannotAnswer,
)


def _refusal(error: Exception) -> HttpResponse:
    match error:
        case Refused():
            return _error(error.status, error.code, str(error))
        case RateLimited():
            response = _error(429, "too_many", str(error))
            response["Retry-After"] = str(error.retry_after_seconds)
            return response
        case BadVisitor():
            return _error(401, error.code, str(error))
        case IdentityRequired():
            return _error(403, "identity_required", str(error))
        case JwtRefused():
            return _error(403, error.code, str(error))
        case TextRejected():
            return _error(422, error.code.value, error.message)
        case BadScore():
            return _error(422, "bad_score", str(error))
        case CannotAnswer():
            return _error(_ANSWER_STATUS.get(error.code, 409), f"question_{error.code}", str(error))
        case NoSuchSite():
            return _error(404, "no_such_site", str(error))
        case _:
            return _error(404, "no_such_conversation", "there is no such conversation")


def _error(status: int, code: str, message: str) -> HttpResponse:
    return answer({"code": code, "message": message}, status=status)
