"""Who is responsible for a place: an exact table of districts and postcodes, never distance.

A row without a postcode covers its whole district, a row with one only that postcode. Both kinds count side by
side, and several houses may share a place: a city has one house for all and one for each quarter.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

EARTH_RADIUS_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class CatchmentRow:
    """One line of the table: the house, its name (for the order), the district, and the postcode or None."""

    clearinghouse_id: int
    name: str
    district_ags: str
    postcode: str | None = None


def responsible_for_point(
    rows: Iterable[CatchmentRow], *, postcode: str | None, district_ags: str | None
) -> list[int]:
    """Answer the houses responsible for one address, each once.

    Houses with a row for the exact postcode come first, then those for the whole district, each by name. A row for
    another postcode of the same district does not count.
    """
    near: list[CatchmentRow] = []
    wide: list[CatchmentRow] = []
    for row in rows:
        if row.postcode is None:
            if row.district_ags == district_ags:
                wide.append(row)
        elif row.postcode == postcode:
            near.append(row)
    return _once([*_by_name(near), *_by_name(wide)])


def responsible_for_districts(rows: Iterable[CatchmentRow], district_ags: Iterable[str]) -> list[int]:
    """Answer the houses responsible for any part of the districts, each once.

    Houses for a whole district come first, then those for some of its postcodes, each by name.
    """
    wanted = frozenset(district_ags)
    inside = [row for row in rows if row.district_ags in wanted]
    wide = [row for row in inside if row.postcode is None]
    parts = [row for row in inside if row.postcode is not None]
    return _once([*_by_name(wide), *_by_name(parts)])


def nearest(
    points: Iterable[tuple[int, float, float]], *, latitude: float, longitude: float
) -> tuple[int, float] | None:
    """Answer the id of the point nearest to a place and the distance in km as the crow flies; None without points.

    Only for places nobody is responsible for. Points are (id, latitude, longitude) in degrees; among equally near
    ones the smaller id.
    """
    found = min(
        ((_distance_km(latitude, longitude, lat, lon), point_id) for point_id, lat, lon in points),
        default=None,
    )
    return (found[1], found[0]) if found else None


def _distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Answer the great-circle distance of two places in degrees, by the haversine formula."""
    half_lat, half_lon = radians(lat2 - lat1) / 2, radians(lon2 - lon1) / 2
    chord = sin(half_lat) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, chord)))


def _by_name(rows: Iterable[CatchmentRow]) -> list[CatchmentRow]:
    """Answer the rows by name of the house; the older house first among namesakes."""
    return sorted(rows, key=lambda row: (row.name.casefold(), row.clearinghouse_id))


def _once(rows: Iterable[CatchmentRow]) -> list[int]:
    """Answer the house of each row, without repetition, order kept."""
    return list(dict.fromkeys(row.clearinghouse_id for row in rows))
