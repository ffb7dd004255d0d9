"""Writing imported conversations by COPY, each chunk in one transaction, each conversation and entry once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import connection, transaction

from rapport.customers.bulk import recognise_many
from rapport.desk import events
from rapport.desk.importing.matters import CUSTOMER, Matter, Turn
from rapport.desk.models import ChannelAccount, Conversation, Entry
from rapport.desk.rules import preview
from rapport.kernel.actors import Actor, ActorKind
from rapport.kernel.ids import new_id
from rapport.kernel.log import Record
from rapport.timeline.importing.drafts import (
    EVIDENCE,
    Draft,
    append_by_month,
    event_keys,
    keys_there,
    record_of,
    subject_key,
)
from rapport.timeline.importing.report import Report
from rapport.timeline.importing.tally import Tally


@dataclass(frozen=True, slots=True)
class _Placed:
    """A matter with its ids; ``fresh`` are the turns not there yet, with their dedupe keys."""

    matter: Matter
    id: uuid.UUID
    fresh: list[tuple[str, Turn]]
    activities: list[tuple[str, Draft]]


@dataclass(frozen=True, slots=True)
class _Home:
    """Where the turns of a matter go: a conversation that was there before, or the one made for it."""

    number: int
    last_seq: int
    leg_id: uuid.UUID | None
    identity_id: uuid.UUID


class ConversationWriter:
    """Writes chunks of matters. Use one per file and give it every matter once."""

    def __init__(self, actor: Actor, *, source: str, account: ChannelAccount, report: Report) -> None:
        self._actor = actor
        self._source = source
        self._account = account
        self._report = report
        self._tally = Tally()

    def write(self, matters: Sequence[Matter]) -> None:
        """Write a chunk and bring the report up to date. Raises ``django.db.Error``: then nothing is in."""
        placed = self._place(matters)
        news = self._news(placed)
        made: dict[str, int] = {}
        written: list[_Placed] = []
        if news:
            with transaction.atomic():
                written, made = self._write(news)
        self._report.made.update(made)
        new_rows = {turn.row.line for one in written for _, turn in one.fresh}
        all_rows = {turn.row.line for matter in matters for turn in matter.turns}
        self._report.taken += len(new_rows)
        self._report.there += len(all_rows - new_rows)

    def _place(self, matters: Sequence[Matter]) -> list[_Placed]:
        told = [turn.activity for matter in matters for turn in matter.turns if turn.activity is not None]
        keyed = iter(event_keys(told, source=self._source, tally=self._tally))
        return [
            _Placed(
                matter,
                subject_key(
                    self._actor.workspace_id, source=self._source, kind="conversation", external=matter.key
                ),
                list(zip(matter.entry_keys(self._source), matter.turns, strict=True)),
                [next(keyed) for turn in matter.turns if turn.activity is not None],
            )
            for matter in matters
        ]

    def _news(self, placed: Sequence[_Placed]) -> list[_Placed]:
        """What is not there yet: matters with the turns that are new."""
        keys = [key for one in placed for key, _ in one.fresh]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT dedupe_key FROM desk_entry WHERE workspace_id = %s AND dedupe_key = ANY(%s)",
                [self._actor.workspace_id, keys],
            )
            there = {row[0] for row in cursor.fetchall()}
        found = []
        for one in placed:
            fresh = [(key, turn) for key, turn in one.fresh if key not in there]
            if fresh:
                found.append(_Placed(one.matter, one.id, fresh, one.activities))
        return found

    def _write(self, news: list[_Placed]) -> tuple[list[_Placed], dict[str, int]]:
        people = recognise_many(self._actor, [one.matter.person for one in news], evidence=EVIDENCE)
        identities = {one.id: who.identity_id for one, who in zip(news, people, strict=True)}
        self._lock_numbers()
        # Asked again behind the lock: another import of this file may have been quicker.
        still = self._news(news)
        homes = self._known([one.id for one in still])
        known = [one for one in still if one.id in homes]
        opened = [one for one in still if one.id not in homes]
        opened.sort(key=lambda one: (one.matter.opened_at, one.matter.key))
        for one, number in zip(opened, self._take_numbers(len(opened)), strict=True):
            homes[one.id] = _Home(number, 0, new_id(), identities[one.id])
        self._copy_conversations(opened, homes)
        records = [record for one in opened for record in self._frame(one, homes[one.id])]
        records += self._copy_entries(still, homes)
        self._continue(known, homes)
        records += self._activities(still, homes)
        made = {
            "conversations": len(opened),
            "entries": sum(len(one.fresh) for one in still),
            "customers": sum(who.is_new for who in people),
            "events": append_by_month(records),
        }
        return still, made

    def _lock_numbers(self) -> None:
        """One import at a time gives numbers; live conversations wait for the chunk to end."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO desk_conversationnumber (workspace_id, last) VALUES (%s, 0)"
                " ON CONFLICT (workspace_id) DO UPDATE SET last = desk_conversationnumber.last",
                [self._actor.workspace_id],
            )

    def _known(self, ids: list[uuid.UUID]) -> dict[uuid.UUID, _Home]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.id, c.number, c.last_seq, l.id, c.identity_id FROM desk_conversation c"
                " LEFT JOIN desk_leg l ON l.conversation_id = c.id AND l.account_id = %s"
                " WHERE c.workspace_id = %s AND c.id = ANY(%s) ORDER BY c.id FOR NO KEY UPDATE OF c",
                [self._account.pk, self._actor.workspace_id, ids],
            )
            return {row[0]: _Home(*row[1:]) for row in cursor.fetchall()}

    def _take_numbers(self, count: int) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE desk_conversationnumber SET last = last + %s WHERE workspace_id = %s RETURNING last",
                [count, self._actor.workspace_id],
            )
            last = int(cursor.fetchone()[0])
        return list(range(last - count + 1, last + 1))

    def _copy_conversations(self, opened: Sequence[_Placed], homes: Mapping[uuid.UUID, _Home]) -> None:
        workspace, account = self._actor.workspace_id, self._account
        conversations, legs, closures = [], [], []
        for one in opened:
            matter, home = one.matter, homes[one.id]
            resolved_at = matter.ended_at if matter.is_resolved else None
            about = (
                matter.title(),
                matter.reason,
                matter.language,
                matter.status,
                Conversation.Priority.NORMAL,
            )
            times = (matter.opened_at, resolved_at, matter.waiting_since(), matter.first_replied_at())
            summary = _summary([turn for _, turn in one.fresh], 1)
            conversations.append(
                (
                    *(one.id, workspace, home.number, account.brand_id, home.identity_id, account.kind),
                    *about,
                    *times,
                    *summary,
                )
            )
            legs.append(
                (home.leg_id, workspace, one.id, account.pk, account.kind, home.identity_id, matter.opened_at)
            )
            if resolved_at is not None:
                closures.append((new_id(), workspace, one.id, ActorKind.SYSTEM.value, resolved_at, ""))
        _copy(_CONVERSATION_COLUMNS, conversations)
        _copy(_LEG_COLUMNS, legs)
        _copy(_CLOSURE_COLUMNS, closures)

    def _copy_entries(self, placed: Sequence[_Placed], homes: Mapping[uuid.UUID, _Home]) -> list[Record]:
        """Write the turns, and tell of each message what the log has to know."""
        rows, records = [], []
        for one in placed:
            home = homes[one.id]
            for seq, (key, turn) in enumerate(one.fresh, start=home.last_seq + 1):
                entry = new_id()
                is_message = turn.kind == Entry.Kind.MESSAGE
                rows.append(
                    (
                        *(entry, self._actor.workspace_id, one.id, home.leg_id if is_message else None, seq),
                        *(turn.kind, turn.direction, turn.author_kind),
                        *(
                            home.identity_id if turn.author_kind == CUSTOMER else None,
                            turn.author_name,
                            turn.text,
                        ),
                        *(
                            None if turn.change is None else orjson.dumps(turn.change).decode(),
                            "",
                            turn.at,
                            key,
                        ),
                    )
                )
                if is_message:
                    received = turn.direction == Entry.Direction.IN
                    kind = events.MESSAGE_RECEIVED if received else events.MESSAGE_SENT
                    told = {"entry": str(entry), "entry_seq": seq, "preview": preview(turn.text)}
                    records.append(
                        self._record(one, home, kind=kind, turn=turn, data=told, key=f"{key}:event")
                    )
        _copy(_ENTRY_COLUMNS, rows)
        return records

    def _continue(self, known: Sequence[_Placed], homes: Mapping[uuid.UUID, _Home]) -> None:
        """Conversations that were there got further entries: bring their summaries up to date."""
        with connection.cursor() as cursor:
            for one in known:
                turns = [turn for _, turn in one.fresh]
                at, last, words, author, seq = _summary(turns, homes[one.id].last_seq + 1)
                cursor.execute(_CONTINUE, [last, seq, words, at, words, author, at, author, at, one.id])

    def _frame(self, one: _Placed, home: _Home) -> list[Record]:
        """That the conversation began and, if so, was settled."""
        matter = one.matter
        key = f"import:{self._source}:conversation:{matter.key}"
        first, last = matter.turns[0], matter.turns[-1]
        began = {"subject": matter.title()}
        records = [
            self._record(
                one, home, kind=events.CONVERSATION_OPENED, turn=first, data=began, key=f"{key}:opened"
            )
        ]
        if matter.is_resolved:
            ended = {"member": "", "team": "", "language": matter.language, "closures": 1}
            records.append(
                self._record(
                    one, home, kind=events.CONVERSATION_RESOLVED, turn=last, data=ended, key=f"{key}:resolved"
                )
            )
        return records

    def _record(
        self, one: _Placed, home: _Home, *, kind: str, turn: Turn, data: dict[str, Any], key: str
    ) -> Record:
        by_customer = turn.author_kind == CUSTOMER and kind != events.CONVERSATION_RESOLVED
        return Record(
            workspace_id=self._actor.workspace_id,
            kind=kind,
            at=turn.at,
            actor_kind=(ActorKind.CUSTOMER if by_customer else ActorKind.SYSTEM).value,
            actor_id=home.identity_id if by_customer else None,
            identity_id=home.identity_id,
            channel=self._account.kind,
            subject_kind="conversation",
            subject_id=one.id,
            data={"number": home.number, **data, "imported": True},
            dedupe_key=key,
        )

    def _activities(self, placed: Sequence[_Placed], homes: Mapping[uuid.UUID, _Home]) -> list[Record]:
        """The activities as events, unless the same file was brought in as events before."""
        told = [(one, key, draft) for one in placed for key, draft in one.activities]
        there = keys_there(self._actor.workspace_id, [key for _, key, _ in told])
        return [
            record_of(
                self._actor,
                draft,
                key=key,
                identity_id=homes[one.id].identity_id,
                subject=("conversation", one.id),
            )
            for one, key, draft in told
            if key not in there
        ]


