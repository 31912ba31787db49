"""The way of the money on the pages: called, come, promised, paid, given back, carried into the next year."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from app.funding.models import Insurer, LedgerEntry
from app.funding.queries.contributions import list_calls
from app.funding.queries.pots import list_pots
from app.funding.queries.verifying import verify
from app.funding.rules.euros import euro_text
from app.funding.rules.ledger_accounts import Account, a_group
from app.funding.rules.postings import commit, pay
from app.funding.services.ledger import post
from app.shared import clock
from app.shared.transactions import transaction
from tests.builders.contributions import BAVARIA, call_year, make_levy, receive_all
from tests.builders.groups import make_group, make_house
from tests.builders.ledger import because

THIS = clock.now().year
LAST = THIS - 1
GROUPS_LAST = Account("pot", LAST, state=BAVARIA, region="oberbayern", level="groups")
IN_LAST = datetime(LAST, 3, 2, 9, tzinfo=UTC)
INSURED = {("kasse-a", BAVARIA): 100_000, ("kasse-b", BAVARIA): 50_001}
LAST_DAY = date(THIS, 12, 31).isoformat()


def owed(session, year=THIS):
    session.rollback()
    found = Counter()
    for each in list_calls(session, year):
        found[each.due.insurer] += each.open_cents
    return found


def test_finance_calls_once_books_what_comes_once_and_takes_a_mistake_back(session, signed_in):
    with transaction() as writing:
        make_levy(writing, INSURED, year=THIS)
    browser = signed_in("finance")
    page = browser.get(f"/funding/contributions?year={THIS}")
    assert "noch nichts abgerufen" in page.text
    browser.follow("Beiträge abrufen")
    page = browser.submit({"Fällig am": "2001-01-01"}, button="abrufen", status=400)
    assert "Dieser Tag ist vorbei" in page.text
    page = browser.submit({"Fällig am": LAST_DAY, "seen": "1"}, button="abrufen", status=400)
    assert "inzwischen geändert" in page.text
    assert owed(session) == {}
    page = browser.submit({"Fällig am": LAST_DAY}, button="abrufen")
    assert "Die Beiträge sind abgerufen" in page.text
    assert "schon abgerufen" in browser.get(f"/funding/contributions/call?year={THIS}").text
    browser.get(f"/funding/contributions?year={THIS}")
    page = browser.follow("KASSE A")
    before = owed(session)
    browser.follow("Eingang buchen")
    page = browser.submit({"Summe": "1,234", "Nummer": "Frau Meier"}, button="Diesen", status=400)
    assert page.find("input", name="cents").get("value") == "1,234"
    page = browser.submit({"Summe": "10", "Nummer": "Frau Meier"}, button="Diesen", status=400)
    assert "kein Name" in page.text
    page = browser.submit({"Summe": "99999999", "Nummer": "K-1"}, button="Diesen", status=400)
    assert "Hier sind nur" in page.text
    page = browser.submit({"Summe": euro_text(before["kasse-a"] - 1), "Nummer": "K-1"}, button="Diesen")
    assert "K-1" in page.text
    assert owed(session)["kasse-a"] == 1
    browser.follow("Eingang buchen")
    page = browser.submit({"Summe": "0,01", "Nummer": "K-1"}, button="Diesen", status=400)
    assert "schon gebucht" in page.text
    browser.get(f"/funding/contributions?year={THIS}&insurer=kasse-a")
    page = browser.submit({}, button="Zurücknehmen")
    assert "wieder offen" in page.text
    assert owed(session) == before
    page = browser.post(
        f"/funding/contributions/undo-receipt?year={THIS}&insurer=kasse-a",
        status=400,
        data={"reference": "K-1", "form_token": page.find("input", name="form_token").get("value")},
    )
    assert "nichts gebucht" in page.text
    assert verify(session).faults == ()


def test_a_call_is_withdrawn_with_a_reason_that_stands_beside_it(session, signed_in):
    with transaction() as writing:
        make_levy(writing, INSURED, year=THIS)
        call_year(writing, year=THIS, now=datetime(THIS, 1, 2, tzinfo=UTC))
    browser = signed_in("finance")
    browser.get(f"/funding/contributions?year={THIS}")
    browser.follow("Abruf zurückziehen")
    page = browser.get(f"/funding/contributions/withdraw?year={THIS}&state={BAVARIA}")
    page = browser.submit({}, button="zurückziehen", status=400)
    assert "Bitte wählen Sie einen Grund" in page.text
    page = browser.submit({"Warum?": "insured", "seen": "1"}, button="zurückziehen", status=400)
    assert "inzwischen geändert" in page.text
    page = browser.submit({"Warum?": "insured"}, button="zurückziehen")
    assert "Der Abruf ist zurückgezogen" in page.text
    assert "die Zahl der Versicherten war falsch" in page.text
    page = browser.get(f"/funding/contributions/withdraw?year={THIS}&state={BAVARIA}")
    assert "Für dieses Land ist" in page.text
    assert verify(session).faults == ()


def test_an_officer_sees_what_the_own_insurer_owes_and_nothing_of_others(session, signed_in):
    with transaction() as writing:
        make_levy(writing, INSURED, year=THIS)
        call_year(writing, year=THIS, now=datetime(THIS, 1, 2, tzinfo=UTC))
    own = session.scalar(sa.select(Insurer.id).where(Insurer.slug == "kasse-b"))
    officer = signed_in("insurer_officer", insurer=own)
    page = officer.get(f"/funding/contributions?year={THIS}")
    assert "KASSE B" in page.text
    assert "KASSE A" not in page.text
    officer.get(f"/funding/contributions?year={THIS}&insurer=kasse-b")
    officer.get(f"/funding/contributions?year={THIS}&insurer=kasse-a", status=404)
    page = officer.get(f"/funding/pots?year={THIS}")
    assert "Projekte der KASSE B" in page.text
    assert "KASSE A" not in page.text
    officer.get("/funding/direct", status=404)
    client = signed_in.client("insurer_officer", insurer=own)
    table = client.get(f"/funding/contributions.csv?year={THIS}")
    assert table.text.count("KASSE B") == 4
    assert "KASSE A" not in table.text
    assert client.get(f"/funding/contributions.xlsx?year={THIS}&insurer=kasse-a").status_code == 404


def test_money_is_promised_to_a_house_paid_when_it_has_come_and_put_right(session, signed_in):
    with transaction() as writing:
        make_levy(writing, INSURED, year=THIS)
        call_year(writing, year=THIS, now=datetime(THIS, 1, 2, tzinfo=UTC))
        make_house(writing, "Kontaktstelle München", catchment=[("09162", None)])
    pots = {each.account.level: each for each in list_pots(session, THIS) if each.account.insurer is None}
    browser = signed_in("finance")
    page = browser.get(f"/funding/direct?year={THIS}")
    assert "Noch ist nichts zugesagt" in page.text
    browser.get(f"/funding/direct/new?pot={pots['clearing_houses'].id}")
    page = browser.submit({"Summe": "999999999"}, button="Das Geld zusagen", status=400)
    assert "Bitte nehmen Sie höchstens" in page.text
    page = browser.submit({"Summe": "1.234,56"}, button="Das Geld zusagen")
    assert "Kontaktstelle München" in page.text
    page = browser.submit({}, button="Als bezahlt buchen", status=400)
    assert "schulden" in page.text
    assert "warten auf Beiträge" in browser.get(f"/funding/contributions?year={THIS}").text
    with transaction() as writing:
        receive_all(writing, year=THIS, now=clock.now())
    browser.get(f"/funding/direct?year={THIS}")
    page = browser.submit({}, button="Als bezahlt buchen")
    assert "Die Zahlung ist gebucht" in page.text
    browser.follow("bezahlt")
    page = browser.submit({}, button="Buchung stornieren")
    assert "zurückgenommen" in page.text
    assert "Als bezahlt buchen" in browser.get(f"/funding/direct?year={THIS}").text
    # An organisation is added where it is missing, and is there to be chosen.
    browser.get(f"/funding/direct/new?pot={pots['federal'].id}")
    browser.submit({"Name der Organisation": " "}, button="Organisation aufnehmen", status=400)
    browser.submit({"Name der Organisation": "Deutsche Rheuma-Liga"}, button="Organisation aufnehmen")
    page = browser.submit({"Summe": "50"}, button="Das Geld zusagen")
    assert "Deutsche Rheuma-Liga" in page.text
    assert browser.get("/funding/direct/new").heading.startswith("Direkte Zusagen")
    browser.get("/funding/entries/999999", status=404)
    session.rollback()
    assert verify(session).faults == ()


@pytest.fixture
def group(session):
    """A group that is promised 500 € of last year, whose contributions have not come."""
    with transaction() as writing:
        make_levy(writing, INSURED, year=LAST)
        call_year(writing, year=LAST, now=IN_LAST)
        group = a_group(make_group(writing, name="Gruppe Mut"))
        post(writing, [commit(GROUPS_LAST, group, 50_000, because())], now=IN_LAST)
    return group


def test_what_a_group_gives_back_is_booked_and_the_year_closed_for_good(session, signed_in, group):
    browser = signed_in("finance")
    browser.get("/funding/years")
    page = browser.follow("Jahr abschließen")
    assert "Beiträge sind offen" in page.text
    with transaction() as writing:
        receive_all(writing, year=LAST, now=IN_LAST)
        post(writing, [pay(GROUPS_LAST, group, 50_000, because())], now=IN_LAST)
    page = browser.get(f"/funding/returns?year={LAST}")
    assert "Bitte wählen Sie das Land" in page.text
    browser.submit({"Bundesland": BAVARIA}, button="Anzeigen")
    back = {"Summe": "600", "Gekommen am": date(LAST, 12, 1).isoformat()}
    page = browser.submit(back, button="Buchen", status=400)
    assert "500,00" in page.text
    page = browser.submit(back | {"Summe": "20"}, button="Buchen")
    assert "Gruppe Mut" in page.text
    client = signed_in.client("finance")
    before = client.get(f"/funding/years.csv?year={LAST}").text
    assert "KASSE A;Bayern;" in before
    browser.get(f"/funding/years/{LAST}")
    page = browser.submit({}, button="endgültig", status=400)
    assert "Bitte bestätigen" in page.text
    page = browser.submit({"Ich habe": "y"}, button="endgültig")
    assert "Das Jahr ist abgeschlossen" in page.text
    assert client.get(f"/funding/years.csv?year={LAST}").text == before
    assert "abgeschlossen am" in browser.get("/funding/years").text
    # What came back has been carried on, so it cannot be taken back, and the page says why.
    returned = session.scalar(sa.select(LedgerEntry.id).where(LedgerEntry.kind == "returned"))
    browser.get(f"/funding/entries/{returned}")
    page = browser.submit({}, button="Buchung berichtigen", status=400)
    assert "Es hat sich nichts geändert" in page.text
    session.rollback()
    assert verify(session).faults == ()
