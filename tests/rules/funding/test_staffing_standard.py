"""How many posts are advised for a catchment, and what a house has beside that."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.funding.reference_files import staffing_standard
from app.funding.rules.staffing_standard import Staff, advised_for, compare_staff, per_100_000, read_standard

PEOPLE = st.integers(0, 5_000_000)
POSTS = st.builds(Staff, st.integers(0, 2_000), st.integers(0, 2_000))


@pytest.mark.parametrize(
    ("inhabitants", "professional", "administration"),
    [
        (1_000, 50, 25),
        (50_000, 50, 25),
        (99_999, 50, 25),
        (100_000, 100, 50),
        (199_999, 100, 50),
        (200_000, 200, 100),
        (499_999, 200, 100),
        (500_000, 400, 200),
        (1_500_000, 400, 200),
    ],
)
def test_the_advice_of_2008_is_met_to_the_inhabitant(inhabitants, professional, administration):
    assert advised_for(staffing_standard(), inhabitants) == Staff(professional, administration)


def test_ten_hours_of_administration_are_a_part_of_the_week_that_is_worked_there():
    assert advised_for(staffing_standard(), 60_000, full_week=4_000).administration == 25
    assert advised_for(staffing_standard(), 60_000, full_week=3_500).administration == 28
    assert compare_staff(staffing_standard(), Staff(50, 25), 60_000).is_met
    beyond = compare_staff(staffing_standard(), Staff(400, 200), 1_500_001)
    assert (beyond.is_met, beyond.is_beyond) == (True, True)


@given(PEOPLE, PEOPLE, POSTS)
def test_more_people_never_need_fewer_posts_and_what_is_missing_makes_it_whole(one, other, has):
    fewer, more = (advised_for(staffing_standard(), each) for each in sorted((one, other)))
    assert fewer.professional <= more.professional
    assert fewer.administration <= more.administration
    compared = compare_staff(staffing_standard(), has, one)
    whole = Staff(
        has.professional + compared.missing.professional, has.administration + compared.missing.administration
    )
    assert compare_staff(staffing_standard(), whole, one).is_met


@given(st.integers(0, 100_000), st.integers(1, 20_000_000))
def test_posts_for_100_000_people_are_rounded_half_up(number, people):
    found = per_100_000(number, people)
    assert abs(found * people - number * 100_000) * 2 <= people
    assert per_100_000(number, 0) is None


def test_bands_that_leave_somebody_out_are_refused():
    for starts in ([50_000], [], [0, 0], [0, 9, 5]):
        bands = [{"from": start, "professional": 1} for start in starts]
        with pytest.raises(ValueError, match="ascend"):
            read_standard(json.dumps({"staffing": {"bands": bands, "ends_at": 1, "source": ""}}))
