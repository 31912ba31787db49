"""Pages of the clearing houses as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from app.clearinghouses.rules.opening_hours import Interval
from app.clearinghouses.services import register_clearinghouses
from app.shared.transactions import transaction
from tests.builders.clearinghouses import make_branch, make_house

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ALWAYS = [Interval(day, time(0), time(23, 59, 59)) for day in range(1, 8)]


@pytest.fixture
def houses(session):
    with transaction() as writing:
        register_clearinghouses(
            writing,
            [
                make_house(
                    hours={"phone": ALWAYS, "by_appointment": [Interval(1, time(9), time(12))]},
                    languages=["de", "tr"],
                    accessibility=["hearing_loop"],
                    branches=[
                        make_branch(is_main=True),
                        make_branch(
                            name="Kalk", postcode="51103", hours={"visit": [Interval(2, time(9), time(12))]}
                        ),
                    ],
                ),
                make_house("SEKIS Berlin", catchment=[("11000", None)], phone="030 23125 100"),
                make_house(
                    "Treff Neukölln",
                    catchment=[("11000", "12043"), ("11000", "12045")],
                    side_task=True,
                    phone="",
                    email="",
                    website="",
                    about={},
                ),
            ],
            NOW,
        )
    session.rollback()


def test_the_directory_names_every_house_under_its_land(browser, houses):
    page = browser.get("/en/clearinghouses")
    assert page.heading == "Clearing houses"
    assert page.texts("h3")[:2] == ["Berlin", "Nordrhein-Westfalen"]
    page = browser.follow("KISS Köln")
    assert page.heading == "KISS Köln"


def test_an_empty_directory_says_so(browser, session):
    assert "No clearing house is listed yet" in browser.get("/en/clearinghouses").text


def test_a_house_says_how_to_reach_it_now(browser, houses):
    page = browser.get("/en/clearinghouses/kiss-koeln")
    assert "Open now, until" in page.text
    assert page.get("a", text="0221 4710 100").get("href") == "tel:+492214710100"
    assert "Lindenallee 1" in page.text
    assert "51103 Köln" in page.text
    assert "German, Turkish" in page.text
    assert "Hearing loop" in page.text
    assert "We listen." in page.text
    assert "clearinghouse=kiss-koeln" in (page.get("a", text="Show its groups").get("href") or "")


def test_a_small_body_without_phone_shows_only_what_it_has(browser, houses):
    page = browser.get("/en/clearinghouses/treff-neukoelln")
    assert "beside its other work" in page.text
    assert "12043, 12045" in page.text
    assert "Phone" not in page.texts("dt")


def test_an_unknown_house_is_a_page_with_a_way_on(browser, session):
    assert "clearing house" in browser.get("/en/clearinghouses/nobody", status=404).text


def test_a_place_has_its_house(browser, houses):
    browser.get("/en/clearinghouses")
    page = browser.submit({"near": "50667"})
    assert page.heading == "Your clearing house for 50667 Köln"
    assert "KISS Köln" in page.text
    assert page.find("a", text="Groups near 50667 Köln") is not None


def test_a_place_may_have_several(browser, houses):
    page = browser.get("/en/clearinghouses/for?near=12043")
    assert "2 houses are responsible" in page.text
    assert [name for name in page.texts("h2") if name in {"SEKIS Berlin", "Treff Neukölln"}] == [
        "Treff Neukölln",
        "SEKIS Berlin",
    ]


def test_where_there_is_none_the_nearest_is_named_and_said_to_be_so(browser, houses):
    page = browser.get("/en/clearinghouses/for?near=53474")
    assert "No clearing house is responsible" in page.text
    assert "as the crow flies" in page.text
    assert "KISS Köln" in page.text


def test_without_any_house_the_page_says_so(browser, session):
    assert "No clearing house is listed yet" in browser.get("/en/clearinghouses/for?near=50667").text


def test_a_name_of_several_places_is_asked_back_and_the_choice_leads_on(browser, houses):
    page = browser.get("/en/clearinghouses/for?near=Halle")
    assert page.heading == "Which place do you mean?"
    page = browser.follow("Halle, Kreis Gütersloh, Nordrhein-Westfalen")
    assert "Halle, Kreis Gütersloh" in page.heading


def test_a_place_nobody_knows_gets_a_sentence_and_near_misses(browser, houses):
    page = browser.get("/en/clearinghouses/for?near=99999", status=400)
    assert "We do not know a place called “99999”" in page.text
    assert page.find("a", text="99998 Weinbergen") is not None


@pytest.mark.parametrize("near", ["x" * 101, "x" * 7000, "' OR 1=1 --", "%ff%fe", "*", "\U0001f600"])
def test_nonsense_gets_a_sentence_and_never_a_fault(browser, houses, near):
    page = browser.get(f"/en/clearinghouses/for?near={near}", status=400)
    assert page.heading == "Which clearing house is there for me?"


def test_without_a_place_the_page_asks_for_one(browser, session):
    assert "Type a postcode" in browser.get("/en/clearinghouses/for?near=+").text
    assert "Type a postcode" in browser.get("/en/clearinghouses/for?near=%00%1b").text
    assert "Type a postcode" in browser.get("/en/clearinghouses/for").text


def test_the_map_has_every_house_with_its_page(client, houses):
    answer = client.get("/clearinghouses/map.json")
    assert answer.mimetype == "application/geo+json"
    koeln = answer.json["features"][0]
    assert answer.json["total"] == len(answer.json["features"]) == 3
    assert koeln["geometry"] == {"type": "Point", "coordinates": [6.96, 50.94]}
    assert koeln["properties"]["url"] == "/clearinghouses/kiss-koeln"
    assert koeln["properties"]["slug"] == "kiss-koeln"
