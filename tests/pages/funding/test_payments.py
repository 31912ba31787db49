"""From posted awards to the file for the bank, as two people see it who do it."""

from __future__ import annotations

import hashlib
import io

import sqlalchemy as sa

from app.funding.models import Payment, PaymentBatch
from app.funding.queries.verifying import verify
from tests.builders.bank_files import booking, statement
from tests.builders.payments import IBANS, give_account, make_awards, make_batch, release


def test_an_account_is_entered_by_one_person_and_confirmed_by_another(session, signed_in):
    awarded = make_awards(session, [50_000, 30_000], with_accounts=False)
    give_account(session, awarded.made.group_ids[0])
    maker = signed_in("finance", name="Mia Macht")
    releaser = signed_in("finance", name="Rolf Gibtfrei")
    maker.get("/funding/payments")
    assert "800,00" in maker.page.text
    page = maker.follow("Koeln 2027")
    assert "kein Konto bekannt" in page.text

    maker.follow("Konto eintragen – Gruppe 2")
    page = maker.submit({"IBAN": "DE12", "Kontoinhaber": "Kim Sommer"}, button="Konto speichern", status=400)
    assert "Prüfziffern" in page.text
    assert 'value="Kim Sommer"' in page.html
    page = maker.submit({"IBAN": IBANS[2]}, button="Konto speichern")
    assert "eine zweite Person" in page.text
    page = maker.follow("Ansehen – Gruppe 2")
    assert "jemand anderes bestätigen" in page.text
    request_id = awarded.made.request_ids[1]
    token = maker.page.get("input", name="form_token").get("value")
    page = maker.post(
        f"/funding/requests/{request_id}/account/confirm",
        data={"form_token": token, "seen": IBANS[2]},
        status=409,
    )
    assert "zweite Person" in page.text
    releaser.get(f"/funding/requests/{request_id}/account")
    page = releaser.submit(button="Ich habe nachgefragt: Das Konto stimmt")
    assert "Das Konto ist bestätigt." in page.text


def test_two_people_pay_the_awards_of_a_round(session, signed_in):
    awarded = make_awards(session, [50_000, 30_000])
    maker = signed_in("finance", name="Mia Macht")
    releaser = signed_in("finance", name="Rolf Gibtfrei")
    maker.get(f"/funding/payments/{awarded.made.region.slug}/2027")
    page = maker.submit({"Tag der Zahlung": "2020-01-01"}, button="Stapel anlegen", status=400)
    assert "höchstens 60 Tage" in page.text
    maker.get(f"/funding/payments/{awarded.made.region.slug}/2027")
    page = maker.submit(button="Stapel anlegen")
    assert "Jetzt gibt ihn eine zweite Person frei." in page.text
    batch = session.scalars(sa.select(PaymentBatch)).one()
    path = f"/funding/batches/{batch.id}"
    assert maker._client.get(f"{path}/file").status_code == 409
    page = maker.post(
        f"{path}/release",
        data={"form_token": maker.page.get("input", name="form_token").get("value")},
        status=409,
    )
    assert "zweite Person" in page.text

    releaser.get(path)
    page = releaser.submit(button="Endgültig freigeben")
    assert "freigegeben und gebucht" in page.text
    first = releaser._client.get(f"{path}/file")
    assert first.headers["Content-Disposition"] == f'attachment; filename="{batch.reference}.xml"'
    assert maker._client.get(f"{path}/file").data == first.data
    session.refresh(batch)
    assert hashlib.sha256(first.data).hexdigest() == batch.sha256
    page = releaser.submit(button="Niemand weiß, ob sie ankam")
    assert "Nichts wird von selbst noch einmal geschickt." in page.text
    page = releaser.submit(button="Die Bank hat sie")
    assert "Die Bank hat die Datei." in page.text
    session.rollback()
    assert set(session.scalars(sa.select(Payment.state))) == {"sent"}
    page = maker.get(f"/funding/runs/{awarded.run_id}")
    assert "Auszahlungen buchen" not in page.text


