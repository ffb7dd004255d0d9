"""Why and when customers get in touch and how the desk treats them: conversations as arrays, no words."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from rapport.config.demo import truths
from rapport.config.demo.company import Reason
from rapport.config.demo.orders import Orders
from rapport.config.demo.people import CHANNEL_SHARES, CHANNELS, Traits
from rapport.config.demo.season import (
    DAY,
    HOUR,
    MINUTE,
    Flags,
    Floats,
    Season,
    Seconds,
    after_staffed,
    desk_moments,
    local_weekday,
)
from rapport.config.demo.staff import BILLING, CARE, DELIVERY, TEAMS

REASONS = [
    Reason("delivery.late", "Delivery is late"),
    Reason("delivery.where", "Where is my order"),
    Reason("delivery.wrong_item", "Wrong item delivered"),
    Reason("delivery.address_change", "Change of address"),
    Reason("billing.payment_failed", "Payment did not go through"),
    Reason("billing.double_charge", "Charged twice"),
    Reason("billing.refund_missing", "Refund not received"),
    Reason("billing.invoice", "Invoice or receipt"),
    Reason("product.defect", "Product is faulty"),
    Reason("product.question", "Question about a product"),
    Reason("product.availability", "Is it in stock"),
    Reason("returns.how", "How to return"),
    Reason("returns.exchange", "Exchange"),
    Reason("account.login", "Cannot sign in"),
    Reason("account.details", "Change of details"),
]
NUMBER = {reason.key: number for number, reason in enumerate(REASONS)}
TOPIC = [reason.key.split(".")[0] for reason in REASONS]
IS_BILLING = np.array([topic == "billing" for topic in TOPIC])
IS_RETURN = np.array([topic == "returns" for topic in TOPIC])
STILL_WAITING = ("delivery.late", "delivery.where", "delivery.address_change")
WITHOUT_ORDER = ("product.question", "product.availability", "account.login", "account.details")
WITHOUT_ORDER_SHARES = (0.45, 0.20, 0.20, 0.15)
WEEKLY_WITHOUT_ORDER = 0.0066

PHONE = CHANNELS.index("phone")
WHATSAPP = CHANNELS.index("whatsapp")
# First-reply promise and median staffed time to first reply, in minutes, by CHANNELS.
REPLY_LIMIT = np.array([60, 60, 240, 0])
REPLY_MEDIAN = np.array([27, 27, 108, 0])
REPLY_SPREAD = 0.85
BILLING_SLOWER = 1.35
OPEN_AT_THE_END = 40
OPEN_DAYS = 5
UNANSWERED_SHARE = 0.4
UNANSWERED_HOURS = 30


@dataclass(frozen=True, slots=True)
class Contacts:
    """One array per fact, one element per conversation.

    ``order`` is -1 without one. ``due`` is 0 on the phone. ``reopened`` is 0 for most;
    ``first_closed`` is the first closing, ``closed`` is the last closing, 0 while still open.
    """

    customer: Seconds
    order: Seconds
    reason: Seconds
    channel: Seconds
    team: Seconds
    opened: Seconds
    due: Seconds
    replied: Seconds
    kept: Flags
    first_closed: Seconds
    reopened: Seconds
    closed: Seconds

    def __len__(self) -> int:
        return len(self.customer)

    @property
    def bad_billing(self) -> Flags:
        """Billing conversations with a broken first-reply promise or a reopening."""
        broken = (self.due > 0) & ~self.kept
        return IS_BILLING[self.reason] & (broken | (self.reopened > 0))


def draw_contacts(
    rng: np.random.Generator,
    *,
    season: Season,
    traits: Traits,
    orders: Orders,
    first_order: int,
    active: Flags,
    week: int,
) -> Contacts:
    """Draw the conversations that one week gives rise to.

    ``orders`` are the week's, numbered from ``first_order``; ``active`` says who is a customer this week.
    """
    position, reason, earliest = _about_orders(rng, traits=traits, orders=orders)
    before_arrival = np.isin(reason, [NUMBER[key] for key in STILL_WAITING])
    latest = np.where(before_arrival, orders.delivered[position], np.iinfo(np.int64).max)
    asking = np.flatnonzero(rng.random(len(traits)) < WEEKLY_WITHOUT_ORDER * traits.contact_leaning * active)
    asked = rng.choice([NUMBER[key] for key in WITHOUT_ORDER], size=len(asking), p=WITHOUT_ORDER_SHARES)
    monday = season.begin + week * 7 * DAY
    moment = np.maximum(monday + rng.integers(0, 7 * DAY, len(asking)), traits.joined[asking] + HOUR)
    customer = np.concatenate([orders.customer[position], asking])
    reason = np.concatenate([reason, asked])
    order = np.concatenate([position + first_order, np.full(len(asking), -1)])
    asked_at = np.concatenate([earliest, moment])
    opened = desk_moments(rng, earliest=asked_at)
    too_late = opened >= np.append(latest, np.full(len(asking), np.iinfo(np.int64).max))
    opened = np.where(too_late, asked_at, opened)
    return _treat(rng, traits=traits, customer=customer, order=order, reason=reason, opened=opened)


def _about_orders(
    rng: np.random.Generator, *, traits: Traits, orders: Orders
) -> tuple[Seconds, Seconds, Seconds]:
    """Return positions in ``orders``, reasons, and the earliest moment for each conversation."""
    chance, moment = _causes(rng, orders)
    leaning = traits.contact_leaning[orders.customer]
    happens = rng.random((len(chance), len(orders))) < (np.array(list(chance.values())) * leaning).clip(
        0, 0.92
    )
    positions, reasons, moments = [], [], []
    for row, key in enumerate(chance):
        here = np.flatnonzero(happens[row])
        positions.append(here)
        reasons.append(np.full(len(here), NUMBER[key]))
        moments.append(moment[key][here])
    return np.concatenate(positions), np.concatenate(reasons), np.concatenate(moments)


def _causes(rng: np.random.Generator, orders: Orders) -> tuple[dict[str, Floats], dict[str, Seconds]]:
    """Return, by reason, how likely each order leads to it and from when on."""
    size = len(orders)
    late = orders.days_late
    failed = orders.failures > 0
    unwanted = orders.unwanted
    waited = (rng.uniform(0.05, 0.9, size) * (orders.delivered - orders.promised).clip(0)).astype(np.int64)
    on_the_way = orders.placed + (rng.uniform(0.3, 0.9, size) * (orders.delivered - orders.placed)).astype(
        np.int64
    )
    unpacked = orders.delivered + rng.integers(HOUR, 3 * DAY, size)
    refunded = orders.delivered + rng.integers(9 * DAY, 18 * DAY, size)
    chance = {
        "delivery.late": np.where(late >= 1, (0.22 + 0.05 * late).clip(0, 0.7), 0.0),
        "delivery.where": np.full(size, 0.08),
        "delivery.wrong_item": np.full(size, 0.03),
        "delivery.address_change": np.full(size, 0.025),
        "billing.payment_failed": np.where(failed, 0.48, 0.0),
        "billing.double_charge": np.where(failed, 0.24, 0.045),
        "billing.refund_missing": np.where(unwanted, 0.22, 0.012),
        "billing.invoice": np.full(size, 0.035),
        "product.defect": np.full(size, 0.055),
        "returns.how": np.where(unwanted, 0.62, 0.004),
        "returns.exchange": np.where(unwanted, 0.05, 0.035),
    }
    moment = {
        "delivery.late": orders.promised + waited,
        "delivery.where": on_the_way,
        "delivery.wrong_item": unpacked,
        "delivery.address_change": on_the_way - (on_the_way - orders.placed) // 2,
        "billing.payment_failed": orders.placed + rng.integers(8 * MINUTE, 4 * HOUR, size),
        "billing.double_charge": orders.paid + rng.integers(HOUR, 20 * HOUR, size),
        "billing.refund_missing": refunded,
        "billing.invoice": orders.paid + rng.integers(HOUR, 6 * DAY, size),
        "product.defect": unpacked + rng.integers(0, 6 * DAY, size),
        "returns.how": unpacked,
        "returns.exchange": unpacked + rng.integers(0, 2 * DAY, size),
    }
    return chance, moment


def _treat(
    rng: np.random.Generator,
    *,
    traits: Traits,
    customer: Seconds,
    order: Seconds,
    reason: Seconds,
    opened: Seconds,
) -> Contacts:
    """Route, reply, resolve and sometimes reopen."""
    size = len(customer)
    usual = rng.random(size) < 0.75
    channel = np.where(
        usual, traits.channel[customer], rng.choice(len(CHANNELS), size=size, p=CHANNEL_SHARES)
    )
    channel = np.where((channel == WHATSAPP) & ~traits.has_whatsapp[customer], 0, channel)
    phone = channel == PHONE
    opened = np.where(phone, after_staffed(opened, np.zeros(size, np.int64)), opened)
    team = _team(rng, reason)
    minutes = REPLY_MEDIAN[channel] * rng.lognormal(0.0, REPLY_SPREAD, size)
    minutes = minutes * np.where(local_weekday(opened) == 0, truths.MONDAY_FACTOR, 1.0)
    minutes = minutes * np.where(team == BILLING, BILLING_SLOWER, 1.0)
    waited = np.where(phone, 0, (minutes * MINUTE).astype(np.int64) + 20)
    limit = REPLY_LIMIT[channel] * MINUTE
    replied = np.where(phone, opened, after_staffed(opened, waited))
    hours = rng.lognormal(np.log(4.5), 1.0, size).clip(0.3, 120)
    first_closed = after_staffed(replied, (hours * HOUR).astype(np.int64))
    worse = IS_RETURN[reason] & (team == [t.name for t in TEAMS].index(truths.RETURNS_TEAM))
    reopens = rng.random(size) < np.where(worse, truths.RETURNS_REOPENING_SHARE, truths.REOPENING_SHARE)
    reopened = desk_moments(rng, earliest=first_closed + rng.integers(8 * HOUR, 4 * DAY, size))
    again = after_staffed(
        reopened, (rng.lognormal(np.log(5), 0.8, size).clip(0.4, 90) * HOUR).astype(np.int64)
    )
    return Contacts(
        customer=customer,
        order=order,
        reason=reason,
        channel=channel,
        team=team,
        opened=opened,
        due=np.where(phone, 0, after_staffed(opened, limit)),
        replied=replied,
        kept=~phone & (waited <= limit),
        first_closed=first_closed,
        reopened=np.where(reopens, reopened, 0),
        closed=np.where(reopens, again, first_closed),
    )


def _team(rng: np.random.Generator, reason: Seconds) -> Seconds:
    owner = {"delivery": DELIVERY, "billing": BILLING}
    team = np.array([owner.get(topic, CARE) for topic in TOPIC])[reason]
    return np.where(IS_RETURN[reason] & (rng.random(len(reason)) < 0.5), DELIVERY, team)


def gather(parts: list[Contacts]) -> Contacts:
    """Join the weeks' conversations into one, in the order of opening."""
    joined = {f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Contacts)}
    order = np.argsort(joined["opened"], kind="stable")
    return Contacts(**{name: column[order] for name, column in joined.items()})


