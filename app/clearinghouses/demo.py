"""Invented clearing houses for a demonstration: about 330, everywhere but where there are none.

Names follow what such houses are called; carriers, streets and people are invented, addresses of the net end in
``.example``, and phone numbers come from the ranges that the Bundesnetzagentur keeps for films.
"""

from __future__ import annotations

import json
from datetime import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from app.clearinghouses.demo_areas import (
    BERLIN,
    BIG_CITY,
    DemoArea,
    DemoDistrict,
    distance_km,
    divide_into_areas,
    load_districts,
)
from app.clearinghouses.rules.opening_hours import Interval
from app.clearinghouses.rules.vocabulary import ACCESSIBILITY, slug_of
from app.clearinghouses.services import BranchDraft, ClearingHouseDraft

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

TEXTS: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "demo.json").read_text(encoding="utf-8"))
SIDE_TASK_AREAS = 20
"""Small areas where nobody but a body with other work does it."""
SIDE_TASK_TOWNS = 10
"""Towns of large districts with such a body beside the house of the district."""
NUMBERS_PER_RANGE = 1000


def demo_clearinghouses(session: Session, random_seed: int) -> list[ClearingHouseDraft]:
    """Answer the houses of a demonstration; the same seed and geography give the same houses."""
    chance = Random(f"clearinghouses {random_seed}")  # noqa: S311 - invented data, not a secret
    districts = load_districts(session)
    areas, _without = divide_into_areas(districts, chance)
    rural = [area for area in areas if not area.districts[0].is_city]
    small = {id(area) for area in sorted(rural, key=lambda area: area.people)[:SIDE_TASK_AREAS]}
    large = sorted(rural, key=lambda area: -area.people)[:SIDE_TASK_TOWNS]
    make = _Maker(chance)
    drafts = [make.house(area, side_task=id(area) in small) for area in areas]
    drafts += [make.town_body(area.districts[0]) for area in large]
    berlin = next((district for district in districts if district.ags == BERLIN), None)
    if berlin is not None:
        drafts += make.berlin(berlin)
    return drafts


