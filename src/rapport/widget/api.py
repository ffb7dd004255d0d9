"""What the chat page asks for: a session, messages, receipts, typing, answers."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

import msgspec
from django.http import HttpRequest, HttpResponse

from rapport.channels.chat import actions, queries
from rapport.channels.chat.models import ChatSite
from rapport.channels.chat.rules import choose_language, normal_origin
from rapport.channels.chat.visitors import BadVisitor, Visitor, begin, issue_token, read_token_for
from rapport.customers.rules import Level
from rapport.desk.rules import MAX_MESSAGE_CHARS
from rapport.kernel.plaintext import clean_text
from rapport.widget.exchange import Refused, address, answer, endpoint, read_body, visitor_of
from rapport.widget.limits import limiter
from rapport.widget.look import accent_or_default, ink_on
from rapport.widget.shapes import line_shape, question_shape
from rapport.widget.strings import strings

_SITE_CACHE_SECONDS = 300
_Short = Annotated[str, msgspec.Meta(max_length=200)]


class SessionBody(msgspec.Struct):
    site: _Short
    token: Annotated[str, msgspec.Meta(max_length=4096)] = ""
    jwt: Annotated[str, msgspec.Meta(max_length=8192)] = ""
    language: _Short = ""


class MessageBody(msgspec.Struct):
    client_id: uuid.UUID
    text: str
    site: _Short
    language: _Short = ""


class ReceiptBody(msgspec.Struct):
    site: _Short
    conversation: uuid.UUID
    up_to_seq: Annotated[int, msgspec.Meta(ge=0, le=2_147_483_647)]
    read: bool = False


class TypingBody(msgspec.Struct):
    site: _Short


class AnswerBody(msgspec.Struct):
    invitation: uuid.UUID
    score: int | None = None
    comment: str | None = None


@endpoint
def site(request: HttpRequest, key: str) -> HttpResponse:
    """How the launcher looks and what it says; the only answer that other origins may read."""
    limiter.hit("widget.read_from_address", address(request))
    origin = request.headers.get("Origin", "")
    try:
        found = queries.site_by_key(key)
    except queries.NoSuchSite as error:
        return _not_here(404, "no_such_site", str(error))
    if origin and not is_welcome(found, request, origin):
        return _not_here(403, "origin", f"this chat does not stand on {origin[:100]}: add it to its origins")
    language = _language(request, found, request.GET.get("lang", ""))
    said = strings(language)
    accent = accent_or_default(found.accent)
    response = answer(
        {
            "name": found.account.brand.name,
            "accent": accent,
            "ink": ink_on(accent),
            "position": found.position,
            "language": language,
            "open": said["open"],
            "close": said["close"],
            "unread": said["unread"],
        }
    )
    if origin:
        response["Access-Control-Allow-Origin"] = origin
    response["Vary"] = "Origin, Accept-Language"
    response["Cache-Control"] = f"public, max-age={_SITE_CACHE_SECONDS}"
    return response


@endpoint
def sessions(request: HttpRequest) -> HttpResponse:
    """Begin or take up a visit; with a JWT, as the customer it names."""
    limiter.hit("widget.read_from_address", address(request))
    body = read_body(request, SessionBody)
    found = queries.site_by_key(body.site)
    visitor, token = _returning(found, body.token)
    if visitor is not None:
        limiter.hit("widget.session", str(visitor.identity_id))
    language = _language(request, found, body.language)
    ignored: tuple[str, ...] = ()
    if body.jwt:
        limiter.hit("widget.write_from_address", address(request))
        signed_in = actions.identify(found, signed=body.jwt, visitor=visitor)
        visitor, token, ignored = signed_in.visitor, signed_in.token, signed_in.ignored
    elif visitor is None:
        visitor = begin(found)
        actions.must_be_welcome(found, visitor)
        token = issue_token(visitor)
    else:
        actions.must_be_welcome(found, visitor)
    return answer(_visit(visitor, token, language, ignored))


@endpoint
def messages(request: HttpRequest) -> HttpResponse:
    """GET: the thread, or what came after ``after_seq`` of ``conversation``. POST: one message in."""
    if request.method == "GET":
        return _thread(request)
    body = read_body(request, MessageBody)
    visitor = visitor_of(request)
    limiter.hit("widget.message", str(visitor.identity_id))
    limiter.hit("widget.write_from_address", address(request))
    # Refused texts are refused before anything is looked up, so that a bad one costs little.
    clean_text(body.text, max_chars=MAX_MESSAGE_CHARS)
    found = queries.site_by_key(body.site)
    if visitor.level == Level.UNKNOWN and queries.latest_matter(visitor) is None:
        limiter.hit("widget.newcomer_from_address", address(request))
    language = _language(request, found, body.language)
    received = actions.write(found, visitor, client_id=body.client_id, text=body.text, language=language)
    own = queries.lines(visitor, [received.entry_id])
    return answer(
        {"is_new": received.is_new, "message": line_shape(own[0]) if own else None},
        status=201 if received.is_new else 200,
    )


@endpoint
def receipts(request: HttpRequest) -> HttpResponse:
    """Our messages reached the visitor's page, or were shown there."""
    body = read_body(request, ReceiptBody)
    visitor = visitor_of(request)
    limiter.hit("widget.receipt", str(visitor.identity_id))
    found = queries.site_by_key(body.site)
    actions.must_be_welcome(found, visitor)
    actions.must_not_be_replaced(visitor)
    moved = actions.collect(
        found, visitor, conversation_id=body.conversation, up_to_seq=body.up_to_seq, read=body.read
    )
    return answer({"moved": moved, "unread": queries.unread(visitor)})


