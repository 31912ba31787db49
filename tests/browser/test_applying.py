"""How much work an application is, counted at the keyboard: last year's group in five minutes, a new one in fifteen.

What was counted stands in docs/performance.md. The weights are for somebody slow: a second for each key, eight more for
each field that is filled in, half a minute for each page that is read.
"""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from app.accounts.models import UserSession
from app.funding.models import GrantApplication, GrantRound
from app.funding.services.signing import submit_on_paper
from app.groups.meetings.schedules import day_of
from app.groups.models import Group
from app.shared import clock
from app.shared.transactions import transaction
from tests.builders.accounts import PASSWORD, make_user
from tests.builders.applications import IBAN, make_round, write
from tests.builders.groups import make_contact, make_group
from tests.support.chromium import axe
from tests.support.mailbox import link_in
from tests.support.server import Server

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.parametrize("databases", ["sqlite"], indirect=True),
]


class Keyboard:
    """Somebody who only types; ``keys``, ``fields`` and ``pages`` say how much it was."""

    def __init__(self, tab):
        self.tab = tab
        self.keys = self.fields = self.pages = 0

    @property
    def seconds(self):
        return self.keys + 8 * self.fields + 30 * self.pages

    def arrive(self, heading):
        """See the next page; go past its head by the link that is first on every page, unless a redirect kept that."""
        self.tab.get_by_role("heading", level=1, name=heading).wait_for()
        self.tab.wait_for_load_state()
        self.pages += 1
        if not self.tab.url.endswith("#content"):
            self.press("Tab")
            self.press("Enter")

    def press(self, key):
        self.keys += 1
        self.tab.keyboard.press(key)

    def to(self, selector):
        """Go to a control, forwards."""
        for _ in range(60):
            if self.tab.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            self.press("Tab")
        raise AssertionError(f"{selector} is not among the next stops")

    def fill(self, **answers):
        for name, text in answers.items():
            self.to(f"[name={name}]")
            self.fields += 1
            self.keys += len(text)
            self.tab.keyboard.type(text)

    def tick(self, name, times):
        self.to(f"[name={name}]")
        for number in range(times):
            if number:
                self.press("Tab")
            self.fields += 1
            self.press("Space")


@pytest.fixture
def group(session):
    contact = make_contact(email="kim@example.org")
    group_id = make_group(session, now=clock.now(), contact=contact)
    make_user(session, "group_contact", group=group_id, email="kim@example.org")
    make_round(session)
    return session.get_one(Group, group_id)


@pytest.fixture
def keyboard(session, group, database_url, chromium):
    servers, contexts = [], []

    def begin():
        session.commit()
        environment = {**os.environ, "DATABASE_URL": database_url, "APP_ENV": "demo", "RATE_LIMITS": "off"}
        servers.append(Server(environment, workers=1))
        context = chromium.new_context(base_url=servers[0].url, viewport={"width": 360, "height": 740})
        contexts.append(context)
        tab = context.new_page()
        tab.goto("/accounts/login")
        tab.locator("#email").fill("kim@example.org")
        tab.locator("#password").fill(PASSWORD)
        tab.locator("#password").press("Enter")
        tab.wait_for_load_state()
        tab.goto(f"/accounts/groups/{group.slug}/funding")
        return Keyboard(tab)

    yield begin
    for each in contexts:
        each.close()
    for each in servers:
        each.stop()


def both_sign(session, typing):
    """Both open the link in their mail and press its one button."""
    for address in ("kim@example.org", "jo@example.org"):
        session.rollback()
        typing.tab.goto(link_in(session, address))
        typing.arrive("unterschreiben")
        typing.to(".answer__button")
        typing.press("Enter")
        typing.tab.get_by_role("heading", name="Danke, Sie haben unterschrieben").wait_for()
    typing.tab.get_by_text("ist eingereicht").wait_for()
    session.rollback()


def test_last_years_group_applies_again_in_under_five_minutes(session, group, keyboard):
    this_year, today = session.scalars(sa.select(GrantRound)).one(), day_of(clock.now())
    this_year.opens_on = today + timedelta(days=1)
    make_round(session, year=today.year - 1)
    found = write(session, group.id)
    names = ["Kim Sommer", "Jo Winter"]
    submit_on_paper(session, found, names, received_on=today, posted_on=None, now=clock.now())
    this_year.opens_on = today
    typing = keyboard()
    typing.arrive("Förderung")
    typing.to("form button:not(.head *):not(.group-pages *)")
    typing.press("Enter")
    typing.tab.get_by_text(f"Was hat sich seit {today.year - 1} geändert?").wait_for()
    typing.arrive("Förderung")
    typing.to("a[href$='/funding/sign']")
    typing.press("Enter")
    typing.arrive("Prüfen und unterschreiben")
    typing.fill(email_2="jo@example.org")
    typing.press("Enter")
    typing.tab.get_by_text("Beide Links sind unterwegs").wait_for()
    both_sign(session, typing)
    assert (
        len(session.scalars(sa.select(GrantApplication).where(GrantApplication.state == "submitted")).all())
        == 2
    )
    assert (typing.pages, typing.fields) == (5, 1)
    assert typing.keys <= 60
    assert typing.seconds < 5 * 60


