"""Every write about customers."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from rapport.accounts.queries import workspace_of
from rapport.customers import events
from rapport.customers.models import BEGINNING, Binding, Customer, Identity, Merge
from rapport.customers.permissions import EDIT_CUSTOMERS
from rapport.customers.rules import ANONYMOUS, PHONES, Level, identity_key, normal_form
from rapport.kernel import clock
from rapport.kernel.actors import Actor
from rapport.kernel.log import record
from rapport.kernel.plaintext import TextRejected, clean_line


class NoSuchIdentity(LookupError):
    """There is no such identity in the actor's workspace, or it belongs to nobody."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """The identity somebody came with and whose it is now."""

    identity_id: uuid.UUID
    customer_id: uuid.UUID
    is_new: bool


def recognise(
    actor: Actor,
    *,
    namespace: str,
    value: str,
    level: Level,
    evidence: str,
    at: datetime | None = None,
    name: str = "",
    language: str = "",
) -> Recognised:
    """Find whose identity this is; somebody new becomes a customer.

    A known identity keeps its highest level and gets fresher. ``name`` and ``language`` fill what is still
    unknown, never overwrite; a name that cannot be shown is left out. Raises ``rules.BadIdentity``.
    """
    normal = _normal(actor, namespace, value)
    moment = at or clock.now()
    with transaction.atomic():
        identity = _seen(actor, namespace, normal, level, evidence, moment)
        binding = Binding.objects.within(actor).filter(identity=identity, valid_to=None).first()
        if binding is not None:
            _fill(actor, binding.customer_id, name=name, language=language)
            return Recognised(identity.pk, binding.customer_id, is_new=False)
        customer = Customer.objects.create(
            workspace_id=actor.workspace_id, name=_short(name), language=language[:10], met_at=moment
        )
        _bind(actor, identity, customer.pk, evidence=evidence, since=BEGINNING, at=moment)
        record(
            actor,
            events.CUSTOMER_MET,
            subject=("customer", customer.pk),
            identity_id=identity.pk,
            at=moment,
            data={"namespace": namespace},
        )
    return Recognised(identity.pk, customer.pk, is_new=True)


def add_identity(
    actor: Actor,
    customer_id: uuid.UUID,
    *,
    namespace: str,
    value: str,
    level: Level,
    evidence: str,
    at: datetime | None = None,
) -> Recognised:
    """Give a customer a further identity. One that already belongs to somebody stays theirs.

    Whether the two are one person is then a question for people (a suggestion), not for this action: the
    returned ``customer_id`` tells whose it is. Raises ``rules.BadIdentity``, ``Customer.DoesNotExist``.
    """
    normal = _normal(actor, namespace, value)
    moment = at or clock.now()
    with transaction.atomic():
        customer = Customer.objects.within(actor).get(pk=customer_id)
        identity = _seen(actor, namespace, normal, level, evidence, moment)
        binding = Binding.objects.within(actor).filter(identity=identity, valid_to=None).first()
        if binding is not None:
            return Recognised(identity.pk, binding.customer_id, is_new=False)
        _bind(actor, identity, customer.pk, evidence=evidence, since=BEGINNING, at=moment)
        record(
            actor,
            events.IDENTITY_ADDED,
            subject=("customer", customer.pk),
            identity_id=identity.pk,
            at=moment,
            data={"namespace": namespace},
        )
    return Recognised(identity.pk, customer.pk, is_new=True)


def link_anonymous(actor: Actor, *, anonymous_id: uuid.UUID, known_id: uuid.UUID, evidence: str) -> uuid.UUID:
    """A visitor signed in: what ``anonymous_id`` does belongs to ``known_id``'s customer; returns that customer.

    A visitor who was nobody so far brings the whole history along. A device that belonged to *another* known
    customer (a shared tablet) changes hands from now on only; the past stays with whoever it was.

    Raises ``NoSuchIdentity``, and ``ValueError`` unless the first is anonymous and the second is not.
    """
    with transaction.atomic():
        # Locked in one order, so that two sign-ins at once cannot wait for each other.
        rows = {
            identity.pk: identity
            for identity in Identity.objects.within(actor)
            .select_for_update(no_key=True)
            .filter(pk__in=[anonymous_id, known_id])
            .order_by("pk")
        }
        if rows.keys() != {anonymous_id, known_id}:
            raise NoSuchIdentity("there is no such identity in this workspace")
        anonymous, known = rows[anonymous_id], rows[known_id]
        if anonymous.namespace not in ANONYMOUS or known.namespace in ANONYMOUS:
            raise ValueError("only an anonymous identity can change hands, and only to somebody known")
        held, target = _owners(actor, anonymous, known)
        if held.customer_id == target:
            return target
        if _is_nobody(actor, held.customer_id):
            _absorb(actor, held.customer_id, target, evidence=evidence, at=clock.now())
        else:
            # A binding lasts, even when the clock was set back since it began.
            at = max(clock.now(), held.valid_from + timedelta(microseconds=1))
            _hand_over(actor, held, target, evidence=evidence, at=at)
    return target


def describe(
    actor: Actor,
    customer_id: uuid.UUID,
    *,
    name: str | None = None,
    language: str | None = None,
    town: str | None = None,
) -> Customer:
    """Correct what we know about a customer. Raises ``Denied``, ``plaintext.TextRejected``."""
    actor.must(EDIT_CUSTOMERS)
    given = {"name": name, "language": language, "town": town}
    limits = {"name": 160, "language": 10, "town": 80}
    with transaction.atomic():
        customer = Customer.objects.within(actor).select_for_update().get(pk=customer_id)
        changed = {}
        for field, value in given.items():
            if value is None:
                continue
            cleaned = clean_line(value, max_chars=limits[field]) if value.strip() else ""
            if cleaned != getattr(customer, field):
                changed[field] = [getattr(customer, field), cleaned]
                setattr(customer, field, cleaned)
        if changed:
            customer.save(update_fields=list(changed))
            identity = Binding.objects.within(actor).filter(customer=customer, valid_to=None).first()
            record(
                actor,
                events.CUSTOMER_DESCRIBED,
                subject=("customer", customer.pk),
                identity_id=identity.identity_id if identity else None,
                data={"changed": changed},
            )
    return customer


