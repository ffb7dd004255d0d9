"""Customers, identities and the map between them.

Events and conversations carry identities. Which customer that is, is found when reading, through ``Binding``;
so a merge is a few rows here and no history is rewritten.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import models

from rapport.customers.rules import Level
from rapport.kernel.scoping import WorkspaceRow

# PostgreSQL's -infinity has no Python value; nothing we serve happened before this.
BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)


class Customer(WorkspaceRow):
    """A person we serve."""

    name = models.CharField(max_length=160, blank=True, default="")
    language = models.CharField(max_length=10, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    town = models.CharField(max_length=80, blank=True, default="")
    met_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "-met_at", "-id"], name="customer_by_met"),
            models.Index("workspace", models.functions.Lower("name"), name="customer_by_name"),
        ]

    def __str__(self) -> str:
        return self.name or f"Visitor {self.id.hex[-4:]}"


class Identity(WorkspaceRow):
    """One way we recognise a customer. ``id`` follows from workspace, namespace and value (``rules.identity_key``)."""

    namespace = models.CharField(max_length=40)
    value = models.CharField(max_length=500)
    level = models.PositiveSmallIntegerField(default=Level.UNKNOWN)
    evidence = models.CharField(max_length=40, blank=True, default="")
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("workspace", "namespace", "value", name="identity_once"),
            models.CheckConstraint(condition=~models.Q(value=""), name="identity_has_a_value"),
        ]

    def __str__(self) -> str:
        return f"{self.namespace}:{self.value}"


class Binding(WorkspaceRow):
    """The identity map: whose an identity is, from when to when."""

    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="bindings")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="bindings")
    valid_from = models.DateTimeField(default=BEGINNING)
    valid_to = models.DateTimeField(null=True, blank=True)
    evidence = models.CharField(max_length=40)
    bound_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["identity"], condition=models.Q(valid_to=None), name="one_owner_of_an_identity_now"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from")),
                name="binding_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["customer", "identity"], name="binding_by_customer")]


class Merge(WorkspaceRow):
    """``gone`` turned out to be ``into``. A pointer with its reason: ids ever shown stay resolvable."""

    gone = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="merged_away")
    into = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="merged_in")
    evidence = models.CharField(max_length=80)
    at = models.DateTimeField()
    by_kind = models.CharField(max_length=10)
    by_id = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gone"], condition=models.Q(undone_at=None), name="customer_merged_away_once"
            ),
            models.CheckConstraint(condition=~models.Q(gone=models.F("into")), name="no_merge_with_oneself"),
        ]
