"""Rooms for tests: sensible unless told otherwise."""

from __future__ import annotations

import io
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from PIL import Image

from app.clearinghouses.rules.opening_hours import Interval
from app.rooms.photos import add_photo
from app.rooms.rules.availability import Span
from app.rooms.services.rooms import RoomDraft, register_room
from tests.builders.groups import NOW, make_house, make_place

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

BERLIN = ZoneInfo("Europe/Berlin")
EVERY_DAY = tuple(Interval(weekday, time(9), time(22)) for weekday in range(1, 8))


def local_span(text: str, minutes: int = 90) -> Span:
    """Answer a span by the clock on the wall: ``local_span("2026-11-25 19:00")``."""
    starts_at = datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)
    return Span(starts_at, starts_at + timedelta(minutes=minutes))


def make_room_draft(name: str = "Raum Linde", **given: Any) -> RoomDraft:
    """Answer a room for 14, open every day from nine to ten in the evening."""
    usual: dict[str, Any] = {
        "place": make_place(name=name),
        "capacity": 14,
        "hours": EVERY_DAY,
        "equipment": ["chairs_in_circle", "flipchart"],
        "access": ["step_free"],
    }
    return RoomDraft(**{**usual, **given})


def make_room(session: Session, name: str = "Raum Linde", *, now: datetime = NOW, **given: Any) -> int:
    """Store such a room, and a clearing house if none is given; answer its id."""
    house = given.pop("clearinghouse_id", None) or make_house(session, now=now)
    return register_room(session, house, make_room_draft(name, **given), now=now)


def make_photo(session: Session, room_id: int) -> int:
    """Store a small photo of a room; answer its id."""
    written = io.BytesIO()
    Image.new("RGB", (8, 6), "teal").save(written, "PNG")
    return add_photo(session, room_id, content=written.getvalue(), alt="Stühle im Kreis", now=NOW)