def as_of_the_end(rng: np.random.Generator, contacts: Contacts, *, season: Season, scale: float) -> Contacts:
    """Cut off what lies beyond the end and keep a believable backlog of about 40 x ``scale`` open."""
    seen = contacts.opened < season.end
    cut = Contacts(**{f.name: getattr(contacts, f.name)[seen] for f in fields(Contacts)})
    still_open = cut.closed >= season.end
    recent = np.flatnonzero(~still_open & (cut.opened >= season.end - OPEN_DAYS * DAY) & (cut.reopened == 0))
    missing = round(OPEN_AT_THE_END * scale) - int(still_open.sum())
    if missing > 0 and len(recent):
        weight = np.exp((cut.opened[recent] - season.end) / (2.0 * DAY))
        chosen = rng.choice(recent, size=min(missing, len(recent)), replace=False, p=weight / weight.sum())
        still_open[chosen] = True
    columns = {f.name: getattr(cut, f.name) for f in fields(Contacts)}
    columns["closed"] = np.where(still_open, 0, cut.closed)
    first_open = still_open & ((cut.reopened == 0) | (cut.reopened >= season.end))
    columns["first_closed"] = np.where(first_open, 0, cut.first_closed)
    columns["reopened"] = np.where(cut.reopened >= season.end, 0, cut.reopened)
    fresh = still_open & (cut.opened >= season.end - UNANSWERED_HOURS * HOUR) & (cut.channel != PHONE)
    silent = (cut.replied >= season.end) | (fresh & (rng.random(len(cut)) < UNANSWERED_SHARE))
    columns["replied"] = np.where(silent, 0, cut.replied)
    columns["kept"] = cut.kept & ~silent
    return Contacts(**columns)
