"""Map clusters that are exact: groups gathered in the cells of a fixed grid, one grid a zoom level.

A cell is about 120 by 120 pixels on a Web-Mercator map of Germany. A request's box is widened outward to whole
cells, so the same cell always answers the same number, and neighbouring answers fit together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.groups.rules.finder_columns import Columns, Ints, slices
from app.groups.rules.geo_search import Box

MAX_ZOOM = 20
MAX_CELLS = 120
_WEST_E5 = -18_000_000
_SOUTH_E5 = -9_000_000
_ROW_BITS = 32


@dataclass(frozen=True, slots=True)
class Cluster:
    """The groups of one cell: how many, their mean position, and, when it is only one, its row."""

    cell: int
    count: int
    latitude: float
    longitude: float
    row: int | None


@dataclass(frozen=True, slots=True)
class Grid:
    """All cells of one zoom level that hold groups, sorted by cell number."""

    zoom: int
    cell: Ints
    count: Ints
    lat_sum: Ints
    lon_sum: Ints
    first_row: Ints

    def within(self, box: Box) -> list[Cluster]:
        """Answer the clusters of the cells inside a box that ``widen`` has answered for this zoom."""
        width, height = cell_size_e5(self.zoom)
        rows = np.arange((box.south - _SOUTH_E5) // height, (box.north - _SOUTH_E5) // height)
        first = np.searchsorted(self.cell, (rows << _ROW_BITS) + (box.west - _WEST_E5) // width)
        last = np.searchsorted(self.cell, (rows << _ROW_BITS) + (box.east - _WEST_E5) // width)
        index = slices(first, last - first)[0]
        columns = (self.cell, self.count, self.lat_sum, self.lon_sum, self.first_row)
        return [
            Cluster(cell, n, round(lat / n) / 1e5, round(lon / n) / 1e5, row if n == 1 else None)
            for cell, n, lat, lon, row in zip(*(column[index].tolist() for column in columns), strict=True)
        ]


def cell_size_e5(zoom: int) -> tuple[int, int]:
    """Answer width and height of a cell in whole 1e-5 degrees; each zoom halves both."""
    return 2 ** (24 - zoom), 5 * 2 ** (21 - zoom)


def widen(box: Box, zoom: int) -> tuple[Box, int]:
    """Answer the box widened outward to whole cells, and the zoom whose cells were taken.

    A box that would need more than 120 cells at its zoom is answered with larger ones.
    """
    level = max(0, min(zoom, MAX_ZOOM))
    widened = _whole_cells(box, level)
    while level and _cell_count(widened, level) > MAX_CELLS:
        level -= 1
        widened = _whole_cells(box, level)
    return widened, level


def _whole_cells(box: Box, zoom: int) -> Box:
    """Answer the smallest box of whole cells around a box."""
    width, height = cell_size_e5(zoom)
    west = (box.west - _WEST_E5) // width * width + _WEST_E5
    south = (box.south - _SOUTH_E5) // height * height + _SOUTH_E5
    east = -(-(box.east - _WEST_E5) // width) * width + _WEST_E5
    north = -(-(box.north - _SOUTH_E5) // height) * height + _SOUTH_E5
    # A box thinner than the unit may have no width left; it still answers the cell it lies in.
    return Box(west, south, max(east, west + width), max(north, south + height))


def _cell_count(box: Box, zoom: int) -> int:
    width, height = cell_size_e5(zoom)
    return (box.east - box.west) // width * ((box.north - box.south) // height)


def gather(columns: Columns, rows: Ints, zoom: int) -> Grid:
    """Answer the cells of some rows that have a place; the counts add up to the rows."""
    width, height = cell_size_e5(zoom)
    lat, lon = columns.lat_e5[rows].astype(np.int64), columns.lon_e5[rows].astype(np.int64)
    cells = (((lat - _SOUTH_E5) // height) << _ROW_BITS) + (lon - _WEST_E5) // width
    order = np.argsort(cells, kind="stable")
    cells = cells[order]
    starts = np.flatnonzero(np.concatenate([[True], cells[1:] != cells[:-1]])) if len(cells) else np.arange(0)
    counts = np.diff(np.append(starts, len(cells)))
    return Grid(
        zoom, cells[starts], counts, _sums(lat[order], starts), _sums(lon[order], starts), rows[order[starts]]
    )


def _sums(values: Ints, starts: Ints) -> NDArray[np.int64]:
    """Answer the sum of each run."""
    return np.add.reduceat(values, starts) if len(starts) else np.zeros(0, np.int64)
