"""Who needs a second factor, and how codes are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.rules.permissions import ROLE_SCOPES, Actor, Grant
from app.accounts.rules.second_factor import (
    STRONG_ROLES,
    in_groups,
    needs_second_factor,
    plain_code,
    steps_near,
)


@pytest.mark.parametrize("role", ROLE_SCOPES)
def test_one_strong_role_is_enough(role):
    assert needs_second_factor(Actor(frozenset({Grant("coordinator"), Grant(role)}))) is (
        role in STRONG_ROLES
    )


def test_nobody_needs_one_for_no_role():
    assert not needs_second_factor(Actor())


@given(st.text("ABCDEFGH234567", max_size=40))
def test_groups_are_for_the_eye_only(code):
    assert plain_code(in_groups(code).lower()) == code
    assert all(len(group) <= 4 for group in in_groups(code).split("-"))


@given(st.integers(0, 2**40))
def test_the_codes_of_ninety_seconds_are_taken_that_of_this_moment_first(seconds):
    present, *others = steps_near(seconds)
    assert present * 30 <= seconds < (present + 1) * 30
    assert sorted(others) == [present - 1, present + 1]
