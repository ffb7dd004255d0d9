"""Two to six ways to recognise each customer, and visitors who never became known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rapport.config.demo.company import Customer, Evidence, Identity, Namespace
from rapport.config.demo.contacts import Contacts
from rapport.config.demo.dice import Dice
from rapport.config.demo.names import plain
from rapport.config.demo.orders import ORDER_CHANNELS, Orders
from rapport.config.demo.people import CHANNELS, Traits
from rapport.config.demo.season import DAY, HOUR, Season, Seconds, as_datetime

VISITORS_NEVER_KNOWN = 3_500
MOST = 6
MAIL_DOMAINS = ("posta.example", "barua.example", "mail.example", "kazi.example", "correo.example")
# Dialling code and first digits of mobile numbers, then how many digits follow; plans of each country.
_MOBILES: dict[str, list[tuple[str, int]]] = {
    "KE": [
        *[(f"+2547{digit}", 7) for digit in (0, 1, 2, 2, 2, 4, 5, 9)],
        *[(f"+25411{digit}", 6) for digit in range(4)],
    ],
    "UG": [("+25670", 7), ("+25677", 7)],
    "TZ": [("+25575", 7)],
    "MZ": [("+25884", 7), ("+25882", 7)],
    "GQ": [("+240222", 6), ("+240555", 6)],
}


@dataclass(frozen=True, slots=True)
class Known:
    """Positions in the list of identities, per customer; -1 where there is none."""

    devices: list[list[int]]
    email: list[int]
    phone: list[int]
    user_id: list[int]
    whatsapp: list[int]
    strangers: list[int]


def identities(
    dice: Dice,
    *,
    season: Season,
    customers: list[Customer],
    traits: Traits,
    first_visit: Seconds,
    orders: Orders,
    contacts: Contacts,
    scale: float,
) -> tuple[list[Identity], Known]:
    """Return all identities and where to find each customer's."""
    size = len(customers)
    rows: list[Identity] = []
    taken: set[str] = set()
    whatsapp_from = _whatsapp_since(traits, orders=orders, contacts=contacts)
    known = Known([[] for _ in range(size)], [-1] * size, [-1] * size, [-1] * size, [-1] * size, [])

    def add(
        owner: int | None, namespace: Namespace, value: str, level: int, seen: int, evidence: Evidence
    ) -> int:
        rows.append(Identity(owner, namespace, value, level, as_datetime(seen), evidence))
        return len(rows) - 1

    for n, customer in enumerate(customers):
        joined = int(traits.joined[n])
        life = max(season.end - joined, DAY)
        known.devices[n].append(
            add(n, "anonymous_id", _fresh(dice, taken), 0, int(first_visit[n]), "asserted")
        )
        has_phone = dice.chance(0.93)
        has_account = dice.chance(0.7)
        if not has_phone or dice.chance(0.9):
            level = 2 if has_account else 1
            known.email[n] = add(n, "email", _email(dice, customer.name, taken), level, joined, "asserted")
        if has_phone or traits.has_whatsapp[n]:
            number = _phone(dice, customer.country, taken)
            known.phone[n] = add(n, "phone", number, 2, joined, "order")
            if traits.has_whatsapp[n]:
                own = number if dice.chance(0.85) else _phone(dice, customer.country, taken)
                seen = int(min(whatsapp_from[n], joined + dice.uniform() * life))
                known.whatsapp[n] = add(n, "whatsapp", own.lstrip("+"), 1, seen, "chat")
        if has_account:
            known.user_id[n] = add(n, "user_id", f"u{100_000 + n}", 3, joined, "login")
        for chance in (0.42, 0.12):
            have = _count(known, n)
            if have < MOST and dice.chance(chance):
                seen = joined + int(dice.uniform() * life * 0.9)
                device = add(n, "anonymous_id", _fresh(dice, taken), 0, seen, "asserted")
                known.devices[n].append(device)
    for _ in range(round(VISITORS_NEVER_KNOWN * scale)):
        seen = season.begin + int(dice.uniform() ** 0.8 * (season.length - 2 * HOUR))
        known.strangers.append(add(None, "anonymous_id", _fresh(dice, taken), 0, seen, "asserted"))
    return rows, known


def _count(known: Known, n: int) -> int:
    others = (known.email[n], known.phone[n], known.user_id[n], known.whatsapp[n])
    return len(known.devices[n]) + sum(position >= 0 for position in others)


def _whatsapp_since(traits: Traits, *, orders: Orders, contacts: Contacts) -> Seconds:
    since = np.full(len(traits), np.iinfo(np.int64).max)
    wrote = contacts.channel == CHANNELS.index("whatsapp")
    np.minimum.at(since, contacts.customer[wrote], contacts.opened[wrote])
    bought = orders.channel == ORDER_CHANNELS.index("whatsapp")
    np.minimum.at(since, orders.customer[bought], orders.placed[bought])
    return since


def _fresh(dice: Dice, taken: set[str]) -> str:
    while True:
        value = f"a{dice.below(1 << 48):012x}"
        if value not in taken:
            taken.add(value)
            return value


def _email(dice: Dice, name: str, taken: set[str]) -> str:
    local = plain(name)
    if dice.chance(0.35):
        local = local.replace(".", "")
    if dice.chance(0.3):
        local += str(70 + dice.below(35))[-2:]
    domain = dice.pick(MAIL_DOMAINS)
    value, attempt = f"{local}@{domain}", 1
    while value in taken:
        attempt += 1
        value = f"{local}{attempt}@{domain}"
    taken.add(value)
    return value


def _phone(dice: Dice, country: str, taken: set[str]) -> str:
    while True:
        prefix, digits = dice.pick(_MOBILES[country])
        value = prefix + str(dice.below(10**digits)).zfill(digits)
        if value not in taken:
            taken.add(value)
            return value
