"""Turns the desk's arrays into conversations: who says what and when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rapport.config.demo import truths
from rapport.config.demo.company import (
    Author,
    Channel,
    Conversation,
    Customer,
    Direction,
    Entry,
    EntryKind,
    Member,
    Promise,
)
from rapport.config.demo.contacts import REASONS
from rapport.config.demo.dice import Dice
from rapport.config.demo.goods import BRANDS, Shelf
from rapport.config.demo.happenings import Baskets
from rapport.config.demo.identities import Known
from rapport.config.demo.lives import Lives
from rapport.config.demo.people import CHANNELS, Traits
from rapport.config.demo.season import DAY, NAIROBI, Season, as_datetime, between_staffed, local_weekday
from rapport.config.demo.speech import WORDINGS, Matter, Speaker, amount_words
from rapport.config.demo.staff import TEAMS, Rota

FIRST_NUMBER = 1001
ASSIGNED_WITHOUT_REPLY = 0.4
_CHANNELS: dict[str, Channel] = {"chat": "chat", "whatsapp": "whatsapp", "email": "email", "phone": "phone"}


@dataclass(slots=True)
class Log:
    """Collects the entries of one conversation that lie before the end of the simulation."""

    end: int
    entries: list[Entry]

    def change(self, at: int, text: str) -> None:
        """Add what the system did."""
        self._add("change", at, text, way="inside", author="system", member=None)

    def customer(self, at: int, text: str) -> None:
        """Add a customer's message."""
        self._add("message", at, text, way="in", author="customer", member=None)

    def member(self, at: int, text: str, *, member: int) -> None:
        """Add a member's message."""
        self._add("message", at, text, way="out", author="member", member=member)

    def note(self, at: int, text: str, *, member: int, way: Direction = "inside") -> None:
        """Add a member's note; on the phone it carries what the customer said."""
        self._add("note", at, text, way=way, author="member", member=member)

    def latest(self, opened: int) -> int:
        """Return the second of the last entry so far, or of opening."""
        return int(self.entries[-1].at.timestamp()) if self.entries else opened

    def _add(
        self, kind: EntryKind, at: int, text: str, *, way: Direction, author: Author, member: int | None
    ) -> None:
        if at < self.end:
            self.entries.append(Entry(kind, way, author, member, as_datetime(at), text))


