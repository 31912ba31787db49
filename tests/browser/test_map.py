"""The map: exact, reachable without a mouse, asking nobody, and on a telephone only when wanted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.support.chromium import axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

MARKERS = ".map-cluster, .map-seat"
# Leaflet keeps circles that lie just outside; these answer the first one a person can see.
IN_VIEW = """(wanted) => {
  const map = document.getElementById("map_finder").getBoundingClientRect();
  const seen = [...document.querySelectorAll(wanted)].find((marker) => {
    const box = marker.getBoundingClientRect();
    return box.left > map.left && box.right < map.right && box.top > map.top && box.bottom < map.bottom;
  });
  if (seen) seen.focus({preventScroll: true});
  return Boolean(seen);
}"""


def open_map(tab: Page, path: str) -> None:
    """Open a page and wait until its map shows what is there."""
    tab.goto(path)
    tab.locator("#map_finder").scroll_into_view_if_needed()
    tab.wait_for_selector("#map_finder[data-ready]")
    tab.wait_for_load_state("networkidle")


def view(tab: Page) -> dict[str, Any]:
    """Answer the part in view as the map's script knows it."""
    found: dict[str, Any] = tab.evaluate(
        "() => ({zoom: Wirkreis.view.map.getZoom(), west: Wirkreis.view.map.getBounds().getWest()})"
    )
    return found


def shown_count(tab: Page) -> int:
    """Answer how many groups the circles and seats of the map stand for."""
    numbers = [re.sub(r"\D", "", text) for text in tab.locator(".map-cluster").all_inner_texts()]
    return sum(int(number) for number in numbers) + tab.locator(".map-seat").count()


def said_count(tab: Page) -> int:
    """Answer the number in the line under the map."""
    return int(re.sub(r"\D", "", tab.locator("[data-map-status]").inner_text()))


def open_a_group(tab: Page) -> None:
    """Press Enter on circles in view until the card of a group, or of several at one place, is open."""
    for _ in range(8):
        if tab.locator(".map-card:visible").count():
            return
        assert tab.evaluate(IN_VIEW, ".map-seat") or tab.evaluate(IN_VIEW, ".map-cluster")
        tab.keyboard.press("Enter")
        tab.wait_for_timeout(700)
    raise AssertionError("no group can be reached on the map")


@pytest.mark.parametrize("path", ["/groups", "/groups?topic=depression", "/groups?near=50667&radius_km=50"])
def test_circles_and_seats_add_up_to_the_list_and_to_what_is_said(path, new_tab):
    watch = new_tab()
    open_map(watch.tab, path)
    total = int(re.sub(r"\D", "", watch.tab.locator("#results h1").inner_text().split("\n")[0].split(" ")[0]))
    assert shown_count(watch.tab) == said_count(watch.tab)
    if "near" in path:
        assert said_count(watch.tab) == total
    assert watch.complaints() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_map_and_its_card(scheme, new_tab):
    watch = new_tab(color_scheme=scheme)
    open_map(watch.tab, "/groups?near=50667&radius_km=100")
    open_a_group(watch.tab)
    assert axe(watch.tab) == []
    assert watch.complaints() == []


def test_every_circle_and_seat_is_a_button_with_a_name(new_tab):
    tab = new_tab().tab
    open_map(tab, "/en/groups?near=50667&radius_km=50")
    names = tab.locator(MARKERS).evaluate_all(
        "all => all.map((e) => [e.getAttribute('role'), e.tabIndex, e.getAttribute('aria-label')])"
    )
    assert names
    assert {(role, index) for role, index, _ in names} == {("button", 0)}
    assert all(name for _, _, name in names)


def test_enter_on_a_circle_zooms_in_and_escape_closes_the_card_where_it_was_opened(new_tab):
    tab = new_tab().tab
    open_map(tab, "/groups")
    before = view(tab)["zoom"]
    assert tab.evaluate(IN_VIEW, ".map-cluster")
    tab.keyboard.press("Enter")
    tab.wait_for_timeout(700)
    assert view(tab)["zoom"] > before
    open_a_group(tab)
    assert tab.evaluate("document.activeElement.closest('.map-card') !== null")
    assert tab.locator(".map-card a").first.get_attribute("href").startswith("/groups")
    tab.keyboard.press("Escape")
    expect(tab.locator(".map-card")).to_be_hidden()
    assert tab.evaluate("document.activeElement.matches('.leaflet-marker-icon, #map_finder')")


