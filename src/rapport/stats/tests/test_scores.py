"""Golden numbers: Rocks (2016), as reproduced with his own ``nps_test(test="adjusted.wald")``."""

import random
from statistics import NormalDist

import pytest

from rapport.stats import median_interval, nps


@pytest.mark.parametrize(
    ("counts", "score", "low", "high"),
    [
        ((15, 13, 8), 0.1944444444, -0.0628025944, 0.4217769534),
        ((12, 7, 12), 0.0, -0.291098, 0.291098),
        ((10, 0, 0), 1.0, 0.475036, 1.0),
        ((3, 4, 1), 0.25, -0.221998, 0.585634),
        ((1436, 968, 342), 0.3983976693, 0.3718236072, 0.4241021840),
    ],
)
def test_nps_has_the_published_adjusted_wald_interval(counts, score, low, high):
    estimate = nps(*counts)
    assert estimate.value == pytest.approx(score, abs=1e-9)
    assert (estimate.low, estimate.high) == pytest.approx((low, high), abs=1e-6)


def test_a_score_of_nobody_is_refused():
    with pytest.raises(ValueError, match="nobody"):
        nps(0, 0, 0)
    with pytest.raises(ValueError, match="negative"):
        nps(3, -1, 2)


def test_the_median_interval_covers_the_true_median_about_as_often_as_it_says():
    draw = random.Random(20261122)
    covered = 0
    for _ in range(2_000):
        sample = [draw.lognormvariate(3, 1) for _ in range(41)]
        estimate = median_interval(sample)
        true_median = pow(2.718281828459045, 3 + NormalDist().inv_cdf(0.5))
        covered += estimate.low <= true_median <= estimate.high
    assert 0.94 <= covered / 2_000 <= 0.99


def test_the_median_of_few_values_spans_them_all():
    estimate = median_interval([5.0, 1.0, 3.0])
    assert (estimate.value, estimate.low, estimate.high, estimate.n) == (3.0, 1.0, 5.0, 3)
