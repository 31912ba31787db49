"""The holidays on which series rest, by the Land or district in which their place lies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from app.places.free_days import free_days
from app.places.gazetteer import get_gazetteer
from app.places.public_holidays import region_of
from app.places.rules.free_days import FreeDay, FreeDays, Kind

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class RestingDays:
    """The holidays from the first to the last day; each kind is read once for each region."""

    def __init__(self, session: Session, *, first: date, last: date) -> None:
        self._session = session
        self._first, self._last = first, last
        self._free: dict[str, FreeDays] = {}
        self._known: dict[tuple[str, frozenset[Kind]], Mapping[date, FreeDay]] = {}

    def of(self, postcode: str, *, public: bool, school: bool) -> Mapping[date, FreeDay]:
        """Answer the days on which a series at a postcode rests; none where the postcode is not known."""
        if not (public or school):
            return {}
        place = get_gazetteer(self._session).find_postcode(postcode)
        if place is None or not place.district_ags:
            return {}
        region = region_of(place.district_ags)
        kinds = _kinds(public=public, school=school)
        if (region, kinds) not in self._known:
            if region not in self._free:
                self._free[region] = free_days(self._session, [region], first=self._first, last=self._last)
            self._known[region, kinds] = self._free[region].days_of(region, kinds=kinds)
        return self._known[region, kinds]


def _kinds(*, public: bool, school: bool) -> frozenset[Kind]:
    asked: tuple[tuple[Kind, bool], ...] = (("public", public), ("school", school))
    return frozenset(kind for kind, is_asked in asked if is_asked)
