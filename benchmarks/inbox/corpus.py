"""A believable desk of any size, written by COPY: the same seed gives the same rows, whatever the day.

Two years of one shop: customers who come back unevenly, matters that mostly get settled, some 1.5 % still
open. Ages hang on the moment of the run, because open matters must be days old and not years.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

import orjson
import psycopg
from psycopg import sql

SEED = 20261122
CHUNK = 5_000
YEARS = 2
THREAD_SIZES = (10, 200)

CHANNELS = (("chat", 50), ("email", 24), ("whatsapp", 20), ("phone", 6))
STATUSES = (("open", 15), ("waiting", 25), ("snoozed", 4), ("resolved", 956))
FIRST = (
    "Wambui", "Achieng", "Juma", "Neema", "Baraka", "Halima", "Kamau", "Zainab", "Mwangi", "Grace",
    "Omondi", "Fatuma", "Peter", "Mary", "Rashid",
)  # fmt: skip
LAST = (
    "Njeri", "Otieno", "Hassan", "Kiprono", "Mushi", "Abdi", "Mutua", "Wanjala", "Ochieng", "Kariuki",
    "Maina", "Chebet", "Ali", "Nyambura",
)  # fmt: skip
WORDS = (
    "hello", "where", "is", "my", "order", "it", "said", "tuesday", "and", "today", "friday", "please",
    "check", "the", "delivery", "to", "nakuru", "rider", "called", "but", "nobody", "came", "can", "I",
    "pay", "with", "mpesa", "again", "refund", "has", "not", "come", "yet", "thank", "you", "so", "much",
    "box", "was", "open", "one", "cup", "broken", "how", "do", "send", "back", "what", "does", "cost",
    "am", "still", "waiting",
)  # fmt: skip


@dataclass(slots=True)
class Rows:
    """Rows of one chunk, per table, in the order in which they may be written."""

    tables: dict[str, list[tuple[object, ...]]] = field(default_factory=dict)

    def add(self, table: str, *values: object) -> None:
        self.tables.setdefault(table, []).append(values)


@dataclass(frozen=True, slots=True)
class Person:
    identity: uuid.UUID
    customer: uuid.UUID


@dataclass(frozen=True, slots=True)
class Place:
    """Where the rows go: made by the product's own actions before."""

    workspace: uuid.UUID
    brand: uuid.UUID
    account: uuid.UUID
    survey: uuid.UUID
    score_question: uuid.UUID
    members: tuple[tuple[uuid.UUID, str], ...]
    teams: tuple[uuid.UUID, ...]


COLUMNS = {
    "customers_customer": "id workspace_id name language country town met_at",
    "customers_identity": "id workspace_id namespace value level evidence first_seen_at last_seen_at",
    "customers_binding": "id workspace_id identity_id customer_id valid_from valid_to evidence bound_at",
    "desk_conversation": "id workspace_id number brand_id identity_id channel subject reason language status "
    "priority assignee_id team_id opened_at resolved_at snoozed_until waiting_since next_deadline_at "
    "first_replied_at last_entry_at last_seq last_preview last_author_kind last_customer_seq",
    "desk_leg": "id workspace_id conversation_id account_id channel identity_id started_at",
    "desk_entry": "id workspace_id conversation_id leg_id seq kind direction author_kind author_id author_name "
    "text change language at dedupe_key",
    "desk_delivery": "id workspace_id entry_id identity_id state reason changed_at",
    "desk_assignment": "id workspace_id conversation_id member_id team_id by_kind by_id at",
    "desk_closure": "id workspace_id conversation_id by_kind by_id member_id team_id at reopened_at reopened_by_kind",
    "desk_promise": "id workspace_id conversation_id identity_id kind text made_at due_at outcome settled_at "
    "fulfilled_at",
    "desk_readmark": "id workspace_id conversation_id member_id seq",
    "feedback_invitation": "id workspace_id survey_id identity_id occasion subject_kind subject_id channel "
    "language member_id team_id asked_at expires_at",
    "feedback_response": "id workspace_id invitation_id survey_id identity_id subject_kind subject_id member_id "
    "team_id channel score answered_at",
    "feedback_answer": "id workspace_id response_id question_id number text at",
    "timeline_event": "workspace_id kind at actor_kind actor_id identity_id channel subject_kind subject_id data "
    "news",
}


