"""The form of a series in a real browser: quick, by keyboard alone, with dates that follow while somebody types."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.support.chromium import axe, scrolls_sideways

pytestmark = pytest.mark.browser

TUESDAYS = re.compile(r"Jeden Dienstag, 19:00–20:30\sUhr")
GROUP = "/accounts/groups/depression-koeln-mitte"


def sign_in(tab, account="founder"):
    tab.goto("/accounts/login")
    tab.locator("#email").fill(f"{account}@demo.invalid")
    tab.locator("#password").fill("wirkreis-demo")
    tab.locator("#password").press("Enter")
    tab.get_by_role("heading", name="Ihre Startseite").wait_for()


def complaints(watch):
    """What a page of somebody who is signed in may not do; the one cookie it may have."""
    return [each for each in watch.complaints() if each != "stores: cookie wirkreis"]


def test_a_plain_weekly_group_is_entered_by_keyboard_alone_with_three_answers(new_tab, live_server):
    watch = new_tab()
    tab = watch.tab
    sign_in(tab)
    tab.goto(f"{GROUP}/meetings/new")
    tab.locator("[name=rhythm]:checked").focus()  # every week is chosen, from today on

    def tab_to(selector):
        for _ in range(12):
            tab.keyboard.press("Tab")
            if tab.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"{selector} is not among the next stops")

    tab_to("[name=weekdays][value='2']")
    tab.keyboard.press("Space")
    tab_to("[name=starts_at]")
    tab.keyboard.type("0700PM")
    expect(tab.locator("[name=ends_at]")).to_have_value("20:30")
    tab.locator("#preview").get_by_text(TUESDAYS).wait_for()
    expect(tab.locator("#preview li:not(:has(s))")).to_have_count(10)
    tab.keyboard.press("Enter")
    tab.get_by_text("Die Reihe ist gespeichert.").wait_for()
    assert complaints(watch) == []
    series = tab.locator(".managed-series", has_text=TUESDAYS)
    series.get_by_role("link", name=re.compile("^Beenden")).click()
    tab.get_by_role("button", name="Reihe beenden").click()
    tab.get_by_text("Die Reihe ist beendet.").wait_for()


def test_the_dates_follow_while_somebody_types_and_nothing_is_said_of_what_is_still_empty(
    new_tab, live_server
):
    watch = new_tab()
    tab = watch.tab
    sign_in(tab)
    tab.goto(f"{GROUP}/meetings/new")
    preview = tab.locator("#preview")
    expect(preview).to_have_attribute("aria-live", "polite")
    with tab.expect_response("**/meetings/preview"):
        tab.get_by_text("Jeden Monat an einem Wochentag").click()
    assert "Sobald Tag und Uhrzeit da sind" in preview.inner_text()
    expect(tab.locator("[name=first_on]")).to_be_visible()
    expect(tab.locator("[name=dates]")).to_be_hidden()
    tab.locator("#ordinals .pick", has_text="2.").click()
    tab.locator("#weekdays .pick", has_text="Dienstag").click()
    tab.locator("[name=starts_at]").fill("19:00")
    preview.get_by_text("Jeden 2. Dienstag im Monat, 19:00–20:30 Uhr").wait_for()
    tab.locator("[name=ends_at]").fill("18:00")
    preview.get_by_text("Das Ende muss nach dem Beginn liegen.").wait_for()
    tab.locator("[name=ends_at]").fill("20:00")
    tab.locator("summary").click()
    tab.get_by_label("Nicht in den Schulferien").check()
    preview.get_by_text("Die Schulferien sind bis").wait_for()
    assert complaints(watch) == []


def test_a_day_is_put_on_the_list_without_leaving_the_page(new_tab, live_server):
    tab = new_tab().tab
    sign_in(tab)
    tab.goto(f"{GROUP}/meetings/new")
    tab.get_by_text("An einzelnen Tagen").click()
    tab.locator("[name=starts_at]").fill("19:00")
    for day in ("2027-12-03", "2028-01-07"):
        tab.locator("[name=date_to_add]").fill(day)
        tab.get_by_role("button", name="In die Liste").click()
    expect(tab.locator("[name=dates]")).to_have_value("3.12.2027\n7.1.2028")
    tab.locator("#preview").get_by_text("Am 3. Dez. 2027 und 7. Jan. 2028, 19:00–20:30 Uhr").wait_for()


def test_a_day_that_does_not_exist_is_not_sent_as_if_nothing_had_been_typed(new_tab, live_server):
    tab = new_tab().tab
    sign_in(tab)
    tab.goto(f"{GROUP}/meetings/new")
    tab.locator("#weekdays .pick", has_text="Dienstag").click()
    tab.locator("[name=starts_at]").fill("19:00")
    tab.locator("summary").click()
    tab.locator("[name=until_on]").focus()
    tab.keyboard.type("02312027")
    assert tab.locator("[name=until_on]").evaluate("field => field.validity.badInput")
    tab.get_by_role("button", name="Speichern").click()
    assert tab.locator("[name=until_on]").evaluate("field => field === document.activeElement")
    assert tab.url.endswith("/meetings/new")
    expect(tab.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_on_the_small_pages_around_the_dates(width, new_tab, live_server):
    watch = new_tab(width=width)
    tab = watch.tab
    sign_in(tab)
    tab.goto(f"{GROUP}/meetings")
    steps = ("Fällt aus", "Verschieben", "Ändern", "Termin zusätzlich", "Beenden", "Pause eintragen")
    pages = [
        tab.get_by_role("link", name=re.compile(f"^{step}")).first.get_attribute("href") for step in steps
    ]
    found = {}
    for path in (*pages, f"{GROUP}/attendance", f"{GROUP}/reminders", f"{GROUP}/place", "/accounts"):
        tab.goto(path)
        found[path] = axe(tab) + [f"{scrolls_sideways(tab)} px too wide"] * (scrolls_sideways(tab) > 0)
    assert {path: faults for path, faults in found.items() if faults} == {}
    assert complaints(watch) == []


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("path", ["", "/new", "/new?filled"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(path, width, new_tab, live_server):
    watch = new_tab(width=width)
    tab = watch.tab
    sign_in(tab)
    tab.goto(f"{GROUP}/meetings{path}")
    if path.endswith("filled"):
        tab.get_by_text("Jeden Monat an einem Wochentag").click()
        tab.locator("#weekdays .pick").first.click()
        tab.locator("summary").click()
        tab.get_by_label("An einer anderen Adresse").check()
        tab.get_by_label("vor Ort und online").check()
        tab.get_by_role("button", name="Speichern").click()
        tab.get_by_role("alert").wait_for()
    assert axe(tab) == []
    assert scrolls_sideways(tab) == 0
    assert complaints(watch) == []


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("path", ["/desk/closures", "/desk/closures/new", "/desk/groups"])
def test_axe_finds_nothing_at_the_desk(path, width, new_tab, live_server):
    tab = new_tab(width=width).tab
    sign_in(tab, "staff")
    tab.goto(path)
    assert axe(tab) == []
    assert scrolls_sideways(tab) == 0


@pytest.mark.parametrize("prefix", ["/en", "/nl"])
def test_the_pages_do_not_scroll_sideways_at_320_pixels_in_other_languages(prefix, new_tab, live_server):
    tab = new_tab(width=320, height=640).tab
    sign_in(tab)
    for path in ("/meetings", "/meetings/new", "/breaks"):
        tab.goto(prefix + GROUP + path)
        assert scrolls_sideways(tab) == 0


def test_without_javascript_every_field_can_be_reached_and_a_button_shows_the_dates(new_tab, live_server):
    tab = new_tab(java_script_enabled=False).tab
    sign_in(tab)
    tab.goto(f"{GROUP}/meetings/new")
    tab.locator("#weekdays .pick", has_text="Dienstag").click()
    tab.locator("[name=starts_at]").fill("19:00")
    tab.locator("[name=ends_at]").fill("20:30")
    tab.get_by_role("button", name="Vorschau").click()
    assert TUESDAYS.search(tab.locator("#preview").inner_text())
    expect(tab.get_by_role("checkbox", name="Dienstag")).to_be_checked()
    expect(tab.locator("[name=starts_at]")).to_have_value("19:00")


def test_the_pin_goes_where_it_is_dragged_or_typed_and_only_saving_moves_it(new_tab, live_server):
    watch = new_tab()
    tab = watch.tab
    sign_in(tab)
    tab.goto(f"{GROUP}/place")
    tab.locator("[data-map][data-ready]").wait_for()
    latitude = tab.locator("#latitude")
    before = latitude.input_value()
    box = tab.locator(".map-seat").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tab.mouse.move(*middle)
    tab.mouse.down()
    tab.mouse.move(middle[0] + 60, middle[1] + 60, steps=5)
    tab.mouse.up()
    assert float(latitude.input_value()) < float(before)
    latitude.fill(before)
    latitude.press("Tab")
    assert axe(tab) == []
    assert complaints(watch) == []
    tab.reload()
    expect(latitude).to_have_value(before)
