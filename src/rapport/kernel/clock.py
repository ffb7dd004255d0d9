"""The one clock of the process.

Everything that needs the time asks `now()`, so a test or the demo generator can hold or move time for
the whole process, its worker threads included.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Lock

Clock = Callable[[], datetime]

_STEADY_OFFSET = time.time() - time.monotonic()


class NaiveMoment(ValueError):
    """A moment without a time zone was given where an aware one is needed."""


def _system_clock() -> datetime:
    return datetime.now(UTC)


# A plain module attribute, not a context variable: a frozen clock must also hold in threads that were
# started before it was frozen.
_clock: Clock = _system_clock


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _clock()


def steady() -> float:
    """Seconds that never run backwards, for measuring spans and windows.

    Near the Unix time when the process started; afterwards it ignores corrections of the machine's
    clock. Under an injected clock it follows that clock.
    """
    if _clock is _system_clock:
        return _STEADY_OFFSET + time.monotonic()
    return _clock().timestamp()


def current_clock() -> Clock:
    """The clock in use; its identity changes whenever another one is set."""
    return _clock


def set_clock(clock: Clock | None) -> None:
    """Use `clock` in the whole process from now on; None returns to the machine's clock.

    The clock must return aware moments; they are handed on in UTC.
    """
    global _clock
    if clock is None:
        _clock = _system_clock
        return
    in_utc(clock())
    _clock = lambda: in_utc(clock())  # noqa: E731


class FrozenClock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self._moment = in_utc(at)
        self._lock = Lock()

    def __call__(self) -> datetime:
        return self._moment

    def advance(self, step: timedelta) -> datetime:
        """Move on by `step` (negative moves back) and return the new moment."""
        with self._lock:
            self._moment += step
            return self._moment

    def move_to(self, at: datetime) -> None:
        """Stand at `at` from now on."""
        moment = in_utc(at)
        with self._lock:
            self._moment = moment


@contextmanager
def frozen(at: datetime) -> Iterator[FrozenClock]:
    """Hold the time of the whole process at `at`; what was in use before returns afterwards."""
    global _clock
    before = _clock
    standing = FrozenClock(at)
    _clock = standing
    try:
        yield standing
    finally:
        _clock = before


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC; raises `NaiveMoment` when it has no time zone."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise NaiveMoment(f"{moment!r} has no time zone; give an aware moment")
    return moment.astimezone(UTC)
