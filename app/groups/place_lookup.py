"""Which meeting places still have to be found on the map, and what becomes of an answer about one of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.groups.models import MeetingPlace
from app.groups.services import set_point
from app.places.geocoding import KEPT, Geocoded, remember_answer

if TYPE_CHECKING:
    from sqlalchemy.engine import Row
    from sqlalchemy.orm import Session

AGAIN_AFTER = timedelta(days=1)
"""How long an address that was not found at all is left alone."""
BETTER_AFTER = KEPT[False]
"""How long a place keeps the centre of its postcode or town before the geocoder is asked again: until it would no
longer repeat its remembered answer."""
_AS_READ = ("street", "postcode", "town", "point_quality")


def list_waiting_places(session: Session, *, now: datetime, has_geocoder: bool, limit: int) -> list[Row[Any]]:
    """Answer meeting places to look up: those never looked up first, then those whose last try is longest ago.

    They have no point and were not tried within a day; or, if there is a geocoder, they have a street, and for longer
    than the geocoder's answers are remembered just the centre of their postcode or town.
    """
    place = MeetingPlace
    is_due = sa.and_(
        place.point_quality == "none",
        sa.or_(place.geocoded_at.is_(None), place.geocoded_at <= now - AGAIN_AFTER),
    )
    if has_geocoder:
        is_coarse = sa.and_(place.point_quality.in_(["postcode", "town"]), place.street != "")
        is_due = sa.or_(is_due, sa.and_(is_coarse, place.geocoded_at < now - BETTER_AFTER))
    wanted = sa.select(place.id, *(getattr(place, name) for name in _AS_READ)).where(is_due)
    order = (place.geocoded_at.is_not(None), place.geocoded_at, place.id)
    return list(session.execute(wanted.order_by(*order).limit(limit)))


def store_answer(session: Session, asked: Row[Any], answer: Geocoded, *, now: datetime) -> bool:
    """Afterwards the answer about a place is remembered and the place has its point; whether the point is new.

    A place that was given another address or a pin since it was read (``asked``) is left as it is. One that was looked
    up in vain, or has this point already, only keeps the moment, and the finder has nothing to do.
    """
    remember_answer(session, answer)
    place = session.get(MeetingPlace, asked.id, with_for_update={"key_share": True}, populate_existing=True)
    if place is None or any(getattr(place, name) != getattr(asked, name) for name in _AS_READ):
        return False
    before = (place.latitude, place.longitude, place.point_quality)
    if (
        answer.latitude is None
        or answer.longitude is None
        or before == (answer.latitude, answer.longitude, answer.quality)
    ):
        place.geocoded_at = now
        return False
    point = (answer.latitude, answer.longitude)
    set_point(session, place.id, point=point, quality=answer.quality, now=now)
    return True
