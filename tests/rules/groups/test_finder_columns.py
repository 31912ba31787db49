"""The finder's arrays: changed bit by bit they say the same as made anew."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.groups.rules.finder_columns import MAX_TOPICS, UNPLACED_KEY, TopicRows, slices
from tests.builders.finder_rows import AS_OF, columns_of, packed, some_rows

ANY_ROWS = st.builds(some_rows, st.integers(0, 2**32), st.sets(st.integers(1, 60), max_size=25))


def facts(columns):
    """Every fact of every row, by group: what does not depend on the order of rows at one point."""
    patterns = {}
    for number, (first, count) in enumerate(zip(columns.pattern_first, columns.pattern_count, strict=True)):
        patterns[int(columns.group_id[number])] = columns.patterns[first : first + count].tobytes()
    return {
        int(columns.group_id[row]): (
            int(columns.key[row]),
            int(columns.lat_e5[row]),
            int(columns.lon_e5[row]),
            int(columns.flags[row]),
            columns.topics[:, row].tolist(),
            int(columns.clearinghouse[row]),
            int(columns.district[row]),
            int(columns.next_at[row]),
            repr((columns.x[row], columns.y[row], columns.z[row])),
            patterns[int(columns.group_id[row])],
        )
        for row in range(len(columns))
    }


def check_shape(columns):
    assert (np.diff(columns.key) >= 0).all()
    assert (columns.key[: columns.placed] < UNPLACED_KEY).all()
    assert (columns.key[columns.placed :] == UNPLACED_KEY).all()
    for row, group_id in enumerate(columns.group_id):
        assert columns.position_of[group_id] == row
    assert columns.topics.shape == (MAX_TOPICS, len(columns))
    for topic in range(9):
        expected = [row for row in range(len(columns)) if topic and topic in columns.topics[:, row]]
        assert columns.topic_rows.of((topic,)).tolist() == expected


@settings(max_examples=60)
@given(ANY_ROWS, st.lists(st.tuples(ANY_ROWS, st.sets(st.integers(1, 60), max_size=20)), max_size=4))
def test_arrays_that_were_changed_equal_arrays_made_anew(first, changes):
    columns = columns_of(first)
    present = {row.group_id: row for row in first}
    check_shape(columns)
    for changed, withdrawn in changes:
        for group_id in withdrawn:
            present.pop(group_id, None)
        present |= {row.group_id: row for row in changed}
        gone = withdrawn | {row.group_id for row in changed}
        columns = columns.merged(sorted(gone), *packed(changed))
        check_shape(columns)
        assert facts(columns) == facts(columns_of(present.values()))


@given(ANY_ROWS, st.lists(st.integers(AS_OF - 5_000_000, AS_OF + 5_000_000), max_size=4))
def test_the_next_meetings_are_right_whether_time_goes_on_or_back(some, minutes):
    columns = columns_of(some)
    for minute in minutes:
        columns = columns.at(minute)
        assert columns.next_at.tolist() == columns_of(some, as_of=minute).next_at.tolist()


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 6)), max_size=12))
def test_slices_are_the_ranges_one_after_the_other(ranges):
    first, count = (np.array([pair[side] for pair in ranges], np.int64) for side in (0, 1))
    index, owner = slices(first, count)
    assert index.tolist() == [n for start, length in ranges for n in range(start, start + length)]
    assert owner.tolist() == [at for at, (_, length) in enumerate(ranges) for _ in range(length)]


def test_a_row_with_two_of_the_topics_is_answered_once():
    topics = np.array([[3, 1, 2], [1, 0, 3], [0, 0, 0], [0, 0, 0]], np.uint16)
    assert TopicRows(topics).of((1, 3)).tolist() == [0, 1, 2]
    assert TopicRows(topics).of((9,)).tolist() == []
    assert TopicRows(topics).of(()).tolist() == []


def test_groups_that_are_not_listed_have_no_row():
    columns = columns_of([])
    assert columns.positions([1, 5, 10**12, -1]).tolist() == []
    assert len(columns.merged([7], b"", b"")) == 0
