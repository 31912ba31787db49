"""A house asks for its grant at its desk, finance decides, the house is told and proves what it spent."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from app.funding.models import FundingRegion, InstitutionRequest
from app.funding.queries.payees import list_awards
from app.funding.rules.ledger_accounts import Payee
from app.funding.services.direct import add_organisation
from app.funding.services.notices import set_office
from app.shared import clock
from app.shared.transactions import transaction
from tests.builders.contributions import BAVARIA, call_year, make_levy, receive_all
from tests.builders.groups import make_house
from tests.builders.institutions import PAGES, write_institution
from tests.builders.notices import OFFICE
from tests.support.mailbox import link_in

THIS = clock.now().year
SAVE = "Speichern und weiter"


@pytest.fixture
def house(session):
    """A clearing house of Bavaria; its pot is full, and somebody issues notices."""
    with transaction() as writing:
        make_levy(writing, {("kasse-a", BAVARIA): 1_000_000}, year=THIS)
        call_year(writing, year=THIS, now=datetime(THIS, 1, 2, tzinfo=UTC))
        receive_all(writing, year=THIS, now=clock.now())
        region = writing.query(FundingRegion).one()
        set_office(writing, region, OFFICE, now=clock.now())
        return make_house(writing, "Kontaktstelle München", catchment=[("09162", None)])


def test_a_house_writes_its_request_page_by_page(session, signed_in, house):
    browser = signed_in("desk_lead", clearinghouse=house)
    browser.get("/desk/funding")
    assert "noch nichts beantragt" in browser.page.text
    page = browser.submit(button=f"Antrag für {THIS} beginnen")
    assert page.heading == f"Antrag {THIS}: Kontaktstelle München"
    browser.follow("Ausfüllen: Personal")
    browser.submit({"professional": "viele", "inhabitants": "0"}, button=SAVE, status=400)
    assert "Bitte schreiben Sie eine Zahl bis 1000, zum Beispiel 1,5." in browser.page.text
    assert browser.page.get("input", name="professional").get("value") == "viele"
    browser.submit({**PAGES["staff"], "administration": "0,25"}, button=SAVE)
    assert browser.page.heading == "Öffnungszeiten"
    browser.submit(PAGES["hours"], button=SAVE)
    assert "Begleitete Gruppen" in browser.page.text
    browser.submit({"channel_email": "3", "role_group": "4"}, button=SAVE, status=400)
    assert "noch einmal nach" in browser.page.text
    browser.submit({**PAGES["figures"], "role_group": ""}, button=SAVE)
    browser.submit({**PAGES["money"], "asked": "1000000000000"}, button=SAVE, status=400)
    assert "Das sind mehr als" in browser.page.text
    browser.submit({"asked": "24.999"}, button=SAVE, status=400)
    assert "1,00 € der Kosten bezahlt noch niemand" in browser.page.text
    browser.submit({"asked": "25.000"}, button=SAVE)
    browser.submit(
        {"statements": ["cross_topic", "open_to_all", "free_advice", "founds", "all_money"]}, button=SAVE
    )
    page = browser.submit({}, button="Antrag einreichen")
    assert "Der Antrag ist eingereicht" in page.text
    assert "weniger Stellen als" in page.text
    browser.get("/funding/institutions", status=404)


def test_finance_asks_back_and_decides_the_house_is_told_and_proves(session, signed_in, house):
    with transaction() as writing:
        number = write_institution(writing, Payee("house", house), now=clock.now())
    browser = signed_in("desk_lead", clearinghouse=house, email="leitung@example.org")
    finance = signed_in("finance")
    assert "Kontaktstelle München · bittet um" in finance.get("/funding").text
    page = finance.get(f"/funding/institutions/{number}")
    assert "Begleitete Gruppen" in page.text
    finance.submit({"Was ist nicht klar?": " "}, button="Mit der Frage", status=400)
    finance.submit({"Was ist nicht klar?": "Wofür\nsind die Räume?"}, button="Mit der Frage")
    page = browser.get(link_in(session, "leitung@example.org"))
    assert "sind die Räume?" in page.text
    browser.submit({}, button="Antrag einreichen")
    finance.get(f"/funding/institutions/{number}")
    finance.submit({"Bewilligt": "24000"}, button="Entscheiden und", status=400)
    assert "warum es weniger ist" in finance.page.text
    finance.submit({"Bewilligt": "99000000"}, button="Entscheiden und", status=400)
    granted = {"Bewilligt": "24.000", "Gründe": "Der Topf reicht nicht für alle."}
    page = finance.submit(granted, button="Entscheiden und")
    assert "Es ist entschieden" in page.text
    letter = signed_in.client("finance").get(f"/funding/institutions/{number}/letter/1")
    assert letter.data.startswith(b"%PDF")
    link = link_in(session, "leitung@example.org")
    assert "Der Topf reicht nicht für alle." in browser.get(link).text
    assert signed_in.client("desk_lead").get(link).status_code == 404
    finance.get(f"/funding/direct?year={THIS}")
    finance.submit({}, button="Als bezahlt buchen")
    browser.get(f"/desk/funding/{number}/proof")
    spent = {
        "cost_staff": "89000",
        "cost_premises": "10000",
        "income_municipality": "70000",
        "income_own": "6000",
    }
    browser.submit(spent, button="Nachweis einreichen", status=400)
    assert "Bitte erzählen Sie es" in browser.page.text
    page = browser.submit({"report": "300 Menschen beraten."}, button="Nachweis einreichen")
    assert "1.000,00 € der Förderung sind übrig" in page.text
    finance.get(f"/funding/institutions/{number}")
    finance.submit({}, button="Nachfragen", status=400)
    page = finance.submit({}, button="Nachweis anerkennen")
    assert "Der Nachweis ist anerkannt" in page.text
    page = finance.follow("Rückzahlung buchen")
    assert page.find("input", name="cents").get("value") == "1000,00"
    finance.submit({}, button="Buchen")
    assert "1.000,00 €, ist zurückgekommen" in finance.get(f"/funding/institutions/{number}").text


def test_an_organisation_writes_its_own_request_reads_what_is_decided_and_proves(session, signed_in, house):
    with transaction() as writing:
        number = add_organisation(writing, "Rheuma-Liga", BAVARIA, now=clock.now())
    contact = signed_in("organisation_contact", organisation=number, email="verband@example.org")
    contact.get("/accounts")
    contact.follow("Förderung von Rheuma-Liga")
    contact.submit({}, button=f"Antrag für {THIS} beginnen")
    contact.follow("Ausfüllen: Personal")
    for name, fields in PAGES.items():
        if name != "hours":
            contact.submit({key: text for key, text in fields.items() if key != "inhabitants"}, button=SAVE)
    contact.submit({"statements": ["self_help", "independent", "all_money", "duties"]}, button=SAVE)
    assert "Der Antrag ist eingereicht" in contact.submit({}, button="Antrag einreichen").text
    contact.get("/funding/organisation/notices")
    contact.submit({"way": "mail"}, button="Speichern")
    asked = session.scalar(sa.select(sa.func.max(InstitutionRequest.id)))
    finance = signed_in("finance")
    finance.get(f"/funding/institutions/{asked}")
    finance.submit({"Was ist nicht klar?": "Wofür sind die Räume?"}, button="Mit der Frage")
    assert "Wofür sind die Räume?" in contact.get(link_in(session, "verband@example.org")).text
    contact.submit({}, button="Antrag einreichen")
    finance.get(f"/funding/institutions/{asked}")
    finance.submit({}, button="Entscheiden und")
    link = link_in(session, "verband@example.org")
    assert "Rheuma-Liga" in contact.get(link).text
    assert signed_in.client("organisation_contact").get(link).status_code == 404
    assert "bewilligt" in contact.get("/accounts").text
    contact.get(f"/funding/organisation/{asked}/proof")
    contact.submit({"cost_staff": "95000", "income_municipality": "70000"}, button="Nachweis", status=400)
    assert "Bitte erzählen Sie es" in contact.page.text
    contact.get(f"/desk/funding/{asked}", status=404)


def test_an_organisation_is_entered_by_one_decided_by_another_and_houses_are_compared(
    session, signed_in, house
):
    with transaction() as writing:
        add_organisation(writing, "Rheuma-Liga", BAVARIA, now=clock.now())
        add_organisation(writing, "Rheuma-Liga Nord", "01", now=clock.now())
        write_institution(writing, Payee("house", house), now=clock.now())
    here = signed_in("coordinator", state=BAVARIA)
    here.get("/funding/institutions")
    page = here.follow("Antrag einer Organisation erfassen")
    assert "Rheuma-Liga Nord" not in page.text
    here.submit({"Jahr": str(THIS)}, button="Antrag beginnen")
    number = session.scalar(sa.select(sa.func.max(InstitutionRequest.id)))
    for name, fields in PAGES.items():
        if name != "hours":
            here.get(f"/funding/institutions/{number}/{name}")
            here.submit({key: text for key, text in fields.items() if key != "inhabitants"}, button=SAVE)
    here.get(f"/funding/institutions/{number}/declarations")
    here.submit({"statements": ["self_help", "independent", "all_money", "duties"]}, button=SAVE)
    page = here.submit({}, button="Antrag einreichen")
    assert "Sie haben an diesem Antrag selbst geschrieben" in page.text
    signed_in("coordinator", state="01").get(f"/funding/institutions/{number}", status=404)
    finance = signed_in("finance")
    finance.get(f"/funding/institutions/{number}")
    page = finance.submit({}, button="Entscheiden und")
    finance.follow("Briefe drucken und zur Post geben")
    finance.follow("Noch keine Anschrift")
    assert finance.page.get("input", name="returned-number").get("value").endswith("-B")
    finance.submit({"Anschrift für Briefe": "Nordweg 3\n80331 München"}, button="Speichern")
    assert "Nordweg 3, 80331 München" in finance.page.text
    page = finance.submit({}, button="Diese sind zur Post gegeben")
    assert "Kein Brief wartet" in page.text
    assert [each.pot.level for each in list_awards(session, THIS)] == ["state_organisations"]

    page = here.get(f"/funding/institutions/compare?year={THIS}")
    assert "1,33" in page.text
    here.get(f"/funding/institutions/compare?year={THIS}&state=01", status=404)
    client = signed_in.client("coordinator", state=BAVARIA)
    table = client.get(f"/funding/institutions/compare.xlsx?year={THIS}&state={BAVARIA}")
    rows = list(load_workbook(io.BytesIO(table.data)).active.iter_rows(values_only=True))
    assert rows[1][:8] == ("Kontaktstelle München", 150_000, 2, 1.5, 1.33, 0, 500, 25_000)
    assert "25000,00" in client.get(f"/funding/institutions/compare.csv?year={THIS}&state={BAVARIA}").text
