"""The inbox of a clearing house: who waits longest is first, nothing that waits is lost, nobody else reads it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.clearinghouses.models import ClearingHouse
from app.groups.contact.inbox import REPORT, Asked, take_message
from app.groups.models import HouseMessage, HouseMessageText
from app.shared import clock
from app.shared.history import HistoryEntry
from app.shared.outbox import OutboxMail
from app.shared.retention import apply_retention
from app.shared.transactions import transaction
from app.shared.worklist import list_waiting
from tests.builders.groups import make_group, make_house
from tests.support.mailbox import link_in, mails_to
from tests.support.page import read

SEEKER = "jo@leise.example"
DAY = timedelta(days=1)


@pytest.fixture
def house(session):
    with transaction() as writing:
        return make_house(writing, "Kontaktstelle Hier")


@pytest.fixture
def other(session):
    with transaction() as writing:
        return make_house(writing, "Kontaktstelle Dort")


def ask(session, house, text, **given):
    now = clock.now() - given.pop("ago", timedelta())
    with transaction() as writing:
        return take_message(writing, house, Asked(text, given.pop("language", "de"), **given), now=now).id


def the_message(session):
    session.rollback()
    return session.scalars(sa.select(HouseMessage)).one()


def slug_of(session, house):
    return session.get_one(ClearingHouse, house).slug


def test_who_waits_longest_is_first_and_reports_lie_there_too(session, house, other, signed_in):
    with transaction() as writing:
        group = make_group(writing, clearinghouse_id=house)
    ask(session, house, "<b>Erst gestern</b> " + "lang " * 100, email=SEEKER, name="Jo", ago=DAY)
    ask(session, house, "Schon lange", phone="0221 12345", ago=3 * DAY)
    ask(session, house, "", kind=REPORT, reason="time", group_id=group, ago=2 * DAY)
    ask(session, other, "Woanders", email=SEEKER)
    staff = signed_in("desk_staff", clearinghouse=house)
    page = staff.follow("Nachrichten an Kontaktstelle Hier")
    shown = [read(each) for each in page.find_all("p", class_="waiting__who")]
    assert shown == ["Jemand ohne Namen", "Tag oder Uhrzeit stimmt nicht", "Jo"]
    assert "Woanders" not in page.text
    assert "<b>Erst gestern</b> lang" in page.text
    with staff._client.application.test_request_context():
        lines = list_waiting(session, house, now=clock.now())
    assert [(line.kind, line.button) for line in lines] == [
        ("Nachricht", "Lesen"),
        ("Hinweis zu einem Eintrag", "Lesen"),
        ("Nachricht", "Lesen"),
    ]
    page = staff.get(f"/desk/messages?house={slug_of(session, house)}&state=done")
    assert "nach 28 Tagen gelöscht" in page.text
    staff.get("/desk/messages?state=odd", status=404)
    staff.get(f"/desk/messages?house={slug_of(session, other)}", status=404)


def test_a_message_is_answered_by_mail_comes_back_and_is_done(session, house, signed_in):
    ask(session, house, "Gibt es eine Gruppe?", email=SEEKER, name="Jo", language="en", ago=2 * DAY)
    staff = signed_in("desk_lead", clearinghouse=house)
    number = the_message(session).id
    page = staff.get(f"/desk/messages/{number}")
    assert "Gibt es eine Gruppe?" in page.text
    assert (
        staff.submit({"Ihre Antwort": " "}, button="Antwort senden", status=400).heading == "Eine Nachricht"
    )
    page = staff.submit({"Ihre Antwort": "Ja, zwei.\r\nRufen Sie an."}, button="Antwort senden")
    assert "Ihre Antwort ist unterwegs." in page.text
    assert the_message(session).state == "answered"
    (mail,) = mails_to(session, SEEKER)
    assert (mail.language, mail.subject, mail.reply_to) == ("en", "An answer to your message", None)
    assert "  Ja, zwei.\n  Rufen Sie an." in mail.body_text
    visitor = type(staff)(staff._client.application.test_client())
    assert "Kontaktstelle Hier" in visitor.get(link_in(session, SEEKER)).text
    visitor.submit({"Your answer": "Danke, welche?"})
    assert the_message(session).state == "new"
    assert the_message(session).waiting_since > clock.now() - DAY
    page = staff.get(f"/desk/messages/{number}")
    said = [read(each) for each in page.find_all("p", class_="typed")]
    assert said == ["Gibt es eine Gruppe?", "Ja, zwei. Rufen Sie an.", "Danke, welche?"]
    assert "Erledigt. Die Nachricht wird" in staff.submit(button="Erledigt").text
    staff.get(f"/desk/messages/{number}")
    assert "wartet wieder" in staff.submit(button="Wieder warten lassen").text
    actions = session.scalars(sa.select(HistoryEntry.action).order_by(HistoryEntry.id)).all()
    assert [each for each in actions if each.startswith("message.")] == [
        "message.received",
        "message.answered",
        "message.received",
        "message.done",
        "message.reopened",
    ]


def test_a_message_handed_over_is_the_other_house_s_alone(session, house, other, signed_in):
    ask(session, house, "Ich wohne dort", phone="0221 12345")
    number = the_message(session).id
    here = signed_in("desk_staff", clearinghouse=house)
    there = signed_in("desk_staff", clearinghouse=other)
    there.get(f"/desk/messages/{number}", status=404)
    here.get(f"/desk/messages/{number}")
    fields = {"Kontaktstelle": "Kontaktstelle Nirgends", "Was sie dort wissen sollten": "Bitte zurückrufen"}
    page = here.submit(fields, button="Abgeben", status=400)
    assert "gibt es nicht" in page.text
    assert page.get("textarea", name="note").text.strip() == "Bitte zurückrufen"
    page = here.submit({"Kontaktstelle": "Kontaktstelle Hier"}, button="Abgeben", status=400)
    assert "hat diese Nachricht schon" in page.text
    assert "Abgegeben." in here.submit({"Kontaktstelle": "Kontaktstelle Dort"}, button="Abgeben").text
    here.get(f"/desk/messages/{number}", status=404)
    page = there.get(f"/desk/messages/{number}")
    assert "Notiz von Kontaktstelle Hier" in page.text
    assert "Bitte zurückrufen" in page.text
    assert page.find("textarea", name="message") is None  # there is a number to phone, and no address
    (mail,) = session.scalars(sa.select(OutboxMail)).all()
    assert "Ich wohne dort" not in f"{mail.body_text}{mail.body_html}"


def test_what_is_done_is_deleted_in_time_and_what_waits_never(session, house):
    for state in ("new", "answered", "done"):
        number = ask(session, house, state, email=SEEKER)
        with transaction() as writing:
            message = writing.get_one(HouseMessage, number)
            message.state, message.done_at = state, clock.now() if state == "done" else None
    left = {}
    for days in (27, 29, 400):
        apply_retention(clock.now() + days * DAY)
        session.rollback()
        left[days] = sorted(session.scalars(sa.select(HouseMessageText.text)))
    assert left == {27: ["answered", "done", "new"], 29: ["new"], 400: ["new"]}
