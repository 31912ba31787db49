"""The rooms of a house at its desk."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import sqlalchemy as sa
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.groups.models import Closure
from app.rooms.models import Room, RoomBooking, RoomPhoto, RoomRequest
from app.rooms.queries.rooms import get_room, list_rooms
from app.rooms.services.decisions import approve
from app.shared import clock
from app.shared.outbox import OutboxMail
from tests.pages.rooms.conftest import in_days
from tests.support.page import read

HOURS = dict.fromkeys(("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag"), "9–12, 14 bis 21:30")


def day(days):
    return in_days(days).date().isoformat()


def picture(size=(40, 30), kind="PNG"):
    written = io.BytesIO()
    Image.new("RGB", size, "teal").save(written, kind)
    return io.BytesIO(written.getvalue())


def body(**fields):
    """A form with a file as a browser sends it; the test client's own would leave a temporary file open."""
    boundary, data = encode_multipart(
        {name: FileStorage(*value) if isinstance(value, tuple) else value for name, value in fields.items()}
    )
    return {"data": data, "content_type": f'multipart/form-data; boundary="{boundary}"'}


def test_the_desk_shows_what_waits_the_longest_first_and_every_room(staff, house):
    house.ask(9)
    house.ask(16)
    page = staff.get("/desk/rooms")
    assert page.heading == "Räume"
    assert page.text.count("Raum Linde · 1 Termin") == 2
    assert "40 Plätze" in page.text
    staff.follow("Antworten: Lichtblick")
    assert staff.page.heading == "Lichtblick"


def test_without_rooms_the_desk_says_what_to_do(signed_in):
    page = signed_in("desk_staff").get("/desk/rooms")
    assert "Noch kein Raum" in page.text
    assert "Keine Anfrage wartet" in page.text


def test_a_room_is_added_with_hours_as_people_write_them(staff, house, session):
    staff.get("/desk/rooms")
    staff.follow("Raum hinzufügen")
    fields = {
        "Name des Raums": "Atelier",
        "Plätze": "9",
        "Preis in Euro": "7,50",
        "Stuhlkreis": "chairs_in_circle",
    }
    page = staff.submit(fields | HOURS, button="Raum anlegen")
    assert "Der Raum ist angelegt" in page.text
    room = next(each for each in list_rooms(session, house.house) if each.name == "Atelier")
    assert (room.capacity, room.price_cents, room.lead_hours) == (9, 750, 24)
    assert [f"{each.opens_at:%H:%M}–{each.closes_at:%H:%M}" for each in room.hours[:2]] == [
        "09:00–12:00",
        "14:00–21:30",
    ]


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("Montag", "vormittags", "Bitte schreiben Sie die Stunden wie 9–12, 14–18."),
        ("Montag", "18–9", "Bitte schreiben Sie die Stunden wie 9–12, 14–18."),
        ("Preis in Euro", "umsonst", "Bitte schreiben Sie den Preis wie 5 oder 7,50."),
        ("Plätze", "0", "Bitte sagen Sie, wie viele Personen Platz haben"),
        ("Name des Raums", "x", "Bitte geben Sie dem Raum einen Namen von 2 bis 80 Zeichen."),
        ("So viele Tage vorher", "91", "Bitte geben Sie 0 bis 90 Tage an."),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_nothing_typed_is_lost(
    staff, house, field, typed, sentence
):
    staff.get(f"/desk/rooms/{house.small}")
    fields = {"Beschreibung": "Ganz oben", field: typed}
    page = staff.submit(fields, button="Raum speichern", status=400)
    assert sentence in page.text
    assert "Ganz oben" in page.text
    assert get_room(house.session, house.small).description == ""


def test_a_room_is_changed(staff, house, session):
    staff.get(f"/desk/rooms/{house.small}")
    page = staff.submit(
        {"Hausregeln": "Bitte lüften.", "Montag": "", "Plätze": "12"}, button="Raum speichern"
    )
    assert "Der Raum ist gespeichert." in page.text
    session.expire_all()
    room = get_room(session, house.small)
    assert (room.capacity, room.house_rules) == (12, "Bitte lüften.")
    assert {each.weekday for each in room.hours} == {2, 3, 4, 5, 6, 7}


