"""The machine interface of the finder keeps the contract."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote, urlsplit

import pytest

from app.groups.rules.finder_search import Filters
from app.groups.rules.recurrence import spans
from app.shared import clock
from app.shared.transactions import transaction
from tests.builders.finder_world import slugs_of
from tests.builders.groups import make_group, make_rule
from tests.support.globe import distance_km

FIELDS = {
    "slug": str,
    "name": str,
    "topics": list,
    "format": str,
    "languages": list,
    "status": str,
    "distance_km": float | None,
    "latitude": float | None,
    "longitude": float | None,
    "location_precision": str | None,
    "next_meeting": str | None,
    "clearinghouse": str,
    "url": str,
}
SLUG = re.compile(r"[A-Za-z0-9._~-]{1,64}")


def get(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.get_data(as_text=True)[:300])
    assert answer.mimetype in {"application/json", "application/geo+json"}
    return answer.json


def walk(client, path):
    """Answer all items of all pages."""
    items, seen = [], set()
    while path:
        assert path not in seen
        seen.add(path)
        body = get(client, path)
        assert body.keys() >= {"total", "items", "next"}
        items += body["items"]
        parts = urlsplit(body["next"] or "")
        path = f"{parts.path}?{parts.query}" if body["next"] else None
    assert len(items) == body["total"]
    return items


def test_every_field_of_the_contract_is_there_and_of_its_type(world, world_client):
    items = walk(
        world_client,
        "/api/v1/groups?lat=50.938&lon=6.957&radius_km=200&format=in_person&format=online&format=hybrid&per_page=100",
    )
    assert len(items) > 100
    for item in items:
        for name, kind in FIELDS.items():
            assert isinstance(item[name], kind), (name, item[name])
        assert SLUG.fullmatch(item["slug"])
        assert item["url"] == f"http://localhost/groups/{item['slug']}"
        assert item["location_precision"] in {"exact", "area", "clearinghouse", None}
        assert (item["latitude"] is None) == (item["format"] == "online") == (item["distance_km"] is None)
        if item["distance_km"] is not None:
            far = distance_km(50.938, 6.957, item["latitude"], item["longitude"])
            assert item["distance_km"] == pytest.approx(far, abs=0.0006)
        if item["next_meeting"]:
            assert datetime.fromisoformat(item["next_meeting"]).utcoffset() is not None


@pytest.mark.parametrize(
    "query",
    [
        "per_page=7",
        "per_page=100&q=krebs",
        "near=Berlin&per_page=3&topic=krebs",
        "per_page=50&sort=relevance&q=depression",
    ],
)
def test_following_next_meets_every_group_exactly_once(world, world_client, query):
    items = walk(world_client, f"/api/v1/groups?{query}")
    assert len(set(slugs_of(items))) == len(items)
    if query == "per_page=7":
        assert set(slugs_of(items)) == set(world.expected(Filters()))
    if "near" in query:
        distances = [item["distance_km"] for item in items]
        assert distances == sorted(distances)


def test_the_links_keep_the_language_and_every_parameter(world_client):
    body = get(
        world_client, "/en/api/v1/groups?q=krebs&weekday=1&weekday=2&weekday=3&weekday=4&per_page=1&x=%26"
    )
    assert body["next"].startswith("http://localhost/en/api/v1/groups?")
    for part in ("q=krebs", "weekday=1&weekday=2", "per_page=1", "x=%26", "page=2"):
        assert part in body["next"]


def test_a_page_after_the_last_is_empty_and_leads_nowhere(world_client):
    body = get(world_client, "/api/v1/groups?page=9999")
    assert body["items"] == []
    assert body["next"] is None
    assert body["total"] > 300


def test_of_places_with_one_name_the_most_populous_is_taken_and_the_others_are_accepted_back(world_client):
    body = get(world_client, "/api/v1/groups?near=Frankfurt")
    assert body["place"]["label"].startswith("Frankfurt am Main")
    assert body["alternatives"]
    labels = [body["place"]["label"], *(place["label"] for place in body["alternatives"])]
    assert len(set(labels)) == len(labels)
    for label in labels:
        again = get(world_client, f"/api/v1/groups?near={quote(label)}")
        assert (again["place"]["label"], again["alternatives"]) == (label, [])


def test_a_clear_place_has_no_alternatives(world_client):
    body = get(world_client, "/api/v1/groups?near=50667")
    assert body["place"]["kind"] == "postcode"
    assert body["place"].keys() >= {"label", "kind", "latitude", "longitude", "district", "state"}
    assert body["alternatives"] == []
    assert "place" not in get(world_client, "/api/v1/groups")


@pytest.mark.parametrize("near", ["Nordrhein-Westfalen", "Hessen", "Köln (kreisfreie Stadt)"])
def test_an_area_means_inside_its_border_whatever_the_radius(world, world_client, near):
    one = get(world_client, f"/api/v1/groups?near={quote(near)}&radius_km=1&per_page=100")
    assert one["place"]["kind"] in {"state", "district"}
    other = get(world_client, f"/api/v1/groups?near={quote(near)}&radius_km=200&per_page=100")
    assert one["total"] == other["total"] > 0
    assert all(item["distance_km"] is None for item in one["items"])


@pytest.mark.parametrize("near", ["Frankfurt Oder", "Koeln", "Koln", "KÖLN", "Cologne", "5066"])
def test_places_are_found_however_they_are_written(world_client, near):
    answer = world_client.get(f"/api/v1/groups?near={quote(near)}")
    assert answer.status_code == (400 if near == "5066" else 200)


@pytest.mark.parametrize(
    "box",
    [
        "5,47,16,55",
        "6.9,50.9,7.0,51.0",
        "6.957,50.938,6.958,50.939",
        "-180,-90,180,90",
        "6.9600001,50.9400001,6.9600002,50.9400002",
    ],
)
@pytest.mark.parametrize(
    "more", ["", "&topic=krebs", "&q=krebs", "&format=online", "&weekday=3&access=lift", "&near=Bonn"]
)
def test_the_map_counts_what_the_list_counts(world_client, box, more):
    for zoom in (0, 3, 6, 9, 14, 20):
        view = get(world_client, f"/groups/map.json?bbox={box}&zoom={zoom}{more}")
        west, south, east, north = (float(side) for side in box.split(","))
        assert view["bbox"][0] <= west < east <= view["bbox"][2]
        assert view["bbox"][1] <= south < north <= view["bbox"][3]
        clusters = [each["properties"] for each in view["features"] if each["properties"].get("cluster")]
        singles = [each["properties"] for each in view["features"] if "slug" in each["properties"]]
        assert sum(each["point_count"] for each in clusters) + len(singles) == view["total"]
        assert all(each.keys() >= {"cluster", "cluster_id", "point_count"} for each in clusters)
        assert all({"slug", "name"} <= each.keys() for each in singles)
        wide = ",".join(str(side) for side in view["bbox"])
        listed = get(world_client, f"/api/v1/groups?bbox={wide}{more}")["total"]
        if more != "&format=online":  # these have no place, so no map holds them
            assert listed == view["total"]
        else:
            assert view["total"] == 0


def test_a_cell_has_the_same_number_from_every_box(world_client):
    numbers = {}
    for box in ("6,50,8,52", "6.5,50.5,7.5,51.5", "6.9,50.9,7,51", "5,49,9,53"):
        view = get(world_client, f"/groups/map.json?bbox={box}&zoom=9")
        for feature in view["features"]:
            if feature["properties"].get("cluster"):
                cell = (view["zoom"], feature["properties"]["cluster_id"])
                count = feature["properties"]["point_count"]
                assert numbers.setdefault(cell, count) == count
    assert numbers


def test_a_repeated_value_means_any_and_repeated_access_all(world, world_client):
    def total(query):
        return get(world_client, f"/api/v1/groups?{query}")["total"]

    assert total("status=open&status=founding") == total("status=open") + total("status=founding")
    assert total("access=lift&access=step_free") < min(total("access=lift"), total("access=step_free"))
    assert total("topic=krebs&topic=angst") > max(total("topic=krebs"), total("topic=angst"))
    assert total("topic=krebs&q=krebs&topic=krebs") <= total("q=krebs")
    houses = [f"clearinghouse={slug}" for slug in ("kiss-koeln", "kiss-berlin", "kiss-halle")]
    assert sum(total(house) for house in houses) == total("&".join(houses)) == total("")


def test_online_groups_are_counted_beside_a_place(world, world_client):
    body = get(world_client, "/api/v1/groups?near=50667&radius_km=5")
    online = sum(row.point is None for row in world.rows)
    assert (
        body["online_total"]
        == online
        == get(world_client, "/api/v1/groups?format=online&near=50667&radius_km=1")["total"]
    )
    assert all(item["format"] != "online" for item in body["items"])


def test_one_group_says_what_its_page_says(world, world_client):
    for row in world.rows[:25]:
        slug, draft = world.slugs[row.group_id], world.drafts[row.group_id]
        item = get(world_client, f"/api/v1/groups/{slug}")
        assert item["name"] == draft.name
        assert item["topics"] == list(draft.topics)
        assert item["contact"].keys() == {"way", "name", "phone", "email"}
        assert len(item["next_meetings"]) <= 3
        assert item["next_meeting"] == (item["next_meetings"] or [None])[0]
        assert (item["place"] is None) == (item["location_precision"] != "exact")


def test_the_meetings_of_a_window_are_those_of_the_rule(client, session):
    rule = make_rule(weekday=3)
    with transaction() as writing:
        make_group(
            writing, series=[rule, make_rule(frequency="monthly_weekday", weekday=6, ordinals=(1, -1))]
        )
    path = "/api/v1/groups/lichtblick/meetings"
    body = get(client, f"{path}?from=2026-10-21&to=2026-10-29")
    assert [item["starts_at"] for item in body["items"]] == [
        "2026-10-21T19:00:00+02:00",
        "2026-10-28T19:00:00+01:00",
    ]
    assert body["items"][0] == {
        "starts_at": "2026-10-21T19:00:00+02:00",
        "ends_at": "2026-10-21T20:30:00+02:00",
        "cancelled": False,
        "moved_from": None,
        "format": "in_person",
        "place": {"name": "Bürgerhaus", "street": "Lindenallee 3", "postcode": "50667", "town": "Köln"},
        "note": "",
        "link": None,
    }
    assert (body["total"], body["next"]) == (2, None)


def test_a_window_of_meetings_is_half_open_and_takes_moments(client, session):
    with transaction() as writing:
        make_group(writing)
    path = "/api/v1/groups/lichtblick/meetings"
    for query, count in (
        ("from=2026-11-04T19:00:00%2B01:00&to=2026-11-11T19:00:00%2B01:00", 1),
        ("from=2026-11-04T18:00:00Z&to=2026-11-11T18:00:01Z", 2),
        ("from=2026-11-04T19:00:01&to=2026-11-11T19:00:00", 0),
        ("from=2026-11-04T19:00:00+01:00&to=2026-11-05", 1),
        ("from=2026-11-04&to=2026-11-05", 1),
        ("from=2026-11-05&to=2026-11-06", 0),
    ):
        assert get(client, f"{path}?{query}")["total"] == count, query


def test_five_hundred_days_come_in_one_answer_and_more_are_refused(client, session):
    with transaction() as writing:
        make_group(writing)
    first = date(2026, 3, 1)
    path = f"/api/v1/groups/lichtblick/meetings?from={first}&to="
    start = datetime(2026, 2, 28, 23, tzinfo=UTC)
    body = get(client, f"{path}{first + timedelta(days=500)}")
    expected = spans(make_rule(), start=start, end=start + timedelta(days=500))
    assert [item["starts_at"] for item in body["items"]] == [each.starts_at.isoformat() for each in expected]
    assert client.get(f"{path}{first + timedelta(days=501)}").status_code == 400


def test_without_a_window_the_next_sixty_days_are_answered(client, session):
    with transaction() as writing:
        make_group(writing)
    items = get(client, "/api/v1/groups/lichtblick/meetings")["items"]
    today = clock.now()
    assert 8 <= len(items) <= 9
    first = datetime.fromisoformat(items[0]["starts_at"])
    assert today - timedelta(days=1) <= first <= today + timedelta(days=7)


def test_topics_have_names_and_synonyms_in_every_language(world_client):
    items = walk(world_client, "/api/v1/topics")
    assert len(items) >= 160
    for item in items:
        assert item["names"].keys() == {"de", "en", "nl"}
        assert item["sector"] in {"health", "psychosocial", "social"}
        assert (item["sector"] == "health") <= (item["disease_area"] is not None)
    assert {"depression", "diabetes", "krebs"} <= {item["slug"] for item in items}


def test_any_site_may_read_the_interface(world_client):
    for path in ("/api/v1/groups", "/api/v1/groups?page=0", "/groups/map.json?bbox=5,47,16,55&zoom=6"):
        assert world_client.get(path).headers["Access-Control-Allow-Origin"] == "*"
