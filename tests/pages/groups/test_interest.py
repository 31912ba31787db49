"""“Is there really no such group?”: agreed to twice, seen by few, shown as a floor, ended with one click."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.groups.interest.consents import FOLDER
from app.groups.interest.links import CONFIRM, OUT, RENEW, interest_url
from app.groups.models import Interest
from app.shared import clock
from app.shared.history import HistoryEntry
from app.shared.outbox import OutboxMail
from app.shared.transactions import transaction
from app.shared.visitor_forms import HONEYPOT, visitor_form_token
from tests.builders.groups import make_group, make_house
from tests.builders.interest import BONN, KOELN, TOPIC, make_interest, make_many

BUTTON = "Interesse hinterlassen"
JO = "jo@leise.example"
AGREED = {"Ja, ich bin einverstanden": ["y"]}


@pytest.fixture
def house(session):
    with transaction() as writing:
        return make_house(writing)


def mails(session):
    session.rollback()
    return list(session.scalars(sa.select(OutboxMail).order_by(OutboxMail.id)))


def rows(session):
    session.rollback()
    return list(session.scalars(sa.select(Interest).order_by(Interest.id)))


def path_of(url):
    return url.removeprefix("http://localhost")


def link_in(mail, tail=""):
    words = [word for word in mail.body_text.split() if "/interest/" in word]
    return path_of(next(word for word in words if word.endswith(tail) and (tail or "/out" not in word)))


def test_from_a_search_that_finds_nothing_to_the_list_and_off_it_again(session, browser, house):
    browser.get("/groups?topic=long-covid&near=50667")
    page = browser.follow("Interesse an „Long Covid“ hinterlassen")
    assert page.get("input", name="near").get("value") == "50667 Köln"
    page = browser.submit({"Ihre E-Mail-Adresse": "Jo@Leise.example", **AGREED}, button=BUTTON)
    assert page.heading == "Bitte schauen Sie in Ihr Postfach"
    (mail,) = mails(session)
    assert (mail.to_address, mail.subject) == (JO, "Bitte bestätigen Sie Ihre E-Mail-Adresse")
    (row,) = rows(session)
    assert (row.district_ags, row.place, row.radius_km, row.counts_since) == (KOELN, "", None, None)
    assert (row.consent_version, row.consent_purpose, row.consent_way) == ("1", "interest-list", "form")
    assert browser.get(link_in(mail)).heading == "Sollen wir Sie auf die Liste setzen?"
    assert rows(session)[0].counts_since is None
    page = browser.submit(button="setzen Sie mich auf die Liste")
    assert page.heading == "Sie stehen auf der Liste"
    (row,) = rows(session)
    assert row.counts_since is not None
    assert timedelta(days=364) < row.expires_at - clock.now() < timedelta(days=366)
    until = row.expires_at
    browser.post(link_in(mail))  # the same once more changes nothing, not even how long
    assert rows(session)[0].expires_at == until
    assert browser.get(path_of(mail.unsubscribe_url)).heading == "Möchten Sie von der Liste gehen?"
    assert len(rows(session)) == 1
    assert "Alles über Sie ist gelöscht." in browser.submit(button="Nehmen Sie mich von der Liste").text
    assert rows(session) == []
    browser.get(link_in(mail), status=410)
    actions = list(session.scalars(sa.select(HistoryEntry.action).order_by(HistoryEntry.id)))
    assert actions[-3:] == ["interest.entered", "interest.confirmed", "interest.withdrawn"]
    kinds = list(session.scalars(sa.select(HistoryEntry.actor_kind).order_by(HistoryEntry.id)))
    assert kinds[-3:] == ["visitor", "link", "link"]


def test_a_page_says_the_same_whether_or_not_an_address_is_known_and_changes_nothing_that_counts(
    session, browser, house
):
    old = clock.now() - timedelta(days=2)
    make_interest(session, email="zweite@leise.example", now=old, counts_since=None)
    make_interest(session, email=JO, now=old)
    answers = []
    for email in (JO, "zweite@leise.example", "neu@leise.example"):
        browser.get("/interest?topic=long-covid&near=Bonn")
        with transaction() as writing:
            if not answers:
                make_house(writing, "KISS Bonn", catchment=[(BONN, None)])
        answers.append(browser.submit({"Ihre E-Mail-Adresse": email, **AGREED}, button=BUTTON).html)
    assert len(set(answers)) == 1
    by_email = {row.email: row for row in rows(session)}
    assert (by_email[JO].district_ags, by_email["zweite@leise.example"].district_ags) == (KOELN, BONN)
    (to_jo,) = [mail for mail in mails(session) if mail.to_address == JO]
    assert "Köln" in to_jo.body_text  # the owner reads what is on the list, and can leave it
    assert browser.get(link_in(to_jo)).heading == "Sie stehen auf der Liste"
    browser.get("/interest?topic=long-covid&near=50667")
    browser.submit({"Ihre E-Mail-Adresse": JO, **AGREED}, button=BUTTON)
    assert len([mail for mail in mails(session) if mail.to_address == JO]) == 1  # at most one an hour


def test_a_stranger_cannot_flood_a_mailbox(session, browser, house):
    for topic in ("adhs", "long-covid", "tinnitus", "stottern", "trauer", "burnout", "lipoedem"):
        browser.get(f"/interest?topic={topic}&near=50667")
        browser.submit({"Ihre E-Mail-Adresse": JO, **AGREED}, button=BUTTON)
    assert len(mails(session)) == len(rows(session)) == 5


def test_a_telephone_number_counts_at_once_and_for_staff_only(session, browser, house):
    browser.get("/interest?topic=long-covid&near=50667")
    fields = {"Ihre Telefonnummer": "0221 / 4710 123", "Wie dürfen wir Sie nennen?": "Uwe", "reach": "25"}
    for _ in range(2):
        page = browser.submit({**fields, **AGREED}, button=BUTTON)
        assert page.heading == "Sie sind notiert"
        browser.get("/interest?topic=long-covid&near=50667")
    (row,) = rows(session)
    assert (row.phone, row.name, row.place, row.radius_km) == ("02214710123", "Uwe", "50667 Köln", 25)
    assert (row.counts_since is not None, mails(session)) == (True, [])


WRONG = (
    ({"topic": ""}, "Bitte wählen Sie ein Thema aus der Liste."),
    ({"near": ""}, "Bitte geben Sie eine Postleitzahl oder einen Ort ein."),
    ({"near": "Xyzzyqwort"}, "Diesen Ort kennen wir nicht."),
    ({"near": "Bayern"}, "Das ist ein ganzes Land."),
    ({"near": "Neustadt"}, "Es gibt mehrere Orte mit diesem Namen."),
    ({"near": "Flensburg"}, "In diesem Kreis arbeitet noch keine Kontaktstelle"),
    ({"email": ""}, "Bitte geben Sie Ihre E-Mail-Adresse ein"),
    ({"email": "jo@"}, "Das sieht nicht nach einer E-Mail-Adresse aus"),
    ({"email": "x" * 250 + "@example.org"}, "Diese Adresse ist zu lang."),
    ({"phone": "0221 4710 123"}, "Ein Weg genügt"),
    ({"email": "", "phone": "<script>alert(1)</script>"}, "Telefonnummer mit Ziffern"),
    ({"consent": []}, "Ohne Ihre Einwilligung dürfen wir nichts speichern."),
    ({"name": "😀" * 300}, "Bitte kürzen"),
)


def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(session, browser, house):
    for fields, sentence in WRONG:
        typed = {"email": JO, "near": "50667", "name": "Jo <b>", "consent": ["y"], **fields}
        browser.get("/interest?topic=long-covid")
        page = browser.submit(typed, button=BUTTON, status=400)
        assert sentence in page.text
        for name in ("email", "near", "name"):
            assert page.get("input", name=name).get("value") == typed[name]
    assert (rows(session), mails(session)) == ([], [])


def test_one_of_several_places_is_chosen_with_one_press_and_the_rest_is_kept(session, browser, house):
    with transaction() as writing:
        make_house(writing, "KISS Pfalz", catchment=[("07316", None)])
    browser.get("/interest?topic=long-covid&near=Neustadt")
    browser.submit({"Ihre E-Mail-Adresse": JO, **AGREED}, button=BUTTON, status=400)
    page = browser.submit(button="Neustadt an der Weinstraße")
    assert page.heading == "Bitte schauen Sie in Ihr Postfach"
    assert rows(session)[0].district_ags == "07316"


def test_programs_foreign_pages_forged_choices_and_line_breaks_store_nothing(session, app, client, house):
    with app.test_request_context():
        token = visitor_form_token("interest")
    good = {"topic": TOPIC, "near": "50667", "reach": "0", "email": JO, "consent": "y", "form_token": token}
    assert client.post("/interest", data={**good, HONEYPOT: "x"}).status_code == 303
    for data, headers in (
        ({**good, "form_token": "x"}, {}),
        (good, {"Sec-Fetch-Site": "cross-site"}),
        ({**good, "topic": "gibt-es-nicht"}, {}),
        ({**good, "reach": "7"}, {}),
        ({**good, "reach": "²"}, {}),
        ({**good, "email": "jo@leise.example\r\nBcc: all@example.org"}, {}),
        ({**good, "email": "jo\u2028@leise.example"}, {}),
    ):
        assert client.post("/interest", data=data, headers=headers).status_code == 400
    assert (rows(session), mails(session)) == ([], [])


def test_links_are_for_one_thing_and_one_address_and_a_get_or_a_forged_one_does_nothing(
    session, app, browser, client, house
):
    made = make_interest(session, now=clock.now())
    confirm, renew, out = (path_of(interest_url(purpose, made, JO)) for purpose in (CONFIRM, RENEW, OUT))
    for path in (confirm, renew, out):
        assert browser.get(path).heading
    browser.get(confirm + "/renew", status=400)
    browser.get(confirm + "/out", status=400)
    browser.post(out.removesuffix("/out"), status=400)
    browser.post("/interest/WzEsIngiXQ.x/out", status=400)
    foreign = path_of(interest_url(OUT, made, "wer@anders.example"))
    assert client.post(foreign).status_code == 200  # as if done
    browser.get(path_of(interest_url(CONFIRM, made, "wer@anders.example")), status=410)
    assert len(rows(session)) == 1
    headers = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}
    for _ in range(2):  # as the provider of a mailbox does (RFC 8058)
        answer = client.post(out, data={"List-Unsubscribe": "One-Click"}, headers=headers)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
        assert "Set-Cookie" not in answer.headers
    assert rows(session) == []


def test_staying_on_the_list_is_one_press(session, browser, house):
    ends = clock.now() + timedelta(days=10)
    made = make_interest(session, now=clock.now(), expires_at=ends)
    assert browser.get(path_of(interest_url(RENEW, made, JO))).heading == "Haben Sie noch Interesse?"
    assert rows(session)[0].expires_at == ends
    assert browser.submit(button="Auf der Liste bleiben").heading == "Sie stehen auf der Liste"
    assert rows(session)[0].expires_at > clock.now() + timedelta(days=360)


QUESTIONS = (
    "/groups?topic=long-covid&near={place}",
    "/groups?topic=long-covid&near={place}&radius_km=1&weekday=3&time_from=03:00&time_to=03:30",
    "/groups?q=Long+Covid&near={place}&radius_km=200&format=online&language=tr",
    "/topics/long-covid?near={place}",
    "/interest?topic=long-covid&near={place}",
)


def said(client, place):
    """What any page says of a number of people, asked in every way from one place."""
    pages = [client.get(question.format(place=place)).text for question in QUESTIONS]
    said_so = re.compile(r"indestens ([0-9]+) Menschen in diesem Kreis haben Interesse[ .]")
    return {int(number) for page in pages for number in said_so.findall(page)}


def test_from_wherever_and_however_one_asks_there_is_the_same_floor_of_one_district(session, client, house):
    now = clock.now()
    make_many(session, 4, now=now)
    make_many(session, 12, now=now, district_ags=BONN)
    make_many(session, 3, now=now, topic="tinnitus")
    make_interest(session, now=now, phone="02214710123")
    make_interest(session, now=now, email="unbestaetigt@leise.example", counts_since=None)
    make_interest(session, now=now, email="vorbei@leise.example", expires_at=now)
    places = ("50667", "Köln", "51149+Köln", "Köln-Porz")
    assert set().union(*(said(client, place) for place in places)) == set()
    make_interest(session, now=now, email="umkreis@leise.example", place="51149 Köln", radius_km=50)
    assert {place: said(client, place) for place in places} == {place: {5} for place in places}
    assert said(client, "53111") == {10}  # never added up with the neighbours, however wide the circle
    assert said(client, "Nordrhein-Westfalen") == said(client, "Ahrweiler") == set()
    assert "mindestens 5" in client.get("/groups?topic=long-covid&lat=50.94&lon=6.96&radius_km=3").text
    make_many(session, 4, now=now, name="weitere", topic="burnout")
    assert said(client, "50667") == {5}


def test_a_page_that_was_kept_follows_the_interest(session, client, house):
    question = "/groups?topic=long-covid&near=50667&radius_km=5"
    assert "indestens 5" not in client.get(question).text
    made = make_many(session, 5, now=clock.now())
    assert "mindestens 5 Menschen in diesem Kreis haben Interesse (Köln)" in client.get(question).text
    client.post(path_of(interest_url(OUT, made[0], f"{TOPIC}-{KOELN}-0@leise.example")))
    assert "indestens 5" not in client.get(question).text


def test_no_public_page_names_anybody_of_the_list(session, client, house):
    with transaction() as writing:
        make_group(writing, clearinghouse_id=house, topics=["long-covid"], name="Lange Luft")
    make_many(session, 6, now=clock.now(), name="Geheimname")
    for path in ("/groups?topic=long-covid&near=50667", "/topics/long-covid?near=50667", "/interest"):
        page = client.get(path).text
        assert "leise.example" not in page
        assert "Geheimname" not in page


@pytest.mark.parametrize(
    ("language", "mark"),
    [
        ("de", "90291a7fb7efa8c1"),
        ("en", "f0ab0a5c42c9bfea"),
        ("nl", "fea3937df085aceb"),
    ],
)
def test_a_text_that_people_have_agreed_to_is_never_changed(language, mark):
    text = (FOLDER / f"1.{language}.txt").read_bytes()
    assert hashlib.sha256(text).hexdigest()[:16] == mark, "Add a new version instead (consents.py)."
