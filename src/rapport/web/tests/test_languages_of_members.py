"""A member reads every screen in the language they chose; before that the browser decides."""

from __future__ import annotations

import html
import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client, override_settings
from django.utils import translation
from django.utils.translation import gettext, pgettext

from rapport.accounts.actions import describe_oneself
from rapport.accounts.models import Role
from rapport.desk.actions import reply, resolve, write_note
from rapport.web import templating, wording
from rapport.web.inbox.snooze_times import NotATime, choices, parse

pytestmark = pytest.mark.django_db
OTHERS = [code for code, _name in settings.LANGUAGES if code != "en"]
every_other = pytest.mark.parametrize("language", OTHERS)

SCREENS = [
    *(
        "inbox/",
        "inbox/?tab=resolved",
        "conversations/1/",
        "conversations/2/",
        "customers/",
        "customers/?q=zzz",
    ),
    *("pulse/", "feedback/", "promises/", "promises/?outcome=open", "settings/account/", "settings/company/"),
    *("settings/members/", "settings/teams/", "settings/roles/", "settings/roles/new/", "settings/brands/"),
    *("settings/hours/", "settings/hours/new/", "settings/first-reply/", "settings/channels/"),
    *("settings/keys/", "settings/audit/"),
]
_SKIPPED = re.compile(r"<(script|style|code|textarea)\b.*?</\1>", re.DOTALL)
_SHOWN = re.compile(r"(?:title|placeholder|alt|aria-label|data-\w+)=\"([^\"]*)\"|>([^<]+)<")


def english_words(language: str) -> set[str]:
    """Words of the catalogue that are other words in that language, without those that carry a value."""
    from babel.messages.pofile import read_po

    folder = settings.LOCALE_PATHS[0] / translation.to_locale(language) / "LC_MESSAGES"
    with (folder / "django.po").open("rb") as file:
        found = read_po(file)
    single = [entry for entry in found if entry.id and isinstance(entry.id, str) and "%" not in entry.id]
    same = {entry.string for entry in single}
    return {entry.id for entry in single if entry.string != entry.id} - same


def shown(page: str) -> set[str]:
    """Every text and every spoken attribute of a page."""
    found = _SHOWN.findall(_SKIPPED.sub("", page))
    return {" ".join(html.unescape(attribute or text).split()) for attribute, text in found} - {""}


@pytest.fixture
def busy(duka, otieno, talk):
    """Duka with a settled conversation, an open one, a note and an answer."""
    first = talk("Achieng Atieno", "Habari", minutes_ago=50)
    reply(otieno.actor, first.conversation_id, text="Nzuri")
    write_note(otieno.actor, first.conversation_id, text="Asked twice")
    resolve(otieno.actor, first.conversation_id)
    talk("", "Hello", minutes_ago=3)
    return duka


@every_other
def test_no_english_of_ours_is_left_on_a_screen(language, busy, wanjiru):
    describe_oneself(wanjiru.actor, name="Wanjiru", language=language, theme="")
    # The company gave these names itself, in English.
    english, left = english_words(language) - {"Business hours", "Shop"}, {}
    for screen in SCREENS:
        answer = wanjiru.client.get(f"/w/{busy.slug}/{screen}")
        assert answer.status_code == 200, screen
        page = answer.content.decode()
        assert re.search(rf'<html lang="{language}" dir="ltr"', page), screen
        assert answer["Content-Language"] == language
        if words := shown(page) & english:
            left[screen] = words
    assert left == {}


def test_a_screen_is_kept_apart_by_language_and_stored_nowhere(duka, wanjiru):
    answer = wanjiru.client.get(f"/w/{duka.slug}/inbox/", headers={"Accept-Language": "fr"})
    assert answer["Content-Language"] == "fr"
    assert answer["Cache-Control"] == "no-store"
    assert {"Accept-Language", "Cookie"} <= {part.strip() for part in answer["Vary"].split(",")}