def test_arrow_keys_and_plus_move_the_map_and_ask_for_the_new_part(new_tab):
    tab = new_tab().tab
    open_map(tab, "/groups")
    tab.locator("#map_finder").focus()
    before = view(tab)
    for key, changed in (("ArrowRight", "west"), ("+", "zoom")):
        with tab.expect_response(re.compile(r"/groups/map\.json")):
            tab.keyboard.press(key)
        assert view(tab)[changed] > before[changed]


def test_the_list_follows_the_map_when_asked_and_only_then(new_tab):
    watch = new_tab()
    tab = watch.tab
    open_map(tab, "/groups?near=50667&radius_km=50")
    heading = tab.locator("#results h1")
    before = heading.inner_text()
    tab.locator("#map_finder").focus()
    with tab.expect_response(re.compile(r"/groups/map\.json")):
        tab.keyboard.press("ArrowRight")
    assert heading.inner_text() == before
    with tab.expect_response(re.compile(r"/groups\?.*bbox=")):
        tab.locator("#follow-map").check()
    tab.wait_for_url(re.compile("bbox="))
    tab.wait_for_timeout(200)
    assert int(re.sub(r"\D", "", heading.inner_text().split(" ")[0])) == said_count(tab)
    assert "near=" not in tab.url
    with tab.expect_response(re.compile(r"/groups\?.*near=50667")):
        tab.locator("#follow-map").uncheck()
    tab.wait_for_timeout(200)
    assert heading.inner_text() == before
    assert watch.complaints() == []


def test_on_a_telephone_the_map_is_loaded_only_when_it_is_opened_and_gives_the_focus_back(new_tab):
    watch = new_tab(width=360, height=740, has_touch=True)
    tab = watch.tab
    tab.goto("/groups?near=50667&radius_km=50", wait_until="networkidle")
    assert tab.evaluate("typeof window.L") == "undefined"
    expect(tab.locator("#map_finder")).to_be_hidden()
    tab.locator("#open-map").click()
    tab.wait_for_selector("#map_finder[data-ready]")
    box = tab.locator(".split__map--full").bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 360, 740)
    open_a_group(tab)
    sheet = tab.locator(".map-card").bounding_box()
    assert sheet is not None
    assert sheet["width"] == pytest.approx(360, abs=2)
    assert axe(tab) == []
    tab.locator(".map-card__close").click()
    tab.locator(".map-back").click()
    assert tab.evaluate("document.activeElement.id") == "open-map"
    expect(tab.locator("#map_finder")).to_be_hidden()
    assert watch.complaints() == []


def open_on_a_telephone(tab: Page, path: str) -> None:
    """Open the map of a page over the whole screen."""
    tab.goto(path, wait_until="networkidle")
    tab.locator("#open-map").click()
    tab.wait_for_selector("#map_finder[data-ready]")


@pytest.mark.parametrize("way", ["back", "button", "escape"])
def test_each_way_to_close_the_map_of_a_telephone_leads_to_the_list_and_leaves_the_history_as_it_was(
    way, new_tab
):
    tab = new_tab(width=360, height=740, has_touch=True).tab
    tab.goto("/topics")
    open_on_a_telephone(tab, "/groups?near=50667&radius_km=50")
    if way == "back":
        tab.go_back()
    elif way == "button":
        tab.locator(".map-back").click()
    else:
        tab.keyboard.press("Escape")
    tab.wait_for_function("() => !history.state")
    expect(tab.locator("#map_finder")).to_be_hidden()
    assert tab.evaluate("document.activeElement.id") == "open-map"
    assert "near=50667" in tab.url
    tab.go_back()
    tab.wait_for_url(re.compile("/topics"))


def test_going_forward_opens_the_map_of_a_telephone_again(new_tab):
    tab = new_tab(width=360, height=740, has_touch=True).tab
    open_on_a_telephone(tab, "/groups?near=50667&radius_km=50")
    tab.go_back()
    expect(tab.locator("#map_finder")).to_be_hidden()
    tab.go_forward()
    expect(tab.locator("#map_finder")).to_be_visible()
    tab.locator(".map-back").click()
    assert tab.evaluate("document.activeElement.id") == "open-map"


