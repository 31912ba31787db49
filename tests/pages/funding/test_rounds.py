"""From opening a round to posting and paying it, as those see it who do it."""

from __future__ import annotations

import hashlib
import io

import pytest
import sqlalchemy as sa

from app.funding.models import AllocationRun, FundingRegion, GrantRequest
from app.funding.queries.verifying import verify
from app.groups.models import Group
from tests.builders.funding import make_insurer, make_region
from tests.builders.groups import make_group, make_house
from tests.builders.rounds import INSURER, KOELN, fill_pot, make_round
from tests.support.others import Other
from tests.support.page import read

HEAD = "group;requested;members;expenses;own;others;new;received"


@pytest.fixture
def region(session):
    region_id = make_region(session, "koeln", name="Köln", districts=[KOELN])
    house = make_house(session)
    for name in ("Angst Köln", "Bluthochdruck", "Cluster"):
        make_group(session, name=name, clearinghouse_id=house)
    make_insurer(session, INSURER)
    found = session.get_one(FundingRegion, region_id)
    fill_pot(session, found, 100_001)
    return found


def open_form(office, name):
    office.get("/funding/rounds/koeln/2027/requests/new")
    office.submit({"Name der Gruppe": name}, button="Nachsehen")
    office.follow(f"Für diese Gruppe erfassen – {name}")


def test_a_round_is_opened_and_requests_are_entered(session, signed_in, region):
    office = signed_in("funding_office", region=region.id, name="Ute Entwurf")
    office.get("/funding")
    office.follow("Förderrunden")
    assert "Noch keine Runde" in office.page.text
    office.follow("Runde eröffnen – Köln")
    page = office.submit(
        {"Förderjahr": "2027", "Anträge ab": "2027-04-01"},
        button="Runde eröffnen",
        status=400,
    )
    assert "ist der 31. März 2027 der letzte Tag für 2027" in page.text
    page = office.submit({"Anträge ab": "2026-01-01"}, button="Runde eröffnen")
    assert page.heading == "Köln 2027"
    assert "koeln/2027/" in page.text
    office.submit({"Anträge bis": "2027-03-31", "Warum?": "Poststreik"}, button="Verlängern", status=400)
    assert "Bitte wählen Sie einen Tag nach dem 31. März 2027" in office.page.text
    office.submit({"Anträge bis": "2027-04-15"}, button="Verlängern")
    assert "Verlängert bis 15. April 2027: Poststreik" in office.page.text

    for name, requested in (("Angst Köln", "1.200,00"), ("Bluthochdruck", "300"), ("Cluster", "900,50")):
        open_form(office, name)
        page = office.submit(
            {"Beantragt, in Euro": "1,234", "Mitglieder": "8"}, button="Antrag speichern", status=400
        )
        assert "Bitte schreiben Sie den Betrag in Euro" in page.text
        page = office.submit({"Beantragt, in Euro": requested}, button="Antrag speichern")
        assert "Von wem ist der nächste?" in page.text


@pytest.mark.long
@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_who_opens_a_round_that_another_opens_in_the_same_moment_reads_that_there_is_one(
    session, signed_in, region
):
    office = signed_in("funding_office", region=region.id)
    other = Other(session.get_bind())
    given = {"region": region.id}
    session.rollback()
    office.get("/funding/rounds")
    office.follow("Runde eröffnen – Köln")
    other.hold(
        "INSERT INTO grant_round (region_id, year, seed, opens_on, closes_on, created_at)"
        " VALUES (:region, 2027, 'x', '2026-01-01', '2027-03-31', now())",
        **given,
    )
    thread = other.go_on("SELECT 1")  # lets go once the view waits for the same line of the index
    office.submit({"Förderjahr": "2027", "Anträge ab": "2026-01-01"}, button="Runde eröffnen", status=400)
    thread.join()
    assert "Köln hat für 2027 schon eine Runde." in office.page.text


