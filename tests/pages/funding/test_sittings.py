"""A joint sitting as those see it who plan it, decide in it, and advise it."""

from __future__ import annotations

import hashlib

import pytest
import sqlalchemy as sa

from app.funding.models import AllocationRun, Sitting, SittingDecision
from app.funding.services.requests import change_request
from app.shared.outbox import OutboxMail
from app.shared.transactions import transaction
from tests.builders.accounts import make_user
from tests.builders.funding import make_insurer
from tests.builders.groups import NOW
from tests.builders.rounds import make_request, make_round
from tests.builders.sittings import make_sitting
from tests.support.pdf import read_pdf


@pytest.fixture
def made(session):
    made = make_round(session, [50_000, 30_000, 40_000, 20_000], pot_cents=110_000)
    made.region.lead_insurer_id = make_insurer(session, name="Kasse am Rhein")
    return made


def plain(page):
    return page.text.replace("\xa0", " ")


def plan(office):
    office.get("/funding/rounds/koeln/2027")
    office.follow("Sitzungen ansehen")
    office.follow("Sitzung planen")
    page = office.submit({"Tag": "2027-04-20", "Ort": ""}, button="Planen", status=400)
    assert "Bitte geben Sie einen Ort oder einen Link an." in page.text
    office.submit({"Ort": "Rathaus", "Wie viele da sein": "1"}, button="Planen")


def test_it_is_planned_papers_go_out_and_representatives_advise(session, signed_in, made):
    office = signed_in("funding_office", region=made.region.id, name="Ute Amt")
    make_user(session, "insurer_officer", insurer=made.region.lead_insurer_id)
    make_user(session, "insurer_officer", name="Andere Kasse")
    speaker = signed_in("representative", name="Rita Rat")
    plan(office)
    assert office.page.heading == "Vergabesitzung am 20. April 2027"
    assert "0 von 4 entschieden" in office.page.text
    sitting_id = session.scalars(sa.select(Sitting.id)).one()
    office.submit(button="Unterlagen verschicken")
    assert "Die Unterlagen sind unterwegs" in office.page.text
    mails = session.scalars(sa.select(OutboxMail).where(OutboxMail.purpose == "sitting-papers")).all()
    assert len(mails) == 3  # not the officer of an insurer that does not pay into this pot
    assert all(
        "Gruppe 1" not in mail.body_text and f"/sittings/{sitting_id}" in mail.body_text for mail in mails
    )

    speaker.get("/funding")
    speaker.follow("Zur Sitzung")
    page = speaker.submit({"Ihre Anmerkung": " "}, button="Anmerkung abgeben", status=400)
    assert "Bitte schreiben Sie, was Sie sagen möchten." in page.text
    speaker.submit({"Ihre Anmerkung": "Bitte kleine Gruppen zuerst."}, button="Anmerkung abgeben")
    speaker.follow("Gruppe 1")
    assert "Eintragen und weiter" not in speaker.page.text
    speaker.submit({"Ihre Anmerkung": "Wichtig für <alle>."}, button="Anmerkung abgeben")

    office.get(f"/funding/sittings/{sitting_id}")
    assert "Bitte kleine Gruppen zuerst." in office.page.text
    office.submit(button="Sitzung eröffnen")
    office.follow("Nächster offener Antrag")
    assert "Wichtig für <alle>." in office.page.text
    page = office.submit({"outcome": "granted"}, button="Eintragen und weiter", status=409)
    assert "Bitte vermerken Sie zuerst, wer da ist." in page.text
    office.get(f"/funding/sittings/{sitting_id}")
    office.submit({"Name": "Ingo Kasse", "Für wen": "Kasse am Rhein"}, button="Als anwesend vermerken")
    office.submit(button="Zurücknehmen")
    assert "0, die entscheiden" in office.page.text
    for nosy in (signed_in("funding_office"), signed_in("insurer_officer"), signed_in("group_contact")):
        nosy.get(f"/funding/sittings/{sitting_id}", status=404)
        nosy.get(f"/funding/sittings/{sitting_id}/requests/{made.request_ids[0]}", status=404)


