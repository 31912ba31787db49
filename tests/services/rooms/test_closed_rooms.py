"""A room is closed by itself, with its building or with its house: bookings inside are known, groups are told."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from app.groups.closures import Owner, close, reopen
from app.groups.models import Closure, MeetingPlace
from app.rooms.queries.rooms import get_room, room_facts
from app.rooms.rules.availability import obstacle_to
from app.rooms.rules.calendar_layout import window_of
from app.rooms.services.closures import close_room, list_bookings_closed_by
from app.rooms.services.decisions import approve
from app.shared.outbox import OutboxMail
from tests.builders.groups import NOW
from tests.builders.rooms import local_span, make_room

EVENINGS = [f"2026-12-{day:02} 19:00" for day in (7, 14, 21)]
SECOND = date(2026, 12, 14)


@pytest.fixture
def booked(session, house):
    approve(session, house.ask(*EVENINGS), now=NOW)
    session.execute(sa.delete(OutboxMail))
    return house


def obstacle(session, room_id, begins):
    room = get_room(session, room_id)
    window = window_of(date(2026, 12, 1), date(2026, 12, 31), room.zone)
    found = obstacle_to(room_facts(session, [room], window)[room_id], local_span(begins))
    return found.kind if found else None


def test_the_group_is_told_once_of_its_bookings_inside_and_keeps_the_others(session, booked):
    for _ in range(2):
        close_room(session, booked.small, first_on=SECOND, last_on=SECOND, reason="Boden", now=NOW)
    mail = session.scalars(sa.select(OutboxMail)).one()
    assert mail.to_address == "kontakt@example.org"
    assert "14. Dez. 2026" in mail.body_text
    assert "7. Dez. 2026" not in mail.body_text
    assert "Boden" in mail.body_text
    assert obstacle(session, booked.small, "2026-12-14 11:00") == "closed"
    assert obstacle(session, booked.small, "2026-12-15 11:00") is None


def test_taken_back_the_room_is_as_if_it_had_never_been_closed(session, booked):
    close_room(session, booked.small, first_on=SECOND, last_on=SECOND, now=NOW)
    reopen(session, session.scalar(sa.select(Closure.id)), now=NOW)
    assert obstacle(session, booked.small, "2026-12-14 11:00") is None
    assert obstacle(session, booked.small, EVENINGS[1]) == "taken"


def test_with_the_house_its_own_rooms_are_closed_and_those_of_partners_are_not(session, booked):
    partner = make_room(session, "Aula", clearinghouse_id=booked.house, partner="Volkshochschule")
    owner = Owner(clearinghouse_id=booked.house)
    close(session, owner, first_on=SECOND, last_on=SECOND, reason="Fest", now=NOW)
    assert obstacle(session, booked.large, "2026-12-14 11:00") == "closed"
    assert obstacle(session, partner, "2026-12-14 11:00") is None
    found = list_bookings_closed_by(session, owner, first_on=SECOND, last_on=SECOND)
    assert [booking.span for booking in found] == [local_span(EVENINGS[1])]


def test_with_its_building_a_room_is_closed(session, booked):
    places = {each: get_room(session, each).place_id for each in (booked.small, booked.large)}
    session.get(MeetingPlace, places[booked.small]).part_of_id = places[booked.large]
    session.flush()
    close_room(session, booked.large, first_on=SECOND, last_on=SECOND, now=NOW)
    assert obstacle(session, booked.small, "2026-12-14 11:00") == "closed"
    assert session.scalar(sa.select(sa.func.count()).select_from(OutboxMail)) == 1
