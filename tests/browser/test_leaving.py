"""Leaving quickly: two quick Escapes, or the button on every screen; an Escape that closes something does not count."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

# Longer than two presses may lie apart, so that an earlier one no longer counts.
A_WHILE_MS = 900
FINDER = "/groups?q=Depression&near=50667"


def elsewhere(tab: Page) -> list[str]:
    """Answer a list that fills with the addresses the tab leaves to; nothing outside is really asked."""
    asked: list[str] = []

    def answer(route) -> None:
        asked.append(route.request.url)
        route.fulfill(body="<h1>elsewhere</h1>", content_type="text/html")

    tab.route(lambda url: "127.0.0.1" not in url and "localhost" not in url, answer)
    return asked


def test_two_quick_escapes_leave_and_back_does_not_return_to_the_page(new_tab):
    tab = new_tab().tab
    asked = elsewhere(tab)
    tab.goto("/topics")
    tab.goto(FINDER, wait_until="networkidle")
    exit_url = tab.locator(".head [data-leave]").get_attribute("href") or ""
    tab.keyboard.press("Escape")
    tab.keyboard.press("Escape")
    tab.wait_for_url(lambda url: "127.0.0.1" not in url)
    assert asked == [tab.url]
    assert tab.url.rstrip("/") == exit_url.rstrip("/")
    tab.go_back()
    assert "Depression" not in tab.url


def test_two_escapes_with_time_between_them_do_not_leave(new_tab):
    tab = new_tab().tab
    asked = elsewhere(tab)
    tab.goto(FINDER, wait_until="networkidle")
    tab.keyboard.press("Escape")
    tab.wait_for_timeout(A_WHILE_MS)
    tab.keyboard.press("Escape")
    tab.wait_for_timeout(300)
    assert asked == []
    assert "Depression" in tab.url


def test_an_escape_that_closes_the_suggestions_does_not_count(new_tab):
    tab = new_tab().tab
    asked = elsewhere(tab)
    tab.goto("/", wait_until="networkidle")
    tab.locator("#near").press_sequentially("Halle")
    tab.wait_for_selector("#near-places [role=option]")
    tab.keyboard.press("Escape")
    expect(tab.locator("#near-places")).to_be_hidden()
    tab.keyboard.press("Escape")
    tab.wait_for_timeout(300)
    assert asked == []
    tab.keyboard.press("Escape")
    tab.wait_for_url(lambda url: "127.0.0.1" not in url)


def test_an_escape_that_closes_a_filter_does_not_count(new_tab):
    tab = new_tab().tab
    asked = elsewhere(tab)
    tab.goto(FINDER, wait_until="networkidle")
    tab.locator("details.filter > summary").first.click()
    tab.keyboard.press("Escape")
    expect(tab.locator("details.filter[open]")).to_have_count(0)
    assert tab.evaluate("document.activeElement.tagName") == "SUMMARY"
    tab.keyboard.press("Escape")
    tab.wait_for_timeout(300)
    assert asked == []


def test_an_escape_that_closes_the_map_of_a_telephone_does_not_count(new_tab):
    tab = new_tab(width=360, height=740).tab
    asked = elsewhere(tab)
    tab.goto(FINDER, wait_until="networkidle")
    tab.locator("#open-map").click()
    tab.wait_for_selector("#map_finder[data-ready]")
    tab.keyboard.press("Escape")
    tab.keyboard.press("Escape")
    tab.wait_for_timeout(300)
    expect(tab.locator("#map_finder")).to_be_hidden()
    assert asked == []


@pytest.mark.parametrize("path", ["/", FINDER, "/topics"])
def test_on_a_telephone_the_button_stays_in_reach_and_covers_no_other_one(path, new_tab):
    tab = new_tab(width=320, height=640, has_touch=True).tab
    tab.goto(path, wait_until="networkidle")
    for share in (0, 0.5, 1):
        tab.evaluate("(share) => scrollTo(0, share * document.body.scrollHeight)", share)
        box = tab.locator(".head [data-leave]").bounding_box()
        assert box is not None
        assert 0 <= box["y"] <= 640 - box["height"]
        assert min(box["width"], box["height"]) >= 44
        other = tab.locator(".to-map").bounding_box() if tab.locator(".to-map").count() else None
        assert other is None or other["x"] + other["width"] < box["x"]
    expect(tab.locator(".by-keyboard")).to_be_hidden()
    asked = elsewhere(tab)
    tab.locator(".head [data-leave]").click()
    tab.wait_for_url(lambda url: "127.0.0.1" not in url)
    assert len(asked) == 1


def test_over_an_open_filter_and_the_open_map_there_is_a_way_out_as_well(new_tab):
    tab = new_tab(width=360, height=740, has_touch=True).tab
    elsewhere(tab)
    tab.goto(FINDER, wait_until="networkidle")
    tab.locator("details.filter > summary").first.click()
    tab.locator(".head [data-leave]").click(trial=True)
    tab.locator(".filter__close:visible").click()
    expect(tab.locator("details.filter[open]")).to_have_count(0)
    tab.locator("#open-map").click()
    tab.locator(".map-bar [data-leave]").click()
    tab.wait_for_url(re.compile(r"^https?://(?!127\.0\.0\.1)"))
