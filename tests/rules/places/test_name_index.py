"""Towns of equal standing come together; accidents of spelling do not."""

from __future__ import annotations

import pytest

from app.places.rules.name_index import NameIndex, TownName
from app.places.rules.names import fold

TOWNS = [
    TownName("Halle (Saale)", ("Halle", "hale"), 237_865),  # 0
    TownName("Halle", ("Halle (Westf.)",), 21_393),  # 1
    TownName("Halle", (), 0),  # 2
    TownName("Freiburg im Breisgau", ("Freiburg",), 237_460),  # 3
    TownName("Freiberg", ("Freiburg",), 40_000),  # 4
    TownName("Münster", ("Munster",), 308_258),  # 5
    TownName("Munster", ("Munste",), 17_746),  # 6
    TownName("Essen", (), 593_085),  # 7
    TownName("Essen am Bach", (), 900),  # 8
    TownName("Köln", ("Cologne", "Kölle"), 1_024_621),  # 9
    TownName("Düsseldorf-Pempelfort", (), 28_941),  # 10
    TownName("Bad Kreuznach", (), 43_000),  # 11
    TownName("Bonn", ("Köln am Rhein", "Bad"), 330_579),  # 12
    TownName("Mühl am See", (), 100),  # 13
    TownName("Hof - Ost", ("!",), 100),  # 14
]


@pytest.fixture(scope="module")
def index() -> NameIndex:
    return NameIndex(TOWNS)


def test_bearers_of_a_name_and_towns_with_a_by_name_stand_together_most_populous_first(index):
    assert index.standing("halle") == [0, 1, 2]


def test_a_foreign_name_gives_way_to_towns_truly_called_so(index):
    assert index.standing("freiburg") == [3]


def test_a_tiny_town_with_a_by_name_does_not_make_a_city_ambiguous(index):
    assert index.standing("essen") == [7]


def test_a_town_named_without_its_umlaut_comes_after_the_one_spelled_so(index):
    assert index.standing("munster") == [6, 5]
    assert index.standing("muenster") == [5]
    assert index.standing("muhl") == [13]


def test_an_exonym_means_the_town_when_nobody_else_is_called_so(index):
    assert index.standing("cologne") == [9]
    assert index.standing("nowhere") == []


def test_every_bearer_is_named_when_a_district_will_choose_among_them(index):
    assert index.bearers("freiburg") == [3, 4]
    assert index.bearers("essen") == [7, 8]


@pytest.mark.parametrize(
    ("written", "town"), [("Kreuznach", 11), ("Pempelfort", 10), ("hale", 0), ("Halle an der Saale", 0)]
)
def test_loose_spellings_are_found(index, written, town):
    assert town in index.loose(fold(written))


def test_a_short_quarter_behind_a_hyphen_is_no_name_of_its_own(index):
    assert index.loose("ost") == []


def test_what_is_a_real_name_is_told(index):
    assert index.is_real_name("halle")
    assert not index.is_real_name("cologne")


def test_written_forms_say_whose_they_are_and_whether_they_are_the_own_name(index):
    forms = set(index.written_forms())
    assert {("koeln", 9, True), ("koln", 9, True), ("cologne", 9, False)} <= forms
    assert all(key for key, _, _ in forms)
