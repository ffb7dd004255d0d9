"""Others' history comes in once, whole chunks or not at all, and every row is accounted for."""

from __future__ import annotations

import csv
import errno
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from rapport.accounts.models import Workspace
from rapport.config.imports import _why_stopped
from rapport.config.imports_plan import Plan, Wishes, plan_import
from rapport.customers.models import Customer, Identity
from rapport.desk.models import ChannelAccount, Conversation, Entry, Promise
from rapport.timeline.importing import run
from rapport.timeline.importing.drafts import Draft, EventWriter
from rapport.timeline.importing.problems import BadMapping, Unreadable
from rapport.timeline.importing.report import Report
from rapport.timeline.importing.run import Stopped
from rapport.timeline.models import Event, EventKey

pytestmark = pytest.mark.django_db


def plan(workspace: Workspace, what: str, folder: Path, content: str | bytes, **wishes: Any) -> Plan:
    path = folder / "shop.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return plan_import(workspace, what, path, Wishes(**wishes))


def bring_in(
    workspace: Workspace,
    what: str,
    folder: Path,
    content: str | bytes,
    *,
    refused: Path | None = None,
    **wishes: Any,
) -> Report:
    report = Report()
    planned = plan(workspace, what, folder, content, **wishes)
    planned.run(report, refused=refused, progress=lambda *_: None, folder=folder)
    assert report.read == report.settled
    return report


ORDERS = "customer_id,date,total\nu1,2024-05-01,10.00\nu2,2024-05-02,20.00\nu1,2024-05-01,10.00\n"


def test_two_equal_purchases_are_two_and_a_second_run_adds_none(duka: Workspace, tmp_path: Path) -> None:
    first = bring_in(duka, "orders", tmp_path, ORDERS)
    assert (first.taken, first.made["events"], first.made["customers"]) == (3, 3, 2)
    again = bring_in(duka, "orders", tmp_path, ORDERS)
    assert (again.taken, again.there, +again.made) == (0, 3, {})
    longer = bring_in(duka, "orders", tmp_path, ORDERS + "u1,2024-05-01,10.00\n")
    assert (longer.taken, longer.there) == (1, 3)
    assert Event.objects.within(duka).filter(kind="order.placed").count() == 4


def test_another_spelling_of_the_same_row_is_the_same_row(duka: Workspace, tmp_path: Path) -> None:
    bring_in(duka, "orders", tmp_path, ORDERS)
    spelt = "date;customer_id;total\n2024-05-01 00:00;u1;10\n2024-05-02T00:00+03:00;u2;20.0\n"
    assert bring_in(duka, "orders", tmp_path, spelt).there == 2


def test_two_sources_may_use_the_same_numbers(duka: Workspace, tmp_path: Path) -> None:
    content = "order_id,user_id,date,total\n7,u1,2024-05-01,10\n"
    assert bring_in(duka, "orders", tmp_path, content, source="till").taken == 1
    assert bring_in(duka, "orders", tmp_path, content, source="web").taken == 1


def test_broken_rows_are_refused_with_line_and_reason_and_the_rest_comes_in(
    duka: Workspace, tmp_path: Path
) -> None:
    lines = [
        b"customer_id,email,date,total",
        "u1,wanjirũ@example.com,2024-05-01,10.00".encode(),
        b"u2,,31 June 2024,10.00",
        b"u3,,2024-05-01,ten",
        b",,2024-05-01,10.00",
        b"u5,,2024-05-01,10.00,extra",
        b"u6,\0,2024-05-01,10.00",
        b"u7," + b"x" * 5_000_000 + b",2024-05-01,10.00",
        b"u8,\xff\xfe,2024-05-01,10.00",
        b"null,,2024-05-01,10.00",
        b"u10,not an address,2024-05-01,10.00",
        b"u11,,2124-05-01,10.00",
        b"=u12,,2024-05-01,1.005",
        b"u13,,2024-05-01,13.00",
    ]
    where = tmp_path / "refused" / "shop.refused.csv"
    report = bring_in(duka, "orders", tmp_path, b"\n".join(lines) + b"\n", refused=where)
    assert (report.read, report.taken, report.refused) == (13, 2, 11)
    reasons = {refusal.line: refusal.reason for refusal in report.first}
    assert reasons == {
        3: "“31 June 2024” is not a date",
        4: "amount: 'ten' is not an amount",
        5: "no customer",
        6: "5 values where there are 4 columns",
        7: "contains a NUL byte",
        8: "longer than 1 MB",
        9: "not utf-8 at byte 4 of the line",
        10: "Account: “null” is a placeholder, not somebody’s Account",
        11: "Email: “not an address” is not somebody’s email address",
        12: "“2124-05-01” lies in the future",
    }
    with where.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["line", "reason", "original"] and [int(row[0]) for row in rows[1:]] == list(
        range(3, 14)
    )
    assert rows[-1][1] == "amount: KES has 2 decimals, 1.005 has more"
    assert where.stat().st_mode & 0o077 == 0
    assert set(Identity.objects.within(duka).values_list("value", flat=True)) == {
        "u1",
        "wanjirũ@example.com",
        "u13",
    }


