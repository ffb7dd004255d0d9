"""Data of a workspace is reached by naming the workspace, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery

from conftest import Person, Served
from rapport.accounts.models import Member, Role, Team, TeamMembership, Workspace
from rapport.customers.models import Binding, Customer, Identity, Merge
from rapport.customers.queries import customer_of
from rapport.kernel.scoping import ScopedManager, ScopedQuerySet, Unscoped, WorkspaceRow, workspace_key

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
ALL = Customer.objects

READS: dict[str, Callable[[], Any]] = {
    "iteration": lambda: list(ALL.all()),
    "get": lambda: ALL.get(name="Wambui Njeri"),
    "first": lambda: ALL.first(),
    "last": lambda: ALL.order_by("met_at").last(),
    "earliest": lambda: ALL.earliest("met_at"),
    "latest": lambda: ALL.latest("met_at"),
    "in_bulk": lambda: ALL.in_bulk(),
    "a slice": lambda: ALL.order_by("pk")[:1][0],
    "an index": lambda: ALL.order_by("pk")[0],
    "length": lambda: len(ALL.all()),
    "truth": lambda: bool(ALL.all()),
    "values": lambda: list(ALL.values("name")),
    "values_list": lambda: list(ALL.values_list("name", flat=True)),
    "dates": lambda: list(ALL.dates("met_at", "day")),
    "datetimes": lambda: list(ALL.datetimes("met_at", "hour")),
    "iterator": lambda: list(ALL.iterator()),
    "iterator with prefetching": lambda: list(ALL.prefetch_related("bindings").iterator(chunk_size=10)),
    "count": lambda: ALL.count(),
    "exists": lambda: ALL.exists(),
    "contains": lambda: ALL.contains(Customer(id=workspace_key(Workspace(id=Customer().id)))),
    "aggregate": lambda: ALL.aggregate(Count("pk")),
    "aggregate over distinct": lambda: ALL.values("name").distinct().aggregate(Count("name")),
    "explain": lambda: ALL.all().explain(),
    "raw": lambda: list(ALL.raw("SELECT * FROM customers_customer")),
    "select_for_update": lambda: list(ALL.select_for_update()),
    "select_related": lambda: list(Binding.objects.select_related("customer")),
    "distinct, annotated": lambda: list(ALL.annotate(n=Count("bindings")).filter(n__gt=0)),
    "filter and exclude": lambda: list(ALL.filter(name="x").exclude(bindings__evidence="cast")),
}
WRITES: dict[str, Callable[[], Any]] = {
    "update": lambda: ALL.update(name="X"),
    "filtered update": lambda: ALL.filter(name="Wambui Njeri").update(name="X"),
    "delete": lambda: ALL.filter(name="Wambui Njeri").delete(),
    "raw delete": lambda: ALL.all()._raw_delete("default"),
    "bulk_update": lambda: ALL.bulk_update(
        [Customer(pk=row, name="X") for row in ALL.across_workspaces().values_list("pk", flat=True)], ["name"]
    ),
    "get_or_create": lambda: ALL.get_or_create(name="Wambui Njeri", defaults={"met_at": AT}),
    "update_or_create": lambda: ALL.update_or_create(name="Wambui Njeri", defaults={"town": "X"}),
}
SECOND_WAYS: dict[str, Callable[[Any], Any]] = {
    "or": lambda w: list(ALL.within(w) | ALL.all()),
    "or, the other way round": lambda w: list(ALL.all() | ALL.within(w)),
    "or with a slice": lambda w: list(ALL.within(w).order_by("pk")[:1] | ALL.all()),
    "xor": lambda w: list(ALL.within(w) ^ ALL.all()),
    "union": lambda w: list(ALL.within(w).union(ALL.all())),
    "union count": lambda w: ALL.within(w).union(ALL.all()).count(),
    "union of the unscoped": lambda w: list(ALL.all().union(ALL.within(w))),
    "intersection": lambda w: list(ALL.within(w).intersection(ALL.all())),
    "difference": lambda w: list(ALL.within(w).difference(ALL.all())),
    "in a subquery": lambda w: list(Binding.objects.within(w).filter(customer__in=ALL.filter(name="x"))),
    "in an annotation": lambda w: list(
        ALL.within(w).annotate(other=Subquery(ALL.filter(pk__gt=OuterRef("pk")).values("name")[:1]))
    ),
    "in Exists": lambda w: list(
        ALL.within(w).filter(Exists(Binding.objects.filter(customer=OuterRef("pk"))))
    ),
    "in an update": lambda w: ALL.within(w).update(name=Subquery(ALL.all().values("name")[:1])),
}
ASYNC: dict[str, Callable[[], Any]] = {
    "aget": lambda: ALL.aget(name="x"),
    "afirst": lambda: ALL.afirst(),
    "acount": lambda: ALL.acount(),
    "aexists": lambda: ALL.aexists(),
    "aaggregate": lambda: ALL.aaggregate(Count("pk")),
    "ain_bulk": lambda: ALL.ain_bulk(),
    "aupdate": lambda: ALL.aupdate(name="X"),
    "adelete": lambda: ALL.filter(name="x").adelete(),
    "aget_or_create": lambda: ALL.aget_or_create(name="x"),
}

# Rows that are no company's: what they are is said beside them.
WITHOUT_A_WORKSPACE = {
    "accounts.User": "a sign-in may belong to several companies",
    "accounts.User_groups": "Django's, unused",
    "accounts.User_user_permissions": "Django's, unused",
    "accounts.Workspace": "is the workspace",
    "accounts.OwnerLink": "opens the door before there is a workspace",
    "desk.ConversationNumber": "one row for each workspace, keyed by it",
    "timeline.EventKey": "its key is made from the workspace's id",
}


@pytest.fixture
def everybody(wambui: Served, kiosk: Workspace) -> dict[str, str]:
    """Names of all customers, before and after."""
    Customer.objects.create(workspace=kiosk, name="Juma", met_at=AT)
    return names()


def names() -> dict[str, str]:
    rows = Customer.objects.across_workspaces().values_list("pk", "name", "town")
    return {str(key): f"{name}/{town}" for key, name, town in rows}


@pytest.mark.parametrize("way", READS)
def test_reading_without_a_workspace_is_refused(way: str, everybody: dict[str, str]) -> None:
    with transaction.atomic(), pytest.raises(Unscoped):
        READS[way]()


@pytest.mark.parametrize("way", WRITES)
def test_writing_without_a_workspace_is_refused_and_changes_nothing(
    way: str, everybody: dict[str, str]
) -> None:
    with transaction.atomic(), pytest.raises(Unscoped):
        WRITES[way]()
    assert names() == everybody


@pytest.mark.parametrize("way", SECOND_WAYS)
def test_a_scoped_query_lends_its_scope_to_no_other(
    way: str, duka: Workspace, everybody: dict[str, str]
) -> None:
    with transaction.atomic(), pytest.raises(Unscoped):
        SECOND_WAYS[way](duka)
    assert names() == everybody


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ASYNC)
def test_the_async_ways_are_no_way_around(way: str) -> None:
    async def attempt() -> None:
        await ASYNC[way]()

    with pytest.raises(Unscoped):
        async_to_sync(attempt)()


@pytest.mark.django_db(transaction=True)
def test_async_iteration_is_no_way_around() -> None:
    async def plain() -> list[Customer]:
        return [row async for row in ALL.all()]

    async def chunked() -> list[Customer]:
        return [row async for row in ALL.all().aiterator()]

    for attempt in (plain, chunked):
        with pytest.raises(Unscoped):
            async_to_sync(attempt)()


def test_raw_is_refused_even_with_a_workspace(duka: Workspace) -> None:
    with pytest.raises(Unscoped):
        ALL.within(duka).raw("SELECT * FROM customers_customer")


def test_a_scoped_query_finds_only_its_own(
    duka: Workspace, kiosk: Workspace, everybody: dict[str, str]
) -> None:
    ours = ALL.within(duka)
    assert [row.name for row in ours] == ["Wambui Njeri"]
    assert [row.name for row in ours.filter(Q(name="Juma") | Q(name="Wambui Njeri"))] == ["Wambui Njeri"]
    assert ours.filter(name="Juma").first() is None
    assert [row.name for row in ours & ALL.filter(name__startswith="W")] == ["Wambui Njeri"]
    assert not (ours & ALL.within(kiosk)).exists()
    assert {row.name for row in ours | ALL.within(kiosk)} == {"Wambui Njeri", "Juma"}
    assert ours.union(ALL.within(kiosk)).count() == 2
    assert ours.update(town="Thika") == 1
    assert ALL.within(kiosk).get().town == ""
    assert list(ours.exclude(bindings__evidence="cast")) == []
    assert list(ours.exclude(bindings__identity__namespace="device_id")) == list(ours)
    assert ALL.across_workspaces().count() == 2
    assert list(ALL.none()) == []


def test_rows_hanging_on_a_found_row_need_no_second_naming(duka: Workspace, wambui: Served) -> None:
    found = ALL.within(duka).get(pk=wambui.customer_id)
    assert found.bindings.count() == 2
    assert found.bindings.filter(valid_to=None).exists()
    assert found.bindings.update(evidence="checked") == 2
    assert {row.identity.namespace for row in found.bindings.select_related("identity")} == {"phone", "email"}
    with_bindings = ALL.within(duka).prefetch_related("bindings__identity").get(pk=wambui.customer_id)
    assert {row.identity.namespace for row in with_bindings.bindings.all()} == {"phone", "email"}
    chosen = Prefetch("bindings", queryset=Binding.objects.filter(identity__namespace="email"))
    assert len(ALL.within(duka).prefetch_related(chosen).get().bindings.all()) == 1
    assert (
        found.bindings.annotate(name=F("customer__name")).get(identity__namespace="email").name == found.name
    )


def test_only_things_of_a_workspace_name_one(duka: Workspace, otieno: Person, wambui: Served) -> None:
    key = duka.pk
    for named in (duka, key, otieno.actor, otieno.member, ALL.within(duka).get()):
        assert workspace_key(named) == key
    for nameless in (otieno.user, None, str(key), 7, object()):
        with pytest.raises(Unscoped):
            ALL.within(nameless)


def test_every_model_has_a_workspace_or_a_reason() -> None:
    exceptions = {}
    for model in apps.get_models(include_auto_created=True):
        if not model.__module__.startswith("rapport."):
            continue
        is_scoped = isinstance(model._default_manager, ScopedManager) and isinstance(
            model._default_manager.get_queryset(), ScopedQuerySet
        )
        names_one = any(field.attname == "workspace_id" for field in model._meta.concrete_fields)
        if not (is_scoped and names_one):
            exceptions[model._meta.label] = model
        elif model._meta.managed:
            assert issubclass(model, WorkspaceRow), model
    assert set(exceptions) <= set(WITHOUT_A_WORKSPACE), "give the model a workspace, or say why it has none"
    assert set(WITHOUT_A_WORKSPACE) <= set(exceptions)


def test_every_pointer_between_rows_of_a_workspace_is_held_by_the_database(db: None) -> None:
    """A column that points to another workspace's row fails even when every check above it was forgotten."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c"
            " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)"
            " WHERE c.contype = 'f' AND cardinality(c.conkey) = 2"
        )
        held = set(cursor.fetchall())
    missing = []
    for model in apps.get_models():
        if not issubclass(model, WorkspaceRow):
            continue
        for field in model._meta.concrete_fields:
            target = field.related_model
            is_within = isinstance(target, type) and issubclass(target, WorkspaceRow)
            pointer = (model._meta.db_table, field.column)
            if isinstance(field, models.ForeignKey) and is_within and pointer not in held:
                missing.append(".".join(pointer))
    assert missing == []


