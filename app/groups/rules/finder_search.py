"""Which groups match, how many, in which order: the finder's whole answer, computed on ``finder_columns``."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from app.groups.rules import meeting_patterns
from app.groups.rules.finder_columns import Bools, Columns, Ints, slices
from app.groups.rules.geo_search import (
    BAND_E5,
    LON_BITS,
    Box,
    box_around,
    chord_squared,
    chord_to_km,
    unit_vector,
)
from app.groups.rules.vocabulary import BIT_COUNT, FACETS, FIRST_BIT, facet_bits

NO_CHORD2 = 8.0
"""The squared chord of what has no place: farther than any point of the globe."""
FIRST_RING_KM = 1.0
"""Where a search for the nearest begins; wider for a topic that few groups have."""


@dataclass(frozen=True, slots=True)
class Circle:
    """Everything within a radius of a point."""

    latitude: float
    longitude: float
    radius_km: float


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; different fields are combined with and.

    Attributes:
        circle, box, districts: where; at most one of circle and districts; None means anywhere.
        values: facet name → the values chosen (see ``vocabulary.FACETS``).
        topics: topic ids, any of them.
        clearinghouses: ids, any of them.
        minutes: wall-clock window of the start, minutes of the day, half-open; it wraps when the second is smaller.
        days: first and last day, days since 1970, both included.
        group_ids: only these groups (hits of a text search); None means all.
    """

    circle: Circle | None = None
    box: Box | None = None
    districts: frozenset[int] | None = None
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    topics: tuple[int, ...] = ()
    clearinghouses: tuple[int, ...] = ()
    minutes: tuple[int, int] | None = None
    days: tuple[int, int] | None = None
    group_ids: Ints | None = None

    @property
    def has_place(self) -> bool:
        """Whether only groups with a place can match (unless online ones are asked for by name)."""
        return self.circle is not None or self.box is not None or self.districts is not None

    @property
    def wants_online(self) -> bool:
        """Whether online groups are among the hits wherever they are: asked for by name, not for a part of a map."""
        return "online" in self.values.get("format", ()) and self.box is None


@dataclass(frozen=True, slots=True)
class Hits:
    """The answer of one search.

    Attributes:
        rows: the matching rows, in row order.
        chord2: squared chord to the centre of the circle, a row each; None without one.
        facets: facet → value → how many would match if this value alone were chosen in its facet (for ``access``:
            in addition to those chosen).
        online_total: matching online groups beside those near the place; 0 without a place.
    """

    rows: Ints
    chord2: NDArray[np.float64] | None
    facets: Mapping[str, dict[str, int]]
    online_total: int

    @property
    def total(self) -> int:
        """How many groups match."""
        return len(self.rows)


def search(columns: Columns, filters: Filters, *, with_facets: bool = False) -> Hits:
    """Answer every matching row, and on demand the number behind each filter value."""
    named = _named(columns, filters)
    rows = _candidates(columns, filters, named)
    tests = _tests(columns, filters, rows)
    fails = np.zeros(len(rows), np.uint8)
    for passed in tests.values():
        fails += ~passed
    matching = rows[fails == 0]
    facets = _facets(columns, filters, rows, tests, fails) if with_facets else {}
    chord2 = None
    if filters.circle is not None:
        chord2 = _chord2(columns, matching, filters.circle)
    online = 0
    if filters.has_place and not filters.wants_online:
        online = _count_online(columns, filters, named)
    return Hits(matching, chord2, facets, online)


def count(columns: Columns, filters: Filters) -> int:
    """Answer how many rows match, and nothing else."""
    rows = _candidates(columns, filters, _named(columns, filters))
    return int(_pass_all(_tests(columns, filters, rows), len(rows)).sum())


def nearest(columns: Columns, filters: Filters, *, count: int) -> Ints:
    """Answer the ``count`` nearest matching rows, nearest first, without looking at the rest.

    The circle grows until it holds enough, so the cost follows the answer, not the number of groups.
    """
    circle = filters.circle
    if circle is None:
        raise ValueError("nearest needs a circle")
    named = _named(columns, filters)
    share = 1.0 if named is None else max(1, len(named)) / max(1, len(columns))
    radius = min(FIRST_RING_KM / math.sqrt(share), circle.radius_km)
    while True:
        part = replace(filters, circle=replace(circle, radius_km=radius))
        rows = _candidates(columns, part, named)
        rows = rows[_pass_all(_tests(columns, part, rows), len(rows))]
        near = int(np.searchsorted(rows, columns.placed))  # online groups have no distance and come last
        if near >= count or radius >= circle.radius_km:
            chord2 = _chord2(columns, rows, circle)
            chord2[near:] = NO_CHORD2
            return order_rows(columns, rows, chord2, offset=0, limit=count)
        growth = math.sqrt(2 * count / max(1, near))  # as if the groups were spread evenly
        radius = min(radius * min(max(growth, 2.0), 6.0), circle.radius_km)


