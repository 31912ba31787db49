"""Pictures of a comparison: every bar and point lies where its number says, and inside the canvas."""

from __future__ import annotations

import itertools
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.funding.pages.charts import HISTOGRAM, LORENZ, histogram, lorenz_curves
from app.funding.rules.fairness import lorenz, reached

COUNTS = st.integers(1, 12).flatmap(
    lambda bins: st.lists(
        st.lists(st.integers(0, 5_000), min_size=bins, max_size=bins), min_size=1, max_size=5
    )
)


@given(COUNTS)
def test_bars_stand_on_the_ground_side_by_side_and_are_as_high_as_their_numbers(counts):
    compared, *series = counts
    chart = histogram([number * 100 for number in range(len(compared))], compared, series)
    highest = chart.y_ticks[-1].value
    assert len(chart.y_ticks) <= 6
    for bars, numbers in zip(chart.series, series, strict=True):
        for bar, number in zip(bars, numbers, strict=True):
            assert abs(bar.y + bar.height - HISTOGRAM.ground) < 0.2
            assert abs(bar.height - (HISTOGRAM.ground - HISTOGRAM.top) * number / highest) < 0.2
            assert bar.width > 0
    in_order = [bar for bars in zip(*chart.series, strict=True) for bar in bars]
    for left, right in itertools.pairwise(in_order):
        assert left.x + left.width <= right.x
    assert all(HISTOGRAM.left <= bar.x <= bar.x + bar.width <= HISTOGRAM.end for bar in in_order)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=40), st.integers(0, 20))
def test_a_curve_begins_with_nobody_ends_with_all_and_says_what_part_they_have(amounts, step):
    curve = lorenz(amounts)
    part = Fraction(step, 20)
    assert 0 <= reached(curve, part) <= part
    assert (reached(curve, Fraction(0)), reached(curve, Fraction(1))) == (0, 1)
    points = [tuple(map(float, each.split(","))) for each in lorenz_curves([curve]).lines[0].split()]
    assert points[0] == (LORENZ.left, LORENZ.ground)
    assert points[-1] == (LORENZ.end, LORENZ.top)
    for (groups, having), (x, y) in zip(curve, points, strict=True):
        assert abs(x - float(LORENZ.left + (LORENZ.end - LORENZ.left) * groups)) < 0.1
        assert abs(y - float(LORENZ.ground - (LORENZ.ground - LORENZ.top) * having)) < 0.1
