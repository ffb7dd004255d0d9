from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from limits.storage import MemoryStorage

from rapport.kernel import clock
from rapport.kernel.clock import FrozenClock
from rapport.kernel.limits import Limiter, ProcessMemory, RateLimited, Rules, UnknownRule


@pytest.fixture
def time() -> Iterator[FrozenClock]:
    with clock.frozen(datetime(2026, 11, 22, 12, 0, tzinfo=UTC)) as standing:
        yield standing


@pytest.fixture
def rules() -> Rules:
    declared = Rules()
    declared.register("widget.message", "3/minute")
    declared.register("sign_in", "1/hour")
    return declared


@pytest.fixture
def limiter(rules: Rules) -> Limiter:
    return Limiter(declared=rules)


def refused_for(limiter: Limiter, rule: str, key: str) -> int:
    with pytest.raises(RateLimited) as refusal:
        limiter.hit(rule, key)
    assert refusal.value.rule_name == rule
    return refusal.value.retry_after_seconds


def test_hits_pass_until_the_window_is_full_and_again_when_the_oldest_leaves_it(
    limiter: Limiter, time: FrozenClock
) -> None:
    for _ in range(3):
        limiter.hit("widget.message", "41.90.0.1")
        time.advance(timedelta(seconds=10))
    assert refused_for(limiter, "widget.message", "41.90.0.1") == 30
    time.advance(timedelta(seconds=30))
    limiter.hit("widget.message", "41.90.0.1")
    assert refused_for(limiter, "widget.message", "41.90.0.1") == 10


def test_refused_hits_do_not_prolong_the_wait(limiter: Limiter, time: FrozenClock) -> None:
    limiter.hit("sign_in", "baraka")
    for _ in range(50):
        refused_for(limiter, "sign_in", "baraka")
    time.advance(timedelta(hours=1))
    limiter.hit("sign_in", "baraka")


def test_keys_and_rules_do_not_share_a_count(limiter: Limiter, time: FrozenClock) -> None:
    limiter.hit("sign_in", "baraka")
    limiter.hit("sign_in", "otieno")
    limiter.hit("widget.message", "baraka")
    assert refused_for(limiter, "sign_in", "baraka") == 3600


def test_long_keys_are_told_apart_and_not_kept_whole(limiter: Limiter, time: FrozenClock) -> None:
    limiter.hit("sign_in", "a" * 1_000_000)
    limiter.hit("sign_in", "a" * 1_000_001)
    limiter.hit("sign_in", "\ud800" * 200)
    refused_for(limiter, "sign_in", "a" * 1_000_000)


def test_forgiving_one_key_leaves_the_others(limiter: Limiter, time: FrozenClock) -> None:
    limiter.hit("sign_in", "otieno")
    limiter.hit("sign_in", "baraka")
    limiter.forgive("sign_in", "otieno")
    limiter.hit("sign_in", "otieno")
    refused_for(limiter, "sign_in", "baraka")
    limiter.reset()
    limiter.hit("sign_in", "baraka")


def test_setting_the_machines_clock_back_locks_nobody_out(
    limiter: Limiter, monkeypatch: pytest.MonkeyPatch
) -> None:
    limiter.hit("sign_in", "otieno")
    monkeypatch.setattr(clock, "_system_clock", lambda: datetime(2001, 1, 1, tzinfo=UTC))
    monkeypatch.setattr(clock, "_clock", clock._system_clock)
    assert 3590 <= refused_for(limiter, "sign_in", "otieno") <= 3600


def test_rules_are_declared_once(rules: Rules) -> None:
    rules.register("sign_in", "1/hour")
    assert rules.names() == ["sign_in", "widget.message"]
    with pytest.raises(ValueError, match="already declared"):
        rules.register("sign_in", "2/hour")
    for name, rate in (("Sign In", "1/hour"), ("a/b", "1/hour"), ("fine", "often")):
        with pytest.raises(ValueError):
            rules.register(name, rate)
    assert rules.names() == ["sign_in", "widget.message"]


def test_an_unknown_rule_is_an_error_and_not_a_free_pass(limiter: Limiter) -> None:
    with pytest.raises(UnknownRule):
        limiter.hit("sing_in", "baraka")


def test_memory_forgets_old_keys_and_is_bounded(time: FrozenClock) -> None:
    memory = ProcessMemory(max_keys=100)
    for number in range(1_000):
        assert memory.acquire_entry(f"key {number}", 1, 60)
    assert memory.reset() == 100
    memory.acquire_entry("old", 1, 60)
    time.advance(timedelta(seconds=60))
    for _ in range(10_000):
        memory.acquire_entry("new", 1, 60)
    assert memory.reset() == 1


def test_concurrent_hits_never_pass_more_than_the_limit(rules: Rules) -> None:
    rules.register("ingest", "100/hour")
    limiter = Limiter(declared=rules)
    passed: list[int] = []

    def hammer() -> None:
        for _ in range(100):
            try:
                limiter.hit("ingest", "duka")
            except RateLimited:
                continue
            passed.append(1)

    threads = [Thread(target=hammer) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 100


def test_a_storage_of_the_library_can_be_passed_in(rules: Rules) -> None:
    limiter = Limiter(storage=MemoryStorage(), declared=rules)
    limiter.hit("sign_in", "otieno")
    assert 3595 <= refused_for(limiter, "sign_in", "otieno") <= 3600
    limiter.forgive("sign_in", "otieno")
    limiter.hit("sign_in", "otieno")
