"""Notices as the funding office makes and sends them, and as the group reads them."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from app.funding.models import DirectNoticeAct, Notice
from app.funding.rules.ledger_accounts import a_group
from app.funding.services.notices import set_office
from app.groups.meetings.schedules import day_of
from app.groups.models import Group
from app.shared import clock
from tests.builders.groups import NOW
from tests.builders.notices import OFFICE, make_all, make_direct_notice, make_posted, post_all
from tests.builders.rounds import make_round
from tests.support.mailbox import link_in


@pytest.fixture
def made(session):
    return make_round(session, [120_000, 40_000, 90_000], pot_cents=200_001)


@pytest.fixture
def run_id(session, made):
    """A posted run: one of the groups has a name that cannot be printed, and nobody has said who issues notices."""
    run_id = make_posted(session, made)
    session.execute(sa.text("DELETE FROM notice_office"))
    session.get_one(Group, made.group_ids[1]).name = "Gruppe 希望"
    return run_id


def test_the_office_says_who_issues_notices_before_they_are_made(session, signed_in, made, run_id):
    office = signed_in("funding_office", region=made.region.id, name="Ute Entwurf")
    office.get(f"/funding/runs/{run_id}")
    office.follow("Bescheide an die Gruppen")
    assert "noch nicht angegeben" in office.page.text
    office.follow("Angeben, wer sie erlässt")
    wrong = {"Stelle, die entscheidet": "GKV Köln", "Postleitzahl": "5066"}
    page = office.submit(wrong, button="Speichern", status=400)
    assert "Eine Postleitzahl hat fünf Ziffern." in page.text
    assert page.get("input", name="body").get("value") == "GKV Köln"
    given = {"Straße und Hausnummer": OFFICE.street, "Postleitzahl": "40213", "Ort": "Düsseldorf"}
    page = office.submit({**given, "Wer dafür einsteht und antwortet": "Ute Entwurf"}, button="Speichern")
    assert page.heading == "Bescheide an die Gruppen"
    page = office.submit(button="Bescheide erstellen")
    assert "Alle Bescheide sind erstellt" in page.text
    assert "1 Bescheid wird zurückgehalten" in page.text
    assert "„希“ (U+5E0C)" in page.text or "“希” (U+5E0C)" in page.text
    assert "erstellt, noch nicht versendet" in page.text


def give_back_and_post_anew(office, session, today):
    back = {"Aktenzeichen": "koeln-2027-b00009", "Anschrift für Briefe": "Weg 5\n50667 Köln"}
    page = office.submit(back, button="Speichern", status=400)
    assert "keinen Brief mit diesem Aktenzeichen" in page.text
    page = office.submit({**back, "Aktenzeichen": "koeln-2027-b00002"}, button="Speichern")
    assert "1 davon ein zweites Mal" in page.text
    assert "neue Anschrift" in page.text
    assert (
        b"Weg 5"
        not in session.scalars(sa.select(Notice.body).where(Notice.number == "KOELN-2027-B00002")).one()
    )
    printed = PdfReader(io.BytesIO(office._client.get(f"{office.page.url.split('?')[0]}.pdf").data))
    assert "Weg 5" in printed.pages[0].extract_text()
    office.submit({"Zur Post gegeben am": today}, button="Diese sind zur Post gegeben")


def test_from_the_posted_run_to_a_group_that_reads_its_notice(session, signed_in, made, run_id):
    set_office(session, made.region, OFFICE, now=NOW)
    slug = session.get_one(Group, made.group_ids[0]).slug
    contact = signed_in("group_contact", group=made.group_ids[0], email="kim@example.org")
    contact.get(f"/accounts/groups/{slug}/funding")
    contact.follow("Per Mail kommen lassen oder eine Anschrift angeben")
    assert "Bescheide kommen mit der Post" in contact.page.text
    page = contact.submit({"Anschrift für Briefe": "Weg 1"}, button="Speichern", status=400)
    assert "wie auf einem Umschlag" in page.text
    page = contact.submit({"way": "mail", "Anschrift für Briefe": ""}, button="Speichern")
    assert "Eingewilligt haben Sie am" in page.text
    office = signed_in("funding_office", region=made.region.id, name="Ute Entwurf")
    office.get(f"/funding/runs/{run_id}/notices")
    office.submit(button="Bescheide erstellen")
    contact.get(f"/accounts/groups/{slug}/funding")
    notice_id = session.scalars(sa.select(Notice.id).where(Notice.group_id == made.group_ids[0])).one()
    contact.get(f"/funding/notices/{notice_id}", status=404)  # not before it is sent

    page = office.submit(button="Bescheide per Mail versenden")
    assert "per Mail am" in page.text
    office.follow("Briefe drucken und zur Post geben")
    printed = PdfReader(io.BytesIO(office._client.get(f"{office.page.url.split('?')[0]}.pdf").data))
    assert len(printed.pages) == 2
    assert "Gruppe 3" in printed.pages[0].extract_text()
    today = day_of(clock.now()).isoformat()
    page = office.submit(
        {"Zur Post gegeben am": "2020-01-01"}, button="Diese sind zur Post gegeben", status=400
    )
    assert "kann nicht vor dem" in page.text
    page = office.submit({"Zur Post gegeben am": today}, button="Diese sind zur Post gegeben")
    assert "Kein Brief wartet" in page.text
    give_back_and_post_anew(office, session, today)
    office.get(f"/funding/runs/{run_id}/notices")
    assert "zurückgekommen am" in office.page.text
    office.follow("KOELN-2027-B00001")
    assert "Gruppe 1" in office.page.text
    assert "Widerspruch bis" in office.page.text

    contact.get(link_in(session, "kim@example.org"))
    assert contact.page.heading == "Teilbewilligung KOELN-2027-B00001"
    assert "Die Gruppe erhält" in contact.page.text
    letter = contact._client.get(f"/funding/notices/{notice_id}/letter.pdf").data
    assert letter == session.get_one(Notice, notice_id).body
    contact.get(f"/accounts/groups/{slug}/funding")
    office.get(f"/funding/runs/{run_id}/notices?q=gruppe+1")
    assert "geöffnet am" in office.page.text
    assert "KOELN-2027-B00002" not in office.page.text

    stranger = signed_in("group_contact", group=made.group_ids[2])
    stranger.get(f"/funding/notices/{notice_id}", status=404)


def test_an_objection_is_entered_by_one_and_decided_by_another(session, signed_in, made, run_id):
    set_office(session, made.region, OFFICE, now=NOW)
    notice_id = make_all(session, run_id)[made.group_ids[0]].id
    post_all(session, run_id, [notice_id], now=clock.now())
    office = signed_in("funding_office", region=made.region.id, name="Ute Entwurf")
    office.get(f"/funding/runs/{run_id}/notices/{notice_id}")
    page = office.submit({"Eingegangen am": "2020-01-01"}, button="Widerspruch erfassen", status=400)
    assert "nach dem Absenden des Bescheids" in page.text
    day = day_of(clock.now()).isoformat()
    page = office.submit({"Eingegangen am": day}, button="Widerspruch erfassen")
    assert "Sie haben ihn erfasst" in page.text
    assert "rechtzeitig" in page.text
    finance = signed_in("finance", name="Fritz Zweit")
    finance.get(f"/funding/runs/{run_id}/notices/{notice_id}")
    page = finance.submit({"Betrag aus der Reserve, in Euro": ""}, button="Abhelfen", status=400)
    assert "Bitte geben Sie die Summe an." in page.text
    page = finance.submit({"Betrag aus der Reserve, in Euro": "399"}, button="Abhelfen", status=400)
    assert "Bitte sagen Sie, warum" in page.text
    page = finance.submit({"Warum": "Belegt."}, button="Abhelfen", status=409)
    assert "399" in page.get("input", name="cents").get("value")
    page = finance.submit(button="Zurückweisen")
    assert "Der Widerspruch ist zurückgewiesen" in page.text


def test_a_group_reads_what_was_decided_about_a_single_request(session, signed_in, made):
    notice = make_direct_notice(session, a_group(made.group_ids[0]))
    contact = signed_in("group_contact", group=made.group_ids[0])
    contact.get(f"/accounts/groups/{session.get_one(Group, made.group_ids[0]).slug}/funding")
    page = contact.follow(f"Lesen: {notice.number}")
    assert "Selbsthilfetag" in page.text
    assert contact._client.get(f"/funding/decisions/{notice.id}/letter.pdf").data == notice.body
    assert session.get(DirectNoticeAct, (notice.id, "opened", 0)).done_by is not None
    stranger = signed_in("group_contact", group=made.group_ids[1])
    stranger.get(f"/funding/decisions/{notice.id}", status=404)
