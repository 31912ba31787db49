"""What somebody searches is health data: using a page tells it to nobody, and nothing of it stays behind.

That opening a page tells it to nobody is in ``test_accessibility.py``, which opens each of them anyway.
"""

from __future__ import annotations

import pytest

from tests.support.public_pages import open_page

pytestmark = pytest.mark.browser


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
