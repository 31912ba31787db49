"""The holidays on which series rest, by the Land or district in which their place lies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from app.places.gazetteer import get_gazetteer
from app.places.public_holidays import public_holidays
from app.places.rules.free_days import FreeDay

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class RestingDays:
    """The holidays from the first to the last day; each kind is read once for each region."""

    def __init__(self, session: Session, *, first: date, last: date) -> None:
        self._session = session
        self._first, self._last = first, last
        self._known: dict[tuple[str, bool, bool], Mapping[date, FreeDay]] = {}

    def of(self, postcode: str, *, public: bool, school: bool) -> Mapping[date, FreeDay]:
        """Answer the days on which a series at a postcode rests; none where the postcode is not known."""
        if not (public or school):
            return {}
        place = get_gazetteer(self._session).find_postcode(postcode)
        region = "" if place is None else place.district_ags or ""
        if not region:
            return {}
        key = (region, public, school)
        if key not in self._known:
            self._known[key] = self._read(region, public=public, school=school)
        return self._known[key]

    def _read(self, region: str, *, public: bool, school: bool) -> Mapping[date, FreeDay]:
        days: dict[date, FreeDay] = {}
        if public:
            named = public_holidays(region, self._first, self._last)
            days |= {day: FreeDay("public", names) for day, names in named.items()}
        return days
