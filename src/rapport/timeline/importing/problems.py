"""What can be wrong with a file: with one row of it, or with all of it."""

from __future__ import annotations


class CannotImport(Exception):
    """The file cannot be brought in as asked. The message is one line, without a full stop at its end."""


class Unreadable(CannotImport):
    """The file is not what it seems, or ends in the middle."""


class BadMapping(CannotImport):
    """It is not clear which column means what."""


class RowRefused(ValueError):
    """One row cannot be taken in; the message says why. The others go on."""


class AlreadyThere(Exception):
    """The row comes from this very workspace: nothing to do, and nothing wrong."""
