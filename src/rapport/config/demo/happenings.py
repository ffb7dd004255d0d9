"""The timeline: turns visits, orders and leavings into events."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rapport.config.demo.company import Channel, Customer, Event, Identity, Json
from rapport.config.demo.contacts import NUMBER
from rapport.config.demo.dice import Dice
from rapport.config.demo.goods import BRANDS, Line, Shelf
from rapport.config.demo.identities import Known
from rapport.config.demo.lives import Lives
from rapport.config.demo.orders import ORDER_CHANNELS
from rapport.config.demo.people import Traits
from rapport.config.demo.season import DAY, HOUR, MINUTE, Season, as_datetime, local_day
from rapport.config.demo.truths import ACCOUNT_CLOSING_SHARE
from rapport.config.demo.visits import Visits

MAILINGS = 24
MAIL_OPENED_SHARE = 0.24
RETURNED_OF_UNWANTED = 0.8
_FAILURES = ("insufficient funds", "request timed out", "wrong PIN")
_LANDINGS = ("/", "/", "/offers", "/new", "/c/kitchen", "/c/phones", "/c/fresh-box")


@dataclass(frozen=True, slots=True)
class Baskets:
    """What each order holds: its number, its lines and its amount in minor units."""

    numbers: list[str]
    lines: list[list[Line]]
    amounts: list[int]


@dataclass(slots=True)
class Diary:
    """Collects events up to the end of the simulation; later ones have not happened yet."""

    season: Season
    events: list[tuple[int, int, Event]]

    def write(
        self, kind: str, at: int, *, by: int, channel: Channel, brand: int, data: dict[str, Json]
    ) -> None:
        """Add one event unless it lies in the future."""
        if at < self.season.end:
            event = Event(kind, as_datetime(at), by, channel, brand, data)
            self.events.append((at, len(self.events), event))

    def in_order(self) -> list[Event]:
        """Return the events by time, ties in the order of writing."""
        return [event for _, _, event in sorted(self.events, key=lambda row: row[:2])]


def fill_baskets(dice: Dice, *, lives: Lives, traits: Traits, shelf: Shelf) -> Baskets:
    """Choose what is in each order; numbers follow the time of placing."""
    orders = lives.orders
    numbers = [""] * len(orders)
    for rank, position in enumerate(np.argsort(orders.placed, kind="stable")):
        prefix = "SF" if orders.brand[position] else "DW"
        numbers[position] = f"{prefix}-{100_001 + rank * 3}"
    lines = [
        shelf.basket(
            dice,
            brand=int(orders.brand[n]),
            taste=float(traits.taste[orders.customer[n]]),
            reseller=bool(traits.reseller[orders.customer[n]]),
        )
        for n in range(len(orders))
    ]
    return Baskets(numbers=numbers, lines=lines, amounts=[shelf.amount(basket) for basket in lines])


@dataclass(frozen=True, slots=True)
class Chronicle:
    """Writes every kind of event into one diary."""

    dice: Dice
    diary: Diary
    traits: Traits
    customers: list[Customer]
    identities: list[Identity]
    known: Known
    lives: Lives
    baskets: Baskets
    shelf: Shelf

    def tell(self, visits: Visits) -> list[Event]:
        """Return all events in order of time."""
        for n in range(len(visits.start)):
            self._visit(visits, n)
        refunds = self._refunds()
        for n in range(len(self.lives.orders)):
            self._order(n, refund=refunds.get(n))
        self._mailings()
        self._leavings()
        return self.diary.in_order()

    def buyer(self, customer: int) -> int:
        """Return the identity an order is placed with: the account, else the mail address, else the phone."""
        known = self.known
        for position in (known.user_id[customer], known.email[customer], known.phone[customer]):
            if position >= 0:
                return position
        return known.devices[customer][0]

    def _visit(self, visits: Visits, n: int) -> None:
        dice, order, at = self.dice, int(visits.order[n]), int(visits.start[n])
        customer, depth = int(visits.customer[n]), int(visits.depth[n])
        if customer >= 0:
            by = self._visitor(customer, at)
            brand, taste = int(self.traits.brand[customer]), float(self.traits.taste[customer])
            banner = self.customers[customer].banner
        else:
            by = self.known.strangers[int(visits.stranger[n])]
            brand, taste = int(dice.chance(0.2)), dice.uniform()
            banner = "acacia" if dice.chance(0.5) else "baobab"
        basket: list[Line] = []
        if order >= 0:
            brand, basket = int(self.lives.orders.brand[order]), self.baskets.lines[order]
        gap = (int(self.lives.orders.placed[order]) - at) // 7 if order >= 0 else 40 + dice.below(100)

        def step(kind: str, number: int, data: dict[str, Json]) -> None:
            jitter = dice.below(max(gap // 3, 1))
            self.diary.write(kind, at + number * gap + jitter, by=by, channel="web", brand=brand, data=data)

        path = dice.pick(_LANDINGS)
        self.diary.write(
            "page.viewed", at, by=by, channel="web", brand=brand, data={"path": path, "banner": banner}
        )
        if depth >= 2:
            looked = basket[0].product if basket else self.shelf.look_at(dice, brand=brand, taste=taste)
            step("product.viewed", 1, self._product(looked))
        if depth >= 3 and (order < 0 or dice.chance(0.6)):
            looked = basket[-1].product if basket else self.shelf.look_at(dice, brand=brand, taste=taste)
            step("product.viewed", 2, self._product(looked))
        if depth >= 4:
            items = sum(line.quantity for line in basket) if basket else 1 + dice.below(3)
            step("cart.updated", 3, {"items": items})
        if depth >= 5:
            step("checkout.started", 5, {"items": sum(line.quantity for line in basket) if basket else 1})

    def _visitor(self, customer: int, at: int) -> int:
        known = self.known
        account = known.user_id[customer]
        if account >= 0 and at >= self.traits.joined[customer] and self.dice.chance(0.45):
            return account
        moment = as_datetime(at)
        mine = [d for d in known.devices[customer] if self.identities[d].first_seen <= moment]
        return self.dice.pick(mine)

    def _product(self, number: int) -> dict[str, Json]:
        product = self.shelf.products[number]
        return {"sku": product.sku, "category": product.category, "price": product.price}

    def _order(self, n: int, *, refund: int | None) -> None:
        orders, dice = self.lives.orders, self.dice
        customer, brand, placed = int(orders.customer[n]), int(orders.brand[n]), int(orders.placed[n])
        channel: Channel = _channel(int(orders.channel[n]))
        by = self.buyer(customer)
        if channel == "whatsapp" and self.known.whatsapp[customer] >= 0:
            by = self.known.whatsapp[customer]
        elif channel == "whatsapp" or (channel == "phone" and self.known.phone[customer] < 0):
            channel = "store"
        elif channel == "phone":
            by = self.known.phone[customer]
        number, amount = self.baskets.numbers[n], self.baskets.amounts[n]
        promised, delivered = _date(int(orders.promised[n])), _date(int(orders.delivered[n]))
        items: list[Json] = [
            {
                "sku": self.shelf.products[sku].sku,
                "quantity": quantity,
                "price": self.shelf.products[sku].price,
            }
            for sku, quantity in self.baskets.lines[n]
        ]
        placed_data: dict[str, Json] = {
            "order": number,
            "items": items,
            "amount": amount,
            "currency": "KES",
            "promised": promised,
        }
        bill: dict[str, Json] = {"order": number, "amount": amount, "currency": "KES"}
        method = "card" if dice.chance(0.14) else "M-Pesa"
        write = self.diary.write
        write("order.placed", placed, by=by, channel=channel, brand=brand, data=placed_data)
        for attempt in range(int(orders.failures[n])):
            why = dice.pick(_FAILURES)
            failed = placed + 30 + attempt * ((int(orders.paid[n]) - placed - 30) // 2)
            write(
                "payment.failed",
                failed,
                by=by,
                channel=channel,
                brand=brand,
                data={**bill, "method": method, "why": why},
            )
        paid = int(orders.paid[n])
        write("payment.succeeded", paid, by=by, channel=channel, brand=brand, data={**bill, "method": method})
        told: Channel = "sms" if self.known.phone[customer] >= 0 else "email"
        hears = self.known.phone[customer] if told == "sms" else by
        dates: dict[str, Json] = {"order": number, "promised": promised}
        write("order.shipped", int(orders.shipped[n]), by=hears, channel=told, brand=brand, data=dates)
        arrived = int(orders.delivered[n])
        done: dict[str, Json] = {**dates, "delivered": delivered}
        write("order.delivered", arrived, by=hears, channel=told, brand=brand, data=done)
        if refund is not None:
            back = arrived + 3 * DAY + dice.below(5 * DAY)
            write("order.returned", back, by=by, channel=channel, brand=brand, data={"order": number})
            issued = max(refund, back + DAY + dice.below(5 * DAY))
            write("refund.issued", issued, by=hears, channel=told, brand=brand, data=dict(bill))

    def _refunds(self) -> dict[int, int]:
        """Return the returned orders and the earliest refund: never before a complaint is settled."""
        orders, contacts = self.lives.orders, self.lives.contacts
        unwanted = np.flatnonzero(orders.unwanted)
        refunds = {int(n): 0 for n in unwanted if self.dice.chance(RETURNED_OF_UNWANTED)}
        missing = contacts.reason == NUMBER["billing.refund_missing"]
        for n in np.flatnonzero(missing):
            settled = int(contacts.closed[n]) or self.diary.season.end
            refunds[int(contacts.order[n])] = settled
        return dict(sorted(refunds.items()))

    def _mailings(self) -> None:
        season, dice = self.diary.season, self.dice
        for mailing in range(MAILINGS):
            sent = season.begin + (mailing * 30 + 9) * DAY + 10 * HOUR
            week = (sent - season.begin) // (7 * DAY)
            name = as_datetime(sent).strftime("news %Y-%m")
            for n in np.flatnonzero(self.lives.active[:, week] & (self.traits.joined < sent)):
                if self.known.email[n] >= 0 and dice.chance(MAIL_OPENED_SHARE):
                    at = sent + MINUTE + int(dice.uniform() ** 2 * 3 * DAY)
                    brand = int(self.traits.brand[n])
                    data: dict[str, Json] = {"mailing": f"{name} {BRANDS[brand].key}"}
                    by = self.known.email[n]
                    self.diary.write("mail.opened", at, by=by, channel="email", brand=brand, data=data)

    def _leavings(self) -> None:
        left = self.lives.left
        for n in np.flatnonzero(left):
            if self.dice.chance(ACCOUNT_CLOSING_SHARE):
                self.diary.write(
                    "account.closed",
                    int(left[n]),
                    by=self.buyer(int(n)),
                    channel="web",
                    brand=int(self.traits.brand[n]),
                    data={},
                )


def _channel(number: int) -> Channel:
    channels: dict[str, Channel] = {"web": "web", "whatsapp": "whatsapp", "phone": "phone", "store": "store"}
    return channels[ORDER_CHANNELS[number]]


def _date(moment: int) -> str:
    return str(local_day(np.array([moment])).astype("datetime64[D]")[0])