@endpoint
def typing(request: HttpRequest) -> HttpResponse:
    """The visitor is writing."""
    body = read_body(request, TypingBody)
    visitor = visitor_of(request)
    limiter.hit("widget.typing", str(visitor.identity_id))
    found = queries.site_by_key(body.site)
    actions.must_be_welcome(found, visitor)
    actions.must_not_be_replaced(visitor)
    actions.tell_typing(found, visitor)
    return HttpResponse(status=204)


@endpoint
def answers(request: HttpRequest) -> HttpResponse:
    """A tap on a score, or words to it."""
    body = read_body(request, AnswerBody)
    visitor = visitor_of(request)
    limiter.hit("widget.answer", str(visitor.identity_id))
    actions.must_not_be_replaced(visitor)
    given = actions.answer(visitor, invitation_id=body.invitation, score=body.score, comment=body.comment)
    return answer({"score": given.score, "comment": given.comment})


def _not_here(status: int, code: str, message: str) -> HttpResponse:
    # Readable everywhere, so that whoever set the page up sees the reason in the console.
    response = answer({"code": code, "message": message}, status=status)
    response["Access-Control-Allow-Origin"] = "*"
    return response


def is_welcome(found: ChatSite, request: HttpRequest, origin: str) -> bool:
    """Whether the chat may stand on pages of ``origin``: the site's own list, and this server's pages."""
    own = f"{request.scheme}://{request.get_host()}"
    return origin in found.origins or origin == normal_origin(own)


def _returning(found: ChatSite, token: str) -> tuple[Visitor | None, str]:
    """The visitor of a token that still holds; an ageing one is exchanged. Somebody new: ``None``."""
    if not token:
        return None, ""
    try:
        presented = read_token_for(found, token)
        actions.must_not_be_replaced(presented.visitor)
    except BadVisitor as error:
        if error.code == "bad_token":
            raise
        return None, ""
    return presented.visitor, issue_token(presented.visitor) if presented.is_ageing else token


def _visit(visitor: Visitor, token: str, language: str, ignored: tuple[str, ...]) -> dict[str, Any]:
    matter = queries.latest_matter(visitor)
    question = queries.open_question(visitor, language=language) if matter else None
    return {
        "token": token,
        "visitor": str(visitor.identity_id),
        "level": int(visitor.level),
        "conversation": str(matter.conversation_id) if matter else None,
        "is_resolved": bool(matter and matter.is_resolved),
        "messages": [line_shape(line) for line in queries.thread(visitor)] if matter else [],
        "unread": queries.unread(visitor) if matter else 0,
        "question": question_shape(question) if question else None,
        "ignored": list(ignored),
    }


def _thread(request: HttpRequest) -> HttpResponse:
    visitor = visitor_of(request)
    limiter.hit("widget.read", str(visitor.identity_id))
    actions.must_not_be_replaced(visitor)
    conversation_id, after_seq = _place(request)
    found = queries.thread(visitor, conversation_id=conversation_id, after_seq=after_seq)
    matter = queries.latest_matter(visitor)
    language = request.GET.get("lang", "")[:20]
    question = queries.open_question(visitor, language=language or "en") if matter else None
    return answer(
        {
            "conversation": str(matter.conversation_id) if matter else None,
            "is_resolved": bool(matter and matter.is_resolved),
            "messages": [line_shape(line) for line in found],
            "unread": queries.unread(visitor) if matter else 0,
            "question": question_shape(question) if question else None,
        }
    )


def _place(request: HttpRequest) -> tuple[uuid.UUID | None, int]:
    conversation, after = request.GET.get("conversation", ""), request.GET.get("after_seq", "0")
    try:
        if not (after.isascii() and after.isdigit() and len(after) <= 9):
            raise ValueError(after)
        return uuid.UUID(conversation) if conversation else None, int(after)
    except ValueError as error:
        raise Refused(400, "bad_request", "conversation must be an id and after_seq a number") from error


def _language(request: HttpRequest, found: ChatSite, asked: str) -> str:
    return choose_language(
        asked=asked[:20], accepted=request.headers.get("Accept-Language", ""), default=found.language
    )
