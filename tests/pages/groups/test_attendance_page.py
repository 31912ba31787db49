"""Noting how many came, and choosing reminders, on the pages of those who look after a group."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.groups.models import Group, MeetingAttendance
from app.shared import clock
from tests.builders.followed import make_followed_group
from tests.builders.groups import make_contact, make_house

PATH = "/accounts/groups/lichtblick"


@pytest.fixture
def house(session):
    return make_house(session)


@pytest.fixture
def group(session, house):
    return make_followed_group(session, now=clock.now(), clearinghouse_id=house)


def counts(session):
    session.rollback()
    return sorted(session.scalars(sa.select(MeetingAttendance.count)))


def fields(page):
    return [
        element.get("name")
        for element in page.find_all("input")
        if element.get("name", "").startswith("count-")
    ]


def test_a_contact_notes_all_numbers_at_once_and_sees_the_figures(session, signed_in, group):
    browser = signed_in("group_contact", group=group)
    browser.follow("Wie viele da waren: Lichtblick")
    names = fields(browser.page)
    assert 51 <= len(names) <= 53
    page = browser.submit({names[0]: "8", names[1]: "0", names[2]: " 7 "}, button="Alle Zahlen speichern")
    assert "Ihre Zahlen sind eingetragen." in page.text
    assert counts(session) == [0, 7, 8]
    assert "im Schnitt 5 Personen" in page.text
    assert "aus 3 Zahlen" in page.text
    assert page.get("input", name=names[2]).get("value") == "7"
    browser.submit({names[0]: ""}, button="Alle Zahlen speichern")
    assert counts(session) == [0, 7]


def test_one_wrong_number_stores_none_and_loses_nothing(session, signed_in, group):
    browser = signed_in("group_contact", group=group)
    names = fields(browser.get(f"{PATH}/attendance"))
    typed = {names[0]: "8", names[1]: "zwölf", names[2]: "1001"}
    page = browser.submit(typed, button="Alle Zahlen speichern", status=400)
    assert {name: page.get("input", name=name).get("value") for name in typed} == typed
    for name in names[1:3]:
        assert page.get("input", name=name).get("aria-describedby") == f"{name}-error"
    assert "Noch ist nichts gespeichert" in page.text
    assert counts(session) == []


def test_a_meeting_that_is_not_the_groups_is_passed_over(session, signed_in, group):
    browser = signed_in("group_contact", group=group)
    page = browser.get(f"{PATH}/attendance")
    token = page.get("form", text="Alle Zahlen speichern").find(".//input[@name='form_token']").get("value")
    browser.post(
        f"{PATH}/attendance", data={"form_token": token, "count-999-2026-11-17": "5", "count-1-x": "5"}
    )
    assert counts(session) == []


def test_a_group_without_a_past_meeting_is_told_what_will_be_here(session, signed_in, house):
    group = make_followed_group(session, now=clock.now(), clearinghouse_id=house, series=[])
    page = signed_in("group_contact", group=group).get(f"{PATH}/attendance")
    assert "Noch kein Treffen" in page.text


def test_staff_of_the_house_may_and_nobody_else_learns_that_there_is_such_a_page(
    session, signed_in, group, house
):
    signed_in("desk_staff", clearinghouse=house).get(f"{PATH}/attendance")
    other = make_house(session, "Andere")
    for browser in (
        signed_in("desk_lead", clearinghouse=other),
        signed_in("group_contact"),
        signed_in("finance"),
    ):
        for page in ("attendance", "reminders"):
            browser.get(f"{PATH}/{page}", status=404)


def test_a_contact_chooses_when_mails_come(session, signed_in, group):
    browser = signed_in("group_contact", group=group)
    page = browser.get(f"{PATH}/reminders")
    assert page.get("input", name="hours", value="24").get("checked") is not None
    page = browser.submit({"hours": "168", "after_break": []}, button="Speichern")
    assert "Ihre Wahl ist gespeichert." in page.text
    session.rollback()
    chosen = sa.select(Group.reminder_hours, Group.reminds_after_break)
    assert session.execute(chosen).one() == (168, False)
    browser.submit({"hours": ""}, button="Speichern")
    session.rollback()
    assert session.execute(chosen).one() == (None, False)
    browser.submit({"hours": "5"}, button="Speichern", status=400)


def test_a_group_without_an_address_is_told_why_no_mail_comes(session, signed_in, house):
    group = make_followed_group(session, now=clock.now(), clearinghouse_id=house, contact=make_contact())
    page = signed_in("group_contact", group=group).get(f"{PATH}/reminders")
    assert "kennt noch keine E-Mail-Adresse" in page.text
