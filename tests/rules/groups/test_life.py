"""Which state may follow which in the life of a group."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.groups.rules.life import CLOSED, HIDDEN, LISTED, MERGED, NEXT, STATES, SUBMITTED, may_become

ANY = st.sampled_from(STATES)


def test_what_is_hidden_can_be_listed_again_and_what_was_merged_is_over():
    assert all(may_become(state, LISTED) and may_become(LISTED, state) for state in HIDDEN)
    assert not any(may_become(MERGED, state) for state in STATES if state != MERGED)
    assert NEXT[CLOSED] == {LISTED}


@given(ANY, ANY)
def test_a_group_may_stay_and_never_becomes_submitted_once_it_was_listed(state, other):
    assert may_become(state, state)
    if other == SUBMITTED and state != SUBMITTED:
        assert may_become(state, other) == (state == "declined")


@given(st.lists(ANY, max_size=8))
def test_nothing_becomes_another_group_s_part_that_was_never_listed(path):
    state, was_listed = SUBMITTED, False
    for other in path:
        if may_become(state, other):
            state = other
            was_listed = was_listed or state == LISTED
    assert state != MERGED or was_listed
