"""How times, names and kinds of events read to a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.numbers import format_decimal
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from rapport.customers.rules import NAMESPACES
from rapport.kernel import clock

#: The month is always a word, or marked as the month: no guessing whether 3/4 is in March or April. A language
#: may order the parts its own way (letters as in Django's ``date`` filter).
DATE = pgettext_lazy("date", "j M Y")
DATE_TIME = pgettext_lazy("date", "j M Y H:i")
WEEKDAY_DATE = pgettext_lazy("date", "l j M Y")
WEEKDAY_TIME = pgettext_lazy("date", "D H:i")
WEEKDAY_DATE_TIME = pgettext_lazy("date", "D j M Y H:i")
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


IDENTITY_KINDS = {
    "anonymous_id": gettext_lazy("Browser or device"),
    "user_id": gettext_lazy("Account"),
    "email": gettext_lazy("Email"),
    "phone": gettext_lazy("Phone"),
    "device_id": gettext_lazy("Device"),
    "loyalty_card": gettext_lazy("Loyalty card"),
}


def browser_words() -> dict[str, str]:
    """What the members' scripts say by themselves, by the names they ask for (``words.js``)."""
    return {
        "undo": _("Undo"),
        "saved": _("Saved"),
        "sent": _("Sent"),
        "resolve": pgettext("state", "Resolved"),
        "reopen": pgettext("state", "Reopened"),
        "assign": pgettext("state", "Assigned"),
        "snooze": pgettext("state", "Snoozed"),
        "not_changed": _("That did not work. Nothing was changed."),
        "not_sent": _("That did not work. Your text is kept."),
        "offline": _("No connection. Your text is kept; send it again when you are back."),
        "minutes": _("%(n)s min"),
        "hours": _("%(n)s h"),
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
    return formats.date_format(local, str(WEEKDAY_DATE if abs(days) < 7 else DATE))


def when(local: datetime, today: datetime) -> str:
    if local.date() == today.date():
        return formats.date_format(local, TIME)
    near = abs((local - today).days) < 6
    return formats.date_format(local, str(WEEKDAY_TIME if near else DATE_TIME))


def identity_kind(namespace: str) -> str:
    known = IDENTITY_KINDS.get(namespace) or NAMESPACES.get(namespace)
    return str(known or namespace.removeprefix("ext:").replace("_", " ").capitalize())


def language_name(code: str) -> str:
    return LANGUAGE_NAMES.get(code) or LANGUAGE_NAMES.get(code.split("-")[0]) or code


def channel_name(kind: str) -> str:
    return str(CHANNEL_NAMES.get(kind, kind.capitalize()))


def number(value: float, digits: int = 0) -> str:
    """With the signs and groups of the reader's language, by CLDR: “12,345.6”, “12.345,6”, “12 345,6”."""
    pattern = f"#,##0.{'0' * digits}" if digits else "#,##0"
    return format_decimal(
        round(value, digits), format=pattern, locale=_locale(translation.get_language() or "en")
    )


@lru_cache(maxsize=16)
def _locale(language: str) -> Locale:
    return Locale.parse(translation.to_locale(language))


def role_name(role: Any) -> str:
    """Built-in roles are named in the reader's language, a company's own as the company wrote them."""
    return _(role.name) if role.key else str(role.name)


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
            timezone.localtime(datetime.fromisoformat(change["until"])), str(WEEKDAY_DATE_TIME)
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
    return ngettext("%(n)s customer", "%(n)s customers", n) % {"n": number(n)}
