"""What a house answers: approve what is free, decline with a reason, offer another room or time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.rooms.models import RoomBooking, RoomRequest, RoomRequestDate
from app.rooms.queries.requests import DateRow, RequestRow, get_request
from app.rooms.queries.rooms import get_room, room_facts
from app.rooms.rules.availability import Span, obstacle_to
from app.rooms.rules.vocabulary import (
    COUNTERED,
    DECLINED,
    HELD,
    PARTLY,
    WAITING,
    WITHDRAWN,
)
from app.rooms.services.bookings import NewBooking, lock_rooms, room_taken, store_bookings
from app.rooms.services.notices import tell_group, tell_house
from app.rooms.services.noting import note_of_request
from app.rooms.services.requests import lock_request, release_holds, state_by_bookings
from app.rooms.services.series_places import booked_room_id, meet_where_booked
from app.shared.errors import RuleBroken

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

OFFER_LASTS = timedelta(days=7)
LONGEST_REASON = 2_000
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a house offers for a wanted date: the same or another room at a time."""

    date_id: int
    room_id: int
    span: Span


@dataclass(frozen=True, slots=True)
class Decision:
    """What came of it: the state of the request, what is booked now, and the dates without a booking or an offer."""

    state: str
    booked: int
    left: tuple[Span, ...]


def approve(
    session: Session,
    request_id: int,
    *,
    date_ids: Collection[int] | None = None,
    offers: Sequence[Offer] = (),
    remark: str = "",
    meets_there: bool = False,
    decided_by_id: int | None = None,
    now: datetime,
) -> Decision:
    """Afterwards the dates that are free (or those named of them) are booked, and offers are held for seven days.

    With ``meets_there`` the series is entered as meeting in the room, if all its dates to come are booked in one.

    The group is told which dates are booked, which are not and what is offered. Pressed twice, or when another has
    decided already, nothing changes and what holds is answered.

    Raises:
        NotFound: there is no such request.
        RuleBroken: nothing is free and nothing offered (``nothing_free``), or an offer is not free (``room_taken``).
    """
    request = lock_request(session, request_id)
    if request.state not in {WAITING, PARTLY}:
        return _decision(get_request(session, request_id), request.state)
    lock_rooms(session, {request.room_id, *(offer.room_id for offer in offers)})
    row = get_request(session, request_id)
    offered = {offer.date_id: offer for offer in offers}
    unknown = offered.keys() - {date.id for date in row.dates if date.booking is None}
    if unknown:
        return _decision(row, request.state)
    free = _free_dates(session, row, _wanted(row, date_ids, offered), now=now)
    if not free and not offered:
        if any(date.booking for date in row.dates):
            return _decision(row, request.state)
        raise RuleBroken(
            _("None of these dates is free. Please offer another room or time, or decline with a reason."),
            code="nothing_free",
        )
    _check_offers(session, offers, now=now)
    bookings = [_booking(row, date) for date in free] + [_hold(row, offer, now) for offer in offers]
    store_bookings(session, bookings, now=now)
    row = get_request(session, request_id)
    _decide(session, request, COUNTERED if offers else state_by_bookings(row), remark, decided_by_id, now=now)
    session.flush()
    row = get_request(session, request_id)
    if meets_there and booked_room_id(row, now=now) is not None:
        meet_where_booked(session, request_id, now=now)
    tell_group(session, row, "offered" if offers else "booked", now=now)
    return _decision(row, request.state)


def decline(
    session: Session, request_id: int, *, reason: str, decided_by_id: int | None = None, now: datetime
) -> Decision:
    """Afterwards the house has said no, with its reason, and the group is told; what is booked stays.

    Raises:
        NotFound: there is no such request.
        RuleBroken: there is no reason.
    """
    reason = reason.strip()
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise RuleBroken(
            _("Please tell the group in a sentence why, so that it can look further."), field="reason"
        )
    request = lock_request(session, request_id)
    if request.state not in {WAITING, COUNTERED}:
        return _decision(get_request(session, request_id), request.state)
    release_holds(session, request_id)
    row = get_request(session, request_id)
    is_booked = any(date.booking for date in row.dates)
    _decide(session, request, PARTLY if is_booked else DECLINED, reason, decided_by_id, now=now)
    session.flush()
    row = get_request(session, request_id)
    tell_group(session, row, "booked" if is_booked else "declined", now=now)
    return _decision(row, request.state)


