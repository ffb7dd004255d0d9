"""What a language must be able to say, and the slots its sentences may use.

Slots: ``name`` (first name), ``agent``, ``brand``, ``product``, ``town``, ``when`` (a promise); for reasons
about an order also ``order``, ``amount``, ``days`` (how late, with its unit), ``promised`` (a date) and
``code`` (a payment code). A missing slot is an error, never a gap in the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

Mood = Literal["calm", "worried", "angry"]
Band = Literal["low", "middle", "high"]
T = TypeVar("T")
Lines = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """One language's sentences.

    The keys of sentences about a matter go from special to general: reason and kind of goods
    (``product.defect/food``), reason (``product.defect``), topic (``product``). ``asks`` pairs a question
    with answers that fit it.
    """

    language: str
    weekdays: Lines
    today: str
    tomorrow: str
    on_day: str
    one_day: str
    many_days: str
    subject: Mapping[str, Lines]
    hello: Mapping[Mood, Lines]
    cause: Mapping[str, Lines]
    detail: Mapping[str, Lines]
    plea: Mapping[Mood, Lines]
    brisk: Mapping[str, Lines]
    greet: Lines
    warmth: Mapping[Mood, Lines]
    regret: Mapping[str, Lines]
    check: Mapping[str, Lines]
    asks: Mapping[str, tuple[tuple[str, Lines], ...]]
    outcome: Mapping[str, Lines]
    sign_off: Lines
    thanks: Mapping[Mood, Lines]
    again: Mapping[str, Lines]
    again_reply: Lines
    comment: Mapping[Band, Mapping[str, Lines]]
    recommend: Mapping[Band, Lines]

    def days(self, count: int) -> str:
        """Return a number of days with its unit."""
        return (self.one_day if count == 1 else self.many_days).format(count=count)


def fitting(lines: Mapping[str, T], *, reason: str, kind: str) -> T:
    """Return the most special entry for a reason and a kind of goods; ``KeyError`` when there is none."""
    for key in (f"{reason}/{kind}", reason):
        if key in lines:
            return lines[key]
    return lines[reason.split(".")[0]]
