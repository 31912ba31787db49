"""What somebody searches is health data: no page tells it to anybody, and nothing of it stays behind."""

from __future__ import annotations

import pytest

from tests.support.public_pages import LANGUAGE_PREFIXES, PAGES, open_page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", LANGUAGE_PREFIXES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_nobody_else_stores_nothing_and_keeps_to_the_policy(page, language, new_tab, live_server):
    watch = new_tab()
    response = open_page(watch.tab, live_server, page, language)
    assert "set-cookie" not in response.all_headers()
    assert response.all_headers()["referrer-policy"] == "no-referrer"
    assert watch.complaints() == []


def test_moving_the_map_opening_a_group_and_typing_a_place_ask_nobody_else(new_tab, live_server):
    watch = new_tab()
    open_page(watch.tab, live_server, "finder")
    world = watch.tab.locator(".leaflet-container")
    world.first.focus()
    for key in ("ArrowLeft", "ArrowUp", "+", "-", "-"):
        watch.tab.keyboard.press(key)
    watch.tab.wait_for_load_state("networkidle")
    watch.tab.locator("input[name=near]").first.fill("Köl")
    watch.tab.wait_for_timeout(600)
    watch.tab.locator("main a[href*='/groups/']:visible").first.click()
    watch.tab.wait_for_load_state("networkidle")
    assert watch.complaints() == []


def test_what_was_searched_is_in_no_line_of_the_servers_log(new_tab, live_server):
    watch = new_tab()
    watch.tab.goto("/groups?q=Zwangsgedanken&near=50667", wait_until="networkidle")
    assert "Zwangsgedanken" not in live_server.log
