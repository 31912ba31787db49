"""Reports that tell of nobody, an insurer's part of common pots, a calendar of deadlines, and who is reminded when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.funding.rules import deadline_calendar as calendar
from app.funding.rules import reminders
from app.funding.rules.deadline_calendar import Deadline, Month, gathered, month_from
from app.funding.rules.deadlines import objection_answer_due
from app.funding.rules.insurer_share import part_of
from app.funding.rules.report import OTHERS, REGION, YEAR, Figures, Line, guarded_report, whole_report
from app.funding.rules.small_counts import LEAST, split_small

LAST = date(2027, 3, 31)


def lines(*counts):
    return [Line(f"r{place}", Figures(groups=count, asked=100 * count)) for place, count in enumerate(counts)]


@given(st.lists(st.integers(0, 12), max_size=8), st.booleans())
def test_no_line_tells_of_fewer_than_five_groups_and_none_follows_from_the_sum(counts, overlap):
    split = split_small(counts, overlap=overlap)
    assert sorted((*split.shown, *split.together)) == list(range(len(counts)))
    assert all(counts[place] >= LEAST for place in split.shown)
    hidden = [counts[place] for place in split.together]
    if split.is_hidden:
        assert not split.shown
    elif hidden:
        assert (max(hidden) if overlap else sum(hidden)) >= LEAST


def test_those_who_decide_see_every_line_and_others_the_small_ones_together():
    assert [line.key for line in whole_report(REGION, lines(9, 2, 1), groups=12).lines] == ["r0", "r1", "r2"]
    guarded = guarded_report(REGION, lines(9, 2, 7, 4), groups=22)
    assert [(line.key, line.figures.asked) for line in guarded.lines] == [
        ("r0", 900),
        ("r2", 700),
        (OTHERS, 600),
    ]
    alone = guarded_report(REGION, lines(9, 2, 7), groups=18)  # the 2 would follow from the sum of all
    assert [(line.key, line.figures.asked) for line in alone.lines] == [("r0", 900), (OTHERS, 900)]
    assert alone.total == Figures(groups=18, asked=1800)
    assert guarded_report(REGION, lines(2, 1), groups=3).total is None
    assert guarded_report(YEAR, lines(4, 4), groups=4).total is None  # the same four in both years


def test_averages_and_shares_are_of_those_that_count():
    figures = Figures(requests=3, asked=1_000, decided=3, given=2, rejected=1, granted=501)
    assert (figures.average_asked, figures.average_granted, figures.rejected_permille) == (333, 251, 333)
    assert (Figures().average_asked, Figures().rejected_permille) == (None, None)


@given(st.integers(0, 10**9), st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 10**6)))
def test_the_parts_of_all_insurers_are_the_whole_pot(cents, called):
    parts = [part_of(cents, called, insurer, pot="p") for insurer in called]
    assert sum(parts) == (cents if sum(called.values()) else 0)
    assert part_of(cents, called, "somebody else", pot="p") == 0


def test_the_same_day_of_many_places_is_said_once_and_months_go_on():
    def last(on, name, kind=calendar.LAST_DAY):
        return Deadline(on, kind, 2027, (name,), f"last-{name}", path=f"/{name}")

    together = gathered(
        [last(LAST, "Köln"), last(LAST, "Emsland"), last(LAST, "Köln", calendar.OPENS), last(date.min, "A")]
    )
    assert [(each.on, each.kind, each.names) for each in together] == [
        (date.min, calendar.LAST_DAY, ("A",)),
        (LAST, calendar.OPENS, ("Köln",)),
        (LAST, calendar.LAST_DAY, ("Emsland", "Köln")),
    ]
    assert [each.path for each in together] == ["/A", "/Köln", ""]
    assert month_from("2026-12") == Month(2026, 12)
    assert Month(2026, 12).moved(1) == Month(2027, 1)
    assert Month(2026, 1).moved(-13) == Month(2024, 12)
    for wrong in ("2026-13", "2026-00", "1999-12", "9999-01", "2026-1", "x", ""):
        assert month_from(wrong) is None


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 1, 31), date(2026, 4, 30)),
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2026, 5, 4), date(2026, 8, 4)),
    ],
)
def test_an_objection_is_decided_within_three_months(received, due):
    assert objection_answer_due(received) == due


def test_groups_are_reminded_when_the_round_begins_and_two_weeks_before_its_end():
    days = {"opens_on": date(2026, 12, 1), "last_day": LAST}
    told = [
        reminders.due_again(today=LAST + timedelta(days=away), **days)
        for away in (-121, -120, -15, -14, 0, 1)
    ]
    assert told == [
        None,
        *[reminders.OPENED] * 2,
        *[reminders.ENDING] * 2,
        None,
    ]
    begun = {"begun_on": LAST - timedelta(days=14), "last_day": LAST}
    assert not reminders.due_unfinished(today=begun["begun_on"], **begun)
    assert reminders.due_unfinished(today=LAST, **begun)


def test_a_signer_has_four_days_or_until_three_days_before_the_end():
    def due(asked, today):
        asked_on, day = (LAST - timedelta(days=away) for away in (asked, today))
        return reminders.due_signature(today=day, asked_on=asked_on, last_day=LAST)

    assert [due(30, 27), due(30, 26), due(4, 3), due(2, 2), due(2, -1)] == [False, True, True, False, False]
