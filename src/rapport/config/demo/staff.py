"""Teams, members, and who takes a conversation."""

from __future__ import annotations

from collections.abc import Sequence

from rapport.config.demo import truths
from rapport.config.demo.company import Member, Role, Team
from rapport.config.demo.dice import Dice

CARE, BILLING, DELIVERY = 0, 1, 2
TEAMS = [
    Team(key="care", name="Care", department="Customer care"),
    Team(key="billing", name="Billing", department="Finance"),
    Team(key="delivery", name="Delivery", department="Logistics"),
]


def members() -> list[Member]:
    """Return the people who work at the company, the owner first."""
    office = (0, 1, 2, 3, 4)
    return [
        _member("Wanjiru Kariuki", role="owner", languages=("en", "sw"), team=None, days=office),
        _member("Daniel Mutiso", role="admin", languages=("en", "sw"), team=None, days=office),
        _member("Amina Hassan", role="lead", languages=("en", "sw"), team=CARE, days=office),
        _member("Otieno Odhiambo", role="agent", languages=("en", "sw"), team=CARE, days=(0, 1, 2, 5, 6)),
        _member(truths.WARM_MEMBER, role="agent", languages=("en", "sw"), team=CARE, days=(1, 2, 3, 4, 5)),
        _member("Halima Yusuf", role="agent", languages=("en", "sw"), team=CARE, days=(0, 3, 4, 5, 6)),
        _member("Brian Mwangi", role="agent", languages=("en", "sw"), team=CARE, days=(0, 1, 4, 5, 6)),
        _member(
            "Lucía Fernández", role="agent", languages=("es", "pt", "en"), team=CARE, days=(0, 1, 2, 3, 6)
        ),
        _member("Grace Achieng", role="lead", languages=("en", "sw"), team=BILLING, days=office),
        _member("Mercy Wambui", role="agent", languages=("en", "sw"), team=BILLING, days=(0, 1, 2, 3, 5)),
        _member("Kevin Kimani", role="agent", languages=("en", "sw"), team=BILLING, days=(2, 3, 4, 5, 6)),
        _member(
            "Nuno Macuácua", role="agent", languages=("pt", "es", "en"), team=BILLING, days=(0, 2, 4, 5, 6)
        ),
        _member("Joseph Kiplagat", role="lead", languages=("en", "sw"), team=DELIVERY, days=office),
        _member("Samuel Barasa", role="agent", languages=("en", "sw"), team=DELIVERY, days=(0, 1, 2, 5, 6)),
        _member("Fatuma Ali", role="agent", languages=("sw", "en"), team=DELIVERY, days=(1, 2, 3, 4, 6)),
        _member(
            "Peter Musyoka", role="agent", languages=("en", "sw", "pt"), team=DELIVERY, days=(0, 3, 4, 5, 6)
        ),
        _member("Zawadi Njoroge", role="analyst", languages=("en", "sw", "pt"), team=None, days=office),
        _member("Thomas Lindqvist", role="viewer", languages=("en",), team=None, days=office),
    ]


def _member(
    name: str, *, role: Role, languages: tuple[str, ...], team: int | None, days: tuple[int, ...]
) -> Member:
    local = name.split()[0].lower().replace("í", "i")
    email = f"{local}@duka-la-wanjiru.example"
    return Member(name=name, email=email, role=role, languages=languages, team=team, working_days=days)


class Rota:
    """Spreads conversations at random over the agents who speak the language and work that day."""

    def __init__(self, staff: Sequence[Member]) -> None:
        self._staff = staff
        self._agents = [number for number, member in enumerate(staff) if member.role in ("agent", "lead")]
        self._known: dict[tuple[int, str, int], list[int]] = {}

    def taker(self, dice: Dice, *, team: int, language: str, weekday: int) -> int:
        """Return the member who takes it: of the team if anybody there can, else of any team."""
        key = (team, language, weekday)
        if key not in self._known:
            self._known[key] = self._able(team=team, language=language, weekday=weekday)
        return dice.pick(self._known[key])

    def _able(self, *, team: int, language: str, weekday: int) -> list[int]:
        speakers = [n for n in self._agents if language in self._staff[n].languages]
        present = [n for n in speakers if weekday in self._staff[n].working_days]
        return [n for n in present if self._staff[n].team == team] or present or speakers
