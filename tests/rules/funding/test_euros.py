"""Sums of money as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.funding.rules.amounts import MOST_CENTS
from app.funding.rules.euros import cents_of, euro_text


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1.234,56", 123456),
        ("1234.56", 123456),
        ("1234,5", 123450),
        ("1.234", 123400),
        ("12.345.678", 1234567800),
        (" 7 € ", 700),
        ("0,01\N{NO-BREAK SPACE}EUR", 1),
    ],
)
def test_a_sum_is_read_as_people_and_programs_write_it(text, cents):
    assert cents_of(text) == cents


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1,234",
        "1,234.56",
        "-5",
        "1e3",
        "12.34.567",
        "٣",
        "1.2345",
        "99999999999999999,99",
        "9" * 50,
        "1 000",
    ],
)
def test_what_could_mean_two_things_or_nothing_is_refused(text):
    with pytest.raises(ValueError, match=r"sum of money|ledger can hold"):
        cents_of(text)


@given(st.integers(0, MOST_CENTS))
def test_a_sum_that_is_written_is_read_again_as_it_was(cents):
    assert cents_of(euro_text(cents)) == cents
