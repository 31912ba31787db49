"""What a meeting costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rooms.rules.pricing import meeting_price_cents, total_of


@pytest.mark.parametrize(
    ("price_cents", "price_per", "minutes", "expected"),
    [
        (0, "meeting", 90, 0),
        (500, "meeting", 90, 500),
        (500, "hour", 60, 500),
        (500, "hour", 61, 1000),
        (500, "hour", 120, 1000),
        (0, "hour", 600, 0),
    ],
)
def test_a_price_is_for_the_meeting_or_for_each_hour_begun(price_cents, price_per, minutes, expected):
    assert meeting_price_cents(price_cents, price_per, timedelta(minutes=minutes)) == expected


@pytest.mark.parametrize(("price_cents", "minutes"), [(-1, 60), (100, 0)])
def test_a_negative_price_and_a_meeting_without_length_are_refused(price_cents, minutes):
    with pytest.raises(ValueError, match=r"negative|lasts"):
        meeting_price_cents(price_cents, "hour", timedelta(minutes=minutes))


def test_meetings_at_one_price_are_one_line_the_lowest_first():
    total = total_of([750, 500, 750])
    assert total.lines == ((1, 500), (2, 750))
    assert total.cents == 2000
    assert total_of([]).lines == ()


@given(st.lists(st.integers(0, 1_000_000), max_size=120))
def test_a_total_is_exact_to_the_cent_and_its_lines_count_every_meeting(prices_cents):
    total = total_of(prices_cents)
    assert total.cents == sum(prices_cents)
    assert sorted(cents for count, cents in total.lines for _ in range(count)) == sorted(prices_cents)
