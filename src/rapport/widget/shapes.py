"""The JSON shapes in which the chat page learns of messages and questions, over HTTP and over the stream."""

from __future__ import annotations

from typing import Any

from rapport.channels.chat.queries import Line, OneTapQuestion


def line_shape(line: Line) -> dict[str, Any]:
    """``opened`` is milliseconds since 1970; messages sort by ``opened``, then ``seq``."""
    return {
        "id": str(line.id),
        "conversation": str(line.conversation_id),
        "opened": int(line.opened_at.timestamp() * 1000),
        "seq": line.seq,
        "ours": line.is_ours,
        "text": line.text,
        "at": line.at.isoformat(),
        "author": line.author,
        "client_id": line.client_id,
    }


def question_shape(question: OneTapQuestion) -> dict[str, Any]:
    """``words`` are five, for the scores 1 to 5."""
    return {
        "invitation": str(question.invitation_id),
        "question": question.question,
        "words": list(question.words),
        "comment_question": question.comment_question,
        "score": question.score,
    }