def test_a_draft_until_it_is_paid(session, signed_in):
    made = make_round(session, [120_000, 30_000, 90_050], pot_cents=100_001)
    office = signed_in("funding_office", region=made.region.id, name="Ute Entwurf")
    finance = signed_in("finance", name="Fritz Zweit")
    office.get("/funding/rounds/koeln/2027")
    office.follow("Entwurf anlegen")
    page = office.submit({"Kleinste sinnvolle Zuwendung": "800"}, button="Verteilen", status=400)
    assert "Der Topf ist zu klein für je 800,00" in page.text
    page = office.submit(
        {"Kleinste sinnvolle Zuwendung": "", "Reserve in Prozent": "10", "Name des Entwurfs": "Zehn Prozent"},
        button="Verteilen",
    )
    assert page.heading == "Zehn Prozent"
    assert "Die Gruppe erhält 300,00\xa0€: alles, was möglich ist." in page.text.replace(" €", "\xa0€")
    run_id = session.scalars(sa.select(AllocationRun.id)).one()
    office.submit(button="Entwurf prüfen")
    assert "auf den Cent das Gleiche" in office.page.text
    assert "muss ihn jemand anderes freigeben" in office.page.text
    page = office.post(
        f"/funding/runs/{run_id}/approve",
        data={"form_token": office.page.get("input", name="form_token").get("value")},
        status=409,
    )
    assert "eine zweite Person freigeben" in page.text

    finance.get(f"/funding/runs/{run_id}")
    finance.submit(button="Freigeben")
    page = finance.submit(button="Endgültig buchen")
    assert "Jede Zuwendung ist zugesagt." in page.text
    assert "3 Zuwendungen über zusammen 900,00" in page.text
    page = finance.submit(button="Auszahlungen buchen")
    assert "Die Auszahlungen sind gebucht." in page.text
    assert verify(session).faults == ()

    english = finance.get(f"/en/funding/runs/{run_id}?q=2")
    assert "The group gets €300.00: all that is possible." in english.text
    assert "Gruppe 1" not in english.text


def test_what_is_hashed_can_be_taken_along_and_a_draft_out_of_date_says_so(session, signed_in):
    made = make_round(session, [70_000, 40_000], pot_cents=90_000)
    office = signed_in("funding_office", region=made.region.id)
    office.get("/funding/rounds/koeln/2027/runs/new")
    office.submit(button="Verteilen")
    run = session.scalars(sa.select(AllocationRun)).one()
    client = office._client
    for which, hashed in (("input", run.input_hash), ("result", run.result_hash)):
        answer = client.get(f"/funding/runs/{run.id}/{which}")
        assert hashlib.sha256(answer.data).hexdigest() == hashed
    assert "700,00;700,00;0,00;500,00" in client.get(f"/funding/runs/{run.id}/awards.csv").text
    assert client.get(f"/funding/runs/{run.id}/awards.xlsx").status_code == 200

    office.get(f"/funding/requests/{made.request_ids[0]}")
    first = office.page
    office.submit({"Beantragt, in Euro": "650"}, button="Antrag speichern")
    office._page = first
    page = office.submit({"Beantragt, in Euro": "600"}, button="Antrag speichern", status=409)
    assert "650,00" in read(page.get("table"))
    assert "600" in read(page.get("table"))
    page = office.submit(button="Antrag speichern")
    assert "Der Antrag ist geändert." in page.text
    page = office.get(f"/funding/runs/{run.id}")
    assert "Seit dem Entwurf hat sich geändert: 1 Antrag." in page.text
    page = office.submit({"Warum?": ""}, button="Verwerfen", status=400)
    assert "Bitte wählen Sie einen Grund." in page.text
    page = office.submit({"Warum?": "mistake"}, button="Verwerfen")
    assert "verworfen: aus Versehen angelegt" in page.text
    office.get(f"/funding/requests/{made.request_ids[1]}")
    page = office.submit(button="Endgültig zurückziehen")
    assert "Der Antrag ist zurückgezogen." in page.text
    page = office.get("/funding/rounds/koeln/2027/requests?standing=withdrawn")
    assert "1 Antrag" in page.text


