"""How evenly a pot was divided."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.funding.rules.fairness import fairness, lorenz

AMOUNTS = st.lists(st.integers(0, 10**9), max_size=30)


def test_equal_shares_are_perfectly_even_and_one_who_has_all_is_not():
    even = fairness([500] * 10)
    assert (even.gini, even.top_tenth, even.median_cents, even.with_nothing) == (0, Fraction(1, 10), 500, 0)
    uneven = fairness([0] * 9 + [1_000])
    assert (uneven.gini, uneven.top_tenth, uneven.with_nothing) == (Fraction(9, 10), 1, 9)


def test_nothing_and_nobody_is_even():
    for amounts in ([], [0, 0]):
        assert (fairness(amounts).gini, fairness(amounts).top_tenth) == (0, 0)
        assert lorenz(amounts) == ((0, 0), (1, 1))


def test_a_tenth_begun_counts_and_the_median_of_two_is_between():
    assert fairness([1, 2, 3, 4]).top_tenth == Fraction(4, 10)
    assert fairness([1, 2, 3, 4]).median_cents == Fraction(5, 2)


@given(AMOUNTS)
def test_gini_is_half_the_mean_difference_over_the_mean(amounts):
    total, count = sum(amounts), len(amounts)
    plain = sum(abs(x - y) for x, y in product(amounts, amounts))
    assert fairness(amounts).gini == (Fraction(plain, 2 * count * total) if total else 0)


@given(AMOUNTS, st.integers(1, 25))
def test_a_lorenz_curve_rises_from_nothing_to_all_below_the_diagonal_and_bends_upward(amounts, steps):
    points = lorenz(amounts, steps=steps)
    assert (points[0], points[-1]) == ((0, 0), (1, 1))
    assert all(having <= groups for groups, having in points)
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(points)]
    assert slopes == sorted(slopes)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=12))
def test_twice_the_area_between_curve_and_diagonal_is_gini(amounts):
    points = lorenz(amounts, steps=len(amounts))
    below = sum((b[0] - a[0]) * (a[1] + b[1]) for a, b in pairwise(points))
    assert fairness(amounts).gini == 1 - below


def test_half_a_cent_and_less_than_nothing_are_refused():
    with pytest.raises(ValueError, match="A sum is not a whole number"):
        fairness([1, 0.5])
    with pytest.raises(ValueError, match="A sum is negative"):
        lorenz([-1])
