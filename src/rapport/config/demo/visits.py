"""Visits to the shop as arrays: when, by whom, how deep into the funnel, and which end in an order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rapport.config.demo.lives import Lives
from rapport.config.demo.orders import ORDER_CHANNELS
from rapport.config.demo.people import Traits
from rapport.config.demo.season import MINUTE, Season, Seconds, shop_moments

WEEKLY_VISITS = 0.055
VISITS_PER_ORDER = 1.3
# Share of visits without an order that get at least as far as: page, product, second product, cart, checkout.
REACH = (1.0, 0.62, 0.30, 0.13, 0.045)
VISITS_BY_STRANGERS = 1.4


@dataclass(frozen=True, slots=True)
class Visits:
    """One element per visit: ``customer`` is -1 and ``stranger`` a position for those never known.

    ``depth`` counts the steps taken (1 to 5); ``order`` is the order it ends in, or -1.
    """

    start: Seconds
    customer: Seconds
    stranger: Seconds
    depth: Seconds
    order: Seconds


def draw_visits(
    rng: np.random.Generator,
    *,
    season: Season,
    traits: Traits,
    lives: Lives,
    first_visit: Seconds,
    strangers: Seconds,
) -> Visits:
    """Draw first, idle, buying and strangers' visits; ``strangers`` holds when each was first seen."""
    idle_customer, idle_start = _idle(rng, season=season, traits=traits, lives=lives)
    again = rng.poisson(VISITS_BY_STRANGERS - 1, len(strangers))
    stranger = np.concatenate([np.arange(len(strangers)), np.repeat(np.arange(len(strangers)), again)])
    later = np.concatenate([np.zeros(len(strangers)), rng.exponential(4 * 86_400, int(again.sum()))])
    stranger_start = strangers[stranger] + later.astype(np.int64)
    on_web = np.flatnonzero(lives.orders.channel == ORDER_CHANNELS.index("web"))
    lead = rng.integers(5 * MINUTE, 16 * MINUTE, len(on_web))
    everyone = np.arange(len(traits))
    customer = np.concatenate(
        [everyone, idle_customer, np.full(len(stranger), -1), lives.orders.customer[on_web]]
    )
    quiet = len(customer) - len(on_web)
    depth = np.concatenate([_depth(rng, quiet), np.full(len(on_web), len(REACH))])
    visits = Visits(
        start=np.concatenate([first_visit, idle_start, stranger_start, lives.orders.placed[on_web] - lead]),
        customer=customer,
        stranger=np.concatenate(
            [np.full(len(traits) + len(idle_customer), -1), stranger, np.full(len(on_web), -1)]
        ),
        depth=depth,
        order=np.concatenate([np.full(quiet, -1), on_web]),
    )
    seen = visits.start < season.end - 15 * MINUTE
    keep = seen | (visits.order >= 0)
    return Visits(
        visits.start[keep], visits.customer[keep], visits.stranger[keep], depth[keep], visits.order[keep]
    )


def _idle(
    rng: np.random.Generator, *, season: Season, traits: Traits, lives: Lives
) -> tuple[Seconds, Seconds]:
    rate = WEEKLY_VISITS + VISITS_PER_ORDER * traits.weekly_orders
    count = rng.poisson(rate[:, None] * season.week_weight * lives.active)
    customer, week = np.nonzero(count)
    times = count[customer, week]
    customer, week = np.repeat(customer, times), np.repeat(week, times)
    start = shop_moments(rng, season, week)
    after = start > traits.joined[customer]
    return customer[after], start[after]


def _depth(rng: np.random.Generator, size: int) -> Seconds:
    share = np.array(REACH)
    reached: Seconds = (rng.random(size)[:, None] < share).sum(axis=1)
    return reached
