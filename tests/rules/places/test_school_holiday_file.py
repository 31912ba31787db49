"""A file of school holidays is read line by line, and each fault is named with its line."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.places.rules.free_days import SCHOOL_HOLIDAY_NAMES, SchoolHoliday
from app.places.rules.school_holiday_file import LONGEST_DAYS, read_lines

STATES = {f"{number:02}" for number in range(1, 17)}


def row(state="05", kind="summer", first="2027-07-19", last="2027-08-31", source="Ministry"):
    return {"state_ags": state, "kind": kind, "first_on": first, "last_on": last, "source": source}


def read(*rows):
    return read_lines(enumerate(rows, start=2), states=STATES)


def test_a_line_says_land_kind_days_and_source():
    lines, problems = read(row())
    assert problems == []
    assert lines == [
        (2, SchoolHoliday("05", "summer", date(2027, 7, 19), date(2027, 8, 31)), "Ministry"),
    ]


def test_the_zero_that_a_spreadsheet_has_eaten_comes_back():
    lines, problems = read(row(state="5"))
    assert (lines[0].holiday.state_ags, problems) == ("05", [])


def test_a_single_day_is_a_holiday_and_the_source_may_be_missing():
    single = row(first="2027-05-07", last="2027-05-07")
    del single["source"]
    lines, problems = read(single)
    assert (lines[0].source, problems) == ("", [])


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"state": "17"}, "Line 2: state_ags “17” is not the key of a Land, such as 05."),
        ({"state": ""}, "Line 2: state_ags “” is not the key of a Land, such as 05."),
        ({"kind": "Sommer"}, "Line 2: kind “Sommer” must be one of autumn, christmas, "),
        ({"first": "19.07.2027"}, "Line 2: first_on “19.07.2027” is not a date; write it as 2027-07-19."),
        ({"last": "2027-02-30"}, "Line 2: last_on “2027-02-30” is not a date"),
        ({"last": "2027-07-18"}, "Line 2: last_on 2027-07-18 is before first_on 2027-07-19."),
        ({"last": "2028-07-20"}, "Line 2: 2027-07-19 to 2028-07-20 is longer than 70 days"),
        ({"first": "0227-07-19"}, "Line 2: first_on 0227-07-19 must be between 1990 and 2099."),
    ],
)
def test_a_line_that_cannot_be_is_refused_with_a_sentence(fault, sentence):
    lines, problems = read(row(**fault))
    assert lines == []
    assert len(problems) == 1
    assert problems[0].startswith(sentence)


def test_every_fault_of_a_file_is_named_at_once():
    _, problems = read(row(state="99"), row(), row(state="06", kind="x"))
    assert [problem[:7] for problem in problems] == ["Line 2:", "Line 4:"]


def test_lines_of_one_land_that_share_a_day_are_refused():
    _, problems = read(row(), row(first="2027-08-31", last="2027-09-02"), row(state="06"))
    assert problems == ["Line 3: shares a day with line 2; join them or correct one."]


def test_lines_that_follow_each_other_are_two():
    _, problems = read(row(first="2027-09-01", last="2027-09-02"), row())
    assert problems == []


dates = st.dates(date(2027, 1, 1), date(2027, 6, 1))
spans = st.tuples(dates, st.integers(0, LONGEST_DAYS - 1)).map(
    lambda span: (span[0], span[0] + timedelta(days=span[1]))
)


@given(st.lists(st.tuples(st.sampled_from(["05", "06"]), spans), max_size=6))
def test_a_file_is_accepted_exactly_when_no_two_lines_of_a_land_share_a_day(holidays):
    _, problems = read(
        *(
            row(state=state, first=first.isoformat(), last=last.isoformat())
            for state, (first, last) in holidays
        )
    )
    shared = any(
        a[0] == b[0] and a[1][0] <= b[1][1] and b[1][0] <= a[1][1]
        for number, a in enumerate(holidays)
        for b in holidays[:number]
    )
    assert bool(problems) == shared


@given(st.fixed_dictionaries(dict.fromkeys(row(), st.text(max_size=12))))
def test_whatever_a_line_holds_is_a_sentence_or_a_holiday(typed):
    lines, problems = read(typed)
    assert len(lines) + len(problems) == 1


def test_every_kind_is_accepted():
    for kind in SCHOOL_HOLIDAY_NAMES:
        assert read(row(kind=kind))[1] == []