def test_a_row_of_another_workspace_cannot_be_pointed_to(
    duka: Workspace, baraka: Person, otieno: Person, wambui: Served
) -> None:
    theirs = Customer.objects.create(workspace=baraka.workspace, name="Juma", met_at=AT)
    identity = Identity.objects.within(duka).get(pk=wambui.email_id)
    before = names()
    smuggled = [
        lambda: Binding.objects.create(
            workspace=duka, identity=identity, customer=theirs, bound_at=AT, evidence="x",
            valid_from=AT - timedelta(days=2), valid_to=AT,
        ),
        lambda: Merge.objects.create(workspace=duka, gone_id=wambui.customer_id, into=theirs, evidence="x", at=AT),
        lambda: TeamMembership.objects.create(
            workspace=duka, team=Team.objects.create(workspace=duka, name="Night"), member=baraka.member
        ),
        lambda: Member.objects.within(duka).filter(pk=otieno.member.pk).update(
            role=Role.objects.within(baraka.workspace).get(key="owner")
        ),
    ]  # fmt: skip
    for attempt in smuggled:
        with pytest.raises(IntegrityError, match="same_workspace"), transaction.atomic():
            checked(attempt)
    assert names() == before
    assert customer_of(otieno.actor, wambui.email_id).name == "Wambui Njeri"  # type: ignore[union-attr]
    assert not Team.objects.within(duka).exists()


def checked(attempt: Callable[[], Any]) -> None:
    """Do it and have the database look at its constraints now instead of at the end."""
    attempt()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
