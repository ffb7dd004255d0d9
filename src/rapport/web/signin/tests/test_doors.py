"""The pages in front of the sign-in: what opens, what stays closed, what is told to strangers."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.test import Client

from conftest import PASSWORD, Person
from rapport.accounts import queries
from rapport.accounts.actions import Invited, invite, owner_link, withdraw
from rapport.kernel import clock
from rapport.web.signin import places

ANSWER = {"name": "Fatuma Ali", "password": PASSWORD}


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    cache.clear()


def role(owner: Person, key: str) -> uuid.UUID:
    return next(each.pk for each in queries.roles_of(owner.actor) if each.key == key)


def invited(owner: Person, email: str = "fatuma@example.com") -> Invited:
    return invite(owner.actor, email=email, role_id=role(owner, "agent"))


def names(owner: Person) -> list[str]:
    return [member.name for member in queries.members_of(owner.actor)]


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_the_owner_link_opens_once(client: Client, db: None) -> None:
    link = owner_link()
    assert link is not None
    form = {
        "name": "Wanjiru Kariuki",
        "email": "wanjiru@example.com",
        "password": PASSWORD,
        "company": "Duka",
        "country": "TZ",
        "time_zone": "Africa/Dar_es_Salaam",
    }
    answer = client.post(link, form)
    assert answer.status_code == 302 and answer["Location"] == "/w/duka/"
    seat = queries.seat_of(client.get("/w/duka/settings/account/").wsgi_request.user, "duka")
    assert seat is not None and (seat.currency, seat.role) == ("TZS", "Owner")
    again = Client().post(link, {**form, "email": "eve@example.com", "company": "Evil"})
    assert again.status_code == 410 and not queries.has_sign_in("eve@example.com")


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "short"},
        {"email": "wanjiru"},
        {"company": ""},
        {"company": "x" * 500},
        {"country": "ZZZ"},
        {"time_zone": "Mars/Base"},
        {"name": "a\x00b"},
    ],
)
def test_a_mistake_costs_nothing_typed(client: Client, db: None, wrong: dict[str, str]) -> None:
    link = owner_link()
    form = {
        "name": "Wanjiru Kariuki",
        "email": "wanjiru@example.com",
        "password": PASSWORD,
        "company": "Duka",
        "country": "KE",
        "time_zone": "Africa/Nairobi",
        **wrong,
    }
    answer = client.post(str(link), form)
    assert answer.status_code == 422
    kept = [
        value
        for field, value in form.items()
        if field in {"name", "email", "company"} and "\x00" not in value
    ]
    assert all(f'value="{value}"' in words(answer) for value in kept)
    assert PASSWORD not in words(answer)
    assert not queries.has_sign_in(form["email"])
    assert client.get(str(link)).status_code == 200, "the link is still good"


def test_an_invitation_is_accepted_with_a_new_sign_in(client: Client, wanjiru: Person) -> None:
    answer = client.post(invited(wanjiru).path, ANSWER)
    assert answer.status_code == 302 and answer["Location"] == "/w/duka/"
    assert client.get("/w/duka/settings/account/").status_code == 200
    assert UserSession.objects.filter(user__email="fatuma@example.com").count() == 1
    assert names(wanjiru) == ["Fatuma Ali", "Wanjiru Kariuki"]


def test_a_closed_invitation_says_so_and_makes_nobody(client: Client, wanjiru: Person) -> None:
    withdrawn = invited(wanjiru)
    withdraw(wanjiru.actor, withdrawn.invitation.pk)
    fresh = invited(wanjiru)
    for path in (withdrawn.path, "/invitation/join_guess/", "/invitation/%00/"):
        assert client.get(path).status_code == 410
        assert client.post(path, ANSWER).status_code == 410
    with clock.frozen(clock.now() + timedelta(days=8)):
        assert client.post(fresh.path, ANSWER).status_code == 410
    assert names(wanjiru) == ["Wanjiru Kariuki"]


def test_somebody_who_has_a_sign_in_is_sent_to_it_and_back(wanjiru: Person, baraka: Person) -> None:
    path = invited(wanjiru, baraka.user.email).path
    shown = words(Client().get(path))
    assert f"/sign-in/login/?next={path.replace('/', '%2F')}" in shown
    assert Client().post(path, {"name": "Not Baraka", "password": "some-other-password"}).status_code == 422
    answer = baraka.client.post(path)
    assert answer.status_code == 302 and "Baraka Mushi" in names(wanjiru)


def test_somebody_else_cannot_use_it(wanjiru: Person, baraka: Person) -> None:
    path = invited(wanjiru).path
    assert "Sign out and come back here" in words(baraka.client.get(path))
    assert baraka.client.post(path).status_code == 422
    assert names(wanjiru) == ["Wanjiru Kariuki"]


def test_forms_need_their_token(wanjiru: Person) -> None:
    path = invited(wanjiru).path
    assert Client(enforce_csrf_checks=True).post(path, ANSWER).status_code == 403
    assert names(wanjiru) == ["Wanjiru Kariuki"]


def test_nobody_signs_up_by_themselves(client: Client, db: None) -> None:
    form = {"email": "eve@example.com", "password1": PASSWORD, "password2": PASSWORD}
    for path in ("/sign-in/signup/", "/sign-in/email/", "/sign-in/confirm-email/"):
        assert client.get(path).status_code == 404
        assert client.post(path, form).status_code == 405
    assert not queries.has_sign_in("eve@example.com")


def test_signing_in_leads_where_one_wanted_to_go(otieno: Person) -> None:
    client = Client()
    form = {"login": "Otieno@Example.com", "password": PASSWORD}
    wanted = "/w/duka/settings/account/"
    assert client.post(f"/sign-in/login/?next={wanted}", {**form, "next": wanted})["Location"] == wanted
    elsewhere = Client().post("/sign-in/login/", {**form, "next": "https://evil.example/"})
    assert elsewhere["Location"] == "/"


def test_guessing_passwords_is_slowed_down(otieno: Person) -> None:
    client = Client()
    for _turn in range(12):
        answer = client.post("/sign-in/login/", {"login": otieno.user.email, "password": "wrong-password"})
    assert "Too many failed" in words(answer) or answer.status_code == 429
    right = client.post("/sign-in/login/", {"login": otieno.user.email, "password": PASSWORD})
    assert right.status_code != 302


def test_a_forgotten_password_is_replaced_by_mail(otieno: Person) -> None:
    client = Client()
    client.post("/sign-in/password/reset/", {"email": otieno.user.email})
    link = re.search(r"/sign-in/password/reset/key/\S+/", str(mail.outbox[0].body))
    assert link is not None
    page = client.get(link.group(), follow=True)
    place = page.redirect_chain[-1][0]
    client.post(place, {"password1": "a-brand-new-kanga", "password2": "a-brand-new-kanga"})
    otieno.user.refresh_from_db()
    assert otieno.user.check_password("a-brand-new-kanga")
    mail.outbox.clear()
    again = Client().get(link.group(), follow=True)
    assert "password1" not in words(again), "the link opens once"


def test_strangers_do_not_learn_who_signs_in_here(otieno: Person, settings: Any) -> None:
    known = Client().post("/sign-in/password/reset/", {"email": otieno.user.email}, follow=True)
    unknown = Client().post("/sign-in/password/reset/", {"email": "nobody@example.com"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert [message.to for message in mail.outbox] == [[otieno.user.email]], "no mail to whoever is named"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    away = Client().post("/sign-in/password/reset/", {"email": otieno.user.email}, follow=True)
    assert away.status_code == 200 and away.redirect_chain == unknown.redirect_chain


def test_pages_about_secrets_are_not_kept_by_browsers(wanjiru: Person) -> None:
    answer = Client().get(invited(wanjiru).path)
    assert answer["Cache-Control"] == "no-store" and answer["Referrer-Policy"] == "same-origin"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "unsafe" not in Client().get("/sign-in/login/")["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("languages", "country", "zone"),
    [
        ("en-KE,en;q=0.9", "KE", "Africa/Nairobi"),
        ("sw-TZ", "TZ", "Africa/Dar_es_Salaam"),
        ("pt-BR,pt", "BR", "America/Araguaina"),
        ("en", "KE", "Africa/Nairobi"),
        ("", "KE", "Africa/Nairobi"),
        ("xx-ZZ;q=x,,,--" + "a" * 10_000, "KE", "Africa/Nairobi"),
    ],
)
def test_the_first_guess_of_a_place(languages: str, country: str, zone: str) -> None:
    assert places.guess(languages) == places.Guess(country, zone)


def test_a_zone_that_lies_nowhere_stays_what_it_is() -> None:
    assert ("UTC", "UTC") in places.time_zone_choices("UTC")
    kolkata = next(zone for zone in places.time_zones() if zone.name == "Asia/Kolkata")
    assert kolkata.country == "IN" and "Asia/Calcutta" in kolkata.former_names


def test_every_country_offered_can_be_chosen(db: None) -> None:
    codes = {code for code, _name in places.countries()}
    assert {"KE", "TZ", "UG", "NG", "ES", "BR", "MX", "IN"} <= codes
    assert all(places.zone_of_country(code) != "UTC" for code in codes)
    for code in codes:
        assert re.fullmatch("[A-Z]{3}", places.currency_of_country(code))
