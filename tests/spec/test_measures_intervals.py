"""Intervals of shares and rates against published worked examples."""

import numpy as np
import pytest

from oneworkforce.measures import byar, exact_poisson, wilson

SHARES = [
    # numerator, denominator, low, high          Newcombe 1998, Statistics in Medicine 17, table I, method 3
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0000, 0.1611),
    (1, 29, 0.0061, 0.1718),
]

COUNTS = [
    # count, low, high                            Garwood 1936, table 1, 95 %
    (0, 0.00, 3.69),
    (1, 0.03, 5.57),
    (5, 1.62, 11.67),
    (10, 4.80, 18.39),
    (30, 20.24, 42.83),
]


@pytest.mark.parametrize(("numerator", "denominator", "low", "high"), SHARES)
def test_a_share_has_wilsons_interval(numerator: int, denominator: int, low: float, high: float) -> None:
    assert np.allclose(wilson(numerator, denominator), (low, high), atol=6e-5)


@pytest.mark.parametrize(("count", "low", "high"), COUNTS)
def test_a_count_has_garwoods_exact_interval(count: int, low: float, high: float) -> None:
    assert np.allclose(exact_poisson(count), (low, high), atol=5.1e-3)


@pytest.mark.parametrize("count", [10, 30, 200, 5000])
def test_byars_interval_is_near_the_exact_one_from_ten_events_on(count: int) -> None:
    assert np.allclose(byar(count, 100.0), exact_poisson(count, 100.0), rtol=2e-3)


def test_a_share_and_its_complement_mirror_each_other() -> None:
    low, high = wilson([0, 3, 20], [20, 20, 20])
    other_low, other_high = wilson([20, 17, 0], [20, 20, 20])
    assert np.allclose(low, 1 - other_high)
    assert np.allclose(high, 1 - other_low)


def test_nothing_at_risk_has_no_rate() -> None:
    for function in (wilson, byar, exact_poisson):
        assert np.isnan(function(0, 0)).all()


@pytest.mark.parametrize(("function", "values"), [(wilson, (3, 2)), (wilson, (-1, 2)), (byar, (1, -2)), (exact_poisson, (-1, 1))])
def test_impossible_counts_are_refused(function, values) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=r"negative|numerator"):
        function(*values)


def test_a_level_is_between_nought_and_one() -> None:
    with pytest.raises(ValueError, match="level of confidence"):
        wilson(1, 2, level=95)
