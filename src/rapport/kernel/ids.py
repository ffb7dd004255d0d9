"""Identifiers: UUIDv7 (RFC 9562), so that rows sort by the time they were made.

The 128 bits are 48 bits of Unix milliseconds, the version, and 74 bits (12 + 62) that we call the tail.
"""

from datetime import UTC, datetime, timedelta
from threading import Lock
from uuid import UUID

from uuid_utils import compat

from rapport.kernel import clock

TAIL_BITS = 74
_LOW_BITS = 62
_LOW_MASK = (1 << _LOW_BITS) - 1
_MILLISECONDS_LIMIT = 1 << 48
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class NotTimeOrdered(ValueError):
    """The identifier is not a UUIDv7 and carries no moment."""


class _Sequence:
    """The last identifier given out, so that the next one is greater even within one millisecond."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.clock: clock.Clock | None = None
        self.milliseconds = -1
        self.tail = 0


_sequence = _Sequence()


def new_id() -> UUID:
    """A fresh UUIDv7 of the kernel clock's moment, greater than every earlier one of this process.

    When the machine's clock is set back, identifiers go on from the last one instead of repeating the
    past. When another clock is injected the order starts anew, because its time is meant.
    """
    milliseconds = _milliseconds_of(clock.now())
    # The library draws the randomness; given a time it promises no order within one millisecond
    # (measured with uuid-utils 1.x), so the order is kept here.
    drawn = compat.uuid7(nanoseconds=milliseconds * 1_000_000)
    tail = _tail_of(drawn)
    with _sequence.lock:
        source = clock.current_clock()
        if _sequence.clock is not source:
            _sequence.clock, _sequence.milliseconds = source, -1
        if milliseconds <= _sequence.milliseconds:
            milliseconds = _sequence.milliseconds
            # A random step keeps neighbours unguessable; 32 bits leave room for 2^42 steps.
            tail = _sequence.tail + 1 + (tail & 0xFFFF_FFFF)
            if tail >> TAIL_BITS:
                milliseconds, tail = milliseconds + 1, tail & 0xFFFF_FFFF
        _sequence.milliseconds, _sequence.tail = milliseconds, tail
    return _assemble(milliseconds, tail)


def id_at(moment: datetime, *, entropy: int) -> UUID:
    """The UUIDv7 of `moment` with `entropy` (0 ≤ entropy < 2^74) as its tail: the same input, the same id.

    For importers and the demo generator. Within one millisecond a greater entropy gives a greater id.
    """
    if not 0 <= entropy < 1 << TAIL_BITS:
        raise ValueError(f"entropy must be at least 0 and below 2^{TAIL_BITS}, not {entropy}")
    return _assemble(_milliseconds_of(moment), entropy)


def name_id(scope: UUID, name: str) -> UUID:
    """The UUIDv5 of `name` inside `scope`: the same pair always gives the same id."""
    return compat.uuid5(scope, name)


def moment_of(identifier: UUID) -> datetime:
    """The moment inside a UUIDv7, to the millisecond, in UTC; raises `NotTimeOrdered` for other kinds."""
    if identifier.version != 7:
        raise NotTimeOrdered(f"{identifier} is not a UUIDv7")
    try:
        return _EPOCH + (identifier.int >> 80) * _MILLISECOND
    except OverflowError as error:
        raise NotTimeOrdered(f"{identifier} points beyond the year 9999") from error


def _milliseconds_of(moment: datetime) -> int:
    milliseconds = (clock.in_utc(moment) - _EPOCH) // _MILLISECOND
    if not 0 <= milliseconds < _MILLISECONDS_LIMIT:
        raise ValueError(f"{moment.isoformat()} is before 1970, which a UUIDv7 cannot hold")
    return milliseconds


def _tail_of(identifier: UUID) -> int:
    return (identifier.int >> 64 & 0xFFF) << _LOW_BITS | identifier.int & _LOW_MASK


def _assemble(milliseconds: int, tail: int) -> UUID:
    high = milliseconds << 80 | 0x7 << 76 | tail >> _LOW_BITS << 64
    return UUID(int=high | 0b10 << 62 | tail & _LOW_MASK)