def test_the_choice_of_a_member_is_stronger_than_the_browser(duka, wanjiru, otieno):
    describe_oneself(wanjiru.actor, name="Wanjiru", language="sw", theme="")
    french = {"Accept-Language": "fr"}
    for address in (f"/w/{duka.slug}/inbox/", "/workspaces/", "/sign-in/sessions/"):
        assert wanjiru.client.get(address, headers=french)["Content-Language"] == "sw", address
        assert otieno.client.get(address, headers=french)["Content-Language"] == "fr", address
    # The next request of somebody else on the same thread starts from the browser again.
    assert Client().get("/sign-in/login/")["Content-Language"] == "en"


@every_other
def test_before_sign_in_the_browser_decides(language):
    with translation.override(language):
        sign_in = gettext("Sign in")
    page = (
        Client().get("/sign-in/login/", headers={"Accept-Language": f"{language},en;q=0.5"}).content.decode()
    )
    assert f'<html lang="{language}"' in page
    assert sign_in in shown(page)
    assert "Sign in" not in shown(page)


@every_other
def test_pages_of_refusal_speak_the_language_too(language, duka, wanjiru, viewer):
    with translation.override(language):
        missing, denied = gettext("There is nothing here"), gettext("Your role does not allow this")
    describe_oneself(wanjiru.actor, name="Wanjiru", language=language, theme="")
    describe_oneself(viewer.actor, name="Thomas", language=language, theme="")
    gone = wanjiru.client.get(f"/w/{duka.slug}/conversations/99/")
    assert (gone.status_code, gone["Content-Language"]) == (404, language)
    assert missing in shown(gone.content.decode())
    refused = viewer.client.get(f"/w/{duka.slug}/settings/members/")
    assert refused.status_code == 403
    assert denied in shown(refused.content.decode())


def test_a_stranger_learns_nothing_in_any_language(duka, baraka):
    describe_oneself(baraka.actor, name="Baraka", language="sw", theme="")
    answer = baraka.client.get(f"/w/{duka.slug}/inbox/")
    assert answer.status_code == 404
    assert duka.name not in answer.content.decode()


def test_a_language_nobody_speaks_is_refused_and_nothing_changes(duka, wanjiru):
    url = f"/w/{duka.slug}/settings/account/"
    wanjiru.client.post(url, {"name": "Wanjiru", "language": "sw", "theme": ""})
    answer = wanjiru.client.post(url, {"name": "Wanjiru", "language": "tlh", "theme": ""})
    assert answer.status_code == 422
    wanjiru.user.refresh_from_db()
    assert wanjiru.user.language == "sw"


@every_other
def test_an_invitation_is_mailed_in_the_language_of_the_company(language, duka, wanjiru):
    duka.language = language
    duka.save(update_fields=["language"])
    role = Role.objects.within(duka).get(key="agent")
    answer = wanjiru.client.post(
        f"/w/{duka.slug}/settings/members/invitations/", {"email": "zawadi@example.com", "role": str(role.pk)}
    )
    assert answer.status_code == 200
    (message,) = mail.outbox
    with translation.override(language):
        words = {"inviter": "Wanjiru Kariuki", "company": "Duka"}
        assert message.subject == gettext("%(inviter)s invites you to %(company)s on Rapport") % words
    assert "answer customers" not in message.body
    assert "/invitation/" in message.body


def test_a_lost_password_is_mailed_in_the_language_of_its_owner(wanjiru):
    describe_oneself(wanjiru.actor, name="Wanjiru", language="fr", theme="")
    Client().post(
        "/sign-in/password/reset/", {"email": wanjiru.user.email}, headers={"Accept-Language": "es"}
    )
    (message,) = mail.outbox
    assert "mot de passe" in message.body
    assert "contraseña" not in message.body


@every_other
def test_built_in_roles_are_named_in_the_readers_language_and_own_ones_as_written(language, duka, wanjiru):
    with translation.override(language):
        assert (
            wording.role_name(Role.objects.within(duka).get(key="lead"))
            == gettext("Team lead")
            != "Team lead"
        )
        assert wording.role_name(Role(key="", name="Agent", workspace=duka)) == "Agent"