def test_the_address_still_names_the_list_when_the_map_of_a_telephone_is_closed(new_tab):
    tab = new_tab(width=360, height=740, has_touch=True).tab
    open_on_a_telephone(tab, "/groups?near=50667&radius_km=50")
    tab.locator("#follow-map").check()
    tab.wait_for_url(re.compile("bbox="))
    tab.locator(".map-back").click()
    tab.wait_for_function("() => !history.state && location.search.includes('bbox=')")
    assert "near=" not in tab.url


def test_a_list_that_follows_the_map_takes_the_place_out_of_the_form_and_gives_it_back(new_tab):
    watch = new_tab()
    tab = watch.tab
    open_map(tab, "/groups?q=Depression&near=50667&radius_km=50")
    with tab.expect_response(re.compile(r"/groups\?.*bbox=")):
        tab.locator("#follow-map").check()
    tab.wait_for_url(re.compile("bbox="))
    expect(tab.locator("#near")).to_have_value("")
    expect(tab.locator("#q")).to_have_value("Depression")
    box = parse_qs(urlsplit(tab.url).query)["bbox"]
    assert [tab.locator(".finder__form input[name=bbox]").input_value()] == box
    expect(tab.locator("#chips")).to_have_count(1)
    tab.locator("#follow-map").uncheck()
    tab.wait_for_url(re.compile("near=50667"))
    expect(tab.locator("#near")).to_have_value("50667")
    expect(tab.locator(".finder__form input[name=bbox]")).to_have_count(0)
    assert watch.complaints() == []


def test_the_first_view_comes_near_to_what_was_found_and_still_shows_all_of_it(new_tab):
    tab = new_tab().tab
    open_map(tab, "/groups?q=Depression&near=50667&radius_km=200")
    wide = view(tab)["zoom"]
    open_map(tab, "/groups?q=Depression&near=50667&radius_km=5")
    near = view(tab)["zoom"]
    total = int(re.sub(r"\D", "", tab.locator("#results h1").inner_text().split(" ")[0]))
    assert said_count(tab) == total
    assert wide < near <= 13
    expect(tab.locator("path.map-circle")).to_have_count(1)
    expect(tab.locator("path.map-circle")).to_have_css("fill", "none")


@pytest.mark.parametrize("precision", ["area", "clearinghouse"])
def test_a_protected_place_has_another_mark_and_says_so(precision, new_tab):
    watch = new_tab()
    tab = watch.tab
    points = [("exact", [10.4, 51.2]), (precision, [9.4, 50.2])]
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": at},
            "properties": {"slug": kind, "name": "Kreis"} | ({} if kind == "exact" else {"precision": kind}),
        }
        for kind, at in points
    ]
    body = {"type": "FeatureCollection", "bbox": [5, 47, 16, 56], "total": 2, "zoom": 5, "features": features}
    tab.route(re.compile(r"/groups/map\.json"), lambda route: route.fulfill(json=body))
    open_map(tab, "/en/groups")
    ring = tab.locator(".map-seat--roughly")
    expect(ring).to_have_count(1)
    words = {"area": "roughly here", "clearinghouse": "the clearing house tells"}[precision]
    assert words in (ring.get_attribute("aria-label") or "")
    assert tab.locator(".map-seat:not(.map-seat--roughly)").get_attribute("aria-label") == "Kreis"
    ring.focus()
    tab.keyboard.press("Enter")
    said = {"area": "meets roughly here", "clearinghouse": "The clearing house tells you the place"}[
        precision
    ]
    assert said in tab.locator(".map-card").inner_text()
    assert axe(tab) == []


def test_the_clearing_houses_are_all_on_their_map(new_tab, live_server):
    watch = new_tab()
    open_map(watch.tab, "/clearinghouses")
    total = live_server.json("/clearinghouses/map.json")["total"]
    expect(watch.tab.locator(".map-seat")).to_have_count(total)
    watch.tab.locator(".map-seat").first.focus()
    watch.tab.keyboard.press("Enter")
    assert "/clearinghouses/" in (watch.tab.locator(".map-card a").first.get_attribute("href") or "")
    assert watch.complaints() == []


@pytest.mark.parametrize(("precision", "mark"), [("exact", ".map-seat"), ("area", "path.map-circle")])
def test_a_group_shows_no_more_of_its_place_than_it_discloses(precision, mark, new_tab, live_server):
    groups = live_server.json("/api/v1/groups?per_page=100")["items"]
    slug = next(group["slug"] for group in groups if group["location_precision"] == precision)
    watch = new_tab()
    open_map(watch.tab, f"/groups/{slug}")
    expect(watch.tab.locator(mark)).to_have_count(1)
    expect(watch.tab.locator(".map-seat, path.map-circle")).to_have_count(1)
    assert watch.complaints() == []


