"""A group asks insurers for a project, they decide, and it is paid and told: through the pages of both."""

from __future__ import annotations

import io
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.accounts.rules.permissions import INSURER_OFFICER
from app.funding.models import DirectNotice, FundingRegion, Insurer, ProjectRequest, ProjectShare
from app.funding.rules.ledger_accounts import a_group
from app.funding.services.notices import set_office
from app.groups.models import Group
from app.shared import clock
from tests.builders import projects as built
from tests.builders.accounts import make_user
from tests.builders.applications import IBAN, make_round, make_scan
from tests.builders.groups import make_group, make_house
from tests.builders.notices import OFFICE, consent_to_mail
from tests.support.browser import Browser
from tests.support.mailbox import link_in, mails_to
from tests.support.pdf import read_pdf
from tests.support.signed_in import sign_in

SAVE = "Speichern und weiter"


@pytest.fixture
def group(session):
    make_round(session)
    group_id = make_group(session, now=clock.now(), clearinghouse_id=make_house(session), name="Leise Runde")
    for slug in ("kasse-a", "kasse-b"):
        built.fill_pot(session, slug, 100_000)
    make_user(session, "group_contact", group=group_id, email="kim@example.org")
    session.commit()
    return session.get_one(Group, group_id)


@pytest.fixture
def contact(app, group):
    return sign_in(Browser(app.test_client()), "kim@example.org")


@pytest.fixture
def officer(app, session):
    def make(slug, email):
        insurer = session.scalars(sa.select(Insurer.id).where(Insurer.slug == slug)).one()
        make_user(session, INSURER_OFFICER, insurer=insurer, email=email)
        session.commit()
        return sign_in(Browser(app.test_client()), email)

    return make


def add_a_paper(contact, base):
    """The group adds an offer; what is none, or too large, is refused on the page."""
    contact.submit({"kind": "cost_estimate"}, button="Unterlage hinzufügen", status=400)
    assert "Bitte wählen Sie zuerst eine Datei." in contact.page.text
    paper = {each: contact.page.get("input", name=each).get("value") for each in ("form_token", "seen")}
    paper |= {"kind": "cost_estimate", "action": "paper"}
    for content, status in ((b"MZ", 400), (b"x" * 10_000_001, 400), (make_scan(), 200)):
        mark, data = encode_multipart({**paper, "paper": FileStorage(io.BytesIO(content), "angebot.png")})
        content_type = f'multipart/form-data; boundary="{mark}"'
        contact.post(f"{base}/papers", data=data, content_type=content_type, status=status)
    assert "angebot.png" in contact.page.text


def sign_twice(app, session, contact, base):
    """Two people sign by link; what is changed then is signed anew, and both can keep the same copy."""
    two = {
        "name_1": "Kim Sommer",
        "email_1": "kim@example.org",
        "name_2": "kim  sommer",
        "email_2": "jo@example.org",
    }
    contact.submit(two, button="Beide Links senden", status=400)
    assert "Zwei verschiedene Menschen unterschreiben" in contact.page.text
    form = read_pdf(contact._client.get(f"{base}/form.pdf").data)
    assert form.title == "Antrag auf Projektförderung: Tag der offenen Tür"
    contact.submit({"name_2": "Jo Winter"}, button="Beide Links senden")
    assert "Jo Winter: hat den Link per E-Mail" in contact.page.text
    links = {each: link_in(session, f"{each}@example.org") for each in ("kim", "jo")}
    visitor = Browser(app.test_client())
    visitor.get(links["kim"])
    assert "Vorträge und Stände." in visitor.page.text
    visitor.submit({}, button="Ich unterschreibe")
    contact.follow("Ändern: Was Sie vorhaben")
    contact.submit({"goals": "Noch mehr Menschen."}, button=SAVE)
    assert "deshalb müssen beide neu unterschreiben" in contact.page.text
    assert "wurde geändert" in (mails_to(session, "kim@example.org")[-1].subject or "")
    visitor.get(links["jo"], status=410)
    contact.get(f"{base}/sign")
    contact.submit({**two, "name_2": "Jo Winter"}, button="Beide Links senden")
    for each in ("kim", "jo"):
        visitor.get(link_in(session, f"{each}@example.org"))
        visitor.submit({}, button="Ich unterschreibe")
    copy = visitor._client.get(f"{urlsplit(visitor.page.url).path}/copy.pdf").data
    assert contact._client.get(f"{base}/copy.pdf").data == copy
    text = read_pdf(copy).text
    assert all(
        words in text for words in ("Noch mehr Menschen.", "400,00\u00a0€", "Jo Winter, mit eigenem Link")
    )