LINES = """order,who,date,qty,unit price,sku
A1,u1,2024-05-03,2,3.00,cup
B2,u2,2024-05-01,1,5.00,jug
A1,u1,2024-05-02,1,0.50,lid
C77,u2,2024-05-04,-1,5.00,jug
"""
WHO = {"user_id": "who"}


def test_lines_of_an_order_are_summed_wherever_they_stand(duka: Workspace, tmp_path: Path) -> None:
    report = bring_in(duka, "orders", tmp_path, LINES, columns_of=WHO)
    assert (report.read, report.taken, report.made["events"]) == (4, 4, 3)
    told = Event.objects.within(duka).filter(kind__startswith="order.").order_by("at")
    assert [(e.kind, e.data["order"], e.data["amount_minor"]) for e in told] == [
        ("order.placed", "B2", 500),
        ("order.placed", "A1", 650),
        ("order.returned", "C77", 500),
    ]
    assert told[1].data["items"] == [{"sku": "lid", "quantity": 1}, {"sku": "cup", "quantity": 2}]
    assert told[1].actor_kind == "customer" and told[1].actor_id == told[1].identity_id
    assert bring_in(duka, "orders", tmp_path, LINES, columns_of=WHO).there == 4


def test_an_order_is_whole_or_refused(duka: Workspace, tmp_path: Path) -> None:
    content = LINES + "A1,u9,2024-05-02,1,0.50,spoon\nB2,u2,2024-05-01,many,5.00,jug\n"
    report = bring_in(duka, "orders", tmp_path, content, columns_of=WHO)
    assert (report.taken, report.refused) == (1, 5)
    reasons = {refusal.line: refusal.reason for refusal in report.first}
    assert reasons[6] == "names another customer than line 4 of order A1"
    assert reasons[2] == "belongs to order A1, whose line 6 was refused"
    assert reasons[7] == "“many” is not a number"
    assert Event.objects.within(duka).filter(kind="order.placed").count() == 0


def test_a_known_order_that_says_something_else_is_refused_and_not_lost(
    duka: Workspace, tmp_path: Path
) -> None:
    bring_in(duka, "orders", tmp_path, LINES, columns_of=WHO)
    report = bring_in(duka, "orders", tmp_path, LINES.replace("0.50", "0.75"), columns_of=WHO)
    assert (report.taken, report.there, report.refused) == (0, 2, 2)
    assert report.first[0].reason == "“A1” is already there and says something else"
    assert Event.objects.within(duka).get(data__order="A1").data["amount_minor"] == 650


def test_events_of_any_name_come_in_with_what_they_carry(duka: Workspace, tmp_path: Path) -> None:
    content = (
        '{"id": "e1", "event": "Product Viewed", "timestamp": "2024-05-01T10:00:00Z", "user": "u1",'
        ' "properties": {"sku": "cup"}}\n'
        '{"id": "e2", "event": "Wished upon a star", "timestamp": 1714557600, "email": "A@Example.com",'
        ' "stars": 3}\n'
        '{"id": "e1", "event": "Product Viewed", "timestamp": "2024-05-01T10:00:00Z", "user": "u1",'
        ' "properties": {"sku": "jug"}}\n'
    )
    report = bring_in(duka, "events", tmp_path, content)
    assert (report.taken, report.refused) == (2, 1)
    viewed = Event.objects.within(duka).get(kind="product.viewed")
    assert viewed.data == {"sku": "cup"}
    wished = Event.objects.within(duka).get(kind="activity.done")
    assert wished.data == {"name": "Wished upon a star", "stars": 3}
    assert Identity.objects.within(duka).get(pk=wished.identity_id).value == "a@example.com"


