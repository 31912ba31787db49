"""What is published of a year: names of organisations and clearing houses, never of groups, and nothing lost."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.funding.rules.ledger_accounts import GROUP, HOUSE, ORGANISATION
from app.funding.rules.publication import FEDERAL_AREA, Sum, bar, due_on, publication

SUMS = st.lists(
    st.builds(
        lambda area, kind, payees, cents: Sum(
            area, kind, "" if kind == GROUP else f"N {payees}", payees, cents
        ),
        st.sampled_from([FEDERAL_AREA, "05", "09"]),
        st.sampled_from([ORGANISATION, HOUSE, GROUP]),
        st.integers(1, 9),
        st.integers(0, 10**9),
    )
)


@given(SUMS)
def test_all_areas_together_are_everything_and_a_bar_shows_all_of_an_area(sums):
    found = publication(2025, sums)
    assert found.whole.cents == sum(each.cents for each in sums)
    assert [area.key for area in found.areas] == sorted(
        {each.area for each in sums if each.cents}, key=lambda key: (key != FEDERAL_AREA, key)
    )
    for area in found.areas:
        assert sum(area.cents_of(kind) for kind in (ORGANISATION, HOUSE, GROUP)) == area.cents > 0
        pieces = bar(area, length=200)
        assert sum(width for _kind, _x, width in pieces) == 200
        assert [x for _kind, x, _width in pieces] == [0, pieces[0][2], pieces[0][2] + pieces[1][2]]


def test_a_group_with_a_name_is_refused_and_who_got_nothing_is_left_out():
    with pytest.raises(ValueError, match="without their names"):
        publication(2025, [Sum("05", GROUP, "Depression Köln", 1, 80_000)])
    assert publication(2025, [Sum("05", HOUSE, "KISS", 1, 0)]).areas == ()


def test_names_stand_in_the_order_of_the_alphabet_and_a_year_is_due_on_31_january():
    names = ("Zöliakie", "Ängste", "anonyme Alkoholiker")
    found = publication(2025, [Sum("05", ORGANISATION, name, 1, 5) for name in names])
    assert [each.name for each in found.areas[0].sums] == ["Ängste", "anonyme Alkoholiker", "Zöliakie"]
    assert due_on(2025) == date(2026, 1, 31)
