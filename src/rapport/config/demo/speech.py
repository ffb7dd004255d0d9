"""Puts sentences together: one matter, one mood, one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rapport.config.demo.company import Channel
from rapport.config.demo.dice import Dice
from rapport.config.demo.season import DAY, HOUR, NAIROBI
from rapport.config.demo.wording import Lines, Mood, Wording, fitting
from rapport.config.demo.wording_en import ENGLISH
from rapport.config.demo.wording_es import SPANISH
from rapport.config.demo.wording_pt import PORTUGUESE
from rapport.config.demo.wording_sw import SWAHILI

WORDINGS = {wording.language: wording for wording in (ENGLISH, SWAHILI, SPANISH, PORTUGUESE)}
NOTES = {
    "delivery": (
        "Called the courier in {town}, they confirm.",
        "Warehouse says it goes out with the next run.",
        "Rider has the right phone number now.",
    ),
    "billing": (
        "Checked with finance, the amounts match.",
        "Statement seen, the customer is right.",
        "Asked Grace to approve it.",
    ),
    "product": (
        "Looked at the photos, the claim is fair.",
        "Third question about the {product} this month.",
        "Buyer has answered, see the mail.",
    ),
    "returns": (
        "Pick-up booked with the rider for {town}.",
        "Within 14 days, so it is free.",
        "Warehouse expects the {product}.",
    ),
    "account": ("Identity checked by call-back.", "Old number removed.", "No sign of misuse."),
}
ANYTIME_NOTES = (
    "Customer prefers calls in the evening.",
    "Friendly on the phone, no need to escalate.",
    "Has written before about something else.",
    "Please keep an eye on this one if I am off tomorrow.",
    "Voucher approved by the team lead.",
)
_ANGRY = {
    "billing.double_charge": 0.35,
    "billing.refund_missing": 0.45,
    "billing.payment_failed": 0.18,
    "product.defect": 0.2,
    "delivery.wrong_item": 0.25,
}
_CALM_MATTERS = ("product.question", "product.availability", "account.details", "billing.invoice")
_CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
_SHORTHAND = {
    "please": "pls",
    "you": "u",
    "thanks": "thx",
    "tafadhali": "tafadhal",
    "por favor": "porfa",
    "obrigado": "obg",
}


@dataclass(frozen=True, slots=True)
class Matter:
    """Everything about one conversation that its sentences need; ``slots`` fill the gaps in them."""

    wording: Wording
    channel: Channel
    reason: str
    kind: str
    mood: Mood
    warm: bool
    slots: Mapping[str, str]

    @property
    def topic(self) -> str:
        """The first part of the reason."""
        return self.reason.split(".")[0]

    @property
    def typed(self) -> bool:
        """Whether the customer types on a phone, quickly."""
        return self.channel in ("chat", "whatsapp")


class Speaker:
    """Chooses sentences and fills their slots."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice

    def subject(self, matter: Matter) -> str:
        """Return the subject line."""
        return self._fit(matter, matter.wording.subject)

    def opening(self, matter: Matter, *, brief: bool) -> list[str]:
        """Return what the customer writes first: one message, or two sent shortly one after the other."""
        dice, wording = self._dice, matter.wording
        if matter.typed and dice.chance(0.13):
            short = dice.pick(fitting(wording.brisk, reason=matter.reason, kind=matter.kind))
            messages = [short.format_map(matter.slots)]
            return messages if brief else [*messages, self._rough(matter, self._fit(matter, wording.cause))]
        parts = [self._fit(matter, wording.cause)]
        if dice.chance(0.85):
            parts.insert(0, self._line(matter, wording.hello[matter.mood]))
        detail = self._fit(matter, wording.detail)
        split = matter.typed and not brief and dice.chance(0.18)
        if not split and dice.chance(0.6):
            parts.append(detail)
        if dice.chance(0.75):
            parts.append(self._line(matter, wording.plea[matter.mood]))
        first = self._rough(matter, " ".join(parts))
        return [first, self._rough(matter, detail)] if split else [first]

    def question(self, matter: Matter) -> tuple[str, str]:
        """Return a question of the member and an answer that fits it."""
        asks = fitting(matter.wording.asks, reason=matter.reason, kind=matter.kind)
        question, answers = self._dice.pick(asks)
        return question, self._rough(matter, self._line(matter, answers))

    def first_reply(self, matter: Matter, *, at: int, question: str | None) -> str:
        """Return a member's first reply, with a promise."""
        dice, wording = self._dice, matter.wording
        parts = [self._line(matter, wording.greet)]
        if matter.warm or dice.chance(0.08):
            parts.append(self._line(matter, wording.warmth[matter.mood]))
        if dice.chance(0.75):
            parts.append(self._fit(matter, wording.regret))
        parts.append(self._fit(matter, wording.check, at=at))
        return " ".join([*parts, question] if question else parts)

    def outcome(self, matter: Matter, *, at: int) -> str:
        """Return how it was settled."""
        parts = [self._fit(matter, matter.wording.outcome, at=at)]
        if matter.channel == "email" or self._dice.chance(0.45):
            parts.append(self._line(matter, matter.wording.sign_off))
        return " ".join(parts)

    def thanks(self, matter: Matter) -> str:
        """Return the customer's last word."""
        return self._rough(matter, self._line(matter, matter.wording.thanks[matter.mood]))

    def again(self, matter: Matter) -> str:
        """Return why the customer comes back."""
        return self._rough(matter, self._fit(matter, matter.wording.again))

    def again_reply(self, matter: Matter) -> str:
        """Return the member's answer to a customer who came back."""
        return self._line(matter, matter.wording.again_reply)

    def note(self, matter: Matter) -> str:
        """Return a note among members."""
        return self._line(matter, NOTES[matter.topic] + ANYTIME_NOTES)

    def comment(self, matter: Matter, lines: Mapping[str, Lines]) -> str:
        """Return a survey comment on the matter."""
        return self._rough(matter, self._fit(matter, lines))

    def remark(self, matter: Matter, lines: Lines) -> str:
        """Return one of the lines, as a customer would type it."""
        return self._rough(matter, self._line(matter, lines))

    def code(self) -> str:
        """Return something that looks like a payment code."""
        return "T" + "".join(self._dice.pick(_CODE_LETTERS) for _ in range(9))

    def mood(self, reason: str, *, days_late: int) -> Mood:
        """Return how the customer feels on writing."""
        angry = min(0.1 + 0.07 * days_late, 0.8) if reason == "delivery.late" else _ANGRY.get(reason, 0.04)
        worried = 0.06 if reason in _CALM_MATTERS else 0.3
        chance = self._dice.uniform()
        if chance < angry:
            return "angry"
        return "worried" if chance < angry + worried else "calm"

    def _fit(self, matter: Matter, lines: Mapping[str, Lines], *, at: int | None = None) -> str:
        return self._line(matter, fitting(lines, reason=matter.reason, kind=matter.kind), at=at)

    def _line(self, matter: Matter, lines: Lines, *, at: int | None = None) -> str:
        slots = matter.slots
        if at is not None:
            slots = {**slots, "when": self._when(matter.wording, at=at)}
        text = self._dice.pick(lines).format_map(slots)
        return text[0].upper() + text[1:]

    def _when(self, wording: Wording, *, at: int) -> str:
        day, second = divmod(at + NAIROBI, DAY)
        hour = second // HOUR
        chance = self._dice.uniform()
        if hour < 16 and chance < 0.6:
            return wording.today.format(hour=f"{hour + 3}:00")
        hour = self._dice.pick((9, 10, 11, 12, 14, 16))
        if chance < 0.85:
            return wording.tomorrow.format(hour=f"{hour}:00")
        weekday = wording.weekdays[(day + 3 + 2) % 7]
        return wording.on_day.format(weekday=weekday, hour=f"{hour}:00")

    def _rough(self, matter: Matter, text: str) -> str:
        """Type it as people type on a phone, sometimes: lower case, shorthand, a slip."""
        if not matter.typed or not self._dice.chance(0.25):
            return text
        words = text.split(" ")
        at = self._dice.below(len(words))
        if words[at].isalpha() and len(words[at]) > 4:
            cut = 1 + self._dice.below(len(words[at]) - 2)
            words[at] = words[at][:cut] + words[at][cut + 1] + words[at][cut] + words[at][cut + 2 :]
        rough = " ".join(word if any(c.isdigit() for c in word) else word.lower() for word in words)
        for long, short in _SHORTHAND.items():
            if self._dice.chance(0.5):
                rough = rough.replace(f"{long} ", f"{short} ")
        return rough.rstrip(".") + ("??" if rough.endswith("?") and self._dice.chance(0.3) else "")


def amount_words(minor: int) -> str:
    """Return an amount as people write it: ``KES 2,450``."""
    return f"KES {minor // 100:,}"
