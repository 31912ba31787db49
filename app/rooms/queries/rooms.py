"""Rooms with their places, hours and photos, and what decides whether they are free."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.clearinghouses.rules.opening_hours import Interval
from app.groups.meetings.schedules import closures_of_places
from app.groups.models import MeetingPlace
from app.rooms.models import Room, RoomHour, RoomPhoto
from app.rooms.queries.bookings import list_bookings
from app.rooms.rules.availability import ClosedDays, RoomFacts, Span
from app.shared.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """A photo without its bytes."""

    id: int
    alt: str
    mark: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A room with its place, hours and photos. ``partner`` is empty for a room of the house itself."""

    id: int
    clearinghouse_id: int
    place_id: int
    name: str
    street: str
    postcode: str
    town: str
    partner: str
    description: str
    capacity: int
    equipment: tuple[str, ...]
    access: tuple[str, ...]
    house_rules: str
    price_cents: int
    price_per: str
    lead_hours: int
    zone: str
    is_bookable: bool
    is_public: bool
    hours: tuple[Interval, ...]
    photos: tuple[PhotoRow, ...]

    @property
    def address(self) -> str:
        """The address in one line."""
        return f"{self.street}, {self.postcode} {self.town}"


def find_room(session: Session, room_id: int) -> RoomRow | None:
    """Answer a room, or None."""
    return next(iter(_rooms(session, Room.id == room_id)), None)


def get_room(session: Session, room_id: int) -> RoomRow:
    """Answer a room.

    Raises:
        NotFound: there is none.
    """
    room = find_room(session, room_id)
    if room is None:
        raise NotFound(_("There is no such room."), code="unknown_room")
    return room


def list_rooms(session: Session, clearinghouse_id: int, *, only_public: bool = False) -> list[RoomRow]:
    """Answer the rooms a house looks after: its own first, then by name."""
    chosen = Room.clearinghouse_id == clearinghouse_id
    return _rooms(session, sa.and_(chosen, Room.is_public) if only_public else chosen)


def room_facts(session: Session, rooms: Iterable[RoomRow], window: Span) -> dict[int, RoomFacts]:
    """Answer what decides whether each room is free inside a window, by its id."""
    rows = {room.id: room for room in rooms}
    closed = _closures(session, rows.values(), window)
    taken: defaultdict[int, list[Span]] = defaultdict(list)
    for booking in list_bookings(session, rows, window):
        taken[booking.room_id].append(booking.span)
    return {
        room.id: RoomFacts(
            room_id=room.id,
            zone=room.zone,
            hours=room.hours,
            capacity=room.capacity,
            access=frozenset(room.access),
            closed=closed[room.id],
            taken=tuple(taken[room.id]),
        )
        for room in rows.values()
    }


def _closures(session: Session, rooms: Iterable[RoomRow], window: Span) -> dict[int, tuple[ClosedDays, ...]]:
    """Answer when each room is closed: by itself, with its building, or with its house."""
    room_of = {room.place_id: room.id for room in rooms}
    places = session.scalars(sa.select(MeetingPlace).where(MeetingPlace.id.in_(room_of))).all()
    # A day earlier, because the window is in UTC.
    since = window.starts_at.date() - timedelta(days=1)
    found = closures_of_places(session, places, since=since)
    return {
        room_id: tuple(
            ClosedDays(each.first_on, each.last_on, each.reason) for each in found.get(place_id, ())
        )
        for place_id, room_id in room_of.items()
    }


def _rooms(session: Session, condition: sa.ColumnElement[bool]) -> list[RoomRow]:
    """Answer rooms with their hours and photos: the houses' own first, then by name."""
    found = session.execute(
        sa.select(Room, MeetingPlace)
        .join(MeetingPlace, MeetingPlace.id == Room.place_id)
        .where(condition)
        .order_by(Room.partner != "", MeetingPlace.name, Room.id)
    ).all()
    ids = [room.id for room, _place in found]
    hours = _hours(session, ids)
    photos = _photos(session, ids)
    return [_room_row(room, place, hours[room.id], photos[room.id]) for room, place in found]


def _room_row(room: Room, place: MeetingPlace, hours: list[Interval], photos: list[PhotoRow]) -> RoomRow:
    columns: dict[str, Any] = {
        name: getattr(room, name)
        for name in (
            "id", "clearinghouse_id", "place_id", "partner", "description", "capacity", "house_rules",
            "price_cents", "price_per", "lead_hours", "zone", "is_bookable", "is_public",
        )
    }  # fmt: skip
    return RoomRow(
        **columns,
        name=place.name,
        street=place.street,
        postcode=place.postcode,
        town=place.town,
        equipment=tuple(room.equipment),
        access=tuple(room.access),
        hours=tuple(hours),
        photos=tuple(photos),
    )


def _hours(session: Session, room_ids: Collection[int]) -> defaultdict[int, list[Interval]]:
    answer: defaultdict[int, list[Interval]] = defaultdict(list)
    found = session.execute(
        sa.select(RoomHour.room_id, RoomHour.weekday, RoomHour.opens_at, RoomHour.closes_at)
        .where(RoomHour.room_id.in_(room_ids))
        .order_by(RoomHour.weekday, RoomHour.opens_at)
    )
    for room_id, weekday, opens_at, closes_at in found:
        answer[room_id].append(Interval(weekday, opens_at, closes_at))
    return answer


def _photos(session: Session, room_ids: Collection[int]) -> defaultdict[int, list[PhotoRow]]:
    answer: defaultdict[int, list[PhotoRow]] = defaultdict(list)
    found = session.execute(
        sa.select(
            RoomPhoto.room_id,
            RoomPhoto.id,
            RoomPhoto.alt,
            RoomPhoto.mark,
            RoomPhoto.width,
            RoomPhoto.height,
        )
        .where(RoomPhoto.room_id.in_(room_ids))
        .order_by(RoomPhoto.id)
    )
    for room_id, *columns in found:
        answer[room_id].append(PhotoRow(*columns))
    return answer