def test_records_of_what_members_did_cannot_be_forged(duka: Workspace, tmp_path: Path) -> None:
    content = '{"workspace": "other", "kind": "api_key.issued", "at": "2024-05-01T10:00:00Z", "user": "u1"}\n'
    report = bring_in(duka, "events", tmp_path, content)
    assert (report.taken, report.refused) == (0, 1)
    assert not Event.objects.within(duka).filter(kind="api_key.issued").exists()
    plain = '{"kind": "conversation.resolved", "at": "2024-05-01T10:00:00Z", "user": "u1"}\n'
    bring_in(duka, "events", tmp_path, plain)
    assert not Event.objects.within(duka).filter(kind="conversation.resolved").exists()


TALK = """ticket,created_at,from,sender,message,customer email
T2,2024-05-02 09:00,in,Joyce,Where is it?,joyce@example.com
T1,2024-05-01 09:00,in,Ali,Hello there,ali@example.com
T1,2024-05-01 09:05,agent,Otieno,"Hi Ali, how can I help?",
T1,2024-05-01 09:06,note,Otieno,sounds upset,
"""
TALK_MAP = {"direction": "from", "author": "sender"}


def test_messages_become_conversations_silently(duka: Workspace, tmp_path: Path) -> None:
    report = bring_in(duka, "conversations", tmp_path, TALK, columns_of=TALK_MAP, source="olddesk")
    assert (report.taken, report.made["conversations"], report.made["entries"]) == (4, 2, 4)
    ali = Conversation.objects.within(duka).get(number=1)
    assert (ali.status, ali.channel, ali.subject) == ("resolved", "import", "Hello there")
    assert ali.resolved_at == datetime(2024, 5, 1, 6, 6, tzinfo=UTC)
    assert ali.first_replied_at == datetime(2024, 5, 1, 6, 5, tzinfo=UTC)
    entries = Entry.objects.within(duka).filter(conversation=ali).order_by("seq")
    assert [(e.seq, e.kind, e.direction, e.author_kind, e.author_name) for e in entries] == [
        (1, "message", "in", "customer", "Ali"),
        (2, "message", "out", "member", "Otieno"),
        (3, "note", "inside", "member", "Otieno"),
    ]
    assert (ali.last_seq, ali.last_customer_seq, ali.last_preview) == (3, 1, "Hi Ali, how can I help?")
    assert not Promise.objects.within(duka).exists()
    account = ChannelAccount.objects.within(duka).get(kind="import")
    assert account.address == f"{duka.slug}/olddesk"
    kinds = (
        Event.objects.within(duka).filter(subject_id=ali.pk).order_by("seq").values_list("kind", flat=True)
    )
    assert set(kinds) == {
        "conversation.opened",
        "conversation.resolved",
        "message.received",
        "message.sent",
    }


def test_a_conversation_that_grew_gets_its_new_entries_only(duka: Workspace, tmp_path: Path) -> None:
    wishes: dict[str, Any] = {"columns_of": TALK_MAP, "source": "olddesk"}
    bring_in(duka, "conversations", tmp_path, TALK, **wishes)
    more = TALK + "T1,2024-05-03 09:00,in,Ali,It came,\n"
    report = bring_in(duka, "conversations", tmp_path, more, **wishes)
    assert (report.taken, report.there, report.made["conversations"]) == (1, 4, 0)
    ali = Conversation.objects.within(duka).get(number=1)
    assert (ali.last_seq, ali.last_preview, ali.last_customer_seq) == (4, "It came", 4)
    assert Conversation.objects.within(duka).count() == 2


def test_open_matters_wait_since_the_customer_wrote(duka: Workspace, tmp_path: Path) -> None:
    bring_in(duka, "conversations", tmp_path, TALK, columns_of=TALK_MAP, constants={"status": "open"})
    joyce = Conversation.objects.within(duka).get(number=2)
    assert (joyce.status, joyce.waiting_since) == ("open", datetime(2024, 5, 2, 6, tzinfo=UTC))
    assert not joyce.closures.exists()


def test_broken_messages_are_refused_and_the_conversation_stands(duka: Workspace, tmp_path: Path) -> None:
    content = TALK + (
        "T1,soon,in,Ali,hm,\nT1,2024-05-03,sideways,Ali,hm,\nT1,2024-05-03,in,Ali,,\n,2024-05-03,in,Ali,hm,\n"
        f"T1,2024-05-03,in,Ali,{'x' * 10_001},\nT9,2024-05-03,in,Nobody,hm,\n"
    )
    report = bring_in(duka, "conversations", tmp_path, content, columns_of=TALK_MAP)
    assert (report.taken, report.refused, report.made["conversations"]) == (4, 6, 2)
    assert {refusal.line for refusal in report.first} == {6, 7, 8, 9, 10, 11}


