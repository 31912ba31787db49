"""Nobody learns more of a protected place or person than its own page says, however they ask."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from app.groups.drafts import SeriesDraft
from app.groups.meetings.closures import Owner, close
from app.groups.meetings.services import add_date, add_series, move_date
from app.groups.models import Group, MeetingPlace, MeetingSeries
from app.groups.rules.recurrence import days
from app.shared import clock
from app.shared.errors import RuleBroken
from app.shared.transactions import transaction
from tests.builders.clearinghouses import make_branch
from tests.builders.groups import NOW, make_contact, make_group, make_house, make_place, make_rule
from tests.support.globe import distance_km

HOUSE = (50.94, 6.96)
TRUE = (50.91234, 6.87654)
CELL = (50.925, 6.84)
"""The centre of the cell of 0.05° by 0.08° around TRUE."""
SECRETS = (
    "Frauenhaus",
    "Quittenweg",
    "50999",
    "Rodenkirchen",
    "Verschlusssache",
    "Petra",
    "Geheimnisvoll",
    "4710815",
    "0221 4710815",
    "petra@muster.example",
    "50.91234",
    "6.87654",
    "50.9123",
    "6.8765",
    "Asternstieg",
    "Wasserrohrbruch",
    "Hinterhof",
    "geheim.example",
)
LEVELS = ("area", "clearinghouse")


@pytest.fixture
def hidden(session):
    """One group of each protected level at the same true place, and a house."""
    with transaction() as writing:
        house = make_house(
            writing, branches=[make_branch(latitude=HOUSE[0], longitude=HOUSE[1], is_main=True)]
        )
        for level in LEVELS:
            make_group(
                writing,
                clearinghouse_id=house,
                name=f"Schutzraum {level}",
                disclosure=level,
                place=make_place(
                    name="Frauenhaus",
                    street="Quittenweg 7",
                    postcode="50999",
                    town="Rodenkirchen",
                    latitude=TRUE[0],
                    longitude=TRUE[1],
                ),
                contact=make_contact(
                    way="phone",
                    name="Petra Geheimnisvoll",
                    phone="0221 4710815",
                    email="petra@muster.example",
                ),
                internal_note="Verschlusssache",
                series=[make_rule()],
            )
    return {"area": ("schutzraum-area", CELL), "clearinghouse": ("schutzraum-clearinghouse", HOUSE)}


def slugs(client: Any, path: str) -> set[str]:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return {item["slug"] for item in answer.json["items"]}


@pytest.mark.parametrize("level", LEVELS)
def test_distances_from_everywhere_lead_to_the_disclosed_point_only(client, hidden, level):
    slug, shown = hidden[level]
    random = Random(3)
    for _ in range(25):
        lat, lon = round(TRUE[0] + random.gauss(0, 0.1), 5), round(TRUE[1] + random.gauss(0, 0.15), 5)
        items = client.get(f"/api/v1/groups?lat={lat}&lon={lon}&radius_km=200").json["items"]
        (item,) = [item for item in items if item["slug"] == slug]
        assert item["distance_km"] == pytest.approx(distance_km(lat, lon, *shown), abs=0.0006)
        assert (item["latitude"], item["longitude"], item["location_precision"]) == (*shown, level)


@pytest.mark.parametrize("level", LEVELS)
def test_the_smallest_radius_finds_the_group_at_the_disclosed_point_and_not_at_the_true_one(
    client, hidden, level
):
    slug, shown = hidden[level]
    assert slug in slugs(client, f"/api/v1/groups?lat={shown[0]}&lon={shown[1]}&radius_km=1")
    assert slug not in slugs(client, f"/api/v1/groups?lat={TRUE[0]}&lon={TRUE[1]}&radius_km=1")
    # The edge of ever larger circles around the true place lies where the disclosed point is.
    far = distance_km(*TRUE, *shown)
    for radius, is_found in ((far - 0.002, False), (far + 0.002, True)):
        found = slugs(client, f"/api/v1/groups?lat={TRUE[0]}&lon={TRUE[1]}&radius_km={radius:.6f}")
        assert (slug in found) == is_found


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("more", ["", "&q=Schutzraum", "&topic=depression", "&weekday=3&status=open"])
def test_shrinking_boxes_close_in_on_the_disclosed_point(client, hidden, level, more):
    slug, shown = hidden[level]
    west, south, east, north = 5.0, 47.0, 16.0, 55.0
    while east - west > 0.00003 or north - south > 0.00003:
        if east - west > north - south:
            middle = round((west + east) / 2, 6)
            left = slug in slugs(client, f"/api/v1/groups?bbox={west},{south},{middle},{north}{more}")
            west, east = (west, middle) if left else (middle, east)
        else:
            middle = round((south + north) / 2, 6)
            below = slug in slugs(client, f"/api/v1/groups?bbox={west},{south},{east},{middle}{more}")
            south, north = (south, middle) if below else (middle, north)
    assert math.hypot(south - shown[0], west - shown[1]) < 0.0001


@pytest.mark.parametrize("more", ["", "&topic=depression", "&q=Schutzraum", "&format=in_person"])
def test_the_map_shows_protected_groups_at_the_disclosed_points_at_every_zoom(client, hidden, more):
    for zoom in range(21):
        box = f"{TRUE[1] - 0.0001:.5f},{TRUE[0] - 0.0001:.5f},{TRUE[1] + 0.0001:.5f},{TRUE[0] + 0.0001:.5f}"
        answer = client.get(f"/groups/map.json?bbox={box}&zoom={zoom}{more}").json
        west, south, east, north = answer["bbox"]
        expected = sum(west <= lon < east and south <= lat < north for lat, lon in (CELL, HOUSE))
        assert answer["total"] == expected
        for feature in answer["features"]:
            if "slug" in feature["properties"]:
                level = feature["properties"]["slug"].removeprefix("schutzraum-")
                assert feature["geometry"]["coordinates"] == [hidden[level][1][1], hidden[level][1][0]]


def test_districts_hold_a_protected_group_only_where_its_disclosed_point_lies(app, client, hidden):
    from app.places.gazetteer import get_gazetteer
    from app.shared.extensions import db

    with app.app_context():
        gazetteer = get_gazetteer(db.session())
        shown = {slug: gazetteer.districts_at([point[0]], [point[1]])[0] for slug, point in hidden.values()}
        labels = {district.district_ags: district.label for district in gazetteer.districts}
    around = {"05315", "05362", "05362000", *shown.values()} & labels.keys()
    for ags in around:
        found = slugs(client, f"/api/v1/groups?near={quote(labels[ags])}")
        assert found == {slug for slug, district in shown.items() if district == ags}


def test_hidden_words_and_their_beginnings_find_nothing(client, hidden):
    for word in (*SECRETS, "Quitten", "Frauenhau", "Petr", "muster", "Rodenkirche", "Verschluss"):
        for path in (
            "/api/v1/groups?q=",
            "/api/v1/groups?sort=relevance&q=",
            "/api/v1/groups?near=50667&radius_km=200&q=",
        ):
            assert client.get(path + quote(word)).json["total"] == 0, word


def test_shown_words_of_the_same_groups_do_find_them(client, hidden):
    assert client.get("/api/v1/groups?q=Schutzraum").json["total"] > 0


def change_dates(session, slug):
    """Close the true place; meet elsewhere once, and as a hybrid series with a room and a link for members."""
    group = session.scalar(sa.select(Group).where(Group.slug == slug))
    series = session.scalar(sa.select(MeetingSeries.id).where(MeetingSeries.group_id == group.id))
    now = clock.now()
    wednesday = next(days(make_rule(), since=now.date() + timedelta(days=5)))
    elsewhere = make_place(name="Hinterhof", street="Asternstieg 4", latitude=50.9177, longitude=6.8799)
    move_date(session, series, wednesday, new_on=wednesday + timedelta(days=1), place=elsewhere, now=now)
    add_date(session, series, wednesday + timedelta(days=3), place_id=group.place_id, now=now)
    hybrid = SeriesDraft(
        make_rule(weekday=5),
        format="hybrid",
        place=elsewhere,
        where_note="Hinterhof, zweite Tür",
        online_link="https://geheim.example/raum",
    )
    add_series(session, group.id, hybrid, now=now)
    series = session.scalars(
        sa.select(MeetingSeries.place_id).where(MeetingSeries.group_id == group.id)
    ).all()
    for place in {group.place_id, *series} - {None}:
        with suppress(RuleBroken):  # both groups meet there: it is closed already
            close(
                session,
                Owner(place_id=place),
                first_on=wednesday,
                last_on=wednesday + timedelta(days=20),
                reason=f"Wasserrohrbruch im Quittenweg, {slug}",
                now=now,
            )


def test_changed_dates_and_closed_places_tell_nobody_where_it_is(app, client, hidden):
    with app.test_request_context("/"), transaction() as writing:
        for slug, _ in hidden.values():
            change_dates(writing, slug)
    for slug, _ in hidden.values():
        dates = client.get(f"/api/v1/groups/{slug}/meetings").json["items"]
        assert any(item["moved_from"] for item in dates)
        assert any(item["cancelled"] for item in dates)
        assert {(json.dumps(item["place"]), item["link"]) for item in dates} == {("null", None)}


def test_groups_at_one_place_tell_of_it_each_as_it_agreed(app, client, hidden):
    with app.test_request_context("/"), transaction() as writing:
        house = writing.scalar(sa.select(Group.clearinghouse_id).limit(1))
        true = writing.scalar(sa.select(MeetingPlace).where(MeetingPlace.name == "Frauenhaus"))
        place = make_place(name=true.name, street=true.street, postcode=true.postcode, town=true.town)
        make_group(
            writing, clearinghouse_id=house, name="Offen", place=replace(place, latitude=None, longitude=None)
        )
        places = set(writing.scalars(sa.select(Group.place_id)))
        assert places == {true.id}
    assert client.get("/api/v1/groups/offen").json["place"]["street"] == "Quittenweg 7"
    for slug, shown in hidden.values():
        item = client.get(f"/api/v1/groups/{slug}").json
        assert item["place"] is None
        assert (item["latitude"], item["longitude"]) == shown


def test_what_was_agreed_to_is_shown_field_by_field(client, session):
    with transaction() as writing:
        contact = make_contact(
            way="email",
            name="Petra Geheimnisvoll",
            phone="0221 4710815",
            email="petra@muster.example",
            email_consented_at=NOW,
        )
        make_group(writing, contact=contact)
    text = client.get("/groups/lichtblick").get_data(as_text=True)
    assert "petra@muster.example" in text
    assert "Geheimnisvoll" not in text
    assert "4710815" not in text
    assert client.get("/api/v1/groups/lichtblick").json["contact"] == {
        "way": "email",
        "name": "",
        "phone": "",
        "email": "petra@muster.example",
    }


def test_an_address_that_was_not_found_is_not_shown_anywhere(client, session):
    with transaction() as writing:
        make_group(writing, place=make_place(street="Quittenweg 7", latitude=None, longitude=None))
    for path in (
        "/groups/lichtblick",
        "/groups",
        "/groups/lichtblick/calendar.ics",
        "/api/v1/groups/lichtblick",
    ):
        assert "Quittenweg" not in client.get(path).get_data(as_text=True)
