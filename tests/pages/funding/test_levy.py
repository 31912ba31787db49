"""The pages of the levy: what is due, and from what it is reckoned."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.funding.demo.levy import make_demo_levy
from app.funding.models import InsuredCount
from app.funding.queries.levy import flat_percents_of, insured_of, plans_of, rates
from app.funding.rules.level_plan import GROUPS
from app.funding.services.reference import load_funding_reference
from app.shared import clock
from app.shared.history import HistoryEntry

BIG = 2_000_001


@pytest.fixture
def finance(session, signed_in):
    load_funding_reference(session)
    make_demo_levy(session, until=2026)
    session.commit()
    return signed_in("finance")


def send_file(browser, content, *, year=2026, status=200):
    """Send a file as a browser does; the test client's own way would leave a temporary file open."""
    browser.get(f"/funding/levy/{year}/insured")
    token = browser.page.get("input", name="form_token").get("value")
    boundary, data = encode_multipart(
        {"form_token": token, "file": FileStorage(io.BytesIO(content), "insured.csv")}
    )
    return browser._open(
        f"/funding/levy/{year}/insured",
        status=status,
        method="POST",
        data=data,
        content_type=f'multipart/form-data; boundary="{boundary}"',
    )


def figures(session, year=2026):
    session.rollback()
    return insured_of(session, year)


def actions(session):
    levy = sa.select(HistoryEntry.action).where(HistoryEntry.action.like("levy.%"))
    return list(session.scalars(levy.order_by(HistoryEntry.id)))


def test_a_year_shows_its_rate_the_check_and_sums_that_agree(finance):
    page = finance.get("/funding/levy?year=2026")
    assert page.heading == "Umlage 2026"
    assert "1,44 € je versicherte Person" in page.text
    assert "Techniker Krankenkasse" in page.text
    assert "1,43 € von 2016 an in einem Schritt" in page.text
    assert "es gilt der Satz" in page.text
    assert page.text.count("7.456.000") == 3
    assert page.text.count("10.736.640,00") >= 3
    rows = finance.get("/funding/levy?year=2024").text
    assert "es gilt der Satz" not in rows
    assert "Noch keine Versicherten" in rows
    answer = finance._client.get("/funding/levy.csv?year=2026")
    lines = answer.get_data().decode("utf-8-sig").splitlines()
    assert len(lines) == 359
    assert lines[0].startswith("Jahr;Krankenkasse;Kassenart")
    cents = sum(int(line.split(";")[6].replace(",", "")) for line in lines[1:])
    assert cents == 1_073_664_000
    assert finance._client.get("/funding/levy.xlsx?year=2026").status_code == 200


