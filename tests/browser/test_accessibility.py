"""Every page for everybody: WCAG 2.2 AA as far as axe can tell, on a desk and on a telephone.

And what somebody searches is health data: no page tells it to anybody, and nothing of it stays behind.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.chromium import axe, scrolls_sideways
from tests.support.public_pages import LANGUAGE_PREFIXES, PAGES, open_page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", LANGUAGE_PREFIXES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_nobody_else_stores_nothing_and_is_as_narrow_as_its_window(
    page, language, new_tab, live_server
):
    watch = new_tab()
    response = open_page(watch.tab, live_server, page, language)
    assert "set-cookie" not in response.all_headers()
    assert response.all_headers()["referrer-policy"] == "no-referrer"
    assert watch.complaints() == []
    if language == "de":  # what axe looks at is the same in every language
        assert axe(watch.tab) == []
    watch.tab.set_viewport_size({"width": 320, "height": 640})
    assert scrolls_sideways(watch.tab) == 0


@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing_on_a_page_opened_on_a_telephone(page, new_tab, live_server):
    watch = new_tab(width=360)
    open_page(watch.tab, live_server, page)
    assert axe(watch.tab) == []


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
