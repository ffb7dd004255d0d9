"""All conversations of the company, in the order of their numbers."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from rapport.config.demo.company import Company, Conversation, Entry
from rapport.config.demo.loading.house import House
from rapport.config.demo.loading.ids import DEMO_ID
from rapport.config.demo.loading.matters import CHAT, Author, Ink, Matter, member_author
from rapport.config.demo.loading.people import People
from rapport.config.demo.talk import FIRST_NUMBER


@dataclass(frozen=True, slots=True)
class Settled:
    """What a survey about a conversation keeps of it."""

    id: uuid.UUID
    closures: int
    member: uuid.UUID | None
    team: uuid.UUID | None


def hold(company: Company, ink: Ink, house: House, people: People) -> list[Settled]:
    """Add all conversations; returns what surveys need of each, by position."""
    held: dict[int, Settled] = {}
    in_order = sorted(
        range(len(company.conversations)), key=lambda n: (company.conversations[n].opened_at, n)
    )
    for number, position in enumerate(in_order, start=FIRST_NUMBER):
        conversation = company.conversations[position]
        matter = _began(conversation, ink, house, people, number=number)
        for entry in conversation.entries:
            _tell(matter, entry, house)
        matter.write()
        held[position] = Settled(matter.id, len(matter.closures), matter.assignee, matter.team)
    if in_order:
        ink.rows.add("desk_conversationnumber", DEMO_ID, FIRST_NUMBER + len(in_order) - 1)
    return [held[position] for position in range(len(held))]


def _began(conversation: Conversation, ink: Ink, house: House, people: People, *, number: int) -> Matter:
    # Only chats have a way in that is set up. The others could reach numbers of real people some day.
    account = house.chats[conversation.brand] if conversation.channel == CHAT else None
    return Matter(
        ink=ink,
        source=conversation,
        number=number,
        brand_id=house.brands[conversation.brand],
        identity_id=people.identities[conversation.identity],
        account_id=account,
        id=ink.ids.at(conversation.opened_at),
        leg_id=ink.ids.at(conversation.opened_at),
    )


def _tell(matter: Matter, entry: Entry, house: House) -> None:
    if entry.kind == "change":
        _change(matter, entry, house)
    elif entry.member is None:
        matter.receive(entry.at, entry.text)
    elif entry.kind == "message":
        matter.reply(_author(entry.member, house), entry.at, entry.text)
    elif matter.last_seq == 0:
        matter.log_call(_author(entry.member, house), entry.at, entry.text)
    else:
        matter.note(_author(entry.member, house), entry.at, entry.text)


def _change(matter: Matter, entry: Entry, house: House) -> None:
    """The simulation has two kinds of changes: routed (to a team, to a member) and resolved."""
    conversation = matter.source
    if entry.text.startswith("Resolved") and conversation.member is not None:
        matter.resolve(_author(conversation.member, house), entry.at)
        return
    position = conversation.member
    member = None if position is None else (house.members[position], house.member_names[position])
    team = (house.teams[conversation.team], house.team_names[conversation.team])
    matter.assign(entry.at, member=member, team=team)


def _author(position: int, house: House) -> Author:
    return member_author(house.members[position], house.member_names[position])