def test_a_group_writes_a_project_with_papers_and_two_people_sign_it(app, session, group, contact, officer):
    anna = officer("kasse-a", "anna@kasse.example")
    contact.get(f"/accounts/groups/{group.slug}/funding")
    contact.follow("Zu Ihren Projekten")
    contact.submit(button="Ein Projekt anfangen")
    pages = built.pages_of({"kasse-a": 400, "kasse-b": 300})
    contact.submit({"title": "Tag der offenen Tür"}, button=SAVE, status=400)
    assert "Bitte schreiben Sie hier ein paar Worte." in contact.page.text
    contact.submit(pages["goals"], button=SAVE)
    today = clock.now().date().isoformat()
    contact.submit({**pages["frame"], "begins": today}, button=SAVE, status=400)
    assert "Bitte geben Sie einen Tag an, der noch kommt." in contact.page.text
    contact.submit({"begins": pages["frame"]["begins"]}, button=SAVE)
    money = {**pages["money"], "cost_kind": ["speakers"], "asked_kind": ["kasse-a", "kasse-b"]}
    contact.submit({**money, "asked_euros": ["400", "250"]}, button=SAVE, status=400)
    assert "50,00 € bezahlt noch niemand." in contact.page.text
    contact.submit({"asked_euros": ["400", "300"]}, button=SAVE)
    contact.submit({"iban": IBAN, "holder": "Kim Sommer"}, button=SAVE)
    contact.submit({"statements": built.STATEMENTS[1:]}, button=SAVE)
    assert "Sie haben noch nicht alle Bedingungen bestätigt." in contact.page.text
    contact.follow("Ändern: Was Sie erklären")
    base = f"/accounts/groups/{group.slug}/projects/{session.scalars(sa.select(ProjectRequest.id)).one()}"
    add_a_paper(contact, base)
    contact.submit({"statements": built.STATEMENTS}, button=SAVE)
    assert contact.page.heading == "Prüfen und unterschreiben"
    sign_twice(app, session, contact, base)
    row = session.scalars(sa.select(ProjectRequest)).one()
    assert row.number is not None
    contact.get(base)
    assert row.number in contact.page.text
    assert row.assessment is not None
    assert any(row.number in (mail.subject or "") for mail in mails_to(session, "kim@example.org"))
    share = session.scalars(sa.select(ProjectShare.id).order_by(ProjectShare.insurer_id)).first()
    assert link_in(session, "anna@kasse.example") == f"/funding/projects/shares/{share}"
    anna.get(f"/funding/projects/shares/{share}")
    paper = anna._client.get(urlsplit(anna.page.links["Kostenvoranschlag oder Angebot"]).path)
    assert paper.content_type == "image/jpeg"


