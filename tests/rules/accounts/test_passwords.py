"""Which passwords are refused, and why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.rules.passwords import MAX_LENGTH, MIN_LENGTH, password_problem

ADDRESS = "kim.sommer@example.org"


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("kurzkurz1", "short"),
        ("", "short"),
        ("x" * 201, "long"),
        ("x" * 1_000_000, "long"),
        (ADDRESS, "address"),
        (" Kim.Sommer@Example.ORG ", "address"),
        ("kim.sommer", "address"),
        ("password123", "common"),
        ("Passwort2026!", "common"),
        ("!!!Qwertz!!!", "common"),
        ("schatzschatz", "common"),
        ("1234567890", "common"),
        ("0987654321", "common"),
        ("qwertzuiop", "common"),
        ("aaaaaaaaaaaa", "common"),
        ("selbsthilfegruppe", "common"),
        ("offen-und-ehrlich", None),
        ("drei rote Enten im Teich", None),
        ("ßßß äöü éè x", None),
    ],
)
def test_a_password_is_taken_or_refused_with_a_reason(password, problem):
    assert password_problem(password, ADDRESS) == problem


@given(st.one_of(st.text(max_size=300), st.text(min_size=MIN_LENGTH, max_size=30), st.just(ADDRESS)))
def test_what_is_taken_has_a_length_in_bounds_and_is_not_the_address(password):
    if password_problem(password, ADDRESS) is None:
        assert MIN_LENGTH <= len(password) <= MAX_LENGTH
        assert password.casefold().strip() != ADDRESS
