"""Two bookings of a room never overlap, however many book at once; held by the database itself."""

from __future__ import annotations

from itertools import pairwise

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.rooms.models import TIME_CONSTRAINT, RoomBooking
from app.rooms.services.bookings import NewBooking, book_for_house, cancel_booking, store_bookings
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction
from tests.builders.groups import NOW
from tests.builders.rooms import local_span, make_room
from tests.support.bookers import BOOKERS, EVENINGS
from tests.support.programs import told_by


def row(room_id, span, **given):
    usual = {
        "group_id": None,
        "title": "Vorstand",
        "state": "confirmed",
        "cancel_reason": "",
        "created_at": NOW,
    }
    return {"room_id": room_id, "starts_at": span.starts_at, "ends_at": span.ends_at, **usual, **given}


@pytest.fixture
def room(session):
    with transaction() as writing:
        return make_room(writing)


@pytest.mark.parametrize(
    ("begins", "minutes"),
    [("18:00", 61), ("18:30", 90), ("19:00", 90), ("19:15", 10), ("20:29", 60), ("17:00", 600)],
)
def test_the_database_refuses_a_second_booking_that_overlaps(session, room, begins, minutes):
    first = local_span("2026-11-25 19:00")
    session.execute(sa.insert(RoomBooking), [row(room, first)])
    with pytest.raises(IntegrityError, match=TIME_CONSTRAINT):
        session.execute(sa.insert(RoomBooking), [row(room, local_span(f"2026-11-25 {begins}", minutes))])


def test_back_to_back_in_another_room_or_after_a_cancellation_is_no_conflict(session, room):
    other = make_room(session, "Raum Esche", clearinghouse_id=_house_of(session, room))
    first = local_span("2026-11-25 19:00")
    session.execute(
        sa.insert(RoomBooking),
        [
            row(room, first, state="cancelled"),
            row(room, first),
            row(room, local_span("2026-11-25 17:30")),
            row(room, local_span("2026-11-25 20:30")),
            row(other, first),
        ],
    )
    assert session.scalar(sa.select(sa.func.count()).select_from(RoomBooking)) == 5


@pytest.mark.parametrize("change", ["times", "room", "state"])
def test_the_database_refuses_a_change_that_makes_two_overlap(session, room, change):
    other = make_room(session, "Raum Esche", clearinghouse_id=_house_of(session, room))
    first, later = local_span("2026-11-25 19:00"), local_span("2026-11-25 20:30")
    kinds = {
        "times": (row(room, later), {"starts_at": first.starts_at}),
        "room": (row(other, first), {"room_id": room}),
        "state": (row(room, first, state="cancelled"), {"state": "confirmed"}),
    }
    before, values = kinds[change]
    session.execute(sa.insert(RoomBooking), [row(room, first)])
    moved = session.scalar(sa.insert(RoomBooking).values(**before).returning(RoomBooking.id))
    with pytest.raises(IntegrityError, match=TIME_CONSTRAINT):
        session.execute(sa.update(RoomBooking).where(RoomBooking.id == moved).values(**values))


def test_a_booking_may_be_changed_where_it_stands(session, room):
    session.execute(sa.insert(RoomBooking), [row(room, local_span("2026-11-25 19:00"))])
    shorter = local_span("2026-11-25 19:00", 60)
    session.execute(sa.update(RoomBooking).values(ends_at=shorter.ends_at))
    assert session.scalar(sa.select(RoomBooking.ends_at)) == shorter.ends_at


def test_the_guards_of_the_bookings_are_there_at_the_newest_migration(session):
    if session.get_bind().dialect.name == "sqlite":
        found = session.scalars(
            sa.text("SELECT name FROM sqlite_master WHERE tbl_name = 'room_booking' AND type = 'trigger'")
        )
        assert sorted(found) == [f"{TIME_CONSTRAINT}_insert", f"{TIME_CONSTRAINT}_update"]
    else:
        found = session.scalars(sa.text("SELECT conname FROM pg_constraint WHERE contype = 'x'"))
        assert list(found) == [TIME_CONSTRAINT]


def test_no_extension_is_needed(session):
    if session.get_bind().dialect.name == "postgresql":
        assert list(session.scalars(sa.text("SELECT extname FROM pg_extension"))) == ["plpgsql"]


def test_whoever_comes_second_is_told_what_to_do(session, room):
    span = local_span("2026-11-25 19:00")
    book_for_house(session, room, span, title="Vorstand", now=NOW)
    with pytest.raises(RuleBroken, match="anderen Raum") as refused:
        book_for_house(session, room, span, title="Putzen", now=NOW)
    assert refused.value.code == "room_taken"


def test_all_of_several_bookings_are_stored_or_none(session, room):
    free, taken = local_span("2026-11-24 19:00"), local_span("2026-11-25 19:00")
    store_bookings(session, [NewBooking(room, taken, title="Vorstand")], now=NOW)
    with pytest.raises(RuleBroken):
        store_bookings(session, [NewBooking(room, each, title="Kurs") for each in (free, taken)], now=NOW)
    assert session.scalars(sa.select(RoomBooking.title)).all() == ["Vorstand"]


def test_pressed_twice_the_house_has_one_booking_and_a_cancelled_one_is_made_anew(session, room):
    span = local_span("2026-11-25 19:00")
    first = book_for_house(session, room, span, title=" Vorstand ", now=NOW)
    assert book_for_house(session, room, span, title="Vorstand", now=NOW) == first
    assert cancel_booking(session, first, now=NOW) is True
    assert cancel_booking(session, first, now=NOW) is False
    assert book_for_house(session, room, span, title="Vorstand", now=NOW) != first


def test_of_twenty_who_book_in_the_same_moment_one_gets_the_room_and_the_others_a_sentence(app, database_url):
    with app.app_context(), transaction() as session:
        first = make_room(session)
        rooms = [first, make_room(session, "Raum Esche", clearinghouse_id=_house_of(session, first))]
    found = told_by("bookers", database_url, *rooms)
    assert len(found) == BOOKERS
    for of_an_evening in zip(*found, strict=True):
        assert sorted(of_an_evening) == ["booked"] + ["room_taken"] * (BOOKERS - 1)
    with app.app_context():
        spans = db.session.execute(
            sa.select(RoomBooking.room_id, RoomBooking.starts_at, RoomBooking.ends_at).order_by(
                RoomBooking.room_id, RoomBooking.starts_at
            )
        ).all()
    assert len(spans) == EVENINGS + 1  # and the one that warmed up
    assert all(
        one.room_id != other.room_id or one.ends_at <= other.starts_at for one, other in pairwise(spans)
    )


def _house_of(session, room_id):
    from app.rooms.queries.rooms import get_room

    return get_room(session, room_id).clearinghouse_id
