"""Where demo groups meet: real postcodes, drawn by how many people live there."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import load_only

from app.places.borders import german_districts
from app.places.models import District, Postcode, Town
from app.places.rules.labels import CITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from sqlalchemy.orm import Session

FEWEST_PEOPLE = 1_500
"""A postcode whose town is not in the list of towns still has people."""
QUARTER_SHARE = 0.4
"""A place that is no municipality is mostly a part of one that was counted already."""
SCATTER_KM = 1.1
FARTHEST_KM = 2.8
QUARTER_WITHIN_KM = 2.5
KM_PER_DEGREE = 111.2
_LESS_OF_A_NAME = re.compile(r" \(.*|/.*| (?:am|an der|a\. ?d\.|i\. ?S|im|bei|vor der) .*")


@dataclass(frozen=True, slots=True)
class Spot:
    """A point in a postcode, with the names that a group may give it; ``quarter`` is empty outside large cities."""

    postcode: str
    municipality: str
    town: str
    quarter: str
    district_ags: str
    latitude: float
    longitude: float


@dataclass(slots=True)
class _Area:
    """A postcode with its weight in people."""

    postcode: str
    municipality: str
    district_ags: str
    latitude: float
    longitude: float
    quarter: str = ""
    people: float = 0.0

    def km_to(self, latitude: float, longitude: float) -> float:
        """Answer about how far a place is; good enough for neighbours."""
        east = (longitude - self.longitude) * math.cos(math.radians(latitude))
        return KM_PER_DEGREE * math.hypot(latitude - self.latitude, east)


class Spots:
    """Draws spots from the reference geography."""

    def __init__(self, session: Session) -> None:
        rows = session.execute(
            sa.select(
                Postcode.postcode,
                Postcode.municipality,
                Postcode.district_ags,
                Postcode.latitude,
                Postcode.longitude,
            ).order_by(Postcode.postcode)
        )
        self._areas = [_Area(*row) for row in rows]
        _count_people(session, self._areas)
        self._weights = list(accumulate(area.people for area in self._areas))
        self._names = {area.municipality: short_name(area.municipality) for area in self._areas}

    def draw(self, chance: Random, count: int) -> list[Spot]:
        """Answer some spots; each lies in the district of its postcode."""
        drawn = [self._draw(chance) for _ in range(count)]
        areas = [area for area, _point in drawn]
        points = _pulled_home(areas, [point for _area, point in drawn])
        return [
            Spot(
                area.postcode,
                area.municipality,
                self._names[area.municipality],
                area.quarter,
                area.district_ags,
                round(latitude, 5),
                round(longitude, 5),
            )
            for area, (latitude, longitude) in zip(areas, points, strict=True)
        ]

    def _draw(self, chance: Random) -> tuple[_Area, tuple[float, float]]:
        """Answer one area and a point in it: one after the other, so that more spots begin like fewer."""
        area = chance.choices(self._areas, cum_weights=self._weights)[0]
        return area, _scattered(area, chance)


def short_name(municipality: str) -> str:
    """Answer what people call a town: "Frankfurt am Main" is Frankfurt, "Oldenburg (Oldb)" is Oldenburg."""
    return _LESS_OF_A_NAME.sub("", municipality) or municipality


def _count_people(session: Session, areas: Sequence[_Area]) -> None:
    """Afterwards each area has its share of the people of its town, and in cities the name of its quarter."""
    cities = set(session.scalars(sa.select(District.ags).where(District.type.in_(CITY_TYPES))))
    by_district: dict[str, list[_Area]] = {}
    for area in areas:
        by_district.setdefault(area.district_ags, []).append(area)
    towns: dict[str, list[Town]] = {}
    wanted = load_only(Town.district_ags, Town.name, Town.population, Town.latitude, Town.longitude)
    for town in session.scalars(sa.select(Town).options(wanted).order_by(Town.population.desc(), Town.id)):
        towns.setdefault(town.district_ags, []).append(town)
    for ags, own_areas in by_district.items():
        own_towns = towns.get(ags, [])
        if ags in cities:
            _share(own_areas, own_towns[0].population if own_towns else 0)
            _name_quarters(own_areas, own_towns[1:])
        else:
            _settle(own_areas, own_towns)
    for area in areas:
        area.people = max(area.people, FEWEST_PEOPLE)


def _share(areas: Sequence[_Area], people: float) -> None:
    for area in areas:
        area.people += people / len(areas)


def _settle(areas: Sequence[_Area], towns: Sequence[Town]) -> None:
    """Give the people of each town to the postcodes of its municipality, else a part of them to the nearest."""
    by_name: dict[str, list[_Area]] = {}
    for area in areas:
        for name in {area.municipality, short_name(area.municipality)}:
            by_name.setdefault(name, []).append(area)
    for town in towns:
        own = by_name.get(town.name)
        if own:
            _share(own, town.population)
        elif town.population:
            _nearest(areas, town).people += QUARTER_SHARE * town.population


def _nearest(areas: Sequence[_Area], town: Town) -> _Area:
    return min(areas, key=lambda area: (area.km_to(town.latitude, town.longitude), area.postcode))


def _name_quarters(areas: Sequence[_Area], quarters: Sequence[Town]) -> None:
    named = [quarter for quarter in quarters if " " not in quarter.name and "(" not in quarter.name]
    for area in areas:
        near = [(area.km_to(each.latitude, each.longitude), each.name) for each in named]
        distance, name = min(near, default=(math.inf, ""))
        own_name = name.removeprefix(f"{short_name(area.municipality)}-").replace("/", "-")
        area.quarter = own_name if distance < QUARTER_WITHIN_KM else ""


def _scattered(area: _Area, chance: Random) -> tuple[float, float]:
    """Answer a point around the centre of the area, in degrees."""
    north, east = chance.gauss(0, SCATTER_KM), chance.gauss(0, SCATTER_KM)
    shrink = min(1.0, FARTHEST_KM / max(math.hypot(north, east), 1e-9)) / KM_PER_DEGREE
    narrow = math.cos(math.radians(area.latitude))
    return area.latitude + north * shrink, area.longitude + east * shrink / narrow


def _pulled_home(areas: Sequence[_Area], points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Answer the points, those that fell into another district halfway, or all the way, back to their centre."""
    inside = list(points)
    for part in (0.4, 0.0):
        found = german_districts().at([point[0] for point in inside], [point[1] for point in inside])
        for number, (area, ags) in enumerate(zip(areas, found, strict=True)):
            if ags != area.district_ags:
                latitude, longitude = inside[number]
                inside[number] = (
                    area.latitude + part * (latitude - area.latitude),
                    area.longitude + part * (longitude - area.longitude),
                )
    return inside
