"""Clearing houses for machines."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from app.clearinghouses.rules.opening_hours import Interval
from app.clearinghouses.services import register_clearinghouses
from app.shared.transactions import transaction
from tests.builders.clearinghouses import make_branch, make_house

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def houses(session):
    with transaction() as writing:
        register_clearinghouses(
            writing,
            [
                make_house(hours={"phone": [Interval(3, time(14), time(18))]}, accessibility=["lift"]),
                make_house(
                    "Haus B",
                    catchment=[("11000", "12043")],
                    branches=[make_branch(is_main=True, latitude=52.5)],
                ),
                make_house("Haus A", catchment=[("11000", None), ("05314", None)]),
            ],
            NOW,
        )
    session.rollback()


def test_the_collection_has_every_house_by_name(client, houses):
    body = client.get("/api/v1/clearinghouses").json
    assert [item["name"] for item in body["items"]] == ["Haus A", "Haus B", "KISS Köln"]
    assert (body["total"], body["next"]) == (3, None)
    koeln = body["items"][2]
    assert koeln["slug"] == "kiss-koeln"
    assert koeln["districts"] == [{"ags": "05315", "name": "Köln", "postcodes": None}]
    assert koeln["opening_hours"] == [
        {"channel": "phone", "weekday": 3, "opens_at": "14:00", "closes_at": "18:00"}
    ]
    assert (koeln["latitude"], koeln["longitude"]) == (50.94, 6.96)
    assert koeln["address"] == "Lindenallee 1, 50667 Köln"
    assert koeln["accessibility"] == ["lift"]
    assert koeln["url"].endswith("/clearinghouses/kiss-koeln")


def test_pages_follow_each_other_to_the_end(client, houses):
    seen, address = [], "/api/v1/clearinghouses?per_page=2"
    while address:
        body = client.get(address).json
        assert body["total"] == 3
        seen += [item["slug"] for item in body["items"]]
        address = body["next"]
    assert seen == ["haus-a", "haus-b", "kiss-koeln"]


def test_one_house_is_the_same_as_in_the_collection(client, houses):
    item = client.get("/api/v1/clearinghouses").json["items"][0]
    assert client.get("/api/v1/clearinghouses/haus-a").json == item


def test_near_answers_who_is_responsible(client, houses):
    body = client.get("/api/v1/clearinghouses?near=12043").json
    assert [(item["slug"], item["responsible"]) for item in body["items"]] == [
        ("haus-b", True),
        ("haus-a", True),
    ]
    assert body["place"]["label"] == "12043 Berlin"
    assert (body["alternatives"], body["responsible"]) == ([], True)


def test_near_a_place_of_nobody_answers_the_nearest_and_does_not_call_it_responsible(client, houses):
    body = client.get("/api/v1/clearinghouses?near=53474").json
    (item,) = body["items"]
    assert (item["responsible"], body["responsible"]) == (False, False)
    assert 30 < item["distance_km"] < 60


def test_an_ambiguous_name_takes_the_most_populous_and_lists_the_others(client, houses):
    body = client.get("/api/v1/clearinghouses?near=Halle").json
    assert body["place"]["label"] == "Halle (Saale)"
    label = body["alternatives"][0]["label"]
    assert client.get("/api/v1/clearinghouses", query_string={"near": label}).json["place"]["label"] == label


@pytest.mark.parametrize(
    "query",
    [
        "near=",
        "near=Atlantisburg",
        "near=99999",
        "near=" + "x" * 101,
        "near=%00",
        "near=%ff",
        "page=0",
        "page=x",
        "page=-1",
        "page=1000000000",
        "page=2",
        "page=²",
        "per_page=0",
        "per_page=101",
        "per_page=NaN",
    ],
)
def test_bad_input_is_told_in_the_one_shape(client, houses, query):
    answer = client.get(f"/api/v1/clearinghouses?{query}")
    assert answer.status_code == 400
    error = answer.json["error"]
    assert error["status"] == 400
    assert error["field"] == query.partition("=")[0]
    assert error["message"].endswith((".", "?"))


def test_an_address_that_is_far_too_long_is_refused_in_the_one_shape(client, houses):
    answer = client.get("/api/v1/clearinghouses?near=" + "x" * 10_000)
    assert answer.status_code in {400, 414}
    assert answer.json["error"]["status"] == answer.status_code


def test_a_house_that_is_not_there_is_404(client, houses):
    answer = client.get("/api/v1/clearinghouses/nobody")
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "not_found")
