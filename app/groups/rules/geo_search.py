"""Distances, boxes and cells on the globe: everything the finder knows about "near".

Positions are latitude and longitude in degrees (WGS 84); inside the index they are whole 1e-5 degrees (about 1.1 m),
which is also what is published, so that a box and a page never disagree about a border.
"""

from __future__ import annotations

import math
from typing import NamedTuple

EARTH_RADIUS_KM = 6371.0088
E5 = 100_000
AREA_CELL_LAT_E5 = 5_000
AREA_CELL_LON_E5 = 8_000
BAND_E5 = 5_000
LON_BITS = 26
TEXT_CELL_EDGES_E5 = (10_000, 50_000)
MAX_TEXT_CELLS = 24
NO_CELL = "cnone"
"""The index word of groups without a place."""


class Box(NamedTuple):
    """A half-open box in whole 1e-5 degrees: west and south belong to it, east and north do not."""

    west: int
    south: int
    east: int
    north: int


def to_e5(degrees: float) -> int:
    """Answer degrees as whole 1e-5 degrees, rounded half to even."""
    return round(degrees * E5)


def area_cell_centre(latitude: float, longitude: float) -> tuple[float, float]:
    """Answer the centre of the coarse cell (0.05° by 0.08°, about 5.5 km) that holds a position.

    The cell is fixed and the same for everybody, never random: asking again reveals nothing more.
    """
    lat = (to_e5(latitude) // AREA_CELL_LAT_E5) * AREA_CELL_LAT_E5 + AREA_CELL_LAT_E5 // 2
    lon = (to_e5(longitude) // AREA_CELL_LON_E5) * AREA_CELL_LON_E5 + AREA_CELL_LON_E5 // 2
    return lat / E5, lon / E5


def box_around(latitude: float, longitude: float, radius_km: float) -> Box:
    """Answer the smallest box that holds every point within the radius, a hair wider for rounding."""
    dlat = math.degrees(radius_km / EARTH_RADIUS_KM)
    south, north = max(-90.0, latitude - dlat), min(90.0, latitude + dlat)
    widest = math.cos(math.radians(max(abs(south), abs(north))))
    reach = math.sin(min(math.pi / 2, radius_km / EARTH_RADIUS_KM))
    if widest <= reach:  # a pole lies inside: every longitude
        longitude, dlon = 0.0, 180.0
    else:
        dlon = math.degrees(math.asin(min(1.0, reach / widest)))
    return Box(
        math.floor((longitude - dlon) * E5) - 1,
        math.floor(south * E5) - 1,
        math.ceil((longitude + dlon) * E5) + 2,
        math.ceil(north * E5) + 2,
    )


def chord_squared(radius_km: float) -> float:
    """Answer the squared straight-line distance, on the unit sphere, of two points so far apart on its surface."""
    return (2 * math.sin(min(math.pi / 2, radius_km / (2 * EARTH_RADIUS_KM)))) ** 2


def chord_to_km(chord2: float) -> float:
    """Answer the surface distance in kilometres of a squared chord on the unit sphere."""
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord2) / 2))


def unit_vector(latitude: float, longitude: float) -> tuple[float, float, float]:
    """Answer the point on the unit sphere."""
    phi, lam = math.radians(latitude), math.radians(longitude)
    return math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi)


def cell_tokens(lat_e5: int, lon_e5: int) -> list[str]:
    """Answer the index words of the cells, one a size, that hold a position."""
    return [
        f"c{level}x{lat_e5 // edge + 1000}y{lon_e5 // edge + 2000}"
        for level, edge in enumerate(TEXT_CELL_EDGES_E5)
    ]


def cover_tokens(box: Box) -> list[str]:
    """Answer the words of at most 24 cells that together cover a box; empty when it needs more of the largest."""
    for level, edge in enumerate(TEXT_CELL_EDGES_E5):
        rows = range(box.south // edge, (box.north - 1) // edge + 1)
        columns = range(box.west // edge, (box.east - 1) // edge + 1)
        if len(rows) * len(columns) <= MAX_TEXT_CELLS:
            return [f"c{level}x{row + 1000}y{column + 2000}" for row in rows for column in columns]
    return []
