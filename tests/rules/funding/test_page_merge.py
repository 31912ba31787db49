"""Two write one page: whatever only one of them changed is kept, in every order, and nothing is replaced unasked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.funding.rules.page_merge import marks_of, merge

NAMES = ("members", "meetings", "own")
PAGES = st.fixed_dictionaries(
    {}, optional={name: st.lists(st.sampled_from(["", "1", "2"])) for name in NAMES}
)


def _said(typed, name):
    return [text for text in typed.get(name, []) if text]


@given(base=PAGES, mine=PAGES, theirs=PAGES)
def test_a_field_is_mine_where_only_i_changed_it_and_stays_theirs_else(base, mine, theirs):
    merged = merge(mine, theirs, marks_of(base))
    for name in NAMES:
        before, own, other = _said(base, name), _said(mine, name), _said(theirs, name)
        assert _said(merged.kept, name) == (own if other == before else other)
        assert (name in merged.contested) == (own not in (before, other) and other != before)
        assert _said(merged.shown, name) == (own if own != before else other)


@given(base=PAGES, mine=PAGES, theirs=PAGES)
def test_a_page_that_comes_twice_changes_nothing_the_second_time(base, mine, theirs):
    once = merge(mine, theirs, marks_of(base))
    assert merge(mine, once.kept, marks_of(base)).kept == once.kept


def test_lines_are_one_field_and_empty_ones_are_none():
    base = {"cost_kind": ["rent", "office"], "cost_euros": ["480", ""], "cost_pieces": ["", ""]}
    assert marks_of(base) == marks_of({"cost_kind": ["rent"], "cost_euros": ["480"]})
    theirs = {"cost_kind": ["rent", "postage"], "cost_euros": ["480", "5"]}
    merged = merge({"cost_kind": ["rent"], "cost_euros": ["500"]}, theirs, marks_of(base))
    assert merged.contested == ("costs",)
    assert (merged.kept["cost_euros"], merged.shown["cost_euros"]) == (["480", "5"], ["500"])


def test_marks_that_are_not_ours_leave_every_difference_to_the_person():
    merged = merge({"own": ["1"], "members": ["2"]}, {"members": ["2"]}, "1 <x>")
    assert (merged.contested, merged.kept, merged.shown["own"]) == (("own",), {"members": ["2"]}, ["1"])
