"""How an event reads on a timeline: an icon, one sentence, where it leads, whether it is bad news."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.timeline.queries import TimelineEvent
from rapport.web import templating


@dataclass(frozen=True, slots=True)
class Line:
    icon: str
    text: str
    href: str = ""
    tone: str = ""
    quote: str = ""


def event_line(event: TimelineEvent, slug: str) -> Line:
    """One event in words. A kind without words of its own shows its name, never nothing."""
    data = event.data
    href = _conversation(data, slug) if event.subject_kind == "conversation" else ""
    teller = _TELLERS.get(event.kind)
    line = (
        teller(data) if teller else Line("web", event.kind.replace(".", " ").replace("_", " ").capitalize())
    )
    return Line(line.icon, line.text, href or line.href, line.tone, line.quote)


def _conversation(data: dict[str, Any], slug: str) -> str:
    number = data.get("number")
    return reverse("conversation", args=[slug, number]) if isinstance(number, int) else ""


def _amount(data: dict[str, Any]) -> str:
    minor, currency = data.get("amount_minor"), data.get("currency")
    return templating.money(minor, currency) if isinstance(minor, int) and currency else ""


def _order(data: dict[str, Any]) -> str:
    return str(data.get("order") or data.get("order_number") or "")


def _delivered(data: dict[str, Any]) -> Line:
    late = data.get("days_late")
    if late is None:
        promised, delivered = (
            parse_datetime(str(data.get(name, ""))) for name in ("promised_at", "delivered_at")
        )
        late = (delivered - promised).days if promised and delivered else 0
    if isinstance(late, (int, float)) and late >= 1:
        return Line(
            "truck",
            ngettext(
                "Delivered %(days)s day late: %(order)s",
                "Delivered %(days)s days late: %(order)s",
                round(late),
            )
            % {"days": round(late), "order": _order(data)},
            tone="bad",
        )
    return Line("truck", _("Delivered: %(order)s") % {"order": _order(data)})


def _score(data: dict[str, Any]) -> Line:
    score = data.get("score")
    high = 10 if data.get("survey_kind") == "nps" else 7 if data.get("survey_kind") == "ces" else 5
    low = score is not None and score <= (6 if high == 10 else 2)
    return Line(
        "feedback",
        _("Gave %(score)s of %(high)s") % {"score": score, "high": high},
        tone="bad" if low else "",
    )


_TELLERS: dict[str, Callable[[dict[str, Any]], Line]] = {
    "page.viewed": lambda d: Line(
        "eye", _("Looked at %(page)s") % {"page": d.get("title") or d.get("path") or _("a page")}
    ),
    "product.viewed": lambda d: Line(
        "eye", _("Looked at %(product)s") % {"product": d.get("product") or d.get("name") or _("a product")}
    ),
    "cart.updated": lambda d: Line("order", _("Changed the cart")),
    "checkout.started": lambda d: Line("order", _("Went to pay")),
    "order.placed": lambda d: Line(
        "order", _("Ordered %(order)s for %(amount)s") % {"order": _order(d), "amount": _amount(d)}
    ),
    "payment.succeeded": lambda d: Line("money", _("Paid %(amount)s") % {"amount": _amount(d)}),
    "payment.failed": lambda d: Line("money", _("Payment failed"), tone="bad"),
    "order.shipped": lambda d: Line("truck", _("Shipped: %(order)s") % {"order": _order(d)}),
    "order.delivered": _delivered,
    "order.returned": lambda d: Line("order", _("Returned %(order)s") % {"order": _order(d)}, tone="bad"),
    "refund.issued": lambda d: Line("money", _("Got %(amount)s back") % {"amount": _amount(d)}),
    "mail.opened": lambda d: Line("email", _("Opened a mail")),
    "activity.done": lambda d: Line("check", str(d.get("name") or _("A step was done"))),
    "conversation.opened": lambda d: Line(
        "chat", _("Began a conversation: %(subject)s") % {"subject": d.get("subject") or ""}
    ),
    "message.received": lambda d: Line("chat", _("Wrote to us"), quote=str(d.get("preview", ""))),
    "message.sent": lambda d: Line("reply", _("We answered"), quote=str(d.get("preview", ""))),
    "message.delivered": lambda d: Line(
        "double-check", _("Our message was read") if d.get("state") == "read" else _("Our message arrived")
    ),
    "note.written": lambda d: Line("note", _("A member left a note"), quote=str(d.get("preview", ""))),
    "conversation.assigned": lambda d: Line("assign", _("The conversation changed hands")),
    "conversation.resolved": lambda d: Line("check", _("Conversation resolved")),
    "conversation.reopened": lambda d: Line("reply", _("Conversation reopened"), tone="bad"),
    "conversation.snoozed": lambda d: Line("snooze", _("Put aside for a while")),
    "conversation.woken": lambda d: Line("clock", _("Back from snooze")),
    "promise.made": lambda d: Line("promise", _("We promised a first reply")),
    "promise.kept": lambda d: Line("promise", _("We kept a promise")),
    "promise.broken": lambda d: Line("promise", _("We broke a promise"), tone="bad"),
    "promise.waived": lambda d: Line("promise", _("Settled before our reply was due")),
    "survey.invited": lambda d: Line("feedback", _("Was asked how it went")),
    "survey.answered": _score,
    "survey.commented": lambda d: Line("feedback", _("Told us why"), quote=str(d.get("comment", ""))),
    "customer.met": lambda d: Line("identity", _("First contact")),
    "customer.described": lambda d: Line("identity", _("Details were changed")),
    "customer.merged": lambda d: Line("merge", _("Recognised as the same person")),
    "identity.added": lambda d: Line("identity", _("A new way to recognise them")),
    "identity.bound": lambda d: Line("identity", _("A device changed hands")),
}