def release_unanswered_offers(session: Session, *, now: datetime) -> int:
    """Afterwards offers that nobody answered in time hold no room; answer how many requests had such.

    What a request has booked stays; without any booking it is over, and both sides are told.
    """
    ids = session.scalars(
        sa.select(RoomRequestDate.request_id)
        .join(RoomBooking, RoomBooking.request_date_id == RoomRequestDate.id)
        .where(RoomBooking.state == HELD, RoomBooking.held_until <= now)
        .distinct()
        .order_by(RoomRequestDate.request_id)
    ).all()
    released = 0
    for request_id in ids:
        request = lock_request(session, request_id)
        if request.state != COUNTERED:
            continue
        release_holds(session, request_id)
        row = get_request(session, request_id)
        request.state = PARTLY if any(date.booking for date in row.dates) else WITHDRAWN
        session.flush()
        note_of_request(session, "request.lapsed", request, now=now)
        tell_group(session, row, "lapsed", now=now)
        tell_house(session, row, "lapsed", now=now)
        released += 1
    return released


def _wanted(row: RequestRow, date_ids: Collection[int] | None, offered: Collection[int]) -> list[DateRow]:
    """Answer the dates that are to be booked if they are free: all without an answer, or those named of them."""
    return [
        date
        for date in row.dates
        if date.booking is None and date.id not in offered and (date_ids is None or date.id in date_ids)
    ]


def _free_dates(
    session: Session, row: RequestRow, wanted: Sequence[DateRow], *, now: datetime
) -> list[DateRow]:
    """Answer those of the dates on which the room that was asked for is free."""
    if not wanted:
        return []
    room = get_room(session, row.room_id)
    window = Span(wanted[0].span.starts_at - _DAY, max(date.span.ends_at for date in wanted) + _DAY)
    facts = room_facts(session, [room], window)[room.id]
    return [date for date in wanted if obstacle_to(facts, date.span, earliest=now) is None]


def _check_offers(session: Session, offers: Sequence[Offer], *, now: datetime) -> None:
    """Return quietly when what is offered is free.

    Raises:
        RuleBroken: it is not.
    """
    for offer in offers:
        room = get_room(session, offer.room_id)
        window = Span(offer.span.starts_at - _DAY, offer.span.ends_at + _DAY)
        if obstacle_to(room_facts(session, [room], window)[room.id], offer.span, earliest=now):
            raise room_taken()


def _booking(row: RequestRow, date: DateRow) -> NewBooking:
    return NewBooking(row.room_id, date.span, group_id=row.group_id, request_date_id=date.id)


def _hold(row: RequestRow, offer: Offer, now: datetime) -> NewBooking:
    return NewBooking(
        offer.room_id,
        offer.span,
        group_id=row.group_id,
        request_date_id=offer.date_id,
        state=HELD,
        held_until=min(now + OFFER_LASTS, offer.span.starts_at),
    )


def _decide(
    session: Session,
    request: RoomRequest,
    state: str,
    reason: str,
    decided_by_id: int | None,
    *,
    now: datetime,
) -> None:
    request.state = state
    request.reason = reason.strip()
    request.decided_at = now
    request.decided_by_id = decided_by_id
    note_of_request(session, "request.answered", request, now=now)


def _decision(row: RequestRow, state: str) -> Decision:
    booked = sum(date.booking is not None and not date.is_offered for date in row.dates)
    return Decision(state, booked, tuple(date.span for date in row.dates if date.booking is None))
