"""Whether the books balance: every statement here names one thing that must hold, and finds who breaks it.

Each statement returns the rows that are wrong; an honest database returns none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import psycopg

from rapport.desk.rules import preview
from tests.chaos.people import Agent, Customer

WRONG = {
    "conversation numbers have no gap and no double": """
        SELECT workspace_id, count(*), max(number) FROM desk_conversation GROUP BY 1
        HAVING count(*) <> max(number) OR count(DISTINCT number) <> count(*)""",
    "the counter of numbers stands at the last one given": """
        SELECT n.workspace_id, n.last FROM desk_conversationnumber n
        WHERE n.last <> (SELECT max(number) FROM desk_conversation c WHERE c.workspace_id = n.workspace_id)""",
    "entries of a conversation count from one without a gap": """
        SELECT conversation_id, count(*), max(seq) FROM desk_entry GROUP BY 1
        HAVING count(*) <> max(seq) OR count(DISTINCT seq) <> count(*) OR min(seq) <> 1""",
    "a conversation knows its last entry and the customer's": """
        SELECT c.number, c.last_seq, e.last, c.last_customer_seq, e.customers
        FROM desk_conversation c JOIN (
          SELECT conversation_id, max(seq) AS last,
                 COALESCE(max(seq) FILTER (WHERE direction = 'in'), 0) AS customers,
                 max(at) FILTER (WHERE kind <> 'change') AS spoken
          FROM desk_entry GROUP BY 1) e ON e.conversation_id = c.id
        WHERE c.last_seq <> e.last OR c.last_customer_seq <> e.customers OR c.last_entry_at <> e.spoken""",
    "no conversation is without its first message": """
        SELECT c.number FROM desk_conversation c
        WHERE NOT EXISTS (SELECT 1 FROM desk_entry e WHERE e.conversation_id = c.id AND e.direction = 'in')""",
    "a resolved conversation has one closure in force, any other none": """
        SELECT c.number, c.status FROM desk_conversation c
        WHERE (c.status = 'resolved') <> EXISTS (
          SELECT 1 FROM desk_closure x WHERE x.conversation_id = c.id AND x.reopened_at IS NULL)""",
    "the deadline is that of the nearest open promise": """
        SELECT c.number, c.next_deadline_at FROM desk_conversation c
        WHERE c.next_deadline_at IS DISTINCT FROM (
          SELECT min(p.due_at) FROM desk_promise p WHERE p.conversation_id = c.id AND p.outcome = 'open')""",
    "a promise was made once and settled at most once": """
        SELECT p.id, p.outcome, made.n, kept.n, broken.n FROM desk_promise p
        CROSS JOIN LATERAL (SELECT count(*) AS n FROM timeline_event
          WHERE kind = 'promise.made' AND data->>'promise' = p.id::text) made
        CROSS JOIN LATERAL (SELECT count(*) AS n FROM timeline_event
          WHERE kind = 'promise.kept' AND data->>'promise' = p.id::text) kept
        CROSS JOIN LATERAL (SELECT count(*) AS n FROM timeline_event
          WHERE kind = 'promise.broken' AND data->>'promise' = p.id::text) broken
        WHERE made.n <> 1 OR kept.n <> (p.outcome = 'kept')::int OR broken.n <> (p.outcome = 'broken')::int""",
    "each message has one event and each event its message": """
        SELECT e.id, v.seq FROM (SELECT * FROM desk_entry WHERE kind = 'message') e
        FULL JOIN (SELECT * FROM timeline_event WHERE kind IN ('message.sent', 'message.received')) v
          ON v.data->>'entry' = e.id::text AND v.subject_id = e.conversation_id
          AND (v.data->>'entry_seq')::int = e.seq
          AND v.kind = CASE e.direction WHEN 'in' THEN 'message.received' ELSE 'message.sent' END
        WHERE e.id IS NULL OR v.seq IS NULL""",
    "no message has two events": """
        SELECT data->>'entry', count(*) FROM timeline_event
        WHERE kind IN ('message.sent', 'message.received') GROUP BY 1 HAVING count(*) > 1""",
    "each conversation was opened once in the log": """
        SELECT c.number, count(v.seq) FROM desk_conversation c
        LEFT JOIN timeline_event v ON v.kind = 'conversation.opened' AND v.subject_id = c.id
        GROUP BY c.id, c.number HAVING count(v.seq) <> 1""",
    "each closure is in the log": """
        SELECT c.number FROM desk_conversation c
        WHERE (SELECT count(*) FROM desk_closure x WHERE x.conversation_id = c.id)
           <> (SELECT count(*) FROM timeline_event v WHERE v.kind = 'conversation.resolved' AND v.subject_id = c.id)""",
    "each of our messages is on its way to one recipient": """
        SELECT e.id FROM desk_entry e WHERE e.direction = 'out'
        AND (SELECT count(*) FROM desk_delivery d WHERE d.entry_id = e.id) <> 1""",
    "no customer, identity or binding is left over from a message that did not come in": """
        SELECT i.value FROM customers_identity i WHERE i.namespace = 'anonymous_id' AND (
          NOT EXISTS (SELECT 1 FROM desk_leg l WHERE l.identity_id = i.id)
          OR (SELECT count(*) FROM customers_binding b WHERE b.identity_id = i.id AND b.valid_to IS NULL) <> 1)""",
}

_INCOMING = """
SELECT right(e.dedupe_key, 36), e.text FROM desk_entry e JOIN desk_conversation c ON c.id = e.conversation_id
WHERE e.direction = 'in' AND e.author_id = %s ORDER BY c.opened_at, c.number, e.seq
"""
_OUTGOING = "SELECT text FROM desk_entry WHERE direction = 'out' AND author_name = %s ORDER BY at, seq"
_LAST_WORDS = """
SELECT c.number, c.last_preview, c.last_author_kind, e.text, e.author_kind
FROM desk_conversation c CROSS JOIN LATERAL (
  SELECT text, author_kind FROM desk_entry WHERE conversation_id = c.id AND kind = 'message'
  ORDER BY seq DESC LIMIT 1) e
"""


def check(address: str) -> None:
    """Everything that must hold of any database of ours, whoever wrote what."""
    with psycopg.connect(address) as connection:
        wrong = {
            name: rows
            for name, statement in WRONG.items()
            if (rows := connection.execute(statement.encode()).fetchmany(5))
        }
        assert not wrong
        for number, shown, shown_author, text, author in connection.execute(_LAST_WORDS):
            assert (shown, shown_author) == (preview(text), author), f"#{number}"


def check_customers(address: str, customers: Iterable[Customer]) -> None:
    """Each acknowledged message is there exactly once, in the order written, and nothing else is."""
    with psycopg.connect(address) as connection:
        for customer in customers:
            assert _messages(connection, customer) == [
                (message.key, message.text) for message in customer.said if message.acknowledged
            ], customer.name


def check_agents(address: str, agents: Iterable[Agent]) -> None:
    """Each acknowledged reply was sent exactly once, in the order given."""
    with psycopg.connect(address) as connection:
        for agent in agents:
            written = [row[0] for row in connection.execute(_OUTGOING.encode(), [agent.name])]
            assert written == [reply.text for reply in agent.said if reply.acknowledged], agent.name


def heard_of(address: str, customer: Customer) -> list[tuple[str, str]]:
    """(key, text) of a customer's messages in the database, in order."""
    with psycopg.connect(address) as connection:
        return _messages(connection, customer)


def _messages(connection: psycopg.Connection[Any], customer: Customer) -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in connection.execute(_INCOMING.encode(), [customer.identity])]
