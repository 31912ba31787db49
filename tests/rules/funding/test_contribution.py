"""The way of one person's contribution: every hundredth of a cent arrives, and the pictures are in proportion."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.funding.reference_files import level_plans, levy_rates
from app.funding.rules.allocation import fill
from app.funding.rules.contribution import contribution
from app.funding.rules.flow_chart import narrow_chart, wide_chart
from app.funding.rules.level_chart import level_chart
from app.funding.rules.level_plan import LEVELS, PER_CENT, LevelPlan

NRW_2016 = level_plans()["05", 2016]
WAYS = st.builds(
    lambda rate, year, shares: contribution(
        rate, year=year, plan=LevelPlan("05", year, PER_CENT, dict(zip(LEVELS, shares, strict=True)))
    ),
    st.integers(1, 500),
    st.integers(2016, 2040),
    st.lists(st.integers(1, 5000), min_size=4, max_size=4),
)


def hundredths(whole):
    return {part.name: part.hundredths for part in whole.walk()}


def test_of_144_cents_in_2026_at_least_100_80_are_flat_grants_and_20_16_of_them_go_to_the_national_level():
    found = hundredths(contribution(levy_rates()[2026].cents, year=2026, plan=NRW_2016))
    assert (found["whole"], found["flat"], found["projects"]) == (14400, 10080, 4320)
    assert (found["federal"], found["state"]) == (2016, 8064)


def test_for_2016_the_shares_are_those_that_north_rhine_westphalia_published():
    found = hundredths(contribution(levy_rates()[2016].cents, year=2016, plan=NRW_2016))
    assert (found["state_organisations"], found["clearing_houses"], found["groups"]) == (1010, 2100, 1090)


@given(WAYS)
def test_what_a_part_is_divided_into_adds_up_to_it(whole):
    for part in whole.walk():
        assert not part.parts or sum(inner.hundredths for inner in part.parts) == part.hundredths


@given(WAYS)
def test_boxes_are_in_proportion_stay_in_their_frame_and_do_not_touch_each_other(whole):
    sums = hundredths(whole)
    for chart, side in ((wide_chart(whole), "height"), (narrow_chart(whole), "width")):
        longest = max(getattr(box, side) for box in chart.boxes)
        for box in chart.boxes:
            assert abs(getattr(box, side) * whole.hundredths - longest * sums[box.name]) <= whole.hundredths
            assert box.x >= 0
            assert box.y >= 0
            assert box.x + box.width <= chart.width
            assert box.y + box.height <= chart.height
        for number, box in enumerate(chart.boxes):
            for other in chart.boxes[number + 1 :]:
                apart = (box.x + box.width <= other.x, other.x + other.width <= box.x,
                         box.y + box.height <= other.y, other.y + other.height <= box.y)  # fmt: skip
                assert any(apart), (box, other)


@given(WAYS)
def test_a_band_leads_into_every_part_but_the_first_and_ends_where_its_box_begins(whole):
    for chart in (wide_chart(whole), narrow_chart(whole)):
        boxes = {box.name: box for box in chart.boxes}
        assert {band.name for band in chart.bands} == set(boxes) - {"whole"}
        for band in chart.bands:
            numbers = [int(number) for number in re.findall(r"\d+", band.path)]
            assert {boxes[band.name].x, boxes[band.name].y} <= set(numbers)


def test_vessels_are_filled_to_one_level_and_small_ones_to_the_brim():
    caps = {1: 300, 2: 500, 3: 900, 4: 2000}
    found = fill(2000, caps, seed="x")
    chart = level_chart(caps, found.awards_cents, found.levels_cents[1])
    first, second, third, fourth = chart.vessels
    assert first.filled_to == first.top
    assert second.filled_to == second.top
    assert third.filled_to == fourth.filled_to == chart.level_y
    assert fourth.top < third.top < third.filled_to
    with pytest.raises(ValueError, match="Nobody"):
        level_chart({}, {}, None)
