"""What a group does: ask for a room, answer an offer, withdraw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.rooms.models import RoomBooking, RoomRequest, RoomRequestDate
from app.rooms.queries.requests import RequestRow, get_request, list_requests_of_group
from app.rooms.queries.rooms import get_room
from app.rooms.rules.availability import Span, first_overlap
from app.rooms.rules.vocabulary import (
    APPROVED,
    CANCELLED,
    CONFIRMED,
    COUNTERED,
    HELD,
    PARTLY,
    WAITING,
    WITHDRAWN,
)
from app.rooms.services.bookings import lock_rooms
from app.rooms.services.notices import tell_house
from app.rooms.services.noting import note_of_request
from app.shared.errors import NotFound, RuleBroken

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MOST_DATES = 120
LONGEST_MEETING = timedelta(hours=12)
LONGEST_MESSAGE = 2_000


@dataclass(frozen=True, slots=True)
class RequestDraft:
    """What a group asks for: a room for so many people on some dates; of a series, when it names one."""

    group_id: int
    room_id: int
    people: int
    dates: Sequence[Span]
    series_id: int | None = None
    message: str = ""


def ask_for_room(session: Session, draft: RequestDraft, *, asked_by_id: int | None, now: datetime) -> int:
    """Afterwards the request waits for the house, which is told; answer its id.

    Dates that are not free may be asked for as well: the house may know a way. Pressed twice, the request that waits
    already is answered.

    Raises:
        NotFound: there is no such room.
        RuleBroken: the room cannot be booked, is too small, or the dates cannot be asked for; ``field`` says which.
    """
    room = get_room(session, draft.room_id)
    if not room.is_bookable:
        raise RuleBroken(_("This room cannot be booked. Please choose another one."), field="room")
    if not 1 <= draft.people <= room.capacity:
        raise RuleBroken(
            _("The room seats %(count)s. Please choose a larger one, or fewer people.", count=room.capacity),
            field="people",
        )
    check_wanted_dates(
        draft.dates, earliest=now + timedelta(hours=room.lead_hours), lead_hours=room.lead_hours
    )
    message = _tidy_message(draft.message)
    lock_rooms(session, [draft.room_id])
    same = _find_same(session, draft)
    if same is not None:
        return same
    request = RoomRequest(
        group_id=draft.group_id,
        room_id=draft.room_id,
        series_id=draft.series_id,
        people=draft.people,
        message=message,
        state=WAITING,
        reason="",
        asked_at=now,
        asked_by_id=asked_by_id,
    )
    session.add(request)
    session.flush()
    session.add_all(
        RoomRequestDate(request_id=request.id, starts_at=span.starts_at, ends_at=span.ends_at)
        for span in sorted(draft.dates)
    )
    session.flush()
    note_of_request(session, "request.made", request, now=now)
    tell_house(session, get_request(session, request.id), "asked", now=now)
    return request.id


def _tidy_message(text: str) -> str:
    message = text.replace("\r\n", "\n").strip()
    if len(message) > LONGEST_MESSAGE:
        raise RuleBroken(
            _("Please use at most %(count)s characters here.", count=LONGEST_MESSAGE), field="message"
        )
    return message


def check_wanted_dates(dates: Sequence[Span], *, earliest: datetime, lead_hours: int) -> None:
    """Return quietly when such dates may be asked for.

    Raises:
        RuleBroken: there are none or too many, one is too long or too soon, or two overlap.
    """
    if not 1 <= len(dates) <= MOST_DATES:
        raise RuleBroken(_("Please ask for 1 to %(count)s dates.", count=MOST_DATES), field="dates")
    if any(span.duration > LONGEST_MEETING for span in dates):
        raise RuleBroken(_("A meeting lasts at most 12 hours. Please check the times."), field="dates")
    if first_overlap(dates) is not None:
        raise RuleBroken(_("Two of the dates overlap. Please take one of them out."), field="dates")
    if min(dates).starts_at < earliest:
        raise RuleBroken(
            _(
                "This room is asked for at least %(count)s hours ahead. Please leave out the dates that are sooner.",
                count=lead_hours,
            )
            if lead_hours
            else _("One of the dates is over. Please leave it out."),
            field="dates",
        )


def withdraw_request(session: Session, request_id: int, *, now: datetime) -> bool:
    """Afterwards the house need not answer any more and offers are free again; answer whether it was open until now.

    What is booked already stays: those dates can be cancelled one by one.
    """
    request = lock_request(session, request_id)
    if request.state not in {WAITING, COUNTERED}:
        return False
    release_holds(session, request_id)
    row = get_request(session, request_id)
    request.state = PARTLY if any(date.booking for date in row.dates) else WITHDRAWN
    request.decided_at = now
    session.flush()
    note_of_request(session, "request.withdrawn", request, now=now)
    tell_house(session, row, "withdrawn", now=now)
    return True


def accept_offer(session: Session, request_id: int, *, now: datetime) -> bool:
    """Afterwards what was held is booked; answer whether there was an offer until now.

    Raises:
        RuleBroken: the offer is no longer held.
    """
    request = lock_request(session, request_id)
    if request.state != COUNTERED:
        if request.state in {APPROVED, PARTLY}:
            return False
        raise RuleBroken(
            _("This offer is no longer open. Please ask again, or write to the clearing house."),
            code="offer_over",
        )
    for booking in _holds(session, request_id):
        booking.state = CONFIRMED
        booking.held_until = None
    session.flush()
    row = get_request(session, request_id)
    request.state = state_by_bookings(row)
    session.flush()
    note_of_request(session, "request.accepted", request, now=now)
    tell_house(session, row, "accepted", now=now)
    return True


def refuse_offer(session: Session, request_id: int, *, now: datetime) -> bool:
    """Afterwards what was held is free, and the house is asked once more; answer whether there was an offer."""
    request = lock_request(session, request_id)
    if request.state != COUNTERED:
        return False
    release_holds(session, request_id)
    row = get_request(session, request_id)
    request.state = PARTLY if any(date.booking for date in row.dates) else WAITING
    session.flush()
    note_of_request(session, "request.refused", request, now=now)
    tell_house(session, row, "refused", now=now)
    return True


def lock_request(session: Session, request_id: int) -> RoomRequest:
    """Answer the request as it is now; nobody else changes it until the transaction ends.

    Raises:
        NotFound: there is none.
    """
    request = session.get(
        RoomRequest, request_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if request is None:
        raise NotFound(_("There is no such request."), code="unknown_request")
    return request


def release_holds(session: Session, request_id: int) -> None:
    """Afterwards nothing is held for the request."""
    for booking in _holds(session, request_id):
        booking.state = CANCELLED
        booking.held_until = None
    session.flush()


def state_by_bookings(row: RequestRow) -> str:
    """Answer how a decided request stands by what is booked: all of its dates, or some."""
    return APPROVED if all(date.booking is not None for date in row.dates) else PARTLY


def _holds(session: Session, request_id: int) -> Sequence[RoomBooking]:
    dates = sa.select(RoomRequestDate.id).where(RoomRequestDate.request_id == request_id)
    return session.scalars(
        sa.select(RoomBooking).where(RoomBooking.request_date_id.in_(dates), RoomBooking.state == HELD)
    ).all()


def _find_same(session: Session, draft: RequestDraft) -> int | None:
    """Answer the request of this group that waits already for the same room and dates."""
    wanted = sorted(draft.dates)
    for row in list_requests_of_group(session, draft.group_id):
        same_room = row.state == WAITING and row.room_id == draft.room_id
        if same_room and [date.span for date in row.dates] == wanted:
            return row.id
    return None
