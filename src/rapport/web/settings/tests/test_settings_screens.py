"""What members do on the settings screens, and what they are told when it is refused."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from pytest_django import DjangoAssertNumQueries

from conftest import Person
from rapport.accounts import queries
from rapport.accounts.actions import create_calendar, form_team, invite, issue_api_key, make_role
from rapport.channels.chat.queries import sites
from rapport.desk.queries import first_reply_policies
from rapport.timeline.queries import audit_page
from rapport.web.limiter import limiter


@pytest.fixture(autouse=True)
def fresh_limits() -> Iterator[None]:
    limiter.reset()
    yield
    limiter.reset()


def at(path: str) -> str:
    return f"/w/duka/settings/{path}"


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def role(owner: Person, key: str) -> uuid.UUID:
    return next(each.pk for each in queries.roles_of(owner.actor) if each.key == key)


def kinds(owner: Person) -> list[str]:
    return [line.kind for line in audit_page(owner.actor).lines]


def test_an_invitation_is_mailed_and_its_link_shown_once(wanjiru: Person) -> None:
    body = {"email": "fatuma@example.com", "role": role(wanjiru, "agent")}
    answer = wanjiru.client.post(at("members/invitations/"), body)
    link = re.search(r"/invitation/(join_\w+)/", answer.content.decode())
    assert link is not None and len(mail.outbox) == 1
    assert mail.outbox[0].to == ["fatuma@example.com"] and link.group() in str(mail.outbox[0].body)
    later = wanjiru.client.get(at("members/"))
    assert "fatuma@example.com" in words(later) and link.group(1) not in words(later)


def test_a_mail_server_that_is_away_undoes_nothing(wanjiru: Person, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    body = {"email": "fatuma@example.com", "role": role(wanjiru, "agent")}
    answer = wanjiru.client.post(at("members/invitations/"), body)
    assert answer.status_code == 200 and "could not be sent" in words(answer)
    assert [each.email for each in queries.open_invitations_of(wanjiru.actor)] == ["fatuma@example.com"]


def test_what_was_typed_survives_a_refusal(wanjiru: Person) -> None:
    body = {"email": "fatuma at example", "role": role(wanjiru, "agent")}
    answer = wanjiru.client.post(at("members/invitations/"), body)
    assert answer.status_code == 422 and 'value="fatuma at example"' in words(answer)
    assert not queries.open_invitations_of(wanjiru.actor) and mail.outbox == []


def test_a_stolen_session_cannot_flood_the_world(wanjiru: Person) -> None:
    for _turn in range(60):
        limiter.hit("settings.invitation", str(wanjiru.workspace.pk))
    body = {"email": "fatuma@example.com", "role": role(wanjiru, "agent")}
    assert wanjiru.client.post(at("members/invitations/"), body).status_code == 429
    assert not queries.open_invitations_of(wanjiru.actor) and mail.outbox == []


def test_a_suspension_can_be_undone_on_the_spot(wanjiru: Person, otieno: Person) -> None:
    answer = wanjiru.client.post(at(f"members/{otieno.member.pk}/suspension/"), follow=True)
    undo = at(f"members/{otieno.member.pk}/reinstatement/")
    assert f'action="{undo}"' in words(answer) and "can no longer come in" in words(answer)
    assert otieno.client.get(at("account/")).status_code == 404
    wanjiru.client.post(undo)
    assert otieno.client.get(at("account/")).status_code == 200


def test_a_suspended_member_is_signed_out(wanjiru: Person, otieno: Person) -> None:
    sign_in = {"login": otieno.user.email, "password": "kanga-market-sunrise"}
    from django.test import Client

    browser = Client()
    browser.post("/sign-in/login/", sign_in)
    assert browser.get(at("account/")).status_code == 200
    wanjiru.client.post(at(f"members/{otieno.member.pk}/suspension/"))
    answer = browser.get(at("account/"))
    assert answer.status_code == 302 and answer["Location"].startswith("/sign-in/login/")


def test_roles_of_members_change(wanjiru: Person, otieno: Person) -> None:
    body = {"role": role(wanjiru, "lead")}
    wanjiru.client.post(at(f"members/{otieno.member.pk}/role/"), body)
    seat = queries.seat_of(otieno.user, "duka")
    assert seat is not None and seat.role == "Team lead"
    answer = wanjiru.client.post(at(f"members/{wanjiru.member.pk}/role/"), body)
    assert answer.status_code == 422 and "needs an owner" in words(answer)
    for nonsense in ("", "x", str(uuid.uuid4())):
        assert (
            wanjiru.client.post(at(f"members/{otieno.member.pk}/role/"), {"role": nonsense}).status_code
            == 404
        )
    assert queries.seat_of(otieno.user, "duka") == seat


def test_an_agent_changes_nothing_but_themselves(otieno: Person, wanjiru: Person) -> None:
    before = kinds(wanjiru)
    attempts = {
        "members/invitations/": {"email": "eve@example.com", "role": role(wanjiru, "owner")},
        f"members/{wanjiru.member.pk}/suspension/": {},
        f"members/{otieno.member.pk}/role/": {"role": role(wanjiru, "owner")},
        "teams/": {"name": "Mine"},
        "roles/new/": {"name": "Mine", "permissions": ["audit.see"]},
        "brands/": {"name": "Mine", "accent": "#000000"},
        "company/": {"name": "Mine"},
        "hours/new/": {"name": "Mine", "zone": "Africa/Nairobi"},
        "first-reply/": {"minutes": "1", "channel": ""},
        "channels/": {"name": "Mine"},
        "keys/": {"name": "Mine", "permissions": ["workspace.see"]},
    }
    for path, body in attempts.items():
        assert otieno.client.post(at(path), body).status_code == 403, path
    assert kinds(wanjiru) == before
    otieno.client.post(at("account/"), {"name": "Otieno O.", "language": "sw", "theme": "dark"})
    seat = queries.seat_of(otieno.user, "duka")
    assert seat is not None and (seat.name, seat.language) == ("Otieno O.", "sw")
    assert otieno.client.cookies["theme"].value == "dark"


def test_a_team_is_formed_changed_and_disbanded(wanjiru: Person, otieno: Person) -> None:
    wanjiru.client.post(at("teams/"), {"name": "Care", "department": "", "members": [otieno.member.pk]})
    team = queries.teams_of(wanjiru.actor)[0]
    assert [row.member_id for row in team.memberships.all()] == [otieno.member.pk]
    wanjiru.client.post(at(f"teams/{team.pk}/"), {"name": "Kindness", "department": "Care"})
    changed = queries.teams_of(wanjiru.actor)[0]
    assert changed.name == "Kindness" and not changed.memberships.all()
    wanjiru.client.post(at(f"teams/{team.pk}/disbanding/"))
    assert not queries.teams_of(wanjiru.actor)


def test_a_role_is_made_and_seen_in_the_matrix(wanjiru: Person) -> None:
    body = {"name": "Night desk", "permissions": ["workspace.see", "conversations.see"]}
    answer = wanjiru.client.post(at("roles/new/"), body, follow=True)
    assert "Night desk" in words(answer)
    made = next(each for each in queries.roles_of(wanjiru.actor) if each.name == "Night desk")
    wanjiru.client.post(at(f"roles/{made.pk}/"), {"name": "Night", "permissions": ["workspace.see"]})
    made.refresh_from_db()
    assert (made.name, made.permissions) == ("Night", ["workspace.see"])
    answer = wanjiru.client.post(at("roles/new/"), {"name": "Night", "permissions": ["no.such"]})
    assert answer.status_code == 422
    wanjiru.client.post(at(f"roles/{made.pk}/deletion/"))
    assert "Night" not in [each.name for each in queries.roles_of(wanjiru.actor)]


def test_permissions_one_lacks_stay_in_a_role_one_changes(wanjiru: Person, otieno: Person) -> None:
    keeper = make_role(wanjiru.actor, name="Keeper", permissions=["workspace.see", "roles.manage"])
    mixed = make_role(wanjiru.actor, name="Mixed", permissions=["workspace.see", "audit.see"])
    wanjiru.client.post(at(f"members/{otieno.member.pk}/role/"), {"role": keeper.pk})
    otieno.client.post(at(f"roles/{mixed.pk}/"), {"name": "Renamed", "permissions": ["workspace.see"]})
    mixed.refresh_from_db()
    assert (mixed.name, mixed.permissions) == ("Renamed", ["audit.see", "workspace.see"])


def test_business_hours_are_changed_in_words(wanjiru: Person) -> None:
    calendar = queries.default_calendar(wanjiru.workspace.pk)
    assert calendar is not None
    body = {
        "name": "Shop hours",
        "zone": "Africa/Nairobi",
        "monday": "8-12, 14-18",
        "holiday_date": ["2026-12-25", ""],
        "holiday_name": ["Christmas", ""],
        "holiday_hours": ["", ""],
    }
    wanjiru.client.post(at(f"hours/{calendar.pk}/"), body)
    calendar.refresh_from_db()
    assert calendar.spec["weekly"] == {"monday": [["08:00", "12:00"], ["14:00", "18:00"]]}
    assert [each["name"] for each in calendar.spec["holidays"]] == ["Christmas"]
    shown = words(wanjiru.client.get(at(f"hours/{calendar.pk}/")))
    assert "08:00–12:00, 14:00–18:00" in shown and 'value="2026-12-25"' in shown
    for wrong in (
        {"monday": "all day"},
        {"zone": "Mars"},
        {"holiday_date": ["soon"]},
        {"monday": "8-12, 11-13"},
    ):
        answer = wanjiru.client.post(at(f"hours/{calendar.pk}/"), {**body, **wrong})
        assert answer.status_code == 422 and "Shop hours" in words(answer)
    before = calendar.spec
    calendar.refresh_from_db()
    assert calendar.spec == before


def test_hours_that_are_not_the_default_can_go(wanjiru: Person) -> None:
    night = create_calendar(
        wanjiru.actor,
        name="Night",
        spec={"zone": "Africa/Nairobi", "weekly": {"friday": [["22:00", "30:00"]]}, "holidays": []},
    )
    assert "22:00–06:00" in words(wanjiru.client.get(at("hours/")))
    default = queries.default_calendar(wanjiru.workspace.pk)
    assert default is not None
    assert wanjiru.client.post(at(f"hours/{default.pk}/deletion/")).status_code == 422
    wanjiru.client.post(at(f"hours/{night.pk}/default/"))
    wanjiru.client.post(at(f"hours/{default.pk}/deletion/"))
    assert [each.name for each in queries.calendars_of(wanjiru.actor)] == ["Night"]


def test_the_first_reply_is_promised(wanjiru: Person, baraka: Person) -> None:
    theirs = queries.default_calendar(baraka.workspace.pk)
    assert theirs is not None
    wanjiru.client.post(at("first-reply/"), {"channel": "", "minutes": "45", "calendar": ""})
    assert [row.first_reply_minutes for row in first_reply_policies(wanjiru.actor)] == [45]
    for wrong in ({"minutes": "0"}, {"minutes": "soon"}, {"channel": "pigeon"}, {"calendar": str(theirs.pk)}):
        body = {"channel": "", "minutes": "10", "calendar": "", **wrong}
        assert wanjiru.client.post(at("first-reply/"), body).status_code == 422
    assert [row.first_reply_minutes for row in first_reply_policies(wanjiru.actor)] == [45]


def test_a_chat_is_opened_and_set_up(wanjiru: Person, baraka: Person) -> None:
    brand = queries.brands_of(wanjiru.actor)[0]
    foreign = queries.brands_of(baraka.actor)[0]
    body = {"name": "Web shop", "brand": foreign.pk, "origins": "https://shop.example"}
    assert wanjiru.client.post(at("channels/"), body).status_code == 404
    assert sites(wanjiru.actor) == []
    answer = wanjiru.client.post(at("channels/"), {**body, "brand": brand.pk}, follow=True)
    site = sites(wanjiru.actor)[0]
    assert f"data-site=&#34;{site.key}" in words(answer) or f'data-site="{site.key}"' in words(answer)
    settings = {
        "name": "Web shop",
        "origins": "https://shop.example\nhttps://www.shop.example",
        "language": "sw",
        "greeting": "Karibu!",
        "away": "",
        "position": "start",
        "require_identity": "on",
    }
    wanjiru.client.post(at(f"channels/{site.pk}/"), settings)
    changed = sites(wanjiru.actor)[0]
    assert changed.greeting == {"sw": "Karibu!"} and changed.require_identity and len(changed.origins) == 2
    wrong = wanjiru.client.post(at(f"channels/{site.pk}/"), {**settings, "origins": "javascript:alert(1)"})
    assert wrong.status_code == 422 and len(sites(wanjiru.actor)[0].origins) == 2
    wanjiru.client.post(at(f"channels/{site.pk}/secret/"))
    assert sites(wanjiru.actor)[0].previous_secret == site.secret
    wanjiru.client.post(at(f"channels/{site.pk}/old-secret/end/"))
    assert sites(wanjiru.actor)[0].previous_secret == ""


def test_a_key_is_shown_once_and_revoked(wanjiru: Person) -> None:
    body = {"name": "Till", "until": "2099-01-31", "permissions": ["conversations.see"]}
    answer = wanjiru.client.post(at("keys/"), body)
    plain = re.search(r"rk_live_\w{34}", answer.content.decode())
    assert plain is not None and queries.actor_of_api_key(plain.group()) is not None
    assert plain.group() not in words(wanjiru.client.get(at("keys/")))
    key = queries.api_keys_of(wanjiru.actor)[0]
    wanjiru.client.post(at(f"keys/{key.pk}/revocation/"))
    assert queries.actor_of_api_key(plain.group()) is None
    for wrong in ({"until": "tomorrow"}, {"until": "2001-01-01"}, {"permissions": []}, {"name": ""}):
        assert wanjiru.client.post(at("keys/"), {**body, **wrong}).status_code == 422
    assert len(queries.api_keys_of(wanjiru.actor)) == 1


def test_the_audit_is_filtered_and_turned_page_by_page(wanjiru: Person, otieno: Person) -> None:
    for number in range(130):
        form_team(wanjiru.actor, name=f"Team {number}")
    invite(wanjiru.actor, email="fatuma@example.com", role_id=role(wanjiru, "agent"))
    first = words(wanjiru.client.get(at("audit/")))
    assert "fatuma@example.com" in first and "Name:</span><ins>Team 129" in first
    earlier = re.search(r'rel="next" href="(\?[^"]+)"', first)
    assert earlier is not None
    second = words(wanjiru.client.get(at("audit/") + earlier.group(1).replace("&amp;", "&")))
    assert "Team 5<" in second and "Team 129<" not in second and 'rel="next"' not in second
    only = words(wanjiru.client.get(at("audit/?kind=member")))
    assert "fatuma@example.com" in only and "team.created" not in only
    nobody = words(wanjiru.client.get(at(f"audit/?member={otieno.member.pk}")))
    assert "Nothing here" in nobody
    for nonsense in ("?kind=x", "?member=x", "?before=x", "?before=-1", f"?before={10**40}", "?before=٣"):
        assert wanjiru.client.get(at("audit/") + nonsense).status_code == 200


def test_lists_take_a_fixed_number_of_statements(
    wanjiru: Person, otieno: Person, amina: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        form_team(wanjiru.actor, name=f"Team {number}", member_ids=[otieno.member.pk, amina.member.pk])
        issue_api_key(wanjiru.actor, name=f"Key {number}", permissions=["workspace.see"])
    wanjiru.client.get(at("account/"))
    for screen, most in (("members", 8), ("teams", 8), ("roles", 5), ("keys", 5), ("hours", 5), ("audit", 7)):
        with django_assert_max_num_queries(most):
            wanjiru.client.get(at(f"{screen}/"))
