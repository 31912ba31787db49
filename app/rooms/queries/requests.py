"""What groups ask for: requests with their dates and what became of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.groups.models import Group, MeetingPlace
from app.rooms.models import Room, RoomRequest, RoomRequestDate
from app.rooms.queries.bookings import BookingRow, bookings_of_dates
from app.rooms.rules.availability import Span
from app.rooms.rules.vocabulary import HELD
from app.shared.errors import NotFound

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class DateRow:
    """A wanted date and the booking that answers it, if there is one: confirmed, or held as an offer."""

    id: int
    span: Span
    booking: BookingRow | None

    @property
    def is_offered(self) -> bool:
        """Whether the house offers something for it that the group has not answered."""
        return self.booking is not None and self.booking.state == HELD


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request with its dates by time; ``group_access`` is what the group promises about its place."""

    id: int
    group_id: int
    group_name: str
    group_slug: str
    group_house_id: int
    group_access: tuple[str, ...]
    room_id: int
    room_name: str
    clearinghouse_id: int
    series_id: int | None
    people: int
    message: str
    state: str
    reason: str
    asked_at: datetime
    decided_at: datetime | None
    dates: tuple[DateRow, ...]


def get_request(session: Session, request_id: int) -> RequestRow:
    """Answer a request.

    Raises:
        NotFound: there is none.
    """
    found = _requests(session, RoomRequest.id == request_id)
    if not found:
        raise NotFound(_("There is no such request."), code="unknown_request")
    return found[0]


def list_requests_of_house(
    session: Session, clearinghouse_id: int, states: Collection[str]
) -> list[RequestRow]:
    """Answer the requests for rooms of a house that are in one of these states, the longest waiting first."""
    return _requests(session, Room.clearinghouse_id == clearinghouse_id, RoomRequest.state.in_(states))


def list_requests_of_group(session: Session, group_id: int, *, limit: int = 50) -> list[RequestRow]:
    """Answer the newest requests of a group, the newest first."""
    newest = (
        sa.select(RoomRequest.id)
        .where(RoomRequest.group_id == group_id)
        .order_by(RoomRequest.asked_at.desc(), RoomRequest.id.desc())
        .limit(limit)
    )
    return _requests(session, RoomRequest.id.in_(newest))[::-1]


def _requests(session: Session, *conditions: sa.ColumnElement[bool]) -> list[RequestRow]:
    """Answer requests with their dates, the oldest first."""
    found = session.execute(
        sa.select(
            RoomRequest.id,
            RoomRequest.group_id,
            Group.name.label("group_name"),
            Group.slug.label("group_slug"),
            Group.clearinghouse_id.label("group_house_id"),
            Group.access.label("group_access"),
            RoomRequest.room_id,
            MeetingPlace.name.label("room_name"),
            Room.clearinghouse_id,
            RoomRequest.series_id,
            RoomRequest.people,
            RoomRequest.message,
            RoomRequest.state,
            RoomRequest.reason,
            RoomRequest.asked_at,
            RoomRequest.decided_at,
        )
        .join(Group, Group.id == RoomRequest.group_id)
        .join(Room, Room.id == RoomRequest.room_id)
        .join(MeetingPlace, MeetingPlace.id == Room.place_id)
        .where(*conditions)
        .order_by(RoomRequest.asked_at, RoomRequest.id)
    ).mappings()
    rows = list(found)
    dates = _dates(session, [row["id"] for row in rows])
    return [
        RequestRow(**{**row, "group_access": tuple(row["group_access"])}, dates=tuple(dates[row["id"]]))
        for row in rows
    ]


def _dates(session: Session, request_ids: Collection[int]) -> defaultdict[int, list[DateRow]]:
    """Answer the dates of each request by time."""
    bookings = bookings_of_dates(session, request_ids)
    found = session.scalars(
        sa.select(RoomRequestDate)
        .where(RoomRequestDate.request_id.in_(request_ids))
        .order_by(RoomRequestDate.starts_at, RoomRequestDate.id)
    )
    answer: defaultdict[int, list[DateRow]] = defaultdict(list)
    for date in found:
        row = DateRow(date.id, Span(date.starts_at, date.ends_at), bookings.get(date.id))
        answer[date.request_id].append(row)
    return answer