def test_requests_are_decided_one_by_one(session, signed_in, made):
    sitting_id = make_sitting(session, made.id, opened=True)
    office = signed_in("funding_office", region=made.region.id, name="Ute Amt")
    insurer = signed_in("insurer_officer", insurer=made.region.lead_insurer_id, name="Ingo Kasse")
    insurer.get("/funding/sittings")
    insurer.follow("20. April 2027 – Koeln 2027")
    insurer.follow("Nächster offener Antrag")
    assert insurer.page.heading == "Gruppe 1"
    page = insurer.submit({"outcome": "part"}, button="Eintragen und weiter", status=409)
    assert "Bitte wählen Sie einen Grund, der zur Entscheidung gehört." in page.text
    page = insurer.submit({"Grund": "costs"}, button="Eintragen und weiter", status=409)
    assert "Bitte geben Sie an, wie viel die Gruppe bekommt." in page.text
    office.get(f"/funding/sittings/{sitting_id}/requests/{made.request_ids[0]}")
    insurer.submit(
        {"Betrag in Euro": "400", "In eigenen Worten": "Ohne Fahrten."}, button="Eintragen und weiter"
    )
    assert insurer.page.heading == "Gruppe 2"
    assert "Die Entscheidung davor ist eingetragen." in insurer.page.text
    assert "700,00 €" in plain(insurer.page)
    page = office.submit({"outcome": "granted"}, button="Eintragen und weiter", status=409)
    assert "Ingo Kasse hat inzwischen eine Entscheidung eingetragen" in page.text
    assert "teilweise bewilligt, 400,00 €" in plain(page)
    office.submit({"outcome": "granted"}, button="Entscheidung ersetzen")
    decided = session.scalars(sa.select(SittingDecision.cents).order_by(SittingDecision.id)).all()
    assert decided == [40_000, 50_000]
    with transaction() as writing:
        change_request(writing, made.request_ids[1], make_request(35_000), version=1, now=NOW)
    page = insurer.submit({"outcome": "granted"}, button="Eintragen und weiter", status=409)
    assert "Beantragt sind jetzt 350,00 €" in plain(page)


def test_many_are_decided_as_proposed_and_the_end_is_minuted(session, signed_in, made):
    sitting_id = make_sitting(session, made.id, opened=True)
    office = signed_in("funding_office", region=made.region.id, name="Ute Amt")
    speaker = signed_in("representative", name="Rita Rat")
    speaker.get(f"/funding/sittings/{sitting_id}/requests/{made.request_ids[0]}")
    speaker.submit({"Ihre Anmerkung": "Wichtig für <alle>."}, button="Anmerkung abgeben")
    office.get(f"/funding/sittings/{sitting_id}")
    page = office.submit(button="Die angekreuzten entscheiden", status=400)
    assert "Bitte kreuzen Sie die Anträge an" in page.text
    office.submit(button="Alle 4 offenen entscheiden")
    assert "Wie vorgeschlagen entschieden: 3 von 4" in office.page.text
    assert "erledigt: bewilligt, 500,00 €" in plain(office.page)
    assert "noch 300,00 € übrig; gebraucht werden 400,00 €." in plain(office.page)
    page = office.submit(button="Sitzung endgültig schließen", status=409)
    assert "1 Antrag ist nicht entschieden." in page.text
    office.submit({"Was nicht entschieden ist": ["y"]}, button="Sitzung endgültig schließen")
    assert "Die Sitzung ist geschlossen" in office.page.text

    answer = office._client.get(f"/funding/sittings/{sitting_id}/minutes.pdf")
    assert hashlib.sha256(answer.data).hexdigest() in office.page.text
    told = read_pdf(answer.data)
    assert told.title == "Niederschrift der Vergabesitzung vom 20. April 2027"
    assert told.elements["Table"] == 3
    assert "Ada Kasse" in told.text
    assert "Wichtig für <alle>." in told.text
    speaker.get(f"/funding/sittings/{sitting_id}")
    page = speaker.submit({"Zu Protokoll": "disagrees"}, button="Zu Protokoll geben")
    assert "stimmt nicht zu" in page.text
    run = session.scalars(sa.select(AllocationRun)).one()
    assert run.awarded_cents == 100_000
    page = signed_in("finance").get(f"/funding/runs/{run.id}")
    assert "Die Krankenkassen haben in ihrer gemeinsamen Vergabesitzung am 20. April 2027" in page.text
    assert "Vergabesitzung am 20. April 2027" in page.links
