"""Why something about members, roles, keys or hours could not be done. Nothing was changed then."""

from __future__ import annotations


class Refused(ValueError):
    """What was asked for cannot be done; the message says why, for the person who asked.

    ``code`` is stable, for programs and tests; ``field`` names the input it is about, if any.
    """

    def __init__(self, code: str, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field


class NotHere(LookupError):
    """There is no such row in the actor's workspace. ``what`` names the kind of thing."""

    def __init__(self, what: str, key: object) -> None:
        super().__init__(f"there is no such {what}: {key}")
        self.what = what


class LinkClosed(Exception):
    """A link that opens nothing (any more): ``code`` is unknown, used, expired, withdrawn or late."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
