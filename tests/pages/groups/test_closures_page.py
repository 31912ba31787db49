"""Closing for the staff of a house: what can be closed, whom it concerns before it is done, and taking it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.groups.meetings.schedules import day_of
from app.groups.models import Closure, Group, MeetingPlace
from app.shared import clock
from app.shared.outbox import OutboxMail
from tests.builders.groups import make_contact, make_group, make_house, make_place
from tests.support.page import read


@pytest.fixture
def house(session):
    """A house with two groups in one place, which it keeps, and a group of another house there too."""
    house = make_house(session)
    make_group(session, clearinghouse_id=house, contact=make_contact(email="kontakt@example.org"))
    make_group(session, clearinghouse_id=house, name="Nachbarn")
    make_group(
        session, clearinghouse_id=house, name="Im Turm", place=make_place(name="Turm", street="Am Wall 1")
    )
    other = make_house(session, "KISS Bonn")
    make_group(session, clearinghouse_id=other, name="Gäste")
    make_group(
        session, clearinghouse_id=other, name="Bonner", place=make_place(name="Bonner Haus", town="Bonn")
    )
    kept = sa.update(MeetingPlace).where(MeetingPlace.name == "Bürgerhaus")
    session.execute(kept.values(clearinghouse_id=house))
    return house


@pytest.fixture
def staff(signed_in, house):
    browser = signed_in("desk_staff", clearinghouse=house)
    browser.get("/desk/closures")
    return browser


@pytest.fixture
def period():
    today = day_of(clock.now())
    return {
        "Erster Tag": (today + timedelta(days=7)).isoformat(),
        "Letzter Tag": (today + timedelta(days=20)).isoformat(),
    }


def labels(page):
    return [read(item) for item in page.find_all("li", class_="managed-date")]


def test_a_house_can_close_what_it_keeps_and_where_its_groups_meet_and_finds_it_by_words(staff):
    staff.get("/accounts")
    page = staff.follow("Schließungen")
    assert [line.split(",")[0] for line in labels(page)] == ["Bürgerhaus", "Turm"]
    assert "gehört zu Ihrem Haus" in labels(page)[0]
    page = staff.submit({"q": "wall"}, button="Suchen")
    assert [line.split(",")[0] for line in labels(page)] == ["Turm"]
    assert "Kein solcher Ort." in staff.submit({"q": "nirgends"}, button="Suchen").text


def test_before_a_place_is_closed_everybody_concerned_is_named_and_nothing_has_happened(
    staff, period, session
):
    staff.follow("Schließen – Bürgerhaus")
    page = staff.submit({**period, "Grund": "Wasserschaden"}, button="Zeigen, wen es betrifft")
    assert "6 Termine finden dann hier nicht statt." in page.text
    for words in (
        "Lichtblick",
        "Nachbarn",
        "eine Gruppe einer anderen Kontaktstelle",
        "keine E-Mail-Adresse",
    ):
        assert words in page.text
    assert "Gäste" not in page.text
    assert session.scalars(sa.select(Closure)).all() == []
    page = staff.submit(button="Jetzt schließen")
    assert "Geschlossen. Jede Seite" in page.text
    assert "Wasserschaden" in page.text
    assert session.scalar(sa.select(sa.func.count()).select_from(OutboxMail)) == 1
    assert "der Ort ist geschlossen: Wasserschaden" in staff.get("/groups/lichtblick").text
    staff.get("/desk/closures")
    page = staff.submit(button="Zurücknehmen")
    assert "Zurückgenommen." in page.text
    assert "Nichts ist geschlossen." in page.text
    assert session.scalar(sa.select(sa.func.count()).select_from(OutboxMail)) == 2
    assert "Wasserschaden" not in staff.get("/groups/lichtblick").text


def test_the_whole_house_is_closed_with_all_the_places_it_keeps(staff, period):
    staff.follow("Das ganze Haus schließen")
    page = staff.submit(period, button="Zeigen, wen es betrifft")
    assert "6 Termine" in page.text
    assert "Im Turm" not in page.text
    page = staff.submit(button="Jetzt schließen")
    assert "KISS Köln, alle Räume" in labels(page)[0]


def test_overlapping_closures_and_wrong_days_are_refused_beside_the_field(staff, period):
    for button in ("Zeigen, wen es betrifft", "Jetzt schließen"):
        if button.startswith("Zeigen"):
            staff.follow("Schließen – Turm")
        staff.submit(period, button=button)
    staff.follow("Schließen – Turm")
    page = staff.submit({**period, "Grund": "anders"}, button="Zeigen, wen es betrifft", status=400)
    assert "ist schon eine Schließung eingetragen" in read(page.get(id="first_on-error"))
    assert page.get("input", name="reason").get("value") == "anders"
    swapped = {"Erster Tag": period["Letzter Tag"], "Letzter Tag": period["Erster Tag"]}
    page = staff.submit(swapped, button="Zeigen, wen es betrifft", status=400)
    assert "nicht vor dem ersten" in read(page.get(id="last_on-error"))


def test_another_house_and_its_places_are_as_if_they_were_not_there(staff, session, period, signed_in):
    staff.get("/desk/closures?house=kiss-bonn", status=404)
    staff.get("/desk/groups?house=kiss-bonn", status=404)
    foreign = session.scalar(sa.select(MeetingPlace.id).where(MeetingPlace.name == "Bonner Haus"))
    staff.get(f"/desk/closures/new?place={foreign}", status=404)
    staff.get("/desk/closures/new?place=99999999999999999999", status=404)
    bonn = session.scalar(sa.select(Group.clearinghouse_id).where(Group.name == "Bonner"))
    other = signed_in("desk_lead", clearinghouse=bonn)
    kept = session.scalar(sa.select(MeetingPlace.id).where(MeetingPlace.name == "Bürgerhaus"))
    other.get(f"/desk/closures/new?place={kept}", status=404)
    other.get("/desk/closures")
    other.follow("Schließen – Bonner Haus")
    other.submit(period, button="Zeigen, wen es betrifft")
    other.submit(button="Jetzt schließen")
    closure = str(session.scalar(sa.select(Closure.id)))
    token = staff.get("/desk/closures").get("input", name="form_token").get("value")
    staff.post("/desk/closures/end", data={"form_token": token, "closure": closure}, status=404)
    assert session.scalar(sa.select(sa.func.count()).select_from(Closure)) == 1


def test_the_staff_reach_the_dates_of_every_group_of_their_house(staff):
    page = staff.get("/desk/groups")
    assert [name for name in ("Lichtblick", "Nachbarn", "Im Turm", "Bonner") if name in page.text] == [
        "Lichtblick",
        "Nachbarn",
        "Im Turm",
    ]
    staff.submit({"q": "turm"}, button="Anzeigen")
    assert staff.follow("Im Turm").heading == "Stand von Im Turm"
    assert staff.follow("Termine").heading == "Termine: Im Turm"
