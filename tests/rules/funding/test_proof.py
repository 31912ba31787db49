"""Proofs of use: which form, until when, what is left, when one is missing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.funding.reference_files import region_presets
from app.funding.rules.proof import (
    ACCEPTED,
    CONFIRMATION,
    DRAFT,
    FULL,
    LATE,
    ON_DAY,
    QUESTIONS,
    SOON,
    SUBMITTED,
    Stand,
    Use,
    due_on,
    kind_of_proof,
    reminder_on,
)
from app.funding.rules.proof_file import read_expenses

SUMS = st.integers(0, 10**12)
NI, BW, BE, HH, NRW, BY = "03", "08", "11", "02", "05", "09"
KINDS = {"miete": "rent", "rent": "rent"}


@pytest.mark.parametrize(
    ("state", "short", "full"),
    [
        (NI, 75_000, 75_001),
        (BW, 79_900, 80_000),
        (BE, 60_000, 60_100),
        (HH, 50_000, 50_001),
        (NRW, 100_000, 100_100),
        (BY, None, 1),
    ],
)
def test_each_land_has_its_threshold_for_the_short_confirmation(state, short, full):
    rules = region_presets()[state]
    assert short is None or kind_of_proof(short, rules) == CONFIRMATION
    assert kind_of_proof(full, rules) == FULL


def test_proof_is_due_with_the_next_request_or_on_the_day_of_the_region():
    presets = region_presets()
    assert due_on(2026, presets[NI]) == date(2027, 6, 30)
    assert due_on(2026, presets[NRW]) == date(2027, 3, 31)
    assert due_on(2026, presets[BY]) == date(2027, 2, 15)
    assert due_on(2025, presets[BY]) == date(2026, 2, 16), "the 15th is a Sunday"


@given(SUMS, SUMS, SUMS, SUMS)
def test_what_was_used_and_what_is_left_are_together_what_was_received(received, spent, own, others):
    use = Use(received, spent, own, others)
    assert use.used_cents + use.remaining_cents == received
    assert 0 <= use.used_cents <= max(0, spent - own - others)
    assert Use(received, spent + 1, own, others).remaining_cents <= use.remaining_cents


def test_a_proof_is_missing_when_its_day_is_over_or_a_request_should_bring_it():
    day = date(2027, 6, 30)
    by_day = Stand(DRAFT, day, comes_with_request=False)
    assert not by_day.is_missing(day)
    assert by_day.is_missing(day + timedelta(days=1))
    with_request = Stand(DRAFT, day, comes_with_request=True)
    assert with_request.is_missing(date(2027, 1, 5))
    later = Stand(DRAFT, day, comes_with_request=True, extended_until=date(2027, 8, 1))
    assert not later.is_missing(date(2027, 8, 1))
    assert later.is_missing(date(2027, 8, 2))
    for state in (SUBMITTED, ACCEPTED):
        assert not Stand(state, day, comes_with_request=True).is_missing(date(2030, 1, 1))
    asked = Stand(QUESTIONS, day, comes_with_request=True, answer_until=date(2027, 9, 1))
    assert not asked.is_missing(date(2027, 9, 1))
    assert asked.is_missing(date(2027, 9, 2))


def test_a_group_is_reminded_before_on_and_after_the_last_day():
    day = date(2027, 3, 31)
    told = [(each, reminder_on(day, day + timedelta(days=each))) for each in (-15, -14, -1, 0, 14, 15, 400)]
    assert told == [(-15, None), (-14, SOON), (-1, SOON), (0, ON_DAY), (14, ON_DAY), (15, LATE), (400, LATE)]


def test_a_list_of_expenses_is_answered_cell_by_cell():
    rows = [
        ["Art", "Tag", "wofür", "Euro"],
        ["Miete", "2027-03-01", "Raum", "1.200,50"],
        ["Segeln", "31.2.2027", "", "12,345"],
        [],
        ["rent", "1.1.2025", "x" * 121, "0"],
        ["Summe", "", "", "1,00"],
        ["rent", "2027-01-01", "Raum", "1"],
    ]
    read = read_expenses(rows, KINDS, year=2027, most_cents=10_000_000)
    assert [(each.row, each.column, each.code) for each in read.faults] == [
        (2, 0, "unknown_kind"),
        (2, 1, "not_a_day"),
        (2, 2, "missing"),
        (2, 3, "not_money"),
        (4, 1, "other_year"),
        (4, 2, "too_long"),
        (4, 3, "not_money"),
        (6, 0, "after_total"),
    ]
    wrong = read_expenses([["x"], ["y"]], KINDS, year=2027, most_cents=1)
    assert [each.column for each in wrong.faults] == [0, 1, 2, 3]
    right = read_expenses([*rows[:2], ["total", "", "", "1200.50"]], KINDS, year=2027, most_cents=10_000_000)
    assert [each.cents for each in right.expenses] == [120_050]
    assert not right.faults
    off = read_expenses([*rows[:2], ["total", "", "", "1"]], KINDS, year=2027, most_cents=10_000_000)
    assert [each.code for each in off.faults] == ["wrong_total"]
    unreadable = read_expenses([*rows[:2], ["total", "", "", "x"]], KINDS, year=2027, most_cents=10_000_000)
    assert [each.code for each in unreadable.faults] == ["wrong_total"]
    many = [rows[0], *[rows[1]] * 201]
    assert read_expenses(many, KINDS, year=2027, most_cents=10**9).faults[0].code == "too_many"
    assert read_expenses([rows[0]], KINDS, year=2027, most_cents=1).faults[0].code == "no_lines"
