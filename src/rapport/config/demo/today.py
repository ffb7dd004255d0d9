"""What is on the desk right now: some matters of the last days, as if they had come up in the last hours.

The simulation ends at midnight. Somebody who opens the inbox later that day should find people who wrote a
moment ago, some that nobody has taken yet, and promises about to break.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from rapport.config.demo.company import Company, Conversation, Entry, Promise
from rapport.config.demo.contacts import REPLY_LIMIT, STILL_WAITING
from rapport.config.demo.people import CHANNELS
from rapport.config.demo.season import MINUTE, after_staffed, as_datetime

#: How far back the matters are taken from, and one of how many: the days before must not look empty.
TAKEN_FROM = timedelta(days=14)
AT_MOST_ONE_IN = 4
BETWEEN_MESSAGES = timedelta(seconds=25)
#: The desk's own chats can be answered by a newcomer without setting up anything.
CHANNEL = "chat"


@dataclass(frozen=True, slots=True)
class Scene:
    """One matter, in minutes before now. With ``due_in`` it is opened so that its promise is due then."""

    opened: int = 0
    due_in: int = 0
    replied: int = 0
    written_again: int = 0
    taken: bool = True


SCENES = (
    Scene(due_in=7, taken=False),
    Scene(opened=3, taken=False),
    Scene(opened=41, replied=20, written_again=6),
    Scene(due_in=15),
    Scene(opened=8, taken=False),
    Scene(opened=75, taken=False),
    Scene(opened=29, replied=12),
    Scene(opened=14, taken=False),
    Scene(opened=95, replied=60, written_again=33),
    Scene(opened=21),
    Scene(opened=140, replied=110),
    Scene(opened=34, taken=False),
    Scene(opened=190, replied=150, written_again=17),
    Scene(opened=260, replied=215),
)


def first_reply_due(at: datetime, channel: str) -> datetime:
    """When the first reply to a message is due: so much staffed time after it, by its channel.

    A channel without a promise of its own, the phone, gets the longest.
    """
    limit = int(REPLY_LIMIT[CHANNELS.index(channel)]) or int(REPLY_LIMIT.max())
    return _after_staffed(at, limit * MINUTE)


def brought_up_to(company: Company, *, until: datetime) -> tuple[Company, frozenset[int]]:
    """The company with some of its latest conversations moved to the hours before ``until``, and which.

    Positions stay; moved conversations are cut to how far they are, so answers about them have not been
    given. A small company has fewer of them.
    """
    moved = dict(zip(_candidates(company), SCENES, strict=False))
    conversations = list(company.conversations)
    for position, scene in moved.items():
        conversations[position] = _played(conversations[position], scene, until=until)
    return replace(company, conversations=conversations), frozenset(moved)


def _candidates(company: Company) -> Sequence[int]:
    """Chats of different customers whose matter can still be open, spread over the days before the end."""
    delivered = {str(event.data["order"]) for event in company.events if event.kind == "order.delivered"}
    since = company.ends_at - TAKEN_FROM
    found: dict[int, int] = {}
    for position, row in enumerate(company.conversations):
        settled_by_itself = row.reason in STILL_WAITING and row.order in delivered
        replied = row.first_reply_at is not None and row.member is not None
        if row.opened_at >= since and row.channel == CHANNEL and replied and not settled_by_itself:
            found[row.customer] = position
    positions = sorted(found.values())
    return positions[:: max(AT_MOST_ONE_IN, len(positions) // len(SCENES))]


def _played(conversation: Conversation, scene: Scene, *, until: datetime) -> Conversation:
    said = [entry for entry in conversation.entries if entry.kind == "message"]
    first_reply = next(n for n, entry in enumerate(said) if entry.direction == "out")
    opened = _opened(scene, until=until)
    due = first_reply_due(opened, conversation.channel)
    # Nobody answers at night, whatever the scene says.
    replied = _after_staffed(until, -scene.replied * MINUTE) if scene.replied else None
    if replied is not None and replied <= opened + 2 * BETWEEN_MESSAGES:
        replied = None
    entries = _asked(said[:first_reply], opened, until=until)
    entries.append(_routed(conversation, scene, replied or entries[-1].at))
    if replied is not None:
        entries.append(replace(said[first_reply], at=replied))
        answer = next((entry for entry in said[first_reply:] if entry.direction == "in"), None)
        again = until - timedelta(minutes=scene.written_again)
        if scene.written_again and answer is not None and again > replied:
            entries.append(replace(answer, at=again))
    return replace(
        conversation,
        opened_at=opened,
        member=conversation.member if scene.taken else None,
        status="open" if entries[-1].direction != "out" else "waiting",
        promise=Promise(opened, due, replied, _kept(replied, due, until=until)),
        first_reply_at=replied,
        closed_at=(),
        reopened_at=(),
        resolved_at=None,
        entries=tuple(entries),
    )


def _opened(scene: Scene, *, until: datetime) -> datetime:
    if not scene.due_in:
        return until - timedelta(minutes=scene.opened)
    limit = int(REPLY_LIMIT[CHANNELS.index(CHANNEL)])
    return _after_staffed(until + timedelta(minutes=scene.due_in), -limit * MINUTE)


def _asked(said: Sequence[Entry], opened: datetime, *, until: datetime) -> list[Entry]:
    asked = [replace(entry, at=opened + n * BETWEEN_MESSAGES) for n, entry in enumerate(said)]
    return [entry for entry in asked if entry.at < until]


def _routed(conversation: Conversation, scene: Scene, at: datetime) -> Entry:
    """The line by which the matter got to its team; its words are the simulation's own."""
    change = next(entry for entry in conversation.entries if entry.kind == "change")
    text = change.text if scene.taken else change.text.split(",")[0]
    return replace(change, at=at, text=text)


def _kept(replied: datetime | None, due: datetime, *, until: datetime) -> bool | None:
    if replied is None:
        return None if due >= until else False
    return replied <= due


def _after_staffed(at: datetime, seconds: int) -> datetime:
    moment = after_staffed(np.array([int(at.timestamp())]), np.array([seconds]))
    return as_datetime(int(moment[0]))
