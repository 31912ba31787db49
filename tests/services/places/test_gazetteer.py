"""What people type is understood, on this server alone."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.places.gazetteer import get_gazetteer
from app.places.rules.names import fold

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def gazetteer(session):
    return get_gazetteer(session)


def labels(places):
    return [place.label for place in places]


@pytest.mark.parametrize(
    "written", ["Köln", "Koeln", "Koln", "KÖLN", "köln", "Cologne", "Keulen", " Köln ", "Kölle"]
)
def test_cologne_is_found_however_it_is_written(gazetteer, written):
    result = gazetteer.resolve(written)
    assert result.match.label == "Köln"
    assert result.match.kind == "town"
    assert result.alternatives == []


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("Frankfurt Oder", "Frankfurt (Oder)"),
        ("Frankfurt/Oder", "Frankfurt (Oder)"),
        ("Frankfurt (Oder)", "Frankfurt (Oder)"),
        ("frankfurt an der oder", "Frankfurt (Oder)"),
        ("Frankfurt a.M.", "Frankfurt am Main"),
        ("Frankfurt Main", "Frankfurt am Main"),
        ("Freiburg i. Br.", "Freiburg im Breisgau"),
        ("St. Ingbert", "Sankt Ingbert"),
        ("Sankt Ingbert", "Sankt Ingbert"),
        ("Halle Saale", "Halle (Saale)"),
        ("Halle, NRW", "Halle, Kreis Gütersloh, Nordrhein-Westfalen"),
        ("Halle Gütersloh", "Halle, Kreis Gütersloh, Nordrhein-Westfalen"),
        ("Kreuznach", "Bad Kreuznach"),
        ("Garmisch", "Garmisch-Partenkirchen"),
        ("Rauxel", "Castrop-Rauxel"),
        ("Hansestadt Rostock", "Rostock"),
        ("Lutherstadt Wittenberg", "Wittenberg"),
        ("Landeshauptstadt Stuttgart", "Stuttgart"),
        ("Köln Mülheim", "Mülheim, Köln, Nordrhein-Westfalen"),
        ("Berlin Mitte", "Mitte, Berlin"),
        ("Munich", "München"),
        ("Berlin", "Berlin"),
        ("Hambrug", "Hamburg"),
        ("Münchn", "München"),
        ("Stuttgrat", "Stuttgart"),
        ("Bayren", "Bayern"),
        ("Bayern", "Bayern"),
        ("Bavaria", "Bayern"),
        ("Hessen", "Hessen"),
        ("Sachsen", "Sachsen"),
        ("NRW", "Nordrhein-Westfalen"),
        ("Land Berlin", "Land Berlin"),
        ("Bundesland Berlin", "Land Berlin"),
        ("Landkreis München", "Landkreis München"),
        ("LK München", "Landkreis München"),
        ("Kreis Düren", "Kreis Düren"),
        ("Harz", "Landkreis Harz"),
        ("Stadt Köln", "Köln (kreisfreie Stadt)"),
        ("50667", "50667 Köln"),
        ("50667 Köln", "50667 Köln"),
        ("D-50667 Köln", "50667 Köln"),
        ("Köln, 50667", "50667 Köln"),
    ],
)
def test_a_name_that_means_one_place_is_understood(gazetteer, written, label):
    result = gazetteer.resolve(written)
    assert result.match is not None
    assert result.match.label == label
    assert result.alternatives == []


@pytest.mark.parametrize(
    ("written", "match", "among_others"),
    [
        ("Halle", "Halle (Saale)", ["Halle, Kreis Gütersloh, Nordrhein-Westfalen"]),
        ("Frankfurt", "Frankfurt am Main", ["Frankfurt (Oder)"]),
        ("Neustadt", "Neustadt an der Weinstraße", ["Neustadt am Rübenberge", "Neustadt, Hamburg"]),
        ("Weil", "Weil am Rhein", ["Weil der Stadt"]),
        ("Mülheim", "Mülheim an der Ruhr", ["Mülheim, Köln, Nordrhein-Westfalen"]),
        ("Munster", "Munster, Heidekreis, Niedersachsen", ["Münster, Nordrhein-Westfalen"]),
        ("Brandenburg", "Land Brandenburg", ["Brandenburg an der Havel"]),
    ],
)
def test_an_ambiguous_name_means_the_largest_and_offers_the_others(gazetteer, written, match, among_others):
    result = gazetteer.resolve(written)
    assert result.match.label == match
    assert set(among_others) <= set(labels(result.alternatives))
    assert len(result.alternatives) <= 12
    assert result.match not in result.alternatives
    assert len(set(result.alternatives)) == len(result.alternatives)


@pytest.mark.parametrize(
    "city", ["Hamburg", "München", "Stuttgart", "Dresden", "Bremen", "Leipzig", "Bonn", "Kassel"]
)
def test_bad_foreign_names_do_not_make_a_city_ambiguous(gazetteer, city):
    result = gazetteer.resolve(city)
    assert (result.match.label, result.match.kind, result.alternatives) == (city, "town", [])


def test_each_label_is_unique_and_means_its_own_place_alone(gazetteer):
    places = [*gazetteer.states, *gazetteer.districts, *gazetteer.towns, *gazetteer.postcodes]
    assert len(places) == 16 + 400 + 8168 + 11870
    assert len({place.label for place in places}) == len(places)
    assert len({fold(place.label) for place in places}) == len(places)
    for place in places:
        result = gazetteer.resolve(place.label)
        assert result.match is place
        assert result.alternatives == []


def test_each_alternative_leads_to_its_place(gazetteer):
    for name in ("Halle", "Neustadt", "Frankfurt", "Neuenkirchen"):
        for place in gazetteer.resolve(name).alternatives:
            assert gazetteer.resolve(place.label).match is place


def test_a_postcode_that_does_not_exist_offers_its_neighbours(gazetteer):
    result = gazetteer.resolve("99999")
    assert result.match is None
    assert labels(result.alternatives)[0].startswith("99998")
    assert len(result.alternatives) == 5
    assert gazetteer.resolve("00000").alternatives
    assert labels(gazetteer.resolve("99999 Köln").alternatives)[0] == "Köln"


def test_digits_that_are_no_postcode_offer_what_they_begin(gazetteer):
    assert "50667 Köln" in labels(gazetteer.resolve("506").alternatives)
    assert labels(gazetteer.resolve("1067").alternatives) == ["01067 Dresden"]
    assert gazetteer.resolve("1234567").match is None


@pytest.mark.parametrize("written", ["", "  ", "???", "xyzzyqwert", "東京", "\x00", "'; DROP TABLE town; --"])
def test_nonsense_means_nothing(gazetteer, written):
    assert gazetteer.resolve(written).match is None


def test_a_known_town_with_an_unknown_quarter_is_asked_about(gazetteer):
    result = gazetteer.resolve("München Xyzzyhausen")
    assert result.match is None
    assert labels(result.alternatives)[0] == "München"


def test_a_beginning_is_not_taken_for_a_far_slip(gazetteer):
    result = gazetteer.resolve("Königswus")
    assert result.match is None
    assert gazetteer.resolve("Ludwigsha").match is None


def test_an_unclear_slip_is_asked_about(gazetteer):
    result = gazetteer.resolve("Holstein")
    assert result.match is None
    assert result.alternatives


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("506", "50667 Köln"),
        ("50667 K", "50667 Köln"),
        ("Kö", "Köln"),
        ("koel", "Köln"),
        ("kol", "Köln"),
        ("Colog", "Köln"),
        ("Hambrug", "Hamburg"),
        ("Münchn", "München"),
        ("Düseldo", "Düsseldorf"),
        ("Bay", "Bayern"),
        ("Ba", "Bayern"),
        ("Hess", "Hessen"),
        ("Rübenberge", "Neustadt am Rübenberge"),
        ("Landkreis M", "Landkreis München"),
        ("Landkreis Mün", "Landkreis München"),
        ("Frankfurt an der O", "Frankfurt (Oder)"),
        ("Halle, Kreis G", "Halle, Kreis Gütersloh, Nordrhein-Westfalen"),
        ("Halle Gütersloh", "Halle, Kreis Gütersloh, Nordrhein-Westfalen"),
    ],
)
def test_while_typing_the_place_meant_is_suggested(gazetteer, typed, expected):
    assert expected in labels(gazetteer.suggest(typed))


def test_suggestions_name_the_most_populous_first_and_keep_to_the_limit(gazetteer):
    assert labels(gazetteer.suggest("K"))[0] == "Köln"
    assert len(gazetteer.suggest("a", limit=3)) == 3
    assert labels(gazetteer.suggest("506", limit=2)) == ["50667 Köln", "50668 Köln"]
    assert gazetteer.suggest("?") == []
    assert gazetteer.suggest("") == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(st.text(max_size=300) | st.text(alphabet="0123456789 kölnHale(,-.)/", max_size=20))
def test_no_text_at_all_breaks_the_gazetteer(gazetteer, text):
    result = gazetteer.resolve(text)
    assert result.match is None or result.match not in result.alternatives
    assert len(result.alternatives) <= 12
    suggestions = gazetteer.suggest(text)
    assert len(suggestions) <= 8
    assert len(set(suggestions)) == len(suggestions)


def test_places_say_where_they_lie(gazetteer):
    cologne = gazetteer.resolve("Köln").match
    assert (cologne.district, cologne.state, cologne.district_ags) == (
        "Köln (kreisfreie Stadt)",
        "Nordrhein-Westfalen",
        "05315",
    )
    assert not cologne.is_area
    assert gazetteer.resolve("Bayern").match.is_area
    assert gazetteer.resolve("Landkreis München").match.is_area


def test_a_point_is_in_its_district_and_next_to_its_town(gazetteer):
    assert gazetteer.districts_at([50.9375, 52.52], [6.9603, 13.40]) == ["05315", "11000"]
    assert gazetteer.nearest_town(50.7344, 7.0955).label == "Bonn"
    assert gazetteer.nearest_postcode(50.9387, 6.9547).name.startswith("50")


def test_a_point_at_sea_belongs_to_the_nearest_district(gazetteer):
    assert gazetteer.districts_at([54.2], [7.3])[0][:2] in {"01", "03"}


def test_many_points_are_answered_in_order(gazetteer):
    towns = gazetteer.towns[:500]
    latitudes, longitudes = [t.latitude for t in towns], [t.longitude for t in towns]
    assert gazetteer.districts_at(latitudes, longitudes) == [
        gazetteer.districts_at([t.latitude], [t.longitude])[0] for t in towns
    ]
    assert gazetteer.nearest_towns(latitudes, longitudes)[:3] == list(towns[:3])
    assert gazetteer.districts_at([], []) == []
    assert gazetteer.nearest_towns([], []) == []


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_coordinate_that_is_no_number_is_refused(gazetteer, value):
    with pytest.raises(ValueError, match="finite"):
        gazetteer.districts_at([value], [7.0])
    with pytest.raises(ValueError, match="finite"):
        gazetteer.nearest_town(50.0, value)


def test_the_districts_of_a_land_are_known(gazetteer):
    assert gazetteer.districts_of_state("11") == ["11000"]
    assert len(gazetteer.districts_of_state("09")) == 96
    assert gazetteer.districts_of_state("99") == []
