"""Where the staff of a house begin their day: what waits, and what is today."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import render_template, url_for

from app.accounts.guard import get_person, requires
from app.accounts.start_links import StartLink, list_start_links
from app.clearinghouses.desk_house import my_house, my_houses
from app.desk.views.blueprint import bp
from app.groups.meetings.schedules import day_of
from app.rooms.labels import time_words
from app.rooms.queries.bookings import BookingRow, list_bookings
from app.rooms.queries.rooms import RoomRow, list_rooms
from app.rooms.rules.availability import Span
from app.shared import clock
from app.shared.extensions import db
from app.shared.worklist import list_waiting, waiting_words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.clearinghouses.models import ClearingHouse

WALL_CLOCK = "Europe/Berlin"


@bp.get("/desk")
@requires("work_at_desk")
def start() -> ResponseReturnValue:
    """What waits for the staff of a house, the oldest first, and what takes place there today."""
    house = my_house("work_at_desk")
    now = clock.now()
    waiting = list_waiting(db.session(), house.id, now=now)
    return render_template(
        "desk/start.html",
        house=house,
        houses=my_houses("work_at_desk"),
        lines=[(line, waiting_words(line.since, now)) for line in waiting],
        counts=_counts([line.kind for line in waiting]),
        today=day_of(now),
        bookings=_bookings_on(house.id, day_of(now)),
        time_words=time_words,
        zone=WALL_CLOCK,
        links=_links_of(house),
    )


def _bookings_on(house_id: int, day: date) -> list[tuple[BookingRow, RoomRow]]:
    """Answer what takes place in the rooms of a house on a day, by time, each with its room."""
    rooms = {room.id: room for room in list_rooms(db.session(), house_id)}
    midnight = datetime.combine(day, time(), ZoneInfo(WALL_CLOCK))
    span = Span(midnight, midnight + timedelta(days=1))
    return [(each, rooms[each.room_id]) for each in list_bookings(db.session(), rooms, span)]


def _links_of(house: ClearingHouse) -> list[StartLink]:
    """Answer what else somebody can do for a house: the links of their start page, but for the one to this page."""
    links = list_start_links(db.session(), get_person()).get(house.name, [])
    return [link for link in links if link.url != url_for("desk.start", house=house.slug)]


def _counts(kinds: list[str]) -> dict[str, int]:
    """Answer how many lines there are of each kind, in the order in which they first wait."""
    return {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}