def test_what_a_group_is_entitled_to_besides_is_paid_from_money_of_its_own(session, signed_in):
    made = make_round(session, [70_000, 70_000], pot_cents=90_000)
    office = signed_in("funding_office", region=made.region.id)
    office.get(f"/funding/requests/{made.request_ids[0]}")
    page = office.submit({"Für Dolmetschen, in Euro": "-1"}, button="Antrag speichern", status=400)
    assert "Bitte schreiben Sie den Betrag in Euro" in page.text
    office.submit({"Für Dolmetschen, in Euro": "100"}, button="Antrag speichern")
    assert "Der Antrag ist geändert." in office.page.text
    office.get("/funding/rounds/koeln/2027/runs/new")
    page = office.submit({"Für Dolmetschen, in Euro": "900,01"}, button="Verteilen", status=400)
    assert "sind für all das nur 900,00" in page.text
    page = office.submit({"Für Dolmetschen, in Euro": "150"}, button="Verteilen")
    assert "150,00 € davon sind für Dolmetschen." in page.text.replace("\xa0", " ")
    assert "Für Dolmetschen erhält sie 100,00 €" in page.text.replace("\xa0", " ")
    assert ";100,00;" in office._client.get("/funding/rounds/koeln/2027/requests.csv").text


def send(office, content, *, name="liste.csv", status=200):
    office.get("/funding/rounds/koeln/2027/requests/import")
    token = office.page.get("input", name="form_token").get("value")
    data = {"form_token": token, "file": (io.BytesIO(content), name)}
    return office.post(
        "/funding/rounds/koeln/2027/requests/import",
        data=data,
        status=status,
        content_type="multipart/form-data",
    )


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_list_of_requests_goes_out_and_comes_in_the_same(session, signed_in, kind):
    made = make_round(session, [70_050, 40_000], pot_cents=90_000)
    office = signed_in("funding_office", region=made.region.id)
    path = f"/funding/rounds/koeln/2027/requests.{kind}"
    content = office._client.get(path).data
    page = send(office, content, name=f"liste.{kind}")
    assert "0 neu, 0 geändert, 2 wie zuvor" in page.text
    if kind == "csv":
        assert office._client.get(path).data == content
        assert content.decode("utf-8-sig").startswith("Gruppe;beantragt;Mitglieder;")
        for language in ("en", "nl"):
            assert "2 wie zuvor" in send(office, office._client.get(f"/{language}{path}").data).text
    assert {row.version for row in session.scalars(sa.select(GrantRequest))} == {1}


def test_a_list_is_taken_over_whole_or_not_at_all(session, signed_in):
    made = make_round(session, [70_000])
    late = make_group(session, name="Spät", clearinghouse_id=make_house(session, "Haus Spät"))
    slugs = dict(session.execute(sa.select(Group.id, Group.slug)).tuples().all())
    office = signed_in("funding_office", region=made.region.id)
    known, new = slugs[made.group_ids[0]], slugs[late]
    wrong = f"{HEAD}\n{known};650,00;9;;;;;2024-11-02\n{new};1,5x;0;;;;;\nkein-name;5;5;;;;;2024-11-02"
    page = send(office, wrong.encode(), status=400)
    assert "Zelle B3: „1,5x“ ist kein Betrag" in page.text
    assert "Zelle C3" in page.text
    assert "Zelle H3: hier fehlt etwas." in page.text
    page = send(
        office, f"{HEAD}\n{new};5;5;;;;;2024-11-02\nkein-name;5;5;;;;;2024-11-02".encode(), status=400
    )
    assert "Zelle A3: in dieser Region ist keine Gruppe „kein-name“ eingetragen." in page.text
    page = send(office, f"{HEAD}\n{new};5;5;;;;;2024-11-02\ntotal;6".encode(), status=400)
    assert "Zelle B3: die Zeilen darüber ergeben nicht „6“." in page.text
    page = send(office, b"PK\x03\x04 damaged", status=400)
    assert "Diese Datei kann nicht gelesen werden." in page.text
    page = send(office, b"", status=400)
    assert "oder es ist keine gewählt" in page.text
    assert len(session.scalars(sa.select(GrantRequest)).all()) == 1
    page = send(
        office, f"{HEAD}\n{known};650,00;9;;;;;2.11.2024\n{new};5;5;;;;ja;2024-11-02\ntotal;655".encode()
    )
    assert "1 neu, 1 geändert, 0 wie zuvor" in page.text
