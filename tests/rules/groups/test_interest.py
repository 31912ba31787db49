"""What anybody may know of interest in a topic: a floor, and nothing between two floors."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.groups.rules.interest import (
    FLOORS,
    RENEWAL_NOTICE,
    enough_since,
    fold_phone,
    is_up_for_renewal,
    shown_floor,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
counts = st.integers(0, 3_000)


@pytest.mark.parametrize(
    ("count", "shown"), [(0, None), (4, None), (5, 5), (9, 5), (10, 10), (19, 10), (20, 20), (5_000, 1_000)]
)
def test_a_number_is_shown_from_five_on_and_only_as_a_floor(count, shown):
    assert shown_floor(count) == shown


@given(counts)
def test_what_is_shown_is_true_and_one_of_the_floors_or_nothing(count):
    shown = shown_floor(count)
    assert shown in {None, *FLOORS}
    assert (shown or 0) <= count
    assert shown is not None or count < 5


@given(counts, st.sampled_from([-1, 1]))
def test_one_person_more_or_less_shows_only_where_a_floor_is_crossed(count, step):
    after = max(0, count + step)
    if shown_floor(count) != shown_floor(after):
        assert max(count, after) in FLOORS


@given(st.lists(st.sampled_from([-1, 1]), max_size=60), st.integers(0, 60))
def test_whoever_watches_comings_and_goings_learns_no_more_than_on_which_side_of_floors_they_are(
    steps, start
):
    count, seen, sides = start, [], []
    for step in steps:
        count = max(0, count + step)
        seen.append(shown_floor(count))
        sides.append(sum(count >= floor for floor in FLOORS))
    # What is seen follows from the sides of the floors alone: equal sides, equal sight.
    assert seen == [FLOORS[side - 1] if side else None for side in sides]


@given(st.lists(st.integers(0, 500), max_size=20), st.integers(1, 10))
def test_there_is_enough_since_the_last_one_needed_of_those_who_are_there(minutes, enough):
    moments = [NOW + timedelta(minutes=minute) for minute in minutes]
    since = enough_since(moments, enough=enough)
    if since is None:
        assert len(moments) < enough
    else:
        assert sum(moment <= since for moment in moments) >= enough
        assert sum(moment < since for moment in moments) < enough


@given(st.timedeltas(timedelta(days=-2), timedelta(days=40)))
def test_somebody_is_asked_to_renew_in_the_last_thirty_days_and_not_after_the_end(left):
    assert is_up_for_renewal(NOW + left, now=NOW) == (timedelta(0) < left <= RENEWAL_NOTICE)


@pytest.mark.parametrize(
    "typed", ["0221 4710 123", "0221/4710123", "+49 221 4710-123", "0049 (0)221 4710 123", "(0221) 4710123"]
)
def test_one_number_however_it_is_written_is_one(typed):
    assert fold_phone(typed) == "02214710123"


@pytest.mark.parametrize(
    "typed", ["", "12", "ruf mich an", "0221\n4710123", "<script>", "1" * 40, "٠٢٢١٤٧١٠"]
)
def test_what_is_no_number_is_none(typed):
    assert fold_phone(typed) is None


@given(st.text(max_size=40))
def test_any_text_is_a_short_run_of_digits_or_none(text):
    folded = fold_phone(text)
    assert folded is None or (folded.lstrip("+").isdecimal() and folded.isascii() and len(folded) <= 16)
