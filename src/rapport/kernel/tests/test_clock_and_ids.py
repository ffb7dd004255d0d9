from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from threading import Thread
from uuid import UUID, uuid4

import pytest

from rapport.kernel import clock, ids

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _machine_clock() -> Iterator[None]:
    yield
    clock.set_clock(None)


def test_now_is_aware_and_in_utc() -> None:
    assert clock.now().tzinfo is UTC


def test_a_frozen_clock_stands_still_until_it_is_moved_and_leaves_no_trace() -> None:
    with clock.frozen(NOON) as time:
        assert clock.now() == clock.now() == NOON
        time.advance(timedelta(hours=2))
        assert clock.now() == NOON + timedelta(hours=2)
        time.move_to(NOON)
        assert clock.now() == NOON
        assert clock.steady() == NOON.timestamp()
    assert clock.now() > NOON - timedelta(days=3650)
    assert clock.now() != NOON


def test_a_frozen_clock_holds_in_threads_and_gives_way_when_nested() -> None:
    seen: list[datetime] = []
    with clock.frozen(NOON):
        thread = Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
        with clock.frozen(NOON + timedelta(days=1)):
            assert clock.now() == NOON + timedelta(days=1)
        assert clock.now() == NOON
    assert seen == [NOON]


def test_moments_of_other_zones_become_utc_and_naive_ones_are_refused() -> None:
    nairobi = timezone(timedelta(hours=3))
    clock.set_clock(lambda: datetime(2026, 11, 22, 15, 0, tzinfo=nairobi))
    assert clock.now() == NOON and clock.now().tzinfo is UTC
    with pytest.raises(clock.NaiveMoment):
        clock.set_clock(lambda: datetime(2026, 11, 22))
    assert clock.now() == NOON
    with pytest.raises(clock.NaiveMoment), clock.frozen(datetime(2026, 11, 22)):
        pass


def test_the_steady_clock_ignores_corrections_of_the_machines_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    before = clock.steady()
    monkeypatch.setattr("time.time", lambda: 0.0)
    assert clock.steady() >= before


def test_ids_rise_even_within_one_millisecond() -> None:
    with clock.frozen(NOON):
        made = [ids.new_id() for _ in range(5_000)]
    assert made == sorted(made) and len(set(made)) == len(made)
    assert {(i.version, i.variant) for i in made} == {(7, "specified in RFC 4122")}
    assert {ids.moment_of(i) for i in made} == {NOON}


def test_ids_from_many_threads_are_all_different() -> None:
    made: list[UUID] = []
    threads = [Thread(target=lambda: made.extend(ids.new_id() for _ in range(500))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 4_000


def test_ids_go_on_rising_when_the_clock_is_set_back() -> None:
    with clock.frozen(NOON) as time:
        before = ids.new_id()
        time.advance(timedelta(hours=-1))
        after = ids.new_id()
        time.advance(timedelta(hours=1, milliseconds=1))
        later = ids.new_id()
    assert before < after < later


def test_an_injected_clock_means_its_own_time_even_after_ids_of_a_later_one() -> None:
    ids.new_id()
    with clock.frozen(datetime(2020, 1, 1, tzinfo=UTC)):
        assert ids.moment_of(ids.new_id()) == datetime(2020, 1, 1, tzinfo=UTC)


def test_a_full_millisecond_borrows_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with clock.frozen(NOON):
        ids.new_id()
        monkeypatch.setattr(ids._sequence, "tail", (1 << ids.TAIL_BITS) - 1)
        assert ids.moment_of(ids.new_id()) == NOON + timedelta(milliseconds=1)


def test_id_at_is_deterministic_and_ordered_by_moment_and_entropy() -> None:
    # RFC 9562 appendix A.6: the example UUIDv7 and the parts it is made of.
    moment = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)
    assert ids.id_at(moment, entropy=0xCC3 << 62 | 0x18C4DC0C0C07398F) == UUID(
        "017F22E2-79B0-7CC3-98C4-DC0C0C07398F"
    )
    assert ids.id_at(NOON, entropy=1) < ids.id_at(NOON, entropy=2)
    assert ids.id_at(NOON, entropy=2**74 - 1) < ids.id_at(NOON + timedelta(milliseconds=1), entropy=0)


@pytest.mark.parametrize("entropy", [-1, 2**74])
def test_id_at_refuses_entropy_that_does_not_fit(entropy: int) -> None:
    with pytest.raises(ValueError, match="entropy"):
        ids.id_at(NOON, entropy=entropy)


def test_id_at_refuses_moments_before_1970_and_naive_ones() -> None:
    with pytest.raises(ValueError, match="1970"):
        ids.id_at(datetime(1969, 12, 31, tzinfo=UTC), entropy=0)
    with pytest.raises(clock.NaiveMoment):
        ids.id_at(datetime(2026, 1, 1), entropy=0)


def test_name_ids_are_stable_and_differ_between_scopes() -> None:
    # RFC 9562 appendix A.4.
    dns = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
    assert ids.name_id(dns, "www.example.com") == UUID("2ed6657d-e927-568b-95e1-2665a8aea6a2")
    duka, other = uuid4(), uuid4()
    assert ids.name_id(duka, "mail") != ids.name_id(other, "mail")


def test_moment_of_refuses_ids_that_carry_none() -> None:
    with pytest.raises(ids.NotTimeOrdered):
        ids.moment_of(uuid4())
    with pytest.raises(ids.NotTimeOrdered, match="9999"):
        ids.moment_of(UUID(int=(2**48 - 1) << 80 | 7 << 76 | 2 << 62))
