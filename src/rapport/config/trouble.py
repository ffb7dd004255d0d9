"""Errors that a person can mend: each says in one line what is wrong and what to do."""

from __future__ import annotations


class Trouble(Exception):
    """Something outside the program is wrong. The message is one line, without a full stop at its end."""