class Corpus:
    """Generates the rows. ``numbers_of_size`` names one conversation of each of ``THREAD_SIZES`` entries."""

    def __init__(self, place: Place, *, conversations: int) -> None:
        self._place = place
        self._conversations = conversations
        self._draw = random.Random(SEED)
        self._now = datetime.now(UTC)
        self._ids = count(1)
        self._people: list[Person] = []
        self.numbers_of_size: dict[int, int] = {}

    def first_moment(self) -> datetime:
        return self._now - timedelta(days=366 * YEARS)

    def chunks(self) -> Iterator[Rows]:
        yield self._everybody()
        # Numbers rise with age of the matter, as in life: the newest has the highest.
        ages = sorted((self._status_and_age() for _ in range(self._conversations)), key=lambda one: -one[1])
        rows = Rows()
        for number, (status, age) in enumerate(ages, start=1):
            self._conversation(rows, number, status, self._now - timedelta(hours=age))
            if number % CHUNK == 0:
                yield rows
                rows = Rows()
        yield rows

    def _status_and_age(self) -> tuple[str, float]:
        status = self._draw.choices([name for name, _ in STATUSES], [weight for _, weight in STATUSES])[0]
        hours = {"open": 30.0, "waiting": 90.0, "snoozed": 120.0}.get(status)
        if hours is None:
            return status, self._draw.uniform(1, 24 * 365 * YEARS)
        return status, min(self._draw.expovariate(1 / hours), 24 * 300) + 0.2

    def _everybody(self) -> Rows:
        rows = Rows()
        workspace, met = self._place.workspace, self.first_moment()
        for index in range(max(200, self._conversations // 5)):
            customer = self._id()
            name = (
                f"{self._draw.choice(FIRST)} {self._draw.choice(LAST)}" if self._draw.random() < 0.9 else ""
            )
            town = self._draw.choice(("Nairobi", "Nakuru", "Mombasa", "Kisumu"))
            language = self._draw.choice(("en", "sw"))
            rows.add("customers_customer", customer, workspace, name, language, "KE", town, met)
            for namespace, value in self._names_of(index):
                identity = self._id()
                rows.add("customers_identity", identity, workspace, namespace, value, 1, "bench", met, met)
                rows.add(
                    "customers_binding", self._id(), workspace, identity, customer, met, None, "bench", met
                )
                self._people.append(Person(identity, customer))
                self._orders(rows, identity)
        return rows

    def _names_of(self, index: int) -> list[tuple[str, str]]:
        names = [("anonymous_id", f"visitor-{index:06d}"), ("email", f"somebody{index}@example.com")]
        if self._draw.random() < 0.5:
            names.append(("phone", f"+2547{index:08d}"))
        return names[self._draw.randrange(2) :]

    def _orders(self, rows: Rows, identity: uuid.UUID) -> None:
        for _ in range(self._draw.choice((0, 0, 1, 2, 5))):
            at = self._now - timedelta(hours=self._draw.uniform(1, 24 * 365 * YEARS))
            order = {"amount_minor": self._draw.randrange(20_000, 900_000), "currency": "KES"}
            self._event(
                rows,
                "order.placed",
                at,
                ("customer", identity),
                identity,
                order,
                subject=("order", self._id()),
            )

    def _conversation(self, rows: Rows, number: int, status: str, opened: datetime) -> None:
        place, draw = self._place, self._draw
        # The square makes some people come often and most hardly ever.
        person = self._people[int(draw.random() ** 2 * len(self._people))]
        channel = draw.choices([name for name, _ in CHANNELS], [weight for _, weight in CHANNELS])[0]
        conversation, leg = self._id(), self._id()
        member, name = draw.choice(place.members)
        team = draw.choice(place.teams)
        has_owner = status != "open" or draw.random() < 0.6
        size = self._size(number, status)
        talk = self._talk(size, status, opened)
        last_at, asked = talk[-1][0], [seq for seq, (_, ours) in enumerate(talk, 1) if not ours]
        replied = next((at for at, ours in talk if ours), None)
        resolved = last_at + timedelta(minutes=5) if status == "resolved" else None
        due = opened + timedelta(minutes=30)
        last_seq = size + (1 if resolved else 0)
        words = [self._words() for _ in talk]
        rows.add(
            "desk_conversation", conversation, place.workspace, number, place.brand, person.identity, channel,
            words[0][:80], "", "en", status, draw.choices((0, 1, 2, 3), (5, 85, 8, 2))[0],
            member if has_owner else None, team if has_owner or draw.random() < 0.5 else None, opened, resolved,
            self._now + timedelta(hours=draw.uniform(1, 72)) if status == "snoozed" else None,
            talk[asked[-1] - 1][0] if status == "open" else None,
            due if status == "open" and replied is None else None,
            replied, last_at, last_seq, words[-1][:160], "member" if talk[-1][1] else "customer", asked[-1],
        )  # fmt: skip
        account = place.account if channel == "chat" else None
        rows.add("desk_leg", leg, place.workspace, conversation, account, channel, person.identity, opened)
        subject = ("conversation", conversation)
        self._event(rows, "conversation.opened", opened, ("customer", person.identity), person.identity,
                    {"number": number, "subject": words[0][:80]}, subject=subject, channel=channel)  # fmt: skip
        for seq, ((at, ours), text) in enumerate(zip(talk, words, strict=True), start=1):
            entry = self._id()
            author = ("member", member, name) if ours else ("customer", person.identity, "")
            rows.add(
                "desk_entry", entry, place.workspace, conversation, leg, seq, "message", "out" if ours else "in",
                *author, text, None, "en", at, f"bench:{entry}",
            )  # fmt: skip
            if ours:
                rows.add("desk_delivery", self._id(), place.workspace, entry, person.identity, "read", "", at)
            self._event(
                rows, "message.sent" if ours else "message.received", at, author[:2], person.identity,
                {"number": number, "entry": str(entry), "entry_seq": seq, "preview": text[:160]},
                subject=subject, channel=channel,
            )  # fmt: skip
        self._promise(rows, conversation, person.identity, opened, due, replied)
        if has_owner:
            rows.add(
                "desk_assignment",
                self._id(),
                place.workspace,
                conversation,
                member,
                team,
                "member",
                member,
                opened,
            )
            read = last_seq if draw.random() < 0.8 else 0
            rows.add("desk_readmark", self._id(), place.workspace, conversation, member, read)
        if resolved:
            self._settled(rows, conversation, person, number, member, team, channel, last_seq, resolved)

    def _size(self, number: int, status: str) -> int:
        """Messages in a conversation: four on average, few with many; the named sizes once each."""
        for size in THREAD_SIZES:
            if size not in self.numbers_of_size and status == "waiting":
                self.numbers_of_size[size] = number
                return size
        return min(1 + int(self._draw.expovariate(1 / 3.5)), 60)

    def _talk(self, size: int, status: str, opened: datetime) -> list[tuple[datetime, bool]]:
        """When each message was written and whether by us; open matters end with the customer's words."""
        at, talk = opened, [(opened, False)]
        room = (self._now - opened) * 0.9 / max(size, 1)
        for _ in range(size - 1):
            at += min(timedelta(minutes=self._draw.expovariate(1 / 25)), room)
            talk.append((at, self._draw.random() < 0.5))
        if size > 1:
            talk[-1] = (at, status != "open")
        return talk

    def _promise(
        self,
        rows: Rows,
        conversation: uuid.UUID,
        identity: uuid.UUID,
        opened: datetime,
        due: datetime,
        replied: datetime | None,
    ) -> None:
        late = due < self._now
        outcome = ("kept" if replied <= due else "broken") if replied else ("broken" if late else "open")
        settled = None if outcome == "open" else (replied if outcome == "kept" else due)
        rows.add(
            "desk_promise", self._id(), self._place.workspace, conversation, identity, "first_reply", "",
            opened, due, outcome, settled, replied,
        )  # fmt: skip

    def _settled(
        self,
        rows: Rows,
        conversation: uuid.UUID,
        person: Person,
        number: int,
        member: uuid.UUID,
        team: uuid.UUID,
        channel: str,
        seq: int,
        at: datetime,
    ) -> None:
        place = self._place
        rows.add(
            "desk_entry", self._id(), place.workspace, conversation, None, seq, "change", "inside", "member",
            member, "", "", orjson.dumps({"what": "resolved"}).decode(), "", at, None,
        )  # fmt: skip
        rows.add(
            "desk_closure",
            self._id(),
            place.workspace,
            conversation,
            "member",
            member,
            member,
            team,
            at,
            None,
            "",
        )
        self._event(rows, "conversation.resolved", at, ("member", member), person.identity,
                    {"number": number}, subject=("conversation", conversation), channel=channel)  # fmt: skip
        if self._draw.random() < 0.2:
            self._scored(rows, conversation, person, member, team, channel, at)

    def _scored(
        self,
        rows: Rows,
        conversation: uuid.UUID,
        person: Person,
        member: uuid.UUID,
        team: uuid.UUID,
        channel: str,
        at: datetime,
    ) -> None:
        place, invitation, response = self._place, self._id(), self._id()
        rows.add(
            "feedback_invitation", invitation, place.workspace, place.survey, person.identity,
            f"conversation:{conversation}:1", "conversation", conversation, channel, "en", member, team, at,
            at + timedelta(days=7),
        )  # fmt: skip
        score = self._draw.choices((1, 2, 3, 4, 5), (6, 5, 10, 30, 49))[0]
        rows.add(
            "feedback_response", response, place.workspace, invitation, place.survey, person.identity,
            "conversation", conversation, member, team, channel, score, at + timedelta(hours=1),
        )  # fmt: skip
        rows.add(
            "feedback_answer", self._id(), place.workspace, response, place.score_question, score, "",
            at + timedelta(hours=1),
        )  # fmt: skip

    def _event(
        self,
        rows: Rows,
        kind: str,
        at: datetime,
        actor: tuple[object, ...],
        identity: uuid.UUID,
        data: dict[str, object],
        *,
        subject: tuple[str, uuid.UUID],
        channel: str = "",
    ) -> None:
        rows.add(
            "timeline_event", self._place.workspace, kind, at, *actor, identity, channel, *subject,
            orjson.dumps(data).decode(), False,
        )  # fmt: skip

    def _words(self) -> str:
        return " ".join(self._draw.choices(WORDS, k=4 + int(self._draw.expovariate(1 / 14))))

    def _id(self) -> uuid.UUID:
        """Ordered like the product's own ids, so that indexes grow as they do in life."""
        return uuid.UUID(int=0x019A_0000_0000_7000_8000_0000_0000_0000 + next(self._ids))


def write(address: str, corpus: Corpus) -> dict[str, int]:
    """COPY the corpus, gather the planner's statistics; the number of rows per table."""
    written: dict[str, int] = {}
    with psycopg.connect(address) as connection:
        for rows in corpus.chunks():
            for table, columns in COLUMNS.items():
                values = rows.tables.get(table, [])
                if values:
                    _copy(connection, table, columns.split(), values)
                    written[table] = written.get(table, 0) + len(values)
            connection.commit()
        connection.execute(
            "INSERT INTO desk_conversationnumber (workspace_id, last)"
            " SELECT workspace_id, max(number) FROM desk_conversation GROUP BY 1"
        )
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return written


def _copy(
    connection: psycopg.Connection[tuple[object, ...]],
    table: str,
    columns: list[str],
    values: list[tuple[object, ...]],
) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor().copy(statement) as copy:
        for row in values:
            copy.write_row(row)
