"""Whatever somebody sends: an answer or a sentence that says what to do, never a fault."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.groups.rules.vocabulary import FACETS
from tests.builders.finder_world import get_world
from tests.support.page import Page, read

FINDERS = ("/groups", "/groups/print", "/groups/map.json", "/api/v1/groups")
BOX = "bbox=5,47,16,55&zoom=6"

REFUSED = [
    "near=00000",
    "near=99999999",
    "near=xyzzyqwert",
    "lat=50.9",
    "lon=6.9",
    "lat=nan&lon=6.9",
    "lat=inf&lon=6.9",
    "lat=91&lon=6.9",
    "lat=50.9&lon=181",
    "lat=1e309&lon=6.9",
    "lat=50.9&lon=6.9&radius_km=0",
    "lat=50.9&lon=6.9&radius_km=-1",
    "lat=50.9&lon=6.9&radius_km=10000",
    "lat=50.9&lon=6.9&radius_km=201",
    "lat=50.9&lon=6.9&radius_km=NaN",
    "lat=50.9&lon=6.9&radius_km=1e309",
    "lat=50.9&lon=6.9&radius_km=%E2%85%A7",
    "lat=50.9&lon=6.9&radius_km=0x10",
    "topic=no-such-topic",
    "topic=%ED%A0%80",
    "weekday=0",
    "weekday=8",
    "weekday=monday",
    "weekday=1&weekday=9",
    "format=hologram",
    "status=closed",
    "for=everybody",
    "access=teleporter",
    "language=tlh",
    "clearinghouse=no-such-house",
    "clearinghouse=kiss%00koeln",
    "time_from=25:00",
    "time_from=24:01",
    "time_to=7pm",
    "date_from=2026-02-30",
    "date_from=yesterday",
    "date_from=2026-12-01&date_to=2026-11-01",
    "sort=random",
    "page=0",
    "page=-1",
    "page=1000000000",
    "page=1e3",
    "page=%D9%A3",
    "per_page=0",
    "per_page=101",
    "per_page=ten",
    "q=" + "a" * 201,
    "q=" + "%F0%9F%92%96" * 300,
    "near=" + "x" * 300,
    "q=" + "a" * 10_000,
    "unknown=" + "a" * 10_000,
]
BOXES = [
    "16,47,5,55",
    "5,55,16,47",
    "5,47,5,55",
    "5,47,16",
    "5,47,16,55,1",
    "a,b,c,d",
    "nan,47,16,55",
    "5,47,inf,55",
    "5,47,1e309,55",
    "-181,47,16,55",
    "5,-91,16,55",
    "5,47,16,91",
    ",,,",
    "5;47;16;55",
    "5,47,16,5 5",
]
ACCEPTED = [
    "time_from=%00",
    "clearinghouse=%00",
    "audience=%00",
    "topic=depression&topic=%00",
    "near=%00%01",
    "q=%22",
    "q=a%22+OR+b",
    "q=*",
    "q=Krebs*",
    "q=NEAR(krebs+angst)",
    "q=NEAR(",
    "q=krebs+AND+NOT+angst",
    "q=tokens:krebs",
    "q=-krebs",
    "q=%5Ekrebs",
    "q=%27krebs%27:*",
    "q=krebs+%26+!angst+%7C+(",
    "q=%5Ckrebs%5C",
    "q=100%25",
    "q=kre%00bs",
    "q=%01%02krebs%1F%7F",
    "q=%ED%A0%80krebs",
    "q=%FF%FEkrebs",
    "q=krebs%0D%0ASet-Cookie:x",
    "q=%3Cscript%3Ealert(1)%3C/script%3E",
    "q={{7*7}}+krebs",
    "q=';DROP+TABLE+group;--",
    "q=krebs&q=angst",
    "q=&near=&topic=&weekday=&radius_km=&page=",
    "near=K%C3%B6ln&near=Bonn",
    "near=50667&radius_km=5.5&radius_km=0",
    "topic=krebs&topic=krebs&topic=angst",
    "weekday=1&weekday=1&weekday=2",
    "lat=50.93753199999999&lon=6.960278600000001",
    "lat=-0&lon=0",
    "lat=90&lon=180&radius_km=200",
    "lat=-90&lon=-180&radius_km=200",
    "date_from=0001-01-01&date_to=9999-12-31",
    "time_from=22:00&time_to=02:00",
    "time_from=24:00",
    "page=99999",
    "endpoint=x&_external=1&_scheme=javascript&_anchor=x&_method=POST&values=1",
    "self=1&name=2&value=3&session=4",
    "sort=distance",
    "sort=relevance",
    "utm_source=%00&foo=%ED%A0%80",
    "a&b=&=c&&&",
    "%00=1",
]


def refusal(answer):
    """Check the shape of a refusal and answer its sentence."""
    assert answer.status_code in {400, 414}, (answer.status_code, answer.request.url[:200])
    if answer.mimetype == "application/json":
        assert answer.json.keys() == {"error"}
        error = answer.json["error"]
        assert {"code", "message", "status"} <= error.keys() <= {"code", "message", "status", "field"}
        assert error["status"] == answer.status_code
        assert error["code"]
        return error["message"]
    page = Page(answer)
    texts = [read(each) for each in page.find_all() if "error" in each.get("class", "")] or [page.text]
    return " ".join(texts)


@pytest.mark.parametrize("query", REFUSED)
def test_what_makes_no_sense_is_refused_with_a_sentence(world_client, query):
    for path in FINDERS:
        answer = world_client.get(f"{path}?{query}" + (f"&{BOX}" if path.endswith(".json") else ""))
        message = refusal(answer)
        assert len(message) > 20
        assert message.rstrip().endswith((".", "?", "”", "!")) or answer.mimetype == "text/html", message


@pytest.mark.parametrize("box", BOXES)
def test_a_box_that_is_none_is_refused(world_client, box):
    for path in FINDERS:
        answer = world_client.get(f"{path}?bbox={box}&zoom=6")
        assert "bbox" in refusal(answer)


@pytest.mark.parametrize("zoom", ["-1", "21", "99", "nan", "1e1", "six", "%00", "1" * 50])
def test_a_zoom_that_is_none_is_refused(world_client, zoom):
    assert "zoom" in refusal(world_client.get(f"/groups/map.json?bbox=5,47,16,55&zoom={zoom}"))


def test_the_map_needs_a_box(world_client):
    assert "bbox" in refusal(world_client.get("/groups/map.json?zoom=6"))


@pytest.mark.parametrize("query", ACCEPTED)
def test_odd_questions_are_answered_or_refused_with_a_sentence(world_client, query):
    for path in FINDERS:
        answer = world_client.get(f"{path}?{query}" + (f"&{BOX}" if path.endswith(".json") else ""))
        assert answer.status_code in {200, 400}, (answer.status_code, path)
        if answer.mimetype == "text/html":
            Page(answer)
        if answer.status_code == 400:
            refusal(answer)


@pytest.mark.parametrize("sign", [*list("\"*():-^'\\%&|!<>~@{}[]+,;=#$`?/"), "OR", "AND", "NOT", "NEAR"])
def test_signs_of_a_search_language_mean_nothing(world_client, sign):
    for query in (f"{sign}krebs", f"krebs{sign}", f"krebs {sign} "):
        answer = world_client.get(f"/api/v1/groups?q={quote(query, safe='')}")
        assert answer.status_code == 200
        if len(sign) == 1:
            plain = world_client.get("/api/v1/groups?q=krebs")
            assert answer.json["total"] == plain.json["total"]


@pytest.mark.parametrize(
    "path",
    [
        "/groups/%00",
        "/groups/a%00b/calendar.ics",
        "/groups/%ED%A0%80",
        "/groups/" + "x" * 3000,
        "/groups/..%2F..%2Fetc%2Fpasswd",
        "/groups/%00/report",
        "/api/v1/groups/%00",
        "/api/v1/groups/%00/meetings",
        "/api/v1/groups/no-such-group",
        "/api/v1/groups/no-such-group/meetings",
        "/topics/%00",
        "/topics/no-such-topic",
        "/clearinghouses/%00",
        "/api/v1/clearinghouses/%00",
    ],
)
def test_what_is_not_there_is_not_found(world_client, path):
    answer = world_client.get(path)
    assert answer.status_code == 404
    if path.startswith("/api/") or path.endswith(".ics"):  # programs ask for calendars
        assert answer.json["error"]["status"] == 404
    else:
        Page(answer)


@pytest.mark.parametrize(
    "query",
    [
        "from=0001-01-01&to=0001-02-01",
        "from=9999-12-01&to=9999-12-31",
        "from=2026-11-24&to=2026-11-24",
        "from=2026-11-24&to=2026-11-23",
        "from=2026-01-01&to=2027-12-31",
        "from=tomorrow",
        "from=2026-13-01",
        "from=%00",
        "to=9999-12-31T23:59:59-23:59",
        "from=0001-01-01T00:00:00%2B23:59",
        "from=2026-11-24T19:00:00+99:00",
        "from=" + "9" * 5000,
    ],
)
def test_a_window_of_meetings_that_makes_no_sense_is_refused(databases, query):
    world = get_world(databases)
    slug = next(iter(world.slugs.values()))
    answer = world.app.test_client().get(f"/api/v1/groups/{slug}/meetings?{query}")
    assert refusal(answer)


@pytest.mark.parametrize("q", ["", "%20", "a" * 201, "a" * 10_000])
def test_places_need_words(world_client, q):
    assert refusal(world_client.get(f"/api/v1/places?q={q}"))


@pytest.mark.parametrize("q", ["%00", "%22", "%ED%A0%80", "NEAR(", "99999999999", "%25", "\\"])
@pytest.mark.parametrize(
    "path", ["/api/v1/places?q=", "/clearinghouses/for?near=", "/api/v1/clearinghouses?near="]
)
def test_odd_places_are_answered_or_refused(world_client, path, q):
    answer = world_client.get(path + q)
    assert answer.status_code in {200, 400}
    if answer.mimetype == "text/html":
        Page(answer)


NAMES = st.sampled_from(
    [
        *FACETS,
        *("q", "near", "lat", "lon", "radius_km", "topic", "time_from", "time_to", "date_from", "date_to"),
        *("clearinghouse", "sort", "page", "per_page", "bbox", "zoom", "endpoint"),
    ]
)
VALUES = (
    st.text(max_size=20)
    | st.sampled_from(
        ["krebs", "Köln", "50667", "5,47,16,55", "depression", "1", "6", "online", "18:00", "2026-12-01"]
    )
    | st.floats().map(str)
    | st.integers().map(str)
)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(NAMES, VALUES), max_size=6),
    st.sampled_from([*FINDERS, "/api/v1/places", "/clearinghouses/for"]),
)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_mixture_of_parameters_is_a_fault(request, kind, pairs, path):
    client = get_world(request.getfixturevalue(f"_{kind}")).app.test_client()
    query = "&".join(f"{name}={quote(value.encode('utf-8', 'surrogatepass'))}" for name, value in pairs)
    answer = client.get(f"{path}?{query}")
    assert answer.status_code in {200, 400}, answer.request.url
    if answer.mimetype == "text/html":
        Page(answer)


@settings(max_examples=25)
@given(st.binary(max_size=60))
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_bytes_in_the_address_are_a_fault(request, kind, octets):
    client = get_world(request.getfixturevalue(f"_{kind}")).app.test_client()
    for path in ("/groups?q=", "/groups/", "/api/v1/groups?near="):
        answer = client.get(path + quote(octets))
        assert answer.status_code in {200, 308, 400, 404}, (path, octets)
