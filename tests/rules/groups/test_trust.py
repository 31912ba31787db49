"""A listing is asked for after a year, and every stage follows the one before, from two days alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.groups.rules.trust import USUAL, Pace, Stage, asked_on, begins_on, mail_of, stage_of

DAYS = st.dates(date(2015, 1, 1), date(2035, 1, 1))
PACES = st.builds(
    lambda every, steps: Pace(every, *(sum(steps[: n + 1]) for n in range(4))),
    st.integers(1, 800),
    st.lists(st.integers(1, 60), min_size=4, max_size=4),
)
CONFIRMED = date(2025, 11, 23)


@pytest.mark.parametrize(
    ("days", "stage"),
    [
        (0, Stage.CONFIRMED),
        (364, Stage.CONFIRMED),
        (365, Stage.ASKED),
        (378, Stage.ASKED),
        (379, Stage.REMINDED),
        (393, Stage.REMINDED_AGAIN),
        (406, Stage.REMINDED_AGAIN),
        (407, Stage.NOT_CONFIRMED),
        (484, Stage.NOT_CONFIRMED),
        (485, Stage.DORMANT),
        (9_000, Stage.DORMANT),
    ],
)
def test_a_year_later_it_is_asked_then_reminded_after_14_and_28_days_marked_after_42_asleep_after_120(
    days, stage
):
    assert stage_of(CONFIRMED, CONFIRMED, today=CONFIRMED + timedelta(days=days)) is stage


def test_a_register_that_is_taken_over_with_old_days_is_asked_first():
    taken_over = date(2026, 11, 23)
    assert asked_on(date(2019, 1, 1), taken_over) == taken_over
    assert stage_of(date(2019, 1, 1), taken_over, today=taken_over) is Stage.ASKED


@given(confirmed=DAYS, registered=DAYS, today=DAYS, pace=PACES)
def test_stages_never_go_back_while_nobody_confirms_and_each_begins_on_its_day(
    confirmed, registered, today, pace
):
    stage = stage_of(confirmed, registered, today=today, pace=pace)
    assert stage_of(confirmed, registered, today=today + timedelta(days=1), pace=pace) in {
        stage,
        min(stage + 1, Stage.DORMANT),
    }
    if stage is not Stage.CONFIRMED:
        first = begins_on(stage, confirmed, registered, pace=pace)
        assert first <= today
        assert stage_of(confirmed, registered, today=first, pace=pace) is stage
        assert stage_of(confirmed, registered, today=first - timedelta(days=1), pace=pace) < stage


@given(registered=DAYS, today=DAYS, pace=PACES)
def test_who_confirms_today_is_confirmed_for_the_whole_time(registered, today, pace):
    ahead = timedelta(days=pace.every - 1)
    assert stage_of(today, min(registered, today), today=today + ahead, pace=pace) is Stage.CONFIRMED


def test_each_asking_is_a_mail_of_its_own_and_who_missed_the_last_gets_it_later():
    assert [mail_of(stage) for stage in Stage] == [
        None,
        Stage.ASKED,
        Stage.REMINDED,
        Stage.REMINDED_AGAIN,
        Stage.REMINDED_AGAIN,
        None,
    ]


@pytest.mark.parametrize("wrong", [{"every": 0}, {"reminded": 0}, {"reminded_again": 14}, {"dormant": 42}])
def test_a_pace_whose_stages_do_not_follow_one_another_is_refused(wrong):
    with pytest.raises(ValueError, match="follow one another"):
        Pace(**wrong)
    assert Pace() == USUAL
