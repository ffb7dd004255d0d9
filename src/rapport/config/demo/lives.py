"""Two years, week by week: who leaves, orders, gets in touch, and how that changes the weeks after."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rapport.config.demo import contacts as desk
from rapport.config.demo import orders as shop
from rapport.config.demo import truths
from rapport.config.demo.contacts import Contacts
from rapport.config.demo.orders import Orders
from rapport.config.demo.people import Traits
from rapport.config.demo.season import DAY, WEEKS, Flags, Season, Seconds

WeekFlags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Lives:
    """What happened: orders (some placed shortly before the end), conversations, and who left when.

    ``left`` is 0 for those who stayed. ``active`` has a row per customer and a column per week.
    """

    orders: Orders
    contacts: Contacts
    left: Seconds
    active: WeekFlags


@dataclass(slots=True)
class _Course:
    """What changes from week to week."""

    gone: Flags
    left: Seconds
    active: WeekFlags
    hurt: WeekFlags
    pleased: WeekFlags


def live(rng: np.random.Generator, *, season: Season, traits: Traits, scale: float) -> Lives:
    """Run the weeks in order; experience in one week acts from the next week on."""
    size = len(traits)
    course = _Course(
        gone=np.zeros(size, bool),
        left=np.zeros(size, np.int64),
        active=np.zeros((size, WEEKS), bool),
        hurt=np.zeros((size, WEEKS), bool),
        pleased=np.zeros((size, WEEKS), bool),
    )
    placed: list[Orders] = []
    opened: list[Contacts] = []
    count = 0
    for week in range(WEEKS):
        _leave(rng, season=season, traits=traits, course=course, week=week)
        bought = _buy(rng, season=season, traits=traits, course=course, week=week)
        asked = desk.draw_contacts(
            rng,
            season=season,
            traits=traits,
            orders=bought,
            first_order=count,
            active=course.active[:, week],
            week=week,
        )
        _remember(course, asked, season=season)
        placed.append(bought)
        opened.append(asked)
        count += len(bought)
    ended = desk.as_of_the_end(rng, desk.gather(opened), season=season, scale=scale)
    return Lives(orders=shop.gather(placed), contacts=ended, left=course.left, active=course.active)


def _leave(rng: np.random.Generator, *, season: Season, traits: Traits, course: _Course, week: int) -> None:
    known = (traits.joined_week < week) & ~course.gone
    factor = np.where(course.hurt[:, week], truths.BILLING_LEAVING_FACTOR, 1.0)
    leaving = (rng.random(len(traits)) < traits.weekly_leaving * factor) & known
    moment = season.begin + week * 7 * DAY + rng.integers(0, DAY, len(traits))
    course.left = np.where(leaving, moment, course.left)
    course.gone = course.gone | leaving
    course.active[:, week] = (traits.joined_week <= week) & ~course.gone


def _buy(rng: np.random.Generator, *, season: Season, traits: Traits, course: _Course, week: int) -> Orders:
    strength = season.week_weight[week] ** traits.season_strength
    pleased = np.where(course.pleased[:, week], truths.KEPT_ORDER_FACTOR, 1.0)
    wanted = rng.poisson(traits.weekly_orders * strength * pleased * course.active[:, week])
    first = course.active[:, week] & (traits.joined_week == week) & traits.buys_on_joining
    customer = np.concatenate([np.flatnonzero(first), np.repeat(np.arange(len(traits)), wanted)])
    is_first = np.arange(len(customer)) < int(first.sum())
    return shop.draw_orders(rng, season=season, traits=traits, customer=customer, week=week, first=is_first)


def _remember(course: _Course, asked: Contacts, *, season: Season) -> None:
    """Mark the weeks that each conversation changes; the latest conversation decides over an earlier one."""
    weeks = (asked.opened - season.begin) // (7 * DAY)
    bad = asked.bad_billing
    promised = asked.due > 0
    for n in np.argsort(asked.opened, kind="stable"):
        customer, after = asked.customer[n], weeks[n] + 1
        if bad[n]:
            course.hurt[customer, after : after + truths.BILLING_WEEKS] = True
        if promised[n]:
            course.pleased[customer, after : after + truths.KEPT_WEEKS] = asked.kept[n]
