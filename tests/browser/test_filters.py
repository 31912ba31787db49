"""The boxes of the filters: inside the window, with their fields inside them, with and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("with_script", [True, False])
@pytest.mark.parametrize("width", [360, 720, 1100, 1200, 1680])
def test_every_open_filter_and_its_fields_lie_inside_the_window(width, with_script, new_tab):
    tab = new_tab(width=width, java_script_enabled=with_script).tab
    tab.goto("/groups")
    for filter_ in tab.locator("details.filter").all():
        filter_.locator("summary").click()
        if with_script:  # which hears of the opening a moment later
            panel_ends = "document.querySelector('[open] > .filter__panel').getBoundingClientRect().right"
            inside = f"(width) => {panel_ends} <= width"
            tab.wait_for_function(inside, arg=width)
        panel = filter_.locator(".filter__panel").bounding_box()
        assert panel is not None
        assert panel["x"] >= 0
        assert panel["x"] + panel["width"] <= width
        for field in filter_.locator("input").all():
            box = field.bounding_box()
            assert box is not None
            assert box["x"] >= panel["x"]
            assert box["x"] + box["width"] <= panel["x"] + panel["width"]
        filter_.locator("summary").click(force=True)


def test_the_words_of_a_time_stand_above_its_field(new_tab):
    tab = new_tab(width=1200).tab
    tab.goto("/groups")
    tab.locator("details.filter > summary").last.click()
    for label in tab.locator(".facet:has(> input[type=time]), .facet:has(> input[type=date])").all():
        words, field = label.locator(".facet__name").bounding_box(), label.locator("input").bounding_box()
        assert words is not None
        assert field is not None
        assert words["y"] + words["height"] <= field["y"]


def test_the_button_of_a_filter_says_how_many_groups_it_will_show_and_the_page_shows_as_many(new_tab):
    watch = new_tab(width=360, height=740)
    tab = watch.tab
    tab.goto("/groups?q=Depression&near=50667&radius_km=50")
    filter_ = tab.locator("details.filter:has(input[name=weekday])")
    filter_.locator("summary").click()
    button = filter_.locator("[type=submit]")
    expect(button).to_have_text("Gruppen zeigen")
    with tab.expect_response(re.compile(r"/api/v1/groups\?.*weekday=")):
        filter_.locator("input[name=weekday]").first.check()
    button.filter(has_text=re.compile(r"\d")).wait_for()
    said = re.fullmatch(r"([\d.]+) zeigen", button.inner_text())
    assert said
    button.click()
    tab.wait_for_url(re.compile("weekday="))
    assert tab.locator("#results h1").inner_text().startswith(f"{said[1]} Gruppe")
    assert watch.complaints() == []


@pytest.mark.parametrize("with_script", [True, False])
def test_this_week_is_one_tap_and_with_javascript_takes_along_what_else_was_typed(with_script, new_tab):
    tab = new_tab(width=360, height=740, java_script_enabled=with_script).tab
    tab.goto("/groups?q=Depression")
    tab.locator("details.filter > summary").last.click()
    tab.locator("input[name=time_from]").fill("17:00")
    tab.get_by_role("link", name="diese Woche").click()
    tab.wait_for_url(re.compile("date_from=2.*date_to=2"))
    expect(tab.locator("#chips").get_by_text("ab 17:00")).to_have_count(int(with_script))
    expect(tab.locator("input[name=q]")).to_have_value("Depression")


def test_a_question_that_cannot_be_counted_leaves_the_button_as_it_was(new_tab):
    tab = new_tab().tab
    tab.goto("/groups")
    tab.locator("details.filter > summary").last.click()
    button = tab.locator("details.filter[open] [type=submit]")
    tab.locator("input[name=date_from]").fill("2026-12-24")
    button.filter(has_text=re.compile(r"\d")).wait_for()
    tab.locator("input[name=date_to]").fill("2026-12-01")
    button.filter(has_not_text=re.compile(r"\d")).wait_for()
    expect(button).to_have_text("Gruppen zeigen")
