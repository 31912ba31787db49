"""Rooms in a real browser: for everybody's eyes, on every width, by keyboard, on paper and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_signing_in import sign_in_by_keyboard
from tests.support.chromium import unreadable

pytestmark = pytest.mark.browser

DESK = {
    "desk": lambda tab: tab.goto("/desk/rooms"),
    "week": lambda tab: by_link(tab, "/desk/rooms", "Woche – Raum Linde"),
    "month": lambda tab: by_link(tab, "/desk/rooms", "Monat – Raum Linde"),
    "all rooms": lambda tab: tab.goto("/desk/rooms/week"),
    "month of all": lambda tab: tab.goto("/desk/rooms/month"),
    "door sign": lambda tab: tab.goto("/desk/rooms/door-sign"),
    "room": lambda tab: by_link(tab, "/desk/rooms", "Ändern – Raum Linde"),
    "request": lambda tab: by_link(tab, "/desk/rooms", re.compile("Antworten.*Depression Köln-Mitte")),
    "booking form": lambda tab: by_link(tab, "/desk/rooms", "Buchen – Raum Linde"),
}


def by_link(tab, path, name):
    tab.goto(path)
    tab.get_by_role("link", name=name).click()
    tab.wait_for_load_state()


def open_rooms_of_group(tab):
    by_link(tab, "/accounts", re.compile("Räume ?: Depression Köln-Mitte"))


def test_axe_finds_nothing_at_the_desk_nothing_is_asked_of_others_and_320_pixels_are_enough(
    new_tab, live_server
):
    watch = new_tab()
    sign_in_by_keyboard(watch.tab, "staff")
    found = {}
    for name, open_page in DESK.items():
        watch.tab.set_viewport_size({"width": 1280, "height": 900})
        open_page(watch.tab)
        found[name] = unreadable(watch.tab, 1280, 360, 320) + watch.violations()
    assert {name: complaints for name, complaints in found.items() if complaints} == {}
    assert [*watch.foreign_requests, *watch.console, *watch.failed] == []


@pytest.mark.parametrize("width", [1280, 320])
def test_a_contact_sees_before_asking_what_is_free_also_without_javascript(width, new_tab, live_server):
    watch = new_tab(width=width, java_script_enabled=False)
    tab = watch.tab
    tab.goto("/accounts/login")
    tab.locator("#email").fill("founder@demo.invalid")
    tab.locator("#password").fill("wirkreis-demo")
    tab.locator("#password").press("Enter")
    open_rooms_of_group(tab)
    tab.get_by_role("button", name="Zeigen, was frei ist").click()
    expect(tab.get_by_role("status", name="Was frei ist")).to_be_visible()


def test_axe_finds_nothing_on_the_page_of_a_group_and_of_a_house(new_tab, live_server):
    watch = new_tab()
    tab = watch.tab
    sign_in_by_keyboard(tab, "founder")
    open_rooms_of_group(tab)
    tab.get_by_role("button", name="Zeigen, was frei ist").click()
    expect(tab.get_by_role("status", name="Was frei ist")).to_be_visible()
    assert unreadable(tab, 1280, 360) == []
    tab.goto("/clearinghouses/kiss-koeln/rooms")
    expect(tab.get_by_role("img", name="Zeichnung: acht Stühle im Kreis")).to_be_visible()
    assert unreadable(tab, 1280, 360) == []
    assert [*watch.foreign_requests, *watch.console, *watch.failed] == []


def test_arrow_keys_go_through_a_week_and_a_phone_has_a_list_instead(new_tab, live_server):
    tab = new_tab().tab
    sign_in_by_keyboard(tab, "staff")
    DESK["week"](tab)
    tab.get_by_role("link", name="Weiter").click()
    tab.wait_for_load_state()
    free = tab.locator("table [data-calendar], table.week td a").first
    free.focus()
    first = focused(tab)
    tab.keyboard.press("ArrowRight")
    beside = focused(tab)
    tab.keyboard.press("ArrowLeft")
    assert focused(tab) == first != beside
    tab.set_viewport_size({"width": 360, "height": 780})
    expect(tab.locator("table.week")).to_be_hidden()
    expect(tab.locator(".day-list")).to_be_visible()


def test_a_door_sign_is_all_there_is_on_paper(new_tab, live_server):
    tab = new_tab().tab
    sign_in_by_keyboard(tab, "staff")
    DESK["door sign"](tab)
    tab.emulate_media(media="print")
    expect(tab.locator(".sign")).to_be_visible()
    for rest in (".head", ".foot", ".steps", ".sign-choice"):
        expect(tab.locator(rest).first).to_be_hidden()


def focused(tab):
    return tab.evaluate("document.activeElement.href")
