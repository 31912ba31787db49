"""The embedded map is small and complete."""

from __future__ import annotations

import gzip
import json

import pytest
import shapely

from app.places.basemap import write_basemap


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    target = tmp_path_factory.mktemp("generated") / "basemap"
    write_basemap(target)
    return target


def features(path):
    return json.loads(path.read_text(encoding="utf-8"))["features"]


@pytest.mark.parametrize(
    ("name", "count", "most_bytes"), [("laender.json", 16, 25_000), ("districts.json", 400, 90_000)]
)
def test_the_outlines_are_all_there_sound_and_small(folder, name, count, most_bytes):
    found = features(folder / name)
    assert len(found) == count
    assert all(set(feature["properties"]) == {"name"} for feature in found)
    for feature in found:
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        assert shape.area > 0
    assert len(gzip.compress((folder / name).read_bytes())) < most_bytes


def test_the_largest_cities_are_named_first_and_more_with_growing_zoom(folder):
    labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    assert 60 <= len(labels) <= 600
    assert labels[0][0] == "Berlin"
    zooms = [zoom for _, _, _, zoom in labels]
    assert zooms == sorted(zooms)
    assert not {"Wandsbek", "Hamburg-Nord"} & {name for name, *_ in labels}