def order_rows(
    columns: Columns, rows: Ints, rank: NDArray[np.float64] | Ints, *, offset: int, limit: int
) -> Ints:
    """Answer one page of the rows by ascending rank; equal ranks come by next meeting, then by id."""
    wanted = offset + limit
    if wanted < len(rows):
        # Everything up to the rank of the last wanted row, ties included, so that pages never overlap.
        edge = np.partition(rank, wanted)[wanted]
        near_enough = rank <= edge
        rows, rank = rows[near_enough], rank[near_enough]
    order = np.lexsort((columns.group_id[rows], columns.next_at[rows], rank))
    return rows[order[offset:wanted]]


def distances_km(columns: Columns, rows: Ints, latitude: float, longitude: float) -> list[float | None]:
    """Answer the distance of each row; None without a place."""
    chords = _chord2(columns, rows, Circle(latitude, longitude, 0)).tolist()
    return [None if chord != chord else chord_to_km(chord) for chord in chords]  # noqa: PLR0124 - not a number


def _candidates(columns: Columns, filters: Filters, named: Ints | None) -> Ints:
    """Answer the rows with the words, topics and place asked for, in row order.

    Online groups have no place; they are among them when no place is asked for, or when they are asked for by name.
    """
    if not filters.has_place:
        return np.arange(len(columns)) if named is None else named
    first, count = _reach(columns, filters)
    if named is None:
        placed, online = slices(first, count)[0], np.arange(columns.placed, len(columns))
    else:
        border = int(np.searchsorted(named, columns.placed))
        placed, online = named[:border], named[border:]
        if filters.group_ids is None and count.sum() < len(placed):
            reach = slices(first, count)[0]
            placed = reach[_has_topic(columns, reach, filters.topics)]
    placed = placed[_at_place(columns, filters, placed)]
    return np.concatenate([placed, online]) if filters.wants_online else placed


def _named(columns: Columns, filters: Filters) -> Ints | None:
    """Answer the rows that a text search found and that have a topic asked for; None when neither is asked for."""
    if filters.group_ids is not None:
        rows = np.sort(columns.positions(filters.group_ids))
        return rows[_has_topic(columns, rows, filters.topics)] if filters.topics else rows
    return columns.topic_rows.of(filters.topics) if filters.topics else None


def _reach(columns: Columns, filters: Filters) -> tuple[Ints, Ints]:
    """Answer the runs of rows, first and count, that a circle or box touches: a superset of its hits."""
    box = filters.box
    if filters.circle is not None:
        around = box_around(filters.circle.latitude, filters.circle.longitude, filters.circle.radius_km)
        box = around if box is None else _intersection(box, around)
    if box is None:
        return np.array([0]), np.array([columns.placed])
    return runs_in_box(columns.key, box)