def test_the_same_file_in_another_company_shares_nothing(
    duka: Workspace, kiosk: Workspace, tmp_path: Path
) -> None:
    for workspace in (duka, kiosk):
        assert bring_in(workspace, "orders", tmp_path, ORDERS).taken == 3
        assert bring_in(workspace, "conversations", tmp_path, TALK, columns_of=TALK_MAP).taken == 4
        assert Customer.objects.within(workspace).count() == 4
    ours = Conversation.objects.within(duka).values_list("id", flat=True)
    assert not Conversation.objects.within(kiosk).filter(id__in=ours).exists()
    assert sorted(Conversation.objects.within(kiosk).values_list("number", flat=True)) == [1, 2]


def test_nothing_is_written_before_it_is_understood(duka: Workspace, tmp_path: Path) -> None:
    with pytest.raises(BadMapping, match="no column for the customer; the columns are date, total"):
        plan(duka, "orders", tmp_path, "date,total\n2024-05-01,10\n")
    with pytest.raises(BadMapping, match="no time zone called Mars"):
        plan(duka, "orders", tmp_path, ORDERS, time_zone="Mars")
    with pytest.raises(BadMapping, match="XXQ"):
        plan(duka, "orders", tmp_path, ORDERS, constants={"currency": "XXQ"})
    with pytest.raises(BadMapping, match="there is no brand soko"):
        plan(duka, "conversations", tmp_path, TALK, columns_of=TALK_MAP, brand="soko")
    with pytest.raises(Unreadable, match="holds no rows"):
        plan(duka, "orders", tmp_path, "customer_id,date,total\n")
    shown = plan(duka, "orders", tmp_path, ORDERS + ",2024-05-01,1\n").preview()
    assert shown[0] == (2, "2024-04-30 21:00 UTC, order.placed 1000 minor units KES, user_id u1", True)
    assert shown[3] == (5, "no customer", False)
    assert not Customer.objects.within(duka).exists()


def test_a_full_disk_leaves_whole_chunks_and_says_how_far(
    duka: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "CHUNK_ROWS", 2)
    real, calls = EventWriter.write, []

    def full(self: EventWriter, drafts: Sequence[Draft]) -> None:
        calls.append(len(drafts))
        if len(calls) == 2:
            full_disk = OperationalError("could not extend file")
            full_disk.__cause__ = type("DiskFull", (Exception,), {"sqlstate": "53100"})()
            raise full_disk
        real(self, drafts)

    monkeypatch.setattr(EventWriter, "write", full)
    content = "customer_id,date,total\n" + "".join(f"u{n},2024-05-01,{n}\n" for n in range(1, 6))
    report = Report()
    with pytest.raises(Stopped) as stopped:
        plan(duka, "orders", tmp_path, content).run(report, refused=None, progress=lambda *_: None)
    assert _why_stopped(stopped.value) == (
        "the disk of the database is full; every row up to line 3 is settled; make room and "
        "run the same command again to continue"
    )
    assert Event.objects.within(duka).filter(kind="order.placed").count() == 2
    assert bring_in(duka, "orders", tmp_path, content).made["events"] == 3


def test_a_full_disk_while_rows_are_brought_together_writes_nothing(
    duka: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("rapport.timeline.importing.spool.Spool.add", full)
    report = Report()
    with pytest.raises(Stopped) as stopped:
        plan(duka, "orders", tmp_path, LINES, columns_of=WHO).run(
            report, refused=None, progress=lambda *_: None
        )
    assert _why_stopped(stopped.value).startswith("the disk is full; nothing of it is in yet")
    assert not Customer.objects.within(duka).exists()


def test_a_date_of_long_ago_makes_one_month_and_not_all_between(duka: Workspace, tmp_path: Path) -> None:
    from django.db import connection

    content = "customer_id,date,total\nu1,1971-03-01,1\nu1,2024-05-01,1\n"
    assert bring_in(duka, "orders", tmp_path, content).taken == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relname ~ '^timeline_event_197[0-9]_[0-9]+$'")
        assert cursor.fetchone()[0] == 1
    assert EventKey.objects.count() >= 2