def test_a_file_is_looked_at_before_it_is_stored_and_takes_the_place_of_all_figures(finance, session):
    lines = ["\ufeffKrankenkasse;Land;Versicherte", "Techniker Krankenkasse;Bayern;2000000", "tk;05;3000000"]
    content = "\n".join([*lines, "tk;Summe;5000000"])
    page = send_file(finance, content.encode())
    assert "5.000.000 Versicherte in 2 Zahlen" in page.text
    assert "Sie ersetzt alle Zahlen von 2026, zusammen 7.456.000" in page.text
    assert "genau hinsehen" in page.text
    assert len(figures(session)) == 358
    finance.submit(button="Diese Zahlen speichern")
    assert "Die Versicherten sind gespeichert" in finance.page.text
    assert figures(session) == {("tk", "09"): 2_000_000, ("tk", "05"): 3_000_000}
    finance.get("/funding/levy/2026/insured")
    finance.submit(
        {"Krankenkasse": "tk", "Bundesland": "09", "Versicherte": "0"}, button="Zahl berichtigen", status=400
    )
    assert "ganze Zahl von 1 bis" in finance.page.text
    finance.submit({"Versicherte": "1999999"}, button="Zahl berichtigen")
    assert "Die Zahl ist berichtigt" in finance.page.text
    assert figures(session)["tk", "09"] == 1_999_999
    assert actions(session) == ["levy.insured_stored", "levy.insured_corrected"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "zuerst eine Datei"),
        (b"insurer,state,insured\nxy,05,3\ntk,05,0", "Zeile 3, Versicherte: 0 ist zu wenig"),
        (b"insurer,state,insured\ntk,05,3\ntk,sum,4", "Als Summe steht dort 4, die Zeilen ergeben 3."),
        (b"insurer,state,insured\ntk,05,-3", "Zeile 2, Versicherte: -3 ist zu wenig"),
        (b"insurer,state,insured\ntk,05,1.5", "1.5“ ist keine ganze Zahl"),
        (b"insurer,state,insured\ntk,05,999999999999999999999999", "ist zu viel"),
        (b"state,insured\n05,3", "Zeile 1: Eine Spalte fehlt. Sie darf heißen: insurer"),
        (b"PK\x03\x04 no workbook", "kann nicht gelesen werden"),
        (b"\x00" * 200, "kann nicht gelesen werden"),
        (b"insurer,state,insured\n" + b"x,y,0\n" * 50, "Und 130 weitere"),
        (b"x" * BIG, "zu groß"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_with_line_and_column(finance, session, content, told):
    page = send_file(finance, content, status=400)
    assert told in page.text
    assert len(figures(session)) == 358
    assert actions(session) == []


def test_what_the_preview_carries_is_checked_again(finance, session):
    send_file(finance, b"insurer,state,insured\ntk,05,3")
    finance.page.get("input", name="rows").set("value", "tk,05,0")
    finance.submit(button="Diese Zahlen speichern", status=400)
    assert "Zeile 2, Versicherte: 0 ist zu wenig" in finance.page.text
    assert len(figures(session)) == 358
    assert finance._client.get("/funding/levy/1999/insured").status_code == 404
    assert finance._client.get("/funding/levy/99999999999/rate").status_code == 404
    assert finance._client.get("/funding/levy/2026/plans/77").status_code == 404


def test_a_rate_a_share_and_a_plan_are_added_and_wrong_ones_stand_beside_their_field(finance, session):
    next_year = clock.now().year + 1
    finance.get(f"/funding/levy/{next_year}/rate")
    wrong = {"rate": "-1", "reference": "4,1000", "standing": "published", "source": "Bekanntmachung"}
    finance.submit(wrong, button="Satz speichern", status=400)
    assert finance.page.text.count("den Betrag in Euro, wie 1.234,56") == 4
    assert finance.page.get("input", name="source").get("value") == "Bekanntmachung"
    finance.submit({"rate": "100,01", "reference": "4.100"}, button="Satz speichern", status=400)
    finance.submit({"rate": "1,50"}, button="Satz speichern")
    assert "Der Satz ist gespeichert" in finance.page.text
    session.rollback()
    assert rates(session)[next_year].reference_cents == 410_000
    assert "hat einen Satz: 1,50 €" in finance.get(f"/funding/levy/{next_year}/rate").text

    finance.get("/funding/levy/2026/shares")
    finance.submit({"insurer": "tk", "per_cent": "69"}, button="Anteil speichern", status=400)
    assert "mindestens 70 Prozent" in finance.page.text
    finance.submit({"per_cent": "100"}, button="Anteil speichern")
    session.rollback()
    assert flat_percents_of(session, 2026) == {"tk": 100}
    finance.submit(button="Zurück auf 70 Prozent")
    session.rollback()
    assert flat_percents_of(session, 2026) == {}

    finance.get("/funding/levy/2026/plans/05")
    finance.submit({"groups": "19,76"}, button="Plan speichern", status=400)
    assert "Die Anteile ergeben zusammen 99 %. Noch offen: 1 %." in finance.page.text
    finance.submit({"groups": "viel"}, button="Plan speichern", status=400)
    assert "wie 25,95" in finance.page.text
    shares = {
        "federal": "0,2016",
        "state_organisations": "0,20",
        "clearing_houses": "0,40",
        "groups": "0,2064",
    }
    finance.submit({"unit": "per_insured", **shares}, button="Plan speichern")
    assert "Der Plan ist gespeichert" in finance.page.text
    session.rollback()
    assert plans_of(session, 2026)["05"].shares[GROUPS] == 2_064
    finance.get(f"/funding/levy/{next_year}/plans/09?before=1")
    finance.submit(button="Plan speichern")
    assert plans_of(session, next_year)["09"].shares == plans_of(session, 2026)["09"].shares
    assert actions(session).count("levy.plan_stored") == 2


def test_a_coordinator_sees_the_levy_and_changes_nothing(finance, session, signed_in):
    coordinator = signed_in("coordinator")
    page = coordinator.get("/funding/levy?year=2026")
    assert "Nordrhein-Westfalen" in page.text
    assert "Versicherte nach Kasse und Land" not in page.text
    assert coordinator._client.get("/funding/levy/2026/insured").status_code == 404
    session.execute(sa.delete(InsuredCount))
    session.commit()
    assert "Noch keine Versicherten" in coordinator.get("/funding/levy?year=2026").text
    assert "Versicherte eintragen" not in coordinator.page.text
