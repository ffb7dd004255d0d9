"""Customers and the hidden traits that drive them, drawn as arrays; then the visible records."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rapport.config.demo import truths
from rapport.config.demo.company import Customer, CustomerTruth
from rapport.config.demo.dice import Dice
from rapport.config.demo.names import TOWNS, full_name
from rapport.config.demo.season import (
    DAY,
    HOUR,
    WEEKS,
    Flags,
    Floats,
    Season,
    Seconds,
    as_datetime,
    shop_moments,
)

CUSTOMERS = 5_000
LANGUAGES = ("en", "sw", "es", "pt")
LANGUAGE_SHARES = (0.50, 0.37, 0.065, 0.065)
CHANNELS = ("chat", "whatsapp", "email", "phone")
CHANNEL_SHARES = (0.52, 0.23, 0.15, 0.10)
BANNERS = ("acacia", "baobab")


@dataclass(frozen=True, slots=True)
class Persona:
    """A kind of customer: share of all, orders per week, and how strongly the season is felt."""

    name: str
    share: float
    weekly_orders: float
    season_strength: float
    plus: bool
    reseller: bool


PERSONAS = (
    Persona("steady household", 0.31, 0.0270, 1.0, False, False),
    Persona("bargain hunter", 0.24, 0.0190, 1.6, False, False),
    Persona("gift giver", 0.20, 0.0110, 1.9, False, False),
    Persona("plus regular", 0.18, 0.0540, 0.8, True, False),
    Persona("upcountry reseller", 0.07, 0.0460, 0.7, False, True),
)
WEEKLY_LEAVING = 0.0135
LEAVING_SHAPE = 8.0
ORDER_SHAPE = 1.4
REGISTERED_WITHOUT_ORDER = 0.14


@dataclass(frozen=True, slots=True)
class Traits:
    """One array per trait, one element per customer, in the order of joining."""

    persona: Seconds
    plus: Flags
    reseller: Flags
    goodwill: Floats
    weekly_orders: Floats
    weekly_leaving: Floats
    season_strength: Floats
    contact_leaning: Floats
    language: Seconds
    town: Seconds
    brand: Seconds
    channel: Seconds
    banner: Seconds
    taste: Floats
    joined: Seconds
    joined_week: Seconds
    buys_on_joining: Flags
    has_whatsapp: Flags

    def __len__(self) -> int:
        return len(self.persona)


def draw_traits(rng: np.random.Generator, *, season: Season, scale: float) -> Traits:
    """Draw about 5,000 x ``scale`` customers; order rates are gamma, leaving rates gamma times goodwill."""
    size = max(20, round(CUSTOMERS * scale))
    persona = rng.choice(len(PERSONAS), size=size, p=[kind.share for kind in PERSONAS])
    plus = np.array([kind.plus for kind in PERSONAS])[persona]
    goodwill = rng.standard_normal(size)
    leaving = rng.gamma(LEAVING_SHAPE, WEEKLY_LEAVING / LEAVING_SHAPE, size)
    leaving *= truths.GOODWILL_LEAVING_FACTOR**goodwill * np.where(plus, truths.PLUS_LEAVING_FACTOR, 1.0)
    mean_orders = np.array([kind.weekly_orders for kind in PERSONAS])[persona]
    channel = rng.choice(len(CHANNELS), size=size, p=CHANNEL_SHARES)
    language = rng.choice(len(LANGUAGES), size=size, p=LANGUAGE_SHARES)
    joined, joined_week = _joining(rng, season=season, size=size)
    return Traits(
        persona=persona,
        plus=plus,
        reseller=np.array([kind.reseller for kind in PERSONAS])[persona],
        goodwill=goodwill,
        weekly_orders=mean_orders * rng.gamma(ORDER_SHAPE, 1 / ORDER_SHAPE, size),
        weekly_leaving=leaving.clip(0, 0.2),
        season_strength=np.array([kind.season_strength for kind in PERSONAS])[persona],
        contact_leaning=rng.lognormal(-0.42, 0.32, size) * np.where(plus, truths.PLUS_CONTACT_FACTOR, 1.0),
        language=language,
        town=_towns(rng, language=language),
        brand=(rng.random(size) < 0.19).astype(np.int64),
        channel=channel,
        banner=rng.integers(0, 2, size),
        taste=rng.random(size),
        joined=joined,
        joined_week=joined_week,
        buys_on_joining=rng.random(size) >= REGISTERED_WITHOUT_ORDER,
        has_whatsapp=(channel == CHANNELS.index("whatsapp")) | (rng.random(size) < 0.3),
    )


def _joining(rng: np.random.Generator, *, season: Season, size: int) -> tuple[Seconds, Seconds]:
    """A launch crowd in the first eight weeks, then steady growth that follows the season."""
    week = np.arange(WEEKS)
    weight = season.week_weight * (1 + week / WEEKS) + np.where(week < 8, 2.2, 0.0)
    weight[-1] *= 0.9
    weeks = np.sort(rng.choice(WEEKS, size=size, p=weight / weight.sum()))
    moments = shop_moments(rng, season, weeks)
    opening = season.begin + 12 * HOUR + rng.integers(0, 6 * HOUR, size)
    moments = np.maximum(moments, opening).clip(max=season.end - HOUR)
    order = np.argsort(moments, kind="stable")
    return moments[order], weeks[order]


def _towns(rng: np.random.Generator, *, language: Seconds) -> Seconds:
    towns = np.zeros(len(language), dtype=np.int64)
    for code, name in enumerate(LANGUAGES):
        weight = np.array([town.share.get(name, 0.0) for town in TOWNS])
        here = np.flatnonzero(language == code)
        towns[here] = rng.choice(len(TOWNS), size=len(here), p=weight / weight.sum())
    return towns


def customers(dice: Dice, traits: Traits) -> list[Customer]:
    """Return the visible customer records."""
    return [
        Customer(
            name=full_name(
                dice, language=LANGUAGES[traits.language[n]], country=TOWNS[traits.town[n]].country
            ),
            language=LANGUAGES[traits.language[n]],
            country=TOWNS[traits.town[n]].country,
            town=TOWNS[traits.town[n]].name,
            tier="plus" if traits.plus[n] else "standard",
            brand=int(traits.brand[n]),
            banner="acacia" if traits.banner[n] == 0 else "baobab",
            joined_at=as_datetime(traits.joined[n]),
        )
        for n in range(len(traits))
    ]


def hidden(traits: Traits, *, left: Seconds) -> list[CustomerTruth]:
    """Return what only the simulation knows; ``left`` is 0 for those who stayed."""
    return [
        CustomerTruth(
            persona=PERSONAS[traits.persona[n]].name,
            goodwill=round(float(traits.goodwill[n]), 4),
            weekly_orders=round(float(traits.weekly_orders[n]), 6),
            weekly_leaving=round(float(traits.weekly_leaving[n]), 6),
            left_at=as_datetime(left[n]) if left[n] else None,
        )
        for n in range(len(traits))
    ]


def first_visits(rng: np.random.Generator, traits: Traits, *, season: Season) -> Seconds:
    """Return when each customer was first seen, anonymously: up to ten days before joining."""
    before = rng.integers(2 * HOUR, 10 * DAY, len(traits))
    moments: Seconds = np.maximum(season.begin + HOUR, traits.joined - before)
    return moments
