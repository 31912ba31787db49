"""Several people of a house decide about the same evenings in the same moment."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from app.rooms.models import RoomBooking, RoomRequest
from app.rooms.queries.requests import get_request
from app.rooms.rules.availability import Span
from app.rooms.services.decisions import Offer, approve
from app.rooms.services.requests import RequestDraft, ask_for_room
from app.shared.extensions import db
from app.shared.outbox import OutboxMail
from tests.builders.groups import NOW
from tests.builders.rooms import local_span
from tests.support.threads import acts_at_once

STAFF = 8
EVENINGS = [local_span(f"2026-12-{day:02} 19:00") for day in (7, 14, 21)]


def at_once(app, work, count=STAFF):
    """Let so many do the work in the same moment; answer what came of it."""
    return acts_at_once(
        app, *(lambda session, number=number: work(session, number) for number in range(count))
    )


def booked(session):
    session.rollback()
    return session.execute(
        sa.select(RoomBooking.starts_at, RoomBooking.ends_at).order_by(RoomBooking.starts_at)
    ).all()


def test_requests_for_overlapping_evenings_are_never_both_approved(app, session, house):
    ids = []
    for number in range(STAFF):
        shift = timedelta(minutes=5 * number)
        dates = [Span(each.starts_at + shift, each.ends_at + shift) for each in EVENINGS]
        draft = RequestDraft(house.group, house.small, 10, dates)
        ids.append(ask_for_room(session, draft, asked_by_id=None, now=NOW))
    session.commit()
    found = at_once(app, lambda writing, number: approve(writing, ids[number], now=NOW).booked)
    assert sorted(map(str, found)) == ["3"] + ["nothing_free"] * (STAFF - 1)
    assert len(booked(session)) == 3


def test_two_rooms_booked_in_opposite_order_stop_nobody(app, session, house):
    rooms = (house.small, house.large)
    ids = [
        ask_for_room(
            session,
            RequestDraft(
                house.group, rooms[number % 2], 10, [local_span(f"2026-12-07 {9 + number:02}:00", 60)]
            ),
            asked_by_id=None,
            now=NOW,
        )
        for number in range(STAFF)
    ]
    session.commit()

    def offer_the_other_room(writing, number):
        row = get_request(writing, ids[number])
        offers = [Offer(date.id, rooms[1 - number % 2], date.span) for date in row.dates]
        return approve(writing, ids[number], offers=offers, now=NOW).state

    assert at_once(app, offer_the_other_room) == ["countered"] * STAFF
    assert len(booked(session)) == STAFF


def test_one_request_approved_by_everybody_at_once_is_booked_and_told_once(app, session, house):
    request_id = house.ask("2026-12-07 19:00", "2026-12-14 19:00")
    session.execute(sa.delete(OutboxMail))
    session.commit()
    found = at_once(app, lambda writing, _number: approve(writing, request_id, now=NOW).state)
    assert found == ["approved"] * STAFF
    assert len(booked(session)) == 2
    assert session.scalar(sa.select(sa.func.count()).select_from(OutboxMail)) == 1
    assert session.scalar(sa.select(RoomRequest.state)) == "approved"


def test_a_group_that_asks_twice_at_once_has_asked_once(app, session, house):
    session.commit()
    draft = RequestDraft(house.group, house.small, 10, EVENINGS)
    found = at_once(app, lambda writing, _n: ask_for_room(writing, draft, asked_by_id=None, now=NOW))
    assert len(set(found)) == 1
    session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RoomRequest)) == 1
