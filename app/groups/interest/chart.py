"""The districts of a clearing house as a drawing, with how many people are interested in each: a number a district."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely

from app.places.borders import german_districts

WIDTH = 480
NARROWING = 0.63
"""A degree of longitude in the middle of Germany, in degrees of latitude."""
_TOLERANCE = 1.0
_MARGIN = 8


@dataclass(frozen=True, slots=True)
class DrawnDistrict:
    """The outline of a district as an SVG path, a point well inside it, and the number to write there."""

    ags: str
    path: str
    x: float
    y: float
    count: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """Districts side by side, in units of a drawing that is ``width`` wide and ``height`` high."""

    width: int
    height: int
    districts: tuple[DrawnDistrict, ...]


def draw_districts(counts: Mapping[str, int]) -> Drawing | None:
    """Answer the districts with their counts; None when none of them has an outline."""
    outlines = german_districts().outlines(counts)
    if not outlines:
        return None
    west, south, east, north = shapely.total_bounds(list(outlines.values()))
    scale = (WIDTH - 2 * _MARGIN) / max((east - west) * NARROWING, (north - south))

    def project(points: Any) -> Any:
        return (points - (west, north)) * (NARROWING * scale, -scale) + _MARGIN

    drawn = [_draw(ags, shapely.transform(each, project), counts[ags]) for ags, each in outlines.items()]
    return Drawing(
        round((east - west) * NARROWING * scale) + 2 * _MARGIN,
        round((north - south) * scale) + 2 * _MARGIN,
        tuple(drawn),
    )


def _draw(ags: str, outline: Any, count: int) -> DrawnDistrict:
    inside = shapely.maximum_inscribed_circle(shapely.make_valid(outline), tolerance=4).coords[0]
    return DrawnDistrict(ags, _path(shapely.simplify(outline, _TOLERANCE)), *_rounded(inside), count)


def _path(outline: Any) -> str:
    rings = [
        ring for polygon in shapely.get_parts(outline) for ring in (polygon.exterior, *polygon.interiors)
    ]
    return "".join("M" + "L".join(f"{x} {y}" for x, y in map(_rounded, ring.coords)) + "Z" for ring in rings)


def _rounded(point: Any) -> tuple[float, float]:
    return round(float(point[0]), 1), round(float(point[1]), 1)