@dataclass(frozen=True, slots=True)
class Scribe:
    """Writes all conversations of a company."""

    dice: Dice
    season: Season
    traits: Traits
    customers: list[Customer]
    known: Known
    lives: Lives
    baskets: Baskets
    shelf: Shelf
    staff: list[Member]

    def write(self) -> tuple[list[Conversation], list[Matter]]:
        """Return the conversations in the order of opening, and what each is about for later comments."""
        contacts = self.lives.contacts
        rota, speaker = Rota(self.staff), Speaker(self.dice)
        weekdays = local_weekday(np.where(contacts.replied > 0, contacts.replied, contacts.opened)).tolist()
        written, matters = [], []
        for n in range(len(contacts)):
            language = self.customers[int(contacts.customer[n])].language
            team = int(contacts.team[n])
            member = rota.taker(self.dice, team=team, language=language, weekday=weekdays[n])
            matter = self._matter(n, speaker, member)
            matters.append(matter)
            written.append(self._conversation(n, speaker, matter, member=member))
        return written, matters

    def _matter(self, n: int, speaker: Speaker, member: int) -> Matter:
        contacts = self.lives.contacts
        customer, order = int(contacts.customer[n]), int(contacts.order[n])
        person, brand = self.customers[customer], self._brand(n)
        reason = REASONS[int(contacts.reason[n])].key
        slots = {
            "name": person.name.split()[0],
            "agent": self.staff[member].name.split()[0],
            "brand": BRANDS[brand].name,
            "town": person.town,
        }
        late = 0
        if order >= 0:
            product = self.baskets.lines[order][0].product
            late = int(self.lives.orders.days_late[order])
            slots |= self._order_slots(order, opened=int(contacts.opened[n]), language=person.language)
            slots["code"] = speaker.code()
        else:
            product = self.shelf.look_at(self.dice, brand=brand, taste=float(self.traits.taste[customer]))
        slots["product"] = self.shelf.products[product].name
        return Matter(
            wording=WORDINGS[person.language],
            channel=_CHANNELS[CHANNELS[int(contacts.channel[n])]],
            reason=reason,
            kind=self.shelf.products[product].kind,
            mood=speaker.mood(reason, days_late=late),
            warm=self.staff[member].name == truths.WARM_MEMBER,
            slots=slots,
        )

    def _order_slots(self, order: int, *, opened: int, language: str) -> dict[str, str]:
        promised = int(self.lives.orders.promised[order])
        day = as_datetime(promised + NAIROBI)
        waiting = max(1, (opened + NAIROBI) // DAY - (promised + NAIROBI) // DAY)
        return {
            "order": self.baskets.numbers[order],
            "amount": amount_words(self.baskets.amounts[order]),
            "promised": f"{day.day}/{day.month}",
            "days": WORDINGS[language].days(waiting),
        }

    def _brand(self, n: int) -> int:
        order = int(self.lives.contacts.order[n])
        if order >= 0:
            return int(self.lives.orders.brand[order])
        return int(self.traits.brand[int(self.lives.contacts.customer[n])])

    def _conversation(self, n: int, speaker: Speaker, matter: Matter, *, member: int) -> Conversation:
        contacts = self.lives.contacts
        customer, opened, replied = (
            int(c[n]) for c in (contacts.customer, contacts.opened, contacts.replied)
        )
        closed, reopened = int(contacts.closed[n]), int(contacts.reopened[n])
        closings = [moment for moment in (int(contacts.first_closed[n]) if reopened else 0, closed) if moment]
        taker = member if replied or self.dice.chance(ASSIGNED_WITHOUT_REPLY) else None
        entries = self._entries(n, speaker, matter, member=member, assigned=taker is not None)
        waiting = entries[-1].direction == "out" and self.dice.chance(0.7)
        return Conversation(
            number=FIRST_NUMBER + n,
            customer=customer,
            identity=self._identity(customer, matter.channel),
            brand=self._brand(n),
            channel=matter.channel,
            reason=matter.reason,
            subject=speaker.subject(matter),
            language=matter.wording.language,
            order=matter.slots.get("order"),
            opened_at=as_datetime(opened),
            team=int(contacts.team[n]),
            member=taker,
            status="resolved" if closed else "waiting" if waiting else "open",
            promise=self._promise(n),
            first_reply_at=as_datetime(replied) if replied else None,
            closed_at=tuple(as_datetime(moment) for moment in closings),
            reopened_at=(as_datetime(reopened),) if reopened else (),
            resolved_at=as_datetime(closed) if closed else None,
            entries=tuple(entries),
        )

    def _identity(self, customer: int, channel: Channel) -> int:
        known = self.known
        device = known.devices[customer][0]
        account = known.user_id[customer] if self.dice.chance(0.6) else device
        own = {
            "whatsapp": known.whatsapp[customer],
            "email": known.email[customer],
            "phone": known.phone[customer],
        }
        wanted = own.get(channel, account)
        return wanted if wanted >= 0 else device

    def _promise(self, n: int) -> Promise | None:
        contacts = self.lives.contacts
        due, replied = int(contacts.due[n]), int(contacts.replied[n])
        if not due:
            return None
        still_open = not replied and due >= self.season.end
        return Promise(
            made_at=as_datetime(contacts.opened[n]),
            due_at=as_datetime(due),
            settled_at=as_datetime(replied) if replied else None,
            kept=None if still_open else bool(contacts.kept[n]),
        )

    def _entries(
        self, n: int, speaker: Speaker, matter: Matter, *, member: int, assigned: bool
    ) -> list[Entry]:
        contacts = self.lives.contacts
        opened, replied, closed = (int(c[n]) for c in (contacts.opened, contacts.replied, contacts.closed))
        first, again = int(contacts.first_closed[n]), int(contacts.reopened[n])
        log = Log(self.season.end, [])
        self._ask(log, speaker, matter, opened=opened, replied=replied, brief=bool(again), member=member)
        team = TEAMS[int(contacts.team[n])].name
        taken = (
            f"Routed to {team}, assigned to {self.staff[member].name}" if assigned else f"Routed to {team}"
        )
        log.change(replied or log.latest(opened), taken)
        if replied:
            settled = first or closed
            self._treat(
                log, speaker, matter, replied=replied, settled=settled, brief=bool(again), member=member
            )
        if again:
            log.customer(again, speaker.again(matter))
        if again and closed:
            log.member(between_staffed(again, closed, share=0.8), speaker.again_reply(matter), member=member)
            log.change(closed, "Resolved again")
        return log.entries

    def _ask(
        self,
        log: Log,
        speaker: Speaker,
        matter: Matter,
        *,
        opened: int,
        replied: int,
        brief: bool,
        member: int,
    ) -> None:
        messages = speaker.opening(matter, brief=brief)
        if matter.channel == "phone":
            log.note(opened, f"Phone call: {messages[0]}", member=member, way="in")
            return
        pause = min(70, (replied - opened) // 2) if replied else 70
        for number, message in enumerate(messages):
            log.customer(opened + number * pause, message)

    def _treat(
        self,
        log: Log,
        speaker: Speaker,
        matter: Matter,
        *,
        replied: int,
        settled: int,
        brief: bool,
        member: int,
    ) -> None:
        dice = self.dice
        end = settled or self.season.end
        asks = dice.chance(0.5)
        question, answer = speaker.question(matter)
        log.member(
            replied,
            speaker.first_reply(matter, at=replied, question=question if asks else None),
            member=member,
        )
        if asks and (settled or dice.chance(0.5)):
            log.customer(between_staffed(replied, end, share=0.3), answer)
        if not brief and dice.chance(0.3):
            log.note(between_staffed(replied, end, share=0.5), speaker.note(matter), member=member)
        if not settled:
            return
        told = between_staffed(replied, settled, share=0.85)
        log.member(told, speaker.outcome(matter, at=told), member=member)
        if not brief and dice.chance(0.6):
            log.customer(between_staffed(replied, settled, share=0.95), speaker.thanks(matter))
        log.change(settled, "Resolved")
