"""The pages of accounts in a real browser: on a telephone and a desk, for everybody's eyes, without scripts."""

from __future__ import annotations

import pytest

from tests.support.chromium import unreadable

pytestmark = pytest.mark.browser
PUBLIC = (
    "/accounts/signup",
    "/accounts/link",
    "/accounts/reset",
    "/accounts/reset/sent",
    "/accounts/invitations/x",
)
PAGES = {
    "lead": (
        "/accounts/email",
        "/accounts/password",
        "/accounts/sessions",
        "/accounts/second-factor",
        "/desk/people",
        "/desk/history",
        "/accounts/data",
        "/accounts/data/erase",
    ),
    "admin": ("/accounts/network/people", "/accounts/network/people?of=nowhere"),
}


def sign_in(tab, account):
    tab.goto("/accounts/login")
    tab.locator("#email").fill(f"{account}@demo.invalid")
    tab.locator("#password").fill("wirkreis-demo")
    tab.locator("#password").press("Enter")
    tab.get_by_role("heading", name="Ihre Startseite").wait_for()


def check(watch, paths):
    for path in paths:
        watch.tab.goto(path)
        assert unreadable(watch.tab, 1280, 320) == [], path
        assert watch.violations() == [], path


def test_pages_for_visitors_are_readable_by_all_and_keep_nothing_in_the_browser(new_tab, live_server):
    watch = new_tab()
    check(watch, PUBLIC)
    assert watch.complaints() == []


@pytest.mark.parametrize("account", PAGES)
def test_pages_of_an_account_are_readable_by_all(account, new_tab, live_server):
    watch = new_tab()
    sign_in(watch.tab, account)
    check(watch, PAGES[account])
    assert watch.foreign_requests == []


def test_the_ways_of_an_account_are_gone_without_scripts_and_by_keyboard(new_tab, live_server):
    watch = new_tab(width=360, java_script_enabled=False)
    tab = watch.tab
    sign_in(tab, "founder")
    tab.locator("a[href*='/accounts/leave']").first.focus()
    tab.keyboard.press("Enter")
    tab.get_by_role("heading", name="Diese Rolle abgeben?").wait_for()
    tab.get_by_role("link", name="Nein, zurück").focus()
    tab.keyboard.press("Enter")
    tab.get_by_role("heading", name="Ihre Startseite").wait_for()
    tab.get_by_role("link", name="Zweiter Faktor").focus()
    tab.keyboard.press("Enter")
    picture = tab.locator("img.qr")
    assert picture.bounding_box()["width"] >= 200
