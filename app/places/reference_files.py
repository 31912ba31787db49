"""The files of the reference geography, read into plain rows."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import shapely

from app.places.rules.labels import (
    CITY_TYPES,
    TownFacts,
    district_in_words,
    district_label,
    state_label,
    town_labels,
)
from app.places.rules.name_index import NameIndex, TownName
from app.places.rules.names import fold

DATA_FOLDER = Path(__file__).parent / "data"
TOWN_BESIDE_STATE = 10_000
"""People from which on a town makes a Land of its name say that it is the Land (Berlin, Brandenburg)."""
_Row = dict[str, Any]


def read_outlines(path: Path) -> tuple[list[dict[str, str]], list[Any]]:
    """Answer the properties and the shapely outlines of a GeoJSON file, same order."""
    features = orjson.loads(path.read_bytes())["features"]
    shapes = shapely.from_geojson([orjson.dumps(feature["geometry"]) for feature in features])
    return [feature["properties"] for feature in features], list(shapes)


def read_states(folder: Path) -> list[_Row]:
    """Answer the rows of the Länder; labels tell them from towns of the same name."""
    towns = [town for town in _read_towns(folder) if town["population"] >= TOWN_BESIDE_STATE]
    index = NameIndex([TownName(t["name"], tuple(t["alternate_names"]), t["population"]) for t in towns])
    properties, outlines = read_outlines(folder / "states.geojson")
    return [
        {
            "ags": each["ags"],
            "name": each["name"],
            "label": state_label(each["name"], is_also_town=bool(index.standing(fold(each["name"])))),
            **_extent(outline),
        }
        for each, outline in zip(properties, outlines, strict=True)
    ]


def read_districts(folder: Path) -> list[_Row]:
    """Answer the rows of the districts."""
    properties, outlines = read_outlines(folder / "districts.geojson")
    return [
        {
            "ags": each["ags"],
            "name": each["name"],
            "type": each["type"],
            "state_ags": each["ags"][:2],
            "label": district_label(each["name"], each["type"]),
            **_extent(outline),
        }
        for each, outline in zip(properties, outlines, strict=True)
    ]


def read_postcodes(folder: Path) -> list[_Row]:
    """Answer the rows of the postcodes."""
    return [
        {
            "postcode": row["postcode"],
            "latitude": float(row["lat"]),
            "longitude": float(row["lon"]),
            "municipality": row["municipality"],
            "district_ags": row["district_ags"],
        }
        for row in _read_csv(folder / "postcodes.csv")
    ]


def read_towns(
    folder: Path, *, states: list[_Row], districts: list[_Row], postcodes: list[_Row]
) -> list[_Row]:
    """Answer the rows of the towns with their unique labels, without ids, in the order of the file."""
    towns = _read_towns(folder)
    state_names = {row["ags"]: row["name"] for row in states}
    district_words = {row["ags"]: district_in_words(row["name"], row["type"]) for row in districts}
    by_district: defaultdict[str, list[_Row]] = defaultdict(list)
    for postcode in postcodes:
        by_district[postcode["district_ags"]].append(postcode)
    facts = [
        TownFacts(
            name=town["name"],
            alternates=tuple(town["alternate_names"]),
            population=town["population"],
            district=district_words[town["district_ags"]],
            state=state_names[town["district_ags"][:2]],
            postcodes=partial(_nearest_postcodes, by_district[town["district_ags"]], town),
        )
        for town in towns
    ]
    for town, label in zip(towns, town_labels(facts), strict=True):
        town["label"] = label
    return towns


def read_town_points(folder: Path) -> list[tuple[str, float, float]]:
    """Answer name, latitude and longitude of the towns, most populous first, those within another left out.

    A quarter of a city lies in a district that is the city; there only the largest place is the city itself.
    """
    properties, _ = read_outlines(folder / "districts.geojson")
    cities = {each["ags"] for each in properties if each["type"] in CITY_TYPES}
    points, named = [], set()
    for town in _read_towns(folder):
        ags = town["district_ags"]
        if ags not in named:
            points.append((town["name"], town["latitude"], town["longitude"]))
        if ags in cities:
            named.add(ags)
    return points


def _read_towns(folder: Path) -> list[_Row]:
    return [
        {
            "name": row["name"],
            "latitude": float(row["lat"]),
            "longitude": float(row["lon"]),
            "population": int(row["population"] or 0),
            "district_ags": row["district_ags"],
            "alternate_names": [name for name in row["alternate_names"].split("|") if name],
        }
        for row in _read_csv(folder / "places.csv")
    ]


def _nearest_postcodes(postcodes: list[_Row], town: _Row) -> list[str]:
    def nearness(row: _Row) -> float:
        east = (row["longitude"] - town["longitude"]) * math.cos(math.radians(town["latitude"]))
        return math.hypot(east, row["latitude"] - town["latitude"])

    return [row["postcode"] for row in sorted(postcodes, key=nearness)]


def _extent(outline: Any) -> _Row:
    """Answer a point inside the outline and the box around it, in degrees with 4 decimals."""
    inner = shapely.point_on_surface(outline)
    west, south, east, north = shapely.bounds(outline).tolist()
    return {
        "latitude": round(inner.y, 4),
        "longitude": round(inner.x, 4),
        "west": west,
        "south": south,
        "east": east,
        "north": north,
    }


def _read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
