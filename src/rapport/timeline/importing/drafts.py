"""Events on their way in, and writing them: whole chunks, each once."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from rapport.customers.bulk import Somebody, recognise_many
from rapport.kernel.actors import Actor, ActorKind
from rapport.kernel.ids import name_id
from rapport.kernel.log import Record
from rapport.timeline import events, store
from rapport.timeline.importing.files import Row
from rapport.timeline.importing.report import Report
from rapport.timeline.importing.tally import Tally, digest

EVIDENCE = "import"
#: What customers themselves do; of everything else a file does not say who did it.
CUSTOMER_ACTS = frozenset(
    {
        events.PAGE_VIEWED,
        events.PRODUCT_VIEWED,
        events.CART_UPDATED,
        events.CHECKOUT_STARTED,
        events.ORDER_PLACED,
        events.MAIL_OPENED,
    }
)


@dataclass(frozen=True, slots=True)
class Draft:
    """An event as some rows of a file tell it. ``own_id`` is what the file calls it, or empty.

    ``subject_id`` is the id under which the file knows what it is about; see ``subject_key``.
    """

    rows: tuple[Row, ...]
    kind: str
    at: datetime
    person: Somebody | None
    channel: str = ""
    subject_kind: str = ""
    subject_id: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    own_id: str = ""

    def content(self) -> bytes:
        """Equal for rows that say the same, however they are written."""
        marks = [(mark.namespace, mark.value) for mark in self.person.marks] if self.person else []
        about = [self.subject_kind, self.subject_id]
        return digest(self.kind, self.at.isoformat(), marks, self.channel, about, self.data)


def subject_key(workspace_id: uuid.UUID, *, source: str, kind: str, external: str) -> uuid.UUID:
    """The id we give to something another system numbered, such as a case: the same at every import.

    Never the number itself, which could be the id of something in another workspace.
    """
    family = "case" if kind == "conversation" else kind
    return name_id(workspace_id, f"import:{source}:{family}:{external}")


class EventWriter:
    """Writes chunks of drafts, each in one transaction; what is there already stays as it is."""

    def __init__(
        self, actor: Actor, *, source: str, report: Report, refuse: Callable[[Row, str], None]
    ) -> None:
        self._actor = actor
        self._source = source
        self._report = report
        self._refuse = refuse
        self._tally = Tally()

    def write(self, drafts: Sequence[Draft]) -> None:
        """Write a chunk and bring the report up to date. Raises ``django.db.Error``: then nothing is in."""
        keyed = event_keys(drafts, source=self._source, tally=self._tally)
        fresh, changed = self._news(keyed)
        written, customers = self._write(fresh) if fresh else ({}, 0)
        self._report.made["events"] += len(written)
        self._report.made["customers"] += customers
        for key, draft in keyed:
            if written.get(key) is draft:
                self._report.taken += len(draft.rows)
            elif key in changed or (key in written and written[key].content() != draft.content()):
                for row in draft.rows:
                    self._refuse(row, f"“{draft.own_id[:60]}” is already there and says something else")
            else:
                self._report.there += len(draft.rows)

    def _write(self, fresh: list[tuple[str, Draft]]) -> tuple[dict[str, Draft], int]:
        with transaction.atomic():
            people = [(key, draft.person) for key, draft in fresh if draft.person is not None]
            found = recognise_many(self._actor, [person for _, person in people], evidence=EVIDENCE)
            identities = {key: who.identity_id for (key, _), who in zip(people, found, strict=True)}
            # Asked again, now that the identities are locked: another import of this file may have been
            # quicker, and then the report must not count its rows as ours.
            still, _ = self._news(fresh)
            append_by_month([self._record(key, draft, identities.get(key)) for key, draft in still])
            self._remember_contents(still)
            return dict(still), sum(who.is_new for who in found)

    def _news(self, keyed: list[tuple[str, Draft]]) -> tuple[list[tuple[str, Draft]], set[str]]:
        """Those not there yet, and the keys of those that are there with another content."""
        wanted = [key for key, _ in keyed] + [
            _content_key(key, draft) for key, draft in keyed if draft.own_id
        ]
        there = keys_there(self._actor.workspace_id, wanted)
        fresh: dict[str, tuple[str, Draft]] = {}
        changed = set()
        for key, draft in keyed:
            if key not in there:
                fresh.setdefault(key, (key, draft))
            elif draft.own_id and _content_key(key, draft) not in there:
                changed.add(key)
        return list(fresh.values()), changed

    def _record(self, key: str, draft: Draft, identity_id: uuid.UUID | None) -> Record:
        subject: tuple[str, uuid.UUID | None] = ("", None)
        if draft.subject_id:
            known_as = subject_key(
                self._actor.workspace_id,
                source=self._source,
                kind=draft.subject_kind,
                external=draft.subject_id,
            )
            subject = (draft.subject_kind, known_as)
        return record_of(self._actor, draft, key=key, identity_id=identity_id, subject=subject)

    def _remember_contents(self, keyed: list[tuple[str, Draft]]) -> None:
        rows = sorted(
            (store.dedupe_id(self._actor.workspace_id, _content_key(key, draft)), draft.at)
            for key, draft in keyed
            if draft.own_id
        )
        if rows:
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO timeline_event_key (key, at)"
                    " SELECT * FROM unnest(%s::uuid[], %s::timestamptz[]) ON CONFLICT DO NOTHING",
                    [[key for key, _ in rows], [at for _, at in rows]],
                )


def event_keys(drafts: Sequence[Draft], *, source: str, tally: Tally) -> list[tuple[str, Draft]]:
    """Each draft with its dedupe key: from its own id, else from its content and how often that came by.

    Call it once per draft, in the order of the file.
    """
    contents = [draft.content() for draft in drafts]
    keyed = []
    for draft, content, number in zip(drafts, contents, tally.number(contents), strict=True):
        own = f"id:{draft.kind}:{draft.own_id}" if draft.own_id else f"{content.hex()}:{number}"
        keyed.append((f"import:{source}:{own}", draft))
    return keyed


def record_of(
    actor: Actor,
    draft: Draft,
    *,
    key: str,
    identity_id: uuid.UUID | None,
    subject: tuple[str, uuid.UUID | None],
) -> Record:
    """The event as the log takes it."""
    by_customer = draft.kind in CUSTOMER_ACTS and identity_id is not None
    return Record(
        workspace_id=actor.workspace_id,
        kind=draft.kind,
        at=draft.at,
        actor_kind=(ActorKind.CUSTOMER if by_customer else ActorKind.SYSTEM).value,
        actor_id=identity_id if by_customer else None,
        identity_id=identity_id,
        channel=draft.channel,
        subject_kind=subject[0],
        subject_id=subject[1],
        data=draft.data,
        dedupe_key=key,
    )


def append_by_month(records: Sequence[Record]) -> int:
    """Append events month by month, so that one of 1970 beside one of today makes two partitions and not
    seven hundred; returns how many were new. Months in order, so that two imports cannot deadlock."""
    months: defaultdict[tuple[int, int], list[Record]] = defaultdict(list)
    for record in records:
        months[(record.at.year, record.at.month)].append(record)
    return sum(store.append_many(months[month]) for month in sorted(months))


def keys_there(workspace_id: uuid.UUID, keys: Sequence[str]) -> set[str]:
    """Those of the dedupe keys that were taken in before."""
    ids = {store.dedupe_id(workspace_id, key): key for key in keys}
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM timeline_event_key WHERE key = ANY(%s)", [list(ids)])
        return {ids[row[0]] for row in cursor.fetchall()}


def _content_key(key: str, draft: Draft) -> str:
    return f"{key}:{draft.content().hex()}"