def test_a_photo_needs_its_words_and_is_kept_without_what_the_camera_noted(staff, house, session):
    address = f"/desk/rooms/{house.small}/photos"
    token = staff.get(f"/desk/rooms/{house.small}").get("input", name="form_token").get("value")
    assert (
        "Bitte wählen Sie zuerst ein Foto"
        in staff.post(address, data={"form_token": token, "alt": "x"}, status=400).text
    )
    sent = {"form_token": token, "alt": "", "photo": (picture(), "a.png")}
    assert "Bitte beschreiben Sie das Foto" in staff.post(address, data=sent, status=400).text
    sent = {"form_token": token, "alt": "Stühle", "photo": (io.BytesIO(b"GIF89a nothing"), "a.png")}
    assert "Wir können diese Datei nicht lesen" in staff.post(address, data=sent, status=400).text
    page = staff.post(address, data={"form_token": token, "alt": "Stühle", "photo": (picture(), "a.png")})
    assert "Das Foto ist da." in page.text
    photo = session.scalar(sa.select(RoomPhoto))
    address = f"/rooms/photos/{photo.id}"
    answer = staff._client.get(f"{address}?v={photo.mark}")
    assert answer.mimetype == "image/jpeg"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "immutable" not in staff._client.get(address).headers["Cache-Control"]
    assert staff._client.get("/rooms/photos/4711").status_code == 404
    assert "Das Foto ist entfernt." in staff.submit(button="Entfernen").text


def test_a_photo_as_a_phone_takes_it_is_kept_and_the_limit_of_every_other_page_stays(staff, house, session):
    address = f"/desk/rooms/{house.small}/photos"
    token = staff.get(f"/desk/rooms/{house.small}").get("input", name="form_token").get("value")
    taken = io.BytesIO(picture((4000, 3000), "JPEG").getvalue() + b"\0" * 9_000_000)  # as a moving photo has
    page = staff.post(address, **body(form_token=token, alt="Stühle", photo=(taken, "a.jpg")))
    assert "Das Foto ist da." in page.text
    assert session.execute(sa.select(RoomPhoto.width, RoomPhoto.height)).one() == (1600, 1200)
    large = body(form_token=token, photo=(io.BytesIO(b"x" * 3_000_000), "a.jpg"))
    staff.post(f"/desk/rooms/{house.small}/closures", **large, status=413)


@pytest.mark.parametrize("size", [12_000_001, 40_000_000])
def test_a_photo_that_is_too_large_is_refused_beside_its_field(staff, house, size):
    address = f"/desk/rooms/{house.small}/photos"
    token = staff.get(f"/desk/rooms/{house.small}").get("input", name="form_token").get("value")
    sent = body(form_token=token, alt="Acht Stühle", photo=(io.BytesIO(b"x" * size), "a.jpg"))
    page = staff.post(address, **sent, status=400)
    assert "höchstens 12 MB" in read(page.get(id="photo-error"))
    assert page.get("input", name="alt").get("value") == "Acht Stühle"


def test_a_large_photo_of_a_visitor_is_not_even_read(browser, house):
    told = {"headers": {"Content-Length": "900000000"}, "content_type": "multipart/form-data; boundary=x"}
    browser.post(f"/desk/rooms/{house.small}/photos", data=b"x", **told, status=200)
    assert browser.page.heading == "Anmelden"


@pytest.fixture
def booked(house, contact, session):
    """The group has booked the room in nine days; its contact has an address."""
    approve(session, house.ask(9), now=clock.now())
    session.execute(sa.delete(OutboxMail))
    session.commit()
    return {"Erster Tag": day(8), "Letzter Tag": day(10), "Grund": "Boden"}


