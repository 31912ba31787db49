"""Rooms and what is known of them: made, changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import gettext as _

from app.clearinghouses.rules.opening_hours import Interval, merged
from app.groups.drafts import PlaceDraft
from app.groups.listing_checks import check_place
from app.groups.models import MeetingPlace
from app.rooms.models import Room, RoomHour
from app.rooms.rules.vocabulary import EQUIPMENT, PRICE_PER, ROOM_ACCESS
from app.rooms.services.noting import note_of_room
from app.shared.errors import NotFound, RuleBroken

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MOST_SEATS = 1_000
LONGEST_LEAD_HOURS = 90 * 24
HIGHEST_PRICE_CENTS = 1_000_000
LONGEST_TEXT = 4_000
_NOT_IN_A_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class RoomDraft:
    """A room as it shall be; ``hours`` are when it can be booked, by the clock on the wall in ``zone``."""

    place: PlaceDraft
    capacity: int
    hours: Sequence[Interval]
    partner: str = ""
    description: str = ""
    equipment: Sequence[str] = ()
    access: Sequence[str] = ()
    house_rules: str = ""
    price_cents: int = 0
    price_per: str = "meeting"
    lead_hours: int = 24
    zone: str = "Europe/Berlin"
    is_bookable: bool = True
    is_public: bool = True


def register_room(session: Session, clearinghouse_id: int, draft: RoomDraft, *, now: datetime) -> int:
    """Store a room of a house, its place and its hours; answer its id.

    When the house closes, its own rooms are closed, those of partners are not.

    Raises:
        RuleBroken: the draft breaks a rule; ``field`` names the part. Nothing is stored.
    """
    columns = _checked_columns(draft)
    place = MeetingPlace(
        **_place_columns(draft.place, now),
        point_quality=draft.place.point_quality,
        clearinghouse_id=None if columns["partner"] else clearinghouse_id,
    )
    session.add(place)
    session.flush()
    room = Room(**columns, place_id=place.id, clearinghouse_id=clearinghouse_id, created_at=now)
    session.add(room)
    session.flush()
    _store_hours(session, room.id, draft.hours)
    note_of_room(session, "room.added", room.id, now=now)
    return room.id


def change_room(session: Session, room_id: int, draft: RoomDraft, *, now: datetime) -> None:
    """Afterwards the room is as the draft says; bookings stay as they are.

    Its point on the map is looked up anew when the address changed.

    Raises:
        NotFound: there is no such room.
        RuleBroken: the draft breaks a rule; nothing is changed.
    """
    room = session.get(Room, room_id)
    if room is None:
        raise NotFound(_("There is no such room."), code="unknown_room")
    for name, value in _checked_columns(draft).items():
        setattr(room, name, value)
    place = session.get_one(MeetingPlace, room.place_id)
    wanted = _place_columns(draft.place, now)
    if any(getattr(place, name) != wanted[name] for name in ("street", "postcode", "town")):
        place.latitude = place.longitude = place.geocoded_at = None
        place.point_quality = "none"
    for name in ("name", "street", "postcode", "town"):
        setattr(place, name, wanted[name])
    place.clearinghouse_id = None if room.partner else room.clearinghouse_id
    session.execute(sa.delete(RoomHour).where(RoomHour.room_id == room_id))
    _store_hours(session, room_id, draft.hours)
    note_of_room(session, "room.changed", room_id, now=now)
    session.flush()


def _store_hours(session: Session, room_id: int, hours: Sequence[Interval]) -> None:
    session.add_all(
        RoomHour(room_id=room_id, weekday=each.weekday, opens_at=each.opens_at, closes_at=each.closes_at)
        for each in merged(hours)
    )
    session.flush()


def _place_columns(place: PlaceDraft, now: datetime) -> dict[str, Any]:
    return {
        "name": place.name.strip(),
        "street": place.street.strip(),
        "postcode": place.postcode.strip(),
        "town": place.town.strip(),
        "latitude": place.latitude,
        "longitude": place.longitude,
        "geocoded_at": now if place.latitude is not None else None,
    }


def _checked_columns(draft: RoomDraft) -> dict[str, Any]:
    """Answer the columns of a draft that keeps every rule."""
    check_place(draft.place)
    texts = {name: _tidy(getattr(draft, name), name) for name in ("partner", "description", "house_rules")}
    if not 2 <= len(draft.place.name.strip()) <= 80:
        raise RuleBroken(_("Please give the room a name of 2 to 80 characters."), field="name")
    _check_numbers(draft)
    for field, known in (("equipment", EQUIPMENT), ("access", ROOM_ACCESS)):
        if not set(getattr(draft, field)) <= set(known):
            raise RuleBroken(_("Please choose from the list."), field=field)
    if draft.is_bookable and not draft.hours:
        raise RuleBroken(_("Please say on which days and hours the room can be booked."), field="hours")
    try:
        ZoneInfo(draft.zone)
    except (KeyError, ValueError, OSError) as error:
        raise RuleBroken(_("Please choose from the list."), field="zone") from error
    plain = ("capacity", "price_cents", "price_per", "lead_hours", "zone", "is_bookable", "is_public")
    return {
        **texts,
        **{name: getattr(draft, name) for name in plain},
        "equipment": [each for each in EQUIPMENT if each in draft.equipment],
        "access": [each for each in ROOM_ACCESS if each in draft.access],
    }


def _check_numbers(draft: RoomDraft) -> None:
    if not 1 <= draft.capacity <= MOST_SEATS:
        raise RuleBroken(_("Please say how many people the room seats, 1 to 1,000."), field="capacity")
    if not 0 <= draft.price_cents <= HIGHEST_PRICE_CENTS:
        raise RuleBroken(_("Please give a price from 0 to 10,000 euros."), field="price")
    if draft.price_per not in PRICE_PER:
        raise RuleBroken(_("Please choose from the list."), field="price_per")
    if not 0 <= draft.lead_hours <= LONGEST_LEAD_HOURS:
        raise RuleBroken(_("Please give the lead time as 0 to 90 days."), field="lead")


def _tidy(text: str, field: str) -> str:
    """Answer a text without control characters and blanks around it."""
    plain = _NOT_IN_A_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(plain) > LONGEST_TEXT:
        raise RuleBroken(_("Please use at most %(count)s characters here.", count=LONGEST_TEXT), field=field)
    return plain
