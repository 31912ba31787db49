"""The field for a place: a combobox for everybody, a plain field without JavaScript, the own position only on click."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.support.chromium import axe

pytestmark = pytest.mark.browser

COLOGNE = {"latitude": 50.937512, "longitude": 6.960279}


def type_place(tab, text):
    with tab.expect_response(re.compile(r"/api/v1/places")):
        tab.locator("#near").press_sequentially(text)
    tab.wait_for_selector("#near-places [role=option]")


def test_suggestions_come_while_typing_and_arrow_keys_and_enter_choose_one(new_tab):
    watch = new_tab()
    tab = watch.tab
    tab.goto("/groups", wait_until="networkidle")
    type_place(tab, "Halle")
    field = tab.locator("#near")
    expect(field).to_have_attribute("aria-expanded", "true")
    options = tab.locator("#near-places [role=option]")
    assert options.count() > 1
    assert str(options.count()) in tab.locator("#near ~ [role=status]").first.inner_text()
    assert axe(tab) == []
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("ArrowDown")
    chosen = options.nth(1)
    expect(chosen).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    label = chosen.locator("span").first.inner_text()
    tab.keyboard.press("Enter")
    expect(field).to_have_value(label)
    expect(field).to_have_attribute("aria-expanded", "false")
    tab.keyboard.press("Enter")
    tab.wait_for_url(re.compile("near=Halle"))
    assert watch.complaints() == []


def test_every_suggestion_is_44_pixels_high_and_a_click_chooses_it(new_tab):
    tab = new_tab(width=360, height=740, has_touch=True).tab
    tab.goto("/", wait_until="networkidle")
    type_place(tab, "Frankf")
    options = tab.locator("#near-places [role=option]")
    heights = options.evaluate_all("all => all.map((option) => option.getBoundingClientRect().height)")
    assert min(heights) >= 44
    label = options.first.locator("span").first.inner_text()
    options.first.click()
    expect(tab.locator("#near")).to_have_value(label)


def test_escape_closes_the_suggestions_and_leaves_what_was_typed(new_tab):
    tab = new_tab().tab
    tab.goto("/", wait_until="networkidle")
    type_place(tab, "Neust")
    tab.keyboard.press("Escape")
    expect(tab.locator("#near-places")).to_be_hidden()
    expect(tab.locator("#near")).to_have_value("Neust")


def test_the_form_can_be_sent_before_a_suggestion_comes_and_when_none_can(new_tab):
    tab = new_tab().tab
    tab.route(re.compile(r"/api/v1/places"), lambda route: route.abort())
    tab.goto("/", wait_until="networkidle")
    tab.locator("#near").fill("50667")
    tab.keyboard.press("Enter")
    tab.wait_for_url(re.compile("near=50667"))


def test_the_own_position_is_asked_for_on_click_only_and_leaves_the_browser_rounded(new_tab):
    watch = new_tab(geolocation=COLOGNE, permissions=["geolocation"])
    tab = watch.tab
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto("/", wait_until="networkidle")
    tab.locator("#near").fill("Hamburg")
    assert not any("lat=" in url for url in asked)
    tab.locator("#near").locator("xpath=..").locator("button.locate").click()
    tab.wait_for_url(re.compile("lat="))
    tab.wait_for_load_state("networkidle")
    assert "lat=50.94" in tab.url
    assert "lon=6.96" in tab.url
    assert "Hamburg" not in tab.url
    assert not [url for url in asked if "50.9375" in url or "6.9602" in url]
    assert watch.complaints() == []


def test_a_refused_position_is_answered_with_a_sentence(new_tab):
    tab = new_tab(permissions=[]).tab
    tab.goto("/", wait_until="networkidle")
    tab.locator("button.locate").click()
    note = tab.locator(".locate__note")
    tab.wait_for_function("() => document.querySelector('.locate__note').textContent.length > 40")
    assert note.is_visible()


def test_a_place_typed_after_the_own_position_counts(new_tab):
    tab = new_tab().tab
    tab.goto("/groups?lat=50.94&lon=6.96", wait_until="networkidle")
    tab.locator("#near").fill("20095")
    tab.keyboard.press("Enter")
    tab.wait_for_url(re.compile("near=20095"))
    assert "lat=" not in tab.url


def test_without_javascript_the_field_is_a_plain_field(new_tab):
    tab = new_tab(java_script_enabled=False).tab
    tab.goto("/")
    tab.locator("#near").fill("Köln")
    tab.keyboard.press("Enter")
    tab.wait_for_url(re.compile("near="))
    expect(tab.locator("button.locate")).to_have_count(0)
