"""A closed sum split over a fixed set."""

from __future__ import annotations

from fractions import Fraction

import pytest
from apportionment.methods import TiesException, compute
from hypothesis import assume, given
from hypothesis import strategies as st

from app.funding.rules.apportion import apportion

WEIGHTS = st.dictionaries(st.integers(0, 99), st.integers(0, 10**9), max_size=12)


@given(st.integers(0, 10**12), WEIGHTS)
def test_shares_are_less_than_a_cent_from_exact_and_add_up(total, weights):
    shares = apportion(total, weights, seed="s")
    together = sum(weights.values())
    if not together:
        assert set(shares.values()) <= {0}
        return
    assert sum(shares.values()) == total
    assert all(abs(shares[key] - Fraction(total * weight, together)) < 1 for key, weight in weights.items())


@given(st.integers(1, 5_000), st.lists(st.integers(1, 10**6), min_size=1, max_size=10))
def test_it_is_largest_remainder_as_others_reckon_it(total, weights):
    try:
        theirs = compute("largest_remainder", weights, total, fractions=True, tiesallowed=False)
    except TiesException:
        assume(False)
    assert list(apportion(total, dict(enumerate(weights)), seed="s").values()) == theirs


def test_a_tie_goes_by_the_draw_and_not_by_the_order():
    one = apportion(1, {"a": 1, "b": 1, "c": 1}, seed="s")
    assert one == apportion(1, {"c": 1, "b": 1, "a": 1}, seed="s")
    assert len({str(apportion(1, {"a": 1, "b": 1, "c": 1}, seed=f"{n}")) for n in range(30)}) == 3


@pytest.mark.parametrize(
    ("total", "weights", "told"),
    [(-1, {1: 1}, "The sum to split is negative"), (1, {"TK": -1}, "The weight of TK is negative")],
)
def test_nothing_negative_is_split(total, weights, told):
    with pytest.raises(ValueError, match=told):
        apportion(total, weights, seed="s")
