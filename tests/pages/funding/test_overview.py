"""Everybody sees where it stands: the group its time line, offices what waits, insurers their share, all the days."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import openpyxl
import sqlalchemy as sa
from icalendar import Calendar

from app.funding.models import FundingRegion, Insurer, NoticeAct
from app.funding.queries.rounds import pot_of
from app.funding.rules.ledger_accounts import Account, a_group
from app.funding.rules.postings import commit, grant, pay
from app.funding.services.ledger import post
from app.funding.services.objections import enter_objection
from app.funding.services.reminders import out_url
from app.funding.services.requests import enter_request
from app.funding.services.run_payments import pay_run
from app.groups.models import Group
from app.shared import clock
from app.shared.transactions import transaction
from tests.builders import applications, rounds
from tests.builders.accounts import make_user
from tests.builders.contributions import BAVARIA, call_year, make_insurers, make_levy, receive_all
from tests.builders.groups import NOW, make_group, make_house
from tests.builders.ledger import because
from tests.builders.notices import make_all, make_posted
from tests.builders.projects import plant_project
from tests.support.browser import Browser
from tests.support.signed_in import sign_in

THIS = clock.now().year
YEAR = rounds.YEAR


def told(session, run_id):
    """Afterwards the groups of a run have their notices, sent two days ago; answers them by group."""
    notices, sent_at = make_all(session, run_id), clock.now() - timedelta(days=2)
    session.add_all(
        NoticeAct(notice_id=each.id, act="mailed", turn=0, at=sent_at) for each in notices.values()
    )
    return notices


def test_a_group_reads_what_happens_next_who_does_it_and_when(app, session, signed_in):
    with transaction():
        made = rounds.make_round(session, [50_000], pot_cents=900_000)
        group = session.get_one(Group, made.group_ids[0])
        group_id = group.id
    browser = signed_in("group_contact", group=group_id)
    path = f"/accounts/groups/{group.slug}/funding"
    page = browser.get(path)
    assert "Die Förderstelle entscheidet; ein Tag steht noch nicht fest." in page.text
    assert "Die Förderstelle hat einen Antrag Ihrer Gruppe über 500,00 €" in page.text
    with transaction():
        run_id = make_posted(session, made)
    assert "schickt Ihnen in den nächsten Tagen den Bescheid" in browser.get(path).text
    with transaction():
        told(session, run_id)
    page = browser.get(path)
    assert "Lesen Sie den Bescheid; bis" in page.text
    assert "Sie sind an der Reihe" in page.text
    browser.follow("Lesen")
    assert "Die Förderstelle überweist das Geld auf Ihr Konto" in browser.get(path).text
    with transaction():
        pay_run(session, run_id, now=clock.now())
    page = browser.get(path)
    assert "Zeigen Sie bis 31. Januar 2028, wofür das Geld verwendet wurde." in page.text
    assert page.find("li", aria_current="step").get("class").endswith("now")

    page = browser.submit({}, button="Erinnerungen beenden")
    assert "Keine Erinnerungen mehr." in page.text
    assert "Sie werden wieder erinnert." in browser.submit({}, button="Wieder erinnern").text
    with app.test_request_context():
        link = urlsplit(out_url(group.id)).path
    visitor = Browser(app.test_client())
    visitor.get(link)
    assert "Niemand von „Gruppe 1“" in visitor.submit({}, button="Erinnerungen beenden").text
    assert "bekommen keine Mail" in browser.get(path).text
    visitor.get(link[:-9] + "x/out", status=400)


def test_deadlines_are_seen_by_those_they_concern_on_the_page_and_in_their_own_calendar(
    app, session, signed_in
):
    with transaction():
        applications.make_round(session, year=THIS + 1, closes_on=date(THIS + 1, 4, 2))
        group_id = make_group(session, now=clock.now(), clearinghouse_id=make_house(session))
        make_levy(session, {("kasse-a", BAVARIA): 1_000, ("kasse-b", BAVARIA): 900}, year=THIS)
        call_year(session, year=THIS, now=datetime(THIS, 1, 2, tzinfo=UTC))
    contact = signed_in("group_contact", group=group_id)
    page = contact.get(f"/funding/calendar?month={THIS + 1}-04")
    assert f"Letzter Tag für Anträge für {THIS + 1} Köln" in page.text
    assert page.links[f"Letzter Tag für Anträge für {THIS + 1}"].endswith("/funding")
    assert (
        "im Mai" not in contact.get(f"/funding/calendar?month={THIS}-05").text.lower().partition("nichts")[0]
    )
    page = contact.get("/funding/calendar?month=2026-99", status=400)
    assert "Diesen Monat gibt es nicht." in page.text
    page = contact.submit({}, button="Adresse machen")
    address = page.links["Datei einmal laden"]
    visitor = app.test_client()
    answer = visitor.get(urlsplit(address).path)
    events = list(Calendar.from_ical(answer.data).walk("VEVENT"))
    assert [(str(each["summary"]), each["dtstart"].dt) for each in events][-1] == (
        f"Letzter Tag für Anträge für {THIS + 1}: Köln",
        date(THIS + 1, 4, 2),
    )
    again = visitor.get(urlsplit(address).path, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    contact.submit({}, button="Neue Adresse machen")
    assert visitor.get(urlsplit(address).path).status_code == 410
    assert visitor.get("/funding/calendar/x/deadlines.ics").status_code == 400

    own = session.scalar(sa.select(Insurer.id).where(Insurer.slug == "kasse-b"))
    page = signed_in("insurer_officer", insurer=own).get(f"/funding/calendar?month={THIS}-05")
    assert f"Beitrag für {THIS} ist fällig" in page.text
    assert "KASSE B" in page.text
    assert "KASSE A" not in page.text
    both = signed_in("finance").get(f"/funding/calendar?month={THIS}-05")
    assert "KASSE A, KASSE B" in both.text
    assert "ist nichts fällig" in signed_in("admin").get("/funding/calendar").text


def test_an_insurer_sees_its_share_what_was_spent_of_it_and_only_its_own(session, signed_in):
    with transaction() as writing:
        make_levy(writing, {("kasse-a", BAVARIA): 100_000, ("kasse-b", BAVARIA): 50_000}, year=THIS)
        call_year(writing, year=THIS, now=datetime(THIS, 1, 2, tzinfo=UTC))
        receive_all(writing, year=THIS, now=datetime(THIS, 3, 2, tzinfo=UTC))
        pot = Account("pot", THIS, state=BAVARIA, region="oberbayern", level="groups")
        for act in (commit, pay):
            posting = act(pot, a_group(7), 90_000, because(act.__name__))
            post(writing, [posting], now=datetime(THIS, 4, 2, tzinfo=UTC))
    own = session.scalar(sa.select(Insurer.id).where(Insurer.slug == "kasse-b"))
    officer = signed_in("insurer_officer", insurer=own)
    page = officer.get("/funding/insurer")
    assert page.heading == f"Unser Anteil {THIS}"
    assert "KASSE A" not in page.text
    assert "15 Länder fehlen hier" in page.text
    # It has a third of the insured, so a third of 900 € is its part.
    assert "Ausgezahlt 300,00 €300,00 € sind zugesagt" in page.text
    assert f"April {THIS} 0,00 € 0,00 € 300,00 € 300,00 €" in page.text
    officer.get("/funding/insurer?insurer=kasse-a", status=404)
    client = signed_in.client("insurer_officer", insurer=own)
    table = client.get("/funding/insurer.csv").data.decode("utf-8-sig")
    rows = {tuple(row[:2]): row[2:] for row in csv.reader(io.StringIO(table), delimiter=";")}
    bavaria = rows["Bayern", "Pauschalförderung"]
    assert bavaria[0] == "50400,00"  # 50,000 insured at 1.44 €, 70 % of it
    assert bavaria[3:5] == ["300,00", "300,00"]
    assert rows["Bayern", "Projekte"][:2] == ["21600,00", "21600,00"]
    with transaction() as writing:
        region = rounds.make_round(writing, [50_000])
        plant_project(writing, region.group_ids[0], own)
    page = officer.get("/funding")
    assert "1 Projekt zu entscheiden" in page.text
    everybody = signed_in("finance")
    page = everybody.get("/funding/reports?grant=projects&by=insurer&insurer=kasse-b")
    assert "KASSE B 1 400,00 €" in page.text
    assert "Wessen Anteil?" in everybody.get("/funding/insurer").text
    assert "600,00 €" in everybody.get("/funding/insurer?insurer=kasse-a").text


def test_offices_and_staff_see_what_waits_and_the_representative_what_to_comment(session, signed_in):
    with transaction():
        made = rounds.make_round(session, [50_000, 60_000], pot_cents=90_000)
        run_id = make_posted(session, made)
        notices = told(session, run_id)
        first = notices[made.group_ids[0]]
        enter_objection(session, first.id, clock.now().date(), by=1, now=clock.now())
        late = make_group(session, name="Zu spät")
        older = rounds.make_round(session, slug="emsland", seed="e", district="03454")
        draft = rounds.make_request(10_000, received_on=date(2025, 1, 1))
        enter_request(session, older.id, late, draft, now=NOW)
        region = made.region.id
    office = signed_in("funding_office", region=region)
    page = office.get("/funding")
    assert "Widersprüche" in page.text
    assert "Emsland" not in page.text
    office.follow("Entscheiden: Koeln 2027")
    assert first.number in office.page.text
    page = signed_in("representative").get("/funding/representation")
    assert "Nichts wartet auf Ihren Rat" in page.text
    assert page.get("a", href=f"/funding/runs/{run_id}") is not None


def test_staff_see_which_of_their_groups_may_miss_the_last_day(app, session, signed_in):
    now = clock.now()
    with transaction():
        house = make_house(session)
        group_id = make_group(session, name="Lichtblick", now=now, clearinghouse_id=house)
        soon = now.date() + timedelta(days=2)
        applications.make_round(session, year=now.year - 1, closes_on=soon)
        applications.write(session, group_id)
        round_id = applications.make_round(session, year=now.year - 2)
        enter_request(session, round_id, group_id, rounds.make_request(10_000), now=now)
        pot = pot_of(session.scalars(sa.select(FundingRegion)).one(), now.year - 2)
        levy = Account("levy", now.year - 2, insurer="kasse-a", state="05")
        make_insurers(session, "kasse-a")
        post(session, [grant(levy, pot, 10_000, because())], now=now)
        for act in (commit, pay):
            post(session, [act(pot, a_group(group_id), 10_000, because())], now=now)
    staff = signed_in("desk_staff", clearinghouse=house)
    page = staff.get("/desk")
    assert "Lichtblick · Antrag nicht fertig, bis" in page.text
    assert "dringend" in page.text
    assert f"Verwendungsnachweis für {now.year - 2} fehlt seit" in page.text
    staff.follow("Ansehen: Lichtblick")
    assert "Alles ist ausgefüllt: Nennen Sie jetzt die zwei Menschen" in staff.page.text
    elsewhere = sign_in(Browser(app.test_client()), make_user(session, "desk_staff"))
    assert "Lichtblick" not in elsewhere.get("/desk").text


def test_reports_are_whole_for_those_who_decide_and_tell_others_of_no_small_number(session, signed_in):
    with transaction():
        made = rounds.make_round(session, [50_000, 60_000, 70_000, 80_000, 90_000, 95_000], pot_cents=300_000)
        run_id = make_posted(session, made)
        pay_run(session, run_id, now=NOW)
        rounds.make_round(session, [40_000], slug="emsland", seed="e", district="03454")
    office = signed_in("funding_office", region=made.region.id)
    page = office.get(f"/funding/reports?by=region&year={YEAR}")
    assert "Koeln 6 4.450,00 € ⌀ 741,67 € 3.000,00 € ⌀ 500,00 € 3.000,00 € 0,00 € 0,0 %" in page.text
    assert "Emsland" not in page.text
    everything = signed_in("finance")
    page = everything.get(f"/funding/reports?by=region&year={YEAR}")
    assert "Emsland 1 400,00 €" in page.text
    page = everything.get("/funding/reports?by=colour&region=atlantis&year=x", status=400)
    assert "Bitte wählen Sie, wonach die Zeilen gehen." in page.text
    assert len(page.find_all("p", class_="field-error")) == 3
    client = signed_in.client("finance")
    query = f"by=topic&year={YEAR}&region=koeln"
    text = client.get(f"/funding/reports.csv?{query}").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[1][:4] == ["Depression", "6", "6", "4450,00"]
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/funding/reports.xlsx?{query}").data))
    assert [cell.value for cell in book.active[2]][3:9:5] == [4450, 3000]
    assert client.get("/funding/reports.csv?region=atlantis").status_code == 400

    other = signed_in("representative")
    page = other.get(f"/funding/reports?by=region&year={YEAR}&region=emsland")
    assert "Koeln 6" in page.text  # no second filter: two at once would tell of single groups
    assert "Emsland" not in page.text  # nothing is decided there
    lands = signed_in("coordinator", state="09")
    assert "Kein Antrag passt." in lands.get("/funding/reports").text
