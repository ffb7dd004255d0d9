"""How times, names and kinds of events read to a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rapport.customers.rules import NAMESPACES
from rapport.kernel import clock

#: One way to write dates for everybody: no guessing whether 3/4 is in March or April.
DATE = "j M Y"
TIME = "H:i"

LANGUAGE_NAMES = {
    "en": "English",
    "sw": "Kiswahili",
    "es": "Español",
    "pt": "Português",
    "fr": "Français",
    "zh-hans": "简体中文",
    "zh": "中文",
    "ar": "العربية",
    "so": "Soomaali",
}
CHANNEL_NAMES = {
    "chat": gettext_lazy("Chat"),
    "email": gettext_lazy("Email"),
    "phone": gettext_lazy("Phone"),
    "sms": "SMS",
    "whatsapp": "WhatsApp",
    "web": gettext_lazy("Website"),
    "store": gettext_lazy("Shop"),
    "visit": gettext_lazy("Visit"),
    "import": gettext_lazy("Imported"),
    "api": "API",
}


def duration(span: timedelta) -> str:
    """A span in its largest fitting unit: “3 min”, “5 h”, “2 d”."""
    seconds = abs(int(span.total_seconds()))
    if seconds < 60:
        return _("under a minute")
    if seconds < 3_600:
        return _("%(n)s min") % {"n": seconds // 60}
    if seconds < 86_400:
        return _("%(n)s h") % {"n": seconds // 3_600}
    if seconds < 86_400 * 60:
        return _("%(n)s d") % {"n": seconds // 86_400}
    months = seconds // (86_400 * 30)
    if months < 24:
        return _("%(n)s mo") % {"n": months}
    return _("%(n)s y") % {"n": seconds // (86_400 * 365)}


def ago(moment: datetime) -> str:
    span = clock.now() - moment
    if span < timedelta(seconds=45):
        return _("now")
    return duration(span)


def until(moment: datetime) -> str:
    """“in 20 min” or “20 min late”."""
    span = moment - clock.now()
    if span >= timedelta(0):
        return _("in %(span)s") % {"span": duration(span)}
    return _("%(span)s late") % {"span": duration(span)}


def day(local: datetime, today: datetime) -> str:
    days = (today.date() - local.date()).days
    if days == 0:
        return _("Today")
    if days == 1:
        return _("Yesterday")
    return formats.date_format(local, f"l {DATE}" if abs(days) < 7 else DATE)


def when(local: datetime, today: datetime) -> str:
    if local.date() == today.date():
        return formats.date_format(local, TIME)
    near = abs((local - today).days) < 6
    return formats.date_format(local, f"D {TIME}" if near else f"{DATE} {TIME}")


def identity_kind(namespace: str) -> str:
    return _(NAMESPACES.get(namespace, namespace.removeprefix("ext:").replace("_", " ").capitalize()))


def language_name(code: str) -> str:
    return LANGUAGE_NAMES.get(code) or LANGUAGE_NAMES.get(code.split("-")[0]) or code


def channel_name(kind: str) -> str:
    return str(CHANNEL_NAMES.get(kind, kind.capitalize()))


def change_sentence(author: str, change: Mapping[str, Any]) -> str:
    """One line of a thread's history."""
    what = change.get("what")
    who = {"who": author or "Rapport"}
    if what == "assigned":
        if change.get("to_self"):
            return _("%(who)s took this on") % who
        if change.get("member"):
            return _("%(who)s assigned %(member)s") % {**who, "member": change["member"]}
        if change.get("team"):
            return _("%(who)s gave this to %(team)s") % {**who, "team": change["team"]}
        return _("%(who)s removed the assignee") % who
    if what == "resolved":
        return _("%(who)s resolved this") % who
    if what == "reopened":
        return _("%(who)s reopened this") % who
    if what == "snoozed":
        until_text = formats.date_format(
            timezone.localtime(datetime.fromisoformat(change["until"])), f"D {DATE} {TIME}"
        )
        return _("%(who)s snoozed this until %(until)s") % {**who, "until": until_text}
    if what == "woken":
        return _("Back from snooze")
    if what == "activity":
        name = {"name": change.get("name", ""), "who": change.get("resource") or author}
        return _("%(name)s, by %(who)s") % name if name["who"] else str(name["name"])
    if what == "imported":
        return _("Imported from %(source)s") % {"source": change.get("source", "")}
    return str(change.get("text") or what or "")


def people(n: int) -> str:
    return ngettext("%(n)s customer", "%(n)s customers", n) % {
        "n": formats.number_format(n, force_grouping=True)
    }
