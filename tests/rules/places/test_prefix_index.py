"""Beginnings are found, the likeliest first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.places.rules.prefix_index import PrefixIndex


def test_places_come_by_rank_then_weight_and_none_twice():
    index = PrefixIndex(
        [
            ("koeln", 0, 100, 1),
            ("koln", 0, 100, 1),
            ("koepenick", 0, 60, 2),
            ("ko", 1, 999, 3),
            ("bonn", 0, 50, 4),
        ]
    )
    assert index.find("ko", limit=5) == [1, 2, 3]
    assert index.find("ko", limit=2) == [1, 2]
    assert index.find("koe", limit=5) == [1, 2]
    assert index.find("x", limit=5) == []
    assert index.find("", limit=5) == []


@given(
    st.lists(st.text(alphabet="abc", min_size=1, max_size=5), max_size=30),
    st.text(alphabet="abc", max_size=3),
)
def test_exactly_the_places_that_begin_so_are_found(keys, prefix):
    index = PrefixIndex((key, 0, 0, number) for number, key in enumerate(keys))
    expected = {number for number, key in enumerate(keys) if prefix and key.startswith(prefix)}
    assert set(index.find(prefix, limit=100)) == expected
