"""Somebody registers a group in five steps; staff do it from paper. Nothing typed is lost, nothing is stored twice."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.models import Invitation, RoleGrant
from app.groups.models import (
    Group,
    GroupTopic,
    ListingVersion,
    MeetingPlace,
    MeetingSeries,
    RegistrationDraft,
)
from app.groups.registration.drafts import forget_drafts, kept_days
from app.shared import clock
from app.shared.history import HistoryEntry
from app.shared.transactions import transaction
from app.shared.visitor_forms import HONEYPOT
from tests.builders.groups import make_group, make_house
from tests.support.mailbox import mails_to

GO_ON = "Weiter"
FOUNDER = "ada@example.org"
TOPIC = {"topic": "Depression", "name": "Neuer Mut", "description": "Wir reden und gehen spazieren."}
WHEN = {"where": "50667 Köln", "street": "Bürgerhaus, Lindenallee 3", "weekday": "2", "starts_at": "19:00"}
CONTACT = {"contact_email": FOUNDER, "contact_name": "Ada Muster", "contact_phone": "0221 4711"}
CONFIRMS = {"confirms": ["self_managed", "storing"]}


@pytest.fixture
def house(session):
    return make_house(session)


def stored(session):
    session.rollback()
    return list(session.scalars(sa.select(Group).order_by(Group.id)))


def to_step(browser, number):
    """Fill in the steps before this one."""
    browser.get("/groups/new")
    for fields in (TOPIC, {}, WHEN, CONTACT)[: number - 1]:
        browser.submit(fields, button=GO_ON)
    assert f"Schritt {number} von 5" in browser.page.text
    return browser.page


def test_a_group_is_registered_and_waits_for_the_responsible_house(session, browser, house):
    other = make_house(session, "KISS Bonn", catchment=[("05314", None)])
    page = to_step(browser, 5)
    assert "KISS Köln" in page.text
    page = browser.submit(CONFIRMS, button="Abschicken")
    assert page.heading == "Ihre Gruppe ist eingetragen"
    assert "KISS Köln" in page.text
    (group,) = stored(session)
    assert (group.name, group.state, group.clearinghouse_id) == ("Neuer Mut", "submitted", house)
    assert group.clearinghouse_id != other
    assert (group.status, group.disclosure, group.languages) == ("open", "area", ["de"])
    moments = (
        group.contact_name_consented_at,
        group.contact_phone_consented_at,
        group.contact_email_consented_at,
    )
    assert (group.contact_email, moments) == (FOUNDER, (None, None, None))
    place = session.get(MeetingPlace, group.place_id)
    assert (place.name, place.street, place.postcode) == ("Bürgerhaus", "Lindenallee 3", "50667")
    series = session.scalars(sa.select(MeetingSeries)).one()
    assert (series.weekdays, series.duration_minutes) == ([2], 90)
    assert session.scalar(sa.select(sa.func.count()).select_from(GroupTopic)) == 1
    entry = session.scalars(sa.select(HistoryEntry).where(HistoryEntry.action == "group.consented")).one()
    assert (entry.group_id, entry.actor_kind, entry.facts["consents"]) == (
        group.id,
        "visitor",
        ["self_managed", "storing"],
    )
    browser.get("/groups/neuer-mut", status=404)
    assert "Neuer Mut" not in browser.get("/groups?q=Depression").text


def test_its_contact_is_invited_and_makes_an_account(session, browser, house):
    to_step(browser, 5)
    browser.submit(CONFIRMS, button="Abschicken")
    (mail,) = mails_to(session, FOUNDER)
    assert mail.subject == "„Neuer Mut“ ist eingetragen"
    assert "KISS Köln" in mail.body_text
    link = re.search(r"http://localhost(/accounts/invitations/\S+)", mail.body_text)
    page = browser.get(link[1])
    assert page.heading == "Ihr Konto für die Gruppe"
    assert "Neuer Mut" in page.text
    page = browser.submit({"name": "Ada"}, button="Annehmen")
    assert "Wartet auf Ihre Kontaktstelle" in page.text
    assert "wie Besucher sie sehen" not in page.text
    assert "meist innerhalb von zwei Wochen" in browser.get("/accounts/groups/neuer-mut/status").text
    session.rollback()
    grant = session.scalars(sa.select(RoleGrant)).one()
    assert (grant.role, grant.group_id) == ("group_contact", stored(session)[0].id)


def test_sending_it_again_stores_nothing_more_and_shows_the_same_page(session, browser, client, house):
    page = to_step(browser, 5)
    url = page.url.removeprefix("http://localhost")
    token = page.get("input", name="form_token").get("value")
    browser.submit(CONFIRMS, button="Abschicken")
    for _ in range(2):
        page = browser.post(url, data={"form_token": token, "action": "next", **CONFIRMS})
        assert page.heading == "Ihre Gruppe ist eingetragen"
    assert len(stored(session)) == 1
    assert len(mails_to(session, FOUNDER)) == 1
    draft = session.scalars(sa.select(RegistrationDraft)).one()
    assert draft.data == {}


def test_a_phone_number_is_shown_only_with_consent_at_its_moment(session, browser, house):
    to_step(browser, 4)
    page = browser.submit({**CONTACT, "contact_way": "phone", "disclosure": "exact"}, button=GO_ON)
    assert "Meine Telefonnummer darf" in page.text
    page = browser.submit(CONFIRMS, button="Abschicken", status=400)
    assert "Bitte willigen Sie ein" in page.text
    browser.submit({"confirms": ["self_managed", "storing", "phone", "name"]}, button="Abschicken")
    (group,) = stored(session)
    assert group.contact_phone_consented_at is not None
    assert group.contact_name_consented_at is not None
    assert group.contact_email_consented_at is None


def test_what_is_hidden_is_shown_as_hidden_in_the_preview(browser, client, house):
    page = to_step(browser, 5)
    preview = next(each for each in page.find_all("div") if each.get("id") == "preview")
    text = " ".join("".join(preview.itertext()).split())
    assert "Neuer Mut" in text
    assert "verborgen: erfährt, wer Kontakt aufnimmt" in text
    assert "verborgen: nur die Kontaktstelle sieht das" in text
    assert [secret for secret in ("Lindenallee", FOUNDER, "4711", "Ada Muster") if secret in text] == []
    answer = client.post(
        "/groups/new/preview",
        data={"step": "topic", "topic": "Trauer", "name": "<script>x</script>", "draft": "x"},
    )
    assert "Trauer" in answer.text
    assert "<script>x" not in answer.text


def test_nothing_is_lost_going_back_later_or_being_refused(session, browser, house):
    to_step(browser, 3)
    page = browser.submit(
        {"where": "00001", "street": "Weg 5", "starts_at": "25:70"}, button=GO_ON, status=400
    )
    for sentence in ("Meinten Sie", "Wochentag", "19:00"):
        assert sentence in page.text
    values = {name: page.get("input", name=name).get("value") for name in ("where", "street", "starts_at")}
    assert values == {"where": "00001", "street": "Weg 5", "starts_at": "25:70"}
    meant = next(each for each in page.find_all("button") if each.get("name") == "where_meant")
    page = browser.submit({"weekday": "1"}, button=meant.get("value"), status=400)
    assert page.get("input", name="where").get("value") == meant.get("value")
    assert browser.submit(button="Zurück").heading == "Für wen ist Ihre Gruppe?"
    page = browser.submit({"for_whom": ["affected", "women"]}, button="Später weitermachen")
    assert page.heading == "Später weitermachen"
    link = next(href for name, href in page.links.items() if "/groups/new/" in name)
    page = browser.submit({"email": "Ada@Example.org"}, button="Link schicken")
    assert "unterwegs" in page.text
    (mail,) = mails_to(session, FOUNDER)
    assert link.removeprefix("http://localhost") in mail.body_text
    assert "60 Tage" in mail.body_text
    draft = session.scalars(sa.select(RegistrationDraft)).one()
    assert draft.data["for_whom"]["for_whom"] == ["affected", "women"]
    assert draft.data["when"]["street"] == ["Weg 5"]
    key = link.rsplit("/", 2)[-2]
    assert key not in str(draft.key_hash)


def test_a_group_of_the_same_topic_nearby_is_named_with_what_may_be_known_and_is_not_in_the_way(
    session, browser, house
):
    make_group(session, name="Lichtblick", clearinghouse_id=house, disclosure="area")
    make_group(session, name="Warteraum", clearinghouse_id=house, state="submitted")
    page = to_step(browser, 5)
    assert "Kennen Sie diese Gruppen?" in page.text
    assert "Lichtblick" in page.links
    assert "entfernt" in page.text
    assert "Warteraum" not in page.text
    page = browser.submit(CONFIRMS, button="Meine Gruppe ist eine andere")
    assert page.heading == "Ihre Gruppe ist eingetragen"


def test_a_group_that_is_just_starting_needs_no_room_and_an_online_group_none_at_all(session, browser, house):
    browser.get("/en/groups/new")
    browser.submit(TOPIC, button="Go on")
    browser.submit({"status": "founding"}, button="Go on")
    browser.submit({"where": "50667", "rhythm": "none"}, button="Go on")
    browser.submit(CONTACT, button="Go on")
    page = browser.submit(CONFIRMS, button="Send it")
    assert page.url.startswith("http://localhost/en/groups/new/")
    (group,) = stored(session)
    assert (group.status, session.get(MeetingPlace, group.place_id).street) == ("founding", "")
    browser.get("/groups/new")
    browser.submit({**TOPIC, "name": "Netz"}, button=GO_ON)
    browser.submit({}, button=GO_ON)
    browser.submit({"format": "online", "where": "Köln", "weekday": "3", "starts_at": "20:00"}, button=GO_ON)
    browser.submit(CONTACT, button=GO_ON)
    browser.submit(CONFIRMS, button="Abschicken")
    assert (stored(session)[1].format, stored(session)[1].place_id) == ("online", None)


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "🙂" * 300},
        {"description": "x" * 1_000_000},
        {"topic": "<script>alert(1)</script>"},
        {"name": ""},
    ],
)
def test_what_cannot_be_stored_is_refused_with_a_sentence_and_stores_nothing(typed, session, browser, house):
    browser.get("/groups/new")
    page = browser.submit({**TOPIC, **typed}, button=GO_ON, status=400)
    (name,) = typed
    assert page.find("p", id=f"{name}-error") is not None
    assert "<script>alert" not in page.html
    assert session.scalars(sa.select(RegistrationDraft)).all() == []


def test_forged_keys_foreign_pages_and_programs_get_nowhere(session, browser, client, house):
    for path in ("topic", "check", "done", "later"):
        page = browser.get(f"/groups/new/made-up/{path}", status=410)
        assert "Gruppe eintragen" in page.links
    page = to_step(browser, 2)
    url = page.url.removeprefix("http://localhost")
    token = page.get("input", name="form_token").get("value")
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert client.post(url, data={"form_token": token, "status": "open"}, headers=foreign).status_code == 400
    assert client.post(url, data={"status": "open"}).status_code == 400
    fields = {**TOPIC, "form_token": token, HONEYPOT: "x"}
    answer = client.post("/groups/new", data=fields)
    assert answer.status_code == 303
    assert "Set-Cookie" not in answer.headers
    assert len(session.scalars(sa.select(RegistrationDraft)).all()) == 1


def test_a_mail_address_with_a_line_break_reaches_nobody_else(session, browser, client, house):
    page = to_step(browser, 4)
    token = page.get("input", name="form_token").get("value")
    fields = {
        **CONTACT,
        "contact_email": f"{FOUNDER}\r\nBcc: eve@example.org",
        "contact_way": "clearinghouse",
    }
    data = {**fields, "disclosure": "area", "form_token": token}
    answer = client.post(page.url.removeprefix("http://localhost"), data=data)
    assert answer.status_code == 400
    assert "E-Mail-Adresse aus" in answer.text


def test_the_last_step_says_what_an_earlier_one_lacks(session, browser, house):
    page = to_step(browser, 2)
    url = page.url.removeprefix("http://localhost").replace("for-whom", "check")
    page = browser.get(url)
    assert "Es fehlt noch etwas" in page.text
    browser.submit(CONFIRMS, button="Abschicken", status=400)
    assert stored(session) == []


def test_somebody_who_is_signed_in_looks_after_the_group_at_once(session, signed_in, house):
    browser = signed_in(None, email="gruender@example.org")
    browser.follow("Gruppe eintragen")
    page = browser.submit(button="Anfangen")
    assert page.heading == "Worum geht es in Ihrer Gruppe?"
    browser.submit(TOPIC, button=GO_ON)
    browser.submit({}, button=GO_ON)
    page = browser.submit(WHEN, button=GO_ON)
    address = page.get("input", name="contact_email").get("value")
    assert address == "gruender@example.org"
    browser.submit({}, button=GO_ON)
    browser.submit(CONFIRMS, button="Abschicken")
    session.rollback()
    assert session.scalars(sa.select(RoleGrant.group_id)).all() == [stored(session)[0].id]
    assert (
        session.scalars(sa.select(ListingVersion.submitted_by_id)).all()
        == session.scalars(sa.select(RoleGrant.user_id)).all()
    )
    assert session.scalars(sa.select(Invitation)).all() == []
    assert len(mails_to(session, address)) == 1


def test_staff_enter_a_group_from_paper_once_with_the_consents_as_signed(session, signed_in, house):
    browser = signed_in("desk_staff", clearinghouse=house)
    browser.get("/accounts")
    browser.follow("Gruppe vom Papierbogen eintragen")
    paper = {
        **TOPIC,
        **WHEN,
        "contact_name": "Ada",
        "contact_phone": "0221 4711",
        "contact_way": "phone",
        "consents": ["phone"],
        "signed_on": "1.10.2026",
    }
    page = browser.submit({**paper, "consents": [], "signed_on": ""}, button="Gruppe eintragen", status=400)
    assert "Einwilligung auf Papier" in page.text
    browser.submit({**paper, "signed_on": "2099-01-01"}, button="Gruppe eintragen", status=400)
    key = browser.page.get("input", name="key").get("value")
    page = browser.submit(paper, button="Gruppe eintragen")
    assert "wartet auf die Prüfung" in page.text
    (group,) = stored(session)
    assert (group.state, group.clearinghouse_id, group.contact_email) == ("submitted", house, "")
    assert group.contact_phone_consented_at.date().isoformat() == "2026-10-01"
    assert session.scalar(sa.select(ListingVersion.submitted_by_id)) is not None
    assert session.scalars(sa.select(Invitation)).all() == []
    again = {
        **paper,
        "key": key,
        "for_whom": "affected",
        "languages": "de",
        "status": "open",
        "format": "in_person",
    }
    token = page.get("input", name="form_token").get("value")
    more = {"rhythm": "weekly", "disclosure": "area", "form_token": token}
    browser.post("/desk/groups/new", data={**again, **more})
    assert len(stored(session)) == 1
    make_house(session, "Kontaktstelle Fern")
    browser.get("/desk/groups/new?house=kontaktstelle-fern", status=404)


def test_what_nobody_has_touched_for_sixty_days_is_forgotten(session, browser, house):
    to_step(browser, 2)
    now = clock.now()
    assert kept_days() == 60
    with transaction(session) as writing:
        assert forget_drafts(writing, now - timedelta(days=1)) == 0
        assert forget_drafts(writing, now + timedelta(days=1)) == 1
    assert session.scalars(sa.select(RegistrationDraft)).all() == []


def test_an_account_that_is_closed_takes_its_drafts_with_it(session, signed_in, house):
    browser = signed_in(None)
    browser.get("/accounts/groups/new")
    browser.submit(button="Anfangen")
    with transaction(session) as writing:
        writing.execute(sa.text('DELETE FROM "user"'))
    assert session.scalars(sa.select(RegistrationDraft)).all() == []


@pytest.mark.parametrize("path", ["/", "/topics/depression", "/groups?q=xyzzyplugh"])
def test_there_is_a_door_to_founding_where_somebody_finds_nothing(browser, house, path):
    browser.get(path)
    page = browser.follow("Noch keine Gruppe? Eine gründen")
    assert page.heading == "Eine Gruppe gründen"
    assert browser.follow("Gruppe eintragen").heading == "Worum geht es in Ihrer Gruppe?"
