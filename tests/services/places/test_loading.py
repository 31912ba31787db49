"""The reference geography is loaded once and for all."""

from __future__ import annotations

import shutil

import pytest
from sqlalchemy import func, select

from app.places import reference_files
from app.places.gazetteer import forget_gazetteer, get_gazetteer
from app.places.models import District, Postcode, State, Town
from app.places.services import load_reference_geography


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


@pytest.fixture
def folder(tmp_path):
    """A copy of the files that a test may change."""
    return shutil.copytree(reference_files.DATA_FOLDER, tmp_path / "data")


def replace_in(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_all_laender_districts_postcodes_and_towns_are_there(session):
    assert [count(session, model) for model in (State, District, Postcode, Town)] == [16, 400, 8168, 11870]


def test_loading_again_changes_nothing(session):
    result = load_reference_geography(session)
    assert (result.states, result.districts, result.postcodes, result.towns) == (16, 400, 8168, 11870)
    assert result.changed == 0
    assert count(session, Town) == 11870


def test_the_point_of_each_area_lies_inside_its_box(session):
    for area in [*session.scalars(select(State)), *session.scalars(select(District))]:
        assert area.south < area.latitude < area.north
        assert area.west < area.longitude < area.east


def test_a_changed_file_alters_adds_and_removes_just_those_rows(session, folder):
    replace_in(folder / "postcodes.csv", "50667,", "00001,")
    replace_in(folder / "postcodes.csv", "01067,51.0603", "01067,51.0604")
    replace_in(folder / "places.csv", "Köln,50.9333,6.9500,1024621", "Köln,50.9333,6.9500,1024622")
    replace_in(folder / "places.csv", "Wandsbek,53.5833", "Wandsbeck,53.5833")
    result = load_reference_geography(session, folder=folder)
    # One postcode added, one altered; one town altered, one gone, one new.
    assert result.changed == 5
    assert session.get_one(Postcode, "01067").latitude == 51.0604
    assert session.get_one(Postcode, "00001").municipality == "Köln"
    assert session.get(Postcode, "50667") is not None
    assert session.scalar(select(Town.population).where(Town.label == "Köln")) == 1024622
    assert count(session, Town) == 11870
    forget_gazetteer()


def test_labels_may_change_places(session, folder):
    text = (folder / "places.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("Marl,") or ",05562," in line]
    (folder / "places.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    before = session.scalar(select(Town.label).where(Town.name == "Marl", Town.district_ags == "05562"))
    load_reference_geography(session, folder=folder)
    after = session.scalar(select(Town.label).where(Town.name == "Marl", Town.district_ags == "05562"))
    assert (before, after) == ("Marl, Kreis Recklinghausen, Nordrhein-Westfalen", "Marl")
    forget_gazetteer()


def test_the_gazetteer_is_built_anew_after_a_load_that_changed_something(session, folder):
    before = get_gazetteer(session)
    assert get_gazetteer(session) is before
    replace_in(folder / "postcodes.csv", "50667,", "00001,")
    load_reference_geography(session, folder=folder)
    after = get_gazetteer(session)
    assert after is not before
    assert after.find_postcode("00001") is not None
    assert before.find_postcode("00001") is None
    forget_gazetteer()


def test_a_gazetteer_of_empty_tables_is_not_kept(session):
    from sqlalchemy import delete

    forget_gazetteer()
    for model in (Town, Postcode):
        session.execute(delete(model))
    assert get_gazetteer(session).towns == ()
    session.rollback()
    assert len(get_gazetteer(session).towns) == 11870
