"""Listed groups as plain facts, the same as the finder's arrays, and which of them match by looking at each in turn.

The naive answer shares no code with ``finder_search``: sets and loops instead of bits and arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile
from random import Random
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from app.groups.rules.finder_columns import Columns, build, pack_entry
from app.groups.rules.finder_search import Circle, Filters
from app.groups.rules.geo_search import E5, Box
from app.groups.rules.meeting_patterns import day_number, pack_series, wall_minute
from app.groups.rules.recurrence import Rule, days
from app.groups.rules.schedule import Series
from app.groups.rules.vocabulary import FACETS, flags_of
from tests.builders.groups import random_rule
from tests.support.globe import distance_km

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WALL = datetime(2026, 11, 23, 10)
AS_OF = wall_minute(WALL)
NEVER = datetime(9999, 12, 31)
CHOSEN = {
    "format": ("in_person", "hybrid", "online"),
    "status": ("open", "waiting_list"),
    "for": ("affected", "relatives"),
    "access": ("step_free", "lift", "hearing_loop"),
    "audience": ("young", "women"),
    "language": ("de", "en", "zh"),
}
"""The values that random groups have: few, so that filters meet."""


@dataclass(frozen=True)
class Row:
    """One listed group; ``point`` is (latitude, longitude) in whole 1e-5 degrees."""

    group_id: int
    point: tuple[int, int] | None
    facts: dict[str, tuple[str, ...]]
    topics: tuple[int, ...]
    clearinghouse: int
    district: int
    series: tuple[Rule, ...]

    @property
    def values(self) -> dict[str, tuple[str, ...]]:
        """Facet → the values of this group."""
        going_on = [rule for rule in self.series if _walls(rule, WALL) != [NEVER]]
        return {"weekday": tuple({str(rule.weekdays[0]) for rule in going_on}), **self.facts}


def some_rows(seed: int, ids: Iterable[int]) -> list[Row]:
    """Answer groups around Köln, often two at one point; drawn by a seed, as Hypothesis is slow at so many choices."""
    random = Random(seed)
    return [_row(random, group_id) for group_id in ids]


def row_lists(most: int) -> st.SearchStrategy[list[Row]]:
    """Answer any number of groups, numbered from 1."""
    return st.builds(
        lambda seed, count: some_rows(seed, range(1, count + 1)), st.integers(0, 2**32), st.integers(0, most)
    )


def _row(random: Random, group_id: int) -> Row:
    facts = {name: tuple(v for v in values if random.random() < 0.4) for name, values in CHOSEN.items()}
    facts |= {name: (random.choice(CHOSEN[name]),) for name in ("format", "status")}
    is_online = facts["format"] == ("online",)
    latitude = random.choice((5_090_000, 5_095_000, 5_095_001, random.randrange(5_060_000, 5_130_000)))
    longitude = random.choice((696_000, 700_000, random.randrange(660_000, 730_000)))
    return Row(
        group_id=group_id,
        point=None if is_online else (latitude, longitude),
        facts=facts | {"for": facts["for"] or ("affected",)},
        topics=tuple(random.sample(range(1, 6), random.randint(1, 4))),
        clearinghouse=random.randint(1, 3),
        district=0 if is_online else random.choice((5315, 5378, 9162)),
        series=tuple(random_rule(random) for _ in range(random.choice((0, 1, 1, 2)))),
    )


def columns_of(rows: Iterable[Row], *, as_of: int = AS_OF) -> Columns:
    """Answer the finder's arrays of some groups."""
    return build(*packed(rows), as_of=as_of)


def packed(rows: Iterable[Row]) -> tuple[bytes, bytes]:
    """Answer the records and meeting patterns of some groups."""
    rows = list(rows)
    meetings = [
        pack_series([Series(number, rule) for number, rule in enumerate(row.series)], today=WALL.date())
        for row in rows
    ]
    records = b"".join(
        pack_entry(
            group_id=row.group_id,
            point_e5=row.point,
            flags=flags_of(row.values),
            topics=row.topics,
            clearinghouse=row.clearinghouse,
            district=row.district,
            meetings=own.count,
        )
        for row, own in zip(rows, meetings, strict=True)
    )
    return records, b"".join(own.patterns for own in meetings)


