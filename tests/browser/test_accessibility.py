"""Every page for everybody: WCAG 2.2 AA as far as axe can tell, on a desk and on a telephone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.chromium import axe, scrolls_sideways
from tests.support.public_pages import PAGES, open_page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing_on_a_page(page, width, new_tab, live_server):
    watch = new_tab(width=width)
    open_page(watch.tab, live_server, page)
    assert axe(watch.tab) == []


@pytest.mark.parametrize("language", ["de", "en", "nl"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_does_not_scroll_sideways_at_320_pixels(page, language, new_tab, live_server):
    watch = new_tab(width=320, height=640)
    open_page(watch.tab, live_server, page, language)
    assert scrolls_sideways(watch.tab) == 0


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_its_heading_and_a_way_on_without_javascript(page, new_tab, live_server):
    watch = new_tab(java_script_enabled=False)
    open_page(watch.tab, live_server, page)
    expect(watch.tab.locator("h1")).to_be_visible()
    # A page of text may leave the way on to the navigation; a page of bad news names its own.
    where = "main" if page in {"not found", "bad request", "finder without a hit"} else "body"
    assert watch.tab.locator(f"{where} a[href]:visible, {where} button:visible").count() > 0


def test_the_first_tab_stop_leads_to_the_content(new_tab, live_server):
    watch = new_tab()
    watch.tab.goto("/")
    watch.tab.keyboard.press("Tab")
    target = watch.tab.evaluate("document.activeElement.getAttribute('href')")
    assert target is not None
    assert target.startswith("#")
    expect(watch.tab.locator(target)).to_have_count(1)


@pytest.mark.parametrize("page", ["finder", "group", "start"])
def test_axe_finds_nothing_with_dark_colours_preferred(page, new_tab, live_server):
    watch = new_tab(color_scheme="dark")
    open_page(watch.tab, live_server, page)
    assert axe(watch.tab) == []
