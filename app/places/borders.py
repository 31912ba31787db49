"""Where a point lies: the district around it and the town next to it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from app.places import reference_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import ArrayLike, NDArray

_NARROWING = 0.63
"""A degree of longitude in the middle of Germany, in degrees of latitude; makes "nearest" about right."""


class Districts:
    """The outlines of the districts, to ask which one holds a point."""

    def __init__(self, keys: Sequence[str], outlines: Sequence[Any]) -> None:
        self._keys = np.array(keys)
        self._outlines = dict(zip(keys, outlines, strict=True))
        narrowed = shapely.transform(np.array(outlines), lambda points: points * (_NARROWING, 1.0))
        self._tree = shapely.STRtree(narrowed)

    def at(self, latitudes: ArrayLike, longitudes: ArrayLike) -> list[str]:
        """Answer the key of the district around each point; outside Germany, of the nearest.

        Raises:
            ValueError: a coordinate is not a finite number.
        """
        points = _points(latitudes, longitudes)
        found = np.full(len(points), -1)
        which, district = self._tree.query(points, predicate="intersects")
        found[which[::-1]] = district[::-1]
        outside = np.flatnonzero(found < 0)
        if outside.size:
            which, district = self._tree.query_nearest(points[outside], all_matches=False)
            found[outside[which]] = district
        return [str(key) for key in self._keys[found]]

    def outlines(self, keys: Iterable[str]) -> dict[str, Any]:
        """Answer the outlines of some districts (shapely, degrees), by key; an unknown key is left out."""
        return {key: self._outlines[key] for key in keys if key in self._outlines}


class NearestPoints:
    """Points, to ask which one lies next to another."""

    def __init__(self, latitudes: ArrayLike, longitudes: ArrayLike) -> None:
        self._tree = shapely.STRtree(_points(latitudes, longitudes))

    def to(self, latitudes: ArrayLike, longitudes: ArrayLike) -> list[int]:
        """Answer the position of the nearest point for each point asked about.

        Raises:
            ValueError: a coordinate is not a finite number.
        """
        points = _points(latitudes, longitudes)
        if not len(points):
            return []
        return [int(number) for number in self._tree.query_nearest(points, all_matches=False)[1]]


@cache
def german_districts() -> Districts:
    """Answer the districts of the reference files, read once a process."""
    properties, outlines = reference_files.read_outlines(reference_files.DATA_FOLDER / "districts.geojson")
    return Districts([each["ags"] for each in properties], outlines)


def _points(latitudes: ArrayLike, longitudes: ArrayLike) -> NDArray[np.object_]:
    east = np.asarray(longitudes, dtype=float).ravel() * _NARROWING
    north = np.asarray(latitudes, dtype=float).ravel()
    if not (np.isfinite(east).all() and np.isfinite(north).all()):
        raise ValueError("A coordinate is not a finite number.")
    points: NDArray[np.object_] = shapely.points(east, north)
    return points
