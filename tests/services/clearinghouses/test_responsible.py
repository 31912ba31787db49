"""Registering houses, and who is responsible for a place of the gazetteer."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.clearinghouses import queries, services
from app.clearinghouses.models import Catchment, ClearingHouse
from app.clearinghouses.rules.opening_hours import Interval
from app.places.gazetteer import get_gazetteer
from app.shared.errors import NotFound, RuleBroken
from tests.builders.clearinghouses import make_branch, make_house

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
BERLIN, KOELN, AHRWEILER = "11000", "05315", "07131"
BOROUGHS = (
    "10115",
    "10243",
    "10437",
    "10585",
    "13585",
    "12163",
    "12099",
    "12043",
    "12555",
    "12619",
    "10315",
    "13403",
)


def register(session, *drafts):
    return services.register_clearinghouses(session, drafts, NOW)


def names_for(session, near):
    match = get_gazetteer(session).resolve(near).match
    assert match is not None, near
    return [house.name for house in services.responsible_for(session, match).houses]


def test_a_house_is_kept_with_everything_that_was_said_of_it(session):
    branch_hours = {"visit": [Interval(4, time(15), time(18))]}
    (house_id,) = register(
        session,
        make_house(
            "KISS Köln",
            catchment=[(KOELN, None)],
            branches=[
                make_branch(town="Köln", name="Kalk", postcode="51103", hours=branch_hours),
                make_branch(town="Köln", postcode="50667", is_main=True),
            ],
            hours={"phone": [Interval(1, time(9), time(12))]},
            phone="0221 4710 123",
            languages=["de", "tr"],
            accessibility=["step_free"],
        ),
    )
    house = queries.houses_by_id(session, [house_id, 99_999])[house_id]
    assert house == queries.get_by_slug(session, "kiss-koeln")
    assert (house.main.postcode, house.branches[1].name) == ("50667", "Kalk")
    assert (house.latitude, house.longitude) == (house.main.latitude, house.main.longitude)
    assert house.address == "Lindenallee 1, 50667 Köln"
    assert house.hours == {"phone": (Interval(1, time(9), time(12)),)}
    assert house.branches[1].hours == {"visit": tuple(branch_hours["visit"])}
    assert house.main.hours == {}
    assert [district.in_words for district in house.districts] == ["Köln"]
    assert (house.languages, house.accessibility, house.state_ags) == (("de", "tr"), ("step_free",), "05")
    assert house.phone_uri == "tel:+492214710123"


def test_ids_come_back_in_the_order_of_the_drafts(session):
    ids = register(session, *(make_house(f"Haus {letter}", catchment=[(KOELN, None)]) for letter in "CAB"))
    rows = queries.houses_by_id(session, ids)
    assert [rows[each].name for each in ids] == ["Haus C", "Haus A", "Haus B"]
    assert [house.name for house in rows.values()] == ["Haus A", "Haus B", "Haus C"]
    assert queries.houses_by_id(session, []) == {}
    assert register(session) == []


def test_namesakes_get_a_number_and_pages_of_the_site_are_no_slugs(session):
    register(session, *(make_house("Treff", catchment=[(KOELN, None)]) for _ in range(2)))
    register(
        session, make_house("Treff", catchment=[(KOELN, None)]), make_house("For", catchment=[(KOELN, None)])
    )
    assert set(session.scalars(sa.select(ClearingHouse.slug))) == {"treff", "treff-2", "treff-3", "for-2"}
    assert queries.ids_by_slug(session, ["treff", "nobody"]).keys() == {"treff"}
    assert queries.ids_by_slug(session, []) == {}


def test_a_slug_that_was_asked_for_and_is_taken_is_refused(session):
    house = make_house("Treff", catchment=[(KOELN, None)], slug="treff")
    register(session, house)
    with pytest.raises(RuleBroken, match="treff") as refused:
        register(session, house)
    assert refused.value.code == "slug_taken"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"carrier_kind": "church"}, "carrier_kind"),
        ({"branches": []}, "branches"),
        ({"branches": [make_branch(is_main=True), make_branch(is_main=True)]}, "branches"),
        ({"catchment": []}, "catchment"),
        ({"catchment": [(KOELN, None), (KOELN, None)]}, "catchment"),
        ({"accessibility": ["escalator"]}, "accessibility"),
        ({"hours": {"fax": []}}, "hours"),
        ({"slug": "Köln!"}, "slug"),
        ({"website": "javascript:alert(1)"}, "website"),
    ],
)
def test_a_draft_that_breaks_a_rule_is_refused_and_nothing_is_stored(session, change, field):
    good = make_house("Gut", catchment=[(KOELN, None)])
    bad = make_house(**{"name": "Schlecht", "catchment": [(KOELN, None)], **change})
    with pytest.raises(RuleBroken) as refused:
        register(session, good, bad)
    assert refused.value.field == field
    assert queries.list_houses(session) == []


def test_the_database_itself_refuses_a_district_twice(session):
    (house_id,) = register(session, make_house("Treff", catchment=[(KOELN, None)]))
    session.add(Catchment(clearinghouse_id=house_id, district_ags=KOELN, postcode=None))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_a_house_nobody_knows_is_not_found(session):
    assert queries.find_by_slug(session, "nobody") is None
    with pytest.raises(NotFound):
        queries.get_by_slug(session, "nobody")


def test_berlin_has_the_house_for_all_and_the_twelve_of_its_boroughs(session):
    register(session, make_house("SEKIS", catchment=[(BERLIN, None)]))
    register(session, *(make_house(f"Bezirk {code}", catchment=[(BERLIN, code)]) for code in BOROUGHS))
    expected = ["SEKIS", *(f"Bezirk {code}" for code in sorted(BOROUGHS))]
    assert names_for(session, "Berlin") == expected
    assert names_for(session, "12043") == ["Bezirk 12043", "SEKIS"]
    assert names_for(session, "10117") == ["SEKIS"]


def test_a_quarter_belongs_to_the_house_of_the_nearest_postcode(session):
    match = get_gazetteer(session).resolve("Neukölln").match
    assert match is not None
    code = get_gazetteer(session).nearest_postcode(match.latitude, match.longitude).name
    register(
        session,
        make_house("SEKIS", catchment=[(BERLIN, None)]),
        make_house("Neukölln", catchment=[(BERLIN, code)]),
        make_house("Mitte", catchment=[(BERLIN, "10115")]),
    )
    assert names_for(session, "Neukölln") == ["Neukölln", "SEKIS"]


def test_a_land_has_the_houses_of_its_districts_and_no_others(session):
    register(
        session,
        make_house("Köln", catchment=[(KOELN, None)]),
        make_house("Bonn", catchment=[("05314", None)]),
        make_house("Ahrweiler", catchment=[(AHRWEILER, None)]),
    )
    assert names_for(session, "Nordrhein-Westfalen") == ["Bonn", "Köln"]
    assert names_for(session, "Landkreis Ahrweiler") == ["Ahrweiler"]
    assert [house.name for house in queries.list_houses(session, state_ags="05")] == ["Bonn", "Köln"]
    assert {land.name: len(land.houses) for land in queries.list_lands(session) if land.houses} == {
        "Nordrhein-Westfalen": 2,
        "Rheinland-Pfalz": 1,
    }


def test_the_table_decides_and_not_the_distance(session):
    register(
        session,
        make_house(
            "Weit weg", catchment=[(KOELN, None)], branches=[make_branch(is_main=True, latitude=47.6)]
        ),
        make_house("Nebenan", catchment=[(AHRWEILER, None)], branches=[make_branch(is_main=True)]),
    )
    assert names_for(session, "50667") == ["Weit weg"]


def test_where_nobody_is_responsible_the_nearest_is_named_and_is_not_called_responsible(session):
    register(
        session,
        make_house("Köln", catchment=[(KOELN, None)], branches=[make_branch(is_main=True)]),
        make_house(
            "Bayern", catchment=[("09162", None)], branches=[make_branch(is_main=True, latitude=48.1)]
        ),
    )
    match = get_gazetteer(session).resolve("53474").match
    assert match is not None
    found = services.responsible_for(session, match)
    assert (found.houses, found.exact) == ([], False)
    assert found.nearest is not None
    assert found.nearest.name == "Köln"
    assert found.nearest_km == pytest.approx(45, abs=6)


def test_without_any_house_nobody_is_named(session):
    match = get_gazetteer(session).resolve("50667").match
    assert match is not None
    assert services.responsible_for(session, match) == services.Responsible(houses=[])


def test_a_place_without_a_district_has_no_house_of_its_own(session):
    from app.places.matches import PlaceMatch

    nowhere = PlaceMatch("town", "Nordsee", "Nordsee", 54.5, 6.9, None, "", "", "")
    register(session, make_house("Köln", catchment=[(KOELN, None)]))
    assert services.responsible_for(session, nowhere).exact is False