def subjects(session):
    return [subject.split()[0] for subject in session.scalars(sa.select(OutboxMail.subject))]


def test_closing_a_room_tells_the_groups_once_and_is_taken_back_in_one_step(staff, house, session, booked):
    for _ in range(2):
        staff.get(f"/desk/rooms/{house.small}")
        page = staff.submit(booked, button="Raum schließen")
        assert "Jede Gruppe, die sich dann hier trifft oder gebucht hat, bekommt eine Mail." in page.text
    assert subjects(session) == ["Geschlossen"]
    assert "geschlossen: Boden" in staff.get(f"/desk/rooms/{house.small}/week?date={day(9)}").text
    staff.get(f"/desk/rooms/{house.small}")
    assert "wieder offen" in staff.submit(button="Wieder öffnen").text
    assert session.scalar(sa.select(sa.func.count()).select_from(Closure)) == 0
    assert sorted(subjects(session)) == ["Doch", "Geschlossen"]


def test_where_places_are_closed_bookings_are_named_before_and_told_of_in_the_same_mail(
    staff, session, booked
):
    staff.get("/desk/closures")
    staff.follow("Schließen – Raum Linde")
    page = staff.submit(booked, button="Zeigen, wen es betrifft")
    assert "1 Buchung eines Raums gilt dann nicht." in page.text
    assert "Lichtblick: gebucht: Raum Linde" in page.text
    assert subjects(session) == []
    staff.submit(button="Jetzt schließen")
    assert subjects(session) == ["Geschlossen"]
    staff.submit(button="Zurücknehmen")
    assert sorted(subjects(session)) == ["Doch", "Geschlossen"]


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (None, None, "Bitte wählen Sie einen Tag."),
        (9, 3, "Der letzte Tag"),
        (-9, None, "vorbei"),
    ],
)
def test_days_that_cannot_be_closed_are_refused_with_a_sentence(staff, house, first, last, sentence):
    staff.get(f"/desk/rooms/{house.small}")
    fields = {"Erster Tag": first and day(first), "Letzter Tag": last and day(last)}
    page = staff.submit(
        {name: value or "" for name, value in fields.items()}, button="Raum schließen", status=400
    )
    assert sentence in page.text


def test_the_house_books_from_a_free_hour_and_the_second_one_hears_that_it_is_taken(staff, house):
    staff.get(f"/desk/rooms/{house.small}/week?date={day(9)}")
    staff.follow("frei 09:00")
    fields = {"Wofür?": "Teamsitzung", "Tag": day(9), "Von": "10:00", "Bis": "11:30"}
    page = staff.submit(fields, button="Raum Linde buchen")
    assert "Der Raum ist gebucht." in page.text
    assert "10:00–11:30 Teamsitzung" in page.text
    staff.follow("frei 09:00")
    page = staff.submit(fields | {"Wofür?": "Putzen"}, button="Raum Linde buchen", status=400)
    assert "Zu dieser Zeit hat jemand anderes den Raum gebucht." in page.text
    page = staff.submit(fields | {"Von": "bald"}, button="Raum Linde buchen", status=400)
    assert "Bitte geben Sie Tag, Beginn und Ende an." in page.text
    staff.submit(fields | {"Tag": "9999-12-31", "Bis": "09:00"}, button="Raum Linde buchen", status=400)
    staff.get(f"/desk/rooms/{house.small}")
    for end_of_time in ("0001-01-01", "9999-12-31"):
        staff.submit({"Erster Tag": end_of_time}, button="Raum schließen", status=400)


def test_every_column_of_a_week_says_where_it_is_free_and_only_what_is_to_come_can_be_booked(staff, house):
    last_week = in_days(-7).date().isoformat()
    page = staff.get(f"/desk/rooms/{house.small}/week?date={last_week}")
    free = page.find_all(class_="week__free")
    assert [read(each) for each in free] == ["freiwar frei"] * 7  # the first for the eye, the second read out
    assert not any(each.get("href") for each in free)
    in_a_week = staff.get(f"/desk/rooms/{house.small}/week?date={day(9)}").find_all("a", class_="week__free")
    assert len(in_a_week) == 7