_CONVERSATION_COLUMNS = (
    "desk_conversation (id, workspace_id, number, brand_id, identity_id, channel, subject, reason, language,"
    " status, priority, opened_at, resolved_at, waiting_since, first_replied_at, last_entry_at, last_seq,"
    " last_preview, last_author_kind, last_customer_seq)"
)
_ENTRY_COLUMNS = (
    "desk_entry (id, workspace_id, conversation_id, leg_id, seq, kind, direction, author_kind, author_id,"
    " author_name, text, change, language, at, dedupe_key)"
)
_LEG_COLUMNS = "desk_leg (id, workspace_id, conversation_id, account_id, channel, identity_id, started_at)"
_CLOSURE_COLUMNS = "desk_closure (id, workspace_id, conversation_id, by_kind, at, reopened_by_kind)"
# An imported entry may be older than what was said in Rapport since; then the summary stays.
_CONTINUE = """
UPDATE desk_conversation SET
  last_seq = %s,
  last_customer_seq = GREATEST(last_customer_seq, %s),
  last_preview = CASE WHEN %s <> '' AND %s >= last_entry_at THEN %s ELSE last_preview END,
  last_author_kind = CASE WHEN %s <> '' AND %s >= last_entry_at THEN %s ELSE last_author_kind END,
  last_entry_at = GREATEST(last_entry_at, %s)
WHERE id = %s
"""


def _summary(turns: Sequence[Turn], first_seq: int) -> tuple[Any, int, str, str, int]:
    """What a conversation repeats of its entries: moment of the last, its seq, words, author, customer's seq.

    As the desk does it, changes do not count as movement, unless there is nothing else.
    """
    said = [turn for turn in turns if turn.kind != Entry.Kind.CHANGE] or list(turns)
    message = next((turn for turn in reversed(turns) if turn.kind == Entry.Kind.MESSAGE), None)
    customer = [
        seq for seq, turn in enumerate(turns, start=first_seq) if turn.direction == Entry.Direction.IN
    ]
    return (
        said[-1].at,
        first_seq + len(turns) - 1,
        preview(message.text) if message else "",
        message.author_kind if message else "",
        customer[-1] if customer else 0,
    )


def _copy(target: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
