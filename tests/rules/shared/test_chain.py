"""A seal tells apart whatever differs, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.shared.rules.chain import FIRST, canonical, seal

moments = st.datetimes(timezones=st.just(UTC))
values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(st.characters(exclude_categories=["Cs"])),
    moments,
    st.dictionaries(st.text("ab"), st.integers() | st.text("ab") | st.lists(st.text("ab"))),
)
rows = st.lists(st.lists(values, max_size=4), max_size=4)


def told_apart(some):
    """The rows with the kind of each value: in Python True is 1."""
    return [[(type(value).__name__, value) for value in row] for row in some]


@given(rows, rows)
def test_two_lists_of_rows_have_one_seal_only_if_they_are_the_same(one, other):
    assert (seal(FIRST, one) == seal(FIRST, other)) == (told_apart(one) == told_apart(other))


@given(rows)
def test_a_seal_hangs_on_the_one_before(some):
    assert seal(FIRST, some) != seal(seal(FIRST, some), some)
    assert len(seal(FIRST, some)) == len(FIRST)


@given(moments)
def test_a_moment_is_the_same_in_every_zone_and_a_mapping_in_every_order(moment):
    elsewhere = moment.astimezone(timezone(timedelta(hours=2))) if 1 < moment.year < 9999 else moment
    assert canonical(moment) == canonical(elsewhere)
    assert canonical({"a": 1, "b": "ü"}) == canonical({"b": "ü", "a": 1})


def test_what_cannot_be_written_in_one_way_is_refused():
    with pytest.raises(ValueError, match="zone"):
        canonical(datetime(2026, 1, 1))
    with pytest.raises(TypeError):
        canonical(1.5)
