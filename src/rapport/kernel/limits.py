"""Rate limits: rules declared once by name, counted in a moving window.

Rates are written and keyed as in the `limits` library, and every storage of it with a moving window
(Redis, Valkey, MongoDB) can be passed in when several processes have to share one count.
"""

import hashlib
import math
import re
from collections import OrderedDict, deque
from threading import Lock
from typing import Protocol

from django.utils.translation import gettext as _
from limits import RateLimitItem
from limits import parse as parse_rate

from rapport.kernel import clock

_NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*", re.ASCII)
_LONGEST_PLAIN_KEY = 100


class UnknownRule(LookupError):
    """A limit was asked for under a name nobody registered."""


class RateLimited(Exception):
    """Too many, too soon; it is worth trying again after `retry_after_seconds` (at least 1)."""

    def __init__(self, rule_name: str, retry_after_seconds: int) -> None:
        super().__init__(_("Too many attempts. Try again in %(n)s s.") % {"n": retry_after_seconds})
        self.rule_name = rule_name
        self.retry_after_seconds = retry_after_seconds


class Rules:
    """The rates by name. Packages register theirs when they are imported."""

    def __init__(self) -> None:
        self._rates: dict[str, RateLimitItem] = {}

    def register(self, name: str, rate: str) -> None:
        """Declare a rule, such as `register("widget.message", "30/minute")`.

        Declaring the same again is harmless; raises `ValueError` for another rate under a taken name.
        """
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} cannot name a rate limit: dotted lower-case words")
        parsed = parse_rate(rate)
        if self._rates.setdefault(name, parsed) != parsed:
            raise ValueError(f"the rate limit {name} is already declared as {self._rates[name]}")

    def rate(self, name: str) -> RateLimitItem:
        """The rate of a rule; raises `UnknownRule`."""
        try:
            return self._rates[name]
        except KeyError as error:
            raise UnknownRule(f"no rate limit is called {name!r}") from error

    def names(self) -> list[str]:
        """All declared names, sorted, for the reference page."""
        return sorted(self._rates)


rules = Rules()
register = rules.register


class WindowStorage(Protocol):
    """What the limiter needs from a storage; the moving-window storages of `limits` have it."""

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count one hit unless `limit` of them are younger than `expiry` seconds; False when refused."""

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Unix time of the oldest hit in the window, and how many there are."""

    def clear(self, key: str) -> None:
        """Forget one key."""

    def reset(self) -> int | None:
        """Forget everything."""


class Limiter:
    """Counts hits against the declared rules. Thread-safe."""

    def __init__(self, *, storage: WindowStorage | None = None, declared: Rules = rules) -> None:
        self._storage: WindowStorage = storage or ProcessMemory()
        self._rules = declared

    def hit(self, rule_name: str, key: str) -> None:
        """Count one attempt of `key` (an address, a member's id). Refused attempts do not count.

        Raises `RateLimited` when the window is full, `UnknownRule` for a name nobody declared.
        """
        rate = self._rules.rate(rule_name)
        slot = self._slot(rate, rule_name, key)
        if self._storage.acquire_entry(slot, rate.amount, rate.get_expiry()):
            return
        oldest, _count = self._storage.get_moving_window(slot, rate.amount, rate.get_expiry())
        wait = oldest + rate.get_expiry() - clock.now().timestamp()
        # Rounded first: a float's last digit must not add a second.
        seconds = math.ceil(round(wait, 3))
        raise RateLimited(rule_name, min(max(1, seconds), rate.get_expiry()))

    def forgive(self, rule_name: str, key: str) -> None:
        """Forget the attempts of one key, for example after a successful sign-in."""
        rate = self._rules.rate(rule_name)
        self._storage.clear(self._slot(rate, rule_name, key))

    def reset(self) -> None:
        """Forget every attempt."""
        self._storage.reset()

    def _slot(self, rate: RateLimitItem, rule_name: str, key: str) -> str:
        # Keys come from outside; a megabyte of one must not be kept.
        if len(key) > _LONGEST_PLAIN_KEY:
            key = "sha256:" + hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        return rate.key_for(rule_name, key)


class ProcessMemory:
    """Moving windows in this process's memory.

    Not the library's own memory storage: that one starts a thread every 10 ms under load to look through
    all keys, never forgets how many keys it holds, and measures with the wall clock, so that setting the
    clock back locks people out. Here time is `clock.steady()` and at most `max_keys` keys are kept (the
    least recently seen go first).
    """

    _SWEEP_EVERY = 10_000

    def __init__(self, *, max_keys: int = 100_000) -> None:
        self._max_keys = max_keys
        self._lock = Lock()
        self._hits: OrderedDict[str, tuple[int, deque[float]]] = OrderedDict()
        self._until_sweep = self._SWEEP_EVERY

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` hits unless that would make more than `limit` in the last `expiry` seconds."""
        now = clock.steady()
        with self._lock:
            hits = self._live_hits(key, now=now, expiry=expiry)
            accepted = len(hits) + amount <= limit
            if accepted:
                hits.extend([now] * amount)
            if hits:
                self._hits[key] = (expiry, hits)
                self._hits.move_to_end(key)
            self._make_room(now)
            return accepted

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Unix time (present wall clock) of the oldest hit in the window and the number of hits."""
        now = clock.steady()
        with self._lock:
            hits = self._live_hits(key, now=now, expiry=expiry)
            age = now - hits[0] if hits else 0.0
            return clock.now().timestamp() - age, len(hits)

    def clear(self, key: str) -> None:
        """Forget one key."""
        with self._lock:
            self._hits.pop(key, None)

    def reset(self) -> int | None:
        """Forget everything; returns how many keys there were."""
        with self._lock:
            count = len(self._hits)
            self._hits.clear()
            return count

    def _live_hits(self, key: str, *, now: float, expiry: int) -> deque[float]:
        _expiry, hits = self._hits.get(key, (expiry, deque[float]()))
        while hits and now - hits[0] >= expiry:
            hits.popleft()
        return hits

    def _make_room(self, now: float) -> None:
        self._until_sweep -= 1
        if self._until_sweep <= 0:
            self._until_sweep = self._SWEEP_EVERY
            dead = [key for key, (expiry, hits) in self._hits.items() if not hits or now - hits[-1] >= expiry]
            for key in dead:
                del self._hits[key]
        while len(self._hits) > self._max_keys:
            self._hits.popitem(last=False)
