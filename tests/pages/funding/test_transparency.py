"""Who got what: a page, a spreadsheet and a document for everybody, from the ledger and nowhere else."""

from __future__ import annotations

import csv
import io

import sqlalchemy as sa

from app.funding.models import Budget, LedgerAccount
from app.funding.queries.published import list_published_years, read_publication
from tests.builders.publication import FINISHED, NATIONAL, make_finished_year
from tests.support.page import read
from tests.support.pdf import read_pdf

PAGE = "/funding/transparency"
EVERYTHING = 1_331_540 + 155_134 + 75_000 + 43_210 + 70_001 + 322_557


def test_the_sums_are_those_of_the_guards_and_a_group_that_was_released_does_not_count(session):
    make_finished_year(session)
    found = read_publication(session, FINISHED)
    pots = sa.select(sa.func.sum(Budget.committed)).join(LedgerAccount, LedgerAccount.id == Budget.account_id)
    assert found.whole.cents == EVERYTHING == session.scalar(pots.where(LedgerAccount.year == FINISHED))
    nrw = next(area for area in found.areas if area.key == "05")
    assert (nrw.payees_of("group"), nrw.cents_of("group")) == (3, 188_211)
    assert list_published_years(session, this_year=FINISHED) == []


def test_before_the_first_year_is_over_the_page_says_when_it_is_due_and_files_are_refused(browser, client):
    page = browser.get(PAGE)
    assert "noch nichts veröffentlicht" in page.text
    assert "31. Januar 20" in page.text
    browser.get(f"{PAGE}?year=1999", status=400)
    for ending in ("csv", "pdf"):
        assert client.get(f"{PAGE}.{ending}").status_code == 400


def test_a_year_is_chosen_looked_through_by_land_and_taken_along(browser, client, session):
    make_finished_year(session, is_closed=True)
    browser.get("/funding/explained")
    page = browser.follow("Wer wie viel bekommen hat")
    assert page.heading == "Selbsthilfeförderung 2025"
    for words in (NATIONAL, "=Rheuma-Liga NRW", "KISS Nürnberg", "3 Gruppen", "1.882,11 €", "19.974,42 €"):
        assert words in page.text
    assert "20. Januar 2026" in page.text
    page = browser.submit({"Land": "05"}, button="Anzeigen")
    assert page.heading == "Selbsthilfeförderung 2025: Nordrhein-Westfalen"
    assert NATIONAL not in page.text
    assert "koeln" not in page.html
    browser.get(f"{PAGE}?year=2025&state=16").get("p", text="Dort hat in diesem Jahr niemand Geld bekommen.")

    answer = client.get(f"/en{PAGE}.csv?year=2025")
    assert "Set-Cookie" not in answer.headers
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=";"))
    assert sum(round(100 * float(row["Euros"])) for row in rows) == EVERYTHING
    assert [row["Name"] for row in rows if row["Kind"] == "Groups together"] == [""]
    assert "'=Rheuma-Liga NRW" in {row["Name"] for row in rows}


def test_the_document_is_tagged_in_the_language_of_the_page_and_the_same_for_everybody(client, session):
    make_finished_year(session, is_closed=True)
    answer = client.get(f"/nl{PAGE}.pdf")
    assert answer.content_type == "application/pdf"
    read = read_pdf(answer.get_data())
    assert (read.title, read.language) == ("Zelfhulpsubsidie 2025", "nl")
    assert [words for _level, words in read.headings][0::2] == [
        "Zelfhulpsubsidie 2025",
        "Hele land",
        "Bayern",
    ]
    assert (read.elements["Table"], read.elements["TH"]) == (4, 12)
    assert "19.974,42" in read.text
    assert client.get(f"/nl{PAGE}.pdf").get_data() == answer.get_data()


def test_a_year_or_land_that_is_not_there_is_answered_with_what_there_is(browser, client, session):
    make_finished_year(session)
    for query in ("year=2031", "year=x", "state=99", "state=%00", "year=2025&state=Berlin"):
        page = browser.get(f"{PAGE}?{query}", status=400)
        assert "Bitte wählen Sie" in page.text
        assert read(page.get("option", value="05")) == "Nordrhein-Westfalen"
        for ending in ("csv", "pdf"):
            answer = client.get(f"{PAGE}.{ending}?{query}")
            assert answer.status_code == 400
            assert "eines von: 2025" in answer.text or "05 (Nordrhein-Westfalen)" in answer.text
