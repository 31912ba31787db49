"""Weeks and months of a room and of a house, and the door sign of a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from flask import render_template, request
from flask_babel import gettext as _

from app.accounts.guard import requires
from app.groups.meetings.schedules import day_of
from app.groups.rules.listing import name_at_the_door
from app.rooms.queries.bookings import BookingRow, list_bookings
from app.rooms.queries.rooms import RoomRow, list_rooms, room_facts
from app.rooms.rules.availability import RoomFacts, closure_on
from app.rooms.rules.calendar_layout import (
    Entry,
    entries_by_day,
    month_weeks,
    week_days,
    week_grid,
    window_of,
)
from app.rooms.views.blueprint import asked_day, bp, my_house, my_room
from app.shared import clock
from app.shared.extensions import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

WALL_CLOCK = "Europe/Berlin"
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Day:
    """What one room or house has on one day."""

    on: date
    bookings: tuple[BookingRow, ...]
    closed: str | None = None
    """Why it is closed, perhaps without words; None when it is not."""


@bp.get("/desk/rooms/<int:room_id>/week")
@requires("manage_rooms")
def week(room_id: int) -> ResponseReturnValue:
    """Show a week of a room: what is taken, free, closed."""
    room = my_room(room_id)
    now = clock.now()
    day = asked_day(now)
    days = week_days(day)
    facts, bookings = _read([room], days)
    grid = week_grid(facts[room.id], [Entry(each.id, each.span) for each in bookings], days)
    return render_template(
        "rooms/week.html",
        room=room,
        grid=grid,
        bookings={each.id: each for each in bookings},
        days=_days(days, bookings, room=facts[room.id]),
        today=day_of(now),
        day=day,
        before=days[0] - _WEEK,
        after=days[0] + _WEEK,
    )


@bp.get("/desk/rooms/<int:room_id>/month")
@requires("manage_rooms")
def month(room_id: int) -> ResponseReturnValue:
    """Show a month of a room."""
    room = my_room(room_id)
    return _month([room], room=room)


@bp.get("/desk/rooms/week")
@requires("manage_rooms")
def house_week() -> ResponseReturnValue:
    """Show a week of all rooms of a house."""
    house = my_house()
    now = clock.now()
    day = asked_day(now)
    days = week_days(day)
    rooms = list_rooms(db.session(), house.id)
    facts, bookings = _read(rooms, days)
    rows = [
        (room, _days(days, [each for each in bookings if each.room_id == room.id], room=facts[room.id]))
        for room in rooms
    ]
    return render_template(
        "rooms/house_week.html",
        house=house,
        rows=rows,
        days=days,
        today=day_of(now),
        day=day,
        before=days[0] - _WEEK,
        after=days[0] + _WEEK,
    )


@bp.get("/desk/rooms/month")
@requires("manage_rooms")
def house_month() -> ResponseReturnValue:
    """Show a month of all rooms of a house."""
    house = my_house()
    return _month(list_rooms(db.session(), house.id), house=house)


@bp.get("/desk/rooms/door-sign")
@requires("manage_rooms")
def door_sign() -> ResponseReturnValue:
    """A sheet for the door: what takes place today in the house or in one room."""
    house = my_house()
    now = clock.now()
    day = asked_day(now)
    rooms = list_rooms(db.session(), house.id)
    chosen = [room for room in rooms if str(room.id) == request.args.get("room", "")]
    shown = chosen or [room for room in rooms if not room.partner]
    facts, bookings = _read(shown, [day])
    open_rooms = [room.id for room in shown if closure_on(facts[room.id], day) is None]
    return render_template(
        "rooms/door_sign.html",
        house=house,
        rooms=rooms,
        room=chosen[0] if chosen else None,
        names={room.id: room.name for room in rooms},
        lines=[(each, door_name(each)) for each in bookings if each.room_id in open_rooms],
        day=day,
        is_today=day == day_of(now),
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        zone=WALL_CLOCK,
    )


def door_name(booking: BookingRow) -> str:
    """Answer what a door sign calls a meeting."""
    if booking.group_name is None:
        return booking.title
    shown = name_at_the_door(booking.group_name, is_listed=booking.is_listed, disclosure=booking.disclosure)
    return shown or _("Self-help group")


def _month(rooms: Sequence[RoomRow], **names: object) -> str:
    now = clock.now()
    day = asked_day(now)
    weeks = month_weeks(day)
    facts, bookings = _read(rooms, [each for days in weeks for each in days])
    only = facts[rooms[0].id] if len(rooms) == 1 else None
    first = day.replace(day=1)
    return render_template(
        "rooms/month.html",
        **{"room": None, "house": None, **names},
        names={} if only else {room.id: room.name for room in rooms},
        weeks=[_days(days, bookings, room=only) for days in weeks],
        today=day_of(now),
        day=day,
        before=(first - timedelta(days=1)).replace(day=1),
        after=(first + timedelta(days=31)).replace(day=1),
        zone=WALL_CLOCK,
    )


def _read(rooms: Sequence[RoomRow], days: Sequence[date]) -> tuple[dict[int, RoomFacts], list[BookingRow]]:
    """Answer what decides about the rooms on some days, and their bookings."""
    window = window_of(days[0], days[-1], WALL_CLOCK)
    return room_facts(db.session(), rooms, window), list_bookings(
        db.session(), [room.id for room in rooms], window
    )


def _days(
    days: Iterable[date], bookings: Sequence[BookingRow], *, room: RoomFacts | None = None
) -> list[Day]:
    """Answer the bookings of each day, and, for one room, whether it is closed then."""
    days = list(days)
    by_id = {each.id: each for each in bookings}
    zone = room.zone if room else WALL_CLOCK
    by_day = entries_by_day([Entry(each.id, each.span) for each in bookings], days, zone)
    answer = []
    for day in days:
        closure = closure_on(room, day) if room else None
        taken = tuple(by_id[entry.key] for entry in by_day[day])
        answer.append(Day(day, taken, closure.reason if closure else None))
    return answer