def test_insurers_ask_decide_and_pay_and_the_group_has_its_notice(session, group, contact, officer):
    set_office(session, session.scalars(sa.select(FundingRegion)).one(), OFFICE, now=clock.now())
    consent_to_mail(session, a_group(group.id))
    found = built.submit(session, group.id, {"kasse-a": 400, "kasse-b": 300})
    session.commit()
    anna, ben = officer("kasse-a", "anna@kasse.example"), officer("kasse-b", "ben@kasse.example")
    anna.get("/funding")
    anna.follow("Projekte")
    assert "1.000,00" in anna.page.text
    anna.follow("Tag der offenen Tür")
    first = f"/funding/projects/shares/{built.share_of(found, 'kasse-a')}"
    ben.get(first, status=404)
    anna.submit({"text": "Wer spricht?"}, button="Frage senden")
    assert "Frage zum Projekt" in (mails_to(session, "kim@example.org")[-1].subject or "")
    base = f"/accounts/groups/{group.slug}/projects/{found.project.id}"
    contact.get(base)
    assert "Wer spricht?" in contact.page.text
    contact.submit({"text": "Eine Ärztin."}, button="Antwort senden")
    anna.get(first)
    assert "Eine Ärztin." in anna.page.text
    second = f"/funding/projects/shares/{built.share_of(found, 'kasse-b')}"
    ben.get(second)
    assert "Wer spricht?" not in ben.page.text
    ben.submit({"verdict": "declined"}, button="Entscheidung speichern", status=400)
    assert "Bitte sagen Sie, warum" in ben.page.text
    ben.submit({"verdict": "part", "cents": "200", "reason": "Ohne Raum."}, button="Entscheidung speichern")
    ben.submit(button="Die Entscheidung zurücknehmen")
    ben.submit({"verdict": "part", "cents": "200", "reason": "Ohne Raum."}, button="Entscheidung speichern")
    other = officer("kasse-a", "anton@kasse.example")
    other.get(first)
    anna.submit({"verdict": "agreed"}, button="Entscheidung speichern")
    other.submit({"verdict": "declined", "reason": "Nein."}, button="Entscheidung speichern", status=409)
    assert "Über dieses Projekt wurde am" in other.page.text
    anna.get(first)
    assert "Die Zahlung bucht jemand anderes bei Ihnen" in anna.page.text
    other.get(first)
    for _twice in range(2):
        other.submit(button="400,00 € als bezahlt buchen")
        other.submit(button="Die Buchung zurücknehmen")
        assert "kann neu gebucht werden" in other.page.text
    other.submit(button="400,00 € als bezahlt buchen")
    contact.get(base)
    assert "teilweise bewilligt" in contact.page.text
    contact.follow("Bescheid lesen")
    assert "Kasse B gibt 200,00 € der erbetenen 300,00 €. Ohne Raum." in contact.page.text.replace(
        "\xa0", " "
    )
    notice = session.scalars(sa.select(DirectNotice)).one()
    assert read_pdf(notice.body).title == "Bewilligungsbescheid über einen Teil"


def test_officers_say_on_which_terms_they_fund_and_groups_read_it(session, group, contact, officer):
    anna = officer("kasse-a", "anna@kasse.example")
    anna.get("/funding/projects/terms/kasse-b", status=404)
    anna.get("/funding/projects")
    anna.follow("Bedingungen von Kasse A")
    anna.follow("Nordrhein-Westfalen")
    anna.submit({"deadline": "31.02."}, button="Bedingungen speichern", status=400)
    anna.submit({"criteria": "Nur Vorträge.", "deadline": "30.06."}, button="Bedingungen speichern")
    contact.get(f"/accounts/groups/{group.slug}/projects/insurers")
    assert "Nur Vorträge." in contact.page.text
    assert "bis 30.06." in contact.page.text


def test_two_who_write_one_page_keep_both_and_strangers_read_nothing(app, session, group, contact, signed_in):
    found = built.write_project(session, group.id, {"kasse-a": 400})
    other = session.get_one(Group, make_group(session, now=clock.now(), name="Andere")).slug
    session.commit()
    base = f"/accounts/groups/{group.slug}/projects/{found.project.id}"
    staff = signed_in("desk_staff", clearinghouse=group.clearinghouse_id)
    for browser in (contact, staff):
        browser.get(f"{base}/goals")
    contact.submit({"methods": "Nur Vorträge."}, button=SAVE)
    staff.submit({"goals": "Alle kennen uns."}, button=SAVE)
    values = built.read(session, found.project.id).values("goals")
    assert values is not None
    assert (values["methods"], values["goals"]) == ("Nur Vorträge.", "Alle kennen uns.")
    for browser in (contact, staff):
        browser.get(f"{base}/money")
    contact.submit({"asked_euros": ["300"], "own": "150"}, button=SAVE)
    staff.submit({"asked_euros": ["200"], "own": "250"}, button=SAVE, status=409)
    assert "Kasse A · 300" in staff.page.text
    contact.get(f"/accounts/groups/{other}/projects/{found.project.id}", status=404)
