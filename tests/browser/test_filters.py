"""The boxes of the filters: inside the window, with their fields inside them, with and without JavaScript."""

from __future__ import annotations

import pytest

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
