"""Building the demo company: the same every time, whole or not there, and nobody else's business."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from django.contrib.auth import authenticate
from django.core import mail
from django.db import connection, connections

from conftest import Person, Served
from rapport.accounts.actions import NewPerson, owner_link, use_owner_link
from rapport.accounts.models import Member, User, Workspace
from rapport.channels.chat.models import ChatSite
from rapport.channels.chat.queries import NoSuchSite, demo_shoppers, demo_site
from rapport.config.commands import demonstration
from rapport.config.demo.loading import Built, DemoBusy, build
from rapport.config.demo.loading.builder import _LOCK, PHASES
from rapport.config.demo.loading.ids import DEMO_ID
from rapport.config.demo.loading.tables import COLUMNS
from rapport.config.demo.tests.loaded import NOW, rows
from rapport.desk.models import Conversation
from rapport.timeline.partitions import ensure_for

TINY = 0.01
# What follows from no seed: passwords nobody knows, keys and secrets of chats.
_SECRET = {"accounts_user": ["password"], "desk_channelaccount": ["address"]}

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """As if the process had got SIGKILL."""


def make(seed: int = 7, *, again: bool = False, scale: float = TINY) -> Built:
    return build(seed=seed, until=NOW, scale=scale, again=again)


def checksums(of: str = "=") -> dict[str, str]:
    """A digest of every table, secrets left out; ``of`` "<>" means everybody else's rows."""
    found = {}
    for table, columns in COLUMNS.items():
        kept = ", ".join(f"t.{column}" for column in columns if column not in _SECRET.get(table, []))
        if table == "accounts_user":
            where = (
                f"EXISTS (SELECT 1 FROM accounts_member m WHERE m.user_id = t.id AND m.workspace_id {of} %s)"
            )
        else:
            where = f"t.{'id' if table == 'accounts_workspace' else 'workspace_id'} {of} %s"
        order = "ORDER BY t.seq" if table == "timeline_event" else "ORDER BY 1"
        text = repr(rows(f"SELECT {kept} FROM {table} t WHERE {where} {order}", DEMO_ID))
        found[table] = hashlib.sha256(text.encode()).hexdigest()
    return found


def test_everything_is_there_and_every_constraint_holds() -> None:
    built = make()
    connection.check_constraints()
    workspace = Workspace.objects.get(pk=built.workspace_id)
    assert (workspace.slug, workspace.is_demo, workspace.currency) == ("duka", True, "KES")
    assert built.is_new
    assert set(built.rows) == set(COLUMNS)
    for table, count in built.rows.items():
        key = "id" if table == "accounts_workspace" else "workspace_id"
        if table != "accounts_user":
            assert rows(f"SELECT count(*) FROM {table} WHERE {key} = %s", DEMO_ID) == [(count,)], table
    assert built.rows["customers_customer"] == 50


def test_two_builds_of_one_seed_and_moment_are_the_same_and_another_seed_is_not() -> None:
    make()
    first = checksums()
    make(again=True)
    assert checksums() == first
    make(seed=8, again=True)
    assert checksums()["desk_entry"] != first["desk_entry"]


def test_a_finished_company_is_left_alone() -> None:
    made = make()
    Conversation.objects.within(DEMO_ID).update(subject="touched")
    there = make(seed=8)
    assert not there.is_new
    assert (there.workspace_id, there.slug, there.rows) == (made.workspace_id, made.slug, {})
    assert set(Conversation.objects.within(DEMO_ID).values_list("subject", flat=True)) == {"touched"}


@pytest.mark.parametrize("phase", list(PHASES))
def test_killed_in_any_phase_it_starts_clean_the_next_time(phase: str) -> None:
    def kill(what: str, _done: int, _total: int) -> None:
        if what == phase:
            raise Killed

    with pytest.raises(Killed):
        build(until=NOW, scale=TINY, progress=kill)
    assert not Workspace.objects.filter(is_demo=True).exists()
    with pytest.raises(NoSuchSite):
        demo_site(only_demo=True)
    assert make().is_new
    connection.check_constraints()
    after_a_kill = checksums()
    make(again=True)
    assert checksums() == after_a_kill


def test_replacing_a_finished_one_that_is_killed_starts_clean_as_well() -> None:
    make()
    before = checksums()

    def kill(what: str, done: int, _total: int) -> None:
        if what == "conversations" and done > 35:
            raise Killed

    with pytest.raises(Killed):
        build(until=NOW, scale=TINY, again=True, progress=kill)
    assert make().is_new
    assert checksums() == before


def test_other_companies_are_not_touched(
    wanjiru: Person, baraka: Person, wambui: Served, otieno: Person
) -> None:
    before = checksums(of="<>")
    built = make()
    assert built.slug == "duka-demo"  # Wanjiru's own company is called duka
    make(again=True)
    after = checksums(of="<>")
    assert {table for table in after if after[table] != before[table]} <= {"accounts_user"}
    assert User.objects.filter(pk__in=[wanjiru.user.pk, baraka.user.pk, otieno.user.pk]).count() == 3