def naive_ids(rows: Iterable[Row], filters: Filters) -> set[int]:
    """Answer the groups that match."""
    return {row.group_id for row in rows if matches(row, filters)}


def naive_order(rows: Sequence[Row], filters: Filters, *, by_distance: bool) -> list[int]:
    """Answer the matching groups: nearest or soonest first; ties by next meeting, then by id."""

    def rank(row: Row) -> tuple[Any, ...]:
        if not by_distance:
            return (next_wall(row), row.group_id)
        return (_km(row, filters.circle), next_wall(row), row.group_id)

    return [row.group_id for row in sorted(rows, key=rank) if matches(row, filters)]


def naive_facets(rows: Sequence[Row], filters: Filters) -> dict[str, dict[str, int]]:
    """Answer how many match if one value is chosen instead of what is chosen in its facet (access: in addition)."""
    counts: dict[str, dict[str, int]] = {}
    for facet, known in FACETS.items():
        counts[facet] = {}
        for value in known:
            chosen = (*filters.values.get("access", ()), value) if facet == "access" else (value,)
            asked = {**_arguments(filters), "values": {**filters.values, facet: chosen}}
            in_place = [row for row in rows if _is_counted(row, filters)]
            counts[facet][value] = len(naive_ids(in_place, Filters(**asked)))
    return counts


def naive_online(rows: Sequence[Row], filters: Filters) -> int:
    """Answer how many online groups match when nobody asks where they are."""
    if not filters.has_place or _asks_online(filters):
        return 0
    asked = {**_arguments(filters), "circle": None, "box": None, "districts": None}
    return len(naive_ids([row for row in rows if row.point is None], Filters(**asked)))


def matches(row: Row, filters: Filters) -> bool:
    """Whether a group passes every filter."""
    return (
        _in_place(row, filters)
        and _has_values(row, filters)
        and (not filters.topics or bool(set(filters.topics) & set(row.topics)))
        and (not filters.clearinghouses or row.clearinghouse in filters.clearinghouses)
        and (filters.group_ids is None or row.group_id in filters.group_ids.tolist())
        and _meets(row, filters)
    )


def next_wall(row: Row) -> datetime:
    """Answer the wall-clock time of the next meeting; the end of time when there is none."""
    return min((moment for rule in row.series for moment in _walls(rule, WALL)), default=NEVER)


def _is_counted(row: Row, filters: Filters) -> bool:
    """Whether a group is counted behind filter values: near a place online ones are, only when asked for."""
    return row.point is not None or not filters.has_place or _asks_online(filters)


def _asks_online(filters: Filters) -> bool:
    """Whether online groups are meant wherever they are: asked for by name, and not for a part of the map."""
    return "online" in filters.values.get("format", ()) and filters.box is None


def _in_place(row: Row, filters: Filters) -> bool:
    if not filters.has_place:
        return True
    if row.point is None:
        return _asks_online(filters)
    lat, lon = row.point
    circle, box, districts = filters.circle, filters.box, filters.districts
    return (
        (circle is None or _km(row, circle) <= circle.radius_km)
        and (box is None or (box.south <= lat < box.north and box.west <= lon < box.east))
        and (districts is None or row.district in districts)
    )


def _has_values(row: Row, filters: Filters) -> bool:
    asks_when = filters.minutes is not None or filters.days is not None
    for facet, chosen in filters.values.items():
        if facet == "weekday" and asks_when:
            continue  # must fit the very series that fits time and days
        has = set(row.values[facet])
        if facet == "access" and not set(chosen) <= has:
            return False
        if facet != "access" and chosen and not set(chosen) & has:
            return False
    return True


def _meets(row: Row, filters: Filters) -> bool:
    if filters.minutes is None and filters.days is None:
        return True
    return any(_fits(rule, filters) for rule in row.series)


