"""What a meeting costs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.rooms.rules.pricing import meeting_price_cents


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
