"""The head of a house reads who did what there; nobody else does, and what was typed stands nowhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.erasing import erase_account
from app.accounts.models import User
from app.groups.meetings.services import cancel_date
from app.groups.models import Group, MeetingSeries
from app.groups.services import change_group
from app.rooms.services.bookings import book_for_house
from app.shared.history import PERSON, act_as, note
from app.shared.transactions import transaction
from tests.builders.accounts import make_user
from tests.builders.groups import NOW, make_group, make_house
from tests.builders.rooms import local_span, make_room
from tests.support.signed_in import sign_in

DAY = timedelta(days=1)


@pytest.fixture
def house(session):
    """A house with a group, where Robin changed things; another house where somebody else did."""
    house_id = make_house(session, "Kontaktstelle Hier")
    group_id = make_group(session, name="Lichtblick", clearinghouse_id=house_id)
    there = make_group(session, name="Woanders", clearinghouse_id=make_house(session, "Kontaktstelle Dort"))
    make_user(session, "desk_staff", clearinghouse=house_id, email="robin@example.org", name="Robin Reh")
    robin = session.scalars(sa.select(User.id).where(User.email == "robin@example.org")).one()
    room_id = make_room(session, clearinghouse_id=house_id)
    series_id = session.scalars(sa.select(MeetingSeries.id).where(MeetingSeries.group_id == group_id)).one()
    session.commit()
    act_as(PERSON, robin)
    with transaction() as writing:
        change_group(writing, group_id, now=NOW, description="Geheimes Wort", contact_name="Petra Geheim")
        change_group(writing, there, now=NOW, description="x")
        book_for_house(writing, room_id, local_span("2028-11-25 19:00"), title="Geheimer Titel", now=NOW)
        cancel_date(writing, series_id, _next_wednesday(), reason="Geheimer Grund", now=NOW + DAY)
    return house_id


def _next_wednesday():
    day = NOW.date() + 2 * DAY
    return day + (2 - day.weekday()) % 7 * DAY


def test_the_head_reads_who_did_what_filters_it_and_turns_pages(house, signed_in, session):
    robin = str(session.scalars(sa.select(User.id).where(User.name == "Robin Reh")).one())
    kim = signed_in("desk_lead", clearinghouse=house, name="Kim Kranich")
    page = kim.follow("Verlauf: Kontaktstelle Hier")
    assert page.heading == "Verlauf: Kontaktstelle Hier"
    for told in (
        "Eintrag geändert: Name der Kontaktperson, Beschreibung",
        "Raum für die Kontaktstelle gebucht: 25.11.2028",
        "Termin abgesagt: ",
        "Robin Reh",
        "Rolle vergeben: Leitung",
    ):
        assert told in page.text
    assert "Geheim" not in page.html
    assert "Woanders" not in page.html
    only = kim.submit({"Was": "meeting", "Person": robin}, button="Anzeigen")
    assert "1 Eintrag" in only.text
    assert "Termin abgesagt" in only.text
    day = NOW.date().isoformat()
    assert (
        "Termin abgesagt"
        not in kim.get(f"/accounts/clearinghouses/kontaktstelle-hier/history?day={day}").text
    )
    assert (
        "Nichts passt dazu"
        in kim.get("/accounts/clearinghouses/kontaktstelle-hier/history?day=1999-01-01").text
    )
    for wrong in ("group=x", "person=999999", "kind=comet", "day=31.2."):
        page = kim.get(f"/accounts/clearinghouses/kontaktstelle-hier/history?{wrong}", status=400)
        assert "Bitte wählen Sie" in page.text
    with transaction() as writing:
        for number in range(60):
            note(writing, "group.pinned", now=NOW, clearinghouse_id=house, number=number)
    kim.get("/accounts/clearinghouses/kontaktstelle-hier/history?kind=group")
    assert "Seite 2 von 2" in kim.follow("Nächste Seite").text
    assert "kind=group" in kim.page.links["Vorige Seite"]


def test_staff_read_the_history_of_a_group_and_who_is_erased_has_no_name_there(house, signed_in, session):
    robin = session.scalars(sa.select(User.id).where(User.name == "Robin Reh")).one()
    staff = signed_in("desk_staff", clearinghouse=house, name="Kim Kranich")
    assert "Robin Reh" in staff.get("/accounts/groups/lichtblick/history").text
    staff.get("/accounts/clearinghouses/kontaktstelle-hier/history", status=404)
    staff.get("/accounts/groups/woanders/history", status=404)
    with transaction() as writing:
        erase_account(writing, robin, now=NOW)
    page = staff.get("/accounts/groups/lichtblick/history")
    assert "Robin" not in page.html
    assert "ein gelöschtes Konto" in page.text


def test_the_administration_reads_everything_and_a_contact_nothing(house, signed_in, browser, session):
    admin = signed_in("admin")
    assert "Woanders" in admin.follow("Verlauf des Netzwerks").text
    lichtblick = session.scalars(sa.select(Group.id).where(Group.slug == "lichtblick")).one()
    contact = sign_in(browser, make_user(session, "group_contact", group=lichtblick))
    for path in ("/desk/history", "/accounts/groups/lichtblick/history", "/accounts/network/history"):
        contact.get(path, status=404)
