"""Lists of requests as files."""

from __future__ import annotations

from datetime import date

import pytest

from app.funding.rules.request_file import COLUMNS, WITH_SUPPLEMENTS, read_file

GOOD = ["angst-koeln", "1.200,00", "8", "1500.00", "100", "", "ja", "15.12.2026"]


def faults_of(*rows):
    return [(each.row, each.column, each.code) for each in read_file([COLUMNS, *rows]).faults]


def test_a_list_is_read_with_its_total_and_empty_rows():
    read = read_file(
        [
            COLUMNS,
            GOOD,
            [],
            ["b", "0,50", "12", "", "", "", "", "2026-12-16"],
            ["Summe", "1200,50", "", "1500"],
        ]
    )
    assert read.faults == []
    first, second = read.lines
    assert (first.requested_cents, first.expenses_cents, first.own_cents, first.others_cents) == (
        120_000,
        150_000,
        10_000,
        0,
    )
    assert (first.is_new, first.received_on, first.members) == (True, date(2026, 12, 15), 8)
    assert (second.row, second.requested_cents, second.expenses_cents, second.is_new) == (3, 50, None, False)


def test_supplements_have_columns_of_their_own_or_are_not_told():
    told = read_file([WITH_SUPPLEMENTS, [*GOOD, "300", "", "", "12,50"]])
    assert told.lines[0].supplements == {"start_up": 30_000, "travel": 1_250}
    assert read_file([COLUMNS, GOOD]).lines[0].supplements is None
    wrong = read_file([WITH_SUPPLEMENTS, [*GOOD, "", "-1", "", ""]])
    assert [(each.column, each.code) for each in wrong.faults] == [(9, "not_money")]


@pytest.mark.parametrize(
    ("column", "typed", "code"),
    [
        (0, "", "missing"),
        (1, "1,234", "not_money"),
        (1, "0", "not_money"),
        (1, "", "missing"),
        (2, "0", "not_members"),
        (2, "8.5", "not_members"),
        (3, "-1", "not_money"),
        (4, "99999999999999999", "not_money"),
        (6, "vielleicht", "not_yes_or_no"),
        (7, "31.2.2027", "not_a_day"),
        (7, "", "missing"),
    ],
)
def test_what_is_wrong_is_named_by_its_cell(column, typed, code):
    assert faults_of([*GOOD[:column], typed, *GOOD[column + 1 :]]) == [(1, column, code)]


def test_a_wrong_total_a_group_named_twice_and_lines_after_the_total_are_refused():
    assert faults_of(GOOD, GOOD) == [(2, 0, "twice")]
    assert faults_of(GOOD, ["total", "1200,01"]) == [(2, 1, "wrong_total")]
    assert faults_of(GOOD, ["total", "x"], ["b", *GOOD[1:]]) == [(2, 1, "wrong_total"), (3, 0, "after_total")]
    assert faults_of() == [(1, 0, "no_lines")]


def test_other_headings_are_refused_one_by_one():
    read = read_file([["group", "sum", *COLUMNS[2:], "more"], GOOD])
    assert [(each.column, each.code, each.value) for each in read.faults] == [
        (1, "wrong_head", "requested"),
        (8, "wrong_head", ""),
    ]
    assert [each.code for each in read_file([]).faults] == ["wrong_head"] * 8
