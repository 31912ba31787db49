"""Closing a place changes every meeting in it, and is undone in one step."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.groups import queries
from app.groups.finder import count_groups
from app.groups.forms import FinderRequest
from app.groups.meetings.closures import Owner, close, list_closures, reopen, series_concerned
from app.groups.meetings.services import move_date
from app.groups.models import Closure, Group, MeetingPlace, MeetingSeries
from app.shared.errors import NotFound, RuleBroken
from tests.builders.groups import NOW, make_group, make_house, make_place

WEDNESDAY = date(2026, 11, 25)
WEEK = {"first_on": date(2026, 11, 23), "last_on": date(2026, 11, 29), "now": NOW}


@pytest.fixture(autouse=True)
def request_context(app):
    with app.test_request_context("/"):
        yield


@pytest.fixture
def house(session):
    return make_house(session)


@pytest.fixture
def groups(session, house):
    """Two groups of one place and one of another, all on Wednesdays."""
    one = make_group(session, clearinghouse_id=house)
    two = make_group(session, clearinghouse_id=house, name="Nachbarn")
    three = make_group(session, clearinghouse_id=house, name="Woanders", place=make_place(name="Pfarrheim"))
    return one, two, three


def place_of(session, group):
    return session.scalar(sa.select(Group.place_id).where(Group.id == group))


def meeting_on(session, day=WEDNESDAY):
    return count_groups(session, FinderRequest(date_from=day, date_to=day), now=NOW)


def test_groups_at_one_address_share_their_place(session, groups):
    one, two, three = (place_of(session, group) for group in groups)
    assert one == two != three


def test_a_closed_place_closes_every_meeting_in_it_and_reopening_brings_all_back(session, groups):
    assert meeting_on(session) == 3
    closure = close(session, Owner(place_id=place_of(session, groups[0])), reason="Wasserschaden", **WEEK)
    assert meeting_on(session) == 1
    assert meeting_on(session, WEDNESDAY + timedelta(days=7)) == 3
    for slug in ("lichtblick", "nachbarn"):
        first = queries.get_group_page(session, slug, now=NOW).next_meetings[0]
        assert (first.cause, first.note) == ("place_closed", "Wasserschaden")
    reopen(session, closure, now=NOW)
    reopen(session, closure, now=NOW)
    assert meeting_on(session) == 3


def test_a_building_closes_its_rooms_and_a_house_all_the_places_it_keeps(session, house, groups):
    room, other = place_of(session, groups[0]), place_of(session, groups[2])
    session.get(MeetingPlace, room).part_of_id = other
    session.get(MeetingPlace, other).clearinghouse_id = house
    session.flush()
    building = close(session, Owner(place_id=other), **WEEK)
    assert meeting_on(session) == 0
    reopen(session, building, now=NOW)
    whole = close(session, Owner(clearinghouse_id=house), **WEEK)
    assert meeting_on(session) == 2  # the room is not kept by the house itself
    reopen(session, whole, now=NOW)
    assert meeting_on(session) == 3


def test_a_group_that_rests_is_found_again_after_its_break(session, groups):
    close(session, Owner(group_id=groups[0]), reason="Sommerpause", **WEEK)
    assert meeting_on(session) == 2
    first = queries.get_group_page(session, "lichtblick", now=NOW).next_meetings[0]
    assert (first.cause, first.note) == ("break", "Sommerpause")


def test_a_date_moved_into_a_place_is_closed_with_it(session, groups):
    series = session.scalar(sa.select(MeetingSeries).where(MeetingSeries.group_id == groups[2]))
    there = place_of(session, groups[0])
    move_date(session, series.id, WEDNESDAY, new_on=WEDNESDAY, place_id=there, now=NOW)
    close(session, Owner(place_id=there), **WEEK)
    assert meeting_on(session) == 0


def test_every_series_concerned_gets_a_new_revision_when_it_closes_and_when_it_opens(session, groups):
    owner = Owner(place_id=place_of(session, groups[0]))
    closure = close(session, owner, **WEEK)
    reopen(session, closure, now=NOW + timedelta(hours=1))
    session.expire_all()
    revisions = dict(
        session.execute(sa.select(MeetingSeries.group_id, MeetingSeries.revision)).tuples().all()
    )
    assert [revisions[group] for group in groups] == [2, 2, 0]
    assert sorted(group for _series, group in series_concerned(session, owner)) == sorted(groups[:2])


def test_why_a_place_is_closed_is_not_told_by_a_group_whose_place_is_not_to_be_known(session, house):
    group = make_group(session, clearinghouse_id=house, disclosure="area")
    close(session, Owner(place_id=place_of(session, group)), reason="Wasserschaden im Bürgerhaus", **WEEK)
    page = queries.get_group_page(session, "lichtblick", now=NOW)
    first = page.next_meetings[0]
    assert (first.cause, first.note, first.place) == ("place_closed", "", None)
    assert page.card.missed.note == ""


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ((date(2026, 12, 2), date(2026, 12, 1)), "last_on"),
        ((date(2026, 11, 1), date(2026, 11, 22)), "last_on"),
        ((date(2026, 12, 1), date(2030, 12, 1)), "last_on"),
        ((date(2026, 11, 29), date(2026, 12, 3)), "first_on"),
        ((date(2026, 11, 1), date(2026, 11, 23)), "first_on"),
    ],
)
def test_days_that_cannot_be_closed_are_refused_with_a_sentence(session, groups, days, field):
    owner = Owner(place_id=place_of(session, groups[0]))
    close(session, owner, **WEEK)
    with pytest.raises(RuleBroken) as refused:
        close(session, owner, first_on=days[0], last_on=days[1], now=NOW)
    assert refused.value.field == field
    assert len(list_closures(session, owner, since=date(2020, 1, 1))) == 1


def test_the_same_closure_sent_twice_is_one(session, groups):
    owner = Owner(group_id=groups[0])
    assert close(session, owner, **WEEK) == close(session, owner, **WEEK)
    assert session.scalar(sa.select(sa.func.count()).select_from(Closure)) == 1


def test_what_does_not_exist_cannot_be_closed(session, groups):
    for owner in (Owner(place_id=10**6), Owner(group_id=10**6), Owner(clearinghouse_id=10**6)):
        with pytest.raises(NotFound):
            close(session, owner, **WEEK)
