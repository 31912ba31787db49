"""A group asks for its flat grant: few steps, nothing lost, two people sign."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.funding.models import (
    ApplicationSignature,
    FundingRegion,
    GrantApplication,
    GrantRequest,
    GrantRound,
    NoticeWay,
)
from app.funding.services.signing import submit_on_paper
from app.groups.meetings.schedules import day_of
from app.groups.models import Group
from app.shared import clock
from tests.builders.accounts import make_user
from tests.builders.applications import PDF, make_round, make_scan, write
from tests.builders.funding import make_region
from tests.builders.groups import make_contact, make_group, make_house
from tests.support.browser import Browser
from tests.support.mailbox import link_in, mails_to
from tests.support.pdf import read_pdf
from tests.support.signed_in import sign_in

SAVE = "Speichern und weiter"
FILES = "multipart/form-data; boundary=x"


@pytest.fixture
def group(session):
    house = make_house(session)
    group_id = make_group(
        session, now=clock.now(), clearinghouse_id=house, contact=make_contact(email="kim@example.org")
    )
    make_round(session)
    session.commit()
    return session.get_one(Group, group_id)


@pytest.fixture
def contact(app, session, group):
    def make(email="kim@example.org", name="Kim Sommer"):
        browser = Browser(app.test_client())
        return sign_in(browser, make_user(session, "group_contact", group=group.id, email=email, name=name))

    return make


def test_a_new_group_applies_in_five_pages_and_two_people_sign(app, session, group, contact):
    browser = contact()
    browser.get(f"/accounts/groups/{group.slug}/funding")
    browser.submit(button="Anfangen")
    assert browser.page.heading == "Ihre Gruppe"
    browser.submit({"members": "zwölf", "founded": "bald"}, button=SAVE, status=400)
    assert "Bitte schreiben Sie eine ganze Zahl von 1 bis 1000." in browser.page.text
    assert browser.page.get("input", name="members").get("value") == "zwölf"
    year = day_of(clock.now()).year
    browser.submit({"members": "12", "meetings": "40", "founded": f"12.{year + 1}"}, button=SAVE, status=400)
    assert "Dieser Monat kommt erst noch." in browser.page.text
    browser.submit({"founded": f"01.{year}"}, button=SAVE)
    assert browser.page.heading == "Wofür Sie das Geld brauchen"
    costs = {"cost_kind": ["rent", "catering"], "cost_euros": ["480", "1000000000000"], "own": "x"}
    browser.submit(costs, button=SAVE, status=400)
    assert "Das sind mehr als 100.000,00 €." in browser.page.text
    costs |= {"cost_euros": ["480", "60"], "own": ""}
    browser.submit(costs, button="Mehr Zeilen")
    assert "60,00 € bezahlt noch niemand" in browser.page.text
    assert "Kaffee, Essen: zählt nicht" in browser.page.text
    browser.submit({}, button=SAVE, status=400)
    browser.submit({"own": "60"}, button=SAVE)
    assert browser.page.heading == "Ihr Konto"
    assert "Spricht dagegen" not in browser.page.text, "nothing is held against what is still to be written"
    browser.submit({"iban": ""}, button=SAVE, status=400)
    assert "Bitte geben Sie die IBAN des Kontos an." in browser.page.text
    browser.submit({"iban": "DE89370400440532013001", "holder": "Kim"}, button=SAVE, status=400)
    assert "Das ist keine IBAN" in browser.page.text
    browser.submit({"iban": "de89 3704 0044 0532 0130 00"}, button=SAVE)
    assert "(§ 37 Absatz 2a SGB X)" in browser.page.text
    browser.submit({"statements": ["unpaid", "independent"]}, button="Unterlage hinzufügen", status=400)
    assert "Bitte wählen Sie zuerst eine Datei." in browser.page.text
    _send_paper(browser, group, PDF, statements=["unpaid", "independent"])
    assert _ticked(browser) == ["unpaid", "independent"], "what was ticked stays when a paper is added"
    browser.submit({"statements": ["all_money"]}, button="Entfernen")
    assert _ticked(browser) == ["all_money"], "and when one is removed"
    declared = {"statements": ["unpaid", "independent", "all_money", "duties"], "notice_way": "mail"}
    browser.submit(declared, button=SAVE)
    assert browser.page.heading == "Prüfen und unterschreiben"
    browser.get(f"/accounts/groups/{group.slug}/funding")
    assert "Eingewilligt haben Sie am" in browser.page.text
    browser.get(f"/accounts/groups/{group.slug}/funding/declarations")
    browser.submit(button=SAVE)  # as it was: nothing new is said
    assert session.scalars(sa.select(NoticeWay.is_electronic)).all() == [True]


def test_with_the_second_signature_it_is_submitted(app, session, group, contact):
    today = day_of(clock.now())
    new = {"founded": f"01.{today.year}", "members": "12"}
    more = {"cost_kind": ["rent", "catering"], "cost_euros": ["480", "60"], "own": "60"}
    write(session, group.id, group=new, money=more)
    session.commit()
    browser = contact()
    browser.get(f"/accounts/groups/{group.slug}/funding/sign")
    assert "Neue Gruppen fügen das Protokoll ihres Gründungstreffens hinzu." in browser.page.text
    _send_paper(browser, group, b"MZ not what it says", status=400)
    assert "Diese Datei können wir nicht lesen." in browser.page.text
    _send_paper(browser, group, PDF)
    browser.get(f"/accounts/groups/{group.slug}/funding/sign")
    two = {"name_1": "Kim Sommer", "name_2": "Kim sommer", "email_2": "jo@example.org"}
    browser.submit(two, button="Beide Links senden", status=400)
    assert "Zwei verschiedene Menschen unterschreiben" in browser.page.text
    browser.submit({"name_2": "Jo Winter"}, button="Beide Links senden")
    assert "0 von 2" in browser.page.text

    visitor = Browser(app.test_client())
    link = link_in(session, "jo@example.org")
    page = visitor.get(link)
    assert "480,00 €" in page.text
    visitor.submit(button="Ich unterschreibe")
    assert visitor.page.heading == "Danke, Sie haben unterschrieben"
    visitor.get(link_in(session, "kim@example.org"))
    visitor.submit(button="Ich unterschreibe")
    number = f"KOELN-{today.year}-0001"
    assert f"Antrag {number} ist eingereicht." in visitor.page.text
    session.expire_all()
    request = session.scalars(sa.select(GrantRequest)).one()
    assert (request.requested_cents, request.expenses_cents, request.own_cents) == (48_000, 48_000, 0)
    assert (request.members, request.is_new, request.standing) == (12, True, "extended")
    application = session.scalars(sa.select(GrantApplication)).one()
    assert "two_signatures" in {each["code"] for each in application.assessment["reasons"]}
    assert all(session.scalars(sa.select(ApplicationSignature.signed_at)))
    assert any(number in (mail.subject or "") for mail in mails_to(session, "jo@example.org"))
    copy = visitor._client.get(f"{link.partition('?')[0]}/copy.pdf").data
    read = read_pdf(copy)
    assert read.standards == ("2", "A", "1")
    for words in (number, "Raummiete", "480,00\u00a0€", "Kaffee, Essen", "Jo Winter, mit eigenem Link"):
        assert words in read.text
    browser.get(f"/accounts/groups/{group.slug}/funding")
    assert number in browser.page.text
    assert browser._client.get(f"/accounts/groups/{group.slug}/funding/copy.pdf").data == copy
    browser.submit(button="Antrag zurückziehen")
    session.expire_all()
    assert session.scalars(sa.select(GrantRequest.standing)).one() == "withdrawn"


def test_last_years_group_looks_at_what_it_wrote_and_signs(app, session, group, contact):
    this_year, today = session.scalars(sa.select(GrantRound)).one(), day_of(clock.now())
    this_year.opens_on = today + timedelta(days=1)
    make_round(session, year=today.year - 1)
    found = write(session, group.id)
    names = ["Kim Sommer", "Jo Winter"]
    submit_on_paper(session, found, names, received_on=today, posted_on=None, now=clock.now())
    this_year.opens_on = today
    session.commit()
    browser = contact()
    browser.get(f"/accounts/groups/{group.slug}/funding")
    browser.submit(button="Anfangen")
    assert f"Was hat sich seit {today.year - 1} geändert?" in browser.page.text
    assert "500,00 €" in browser.page.text
    browser.follow("Prüfen und unterschreiben")
    browser.submit({"name_2": "Jo Winter", "email_2": "jo@example.org"}, button="Beide Links senden")
    for address in ("kim@example.org", "jo@example.org"):
        visitor = Browser(app.test_client())
        visitor.get(link_in(session, address))
        visitor.submit(button="Ich unterschreibe")
    assert f"Antrag KOELN-{today.year}-0001 ist eingereicht." in visitor.page.text


def test_two_who_write_at_once_keep_both_texts(session, group, contact):
    write(session, group.id)
    session.commit()
    kim, jo = contact(), contact("jo@example.org", "Jo Winter")
    base = f"/accounts/groups/{group.slug}/funding"
    kim.get(f"{base}/group")
    jo.get(f"{base}/account")
    kim.submit({"members": "14"}, button=SAVE)
    jo.submit({"holder": "Jo Winter"}, button=SAVE)
    kim.get(f"{base}/group")
    jo.get(f"{base}/group")
    kim.submit({"members": "15", "founded": "04.2019"}, button=SAVE)
    jo.submit({"members": "16", "meetings": "30", "leaders": "guests"}, button=SAVE, status=409)
    assert "Jemand anderes hat inzwischen dasselbe geändert." in jo.page.text
    assert jo.page.get("input", name="members").get("value") == "16"
    assert jo.page.get("input", name="founded").get("value") == "04.2019"
    assert jo.page.get("dd", text="15") is not None
    assert "Jemand anderes hat hier geschrieben: 15" in jo.page.text
    jo.submit(button=SAVE)
    kim.get(f"{base}/money")
    jo.get(f"{base}/money")
    kim.submit({"own": "50,50"}, button=SAVE)
    jo.submit({"cost_euros": ["490", "60,50"]}, button="Mehr Zeilen")
    jo.submit(button=SAVE)
    kim.get(f"{base}/money")
    jo.get(f"{base}/money")
    kim.submit({"cost_euros": ["485", "60,50"]}, button=SAVE)
    jo.submit({"cost_euros": ["486", "60,50"]}, button=SAVE, status=409)
    assert jo.page.get("dd", text="Raummiete · 485") is not None
    session.expire_all()
    answers = session.scalars(sa.select(GrantApplication.answers)).one()
    group_values = {"members": 16, "meetings": 30, "founded": "2019-04", "leaders": "guests"}
    assert group_values.items() <= answers["group"]["values"].items()
    assert answers["account"]["values"]["holder"] == "Jo Winter"
    money = answers["money"]["values"]
    assert (money["own"], money["costs"][0]["cents"]) == (5_050, 48_500)


def test_a_change_takes_signatures_away(app, session, group, contact):
    write(session, group.id)
    session.commit()
    kim, base = contact(), f"/accounts/groups/{group.slug}/funding"
    kim.get(f"{base}/sign")
    kim.submit(
        {
            "name_1": "Kim Sommer",
            "email_1": "kim@example.org",
            "name_2": "Jo Winter",
            "email_2": "jo2@example.org",
        },
        button="Beide Links senden",
    )
    visitor = Browser(app.test_client())
    link = link_in(session, "kim@example.org")
    visitor.get(link)
    visitor.submit(button="Ich unterschreibe")
    kim.get(f"{base}/money")
    kim.submit({"own": "60,50"}, button=SAVE)
    assert "beide neu unterschreiben" in kim.page.text
    assert "wurde geändert" in (mails_to(session, "kim@example.org")[-1].subject or "")
    visitor.get(link, status=410)


def test_a_session_that_ends_while_somebody_types_loses_nothing(app, session, group, contact):
    write(session, group.id)
    session.commit()
    browser = contact()
    address = f"/accounts/groups/{group.slug}/funding/group"
    browser.get(address)
    token_of_page = browser.page.get("input", name="form_token").get("value")
    sent = {
        **{name: browser.page.get("input", name=name).get("value") for name in ("form_token", "seen")},
        "members": "17",
        "meetings": "40",
        "founded": "03.2019",
        "is_open": "y",
    }
    other = Browser(app.test_client())
    page = other.post(address, data={**sent, "leaders": "none"}, status=401)
    assert page.heading == "Bitte melden Sie sich wieder an"
    typed = {"form_token": token_of_page, "deadline": "15.04.", "note": "Lang"}
    rules = Browser(app.test_client()).post("/funding/regions/koeln", data=typed, status=401)
    assert rules.get("input", name="note").get("value") == "Lang"
    asked = {"form_token": token_of_page, "text": "Wo war das?"}
    proof = Browser(app.test_client()).post("/funding/use-proofs/1/question", data=asked, status=401)
    assert proof.get("input", name="text").get("value") == "Wo war das?"
    Browser(app.test_client()).post("/funding/runs/1/approve", data={"form_token": token_of_page})
    assert page.get("input", name="members").get("value") == "17"
    sign_in(other, "kim@example.org")
    other.post(address, data={**sent, "leaders": "none"})
    session.expire_all()
    answers = session.scalars(sa.select(GrantApplication.answers)).one()
    assert answers["group"]["values"]["members"] == 17
    stranger = Browser(app.test_client())
    stranger.post(
        address, data={"members": "17"}, status=200
    )  # without a token of ours: just the sign-in page
    assert stranger.page.find("input", name="members") is None


def test_staff_enter_a_request_from_paper_and_other_groups_stay_closed(app, session, signed_in, group):
    write(session, group.id)
    other = make_group(session, now=clock.now(), name="Andere")
    other_slug = session.get_one(Group, other).slug
    session.commit()
    browser = signed_in("desk_staff", clearinghouse=group.clearinghouse_id)
    address = f"/accounts/groups/{group.slug}/funding"
    browser.get(f"{address}/sign")
    form = read_pdf(browser._client.get(f"{address}/form.pdf").data)
    assert "500,00\u00a0€" in form.text
    assert form.text.count("Vorname und Nachname in Druckschrift") == 2
    sent = {
        "form_token": browser.page.get("input", name="form_token").get("value"),
        "way": "paper",
        "signer_1": "Kim Sommer",
        "signer_2": "Jo Winter",
        "received_on": day_of(clock.now()).isoformat(),
    }
    for path in ("papers", "sign"):
        large = {"kind": "statutes", "paper": FileStorage(io.BytesIO(b"x" * 10_000_001), "antrag.pdf")}
        mark, data = encode_multipart({**sent, **large})
        content_type = f'multipart/form-data; boundary="{mark}"'
        browser.post(f"{address}/{path}", data=data, content_type=content_type, status=400)
        assert "Diese Datei ist zu groß. Bitte wählen Sie eine von höchstens 10 MB." in browser.page.text
        if path == "papers":
            assert browser.page.get("option", value="statutes").get("selected") is not None
    assert browser.page.get("input", name="signer_1").get("value") == "Kim Sommer"
    data = {**sent, "paper": (io.BytesIO(b"MZ no form"), "antrag.pdf")}
    browser.post(f"{address}/sign", data=data, status=400)
    assert "Diese Datei können wir nicht lesen" in browser.page.text
    assert browser.page.get("input", name="signer_1").get("value") == "Kim Sommer"
    browser.post(f"{address}/sign", data={**sent, "paper": (io.BytesIO(make_scan()), "antrag.png")})
    assert "Der Antrag ist eingereicht." in browser.page.text
    assert "Von Hand unterschriebenes Formular" in browser.page.text
    assert not mails_to(session, "kim@example.org")
    browser.get(f"/accounts/groups/{other_slug}/funding", status=404)
    Browser(app.test_client()).get("/funding/sign/x", status=400)


def test_a_funding_office_changes_the_rules_of_its_region_only(session, signed_in, group):
    region = session.scalars(sa.select(FundingRegion.id).where(FundingRegion.slug == "koeln")).one()
    make_region(session, "elsewhere", state="03")
    session.commit()
    browser = signed_in("funding_office", region=region)
    browser.get("/funding/regions/elsewhere", status=404)
    browser.get("/funding/regions/koeln")
    assert "selbsthilfenetz.de" in browser.page.text
    browser.submit({"deadline": "31.02."}, button="Regeln speichern", status=400)
    assert "Bitte schreiben Sie Tag und Monat, wie 31.03." in browser.page.text
    browser.submit(
        {"deadline": "15.04.", "confirmation_up_to_cents": "750", "must_be_listed": ["y"]},
        button="Regeln speichern",
    )
    assert browser.page.get("input", name="deadline").get("value") == "15.04."
    assert browser.page.get("input", name="confirmation_up_to_cents").get("value") == "750,00"
    limits = {
        "tier_members": ["2", "20"],
        "tier_euros": ["750", ""],
        "cap_kind": ["overnight", "overnight"],
        "cap_euros": ["80", "90"],
        "note": "Bitte 漢",
        "source": "",
    }
    browser.submit(limits, button="Regeln speichern", status=400)
    for sentence in ("beginnt mit 1 Mitglied", "jede nur einmal", "U+6F22", "woher"):
        assert sentence in browser.page.text
    assert browser.page.get("textarea", name="note").text == "Bitte 漢"
    limits |= {
        "tier_members": ["1", "20"],
        "tier_euros": ["750", "1.250"],
        "cap_kind": ["overnight", "device"],
    }
    limits |= {"note": "Wir helfen {gern}.", "source": "Beschluss vom 3. März", "plain_up_to_cents": "400"}
    browser.submit(limits, button="Regeln speichern")
    assert browser.page.get("input", name="source").get("value") == "Beschluss vom 3. März"

    write(session, group.id)
    session.commit()
    staff = signed_in("desk_staff", clearinghouse=group.clearinghouse_id)
    staff.get(f"/accounts/groups/{group.slug}/funding")
    assert "Wir helfen {gern}." in staff.page.text
    staff.get(f"/accounts/groups/{group.slug}/funding/money")
    assert "höchstens 750,00 €" in staff.page.text
    staff.submit(button=SAVE, status=400)
    assert "Wer hier um mehr als 400,00 € bittet, sagt warum." in staff.page.text
    staff.submit({"reasons": "Wir sind mehr geworden."}, button=SAVE)
    staff.get(f"/accounts/groups/{group.slug}/funding")
    assert "Wir sind mehr geworden." in staff.page.text


def _ticked(browser):
    boxes = browser.page.find_all("input", name="statements")
    return [each.get("value") for each in boxes if each.get("checked") is not None]


def _send_paper(browser, group, content, *, statements=None, status=200):
    browser.get(f"/accounts/groups/{group.slug}/funding/declarations")
    data = {name: browser.page.get("input", name=name).get("value") for name in ("form_token", "seen")}
    data |= {"statements": statements or _ticked(browser), "action": "paper", "kind": "founding_minutes"}
    data |= {"paper": (io.BytesIO(content), "protokoll.pdf")}
    browser.post(f"/accounts/groups/{group.slug}/funding/papers", data=data, status=status)
