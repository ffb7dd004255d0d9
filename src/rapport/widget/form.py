"""The plain form: chat for browsers without script. The thread so far stands behind a signed address."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from rapport.channels.chat import actions, queries
from rapport.channels.chat.models import ChatSite
from rapport.channels.chat.rules import spoken
from rapport.channels.chat.visitors import BadVisitor, Visitor, begin, issue_token, read_token_for
from rapport.customers.rules import Level
from rapport.feedback.actions import BadScore, CannotAnswer
from rapport.kernel import clock
from rapport.kernel.limits import RateLimited
from rapport.kernel.plaintext import TextFault, TextRejected
from rapport.widget.assets import asset
from rapport.widget.exchange import MAX_BODY_BYTES, address, content_length
from rapport.widget.limits import limiter
from rapport.widget.pages import greeting, language_of, moment, page, plain_page, promise
from rapport.widget.strings import strings

_LONGEST_NAME = 160


@dataclass(frozen=True, slots=True)
class _Draft:
    """What stood in a form that could not be taken, so that nothing typed is lost."""

    message: str = ""
    name: str = ""
    trouble: str = ""
    status: int = 200


# No CSRF token: there is no cookie a foreign page could ride on. What a request may do follows from the
# signed visitor inside the form.
@csrf_exempt
@xframe_options_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, key: str) -> HttpResponse:
    """GET shows form and thread, POST takes a message or an answer and leads back by GET."""
    try:
        limiter.hit("widget.read_from_address", address(request))
        site = queries.site_by_key(key)
    except queries.NoSuchSite:
        return plain_page("no_such_site", status=404)
    except RateLimited as error:
        return plain_page("too_many", status=429, retry_after=error.retry_after_seconds)
    if request.method == "POST":
        return _post(request, site)
    return _show(request, site, *_visitor(site, request.GET.get("c", "")), draft=_Draft())


def _post(request: HttpRequest, site: ChatSite) -> HttpResponse:
    said = strings(_language(request, site))
    if content_length(request) > MAX_BODY_BYTES:
        draft = _Draft(trouble=said["refused"], status=413)
        return _show(request, site, begin(site), is_over=False, draft=draft)
    given = request.POST
    visitor, is_over = _visitor(site, given.get("c", ""))
    if is_over:
        draft = _Draft(given.get("message", ""), given.get("name", ""), said["form_closed"], 410)
        return _show(request, site, visitor, is_over=True, draft=draft)
    try:
        if "score" in given or "comment" in given:
            asked = _answer(request, visitor)
        else:
            asked = ""
            _write(request, site, visitor)
    except TextRejected as error:
        trouble = said["refused"] if error.code != TextFault.EMPTY else said["write"]
        draft = _Draft(given.get("message", ""), given.get("name", ""), f"{trouble} {error.message}", 422)
        return _show(request, site, visitor, is_over=False, draft=draft)
    except RateLimited:
        draft = _Draft(given.get("message", ""), given.get("name", ""), said["form_many"], 429)
        return _show(request, site, visitor, is_over=False, draft=draft)
    except actions.IdentityRequired:
        draft = _Draft(given.get("message", ""), given.get("name", ""), said["sign_in"], 403)
        return _show(request, site, visitor, is_over=False, draft=draft)
    place = {"c": issue_token(visitor), "lang": _language(request, site), **_theme(request)}
    query = urlencode({**place, **({"q": asked} if asked else {})})
    return HttpResponseRedirect(
        f"{reverse('widget:form', args=[site.key])}?{query}#{'why' if asked else 'end'}", status=303
    )


def _write(request: HttpRequest, site: ChatSite, visitor: Visitor) -> None:
    limiter.hit("widget.message", str(visitor.identity_id))
    limiter.hit("widget.write_from_address", address(request))
    if visitor.level == Level.UNKNOWN and queries.latest_matter(visitor) is None:
        limiter.hit("widget.newcomer_from_address", address(request))
    actions.write(
        site,
        visitor,
        client_id=_client_id(request.POST.get("client", "")),
        text=request.POST.get("message", ""),
        language=_language(request, site),
        name=request.POST.get("name", "")[:_LONGEST_NAME],
    )


def _answer(request: HttpRequest, visitor: Visitor) -> str:
    """Take a tap or words; the question's id when words may still follow."""
    limiter.hit("widget.answer", str(visitor.identity_id))
    score, comment = request.POST.get("score", ""), request.POST.get("comment", "")
    try:
        invitation = uuid.UUID(request.POST.get("invitation", ""))
        actions.answer(
            visitor,
            invitation_id=invitation,
            score=int(score) if score in {"1", "2", "3", "4", "5"} else None,
            comment=comment,
        )
    except TextRejected:
        raise
    except (ValueError, BadScore, CannotAnswer):
        # The page that is shown next has the question if it is still open, and has it not if it is closed.
        return ""
    return "" if comment.strip() else str(invitation)


def _client_id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()


def _visitor(site: ChatSite, token: str) -> tuple[Visitor, bool]:
    """The visitor of the signed address, or somebody new; and whether the address has stopped to open."""
    if not token:
        return begin(site), False
    try:
        visitor = read_token_for(site, token).visitor
        actions.must_not_be_replaced(visitor)
    except BadVisitor:
        return begin(site), True
    return visitor, False


def _show(
    request: HttpRequest, site: ChatSite, visitor: Visitor, is_over: bool, *, draft: _Draft
) -> HttpResponse:
    language = _language(request, site)
    said = strings(language)
    lines = queries.thread(visitor)
    question = _question(request, visitor, language) if lines else None
    availability = queries.availability(site)
    must_sign_in = site.require_identity and visitor.level < Level.SIGNED_IN
    context: dict[str, Any] = {
        "token": issue_token(visitor),
        "client": uuid.uuid4(),
        "lines": [(line, _moment(line, availability, language)) for line in lines],
        "question": question,
        "draft": draft,
        "notice": said["sign_in"] if must_sign_in else said["form_closed"] if is_over else "",
        "must_sign_in": must_sign_in,
        "is_kept": bool(lines) and not draft.trouble,
        "greeting": greeting(site, language, is_open=availability.is_open),
        "promise": promise(availability, said, language),
        "again": "?" + urlencode({"c": issue_token(visitor), "lang": language, **_theme(request)}),
        "css": asset("chat.css").versioned,
        "title": said["form_title"].format(brand=site.account.brand.name),
    }
    return page(request, site, "widget/form.html", language=language, context=context, status=draft.status)


def _question(request: HttpRequest, visitor: Visitor, language: str) -> queries.OneTapQuestion | None:
    """The open question; or, right after a tap, the one that was tapped, for words to it."""
    tapped = request.GET.get("q", "")
    try:
        invitation = uuid.UUID(tapped) if tapped else None
    except ValueError:
        invitation = None
    return queries.open_question(visitor, language=language, invitation_id=invitation)


def _moment(line: queries.Line, availability: queries.Availability, language: str) -> str:
    zone = availability.opens_at.tzinfo if availability.opens_at else clock.now().tzinfo
    return moment(line.at.astimezone(zone), language, day="d MMM")


def _language(request: HttpRequest, site: ChatSite) -> str:
    asked = request.POST.get("lang", "") if _is_small_post(request) else ""
    return spoken(asked[:20]) or language_of(request, site)


def _is_small_post(request: HttpRequest) -> bool:
    return request.method == "POST" and content_length(request) <= MAX_BODY_BYTES


def _theme(request: HttpRequest) -> dict[str, str]:
    theme = request.GET.get("theme", "")
    return {"theme": theme} if theme in {"light", "dark"} else {}
