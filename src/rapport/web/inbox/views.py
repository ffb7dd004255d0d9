"""The inbox: list, thread, composer, context. Each view calls one action or query and renders."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rapport.accounts import queries as accounts
from rapport.desk import actions, queries
from rapport.desk.actions import BadChange, CannotReply, StaleReply
from rapport.desk.channels import can_send
from rapport.desk.permissions import REPLY, SEE_CONVERSATIONS, TRIAGE
from rapport.kernel import clock
from rapport.kernel.plaintext import TextRejected
from rapport.timeline.whispers import whisper
from rapport.web.inbox import context_column, snooze_times
from rapport.web.member_pages import Visit, member_page

PRESENCE_SECONDS = 45


@require_GET
@member_page(SEE_CONVERSATIONS)
def inbox(visit: Visit) -> HttpResponse:
    """The list alone, with an invitation to choose."""
    template = "inbox/more_rows.jinja" if visit.request.GET.get("cursor") else "inbox/inbox.jinja"
    return visit.page(template, section="inbox", selected=None, thread=None, **_list(visit))


@require_GET
@member_page(SEE_CONVERSATIONS)
def row(visit: Visit, number: int) -> HttpResponse:
    """One line anew; nothing (204) when it does not stand in the view that is shown, unless it is to stay."""
    view, tab = _view(visit), _tab(visit)
    line = queries.row(visit.actor, number)
    stays = "stay" in visit.request.GET
    belongs = line is not None and queries.belongs(line, visit.actor, view=view, tab=tab)
    if line is None or not (belongs or stays):
        return HttpResponse(status=204)
    return visit.page(
        "inbox/row.jinja",
        line=line,
        view=view,
        tab=tab,
        selected=number if stays else None,
        has_left=not belongs,
    )


@require_GET
@member_page(SEE_CONVERSATIONS)
def counts(visit: Visit) -> HttpResponse:
    return visit.page(
        "inbox/counts.jinja",
        counts=queries.counts(visit.actor),
        view=_view(visit),
        tab=_tab(visit),
        section="inbox",
    )


@require_GET
@member_page(SEE_CONVERSATIONS)
def conversation(visit: Visit, number: int) -> HttpResponse:
    """The list with one conversation open; for htmx only the conversation."""
    thread_ = _thread(visit, number)
    parts: dict[str, Any] = {
        "thread": thread_,
        "selected": number,
        "can_reply": can_send(thread_.line.channel),
        "members": accounts.members_of(visit.actor.workspace_id),
        "teams": accounts.teams_of(visit.actor.workspace_id),
        "snooze_times": snooze_times.choices(timezone.localtime(clock.now())),
        **context_column.of(visit.actor, thread_),
    }
    if visit.wants_fragment:
        return visit.page(
            "inbox/conversation.jinja", section="inbox", view=_view(visit), tab=_tab(visit), **parts
        )
    return visit.page("inbox/inbox.jinja", section="inbox", **_list(visit), **parts)


@require_GET
@member_page(SEE_CONVERSATIONS)
def thread(visit: Visit, number: int) -> HttpResponse:
    """The head and the log of a conversation, for a live update; the composer is left alone."""
    return visit.page(
        "inbox/thread.jinja",
        thread=_thread(visit, number),
        members=accounts.members_of(visit.actor.workspace_id),
        teams=accounts.teams_of(visit.actor.workspace_id),
        snooze_times=snooze_times.choices(timezone.localtime(clock.now())),
    )


@require_GET
@member_page(SEE_CONVERSATIONS)
def context(visit: Visit, number: int) -> HttpResponse:
    thread_ = _thread(visit, number)
    return visit.page("inbox/context.jinja", thread=thread_, **context_column.of(visit.actor, thread_))


@require_POST
@member_page(REPLY)
def replies(visit: Visit, number: int) -> HttpResponse:
    """Send a reply. 409 with what is new when the customer wrote meanwhile; the text stays in the composer."""
    post = visit.request.POST
    seen = post.get("seen_seq", "")
    try:
        entry = actions.reply(
            visit.actor,
            _id(visit, number),
            text=post.get("text", ""),
            dedupe_key=_client_key(post.get("key", "")),
            seen_seq=int(seen) if seen.isdigit() and not post.get("anyway") else None,
        )
    except StaleReply:
        return _trouble(_("The customer wrote again. Read it first, then send."), status=409, code="stale")
    except TextRejected as rejected:
        return _trouble(str(rejected), status=422, code=rejected.code)
    except CannotReply as refused:
        return _trouble(str(refused), status=422, code="cannot_reply")
    if post.get("then") == "resolve":
        actions.resolve(visit.actor, _id(visit, number))
    return _done(visit, number, seq=entry.seq)


@require_POST
@member_page(REPLY)
def notes(visit: Visit, number: int) -> HttpResponse:
    post = visit.request.POST
    try:
        entry = actions.write_note(
            visit.actor,
            _id(visit, number),
            text=post.get("text", ""),
            dedupe_key=_client_key(post.get("key", "")),
        )
    except TextRejected as rejected:
        return _trouble(str(rejected), status=422, code=rejected.code)
    return _done(visit, number, seq=entry.seq)


@require_POST
@member_page(TRIAGE)
def assignment(visit: Visit, number: int) -> HttpResponse:
    """Make somebody responsible: ``member`` is an id, ``me`` or empty; ``team`` an id or empty."""
    member, team = visit.request.POST.get("member", ""), visit.request.POST.get("team", "")
    before = queries.row(visit.actor, number)
    try:
        actions.assign(
            visit.actor,
            _id(visit, number),
            member_id=visit.actor.id if member == "me" else _uuid(member),
            team_id=_uuid(team),
        )
    except BadChange as bad:
        return _trouble(str(bad), status=422, code="bad_change")
    undo = {"member": str(before.assignee_id or "")} if before else {}
    return _done(visit, number, undo=undo)


@require_http_methods(["POST", "DELETE"])
@member_page(TRIAGE)
def closure(visit: Visit, number: int) -> HttpResponse:
    """Resolve (POST) or reopen (DELETE)."""
    reopening = visit.request.method == "DELETE" or visit.request.POST.get("_method") == "delete"
    if reopening:
        actions.reopen(visit.actor, _id(visit, number))
    else:
        actions.resolve(visit.actor, _id(visit, number))
    return _done(visit, number)


@require_POST
@member_page(TRIAGE)
def snooze(visit: Visit, number: int) -> HttpResponse:
    try:
        until = snooze_times.parse(visit.request.POST.get("until", ""), timezone.localtime(clock.now()))
        actions.snooze(visit.actor, _id(visit, number), until=until)
    except (BadChange, snooze_times.NotATime) as bad:
        return _trouble(str(bad), status=422, code="bad_change")
    return _done(visit, number)


@require_POST
@member_page(SEE_CONVERSATIONS)
def reading(visit: Visit, number: int) -> HttpResponse:
    seq = visit.request.POST.get("seq", "")
    if not seq.isdigit():
        return _trouble(_("Which line was read?"), status=422, code="seq")
    actions.mark_read(visit.actor, _id(visit, number), seq=min(int(seq), 2**31 - 1))
    return HttpResponse(status=204)


@require_POST
@member_page(SEE_CONVERSATIONS)
def presence(visit: Visit, number: int) -> HttpResponse:
    """Tell colleagues (and, while typing a reply, the customer) that somebody is here. Kept nowhere."""
    state = visit.request.POST.get("state", "")
    if state not in {"here", "typing", "gone"}:
        return _trouble(_("Unknown state."), status=422, code="state")
    line = queries.row(visit.actor, number)
    if line is None:
        raise Http404
    body = {"number": number, "member": str(visit.actor.id), "name": visit.actor.name, "state": state}
    whisper(
        ("workspace", visit.actor.workspace_id),
        {"presence": body},
        key=f"{number}:{visit.actor.id}",
        holds=0 if state == "gone" else PRESENCE_SECONDS,
    )
    if visit.request.POST.get("for") == "customer" and visit.actor.may(REPLY):
        _tell_customer_about_typing(visit, line, typing=state == "typing")
    return HttpResponse(status=204)


def _tell_customer_about_typing(visit: Visit, line: queries.ListRow, *, typing: bool) -> None:
    identity_id = queries.answering_identity(visit.actor, line.id)
    if identity_id is not None:
        first_name = visit.actor.name.split()[0] if visit.actor.name else ""
        whisper(("identity", identity_id), {"typing": typing, "name": first_name})


def _list(visit: Visit) -> dict[str, Any]:
    view, tab = _view(visit), _tab(visit)
    return {
        "view": view,
        "tab": tab,
        "page": queries.inbox(visit.actor, view=view, tab=tab, cursor=visit.request.GET.get("cursor", "")),
        "counts": queries.counts(visit.actor),
    }


def _view(visit: Visit) -> str:
    chosen = visit.request.GET.get("view", "")
    return chosen if chosen in queries.VIEWS else "all"


def _tab(visit: Visit) -> str:
    chosen = visit.request.GET.get("tab", "")
    return chosen if chosen in queries.TABS else "open"


def _thread(visit: Visit, number: int) -> queries.Thread:
    found = queries.thread(visit.actor, number)
    if found is None:
        raise Http404("no such conversation")
    return found


def _id(visit: Visit, number: int) -> uuid.UUID:
    found = queries.conversation_id(visit.actor, number)
    if found is None:
        raise Http404("no such conversation")
    return found


def _uuid(text: str) -> uuid.UUID | None:
    if not text:
        return None
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise BadChange(_("That is not somebody in this workspace.")) from error


def _client_key(text: str) -> str | None:
    """A key made by the browser, so that sending twice sends once."""
    return text if 8 <= len(text) <= 64 and text.isascii() else None


def _done(visit: Visit, number: int, **data: object) -> HttpResponse:
    """What a script gets after a change; a plain form goes back to the conversation."""
    if visit.request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"number": number, **data})
    return redirect(reverse("conversation", args=[visit.seat.workspace_slug, number]))


def _trouble(message: str, *, status: int, code: str) -> JsonResponse:
    return JsonResponse({"code": code, "message": message}, status=status)