def _normal(actor: Actor, namespace: str, value: str) -> str:
    """The normal form; a phone number written without + is one of the workspace's country."""
    if namespace in PHONES and not value.strip().startswith("+"):
        return normal_form(namespace, value, region=workspace_of(actor.workspace_id).country)
    return normal_form(namespace, value)


def _seen(actor: Actor, namespace: str, normal: str, level: Level, evidence: str, at: datetime) -> Identity:
    """The identity row, made when new (waiting for a concurrent maker), refreshed when known."""
    key = identity_key(actor.workspace_id, namespace, normal)
    Identity.objects.bulk_create(
        [
            Identity(
                id=key,
                workspace_id=actor.workspace_id,
                namespace=namespace,
                value=normal,
                level=level,
                evidence=evidence,
                first_seen_at=at,
                last_seen_at=at,
            )
        ],
        ignore_conflicts=True,
    )
    identity = Identity.objects.within(actor).select_for_update(no_key=True).get(pk=key)
    better = level > identity.level
    if better or not identity.first_seen_at <= at <= identity.last_seen_at:
        if better:
            identity.level, identity.evidence = level, evidence
        identity.first_seen_at = min(at, identity.first_seen_at)
        identity.last_seen_at = max(at, identity.last_seen_at)
        identity.save(update_fields=["level", "evidence", "first_seen_at", "last_seen_at"])
    return identity


def _bind(
    actor: Actor, identity: Identity, customer_id: uuid.UUID, *, evidence: str, since: datetime, at: datetime
) -> None:
    Binding.objects.create(
        workspace_id=actor.workspace_id,
        identity=identity,
        customer_id=customer_id,
        valid_from=since,
        evidence=evidence,
        bound_at=at,
    )


def _fill(actor: Actor, customer_id: uuid.UUID, *, name: str, language: str) -> None:
    if short := _short(name):
        Customer.objects.within(actor).filter(pk=customer_id, name="").update(name=short)
    if language:
        Customer.objects.within(actor).filter(pk=customer_id, language="").update(language=language[:10])


def _short(name: str) -> str:
    """A name somebody came with, or nothing: a message is not lost over how its sender spells themselves."""
    try:
        return clean_line(" ".join(name[:160].split()), max_chars=160)
    except TextRejected:
        return ""


def _owners(actor: Actor, anonymous: Identity, known: Identity) -> tuple[Binding, uuid.UUID]:
    """The present binding of an anonymous identity and the customer of a known one, both customers locked.

    The identities are locked already, yet another device of the same visitor may be signing in: then the
    customer moves while we wait, and we look again.
    """
    while True:
        now = {
            row.identity_id: row
            for row in Binding.objects.within(actor).filter(identity__in=[anonymous, known], valid_to=None)
        }
        if now.keys() != {anonymous.pk, known.pk}:
            raise NoSuchIdentity("that identity belongs to nobody")
        held, target = now[anonymous.pk], now[known.pk].customer_id
        customers = {held.customer_id, target}
        list(
            Customer.objects.within(actor)
            .select_for_update(no_key=True)
            .filter(pk__in=customers)
            .order_by("pk")
            .values_list("pk")
        )
        still = Binding.objects.within(actor).filter(identity__in=[anonymous, known], valid_to=None)
        if set(still.values_list("customer_id", flat=True)) == customers:
            return held, target


def _is_nobody(actor: Actor, customer_id: uuid.UUID) -> bool:
    """Whether all we know of a customer is anonymous."""
    return (
        not Binding.objects.within(actor)
        .filter(customer_id=customer_id)
        .exclude(identity__namespace__in=ANONYMOUS)
        .exists()
    )


def _absorb(actor: Actor, gone: uuid.UUID, into: uuid.UUID, *, evidence: str, at: datetime) -> None:
    moved = list(Binding.objects.within(actor).filter(customer_id=gone).order_by("bound_at", "pk"))
    # The bindings keep their own evidence, and the event says which moved: a merge can be undone exactly.
    Binding.objects.within(actor).filter(customer_id=gone).update(customer_id=into)
    visitor = Customer.objects.within(actor).get(pk=gone)
    _fill(actor, into, name=visitor.name, language=visitor.language)
    Merge.objects.create(
        workspace_id=actor.workspace_id,
        gone_id=gone,
        into_id=into,
        evidence=evidence,
        at=at,
        by_kind=actor.kind.value,
        by_id=actor.id,
    )
    record(
        actor,
        events.CUSTOMER_MERGED,
        subject=("customer", into),
        identity_id=moved[0].identity_id,
        at=at,
        data={
            "gone": str(gone),
            "identities": [str(binding.identity_id) for binding in moved],
            "bindings": [str(binding.pk) for binding in moved],
        },
    )


def _hand_over(actor: Actor, held: Binding, target: uuid.UUID, *, evidence: str, at: datetime) -> None:
    held.valid_to = at
    held.save(update_fields=["valid_to"])
    _bind(actor, held.identity, target, evidence=evidence, since=at, at=at)
    record(
        actor,
        events.IDENTITY_BOUND,
        subject=("customer", target),
        identity_id=held.identity_id,
        at=at,
        data={"before": str(held.customer_id)},
    )
