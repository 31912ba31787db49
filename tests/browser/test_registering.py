"""A plain group is registered by keyboard alone, with and without JavaScript: five steps, 18 fields, 9 to fill in."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.chromium import axe, scrolls_sideways

pytestmark = pytest.mark.browser

FIELDS = """() => [...document.querySelectorAll('.register__fields :is(input, select, textarea)')]
  .filter((field) => field.type !== 'hidden').map((field) => field.name)"""
MOST_FIELDS = 18
MOST_REQUIRED = 9


class Founder:
    """Somebody at the keyboard; counts what is asked and what is complained of when nothing is answered."""

    def __init__(self, watch, *, with_script):
        self.watch = watch
        self.with_script = with_script
        self.tab = watch.tab
        self.fields = set()
        self.required = 0

    def arrive(self, number):
        self.tab.get_by_text(f"Schritt {number} von 5").wait_for()
        self.fields |= set(self.tab.evaluate(FIELDS))
        assert scrolls_sideways(self.tab) == 0
        self.check()

    def check(self):
        """See that axe finds nothing; it needs scripts itself."""
        if self.with_script:
            assert axe(self.tab) == []

    def answer_nothing(self):
        """Send the step as it is and count what must be filled in."""
        self.tab.locator(".register__fields").locator("input, select, textarea").first.focus()
        self.tab.keyboard.press("Enter")
        self.tab.locator(".notice--danger").wait_for()
        self.required += self.tab.locator(".field-error").count()
        self.check()

    def tab_to(self, selector):
        for _ in range(40):
            if self.tab.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            self.tab.keyboard.press("Tab")
        raise AssertionError(f"{selector} is not among the next stops")

    def fill(self, **answers):
        for name, text in answers.items():
            self.tab_to(f"[name={name}]")
            self.tab.keyboard.type(text)

    def press(self, selector, key="Enter"):
        self.tab_to(selector)
        self.tab.keyboard.press(key)


@pytest.mark.parametrize("with_script", [True, False])
def test_a_plain_group_is_registered_by_keyboard_alone(with_script, new_tab, live_server):
    watch = new_tab(width=1280 if with_script else 360, java_script_enabled=with_script)
    founder = Founder(watch, with_script=with_script)
    tab = founder.tab
    tab.goto("/")
    tab.get_by_role("link", name="Noch keine Gruppe? Eine gründen").press("Enter")
    tab.get_by_role("heading", name="Eine Gruppe gründen", exact=True).wait_for()
    founder.check()
    tab.locator("main").get_by_role("link", name="Gruppe eintragen").first.press("Enter")
    go_on = ".actions [value=next]"
    founder.arrive(1)
    founder.answer_nothing()
    name = f"Neuer Mut {'mit' if with_script else 'ohne'} Skript"
    founder.fill(topic="Depression", name=name, description="Wir reden.")
    if not with_script:
        founder.press("[value=preview]")
    tab.locator("#preview").get_by_text("Themen: Depression").wait_for()
    founder.press(go_on)
    founder.arrive(2)
    founder.press(go_on)
    founder.arrive(3)
    founder.answer_nothing()
    founder.fill(where="50667 Köln", street="Lindenallee 3")
    founder.press("[name=weekday]", "Space")
    founder.fill(starts_at="0700PM")
    founder.press(go_on)
    founder.arrive(4)
    founder.answer_nothing()
    founder.fill(contact_email="ada@example.org")
    founder.press(go_on)
    founder.arrive(5)
    assert tab.locator("#preview .concealed").count() > 1
    founder.answer_nothing()
    for value in ("self_managed", "storing"):
        founder.press(f"[name=confirms][value={value}]", "Space")
    founder.press(go_on)
    tab.get_by_role("heading", name="Ihre Gruppe ist eingetragen").wait_for()
    expect(tab.get_by_text(name)).to_have_count(1)
    founder.check()
    assert len(founder.fields) <= MOST_FIELDS, sorted(founder.fields)
    assert founder.required <= MOST_REQUIRED
    assert with_script is False or founder.watch.complaints() == []
