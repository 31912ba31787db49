"""Rooms are checked and stored with place and hours."""

from __future__ import annotations

from datetime import time

import pytest
import sqlalchemy as sa

from app.clearinghouses.rules.opening_hours import Interval
from app.groups.models import MeetingPlace
from app.rooms.models import Room
from app.rooms.queries.rooms import find_room, get_room, list_rooms
from app.rooms.services.rooms import change_room, register_room
from app.shared.errors import NotFound, RuleBroken
from tests.builders.groups import NOW, make_house, make_place
from tests.builders.rooms import make_room, make_room_draft


def test_a_room_is_a_place_with_hours_and_rules(session):
    hours = [Interval(1, time(9), time(12)), Interval(1, time(11), time(18))]
    room = get_room(
        session, make_room(session, hours=hours, house_rules="Bitte\r\nlüften.\x00 ", price_cents=500)
    )
    assert (room.name, room.address, room.capacity) == ("Raum Linde", "Lindenallee 3, 50667 Köln", 14)
    assert room.hours == (Interval(1, time(9), time(18)),)
    assert (room.house_rules, room.price_cents, room.price_per) == ("Bitte\nlüften.", 500, "meeting")
    assert session.get(MeetingPlace, room.place_id).latitude == 50.93812


def test_changed_a_room_is_as_the_draft_says_and_a_new_address_is_looked_up_anew(session):
    room_id = make_room(session)
    draft = make_room_draft(
        "Raum Esche", place=make_place(name="Raum Esche", street="Eschenweg 2"), capacity=20
    )
    change_room(session, room_id, draft, now=NOW)
    room = get_room(session, room_id)
    assert (room.name, room.street, room.capacity) == ("Raum Esche", "Eschenweg 2", 20)
    place = session.get(MeetingPlace, room.place_id)
    assert (place.latitude, place.point_quality) == (None, "none")


def test_a_change_that_leaves_the_address_keeps_the_point(session):
    room_id = make_room(session)
    change_room(session, room_id, make_room_draft("Raum Esche"), now=NOW)
    assert session.get(MeetingPlace, get_room(session, room_id).place_id).latitude == 50.93812


@pytest.mark.parametrize(
    ("fault", "field"),
    [
        ({"place": make_place(name="x")}, "name"),
        ({"place": make_place(name="Raum\nLinde")}, "place"),
        ({"capacity": 0}, "capacity"),
        ({"capacity": 1001}, "capacity"),
        ({"price_cents": -1}, "price"),
        ({"price_cents": 1_000_001}, "price"),
        ({"price_per": "day"}, "price_per"),
        ({"lead_hours": -1}, "lead"),
        ({"lead_hours": 91 * 24}, "lead"),
        ({"equipment": ["swimming_pool"]}, "equipment"),
        ({"access": ["sign_language"]}, "access"),
        ({"hours": []}, "hours"),
        ({"zone": "Europe/Nowhere"}, "zone"),
        ({"house_rules": "x" * 4001}, "house_rules"),
    ],
    ids=str,
)
def test_a_room_that_breaks_a_rule_is_refused_beside_its_field(session, fault, field):
    house = make_house(session)
    with pytest.raises(RuleBroken) as refused:
        register_room(session, house, make_room_draft(**fault), now=NOW)
    assert refused.value.field == field
    assert session.scalar(sa.select(sa.func.count()).select_from(Room)) == 0


def test_a_room_that_is_not_booked_needs_no_hours(session):
    assert get_room(session, make_room(session, hours=[], is_bookable=False)).hours == ()


def test_the_houses_own_rooms_come_before_those_of_partners(session):
    house = make_house(session)
    make_room(session, "Aula", clearinghouse_id=house, partner="Volkshochschule", is_public=False)
    make_room(session, "Raum Linde", clearinghouse_id=house)
    make_room(session, "Cafe", clearinghouse_id=house)
    assert [room.name for room in list_rooms(session, house)] == ["Cafe", "Raum Linde", "Aula"]
    assert [room.name for room in list_rooms(session, house, only_public=True)] == ["Cafe", "Raum Linde"]


def test_a_room_that_is_not_there_is_not_found(session):
    assert find_room(session, 4711) is None
    with pytest.raises(NotFound):
        get_room(session, 4711)
    with pytest.raises(NotFound):
        change_room(session, 4711, make_room_draft(), now=NOW)
