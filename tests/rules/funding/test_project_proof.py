"""The proof of a project: what is left, what goes back to whom."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.funding.rules.project_proof import (
    going_back,
    left_of,
    uncovered_cents,
    used_plan,
)

SUMS = st.integers(0, 10**8)


@given(SUMS.filter(bool), SUMS, SUMS, SUMS)
def test_what_is_left_is_never_more_than_the_grant_and_never_there_beside_something_unpaid(
    spent, own, others, grant
):
    used = used_plan(
        {
            "costs": [{"kind": "rent", "cents": spent, "pieces": 1}],
            "own": own,
            "others": [{"kind": "town", "cents": others}],
        }
    )
    left, open_ = left_of(used, grant), uncovered_cents(used, grant)
    assert 0 <= left <= grant
    assert not (left and open_)
    assert own + others + grant + open_ >= spent + left


@given(st.dictionaries(st.sampled_from("abcd"), SUMS.filter(bool), min_size=1), st.data())
def test_everything_left_goes_back_and_nobody_gets_more_than_it_gave(shares, data):
    left = data.draw(st.integers(0, sum(shares.values())))
    back = going_back(left, shares, seed="x")
    assert sum(back.values()) == left
    assert all(back[key] <= shares[key] for key in shares)