def test_a_booking_is_cancelled_and_its_group_is_told_why(staff, house, session):
    approve(session, house.ask(9, 16, 23), now=clock.now())
    session.commit()
    staff.get(f"/desk/rooms/{house.small}/week?date={day(9)}")
    staff.follow("19:00–20:30 Lichtblick")
    page = staff.submit({"Warum?": "Rohrbruch"}, button="Diesen Termin absagen")
    assert "Die Buchung ist abgesagt" in page.text
    left = sa.select(sa.func.count()).where(RoomBooking.state == "confirmed")
    assert session.scalar(left) == 2
    staff.get(f"/desk/rooms/{house.small}/week?date={day(16)}")
    staff.follow("19:00–20:30 Lichtblick")
    staff.submit(button="Alle 2 kommenden Termine absagen")
    assert session.scalar(left) == 0


def test_a_request_is_approved_with_one_button(staff, house, session):
    request_id = house.ask(9, 16)
    page = staff.get(f"/desk/rooms/requests/{request_id}")
    assert "Alle Termine sind frei" in page.text
    page = staff.submit(button="Alle 2 Termine buchen")
    assert "Ihre Antwort ist unterwegs zur Gruppe." in page.text
    assert session.scalar(sa.select(RoomRequest.state)) == "approved"


def test_for_a_date_that_is_taken_another_room_is_offered_at_once(staff, house, session):
    request_id = house.ask(9, 16)
    house.take(16)
    page = staff.get(f"/desk/rooms/requests/{request_id}")
    assert "1 von 2 Terminen sind frei" in page.text
    choice = page.find("label", text="Saal, 19:00–20:30")
    radio = choice.find("input")
    page = staff.submit({radio.get("name"): radio.get("value")}, button="Freie Termine buchen")
    assert "Ihr Vorschlag ist bei der Gruppe." in page.text
    states = session.execute(
        sa.select(RoomBooking.room_id, RoomBooking.state).where(RoomBooking.group_id.is_not(None))
    )
    assert sorted(states.tuples()) == [(house.small, "confirmed"), (house.large, "held")]


def test_one_other_room_is_offered_for_all_dates_on_which_it_is_free(staff, house, session):
    request_id = house.ask(9, 16, 23)
    house.take(16)
    house.take(23, room=house.large)
    page = staff.get(f"/desk/rooms/requests/{request_id}")
    assert "Saal – 2 von 3 Terminen sind frei" in page.text
    staff.submit({"other_room": str(house.large)}, button="Diesen Raum vorschlagen")
    held = sa.select(RoomBooking.starts_at).where(RoomBooking.state == "held").order_by(RoomBooking.starts_at)
    assert session.scalars(held).all() == [in_days(9), in_days(16)]
    assert session.scalar(sa.select(RoomRequest.state)) == "countered"
    other = house.ask(30)
    staff.get(f"/desk/rooms/requests/{other}")
    staff.submit({"other_room": "4711"}, button="Diesen Raum vorschlagen", status=400)


def test_an_offer_that_the_page_did_not_show_is_refused(staff, house, session):
    request_id = house.ask(9)
    house.take(9)
    for value in ("room:4711", "room:x", "time:gestern", "time:9999-12-31T23:59:59+00:00"):
        page = staff.get(f"/desk/rooms/requests/{request_id}")
        name = page.find_all("input")[
            [each.get("type") for each in page.find_all("input")].index("radio")
        ].get("name")
        staff.submit({name: value}, button="Vorschlag schicken", status=400)
    assert session.scalar(sa.select(RoomRequest.state)) == "waiting"


