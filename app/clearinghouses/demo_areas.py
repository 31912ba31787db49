"""Which districts share a demo house: cities alone or with the district around them, small rural ones together."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, hypot, radians
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.places.models import District, Postcode, Town
from app.places.rules.labels import CITY_TYPES, district_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from sqlalchemy.orm import Session

AREAS = 308
"""Areas with a house of their own, without Berlin; with Berlin's thirteen and a few small bodies about 330 houses."""
DISTRICTS_WITHOUT = 25
"""Rural districts that have no house at all, so that the nearest must be named."""
LARGEST_AREA = 3
BIG_CITY = 300_000
BERLIN = "11000"
KM_PER_DEGREE = 111.2


@dataclass(frozen=True, slots=True)
class DemoDistrict:
    """A district with its towns (name, latitude, longitude, people; largest first) and its postcodes."""

    ags: str
    name: str
    type: str
    towns: tuple[tuple[str, float, float, int], ...]
    postcodes: tuple[tuple[str, str, float, float], ...]

    @property
    def is_city(self) -> bool:
        """Whether the district is one city."""
        return self.type in CITY_TYPES

    @property
    def in_words(self) -> str:
        """What people call it: "Köln", "Landkreis Ahrweiler"."""
        return district_in_words(self.name, self.type)

    @property
    def seat(self) -> tuple[str, float, float, int]:
        """Its largest town."""
        return self.towns[0]

    @property
    def people(self) -> int:
        """The people of its known towns."""
        return sum(town[3] for town in self.towns)

    def postcode_at(self, latitude: float, longitude: float, *, municipality: str = "") -> str:
        """Answer the postcode of the district nearest to a point, of this municipality if it has any."""
        own = [row for row in self.postcodes if row[1] == municipality] or self.postcodes
        return min(own, key=lambda row: (distance_km((latitude, longitude), row[2:]), row[0]))[0]


@dataclass(slots=True)
class DemoArea:
    """Districts that share a house; the first is where it stands."""

    districts: list[DemoDistrict]

    @property
    def people(self) -> int:
        """The people of its districts."""
        return sum(district.people for district in self.districts)


def distance_km(first: Sequence[float], second: Sequence[float]) -> float:
    """Answer about how far two places in degrees are apart; good enough to find neighbours."""
    east = (second[1] - first[1]) * cos(radians((first[0] + second[0]) / 2))
    return KM_PER_DEGREE * hypot(second[0] - first[0], east)


def load_districts(session: Session) -> list[DemoDistrict]:
    """Answer the districts of the reference geography with their towns and postcodes, by key."""
    towns: dict[str, list[tuple[str, float, float, int]]] = {}
    for ags, *town in session.execute(
        sa.select(Town.district_ags, Town.name, Town.latitude, Town.longitude, Town.population).order_by(
            Town.population.desc(), Town.name, Town.latitude
        )
    ):
        towns.setdefault(ags, []).append((town[0], town[1], town[2], town[3]))
    postcodes: dict[str, list[tuple[str, str, float, float]]] = {}
    for ags, *row in session.execute(
        sa.select(
            Postcode.district_ags,
            Postcode.postcode,
            Postcode.municipality,
            Postcode.latitude,
            Postcode.longitude,
        ).order_by(Postcode.postcode)
    ):
        postcodes.setdefault(ags, []).append((row[0], row[1], row[2], row[3]))
    everywhere = [row for rows in postcodes.values() for row in rows]
    districts = session.execute(sa.select(District.ags, District.name, District.type).order_by(District.ags))
    return [
        # A small city may hold no centre of a postcode; it then has the three nearest of its neighbours.
        DemoDistrict(
            ags,
            name,
            kind,
            tuple(towns[ags]),
            tuple(postcodes.get(ags) or _nearest(everywhere, towns[ags][0])),
        )
        for ags, name, kind in districts
        if ags in towns
    ]


def _nearest(
    postcodes: Sequence[tuple[str, str, float, float]], town: tuple[str, float, float, int]
) -> list[tuple[str, str, float, float]]:
    """Answer the three postcodes whose centres are nearest to a town."""
    return sorted(postcodes, key=lambda row: (distance_km(town[1:3], row[2:]), row[0]))[:3]


def divide_into_areas(
    districts: Sequence[DemoDistrict], chance: Random
) -> tuple[list[DemoArea], list[DemoDistrict]]:
    """Answer the areas, by key of their first district, and the districts that have nobody; Berlin is left out."""
    rest = {district.ags: district for district in districts if district.ags != BERLIN}
    areas = _cities(rest, chance)
    for area in areas:
        for district in area.districts:
            del rest[district.ags]
    thin = sorted(rest.values(), key=lambda district: district.people)[: max(0, len(rest) * 2 // 3)]
    without = sorted(chance.sample(thin, min(DISTRICTS_WITHOUT, len(thin) // 2)), key=lambda each: each.ags)
    for district in without:
        del rest[district.ags]
    areas += _shared([DemoArea([district]) for district in rest.values()], AREAS - len(areas))
    return sorted(areas, key=lambda area: area.districts[0].ags), without


def _cities(districts: dict[str, DemoDistrict], chance: Random) -> list[DemoArea]:
    """Answer an area for each city; most of the smaller ones also serve the district of the same name around them."""
    rural_by_name = {
        (each.ags[:2], each.name.split(" ")[0]): each for each in districts.values() if not each.is_city
    }
    areas = []
    for city in (each for each in districts.values() if each.is_city):
        around = rural_by_name.get((city.ags[:2], city.name.split(" ")[0]))
        shares = around is not None and city.people < BIG_CITY and chance.random() < 0.7
        areas.append(DemoArea([city, around] if around is not None and shares else [city]))
    return areas


def _shared(areas: list[DemoArea], wanted: int) -> list[DemoArea]:
    """Answer no more areas than wanted: the smallest joins its nearest neighbour in the Land, again and again."""
    while len(areas) > wanted:
        pairs = ((area, _neighbour(area, areas)) for area in sorted(areas, key=_by_size))
        smallest, neighbour = next((pair for pair in pairs if pair[1] is not None), (None, None))
        if smallest is None or neighbour is None:
            break  # every Land is as full as it may be
        areas.remove(smallest)
        neighbour.districts.extend(smallest.districts)
        neighbour.districts.sort(key=lambda district: -district.seat[3])
    return areas


def _by_size(area: DemoArea) -> tuple[int, str]:
    """Answer what areas are ordered by: people, then key."""
    return area.people, area.districts[0].ags


def _neighbour(area: DemoArea, areas: Sequence[DemoArea]) -> DemoArea | None:
    """Answer the nearest area of the same Land that this one fits into, or None."""
    home = area.districts[0]
    fitting = [
        other
        for other in areas
        if other is not area
        and other.districts[0].ags[:2] == home.ags[:2]
        and len(other.districts) + len(area.districts) <= LARGEST_AREA
    ]
    return min(
        fitting, key=lambda other: distance_km(home.seat[1:3], other.districts[0].seat[1:3]), default=None
    )
