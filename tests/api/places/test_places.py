"""Suggestions for programs and for the search field."""

from __future__ import annotations

import pytest


def test_suggestions_carry_everything_a_choice_needs(client):
    answer = client.get("/api/v1/places?q=Halle")
    assert answer.status_code == 200
    assert answer.json["total"] == len(answer.json["items"]) == 8
    assert answer.json["next"] is None
    assert answer.json["items"][1] == {
        "label": "Halle, Kreis Gütersloh, Nordrhein-Westfalen",
        "kind": "town",
        "name": "Halle",
        "latitude": 52.0601,
        "longitude": 8.3608,
        "district": "Kreis Gütersloh",
        "state": "Nordrhein-Westfalen",
    }


def test_a_postcode_is_suggested_by_its_beginning(client):
    items = client.get("/api/v1/places?q=506&limit=2").json["items"]
    assert [(item["label"], item["kind"]) for item in items] == [
        ("50667 Köln", "postcode"),
        ("50668 Köln", "postcode"),
    ]


def test_nothing_found_is_an_empty_list(client):
    assert client.get("/api/v1/places?q=%3F%3F").json == {"total": 0, "items": [], "next": None}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "q"),
        ("?q=", "q"),
        ("?q=%20", "q"),
        ("?q=" + "a" * 201, "q"),
        ("?q=a&limit=0", "limit"),
        ("?q=a&limit=21", "limit"),
        ("?q=a&limit=ten", "limit"),
        ("?q=a&limit=-1", "limit"),
        ("?q=a&limit=%D9%A5", "limit"),
        ("?q=a&limit=" + "9" * 5000, "limit"),
    ],
)
def test_bad_input_is_told_what_to_do(client, query, field):
    answer = client.get(f"/api/v1/places{query}")
    assert answer.status_code == 400
    assert answer.json["error"]["code"] == "bad_input"
    assert answer.json["error"]["status"] == 400
    assert answer.json["error"]["field"] == field
    assert answer.json["error"]["message"]