@pytest.mark.parametrize(
    ("language", "written"),
    # Groups and decimals: CLDR 47. The sign of a share stands apart in Spanish and French typography.
    [
        ("en", ("12,345.6", "1,204", "95%")),
        ("sw", ("12,345.6", "1,204", "95%")),
        ("es", ("12.345,6", "1.204", "95\N{NO-BREAK SPACE}%")),
        ("pt", ("12.345,6", "1.204", "95%")),
        (
            "fr",
            ("12\N{NARROW NO-BREAK SPACE}345,6", "1\N{NARROW NO-BREAK SPACE}204", "95\N{NO-BREAK SPACE}%"),
        ),
        ("zh-hans", ("12,345.6", "1,204", "95%")),
    ],
)
def test_numbers_are_written_as_the_language_does(language, written):
    with translation.override(language):
        assert (templating.number(12345.6, 1), templating.number(1204), templating.percent(0.95)) == written


@pytest.mark.parametrize(
    ("language", "date", "near"),
    [
        ("en", "1 Apr 2026", "Wed 09:30"),
        ("sw", "1 Apr 2026", "jtano 09:30"),
        ("es", "1 abr 2026", "mié 09:30"),
        ("pt", "1 abr 2026", "Qua 09:30"),
        ("fr", "1 avr 2026", "mer 09:30"),
        ("zh-hans", "2026年4月1日", "星期三 09:30"),
    ],
)
def test_dates_name_their_month_so_that_nobody_guesses(language, date, near):
    local = datetime(2026, 4, 1, 9, 30, tzinfo=ZoneInfo("Africa/Nairobi"))
    with translation.override(language):
        assert wording.day(local, local.replace(month=8)) == date
        assert wording.when(local, local.replace(day=3)) == near


NOW = datetime(2026, 11, 22, 10, 30, tzinfo=ZoneInfo("Africa/Nairobi"))  # a Sunday


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [
        ("es", "mañana 9", "2026-11-23 09:00"),
        ("es", "lun 14:30", "2026-11-23 14:30"),
        ("es", "mie", "2026-11-25 09:00"),
        ("sw", "kesho 9", "2026-11-23 09:00"),
        ("sw", "Alhamisi 14:30", "2026-11-26 14:30"),
        ("pt", "amanhã", "2026-11-23 09:00"),
        ("pt", "segunda-feira 8", "2026-11-23 08:00"),
        ("fr", "demain 8h", "2026-11-23 08:00"),
        ("fr", "jeu. 14h15", "2026-11-26 14:15"),
        ("zh-hans", "明天9", "2026-11-23 09:00"),
        ("zh-hans", "星期四 14:30", "2026-11-26 14:30"),
        ("sw", "tomorrow 9", "2026-11-23 09:00"),
    ],
)
def test_times_to_come_back_are_typed_in_ones_own_language(language, typed, meant):
    with translation.override(language):
        assert parse(typed, NOW).strftime("%Y-%m-%d %H:%M") == meant


@pytest.mark.parametrize(
    ("language", "typed"), [("sw", "juma 9"), ("fr", "mardi 25"), ("es", "ayer"), ("es", "m")]
)
def test_words_that_mean_no_time_or_several_are_refused(language, typed):
    with translation.override(language), pytest.raises(NotATime):
        parse(typed, NOW)


@every_other
def test_the_examples_of_the_hint_are_understood(language):
    with translation.override(language):
        hint = gettext("in 2 h, mon 14:30…").rstrip("…")
        first, last = re.split("[,、]", hint)
        assert parse(first, NOW) > NOW
        assert parse(last, NOW) > NOW
        assert parse(f"{pgettext('typed time', 'tomorrow')} 9", NOW) > NOW
        assert all(parse(value, NOW) > NOW for value, _name, _when in choices(NOW))


@override_settings(LANGUAGES=[*settings.LANGUAGES, ("ar", "العربية")])
def test_a_language_from_right_to_left_turns_the_page(duka, wanjiru):
    page = wanjiru.client.get(f"/w/{duka.slug}/inbox/", headers={"Accept-Language": "ar"}).content.decode()
    assert '<html lang="ar" dir="rtl"' in page
