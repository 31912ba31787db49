"""The one blueprint of rooms, and what several of its pages need."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from flask import Blueprint, request

from app.accounts.guard import authorize
from app.clearinghouses import desk_house
from app.groups.meetings.schedules import day_of
from app.rooms import labels
from app.rooms.queries.rooms import RoomRow, get_room
from app.shared.extensions import db

if TYPE_CHECKING:
    from typing import Any

    from app.clearinghouses.models import ClearingHouse

bp = Blueprint("rooms", __name__, template_folder="../templates")

FIRST_YEAR, LAST_YEAR = 2000, 2100


@bp.context_processor
def _words() -> dict[str, Any]:
    """Give the templates of this package its words."""
    return {"words": labels}


def my_house() -> ClearingHouse:
    """Answer the house whose rooms somebody looks after: the one in ``house``, else the first they work for.

    Raises:
        NotFound: they may not.
    """
    return desk_house.my_house("manage_rooms")


def my_room(room_id: int) -> RoomRow:
    """Answer a room that somebody looks after.

    Raises:
        NotFound: there is none, or they may not.
    """
    room = get_room(db.session(), room_id)
    authorize("manage_rooms", clearinghouse_id=room.clearinghouse_id)
    return room


def asked_day(now: datetime) -> date:
    """Answer the day in ``date``; today when there is none that can be read."""
    try:
        day = date.fromisoformat(request.args.get("date", ""))
    except ValueError:
        return day_of(now)
    return day if FIRST_YEAR <= day.year < LAST_YEAR else day_of(now)
