"""How many came is noted for meetings that are over, and summed up for a year."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.groups.drafts import SeriesDraft
from app.groups.meetings.attendance import attendance_of, list_past_meetings, note_attendance
from app.groups.meetings.services import cancel_date, change_series, move_date
from app.groups.models import MeetingAttendance
from app.groups.rules.recurrence import spans
from app.shared.errors import NotFound, RuleBroken
from tests.builders.followed import own_group, series_of
from tests.builders.groups import NOW, make_group, make_rule

WEDNESDAY = date(2026, 11, 18)
WEEK = timedelta(days=7)


@pytest.fixture
def group(session):
    return make_group(session)


def note(session, group, counts, *, now=NOW):
    series_id = series_of(session, group)
    keyed = {(series_id, on): count for on, count in counts.items()}
    note_attendance(session, own_group(session, group, now=now).schedule, keyed, now=now)
    return series_id


def figures(session, group, year=2026, *, now=NOW):
    return attendance_of(session, group, year, now=now)


def held_in(year, until):
    start = datetime(year, 1, 1, tzinfo=UTC)
    return len(spans(make_rule(), start=start, end=until))


def test_the_present_year_counts_until_now_and_a_past_one_wholly(session, group):
    note(session, group, {WEDNESDAY: 7, WEDNESDAY - WEEK: 10})
    assert figures(session, group) == (held_in(2026, NOW), 2, 8.5)
    assert figures(session, group, 2025) == (held_in(2025, datetime(2026, 1, 1, tzinfo=UTC)), 0, None)
    assert figures(session, group, 2027) == (0, 0, None)
    assert figures(session, 0) == (0, 0, None)


def test_a_number_is_noted_anew_and_taken_back(session, group):
    note(session, group, {WEDNESDAY: 7})
    note(session, group, {WEDNESDAY: 8})
    assert session.scalars(sa.select(MeetingAttendance.count)).all() == [8]
    note(session, group, {WEDNESDAY: None})
    assert figures(session, group).counted == 0


@pytest.mark.parametrize("on", [date(2026, 11, 25), WEDNESDAY + timedelta(days=1), WEDNESDAY - 60 * WEEK])
def test_only_meetings_of_the_last_twelve_months_have_numbers(on, session, group):
    with pytest.raises(NotFound):
        note(session, group, {on: 7})


@pytest.mark.parametrize("count", [-1, 1001])
def test_a_number_is_0_to_1000_for_the_service_and_for_the_database(count, session, group):
    with pytest.raises(RuleBroken):
        note(session, group, {WEDNESDAY: count})
    session.add(
        MeetingAttendance(series_id=series_of(session, group), on_day=WEDNESDAY, count=count, noted_at=NOW)
    )
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()
    session.rollback()


def test_a_cancelled_date_is_not_among_the_past_meetings_and_counts_for_nothing(session, group):
    series_id = note(session, group, {WEDNESDAY: 7})
    before = figures(session, group).held
    cancel_date(session, series_id, WEDNESDAY, now=NOW)
    assert figures(session, group) == (before - 1, 0, None)
    past = list_past_meetings(session, own_group(session, group).schedule, now=NOW)
    assert past[0].meeting.on == WEDNESDAY - WEEK


def test_what_was_counted_before_the_rhythm_changed_still_counts(session, group):
    series_id = note(session, group, {WEDNESDAY: 7})
    change_series(session, series_id, SeriesDraft(make_rule(weekday=4)), now=NOW)
    assert figures(session, group)[1:] == (1, 7.0)


def test_a_meeting_moved_over_new_year_belongs_to_the_year_in_which_people_met(session, group):
    before = datetime(2026, 12, 20, tzinfo=UTC)
    after = datetime(2027, 1, 10, tzinfo=UTC)
    series_id = series_of(session, group)
    move_date(session, series_id, date(2026, 12, 30), new_on=date(2027, 1, 4), now=before)
    note(session, group, {date(2026, 12, 30): 9}, now=after)
    assert figures(session, group, 2027, now=after) == (2, 1, 9.0)
    assert figures(session, group, 2026, now=after).counted == 0