def _fits(rule: Rule, filters: Filters) -> bool:
    weekdays = filters.values.get("weekday", ())
    if weekdays and str(rule.weekdays[0]) not in weekdays:
        return False
    if filters.minutes is not None:
        first, last = filters.minutes
        minute = rule.starts_at_local.hour * 60 + rule.starts_at_local.minute
        if not (first <= minute < last if first <= last else minute >= first or minute < last):
            return False
    epoch = date(1970, 1, 1).toordinal()
    since, until = filters.days or (AS_OF // 1440, day_number(date.max))
    day = next(days(rule, since=date.fromordinal(epoch + since)), None)
    return day is not None and day_number(day) <= until


def _walls(rule: Rule, wall: datetime) -> Iterable[datetime]:
    upcoming = (datetime.combine(day, rule.starts_at_local) for day in days(rule, since=wall.date()))
    soon = takewhile(lambda moment: moment < wall + timedelta(days=366 * 40), upcoming)
    return [next((moment for moment in soon if moment >= wall), NEVER)]


def _km(row: Row, circle: Circle | None) -> float:
    if row.point is None or circle is None:
        return float("inf")
    return round(distance_km(row.point[0] / E5, row.point[1] / E5, circle.latitude, circle.longitude), 9)


def _arguments(filters: Filters) -> dict[str, Any]:
    names = (
        "circle",
        "box",
        "districts",
        "values",
        "topics",
        "clearinghouses",
        "minutes",
        "days",
        "group_ids",
    )
    return {name: getattr(filters, name) for name in names}


@st.composite
def filters(draw: st.DrawFn) -> Filters:
    """Answer any mixture of filters."""
    where = draw(st.sampled_from(("circle", "box", "both", "district", "nowhere", "nowhere")))
    values = {
        name: tuple(draw(st.lists(st.sampled_from(known), min_size=1, max_size=2, unique=True)))
        for name, known in (*CHOSEN.items(), ("weekday", FACETS["weekday"]))
        if draw(st.integers(0, 4)) == 0
    }
    return Filters(
        circle=draw(_circles()) if where in {"circle", "both"} else None,
        box=draw(_boxes()) if where in {"box", "both"} else None,
        districts=draw(st.frozensets(st.sampled_from((5315, 5378)), min_size=1))
        if where == "district"
        else None,
        values=values,
        topics=draw(_rarely(st.lists(st.integers(1, 7), min_size=1, max_size=3, unique=True).map(tuple), ())),
        clearinghouses=draw(_rarely(st.lists(st.integers(1, 4), min_size=1, max_size=2).map(tuple), ())),
        minutes=draw(_rarely(st.tuples(st.integers(0, 1440), st.integers(0, 1440)), None)),
        days=draw(_rarely(_windows(), None)),
    )


def _rarely(strategy: st.SearchStrategy[Any], otherwise: Any) -> st.SearchStrategy[Any]:
    return st.integers(0, 3).flatmap(lambda n: strategy if n == 0 else st.just(otherwise))


def _circles() -> st.SearchStrategy[Circle]:
    latitudes = st.sampled_from((50.9, 50.95)) | st.floats(50.5, 51.4)
    longitudes = st.sampled_from((6.96, 7.0)) | st.floats(6.5, 7.4)
    return st.builds(Circle, latitudes, longitudes, st.sampled_from((1.0, 5.0, 25.0, 200.0)))


@st.composite
def _boxes(draw: st.DrawFn) -> Box:
    west, south = draw(st.integers(650_000, 730_000)), draw(st.integers(5_050_000, 5_130_000))
    west = draw(st.sampled_from((696_000, west)))
    south = draw(st.sampled_from((5_090_000, 5_095_000, south)))
    return Box(west, south, west + draw(st.integers(0, 60_000)), south + draw(st.integers(0, 60_000)))


@st.composite
def _windows(draw: st.DrawFn) -> tuple[int, int]:
    first = day_number(draw(st.dates(date(2018, 1, 1), date(2032, 1, 1))))
    return first, first + draw(st.integers(0, 400))
