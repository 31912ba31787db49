"""The duties of a year added up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.funding.rules.level_plan import LEVELS, PER_CENT, LevelPlan
from app.funding.rules.levy import duties
from app.funding.rules.levy_table import (
    Change,
    by_insurer,
    by_state,
    changes,
    changes_by_insurer,
    pieces,
    together,
)

CELLS = st.dictionaries(
    st.tuples(st.sampled_from(["a", "b", "c"]), st.sampled_from(["05", "09"])),
    st.integers(1, 10**7),
    min_size=1,
)
PLAN = LevelPlan("05", 2026, PER_CENT, dict(zip(LEVELS, (2_000, 1_924, 4_000, 2_076), strict=True)))


@given(CELLS, st.integers(1, 500))
def test_lands_insurers_and_all_together_are_the_same_to_the_cent(insured, rate):
    found = duties(insured, rate_cents=rate, year=2026)
    states, insurers = by_state(found, {"05": PLAN}), by_insurer(found)
    whole = together("", states)
    assert whole.total_cents == rate * sum(insured.values()) == whole.flat_cents + whole.project_cents
    other = together("", list(insurers.values()))
    assert (other.insured, other.flat_cents, other.project_cents) == (
        whole.insured,
        whole.flat_cents,
        whole.project_cents,
    )
    for line in states:
        assert (line.levels_cents is None) == (line.key != "05")
        if line.levels_cents is not None:
            assert sum(line.levels_cents.values()) == line.flat_cents


def test_a_change_is_big_over_ten_per_cent_and_when_it_begins_or_ends():
    big = {(before, after): Change("x", before, after).is_big for before, after in
           [(100, 110), (100, 111), (100, 90), (100, 89), (0, 1), (1, 0), (5, 5)]}  # fmt: skip
    assert [pair for pair, is_big in big.items() if is_big] == [(100, 111), (100, 89), (0, 1), (1, 0)]
    assert [Change("x", before, 150).per_mille for before in (0, 100, 200)] == [None, 500, -250]


@given(CELLS, CELLS)
def test_changes_name_everybody_who_is_in_one_of_the_two(before, after):
    found = changes(before, after)
    assert {change.key for change in found} == before.keys() | after.keys()
    totals = changes_by_insurer(before, after)
    assert sum(change.before for change in totals) == sum(before.values())
    assert sum(change.after for change in totals) == sum(after.values())


@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=6))
def test_the_pieces_of_a_bar_fill_it_without_a_gap(parts):
    found = pieces(parts, 1_000)
    assert [piece.start for piece in found] == [0, *(piece.start + piece.width for piece in found[:-1])]
    assert found[-1].start + found[-1].width == 1_000
