"""Orders as arrays: when placed, how the payment went, when promised and when delivered."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from rapport.config.demo import truths
from rapport.config.demo.names import TOWNS
from rapport.config.demo.people import Traits
from rapport.config.demo.season import (
    DAY,
    HOUR,
    MINUTE,
    NAIROBI,
    Flags,
    Season,
    Seconds,
    local_day,
    shop_moments,
)

ORDER_CHANNELS = ("web", "whatsapp", "phone", "store")
ORDER_CHANNEL_SHARES = (0.89, 0.05, 0.04, 0.02)
RETURN_SHARE = 0.10
ON_TIME_DAYS = np.array([-2, -1, 0, 1, 2, 3])
ON_TIME_SHARES = np.array([0.13, 0.22, 0.34, 0.08, 0.05, 0.03])
MOST_DAYS_LATE = 13


@dataclass(frozen=True, slots=True)
class Orders:
    """One array per fact, one element per order; times in seconds, ``days_late`` negative when early."""

    customer: Seconds
    brand: Seconds
    channel: Seconds
    placed: Seconds
    failures: Seconds
    paid: Seconds
    shipped: Seconds
    promised: Seconds
    delivered: Seconds
    days_late: Seconds
    unwanted: Flags

    def __len__(self) -> int:
        return len(self.customer)


def draw_orders(
    rng: np.random.Generator, *, season: Season, traits: Traits, customer: Seconds, week: int, first: Flags
) -> Orders:
    """Draw the orders of one week; a first order is placed at the moment of joining."""
    size = len(customer)
    placed = shop_moments(rng, season, np.full(size, week))
    placed = np.maximum(placed, traits.joined[customer] + 20 * MINUTE)
    placed = np.where(first, traits.joined[customer], placed)
    failures = _failures(rng, season=season, placed=placed)
    paid = (
        placed + rng.integers(1 * MINUTE, 6 * MINUTE, size) + failures * rng.integers(MINUTE, 5 * HOUR, size)
    )
    promised, delivered, days_late = _delivery(rng, traits=traits, customer=customer, placed=placed)
    handed = placed + (6 * HOUR + (delivered - placed - 6 * HOUR) * rng.uniform(0.1, 0.4, size)).astype(
        np.int64
    )
    shipped = np.minimum(np.maximum(handed, paid + 10 * MINUTE), delivered - HOUR)
    other_brand = rng.random(size) < 0.1
    return Orders(
        customer=customer,
        brand=np.where(other_brand, 1 - traits.brand[customer], traits.brand[customer]),
        channel=rng.choice(len(ORDER_CHANNELS), size=size, p=ORDER_CHANNEL_SHARES),
        placed=placed,
        failures=failures,
        paid=paid,
        shipped=shipped,
        promised=promised,
        delivered=delivered,
        days_late=days_late,
        unwanted=rng.random(size) < RETURN_SHARE,
    )


def _failures(rng: np.random.Generator, *, season: Season, placed: Seconds) -> Seconds:
    begins = season.end - truths.FAULT_BEGINS_DAYS_BEFORE_END * DAY
    faulty = (placed >= begins) & (placed < begins + truths.FAULT_DAYS * DAY)
    share = np.where(faulty, truths.FAILED_SHARE_IN_FAULT, truths.FAILED_SHARE)
    failed = rng.random(len(placed)) < share
    return failed * (1 + (rng.random(len(placed)) < 0.3).astype(np.int64))


def _delivery(
    rng: np.random.Generator, *, traits: Traits, customer: Seconds, placed: Seconds
) -> tuple[Seconds, Seconds, Seconds]:
    size = len(customer)
    given = np.array([town.delivery_days for town in TOWNS])[traits.town[customer]]
    promised_day = local_day(placed) + given
    beyond = 1.0 - ON_TIME_SHARES.sum()
    slot = rng.choice(len(ON_TIME_DAYS) + 1, size=size, p=[*ON_TIME_SHARES, beyond])
    far = (truths.LATE_AFTER_DAYS + rng.geometric(0.22, size)).clip(max=MOST_DAYS_LATE)
    days_late = np.append(ON_TIME_DAYS, 0)[slot]
    days_late = np.where(slot == len(ON_TIME_DAYS), far, np.maximum(days_late, 1 - given))
    midnight = (promised_day + days_late) * DAY - NAIROBI
    delivered = midnight + rng.integers(9 * HOUR, 19 * HOUR, size)
    return promised_day * DAY + 18 * HOUR - NAIROBI, delivered, days_late


def gather(parts: list[Orders]) -> Orders:
    """Join the weeks' orders into one, in the order given, so that positions stay valid."""
    return Orders(
        **{f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Orders)}
    )
