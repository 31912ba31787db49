"""After an approval one button, of the contact or at the desk, enters the room as the place of the series."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.groups.models import Group, MeetingSeries
from app.rooms.services.decisions import approve
from app.shared import clock
from tests.builders.groups import make_house


@pytest.fixture
def asked(session, house):
    """A request for two dates of the group's series."""
    return house.ask(7, 14, series_id=session.scalar(sa.select(MeetingSeries.id)))


@pytest.fixture
def other_house(session, asked):
    """The group is looked after by another house than the one whose room it asked for."""
    session.execute(sa.update(Group).values(clearinghouse_id=make_house(session, "KISS Bonn")))
    session.commit()


def where(session):
    session.expire_all()
    return session.scalar(sa.select(MeetingSeries.where_note))


def test_the_contact_reads_what_changes_and_enters_the_room_with_one_button(
    contact, browser, house, session, asked
):
    assert "Treffpunkt der Reihe" not in contact.get(f"/accounts/groups/{house.slug}/rooms").text
    approve(session, asked, now=clock.now())
    session.commit()
    page = contact.get(f"/accounts/groups/{house.slug}/rooms")
    assert "Wer die Gruppe sucht, liest dann bei diesen Terminen" in page.text
    assert "Raum Linde" not in browser.get(f"/groups/{house.slug}").text
    page = contact.submit(button="Raum als Treffpunkt der Reihe eintragen")
    assert "Der Raum ist als Treffpunkt der Reihe eingetragen." in page.text
    assert "Raum Linde ist als Treffpunkt Ihrer Reihe eingetragen." in page.text
    assert where(session) == "Raum Linde"
    shown = browser.get(f"/groups/{house.slug}").text
    assert "Raum Linde, Lindenallee 3, Köln" in shown
    assert "Raum Linde Raum Linde" not in " ".join(shown.split())


@pytest.mark.parametrize(("ticked", "entered"), [({"meets_there": "1"}, "Raum Linde"), ({}, "")], ids=str)
def test_the_desk_may_enter_it_when_approving(staff, session, asked, ticked, entered):
    page = staff.get(f"/desk/rooms/requests/{asked}")
    assert "Gleich als Treffpunkt der Reihe eintragen" in page.text
    staff.submit(ticked, button="Alle 2 Termine buchen")
    assert where(session) == entered


def test_who_does_not_look_after_the_group_cannot_enter_a_place(signed_in, house, session, asked):
    approve(session, asked, now=clock.now())
    session.commit()
    stranger = signed_in("group_contact")
    token = stranger.get("/accounts").get("input", name="form_token").get("value")
    address = f"/accounts/groups/{house.slug}/rooms/requests/{asked}/place"
    stranger.post(address, data={"form_token": token}, status=404)
    assert where(session) == ""


def test_the_desk_of_another_house_that_lends_a_room_is_not_asked_for_the_place(
    staff, session, asked, other_house
):
    page = staff.get(f"/desk/rooms/requests/{asked}")
    assert "Gleich als Treffpunkt" not in page.text
    token = page.get("input", name="form_token").get("value")
    given = {"form_token": token, "answer": "approve", "meets_there": "1"}
    staff.post(f"/desk/rooms/requests/{asked}", data=given)
    assert where(session) == ""
