"""The rhythms of a short form, and one line that is an address."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.groups.rules.recurrence import check_rule, days
from app.groups.rules.simple_rhythm import (
    EVEN_WEEKS,
    NO_RHYTHM,
    ODD_WEEKS,
    RHYTHMS,
    join_address,
    simple_rule,
    split_address,
)


@given(
    st.sampled_from([rhythm for rhythm in RHYTHMS if rhythm != NO_RHYTHM]),
    st.integers(1, 7),
    st.dates(date(2020, 1, 1), date(2040, 12, 31)),
)
def test_every_rhythm_takes_place_on_its_weekday_from_today_on(rhythm, weekday, today):
    rule = simple_rule(rhythm, weekday=weekday, starts_at=time(19), today=today)
    check_rule(rule)
    first = next(days(rule, since=today))
    assert first.isoweekday() == weekday
    assert today <= first <= today + timedelta(days=62)
    if rhythm in {EVEN_WEEKS, ODD_WEEKS}:
        assert first.isocalendar().week % 2 == (rhythm == ODD_WEEKS)
        assert first <= today + timedelta(days=20)


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("Lindenallee 3", ("", "Lindenallee 3")),
        ("Bürgerhaus Süd", ("Bürgerhaus Süd", "")),
        (" Bürgerhaus,  Lindenallee 3b ", ("Bürgerhaus", "Lindenallee 3b")),
        ("Haus der Vereine, Saal", ("Haus der Vereine, Saal", "")),
        ("", ("", "")),
    ],
)
def test_an_address_in_one_line_is_a_name_a_street_or_both(line, parts):
    assert split_address(line) == parts
    assert split_address(join_address(*parts)) == parts
