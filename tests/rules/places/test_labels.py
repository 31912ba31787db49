"""Every place has a label of its own."""

from __future__ import annotations

import pytest

from app.places.rules.labels import TownFacts, district_in_words, district_label, state_label, town_labels


def town(
    name, population=1000, district="Kreis Gütersloh", state="Nordrhein-Westfalen", postcodes=("33790",)
):
    return TownFacts(name, (), population, district, state, lambda: postcodes)


def test_a_name_that_means_one_town_is_its_label():
    assert town_labels([town("Köln"), town("Bonn")]) == ["Köln", "Bonn"]


def test_towns_of_one_name_are_told_apart_by_district_and_land():
    labels = town_labels(
        [town("Halle"), town("Halle", district="Landkreis Holzminden", state="Niedersachsen")]
    )
    assert labels == [
        "Halle, Kreis Gütersloh, Nordrhein-Westfalen",
        "Halle, Landkreis Holzminden, Niedersachsen",
    ]


def test_a_town_in_a_city_of_its_name_does_not_stammer():
    labels = town_labels(
        [
            town("Münster", district="Münster"),
            town("Münster", district="Landkreis Augsburg", state="Bayern"),
            town("Oldenburg", district="Oldenburg (Oldb)", state="Niedersachsen"),
            town("Oldenburg", district="Kreis Ostholstein", state="Schleswig-Holstein"),
            town("Neustadt", district="Hamburg", state="Hamburg"),
            town("Neustadt am Main", district="Landkreis Main-Spessart", state="Bayern"),
        ]
    )
    assert labels[0] == "Münster, Nordrhein-Westfalen"
    assert labels[2] == "Oldenburg, Niedersachsen"
    assert labels[4] == "Neustadt, Hamburg"
    assert labels[5] == "Neustadt am Main"


def test_towns_of_one_name_in_one_district_get_the_nearest_postcode_that_differs():
    first, second = town("Reuth", postcodes=("08538",)), town("Reuth", postcodes=("08538", "08491"))
    assert town_labels([first, second]) == [
        "Reuth (08538), Kreis Gütersloh, Nordrhein-Westfalen",
        "Reuth (08491), Kreis Gütersloh, Nordrhein-Westfalen",
    ]


def test_towns_that_nothing_tells_apart_are_refused():
    with pytest.raises(ValueError, match="Reuth"):
        town_labels([town("Reuth"), town("Reuth")])


@pytest.mark.parametrize(
    ("name", "kind", "label"),
    [
        ("Ahrweiler", "Landkreis", "Landkreis Ahrweiler"),
        ("Düren", "Kreis", "Kreis Düren"),
        ("Rhein-Erft-Kreis", "Kreis", "Rhein-Erft-Kreis"),
        ("Region Hannover", "Landkreis", "Region Hannover"),
        ("Städteregion Aachen", "Kreis", "Städteregion Aachen"),
        ("Köln", "Kreisfreie Stadt", "Köln (kreisfreie Stadt)"),
        ("Heidelberg", "Stadtkreis", "Heidelberg (Stadtkreis)"),
    ],
)
def test_a_district_is_labelled_as_people_speak_of_it(name, kind, label):
    assert district_label(name, kind) == label


def test_inside_a_label_a_city_stands_by_its_name_and_a_land_says_when_a_town_is_called_the_same():
    assert district_in_words("Köln", "Kreisfreie Stadt") == "Köln"
    assert district_in_words("Düren", "Kreis") == "Kreis Düren"
    assert state_label("Berlin", is_also_town=True) == "Land Berlin"
    assert state_label("Bayern", is_also_town=False) == "Bayern"
