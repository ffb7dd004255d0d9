"""Puts the parts together: people, lives, events, words, opinions, in that order."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from rapport.config.demo import goods, people, truths
from rapport.config.demo.company import Company
from rapport.config.demo.contacts import REASONS
from rapport.config.demo.dice import Dice, streams
from rapport.config.demo.happenings import Chronicle, Diary, fill_baskets
from rapport.config.demo.identities import identities
from rapport.config.demo.lives import live
from rapport.config.demo.opinions import Pollster
from rapport.config.demo.season import as_datetime, season_ending
from rapport.config.demo.staff import TEAMS, members
from rapport.config.demo.surveys import SURVEYS
from rapport.config.demo.talk import Scribe
from rapport.config.demo.visits import draw_visits


def simulate(*, seed: int = 7, until: datetime, scale: float = 1.0) -> Company:
    """Make up two years of a Kenyan online shop; the same arguments give the same company, byte for byte.

    The 104 weeks end at the last Nairobi midnight not after ``until``; nothing happens after that.
    ``scale`` multiplies the number of customers (5,000 at 1.0) and with it everything else.

    Raises ``ValueError`` when ``until`` carries no time zone or ``scale`` is not above zero.
    """
    if not scale > 0:
        raise ValueError("The scale of the simulation must be above zero; 1.0 means about 5,000 customers.")
    season = season_ending(until)
    rng = streams(seed)
    traits = people.draw_traits(rng["people"], season=season, scale=scale)
    lives = live(rng["lives"], season=season, traits=traits, scale=scale)
    first_visit = people.first_visits(rng["visits"], traits, season=season)

    dice = Dice(rng["baskets"])
    customers = people.customers(dice, traits)
    rows, known = identities(
        dice,
        season=season,
        customers=customers,
        traits=traits,
        first_visit=first_visit,
        orders=lives.orders,
        contacts=lives.contacts,
        scale=scale,
    )
    shelf = goods.Shelf(goods.catalogue())
    baskets = fill_baskets(dice, lives=lives, traits=traits, shelf=shelf)
    strangers = np.array([int(rows[n].first_seen.timestamp()) for n in known.strangers], dtype=np.int64)
    visits = draw_visits(
        rng["visits"], season=season, traits=traits, lives=lives, first_visit=first_visit, strangers=strangers
    )
    chronicle = Chronicle(dice, Diary(season, []), traits, customers, rows, known, lives, baskets, shelf)
    events = chronicle.tell(visits)

    staff = members()
    scribe = Scribe(Dice(rng["words"]), season, traits, customers, known, lives, baskets, shelf, staff)
    conversations, matters = scribe.write()
    pollster = Pollster(
        rng["opinions"],
        Dice(rng["comments"]),
        season,
        traits,
        customers,
        known,
        lives,
        baskets,
        shelf,
        staff,
        conversations,
        matters,
    )
    invitations, responses = pollster.ask()
    ends_at = as_datetime(season.end)
    return Company(
        begins_at=as_datetime(season.begin),
        ends_at=ends_at,
        brands=list(goods.BRANDS),
        teams=list(TEAMS),
        members=staff,
        products=shelf.products,
        reasons=list(REASONS),
        surveys=list(SURVEYS),
        customers=customers,
        customer_truths=people.hidden(traits, left=lives.left),
        identities=rows,
        events=events,
        conversations=conversations,
        invitations=invitations,
        responses=responses,
        truths=truths.planted(ends_at=ends_at),
    )
