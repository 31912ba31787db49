"""Days as people list them."""

from __future__ import annotations

import contextlib
import time
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.groups.rules.date_list import ListFault, read_day, read_days

TODAY = date(2026, 11, 26)


def read(text, most=400):
    return [day.isoformat() for day in read_days(text, today=TODAY, most=most)]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("3.12., 7.1. und 4.2.2027", ["2026-12-03", "2027-01-07", "2027-02-04"]),
        ("3.12., 7.1. und 4.2.2028", ["2027-12-03", "2028-01-07", "2028-02-04"]),
        ("2027-02-04\n2027-03-04", ["2027-02-04", "2027-03-04"]),
        ("2027-02-04 2027-03-04", ["2027-02-04", "2027-03-04"]),
        ("3.12. 7.1. 4.2.", ["2026-12-03", "2027-01-07", "2027-02-04"]),
        ("Di, 1.12.2026; Mittwoch 2.12.26", ["2026-12-01", "2026-12-02"]),
        ("3. 12. 2026 and 4/12/2026 & 5.12", ["2026-12-03", "2026-12-04", "2026-12-05"]),
        ("26.11.; 25.11.", ["2026-11-26", "2027-11-25"]),
        ("29.2.", ["2028-02-29"]),
        ("4.2.2027\r\n\r\n4.2.2027,\r\n3.2.2027,", ["2027-02-03", "2027-02-04"]),
        ("", []),
        (" ,;\n ", []),
    ],
)
def test_a_list_is_read_as_people_write_it(text, days):
    assert read(text) == days


@pytest.mark.parametrize(
    ("text", "kind", "piece"),
    [
        ("3.12., 31.2.2027", "no_such_day", "31.2.2027"),
        ("31.2.", "no_such_day", "31.2."),
        ("1.1.1200", "no_such_day", "1.1.1200"),
        ("3.12., bald", "unreadable", "bald"),
        ("jeden Dienstag", "unreadable", "jeden Dienstag"),
        ("1.1.2027, 2.1.2027, 3.1.2027", "too_many", ""),
    ],
)
def test_what_is_not_a_day_is_named_as_it_was_typed(text, kind, piece):
    with pytest.raises(ListFault) as fault:
        read(text, most=2)
    assert (fault.value.kind, fault.value.piece) == (kind, piece)


@given(
    st.sets(st.dates(date(1950, 1, 1), date(2100, 12, 31)), max_size=30),
    st.sampled_from([", ", "\n", " und ", ";", " "]),
)
def test_days_with_years_are_read_back_however_they_are_put_together(days, between):
    german = between.join(f"{day.day}.{day.month}.{day.year}" for day in days)
    iso = between.join(day.isoformat() for day in days)
    assert (
        read_days(german, today=TODAY, most=30) == read_days(iso, today=TODAY, most=30) == tuple(sorted(days))
    )


@given(st.lists(st.dates(TODAY, TODAY + timedelta(days=364)), max_size=20, unique=True))
def test_days_without_years_that_follow_one_another_are_the_next_ones(days):
    text = ", ".join(f"{day.day}.{day.month}." for day in sorted(days))
    assert read_days(text, today=TODAY, most=20) == tuple(sorted(days))


@given(st.text(alphabet="0123456789.,-/ \nundmoxä", max_size=60))
def test_any_text_is_read_or_refused(text):
    try:
        days = read_days(text, today=TODAY, most=400)
    except ListFault:
        return
    assert list(days) == sorted(set(days))


@pytest.mark.parametrize(
    "text",
    [
        "3.12.2027, " * 10_000,
        "3.12.2027 " * 10_000,
        "1" * 200_000,
        " " * 200_000,
        "mo " * 5000,
        "1. " * 5000,
        "mo" + " " * 15_000,
    ],
)
def test_a_long_text_is_answered_at_once(text):
    began = time.perf_counter()
    with contextlib.suppress(ListFault):
        read_days(text, today=TODAY, most=400)
    assert time.perf_counter() - began < 0.5


def test_a_single_day_needs_its_year():
    assert read_day("24.12.2026") == read_day("2026-12-24") == date(2026, 12, 24)
    with pytest.raises(ListFault):
        read_day("24.12.")