def test_a_group_applies_for_the_first_time_in_under_fifteen_minutes(session, group, keyboard):
    typing = keyboard()
    typing.arrive("Förderung")
    typing.to("form button:not(.head *):not(.group-pages *)")
    typing.press("Enter")
    typing.arrive("Ihre Gruppe")
    typing.fill(members="12", meetings="40", founded="03.2019")
    typing.press("Enter")
    typing.arrive("Wofür Sie das Geld brauchen")
    typing.fill(cost_kind="Raum", cost_euros="480")
    typing.press("Enter")
    typing.arrive("Ihr Konto")
    typing.fill(iban=IBAN, holder="Selbsthilfe Lichtblick")
    typing.press("Enter")
    typing.arrive("Erklärungen und Unterlagen")
    typing.tick("statements", 4)
    typing.press("Enter")
    typing.arrive("Prüfen und unterschreiben")
    typing.fill(name_2="Jo Winter", email_2="jo@example.org")
    typing.press("Enter")
    typing.tab.get_by_text("Beide Links sind unterwegs").wait_for()
    both_sign(session, typing)
    assert (typing.pages, typing.fields) == (8, 13)
    assert typing.keys <= 150
    assert typing.seconds < 15 * 60


def end_session_and_save(tab, save):
    """Sign the person out meanwhile, save, sign in in the other window, come back and send it again."""
    with transaction() as writing:
        writing.execute(sa.delete(UserSession))
    tab.get_by_role("button", name=save).first.click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Bitte melden Sie sich wieder an")
    with tab.expect_popup() as opened:
        tab.get_by_role("link", name="In einem anderen Fenster anmelden").click()
    other = opened.value
    other.locator("#email").fill("kim@example.org")
    other.locator("#password").fill(PASSWORD)
    other.locator("#password").press("Enter")
    expect(other.get_by_role("button", name="Abmelden", exact=True)).to_be_attached()
    other.close()
    tab.get_by_role("button", name="Ich bin wieder angemeldet").click()
    expect(tab.get_by_role("heading", level=1)).not_to_have_text("Bitte melden Sie sich wieder an")


def test_what_is_typed_outlasts_a_session_that_ends_and_a_file_that_is_too_large(
    group, keyboard, tmp_path, chromium
):
    tab = keyboard().tab
    base, save = f"/accounts/groups/{group.slug}", "Speichern und weiter"
    tab.get_by_role("button", name="Antrag anfangen").or_(tab.locator("main form button").first).first.click()
    tab.goto(f"{base}/projects")
    tab.get_by_role("button", name="Ein Projekt anfangen").click()
    tab.wait_for_url("**/projects/*/goals")
    long = "Wir laden alle ein.\nZwei Tage lang – mit „Kaffee“ & <Kuchen>."
    for address, name, typed in (
        (f"{base}/funding/group", "members", "17"),
        (f"{base}/funding/money", "cost_euros", "480,50"),
        (tab.url, "goals", long),
    ):
        tab.goto(address)
        tab.locator(f"[name={name}]").first.fill(typed)
        end_session_and_save(tab, save)
        tab.goto(address)
        expect(tab.locator(f"[name={name}]").first).to_have_value(typed)

    large = tmp_path / "satzung.pdf"
    with large.open("wb") as file:
        file.truncate(200_000_000)
    tab.goto(f"{base}/funding/declarations")
    tab.locator("details:has(#paper) summary").click()
    tab.locator("#paper-kind").select_option("statutes")
    tab.locator("#paper").set_input_files(large)
    said = "Diese Datei ist zu groß. Bitte wählen Sie eine von höchstens 10 MB."
    expect(tab.get_by_role("alert")).to_have_text(said)
    tab.get_by_role("button", name="Unterlage hinzufügen").click()
    expect(tab.locator("#paper")).to_be_focused()
    assert axe(tab) == []

    # Without scripts the server has to take it, and to be heard.
    bare = chromium.new_context(java_script_enabled=False, storage_state=tab.context.storage_state())
    plain = bare.new_page()
    plain.goto(tab.url)
    plain.locator("details:has(#paper) summary").click()
    plain.locator("#paper-kind").select_option("statutes")
    plain.locator("#paper").set_input_files(large)
    plain.get_by_role("button", name="Unterlage hinzufügen").click()
    expect(plain.get_by_text(said).first).to_be_visible()
    expect(plain.locator("#paper-kind")).to_have_value("statutes")
    bare.close()