def test_owners_of_a_company_here_own_the_demo_too_and_others_do_not(
    wanjiru: Person, otieno: Person, baraka: Person
) -> None:
    make()
    real = Member.objects.within(DEMO_ID).exclude(user__email__endswith="@duka-la-wanjiru.example")
    assert set(real.values_list("user_id", "role__key")) == {
        (wanjiru.user.pk, "owner"),
        (baraka.user.pk, "owner"),
    }
    assert owner_link() is None


def test_who_joined_by_the_owner_link_stays_when_it_is_replaced() -> None:
    make()
    link = owner_link()
    assert link is not None
    secret = link.split("/")[2]
    joined = use_owner_link(
        secret, person=NewPerson("neema@example.com", "Neema Mrema", "kanga-market-sunrise")
    )
    assert joined.workspace_id == DEMO_ID
    make(again=True)
    stayed = Member.objects.within(DEMO_ID).get(user__email="neema@example.com")
    assert (stayed.pk, stayed.role.key) == (joined.pk, "owner")


def test_nobody_can_sign_in_as_its_people() -> None:
    make()
    people = User.objects.filter(email__endswith="@duka-la-wanjiru.example")
    assert people.count() == 18
    assert not any(person.has_usable_password() for person in people)
    assert authenticate(username="wanjiru@duka-la-wanjiru.example", password="") is None


def test_nothing_is_sent_and_no_job_waits() -> None:
    make(scale=0.05)
    assert rows("SELECT count(*) FROM procrastinate_jobs") == [(0,)]
    assert mail.outbox == []
    beyond_chat = "SELECT count(*) FROM desk_leg WHERE account_id IS NOT NULL AND channel <> 'chat'"
    assert rows(beyond_chat) == [(0,)]
    waiting = (
        "SELECT count(*) FROM desk_delivery d JOIN desk_entry e ON e.id = d.entry_id"
        " JOIN desk_leg l ON l.id = e.leg_id WHERE d.state = 'queued' AND l.channel <> 'chat'"
    )
    assert rows(waiting) == [(0,)]


def test_the_demo_shop_has_its_chat_and_shoppers() -> None:
    make()
    site = demo_site(only_demo=True)
    assert site.account.brand.name == "Duka la Wanjiru"
    assert len(site.secret) >= 32
    assert site.greeting["sw"]
    assert len({shopper.subject for shopper in demo_shoppers(site)}) == 3
    assert ChatSite.objects.within(DEMO_ID).count() == 2


def test_secrets_differ_between_builds() -> None:
    make()
    first = {site.secret for site in ChatSite.objects.within(DEMO_ID)}
    make(again=True)
    assert first.isdisjoint({site.secret for site in ChatSite.objects.within(DEMO_ID)})


@pytest.fixture
def another_connection() -> Iterator[psycopg.Connection]:
    settings = connections["default"].get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    with psycopg.connect(**{name: settings[name] for name in names if settings.get(name)}) as other:
        yield other


def test_two_builds_at_once_are_refused_and_the_second_changes_nothing(
    another_connection: psycopg.Connection,
) -> None:
    another_connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    with pytest.raises(DemoBusy):
        make()
    assert not Workspace.objects.filter(pk=DEMO_ID).exists()
    another_connection.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
    assert make().is_new


def test_a_clock_that_was_set_back_builds_an_earlier_company() -> None:
    earlier_by = timedelta(days=400)
    # Months are made over another connection, which the one transaction of a test would keep waiting.
    ensure_for(NOW - earlier_by - timedelta(days=735), NOW)
    make()
    earlier = build(until=NOW - earlier_by, scale=TINY, again=True)
    assert earlier.is_new
    assert rows(
        "SELECT max(at) <= %s FROM timeline_event WHERE workspace_id = %s", NOW - earlier_by, DEMO_ID
    ) == [(True,)]


def test_a_refused_scale_leaves_everything_as_it_was() -> None:
    make()
    before = checksums()
    with pytest.raises(ValueError, match="above zero"):
        build(until=NOW, scale=0, again=True)
    assert checksums() == before


def test_a_full_disk_is_told_and_the_next_build_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise psycopg.errors.DiskFull("could not extend file")

    with monkeypatch.context() as disk:
        disk.setattr("rapport.config.demo.loading.builder.hold", full)
        with pytest.raises(psycopg.errors.DiskFull):
            make()
    assert not Workspace.objects.filter(is_demo=True).exists()
    assert make().is_new


def test_the_command_says_what_is_there_and_how_to_open_it(capsys: pytest.CaptureFixture[str]) -> None:
    demonstration.tell(make())
    demonstration.tell_the_way_in(make())
    said = capsys.readouterr().out
    assert "built Duka la Wanjiru in" in said
    assert "50 customers" in said
    assert "/w/duka/" in said
    assert "/widget/shop" in said
    assert said.count("/welcome/") == 1
    demonstration.tell(make())
    assert "rapport demo --again replaces it" in capsys.readouterr().out
