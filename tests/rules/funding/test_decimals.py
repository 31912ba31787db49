"""Decimal numbers as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.funding.rules.decimals import decimal_text, units_of


@pytest.mark.parametrize(
    ("text", "places", "units"),
    [
        ("0,101", 4, 1_010),
        ("0.101 €", 4, 1_010),
        ("1,44", 2, 144),
        (" 20 % ", 2, 2_000),
        ("3955", 2, 395_500),
        ("3.955", 2, None),
        ("1.234,56", 2, None),
        ("-1", 2, None),
        ("1,", 2, None),
        ("١", 2, None),
        ("", 2, None),
        ("1e3", 2, None),
        ("9999999999", 2, None),
    ],
)
def test_what_is_typed_is_read_exactly_or_not_at_all(text, places, units):
    assert units_of(text, places) == units


@given(st.integers(0, 10**9 - 1), st.integers(2, 6), st.integers(0, 2))
def test_a_number_that_is_written_is_read_again(units, places, least):
    assert units_of(decimal_text(units, places, least_places=least), places) == units
