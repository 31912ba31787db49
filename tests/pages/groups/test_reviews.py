"""Staff look at listings before they are published."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from app.groups.listings.decisions import approve
from app.groups.models import Group, ListingVersion
from app.shared import clock
from app.shared.outbox import OutboxMail
from app.shared.transactions import transaction
from app.shared.worklist import list_waiting
from tests.builders.groups import make_contact, make_group, make_house
from tests.builders.listings import make_edit

QUEUE = "/desk/reviews"


@pytest.fixture
def here(session):
    now = clock.now()
    with transaction() as writing:
        house = make_house(writing)
        listed = make_group(writing, clearinghouse_id=house, now=now - timedelta(days=90))
        edit = make_edit(writing, listed, name="Sonnenaufgang", now=now - timedelta(days=9))
        contact = make_contact(name="Petra", email="petra@example.org")
        first, second = (
            make_group(
                writing,
                clearinghouse_id=house,
                name=name,
                state="submitted",
                status=status,
                disclosure="area",
                contact=contact,
                now=now - timedelta(days=days),
            )
            for name, status, days in (("Erste", "open", 3), ("Zweite", "founding", 1))
        )
        versions = dict(writing.execute(sa.select(ListingVersion.group_id, ListingVersion.id)).tuples().all())
    return SimpleNamespace(
        house=house, listed=listed, edit=edit, first=first, second=second, version=versions[first]
    )


@pytest.fixture
def staff(signed_in, here):
    return signed_in("desk_staff", clearinghouse=here.house)


def names_everywhere(browser, client):
    """The names of all groups on the finder's page (kept from the last time), and in the interface."""
    page = {name.partition(" (")[0] for name in browser.get("/groups").texts("*", class_="group__name")}
    api = {group["name"] for group in client.get("/api/v1/groups").get_json()["items"]}
    assert page == api
    return page


def state(session, group_id):
    return session.get(Group, group_id, populate_existing=True).state


def test_new_groups_come_first_and_two_clicks_approve_each_until_nothing_waits(staff, here, browser, client):
    page = staff.get(QUEUE)
    assert page.texts("p", class_="waiting__who") == ["Erste", "Zweite", "Lichtblick"]
    assert "wartet seit 3 Tagen" in page.text
    assert "im Aufbau" in page.text
    browser.get("/groups/erste", status=404)

    page = staff.follow("Ansehen: Erste")
    assert "Die Gruppe organisiert sich selbst." in page.text
    assert "die Adresse ist nicht zu sehen" in page.text
    assert "petra@example.org nicht zu sehen" in page.text
    assert "Zweite wartet auch hier" in page.text
    assert "Lichtblick" in page.text
    page = staff.submit(button="All das trifft zu: freigeben")
    assert "„Erste“ ist freigegeben" in page.text
    assert page.heading == "Zweite"
    assert browser.get("/groups/erste").heading == "Erste"
    assert "petra" not in browser.page.text.lower()

    page = staff.submit(button="All das trifft zu: freigeben")
    assert page.heading == "Sonnenaufgang"
    assert names_everywhere(browser, client) == {"Erste", "Zweite", "Lichtblick"}
    assert page.texts("ins") == ["Sonnenaufgang"]
    assert "Vielleicht dieselbe Gruppe?" not in page.text
    page = staff.submit(button="Änderung freigeben")
    assert "Nichts wartet" in page.text
    assert browser.get("/groups/lichtblick").heading == "Sonnenaufgang"
    assert names_everywhere(browser, client) == {"Erste", "Zweite", "Sonnenaufgang"}


def test_changes_are_asked_for_with_remarks_and_a_decline_needs_a_reason(staff, here, session):
    address = f"{QUEUE}/{here.version}"
    staff.get(address)
    page = staff.submit(button="Zurückschicken", status=400)
    assert "Bitte sagen Sie an mindestens einer Stelle" in page.text
    page = staff.submit(
        {"remark-name": "x" * 1_001, "remark-place": "Wo?"}, button="Zurückschicken", status=400
    )
    assert page.get("textarea", name="remark-place").text.strip() == "Wo?"
    assert "höchstens 1000 Zeichen" in page.text
    page = staff.submit({"remark-name": "Bitte <i>genauer</i>."}, button="Zurückschicken")
    assert "ist wieder bei der Gruppe" in page.text
    mail = session.scalars(sa.select(OutboxMail)).one()
    assert (mail.to_address, mail.language) == ("petra@example.org", "de")
    assert "Bitte <i>genauer</i>." in mail.body_text
    assert "<i>" not in (mail.body_html or "")

    page = staff.submit(button="Ablehnen", status=400)  # the page is the next one's
    assert "Bitte sagen Sie, warum." in page.text
    staff.submit({"reason": "Keine Selbsthilfegruppe."}, button="Ablehnen")
    assert state(session, here.second) == "declined"
    assert "Die Gruppe ist am Zug" in staff.get(QUEUE).text


def test_who_comes_second_reads_who_was_first_and_nothing_is_stored(staff, here, session, signed_in):
    staff.get(f"{QUEUE}/{here.edit}")
    with transaction() as writing:
        make_edit(writing, here.listed, name="Morgenrot", now=clock.now())
    page = staff.submit(button="Änderung freigeben", status=409)
    assert "Die Gruppe hat das inzwischen geändert" in page.text
    page = staff.follow("Ansehen, wie es jetzt ist")
    assert page.heading == "Morgenrot"
    newest = session.scalars(sa.select(sa.func.max(ListingVersion.id))).one()
    with transaction() as writing:
        approve(writing, newest, by=None, now=clock.now())
    page = staff.submit({"reason": "Zu spät."}, button="Ablehnen", status=409)
    assert "hat das schon entschieden" in page.text
    assert page.find("button", name="answer") is None
    assert session.get(Group, here.listed, populate_existing=True).name == "Morgenrot"


def test_another_house_and_forged_answers_find_nothing(staff, here, session, signed_in):
    other = signed_in("desk_lead")
    assert "Nichts wartet" in other.get(QUEUE).text
    other.get(f"{QUEUE}?house=kiss-koeln", status=404)
    other.get(f"{QUEUE}/{here.version}", status=404)
    token = {"form_token": other.get("/accounts").get("input", name="form_token").get("value")}
    other.post(f"{QUEUE}/{here.version}", data=token | {"answer": "approve"}, status=404)
    for number in ("0", "4711", "99999999999999999999"):
        staff.get(f"{QUEUE}/{number}", status=404)
    staff.get(f"{QUEUE}/{here.version}?done=approve&last=99999999999999999999")
    token = {"form_token": staff.page.get("input", name="form_token").get("value")}
    staff.post(f"{QUEUE}/{here.version}", data=token | {"answer": "publish"}, status=400)
    assert state(session, here.first) == "submitted"


def test_what_waits_is_on_the_worklist_and_the_start_page(app, staff, here, session):
    with app.test_request_context("/"):
        lines = list_waiting(session, here.house, now=clock.now())
    assert next(line.url for line in lines if line.kind == "Prüfung") == f"{QUEUE}/{here.edit}"
    assert len(lines) == 3
    assert "3 Einträge warten auf Sie" in staff.get("/accounts").text
