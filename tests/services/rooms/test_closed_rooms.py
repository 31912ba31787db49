"""A room is closed by itself, with its building or with its house: bookings inside are known, groups are told."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from app.groups.meetings.closing import close_and_tell, reopen_and_tell
from app.groups.meetings.closures import Owner
from app.groups.models import Closure, Group, MeetingPlace, MeetingSeries
from app.rooms.queries.rooms import get_room, room_facts
from app.rooms.rules.availability import obstacle_to
from app.rooms.rules.calendar_layout import window_of
from app.rooms.services.bookings import book_for_house
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


def shut(session, owner, **given):
    days = {"first_on": SECOND, "last_on": SECOND}
    return close_and_tell(
        session, owner, **{**days, "reason": "Boden", "place": "Raum Linde", "now": NOW, **given}
    )


def room_place(session, room_id):
    return Owner(place_id=get_room(session, room_id).place_id)


def mails(session):
    rows = session.execute(sa.select(OutboxMail.to_address, OutboxMail.body_text).order_by(OutboxMail.id))
    return [(address, " ".join(body.split())) for address, body in rows]


def test_one_mail_names_the_meetings_and_the_bookings_concerned_and_no_others(session, booked):
    """The group meets in the room on Wednesdays and has booked it for Mondays, too."""
    meets = sa.update(MeetingSeries).values(place_id=get_room(session, booked.small).place_id)
    session.execute(meets)
    for _ in range(2):
        shut(session, room_place(session, booked.small), last_on=date(2026, 12, 16))
    ((address, body),) = mails(session)
    assert address == "kontakt@example.org"
    assert (
        "Ihre Termine: Mi., 16. Dez., 19:00 Uhr Ihre Buchungen: Mo., 14. Dez., 19:00 Uhr, Raum Linde" in body
    )
    for words in (
        "Boden",
        "Diese Buchungen gelten nicht",
        "/groups/lichtblick/meetings",
        "/groups/lichtblick/rooms",
    ):
        assert words in body
    assert "7. Dez." not in body


def test_a_group_that_only_has_a_booking_is_told_of_it_alone(session, booked):
    (concerned,) = shut(session, room_place(session, booked.small))
    assert (concerned.meetings, len(concerned.reservations)) == ((), 1)
    ((_address, body),) = mails(session)
    assert "Ihre Termine" not in body
    assert "/groups/lichtblick/meetings" not in body
    assert obstacle(session, booked.small, "2026-12-14 11:00") == "closed"
    assert obstacle(session, booked.small, "2026-12-15 11:00") is None


def test_taken_back_the_room_is_as_if_it_had_never_been_closed_and_the_group_hears_it_once(session, booked):
    shut(session, room_place(session, booked.small))
    closure = session.scalar(sa.select(Closure.id))
    for _ in range(2):
        reopen_and_tell(session, closure, place="Raum Linde", now=NOW)
    _closed, (_address, body) = mails(session)
    assert "doch" in body
    assert "Ihre Buchungen: Mo., 14. Dez., 19:00 Uhr, Raum Linde" in body
    assert obstacle(session, booked.small, "2026-12-14 11:00") is None
    assert obstacle(session, booked.small, EVENINGS[1]) == "taken"


def test_with_the_house_its_own_rooms_are_closed_and_those_of_partners_are_not(session, booked):
    partner = make_room(session, "Aula", clearinghouse_id=booked.house, partner="Volkshochschule")
    (concerned,) = shut(session, Owner(clearinghouse_id=booked.house))
    assert [each.starts_at for each in concerned.reservations] == [local_span(EVENINGS[1]).starts_at]
    assert len(mails(session)) == 1
    assert obstacle(session, booked.large, "2026-12-14 11:00") == "closed"
    assert obstacle(session, partner, "2026-12-14 11:00") is None


def test_with_its_building_a_room_is_closed(session, booked):
    places = {each: get_room(session, each).place_id for each in (booked.small, booked.large)}
    session.get(MeetingPlace, places[booked.small]).part_of_id = places[booked.large]
    session.flush()
    shut(session, Owner(place_id=places[booked.large]))
    assert obstacle(session, booked.small, "2026-12-14 11:00") == "closed"
    assert len(mails(session)) == 1


def test_bookings_of_the_house_itself_and_those_that_are_over_concern_no_group(session, booked):
    book_for_house(session, booked.large, local_span(EVENINGS[1]), title="Vorstand", now=NOW)
    assert shut(session, room_place(session, booked.large)) == []
    later = local_span(EVENINGS[1]).ends_at
    assert shut(session, room_place(session, booked.small), now=later) == []


def test_the_address_that_the_group_gave_comes_first(session, booked):
    session.execute(sa.update(Group).values(contact_email="gruppe@example.org"))
    shut(session, room_place(session, booked.small))
    assert [address for address, _body in mails(session)] == ["gruppe@example.org"]