def test_a_request_is_declined_only_with_a_reason(staff, house, session):
    request_id = house.ask(9)
    staff.get(f"/desk/rooms/requests/{request_id}")
    page = staff.submit({"Warum geht es nicht?": " "}, button="Anfrage absagen", status=400)
    assert "Bitte schreiben Sie der Gruppe in einem Satz, warum." in page.text
    staff.submit({"Warum geht es nicht?": "Der Boden wird erneuert."}, button="Anfrage absagen")
    assert session.scalar(sa.select(RoomRequest.state)) == "declined"


def test_months_weeks_of_all_rooms_and_the_door_sign_show_what_is_booked(staff, house):
    house.take(9, title="Vorstand", room=house.large)
    for path in ("month", "week"):
        assert "Vorstand" in staff.get(f"/desk/rooms/{house.large}/{path}?date={day(9)}").text
        assert "Vorstand" in staff.get(f"/desk/rooms/{path}?date={day(9)}").text
        assert "Vorstand" not in staff.get(f"/desk/rooms/{house.small}/{path}?date={day(9)}").text
    staff.get(f"/desk/rooms/{house.large}/week?date={day(9)}")
    staff.follow("Weiter")
    assert "Vorstand" not in staff.page.text
    staff.follow("Zurück")
    assert "Vorstand" in staff.page.text


@pytest.mark.parametrize("given", ["gestern", "0001-01-01", "9999-12-31", ""])
def test_a_day_that_cannot_be_read_shows_today(staff, house, given):
    for path in (f"/desk/rooms/{house.small}/week", "/desk/rooms/month", "/desk/rooms/door-sign"):
        assert staff.get(f"{path}?date={given}").heading


def test_a_door_sign_names_only_groups_that_show_their_place(staff, house, session):
    approve(session, house.ask(9), now=clock.now())
    session.commit()
    assert "Lichtblick" in staff.get(f"/desk/rooms/door-sign?date={day(9)}").text
    session.execute(sa.text("UPDATE \"group\" SET disclosure = 'clearinghouse'"))
    page = staff.get(f"/desk/rooms/door-sign?date={day(9)}&room={house.small}")
    assert "Lichtblick" not in page.text
    assert "19:00–20:30 Selbsthilfegruppe" in page.text


def test_another_house_knows_nothing_of_these_rooms(signed_in, house):
    request_id, booking_id = house.ask(9), house.take(12)
    stranger = signed_in("desk_lead")
    for path in (
        f"{house.small}",
        f"{house.small}/week",
        f"{house.small}/month",
        f"{house.small}/book",
        f"requests/{request_id}",
        f"bookings/{booking_id}",
        "week?house=kiss-koeln-x",
    ):
        stranger.get(f"/desk/rooms/{path}", status=404)


def test_a_house_shows_everybody_the_rooms_it_wants_to_show(browser, house, session):
    page = browser.get("/clearinghouses/kiss-koeln")
    assert "Räume für Gruppen" in page.text
    browser.follow("Saal")
    assert "40 Plätze" in browser.page.text
    assert "kostenlos" in browser.page.text
    assert "Mo–So 09:00–22:00" in browser.page.text
    session.execute(sa.update(Room).values(is_public=False))
    assert "Räume für Gruppen" not in browser.get("/clearinghouses/kiss-koeln").text
    assert "Hier wird kein Raum gezeigt" in browser.get("/clearinghouses/kiss-koeln/rooms").text


def test_the_start_page_leads_to_the_desk_and_says_what_waits(staff, house):
    house.ask(9)
    page = staff.get("/accounts")
    assert "1 Anfrage wartet auf Antwort" in page.text
    staff.follow("Räume: KISS Köln")
    assert staff.page.heading == "Räume"


def test_a_meeting_that_is_over_is_only_looked_at(staff, house, session):
    booking_id = house.take(1)
    past = clock.now() - timedelta(days=3)
    session.execute(sa.update(RoomBooking).values(starts_at=past, ends_at=past + timedelta(hours=1)))
    page = staff.get(f"/desk/rooms/bookings/{booking_id}")
    assert "Dieses Treffen ist vorbei." in page.text
    staff.get("/desk/rooms/bookings/4711", status=404)
