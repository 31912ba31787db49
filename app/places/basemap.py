"""The embedded map: outlines of Länder and districts, and city labels, as small files for the browser."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import shapely

from app.places import reference_files

DEFAULT_TARGET = Path(__file__).resolve().parents[2] / "static" / "generated" / "basemap"
STATE_TOLERANCE = 0.004
DISTRICT_TOLERANCE = 0.0015
"""Degrees a simplified outline may lie beside the true one, far less than a line is wide at its zoom."""
STATE_DECIMALS = 3
DISTRICT_DECIMALS = 3
LABELS_BY_ZOOM = ((5, 12), (6, 30), (7, 70), (8, 150), (9, 320), (10, 600))
"""From which zoom on how many towns are named, the largest first."""
LABEL_SPACING_DEGREES = {5: 0.75, 6: 0.4, 7: 0.22, 8: 0.12, 9: 0.07, 10: 0.04}
"""How far apart names must be at a zoom, so that they do not cover each other."""
_NARROWING = 0.63


def write_basemap(target: Path = DEFAULT_TARGET, *, folder: Path = reference_files.DATA_FOLDER) -> list[Path]:
    """Afterwards ``target`` holds ``laender.json``, ``districts.json`` and ``labels.json``; answers their paths.

    The outlines are GeoJSON with the name alone; the labels are ``[name, latitude, longitude, min_zoom]``.
    """
    target.mkdir(parents=True, exist_ok=True)
    bodies = {
        "laender.json": _outlines(folder / "states.geojson", STATE_TOLERANCE, STATE_DECIMALS),
        "districts.json": _outlines(folder / "districts.geojson", DISTRICT_TOLERANCE, DISTRICT_DECIMALS),
        "labels.json": _labels(folder),
    }
    paths = []
    for name, body in bodies.items():
        path = target / name
        path.write_bytes(orjson.dumps(body))
        paths.append(path)
    return paths


def _outlines(path: Path, tolerance: float, decimals: int) -> dict[str, Any]:
    """Answer a FeatureCollection whose neighbours still share their borders after simplifying."""
    properties, outlines = reference_files.read_outlines(path)
    simplified = shapely.coverage_simplify(outlines, tolerance)
    features = [
        {
            "type": "Feature",
            "properties": {"name": each["name"]},
            "geometry": _rounded(outline, decimals),
        }
        for each, outline in zip(properties, simplified, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


def _rounded(outline: Any, decimals: int) -> dict[str, Any]:
    """Answer the geometry with short numbers, without points that have become one."""
    polygons = [
        [_rounded_ring(ring, decimals) for ring in (polygon.exterior, *polygon.interiors)]
        for polygon in shapely.get_parts(outline)
    ]
    kept = [rings for rings in polygons if len(rings[0]) > 3]
    if len(kept) == 1:
        return {"type": "Polygon", "coordinates": kept[0]}
    return {"type": "MultiPolygon", "coordinates": kept}


def _rounded_ring(ring: Any, decimals: int) -> list[list[float]]:
    points = [[round(x, decimals), round(y, decimals)] for x, y in shapely.get_coordinates(ring).tolist()]
    return [points[0], *(after for before, after in pairwise(points) if after != before)]


def _labels(folder: Path) -> list[list[Any]]:
    """Answer the towns that are named on the map: the largest, and at each zoom none on top of another."""
    placed: list[list[Any]] = []
    waiting = reference_files.read_town_points(folder)
    for zoom, most in LABELS_BY_ZOOM:
        spacing = LABEL_SPACING_DEGREES[zoom]
        left = []
        for name, latitude, longitude in waiting:
            if len(placed) < most and not _is_crowded(latitude, longitude, placed, spacing):
                placed.append([name, latitude, longitude, zoom])
            else:
                left.append((name, latitude, longitude))
        waiting = left
    return placed


def _is_crowded(latitude: float, longitude: float, placed: list[list[Any]], spacing: float) -> bool:
    return any(
        abs(latitude - other[1]) < spacing and abs(longitude - other[2]) * _NARROWING < spacing * 2
        for other in placed
    )
