"""The groups by which a timeline can be filtered: the three links of the chain, and everything."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

_ACTIVITY = (
    "conversation.opened message.received message.sent note.written conversation.resolved conversation.reopened"
    " promise.made promise.kept promise.broken page.viewed product.viewed cart.updated checkout.started"
    " order.shipped order.delivered mail.opened activity.done"
)
_FEELING = "survey.invited survey.answered survey.commented"
_OUTCOME = "order.placed order.returned payment.succeeded payment.failed refund.issued"
_SERVICE = (
    "conversation.opened message.received message.sent note.written conversation.assigned conversation.resolved"
    " conversation.reopened promise.made promise.kept promise.broken"
)

GROUPS = {
    "": _("Everything"),
    "service": _("Service"),
    "activity": _("Activity"),
    "feeling": _("Feeling"),
    "outcome": _("Outcome"),
}
_KINDS = {"service": _SERVICE, "activity": _ACTIVITY, "feeling": _FEELING, "outcome": _OUTCOME}


def chosen(name: str) -> str:
    return name if name in GROUPS else ""


def of(group: str) -> tuple[str, ...]:
    return tuple(_KINDS.get(group, "").split())
