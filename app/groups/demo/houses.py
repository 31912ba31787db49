"""Which clearing house a demo group belongs to: one of those responsible for its place, else the nearest."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.clearinghouses.models import Branch, Catchment
from app.clearinghouses.rules.catchment import nearest

if TYPE_CHECKING:
    from random import Random

    from sqlalchemy.orm import Session

    from app.groups.demo.spots import Spot


class Houses:
    """The table of who is responsible, in memory."""

    def __init__(self, session: Session) -> None:
        self._by_district: dict[str, list[int]] = defaultdict(list)
        self._by_postcode: dict[str, list[int]] = defaultdict(list)
        rows = sa.select(Catchment.clearinghouse_id, Catchment.district_ags, Catchment.postcode)
        for house_id, ags, postcode in session.execute(rows.order_by(Catchment.clearinghouse_id)):
            if postcode is None:
                self._by_district[ags].append(house_id)
            else:
                self._by_postcode[postcode].append(house_id)
        points = sa.select(Branch.clearinghouse_id, Branch.latitude, Branch.longitude).where(Branch.is_main)
        self._points = [
            (house_id, latitude, longitude)
            for house_id, latitude, longitude in session.execute(points.order_by(Branch.clearinghouse_id))
        ]
        self._known: dict[str, list[int]] = {}

    def draw(self, chance: Random, spot: Spot) -> int:
        """Answer the id of a house for a spot.

        Raises:
            LookupError: there is no house at all.
        """
        ids = self._known.get(spot.postcode)
        if ids is None:
            ids = self._known[spot.postcode] = self._responsible(spot)
        return chance.choice(ids)

    def _responsible(self, spot: Spot) -> list[int]:
        ids = [*self._by_postcode.get(spot.postcode, ()), *self._by_district.get(spot.district_ags, ())]
        if ids:
            return sorted(set(ids))
        found = nearest(self._points, latitude=spot.latitude, longitude=spot.longitude)
        if found is None:
            raise LookupError("There is no clearing house.")
        return [found[0]]
