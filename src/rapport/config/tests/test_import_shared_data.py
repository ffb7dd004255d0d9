"""The public data sets come in whole, exactly and once."""

from __future__ import annotations

from pathlib import Path

import pytest

from rapport.accounts.models import Workspace
from rapport.config.imports_plan import Wishes, plan_import
from rapport.customers.models import Binding, Customer, Identity
from rapport.desk.models import Closure, Conversation, ConversationNumber, Entry, Leg, Promise
from rapport.timeline.importing.report import Report
from rapport.timeline.models import Event

SHARED = Path(__file__).resolve().parents[5] / "shared" / "data"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not there"),
]


def bring_in(workspace: Workspace, what: str, path: Path, wishes: Wishes | None = None) -> Report:
    report = Report()
    plan = plan_import(workspace, what, path, wishes or Wishes())
    plan.run(report, refused=None, progress=lambda _what, _done, _total: None)
    assert report.read == report.settled
    return report


@pytest.mark.slow
def test_the_full_cdnow_log_comes_in_as_orders_and_only_once(duka: Workspace) -> None:
    """Fader and Hardie: 69,659 transactions of 23,570 customers."""
    path, dollars = SHARED / "customers" / "CDNOW_master.txt.gz", Wishes(constants={"currency": "USD"})
    first = bring_in(duka, "orders", path, dollars)
    assert (first.read, first.taken, first.refused) == (69_659, 69_659, 0)
    assert first.made == {"events": 69_659, "customers": 23_570}
    events = Event.objects.within(duka).filter(kind="order.placed")
    assert events.count() == 69_659
    customers = Customer.objects.within(duka)
    assert customers.count() == 23_570 == events.values("identity_id").distinct().count()
    earliest = events.filter(identity_id__in=Identity.objects.within(duka).filter(value="00004")).earliest(
        "at"
    )
    assert customers.get(bindings__identity__value="00004").met_at == earliest.at
    assert earliest.data == {
        "amount_minor": 2933,
        "currency": "USD",
        "items": [{"quantity": 2}],
        "quantity": 2,
    }
    again = bring_in(duka, "orders", path, dollars)
    assert (again.taken, again.there, again.refused, +again.made) == (0, 69_659, 0, {})
    assert events.count() == 69_659
    assert Binding.objects.within(duka).count() == 23_570


@pytest.mark.slow
@pytest.mark.parametrize(
    ("log", "cases", "activities"), [("helpdesk", 4_580, 21_348), ("bpic2013_incidents", 7_554, 65_533)]
)
def test_a_process_log_comes_in_as_conversations_and_events(
    duka: Workspace, log: str, cases: int, activities: int
) -> None:
    """Polato's help desk log and Steeman's incident log, with the counts their publishers give."""
    path = SHARED / "journeys" / f"{log}.xes.gz"
    first = bring_in(duka, "conversations", path)
    assert (first.read, first.taken, first.refused) == (activities, activities, 0)
    assert (first.made["conversations"], first.made["entries"]) == (cases, activities)
    conversations = Conversation.objects.within(duka)
    told = Event.objects.within(duka).filter(kind="activity.done")
    assert conversations.count() == cases == Leg.objects.within(duka).count()
    assert told.count() == activities == Entry.objects.within(duka).filter(kind="change").count()
    assert set(told.values_list("subject_id", flat=True)) == set(conversations.values_list("id", flat=True))
    assert Closure.objects.within(duka).count() == cases
    assert not Promise.objects.within(duka).exists()
    numbers = list(conversations.order_by("opened_at", "number").values_list("number", flat=True))
    assert numbers == list(range(1, cases + 1))
    again = bring_in(duka, "conversations", path)
    assert (again.taken, again.there, +again.made) == (0, activities, {})
    assert ConversationNumber.objects.get(workspace=duka).last == cases


def test_activities_are_told_once_whether_they_come_as_events_or_conversations(duka: Workspace) -> None:
    path = SHARED / "journeys" / "running-example.xes.gz"
    as_events = bring_in(duka, "events", path)
    assert (as_events.taken, as_events.made["events"]) == (42, 42)
    as_conversations = bring_in(duka, "conversations", path)
    assert as_conversations.made["conversations"] == 6
    told = Event.objects.within(duka).filter(kind="activity.done")
    assert told.count() == 42
    conversations = Conversation.objects.within(duka).values_list("id", flat=True)
    assert set(told.values_list("subject_id", flat=True)) == set(conversations)


def test_the_three_dialogues_come_in_as_conversations(duka: Workspace) -> None:
    path = SHARED / "procedures" / "abcd_sample.json"
    report = bring_in(duka, "conversations", path, Wishes(country="US"))
    assert (report.read, report.taken, report.made["conversations"]) == (3, 3, 3)
    conversation = Conversation.objects.within(duka).get(reason="product_defect.return_size")
    entries = list(Entry.objects.within(duka).filter(conversation=conversation).order_by("seq"))
    assert [entry.seq for entry in entries] == list(range(1, 31))
    assert entries[0].change == {"what": "imported", "source": "abcd_sample", "times": "made up"}
    assert (entries[1].text, entries[1].direction) == ("Hi!", "out")
    assert (entries[5].text, entries[5].author_kind) == ("Crystal Minh", "customer")
    assert entries[7].kind == "change" and "Account has been pulled up" in entries[7].change["name"]
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    assert entries[0].at.isoformat() == "2019-11-06T06:00:00+00:00"
    customer = Customer.objects.within(duka).get(bindings__identity=conversation.identity_id)
    held = Identity.objects.within(duka).filter(bindings__customer=customer)
    assert set(held.values_list("namespace", "value")) == {
        ("user_id", "cminh730"),
        ("email", "cminh730@email.com"),
        ("phone", "+19776252661"),
    }
    assert customer.name == "Crystal Minh"
    again = bring_in(duka, "conversations", path, Wishes(country="US"))
    assert (again.taken, again.there, +again.made) == (0, 3, {})


@pytest.mark.slow
def test_invoices_with_credit_notes_become_orders_and_returns(duka: Workspace, tmp_path: Path) -> None:
    """UCI Online Retail: the first 20,000 lines; invoices of C… take back, lines of nobody are refused."""
    import gzip
    from itertools import islice

    path = tmp_path / "online_retail.csv"
    with gzip.open(SHARED / "customers" / "online_retail.csv.gz", "rt", encoding="utf-8") as whole:
        path.write_text("".join(islice(whole, 20_001)), encoding="utf-8")
    report = bring_in(duka, "orders", path, Wishes(constants={"currency": "GBP"}))
    events = Event.objects.within(duka)
    assert report.read == 20_000
    assert report.reasons == {"no customer": report.refused}
    first = events.get(kind="order.placed", data__order="536365")
    # Six articles, seven lines: 15.30 + 20.34 + 22 + 20.34 + 20.34 + 15.30 + 25.50.
    assert (first.data["amount_minor"], len(first.data["items"])) == (13_912, 7)
    assert all(event.data["order"].startswith("C") for event in events.filter(kind="order.returned"))
    assert Customer.objects.within(duka).filter(country="GB").exists()
    assert Identity.objects.within(duka).filter(value="17850").exists()
