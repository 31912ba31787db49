"""A series whose dates are booked in a room is entered there, once, by who may; what changes is said before."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.groups.models import Group, MeetingSeries
from app.rooms.labels import series_place_words
from app.rooms.queries.requests import get_request
from app.rooms.queries.rooms import get_room
from app.rooms.services.bookings import book_for_house
from app.rooms.services.decisions import Offer, approve
from app.rooms.services.requests import accept_offer
from app.rooms.services.series_places import booked_room_id, find_series_place, meet_where_booked
from app.shared.errors import RuleBroken
from app.shared.outbox import OutboxMail
from tests.builders.groups import NOW
from tests.builders.rooms import local_span

WEDNESDAYS = [f"2026-12-{day:02} 19:00" for day in (9, 16)]


@pytest.fixture
def series(session, house):
    return session.scalars(sa.select(MeetingSeries).where(MeetingSeries.group_id == house.group)).one()


def last_mail(session):
    body = session.scalar(sa.select(OutboxMail.body_text).order_by(OutboxMail.id.desc()).limit(1))
    return " ".join(body.split())


def found(session, request_id, now=NOW):
    row = get_request(session, request_id)
    return find_series_place(session, row, room_id=booked_room_id(row, now=now), now=now)


def test_the_approval_says_where_seekers_still_go_and_what_they_will_read(session, house, series):
    request_id = house.ask(*WEDNESDAYS, series_id=series.id)
    assert found(session, request_id) is None  # nothing is booked yet
    approve(session, request_id, now=NOW)
    for words in (
        "noch an einem anderen Ort",
        "Uhr): Raum Linde, Lindenallee 3",
        "Bisher steht dort: Bürgerhaus",
        "Raum als Treffpunkt der Reihe eintragen",
        f"/rooms#request-{request_id}",
    ):
        assert words in last_mail(session)


def test_entered_twice_the_series_meets_in_the_room_and_calendars_learn_of_it_once(session, house, series):
    request_id = house.ask(*WEDNESDAYS, series_id=series.id)
    approve(session, request_id, now=NOW)
    revision = series.revision
    assert meet_where_booked(session, request_id, now=NOW) is True
    assert meet_where_booked(session, request_id, now=NOW) is False
    session.refresh(series)
    assert (series.place_id, series.where_note) == (get_room(session, house.small).place_id, "Raum Linde")
    assert series.revision == revision + 1
    assert found(session, request_id).is_done


def test_approving_may_enter_it_at_once_and_the_mail_says_so(session, house, series):
    approve(session, house.ask(*WEDNESDAYS, series_id=series.id), meets_there=True, now=NOW)
    session.refresh(series)
    assert series.where_note == "Raum Linde"
    assert "Raum Linde ist als Treffpunkt Ihrer Reihe eingetragen." in last_mail(session)
    assert "noch an einem anderen Ort" not in last_mail(session)


def test_an_accepted_offer_counts_and_several_rooms_are_no_place(session, house, series):
    request_id = house.ask(*WEDNESDAYS, series_id=series.id)
    book_for_house(session, house.small, local_span(WEDNESDAYS[0]), title="Vorstand", now=NOW)
    date = get_request(session, request_id).dates[0]
    offer = Offer(date.id, house.large, date.span)
    approve(session, request_id, offers=[offer], now=NOW)
    assert found(session, request_id).room.id == house.small
    accept_offer(session, request_id, now=NOW)
    assert found(session, request_id) is None
    with pytest.raises(RuleBroken) as refused:
        meet_where_booked(session, request_id, now=NOW)
    assert refused.value.code == "no_room_of_series"
    assert found(session, request_id, now=date.span.ends_at).room.id == house.small


@pytest.mark.parametrize(
    "change", [{"format": "online"}, {"until_on": NOW.date() - timedelta(days=1)}], ids=str
)
def test_a_series_that_needs_no_room_any_more_is_left_alone(session, house, series, change):
    request_id = house.ask(*WEDNESDAYS, series_id=series.id)
    approve(session, request_id, now=NOW)
    session.execute(sa.update(MeetingSeries).values(**change))
    session.expire_all()
    assert found(session, request_id) is None


def test_single_dates_are_no_series(session, house, series):
    request_id = house.ask(*WEDNESDAYS)
    approve(session, request_id, meets_there=False, now=NOW)
    assert found(session, request_id) is None
    assert "Treffpunkt" not in last_mail(session)


@pytest.mark.parametrize(
    "change", [{"disclosure": "area"}, {"disclosure": "clearinghouse"}, {"state": "paused"}]
)
def test_where_the_place_is_not_shown_nobody_is_promised_to_read_it(session, house, series, change):
    request_id = house.ask(*WEDNESDAYS, series_id=series.id)
    approve(session, request_id, now=NOW)
    session.execute(sa.update(Group).values(**change))
    session.expire_all()
    words = " ".join(series_place_words(found(session, request_id)))
    assert "Ihr Ort wird nicht genau gezeigt" in words
    assert "haben dann diesen Ort: Raum Linde" in words
