"""A contact asks for a room, sees what is free before asking, and answers offers."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.rooms.models import RoomBooking, RoomRequest, RoomRequestDate
from app.rooms.queries.requests import get_request
from app.rooms.services.decisions import Offer, approve
from app.shared import clock
from tests.pages.rooms.conftest import in_days


def day(days):
    return in_days(days).date().isoformat()


@pytest.fixture
def page_of(contact, house):
    return lambda: contact.get(f"/accounts/groups/{house.slug}/rooms")


def count(session, model):
    return session.scalar(sa.select(sa.func.count()).select_from(model))


def test_before_asking_the_contact_sees_which_dates_of_the_series_are_not_free(
    contact, house, page_of, session
):
    house.take(14)
    page_of()
    page = contact.submit(
        {"room": str(house.small), "Bis zu welchem Tag?": day(30)}, button="Zeigen, was frei ist"
    )
    assert "3 von 4 Terminen sind frei" in page.text
    assert "belegt" in page.text
    assert "Stattdessen frei: Saal, 19:00–20:30" in page.text
    assert count(session, RoomRequest) == 0
    page = contact.submit({"Die Termine weglassen": "y"}, button="Raum anfragen")
    assert "Ihre Anfrage ist bei der Kontaktstelle." in page.text
    assert count(session, RoomRequestDate) == 3
    assert session.scalar(sa.select(RoomRequest.series_id)) is not None
    assert session.scalar(sa.select(RoomRequest.asked_by_id)) is not None


def test_single_dates_are_asked_for_and_more_rows_come_when_needed(contact, house, page_of, session):
    page_of()
    page = contact.submit(
        {"which": "dates", "on": day(9), "begins": "18:00", "ends": "19:30"}, button="Weitere Termine"
    )
    assert len([each for each in page.find_all("input") if each.get("name") == "on"]) > 3
    page = contact.submit({"room": str(house.small)}, button="Raum anfragen")
    assert "Ihre Anfrage ist bei der Kontaktstelle." in page.text
    assert count(session, RoomRequestDate) == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"Für wie viele Personen?": "15"}, "Der Raum hat 14 Plätze."),
        ({"Für wie viele Personen?": ""}, "Bitte sagen Sie, für wie viele Personen."),
        ({"Bis zu welchem Tag?": ""}, "Bitte sagen Sie, bis zu welchem Tag."),
        ({"Bis zu welchem Tag?": "2099-01-01"}, "Bitte wählen Sie einen Tag in den nächsten 18 Monaten."),
        ({"which": "dates"}, "Bitte geben Sie mindestens einen Termin an."),
        ({"which": "dates", "on": "bald"}, "Bitte geben Sie Tag, Beginn und Ende an."),
        (
            {"which": "dates", "on": "2020-01-01", "begins": "18:00", "ends": "19:00"},
            "Einer der Termine ist vorbei.",
        ),
    ],
    ids=str,
)
def test_what_cannot_be_asked_for_is_said_beside_its_field_and_nothing_typed_is_lost(
    contact, house, page_of, fields, sentence
):
    page_of()
    given = {"room": str(house.small), "Was soll die Kontaktstelle wissen?": "Mit Tee"}
    page = contact.submit(given | fields, button="Raum anfragen", status=400)
    assert sentence in page.text
    assert "Mit Tee" in page.text
    assert count(house.session, RoomRequest) == 0


def test_a_request_is_withdrawn(contact, house, page_of, session):
    house.ask(9)
    page_of()
    page = contact.submit(button="Zurückziehen")
    assert "Ihre Anfrage ist zurückgezogen." in page.text
    assert session.scalar(sa.select(RoomRequest.state)) == "withdrawn"


@pytest.mark.parametrize(("button", "state"), [("Annehmen", "approved"), ("Passt uns nicht", "waiting")])
def test_an_offer_is_shown_with_what_it_stands_for_and_answered(contact, house, page_of, button, state):
    session = house.session
    request_id = house.ask(9)
    date = get_request(session, request_id).dates[0]
    approve(session, request_id, offers=[Offer(date.id, house.large, date.span)], now=clock.now())
    session.commit()
    page = page_of()
    assert "Ihre Kontaktstelle schlägt vor:" in page.text
    assert "Saal" in page.text
    contact.submit(button=button)
    assert session.scalar(sa.select(RoomRequest.state)) == state


def test_a_booked_date_is_given_back(contact, house, page_of, session):
    approve(session, house.ask(9, 16), now=clock.now())
    session.commit()
    page_of()
    page = contact.submit(button="Absagen")
    assert "Die Buchung ist abgesagt" in page.text
    assert session.scalar(sa.select(sa.func.count()).where(RoomBooking.state == "confirmed")) == 1


def test_another_group_cannot_see_or_touch_it(signed_in, house, session):
    approve(session, house.ask(9), now=clock.now())
    waiting = house.ask(16)
    booking = session.scalar(sa.select(RoomBooking.id))
    stranger = signed_in("group_contact")
    stranger.get(f"/accounts/groups/{house.slug}/rooms", status=404)
    token = stranger.get("/accounts").get("input", name="form_token").get("value")
    for path in (f"requests/{waiting}", f"bookings/{booking}/cancel"):
        address = f"/accounts/groups/{house.slug}/rooms/{path}"
        stranger.post(address, data={"form_token": token, "answer": "withdraw"}, status=404)
    assert session.scalar(sa.select(RoomRequest.state).where(RoomRequest.id == waiting)) == "waiting"


def test_where_the_house_has_no_room_the_page_says_whom_to_ask(signed_in):
    browser = signed_in("group_contact")
    browser.get("/accounts")
    browser.follow("Räume: ")
    assert "Ihre Kontaktstelle zeigt hier keine Räume" in browser.page.text


def test_a_lead_time_is_kept(contact, house, page_of, session):
    session.execute(sa.text("UPDATE room SET lead_hours = 240"))
    page_of()
    fields = {"room": str(house.small), "which": "dates", "on": day(3), "begins": "18:00", "ends": "19:00"}
    page = contact.submit(fields, button="Zeigen, was frei ist")
    assert "zu kurzfristig" in page.text
    page = contact.submit(button="Raum anfragen", status=400)
    assert "mindestens 240 Stunden vorher" in page.text
    assert clock.now() + timedelta(hours=240) > in_days(3)