def runs_in_box(key: Ints, box: Box) -> tuple[Ints, Ints]:
    """Answer the runs of rows, one a band, that lie in the box (its first and last band may stick out)."""
    bands = np.arange(box.south // BAND_E5, -(-box.north // BAND_E5)) + 4096
    west, east = max(box.west, -18_000_000), min(box.east, 18_000_001)
    if not len(bands) or west >= east:
        return np.arange(0), np.arange(0)
    first = np.searchsorted(key, (bands << LON_BITS) + west + 18_000_000)
    last = np.searchsorted(key, (bands << LON_BITS) + east + 18_000_000)
    return first, last - first


def _intersection(one: Box, other: Box) -> Box:
    return Box(
        max(one.west, other.west),
        max(one.south, other.south),
        min(one.east, other.east),
        min(one.north, other.north),
    )


def _at_place(columns: Columns, filters: Filters, rows: Ints) -> Bools:
    """Answer which of some rows with a place lie where asked."""
    inside = np.ones(len(rows), bool)
    if filters.circle is not None:
        inside &= _chord2(columns, rows, filters.circle) <= chord_squared(filters.circle.radius_km)
    if filters.box is not None:
        lat, lon = columns.lat_e5[rows], columns.lon_e5[rows]
        inside &= (lat >= filters.box.south) & (lat < filters.box.north)
        inside &= (lon >= filters.box.west) & (lon < filters.box.east)
    if filters.districts is not None:
        inside &= _is_in(columns.district[rows], filters.districts)
    return inside


def _chord2(columns: Columns, rows: Ints, circle: Circle) -> NDArray[np.float64]:
    """Answer the squared chord of each row to the centre; not a number without a place."""
    x, y, z = unit_vector(circle.latitude, circle.longitude)
    dx, dy, dz = columns.x[rows] - x, columns.y[rows] - y, columns.z[rows] - z
    result: NDArray[np.float64] = dx * dx + dy * dy + dz * dz
    return result


def _tests(columns: Columns, filters: Filters, rows: Ints) -> dict[str, Bools]:
    """Answer for every filter in use which rows pass it."""
    tests: dict[str, Bools] = {}
    flags = columns.flags if len(rows) == len(columns) else columns.flags[rows]
    asks_when = filters.minutes is not None or filters.days is not None
    for facet, values in filters.values.items():
        if not values or (
            facet == "weekday" and asks_when
        ):  # then time, days and weekday must fit one series
            continue
        bits = np.uint64(facet_bits(facet, values))
        tests[facet] = (flags & bits) == bits if facet == "access" else (flags & bits) != 0
    if filters.clearinghouses:
        tests["clearinghouse"] = _is_in(columns.clearinghouse[rows], filters.clearinghouses)
    if asks_when:
        tests["moment"] = _meets(columns, filters, rows)
    return tests


def _has_topic(columns: Columns, rows: Ints, wanted: tuple[int, ...]) -> Bools:
    """Answer which rows have any of the topics."""
    found = np.zeros(len(rows), bool)
    for slot in columns.topics:
        here = slot[rows]
        for topic in wanted:
            found |= here == topic
    return found


def _is_in(values: NDArray[np.int32], wanted: Iterable[int]) -> Bools:
    wanted = tuple(wanted)
    if len(wanted) == 1:
        return np.asarray(values == wanted[0])
    table = np.zeros(max((*wanted, int(values.max(initial=0)))) + 1, bool)
    table[list(wanted)] = True
    return np.asarray(table[values])


def _meets(columns: Columns, filters: Filters, rows: Ints) -> Bools:
    """Answer which rows have one series that fits weekday, time and days all at once."""
    patterns, owner = columns.pattern_rows(rows)
    result = np.zeros(len(rows), bool)
    result[owner[_fitting(columns, filters, patterns, filters.values.get("weekday", ()))]] = True
    return result


def _fitting(
    columns: Columns, filters: Filters, patterns: NDArray[np.void], weekdays: tuple[str, ...]
) -> Ints:
    """Answer which series take place on one of the weekdays (any, if none is given) in the time and days asked for."""
    fits = np.ones(len(patterns), bool)
    if weekdays:
        fits &= np.isin(patterns["weekday"], [int(day) for day in weekdays])
    if filters.minutes is not None:
        first, last = filters.minutes
        start = patterns["start_minute"]
        fits &= (start >= first) & (start < last) if first <= last else (start >= first) | (start < last)
    since = filters.days[0] if filters.days is not None else columns.as_of // 1440
    until = filters.days[1] if filters.days is not None else meeting_patterns.FAR
    chosen = np.flatnonzero(fits)
    day = meeting_patterns.next_day(patterns[chosen], np.full(len(chosen), since, np.int64))
    return chosen[(day <= until) & (day != meeting_patterns.FAR)]


def _count_online(columns: Columns, filters: Filters, named: Ints | None) -> int:
    """Answer how many groups without a place pass every filter but the place."""
    rows = np.arange(columns.placed, len(columns)) if named is None else named[named >= columns.placed]
    return int(_pass_all(_tests(columns, filters, rows), len(rows)).sum())


def _pass_all(tests: Mapping[str, Bools], size: int) -> Bools:
    passed = np.ones(size, bool)
    for test in tests.values():
        passed &= test
    return passed


def _facets(
    columns: Columns, filters: Filters, rows: Ints, tests: Mapping[str, Bools], fails: NDArray[np.uint8]
) -> dict[str, dict[str, int]]:
    """Count the rows behind each value: those that pass every other filter."""
    flags = columns.flags[rows]
    at_hits = _count_bits(flags[fails == 0])
    counts: dict[str, dict[str, int]] = {}
    for facet, values in FACETS.items():
        here = at_hits
        if facet in tests and facet != "access":
            here = _count_bits(flags[(fails == 0) | ((fails == 1) & ~tests[facet])])
        first = FIRST_BIT[facet]
        counts[facet] = dict(zip(values, here[first : first + len(values)], strict=True))
    if "moment" in tests:
        # Time and days must fit the series of that very weekday, so this facet cannot be read off the bits.
        others = fails - ~tests["moment"]
        counts["weekday"] = _count_weekdays(columns, filters, rows[others == 0])
    return counts


def _count_weekdays(columns: Columns, filters: Filters, rows: Ints) -> dict[str, int]:
    """Count for each weekday the rows with a series on it that fits the time and days asked for."""
    patterns, owner = columns.pattern_rows(rows)
    fitting = _fitting(columns, filters, patterns, ())
    pairs = np.unique(owner[fitting] * 8 + patterns["weekday"][fitting])
    counts = np.bincount(pairs % 8, minlength=8).tolist()
    return {value: counts[int(value)] for value in FACETS["weekday"]}


_BITS_OF_BYTE = (np.arange(256)[:, None] >> np.arange(8)) & 1


def _count_bits(flags: NDArray[np.uint64]) -> list[int]:
    """Answer how often each bit is set."""
    octets = flags.view(np.uint8).reshape(-1, 8)
    counts: list[int] = []
    for column in range((BIT_COUNT + 7) // 8):
        counts += (np.bincount(octets[:, column], minlength=256) @ _BITS_OF_BYTE).tolist()
    return counts
