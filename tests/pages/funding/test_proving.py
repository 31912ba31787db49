"""A group proves what it used its grant for, and the office looks at it."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import sqlalchemy as sa
from PIL import Image

from app.funding.models import GrantRound, Reclaim, UseProof, UseProofReceipt
from app.funding.services.reclaims import claim_back, write_claim
from app.groups.meetings.schedules import day_of
from app.groups.models import Group
from app.shared import clock
from tests.builders.accounts import make_user
from tests.builders.proofs import make_paid
from tests.support.browser import Browser
from tests.support.mailbox import mails_to
from tests.support.signed_in import sign_in

SEND = "Nachweis abschicken"
ANSWER = "Antwort senden"
BOTH = {"statements": ["used", "receipts"]}


@pytest.fixture
def paid(session):
    awarded = make_paid(session, [120_000, 60_000])
    session.commit()
    return awarded


@pytest.fixture
def people(app, session, paid):
    def who(role, number=0, **given):
        if role == "group_contact":
            given["group"] = paid.made.group_ids[number]
        elif role == "funding_office":
            given["region"] = paid.made.region.id
        client = app.test_client()
        browser = sign_in(Browser(client), make_user(session, role, **given))
        browser.http = client
        return browser

    return who


def path(session, paid, number=0, more=""):
    slug = session.get_one(Group, paid.made.group_ids[number]).slug
    return f"/accounts/groups/{slug}/funding/proof/2027{more}"


def send_file(browser, address, name, content, status=200, **fields):
    browser.get(address)
    token = browser.page.get("input", name="form_token").get("value")
    data = {"form_token": token, **fields, name: (io.BytesIO(content), "liste.csv")}
    return browser.post(address, data=data, status=status, content_type="multipart/form-data")


def test_a_group_writes_every_expense_with_its_receipt_and_the_office_accepts_a_part(session, paid, people):
    kim = people("group_contact", email="kim@example.org")
    here = path(session, paid)
    kim.get(here.rsplit("/proof", 1)[0])
    kim.follow("Nachweis schreiben")
    assert kim.page.heading == "Verwendungsnachweis 2027"
    typed = {
        "item_kind": ["rent", "catering"],
        "item_day": ["2027-05-02", "2026-05-02"],
        "item_what": ["Raum", "Kaffee"],
        "item_euros": ["1.000,00", "50"],
    }
    kim.submit({**typed, **BOTH}, button=SEND, status=400)
    assert "Dieser Tag gehört nicht zu 2027." in kim.page.text
    assert "1.000,00 €" in kim.page.text, "what can be read adds up beside the grant"
    kim.submit({"item_day": ["2027-05-02", "2027-06-02"]}, button="Speichern und später weiter")
    seen = kim.page.get("input", name="seen").get("value")
    photo = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(photo, "JPEG")
    send_file(kim, here, "paper", photo.getvalue(), action="receipt", seen=seen, **typed)
    kim.get(here)
    assert "Beleg 1" in kim.page.text
    assert kim.page.get("input", name="item_what").get("value") == "Raum", "nothing that was typed is lost"
    kim.submit({**typed, "item_day": ["2027-05-02", "2027-06-02"], **BOTH}, button=SEND)
    assert "Danke, Ihr Nachweis ist bei der Förderstelle." in kim.page.text
    receipt = session.scalars(sa.select(UseProofReceipt.id)).one()
    assert kim.http.get(f"{here}/receipts/{receipt}").content_type == "image/jpeg"

    office = people("funding_office")
    _ask(office)
    assert any("Eine Frage" in (mail.subject or "") for mail in mails_to(session, "kim@example.org"))
    kim.get(here)
    kim.submit({**BOTH}, button=ANSWER, status=400)
    assert "Bitte beantworten Sie die Frage." in kim.page.text
    kim.submit({"answer": "Im Gemeindesaal."}, button=ANSWER)
    proof = session.scalars(sa.select(UseProof)).one()
    session.refresh(proof)
    office.get(f"/funding/use-proofs/{proof.id}")
    assert "Im Gemeindesaal." in office.page.text
    assert office.http.get(f"/funding/use-proofs/{proof.id}/receipts/{receipt}").status_code == 200
    _decide(office)
    claim = session.scalars(sa.select(Reclaim)).one()
    money = people("finance")
    money.get("/funding/reclaims")
    money.follow("Gruppe 1")
    _book(money)
    kim.get(here)
    assert "Nicht anerkannt Bewirtung zählt nicht." in " ".join(kim.page.text.split())
    assert claim.cents == 20_000


def _ask(office):
    """Find the proof that waits, and ask where it was."""
    office.get("/funding")
    office.follow("Verwendungsnachweise")
    office.follow("Koeln 2027")
    office.follow("Gruppe 1")
    until = (day_of(clock.now()) + timedelta(days=10)).isoformat()
    office.submit({"text": "Wo fand das statt?", "until": until}, button="Frage senden")


def _decide(office):
    """Accept all but one expense, tell the group, agree on instalments, propose to waive some of it."""
    office.submit({"reason_2": ""}, button="Entscheiden", status=400)
    assert "damit die Gruppe es versteht" in office.page.get("p", id="reason-2-error").text
    office.submit({"reason_2": "Bewirtung zählt nicht."}, button="Entscheiden")
    office.follow("Zurückzugeben: 200,00 €")
    assert "noch schriftlich mitzuteilen" in office.page.text.lower()
    office.submit(button="Der Gruppe mitteilen")
    office.submit({"count": "61"}, button="Vereinbaren", status=400)
    office.submit({"count": "4"}, button="Vereinbaren")
    assert "50,00 €" in office.page.text
    office.submit({"cents": "100", "reason": "Die Gruppe ist klein."}, button="Vorschlagen")


def _book(money):
    """Waive as the second person, and book what came, when it can have come."""
    money.submit(button="Erlassen")
    money.submit({"cents": "100,01"}, button="Auf die Zuwendung buchen", status=400)
    assert "Bitte geben Sie höchstens 100,00 € an" in money.page.text
    money.submit({"cents": "100", "received_on": "2126-01-01"}, button="Auf die Zuwendung buchen", status=400)
    assert "an welchem Tag das Geld kam" in money.page.text
    assert money.page.get("input", name="cents").get("value") == "100"


def test_a_list_is_answered_cell_by_cell_and_nothing_of_it_is_taken_over(session, paid, people):
    kim = people("group_contact")
    address = path(session, paid, more="/list")
    taken = kim.http.get(path(session, paid, more="/list.csv"))
    head = taken.data.decode("utf-8-sig").splitlines()[0]
    assert head == "Art;Tag;wofür;Euro"
    wrong = f"{head}\nRaummiete;2.3.2027;Raum;12\nMiete von Räumen;32.1.2027;Raum;zwölf\n"
    answer = send_file(kim, address, "file", wrong.encode(), status=400)
    assert [each[:2] for each in answer.text.split("Zelle ")[1:]] == ["A3", "B3", "D3"]
    assert session.scalars(sa.select(UseProof)).all() == []
    right = f"{head}\nRaummiete;2.3.2027;Raum;1200\nSumme;;;1200\n"
    send_file(kim, address, "file", right.encode())
    page = kim.get(path(session, paid))
    assert "Die Zuwendung ist ganz verwendet." in page.text
    again = kim.http.get(path(session, paid, more="/list.csv")).data.decode("utf-8-sig")
    assert again.splitlines()[1].startswith("Raummiete;")
    send_file(kim, address, "file", again.encode())


def test_a_small_grant_is_proven_by_one_number_and_two_at_once_are_told(app, session, paid, people):
    kim, jo = people("group_contact", 1), people("group_contact", 1)
    here = path(session, paid, 1)
    kim.get(here)
    jo.get(here)
    assert "Alle Ausgaben" not in kim.page.text
    kim.submit({"remaining": "700", **BOTH}, button=SEND, status=400)
    assert "Es kann nicht mehr übrig sein, als Sie erhalten haben." in kim.page.text
    jo.submit({"remaining": "1"}, button="Speichern und später weiter", status=409)
    assert "Jemand anders hat diesen Nachweis inzwischen geändert." in jo.page.text
    kim.submit({"remaining": "0"}, button=SEND)
    assert "Kurze Bestätigung: wird geprüft" in kim.page.text
    jo.submit({"remaining": "1", **BOTH}, button=SEND, status=409)
    assert "Was Sie eben gesendet haben, wurde nicht gespeichert." in jo.page.text


def test_a_grant_that_was_revoked_is_given_back_and_not_proven(session, paid, people):
    found = session.get_one(GrantRound, paid.made.id)
    by = {"may_keep_cents": 0, "cause": "revoked", "by": None, "now": clock.now()}
    claim = claim_back(session, paid.made.region, found, paid.made.group_ids[0], **by)
    due = day_of(clock.now()) + timedelta(days=30)
    write_claim(session, claim, due_on=due, interest_from=None, by=1, now=clock.now())
    session.commit()
    kim = people("group_contact")
    here = path(session, paid)
    kim.get(here)
    assert "Die Zuwendung wurde widerrufen" in kim.page.text
    assert "1.200,00 €" in kim.page.text
    assert kim.http.get(f"{here}/letter.pdf").content_type == "application/pdf"
    office = people("funding_office")
    assert office.http.get(f"/funding/reclaims/{claim}/letter.pdf").data.startswith(b"%PDF")
