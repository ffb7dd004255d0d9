from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from rapport.config.demo import Company, fingerprint, simulate
from rapport.config.demo.tests.conftest import TODAY

PRINT = """
from datetime import UTC, datetime
from rapport.config.demo import fingerprint, simulate
print(fingerprint(simulate(until=datetime(2026, 11, 22, tzinfo=UTC), scale=0.05)))
"""


def test_the_same_seed_and_end_give_the_same_bytes(small_company: Company) -> None:
    assert fingerprint(simulate(until=TODAY, scale=0.05)) == fingerprint(small_company)


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_another_process_with_another_hash_seed_gives_the_same_bytes(
    small_company: Company, hash_seed: str
) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(sys.path)}
    made = subprocess.run(
        [sys.executable, "-c", PRINT], env=environment, capture_output=True, text=True, check=True
    )
    assert made.stdout.strip() == fingerprint(small_company)


def test_another_seed_gives_another_company(small_company: Company) -> None:
    other = simulate(seed=8, until=TODAY, scale=0.05)
    assert fingerprint(other) != fingerprint(small_company)
    assert other.members == small_company.members


def test_the_end_is_the_last_nairobi_midnight(small_company: Company) -> None:
    assert small_company.ends_at == datetime(2026, 11, 21, 21, tzinfo=UTC)
    assert small_company.ends_at - small_company.begins_at == timedelta(weeks=104)
    later_that_day = simulate(until=TODAY + timedelta(hours=20), scale=0.05)
    assert fingerprint(later_that_day) == fingerprint(small_company)


def test_an_end_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        simulate(until=datetime(2026, 11, 22))


@pytest.mark.parametrize("scale", [0, -1, float("nan")])
def test_a_scale_that_is_not_above_zero_is_refused(scale: float) -> None:
    with pytest.raises(ValueError, match="above zero"):
        simulate(until=TODAY, scale=scale)


def test_a_tiny_company_and_one_that_ends_on_a_leap_day_are_whole() -> None:
    for until in (datetime(2028, 2, 29, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)):
        tiny = simulate(until=until, scale=0.004)
        assert len(tiny.customers) == 20
        assert tiny.events
