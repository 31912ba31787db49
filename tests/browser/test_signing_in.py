"""Signing in and out in a real browser: by keyboard alone, on a telephone, and for everybody's eyes."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.chromium import axe, scrolls_sideways

pytestmark = pytest.mark.browser


def sign_in_by_keyboard(tab, account):
    tab.goto("/accounts")
    tab.locator("#email").focus()
    tab.keyboard.type(f"{account}@demo.invalid")
    tab.keyboard.press("Tab")
    tab.keyboard.type("wirkreis-demo")
    tab.keyboard.press("Enter")
    tab.get_by_role("heading", name="Ihre Startseite").wait_for()


@pytest.mark.parametrize("width", [1280, 360])
def test_somebody_signs_in_and_out_with_the_keyboard_and_leaves_nothing_behind(width, new_tab, live_server):
    watch = new_tab(width=width)
    tab = watch.tab
    sign_in_by_keyboard(tab, "founder")
    expect(tab.get_by_role("heading", name="Depression Köln-Mitte", exact=True)).to_be_visible()
    assert axe(tab) == []
    assert scrolls_sideways(tab) == 0
    assert watch.stored() == ["cookie wirkreis"]
    tab.get_by_role("button", name="Abmelden", exact=True).focus()
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/accounts/login?signed_out=1")
    expect(tab.get_by_text("Sie sind abgemeldet.")).to_be_visible()
    assert watch.complaints() == []
    tab.go_back()
    expect(tab.locator("h1")).to_have_text("Anmelden")


@pytest.mark.parametrize("language", ["de", "en", "nl"])
def test_the_start_page_does_not_scroll_sideways_at_320_pixels(language, new_tab, live_server):
    tab = new_tab(width=320, height=640).tab
    sign_in_by_keyboard(tab, "lead")
    tab.goto(f"/{language}/accounts" if language != "de" else "/accounts")
    assert scrolls_sideways(tab) == 0


def test_what_is_wrong_is_read_out_and_the_address_stays(new_tab, live_server):
    watch = new_tab(width=360)
    tab = watch.tab
    tab.goto("/accounts/login")
    tab.locator("#email").fill("founder@demo.invalid")
    tab.locator("#password").fill("not this one")
    tab.locator("#password").press("Enter")
    expect(tab.get_by_role("alert")).to_have_text("E-Mail-Adresse und Passwort passen nicht zusammen.")
    expect(tab.locator("#email")).to_have_value("founder@demo.invalid")
    expect(tab.locator("#password")).to_have_value("")
    assert axe(tab) == []
    assert watch.complaints() == []