class _Maker:
    """Makes one house after the other from the same chance; phone numbers and slugs are given out once."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.slugs: set[str] = set()
        self.numbers: dict[str, Iterator[int]] = {
            each["prefix"]: iter(chance.sample(range(NUMBERS_PER_RANGE), NUMBERS_PER_RANGE))
            for each in TEXTS["phone_ranges"]
        }

    def house(self, area: DemoArea, *, side_task: bool) -> ClearingHouseDraft:
        """Answer the house of an area."""
        first = area.districts[0]
        town = first.name.split(" (")[0] if first.is_city else first.seat[0]
        name = TEXTS["fixed_names"].get(first.ags) or self._name(first, town, side_task=side_task)
        around = ", ".join(district.in_words for district in area.districts)
        return self._draft(
            name,
            place=town,
            district=first,
            branches=[self._branch(first, first.seat, is_main=True), *self._branches(area)],
            catchment=[(district.ags, None) for district in area.districts],
            area=around,
            kind="side" if side_task else "city" if first.is_city else "rural",
        )

    def town_body(self, district: DemoDistrict) -> ClearingHouseDraft:
        """Answer a body for the postcodes of one town only, the second of its district."""
        town = next(
            (each for each in district.towns[1:] if any(row[1] == each[0] for row in district.postcodes)),
            district.seat,
        )
        postcodes = [row[0] for row in district.postcodes if row[1] == town[0]]
        own = postcodes or [district.postcode_at(town[1], town[2])]
        return self._draft(
            self._name(district, town[0], side_task=True),
            place=town[0],
            district=district,
            branches=[self._branch(district, town, is_main=True)],
            catchment=[(district.ags, postcode) for postcode in own],
            area=town[0],
            kind="side",
        )

    def berlin(self, district: DemoDistrict) -> Iterator[ClearingHouseDraft]:
        """Answer the twelve houses of Berlin, each for the postcodes of its borough, and the one for all."""
        points = {town[0]: town for town in district.towns}
        anchors = {
            borough: [points[quarter] for quarter in quarters if quarter in points]
            for borough, (_name, quarters) in TEXTS["berlin"].items()
        }
        of_borough: dict[str, list[str]] = {borough: [] for borough in anchors}
        for postcode, _municipality, latitude, longitude in district.postcodes:
            at = (latitude, longitude)
            borough = min(
                anchors, key=lambda each: min(distance_km(at, quarter[1:3]) for quarter in anchors[each])
            )
            of_borough[borough].append(postcode)
        sekis = self._draft(
            "SEKIS Berlin",
            place="Berlin",
            district=district,
            branches=[self._branch(district, district.seat, is_main=True)],
            catchment=[(district.ags, None)],
            area="Berlin",
            kind="city",
            about=TEXTS["about_sekis"],
        )
        yield sekis
        for borough, (name, _quarters) in TEXTS["berlin"].items():
            yield self._draft(
                name,
                place=f"Berlin-{borough}",
                district=district,
                branches=[self._branch(district, anchors[borough][0], is_main=True, town="Berlin")],
                catchment=[(district.ags, postcode) for postcode in of_borough[borough]],
                area=f"Berlin-{borough}",
                kind="city",
            )

    def _draft(
        self,
        name: str,
        *,
        place: str,
        district: DemoDistrict,
        branches: Sequence[BranchDraft],
        catchment: Sequence[tuple[str, str | None]],
        area: str,
        kind: str,
        about: dict[str, str] | None = None,
    ) -> ClearingHouseDraft:
        """Answer a house with everything that is left to chance."""
        slug = self._slug(name)
        texts = about or (TEXTS["about_side"] if kind == "side" else self.chance.choice(TEXTS["about"]))
        carrier_kind, carrier = self._carrier(district, place, name)
        domain = f"kontaktstelle-{slug_of(place)}.example"
        week = self.chance.choice(TEXTS["hours"][kind])
        more_languages = (
            0 if kind == "side" else self.chance.choice((0, 1, 1, 2, 3) if district.is_city else (0, 0, 1, 1))
        )
        return ClearingHouseDraft(
            name=name,
            slug=slug,
            carrier=carrier,
            carrier_kind=carrier_kind,
            branches=branches,
            catchment=catchment,
            hours={
                channel: [_interval(text) for text in texts_of_day] for channel, texts_of_day in week.items()
            },
            about={language: text.format(area=area) for language, text in texts.items()},
            phone=self._phone(branches[0]),
            email=f"selbsthilfe@{slug_of(place)}.example" if kind == "side" else f"info@{domain}",
            website="" if kind == "side" else f"https://{domain}/",
            languages=["de", *sorted(self.chance.sample(TEXTS["languages"], more_languages))],
            accessibility=self._accessibility(),
            side_task=kind == "side",
        )

    def _name(self, district: DemoDistrict, town: str, *, side_task: bool) -> str:
        """Answer a name as such houses have it in this Land."""
        if side_task:
            return str(self.chance.choice(TEXTS["names"]["side"]).format(place=town))
        patterns = TEXTS["names"]["city" if district.is_city else "rural"]
        pattern = self.chance.choice(patterns.get(district.ags[:2], patterns["*"]))
        return str(pattern.format(place=town, district=district.in_words))

    def _slug(self, name: str) -> str:
        """Answer a slug that no house before has."""
        slug, number = slug_of(name), 2
        while slug in self.slugs:
            slug, number = f"{slug_of(name)[:60]}-{number}", number + 1
        self.slugs.add(slug)
        return slug

    def _carrier(self, district: DemoDistrict, place: str, name: str) -> tuple[str, str]:
        """Answer the kind of carrier and its name; a health office is carried by its district."""
        kind = self.chance.choices(("welfare", "municipal", "association", "company"), (45, 30, 20, 5))[0]
        patterns = (
            kind if kind != "municipal" else "municipal_city" if district.is_city else "municipal_rural"
        )
        if "Gesundheitsamt" in name:
            kind, patterns = "municipal", "municipal_office"
        elif district.ags == BERLIN and kind == "municipal":
            kind, patterns = (
                ("association", "association") if place == "Berlin" else (kind, "municipal_borough")
            )
        pattern = self.chance.choice(TEXTS["carriers"][patterns])
        return kind, str(pattern.format(place=place, district=district.in_words))

    def _branch(
        self, district: DemoDistrict, point: tuple[str, float, float, int], *, is_main: bool, town: str = ""
    ) -> BranchDraft:
        """Answer an address a few streets from the middle of a town; the others than the main one have few hours."""
        latitude = round(point[1] + self.chance.uniform(-0.004, 0.004), 4)
        longitude = round(point[2] + self.chance.uniform(-0.006, 0.006), 4)
        municipality = town or point[0]
        hours = {} if is_main else {"visit": [_interval(self.chance.choice(TEXTS["hours"]["branch"]))]}
        return BranchDraft(
            name="" if is_main else point[0],
            street=f"{self.chance.choice(TEXTS['streets'])} {self.chance.randint(1, 78)}",
            postcode=district.postcode_at(latitude, longitude, municipality=municipality),
            town=municipality,
            latitude=latitude,
            longitude=longitude,
            is_main=is_main,
            hours=hours,
        )

    def _branches(self, area: DemoArea) -> list[BranchDraft]:
        """Answer the further addresses: quarters of a large city, else the other districts or a big second town."""
        first = area.districts[0]
        named = TEXTS["branch_towns"].get(first.ags, [])
        if named:
            points = [town for town in first.towns if town[0] in named]
            city = first.seat[0]
            return [self._branch(first, point, is_main=False, town=city) for point in points]
        others = [
            self._branch(each, each.seat, is_main=False)
            for each in area.districts[1:]
            if each.seat != first.seat
        ]
        if (
            not first.is_city
            and len(first.towns) > 1
            and first.people > BIG_CITY // 2
            and self.chance.random() < 0.5
        ):
            others.append(self._branch(first, first.towns[1], is_main=False))
        return others

    def _phone(self, branch: BranchDraft) -> str:
        """Answer a number for films that nobody else has, from the range whose city is nearest."""
        at = (branch.latitude, branch.longitude)
        ranges = sorted(
            TEXTS["phone_ranges"], key=lambda each: distance_km(at, (each["latitude"], each["longitude"]))
        )
        prefix = ranges[0]["prefix"]
        return f"{prefix} {next(self.numbers[prefix]):03d}"

    def _accessibility(self) -> list[str]:
        """Answer marks of accessibility; a lift and the like come mostly with a step-free way in."""
        step_free = self.chance.random() < 0.75
        likely = {
            "step_free": 1.0 if step_free else 0.0,
            "guide_dog": 0.5,
            "easy_language": 0.15,
            "sign_language": 0.08,
        }
        return [
            mark
            for mark in ACCESSIBILITY
            if self.chance.random() < likely.get(mark, 0.4 if step_free else 0.1)
        ]


def _interval(text: str) -> Interval:
    """Answer "3 14:00-18:00" as an interval."""
    weekday, _space, hours = text.partition(" ")
    opens_at, _dash, closes_at = hours.partition("-")
    return Interval(int(weekday), time.fromisoformat(opens_at), time.fromisoformat(closes_at))
