"""Golden numbers: Newcombe (1998a) Stat. Med. 17:857-872 and (1998b) 17:873-890, tables of examples."""

import pytest

from rapport.stats import difference, verdict, wilson


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_newcombes_published_intervals(successes, n, low, high):
    estimate = wilson(successes, n)
    assert (round(estimate.low, 4), round(estimate.high, 4)) == (low, high)
    assert estimate.n == n


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
    ],
)
def test_a_difference_has_newcombes_method_ten_interval(first, second, low, high):
    change = difference(wilson(*first), wilson(*second))
    assert (round(change.low, 4), round(change.high, 4)) == (low, high)


def test_a_change_is_called_only_when_its_interval_leaves_out_zero():
    assert verdict(difference(wilson(56, 70), wilson(48, 80))) == "up"
    assert verdict(difference(wilson(48, 80), wilson(56, 70))) == "down"
    assert verdict(difference(wilson(5, 56), wilson(0, 29))) == "none"


@pytest.mark.parametrize(("successes", "n"), [(0, 0), (3, 2), (-1, 5)])
def test_counts_that_make_no_sense_are_refused(successes, n):
    with pytest.raises(ValueError, match=r"no value|no sense"):
        wilson(successes, n)


def test_the_interval_touches_the_end_when_all_or_none_succeed():
    assert wilson(0, 7).low == 0.0
    assert wilson(7, 7).high == 1.0
