"""Contacts and staff change what everybody reads of a group."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from app.groups.listings.decisions import ask_for_changes
from app.groups.models import Group, ListingVersion
from app.shared.transactions import transaction
from tests.builders.groups import NOW, make_contact, make_group, make_house
from tests.builders.listings import make_edit

ADDRESS = "/accounts/groups/lichtblick/listing"
AT = NOW.replace(year=2025)


@pytest.fixture
def group(session):
    with transaction() as writing:
        house = make_house(writing)
        contact = make_contact(way="phone", name="Petra", phone="0221 471100", phone_consented_at=AT)
        group_id = make_group(writing, clearinghouse_id=house, contact=contact, access=["lift"])
    return SimpleNamespace(id=group_id, house=house)


@pytest.fixture
def contact(signed_in, group):
    return signed_in("group_contact", group=group.id)


@pytest.fixture
def staff(signed_in, group):
    return signed_in("desk_staff", clearinghouse=group.house)


def row(session, group):
    return session.get(Group, group.id, populate_existing=True)


def count_versions(session):
    return session.scalar(sa.select(sa.func.count()).select_from(ListingVersion))


def test_the_form_says_before_what_waits_and_stores_only_what_was_changed(contact, group, session):
    contact.get("/accounts")
    contact.follow("Eintrag: Lichtblick")
    assert "Das ist sofort zu sehen." in contact.page.text
    assert "Name und Themen werden erst angesehen." in contact.page.text
    page = contact.submit(button="Speichern")
    assert "Nichts war anders, also wurde nichts gespeichert." in page.text
    assert count_versions(session) == 0

    page = contact.submit({"Name der Gruppe": "Sonnenaufgang", "Englisch": "en"}, button="Speichern")
    assert "Schon für alle zu sehen: Sprachen." in page.text
    assert "Das sieht sich erst Ihre Kontaktstelle an: Name." in page.text
    assert "Wartet auf die Kontaktstelle: Name" in page.text
    assert page.get("input", name="name").get("value") == "Sonnenaufgang"
    stored = row(session, group)
    assert (stored.name, stored.languages) == ("Lichtblick", ["en"])
    assert stored.contact_phone_consented_at == AT

    page = contact.submit(button="Zurückziehen")
    assert "Was wartete, ist zurückgezogen." in page.text
    assert page.get("input", name="name").get("value") == "Lichtblick"


def test_what_is_taken_back_is_gone_at_once_and_staff_write_for_everybody(
    contact, staff, group, session, browser
):
    contact.get(ADDRESS)
    page = contact.submit({"consents": [], "Telefonnummer": "0221 471199"}, button="Speichern")
    assert "Schon für alle zu sehen: Telefon." in page.text
    assert "4711" not in browser.get("/groups/lichtblick").text
    staff.get(ADDRESS)
    assert "Was Sie hier speichern, ist sofort zu sehen." in staff.page.text
    page = staff.submit(
        {
            "Name der Gruppe": "Mut",
            "consents": ["contact_phone"],
            "Straße": "Rosenweg 1",
            "Postleitzahl": "53111",
        },
        button="Speichern",
    )
    assert "Schon für alle zu sehen: Name, Ort, Telefon." in page.text
    shown = browser.get("/groups/lichtblick")
    assert "Mut" in shown.heading
    assert "0221 471199" in shown.text
    assert "Bürgerhaus" not in shown.text  # the new place is shown once its pin is known


def test_two_who_write_at_once_both_find_their_texts(contact, staff, group, session):
    contact.get(ADDRESS)
    staff.get(ADDRESS)
    staff.submit({"Name der Gruppe": "Von der Stelle", "Aufzug": []}, button="Speichern")
    page = contact.submit({"Name der Gruppe": "Von uns", "Englisch": "en"}, button="Speichern", status=409)
    assert "jemand anderes diesen Eintrag geändert" in page.text
    assert "Jemand anderes schrieb inzwischen: Von der Stelle" in page.text
    assert page.get("input", name="name").get("value") == "Von uns"
    assert page.get("input", name="access", value="lift").get("checked") is None
    page = contact.submit(button="Speichern")
    assert "Das sieht sich erst Ihre Kontaktstelle an: Name." in page.text
    stored = row(session, group)
    assert (stored.name, stored.languages, stored.access) == ("Von der Stelle", ["en"], [])


def test_remarks_of_the_house_stand_beside_their_fields(contact, group, session):
    with transaction() as writing:
        version = make_edit(writing, group.id, website="https://neu.example")
        remarks = {"website": "Die Seite <b>fehlt</b>."}
        ask_for_changes(writing, version, remarks=remarks, unmet={"no_commerce"}, by=None, now=NOW)
    page = contact.get(ADDRESS)
    assert "Ihre Kontaktstelle bittet: Die Seite <b>fehlt</b>." in page.text
    assert "Offenbar verdient jemand daran." in page.text
    page = contact.submit({"Internetseite": "https://richtig.example"}, button="Speichern")
    assert "Wartet auf die Kontaktstelle: Internetseite" in page.text


def test_bad_input_is_refused_beside_its_field_and_nothing_typed_is_lost(contact, group, session):
    for field, typed, sentence in (
        ("name", "🙂" * 300, "3 bis 120 Zeichen"),
        ("description", "x" * 1_000_000, "höchstens 5.000 Zeichen"),
        ("topic", "<script>alert(1)</script>", "Thema"),
        ("website", "ftp://licht.example", "https://"),
        ("contact_email", "a@example.org\r\nBcc: b@example.org", "E-Mail-Adresse"),
        ("where", "", "Postleitzahl"),
    ):
        contact.get(ADDRESS)
        page = contact.submit(
            {field: typed, "first_visit": "Nur\x00 Mut\x07!"}, button="Speichern", status=400
        )
        assert sentence in " ".join(page.texts("p", class_="field-error")), field
        assert page.get("textarea", name="first_visit").text.strip() == "Nur Mut!"
    assert count_versions(session) == 0
    assert row(session, group).first_visit == ""


def test_forged_numbers_and_a_form_sent_twice_change_nothing_more(contact, group, session):
    contact.get(ADDRESS)
    sent = {"name": "Mut", "seen": "0", "based_on": "-1"}
    contact.submit(sent, button="Speichern")
    contact.get(ADDRESS)
    for forged in (
        {"seen": "0"},
        {"seen": "99999999999999"},
        {"seen": "x"},
        {"seen": "1", "based_on": "999"},
    ):
        contact.get(ADDRESS)
        contact.submit({"name": "Anders", **forged}, button="Speichern", status=409)
        assert contact.page.get("input", name="name").get("value") == "Anders"
    assert count_versions(session) == 2


def test_another_group_and_its_versions_are_not_there(contact, signed_in, session):
    with transaction() as writing:
        make_group(writing, name="Fremd", clearinghouse_id=make_house(writing, "KISS Bonn"))
    for path in ("", "/versions"):
        contact.get(f"/accounts/groups/fremd/listing{path}", status=404)
        contact.get(f"/accounts/groups/nirgends/listing{path}", status=404)


def test_any_two_versions_are_compared_and_any_is_brought_back(contact, staff, group, session):
    with transaction() as writing:
        make_edit(writing, group.id, description="Ein ganz neuer Text über uns und den Abend.", access=[])
    page = contact.get(f"{ADDRESS}/versions")
    assert "Von Version 2 zu Version 3" in page.text
    page = contact.submit({"old": "3", "new": "1"}, button="Vergleichen")
    assert "Von Version 1 zu Version 3" in page.text
    assert "Ein ganz neuer Text" in " ".join(page.texts("ins"))
    page = contact.get(f"{ADDRESS}/versions?old=x&new=99999999999")
    assert "Version 3" in page.text

    staff.get(f"{ADDRESS}/versions")
    contact.get(f"{ADDRESS}/versions")
    page = staff.submit(button="Version 1")
    assert "Schon für alle zu sehen: Barrierefrei." in page.text
    assert row(session, group).access == ["lift"]
    page = contact.submit(button="Version 1", status=409)
    assert "Jemand anderes hat diesen Eintrag inzwischen geändert." in page.text
    contact.post(f"{ADDRESS}/versions/99/restore", status=404, data=_token(contact))


def _token(browser):
    return {"form_token": browser.page.get("input", name="form_token").get("value"), "seen": "5"}