def test_without_javascript_a_sentence_and_a_link_stand_where_the_map_would_be(new_tab):
    tab = new_tab(java_script_enabled=False).tab
    tab.goto("/")
    expect(tab.locator("#map_finder a[href$='/groups']")).to_be_visible()


def test_with_javascript_that_sentence_is_never_seen(new_tab):
    tab = new_tab(width=360, height=740).tab
    tab.goto("/", wait_until="networkidle")
    assert "JavaScript" not in tab.locator("main").inner_text()


def test_a_name_with_markup_is_shown_as_text(new_tab):
    tab = new_tab().tab
    evil = '<img src=x onerror="window.evil=1">'
    point = {"type": "Point", "coordinates": [10.4, 51.2]}
    group = {"type": "Feature", "geometry": point, "properties": {"slug": "a-b", "name": evil}}
    body = {"type": "FeatureCollection", "bbox": [5, 47, 16, 56], "total": 1, "zoom": 5, "features": [group]}
    tab.route(re.compile(r"/groups/map\.json"), lambda route: route.fulfill(json=body))
    open_map(tab, "/groups")
    tab.locator(".map-seat").focus()
    tab.keyboard.press("Enter")
    expect(tab.locator(".map-card__title")).to_have_text(evil)
    assert tab.evaluate("window.evil") is None


def test_the_towns_and_borders_are_drawn_from_the_sites_own_files(new_tab):
    tab = new_tab().tab
    open_map(tab, "/groups")
    assert "GeoBasis-DE / BKG" in tab.locator(".leaflet-control-attribution").inner_text()
    # The land is drawn after the markers, when there is time: this waits until it is there.
    tab.wait_for_function(
        """() => { const c = document.querySelector(".leaflet-land-pane canvas"); if (!c) return false;
        const all = c.getContext("2d").getImageData(0, 0, c.width, c.height).data; let n = 0;
        for (let i = 3; i < all.length; i += 4) n += all[i] > 0; return n > 10000; }"""
    )
    tab.wait_for_function("document.querySelectorAll('.map-town').length > 3")


def test_the_script_folium_makes_names_no_other_host_and_may_be_kept_for_ever(new_tab):
    tab = new_tab().tab
    with tab.expect_response(re.compile(r"/groups/map\.js")) as asked:
        open_map(tab, "/groups")
    assert "immutable" in asked.value.headers["cache-control"]
    assert "//" not in asked.value.text()
    assert tab.request.get("/groups/map.js?v=old").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("path", "width", "height"),
    [
        ("/", 1600, 800),
        ("/", 360, 740),
        ("/groups", 1024, 700),
        ("/groups", 1280, 800),
        ("/groups?topic=depression", 1900, 1200),
    ],
)
def test_the_map_asks_once_for_what_it_shows_first(path, width, height, new_tab):
    tab = new_tab(width=width, height=height).tab
    asked = []
    tab.on(
        "request", lambda request: asked.append(request.url) if "/groups/map.json" in request.url else None
    )
    open_map(tab, path)
    tab.wait_for_timeout(500)
    assert len(asked) == 1


def test_the_first_question_is_asked_before_the_maps_scripts_are_there_and_again_when_it_failed(new_tab):
    tab = new_tab().tab
    asked = []

    def fail_once(route: Any) -> None:
        asked.append(tab.evaluate("typeof window.L"))
        if len(asked) == 1:
            route.abort()
        else:
            route.continue_()

    tab.route(re.compile(r"/leaflet\.js"), lambda route: (tab.wait_for_timeout(300), route.continue_()))
    tab.route(re.compile(r"/groups/map\.json"), fail_once)
    open_map(tab, "/groups")
    assert asked == ["undefined", "object"]
    assert shown_count(tab) == said_count(tab)


@pytest.mark.parametrize(("language", "mark"), [("", "."), ("/en", ","), ("/nl", ".")])
def test_thousands_on_the_map_are_parted_as_the_language_does(language, mark, new_tab):
    tab = new_tab().tab
    open_map(tab, f"{language}/groups")
    said = tab.locator("[data-map-status]").inner_text().split(" ")[0]
    assert said == f"{said_count(tab):,}".replace(",", mark)
    assert said_count(tab) > 1000