def test_a_region_says_from_which_account_it_pays(session, signed_in):
    awarded = make_awards(session, [50_000])
    maker = signed_in("finance")
    path = f"/funding/payments/{awarded.made.region.slug}/account"
    maker.get(path)
    page = maker.submit({"Kontoinhaber": "", "IBAN": IBANS[1]}, button="Konto speichern", status=400)
    assert "Namen an, den die Bank kennt" in page.text
    page = maker.submit({"Kontoinhaber": "Fördertopf Süd"}, button="Konto speichern")
    assert "Fördertopf Süd" in page.text
    office = signed_in("funding_office", region=awarded.made.region.id)
    assert office._client.get(path).status_code == 404


def test_the_files_of_the_bank_are_read_and_what_fits_nothing_is_listed(session, signed_in):
    awarded = make_awards(session, [50_000, 30_000])
    batch_id = make_batch(session, awarded.made.id)
    release(session, batch_id)
    reference = session.get_one(PaymentBatch, batch_id).reference
    finance = signed_in("finance")
    page = send_file(finance, b"", status=400)
    assert "Bitte wählen Sie zuerst eine Datei" in page.text
    page = send_file(finance, b"<html/>", status=400)
    assert "pain.002, camt.053 oder camt.054" in page.text
    back = booking(30_000, on="2026-03-02", end_to_end=f"{reference}-2", is_debit=False, reason="AC04")
    done = booking(50_000, on="2026-03-01", end_to_end=f"{reference}-1")
    content = statement(IBANS[0], done, back, booking(7, on="2026-03-01"))
    page = send_file(finance, content)
    assert "passten: 2, schon bekannt: 0, ohne Zahlung: 1" in page.text
    page = send_file(finance, content)
    assert "passten: 0, schon bekannt: 3" in page.text
    assert "0,07" in page.text
    fields = {name: finance.page.get("input", name=name).get("value") for name in ("form_token", "line")}
    page = finance.post("/funding/payments/bank/settled", data=fields)
    assert "Nichts wartet" in page.text
    page = finance.get(f"/funding/batches/{batch_id}")
    assert "AC04" in page.text
    assert finance._client.get(f"/funding/batches/{batch_id}/file").status_code == 409
    page = finance.submit(button="Noch einmal zusagen – Gruppe 2")
    assert "noch einmal zugesagt" in page.text
    session.rollback()
    assert verify(session).faults == ()


def send_file(browser, content, *, status=200):
    browser.get("/funding/payments/bank")
    token = browser.page.get("input", name="form_token").get("value")
    data = {"form_token": token, "file": (io.BytesIO(content), "bank.xml")}
    return browser.post(
        "/funding/payments/bank", data=data, status=status, content_type="multipart/form-data"
    )


def test_somebody_else_says_how_much_a_person_can_release_a_day(session, signed_in):
    finance = signed_in("finance", name="Fred Freigabe", email="fred@example.org")
    finance.get("/funding")
    finance.follow("Freigabegrenzen")
    finance.follow("Verlauf – Fred Freigabe")
    assert "Niemand setzt die eigene Grenze." in finance.page.text
    admin = signed_in("admin", name="Ada Amt")
    admin.get("/accounts")
    admin.follow("Freigabegrenzen")
    admin.follow("Ändern – Fred Freigabe")
    admin.submit({"Höchstens am Tag, in Euro": "1000000000000"}, button="Grenze setzen", status=400)
    assert "Bitte prüfen" in admin.page.text
    for sum_ in ("5.000", "2.500,50"):
        admin.submit({"Höchstens am Tag, in Euro": sum_}, button="Grenze setzen")
        admin.follow("Ändern – Fred Freigabe")
    assert "2.500,50 € am Tag." in admin.page.text
    assert "5.000,00 € – Ada Amt" in admin.page.text
