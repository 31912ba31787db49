"""The state of a group for its contacts and the staff of its house: confirm, pause, close, phone, merge."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.groups.meetings.schedules import day_of
from app.groups.models import Group, MeetingSeries
from app.shared import clock
from app.shared.history import HistoryEntry
from tests.builders.groups import make_contact, make_group, make_house
from tests.builders.upkeep import confirmed_on, make_overdue, state_of

STATUS = "/accounts/groups/lichtblick/status"


@pytest.fixture
def house(session):
    return make_house(session)


@pytest.fixture
def group(session, house):
    return make_overdue(session, days=365 + 60, now=clock.now(), clearinghouse_id=house)


@pytest.fixture
def staff(signed_in, house, group):
    return signed_in("desk_staff", clearinghouse=house)


def test_a_contact_confirms_pauses_comes_back_and_closes_but_cannot_reopen(session, signed_in, group):
    browser = signed_in("group_contact", group=group)
    page = browser.follow("Stand: Lichtblick")
    assert "Nobody" not in page.text
    assert "eine Telefonnummer" in page.text
    page = browser.submit(button="Ja, alles stimmt")
    assert "Bestätigt." in page.text
    assert confirmed_on(session, group) == day_of(clock.now())
    browser.follow("Pausieren")
    page = browser.submit({"Wieder da am": "2020-01-01"}, button="Pause beginnen", status=400)
    assert "Bitte wählen Sie einen Tag ab morgen" in page.text
    back = (day_of(clock.now()) + timedelta(days=3)).isoformat()
    browser.submit({"Wieder da am": back}, button="Pause beginnen")
    assert state_of(session, group) == "paused"
    page = browser.follow("Pause ändern")
    assert page.find_all("input", name="resumes_on")[0].get("value") == back
    browser.submit({"Wieder da am": ""}, button="Pause beginnen")
    browser.submit(button="Wir treffen uns wieder")
    assert state_of(session, group) == "listed"
    browser.follow("Gruppe auflösen")
    assert "Das wird geschehen:" in browser.page.text
    browser.submit(button="Gruppe auflösen", status=400)
    page = browser.submit({"reason": "done"}, button="Gruppe auflösen")
    assert "Ihre Kontaktstelle kann die Gruppe wieder eintragen." in page.text
    assert state_of(session, group) == "closed"
    # Whoever kept the address of the form reads what has become of the group.
    assert "gibt es nicht mehr" in browser.get("/groups/lichtblick/contact", status=410).heading
    assert "anderer" in browser.get(f"{STATUS}/pause").text
    assert "anderer" in browser.get(f"{STATUS}/close").text
    session.rollback()
    done = sa.select(HistoryEntry.actor_kind).where(HistoryEntry.action.in_(("group.paused", "group.closed")))
    actors = set(session.scalars(done))
    assert actors == {"person"}


def test_staff_find_whom_to_phone_and_confirm_note_and_reopen(session, staff, group, house):
    make_overdue(
        session,
        days=500,
        now=clock.now(),
        clearinghouse_id=house,
        name="Ohne Adresse",
        contact=make_contact(),
    )
    make_overdue(session, days=900, now=clock.now(), name="Fremde")
    staff.get("/accounts")
    page = staff.follow("Nicht bestätigte Einträge")
    assert "Petra Muster, 0221 4710 123" in page.text
    assert "kein Name bekannt, keine Telefonnummer bekannt" in page.text
    assert page.text.index("Ohne Adresse") < page.text.index("Lichtblick")
    assert "Fremde" not in page.text
    page = staff.submit({"Was der Anruf ergeben hat": ""}, button="Notieren", status=400)
    assert "Bitte schreiben Sie, was der Anruf ergeben hat." in page.text
    long = "x" * 301
    path = "/desk/groups/lichtblick/call"
    token = {"form_token": page.find_all("input", name="form_token")[0].get("value")}
    page = staff.post(path, data={**token, "note": long}, status=400)
    assert long in {field.get("value") for field in page.find_all("input", name="note")}
    for _ in range(2):
        page = staff.post(path, data={**token, "note": "Niemand <b>da</b>"})
    assert "Niemand <b>da</b>" in page.text
    session.rollback()
    assert session.get_one(Group, group).internal_note.count("Niemand") == 1
    page = staff.post(f"{STATUS}/confirm", data={**token, "from": "list", "house": "kiss-koeln"})
    assert page.heading == "Nicht bestätigte Einträge"
    assert "Lichtblick" not in page.text
    entry = session.scalars(sa.select(HistoryEntry).where(HistoryEntry.action == "group.confirmed")).one()
    assert (entry.facts, entry.actor_kind) == ({"by_telephone": True}, "person")
    staff.get(f"{STATUS}/close")
    staff.submit({"reason": "done"}, button="Gruppe auflösen")
    page = staff.submit(button="Wieder eintragen")
    assert "Ihre alten Reihen sind beendet" in page.text
    assert state_of(session, group) == "listed"


def test_staff_merge_two_groups_of_their_house_and_no_others(session, staff, group, house):
    make_group(session, now=clock.now(), clearinghouse_id=house, name="Alte Gruppe")
    make_group(session, now=clock.now(), name="Fremde Gruppe")
    secret = make_group(
        session, now=clock.now(), clearinghouse_id=house, name="Geschützte", disclosure="clearinghouse"
    )
    session.commit()
    staff.get("/accounts/groups/alte-gruppe/status")
    page = staff.follow("Mit einer anderen Gruppe zusammenlegen")
    assert "Fremde Gruppe" not in page.text
    assert (
        "ein und dieselbe" in staff.get("/desk/groups/alte-gruppe/merge?other=alte-gruppe", status=400).text
    )
    staff.get("/desk/groups/alte-gruppe/merge?other=fremde-gruppe", status=404)
    staff.get("/desk/groups/alte-gruppe/merge")
    page = staff.follow("Lichtblick")
    assert "Seite und Kalender von „Alte Gruppe“ führen ab jetzt zu „Lichtblick“" in page.text
    page = staff.follow("Umgekehrt")
    assert "Seite und Kalender von „Lichtblick“ führen ab jetzt zu „Alte Gruppe“" in page.text
    page = staff.follow("Umgekehrt")
    series = page.find_all("input", name="series")[0].get("value")
    page = staff.submit({"series": [series, "99999", "x"]}, button="Gruppen zusammenlegen")
    assert page.heading == "Stand von Lichtblick"
    assert "Die Gruppen sind jetzt eine." in page.text
    assert session.get_one(MeetingSeries, int(series)).group_id == group
    page = staff.get("/desk/groups/geschuetzte/merge?other=lichtblick")
    assert "zeigt ihren Ort nicht so genau" in page.text
    own = session.scalars(sa.select(MeetingSeries.id).where(MeetingSeries.group_id == secret)).one()
    token = page.find_all("input", name="form_token")[0].get("value")
    sent = {"form_token": token, "other": "lichtblick", "stays": "lichtblick", "series": str(own)}
    staff.post("/desk/groups/geschuetzte/merge", data=sent, status=409)
    assert state_of(session, secret) == "listed"
    assert "anderer" in staff.get("/desk/groups/alte-gruppe/merge").text
