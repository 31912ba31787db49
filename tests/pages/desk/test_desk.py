"""The desk of a house: what waits, the groups of the house, and the scheduled work."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import openpyxl
import pytest

from app.groups.drafts import ContactDraft
from app.rooms.services.requests import RequestDraft, ask_for_room
from app.shared import clock
from app.shared.jobs import Job, init_jobs, run_job_once
from app.shared.transactions import transaction
from tests.builders.groups import make_group, make_house
from tests.builders.rooms import local_span, make_room
from tests.support.page import read


@pytest.fixture
def house_id(session):
    with transaction():
        return make_house(session, "KISS Köln")


@pytest.fixture
def staff(signed_in, house_id):
    return signed_in("desk_staff", clearinghouse=house_id)


def make_some(session, house_id):
    with transaction():
        make_group(
            session,
            name="=Lichtblick",
            clearinghouse_id=house_id,
            contact=ContactDraft(name="Ada Stern", phone="0221 1234", email="ada@example.org"),
            last_confirmed_on=clock.now().date(),
        )
        make_group(session, name="Ruhepol", clearinghouse_id=house_id, last_confirmed_on=date(2020, 1, 1))
        make_group(session, name="Vorbei", clearinghouse_id=house_id, state="closed")
        make_group(session, name="Von anderswo")


def names(page):
    return [name for name in ("=Lichtblick", "Ruhepol", "Vorbei", "Von anderswo") if name in page.text]


def test_nothing_waits_at_first_and_the_page_says_what_will(staff):
    page = staff.get("/desk")
    assert page.heading == "Schreibtisch"
    assert "Nichts wartet" in page.text
    assert "Heute ist kein Raum gebucht." in page.text


def test_what_waits_is_there_the_oldest_first_with_one_button_each(staff, session, house_id):
    with transaction():
        room_id = make_room(session, clearinghouse_id=house_id)
        for name, days in (("Neu", 1), ("Alt", 3)):
            group_id = make_group(session, name=name, clearinghouse_id=house_id)
            asked_at = clock.now() - timedelta(days=days)
            wanted = RequestDraft(group_id, room_id, 5, [local_span("2026-12-01 19:00")])
            ask_for_room(session, wanted, asked_by_id=None, now=asked_at)
    page = staff.get("/desk")
    assert page.text.index("Alt") < page.text.index("Neu")
    assert "seit 3 Tagen" in page.text
    staff.follow("Antworten: Alt")
    assert staff.page.heading == "Alt"


def test_every_page_of_the_house_is_called_as_on_the_desk_and_leads_back(staff):
    box = staff.get("/desk").get("section", aria_labelledby="more")
    links = {read(link): link.get("href") for link in box.iter("a")}
    del links["Öffentliche Seite"]
    assert len(links) == 12
    for words, url in links.items():
        page = staff.get(url)
        assert page.heading.partition(":")[0] == words
        assert read(next(page.get("p", class_="crumbs").iter("a"))) == "Schreibtisch"


def test_the_groups_of_the_house_are_filtered_by_what_stands_in_the_address(staff, session, house_id):
    make_some(session, house_id)
    assert names(staff.get("/desk/groups")) == ["=Lichtblick", "Ruhepol"]
    assert names(staff.get("/desk/groups?q=ada")) == ["=Lichtblick"]
    assert names(staff.get("/desk/groups?confirmed=late")) == ["Ruhepol"]
    assert names(staff.get("/desk/groups?contact=none")) == ["Ruhepol"]
    assert names(staff.get("/desk/groups?state=ended")) == ["Vorbei"]
    assert "Keine Gruppe ist so" in staff.get("/desk/groups?q=gibtesnicht").text
    page = staff.get("/desk/groups?state=nonsense&sort=%00&page=99999999999999999999&topic=%F0%9F%98%80")
    assert page.heading == "Gruppen der Kontaktstelle"


def test_the_list_can_be_taken_along_without_becoming_a_formula(staff, session, house_id):
    make_some(session, house_id)
    text = staff._client.get("/desk/groups.csv?sort=town").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert [row[0] for row in rows] == ["Name", "'=Lichtblick", "Ruhepol"]
    book = openpyxl.load_workbook(io.BytesIO(staff._client.get("/desk/groups.xlsx?q=licht").data))
    cells = [[cell.value for cell in row] for row in book.active.rows]
    assert [row[0] for row in cells] == ["Name", "=Lichtblick"]
    assert book.active["A2"].data_type == "s"
    assert book.active["I2"].is_date
    assert staff._client.get("/desk/groups.pdf").status_code == 404


def test_another_house_is_not_there(staff, session):
    with transaction():
        make_house(session, "SEKIS Berlin")
    for path in ("/desk", "/desk/groups", "/desk/groups.csv"):
        assert staff._client.get(f"{path}?house=sekis-berlin").status_code == 404


def test_an_administrator_sees_how_scheduled_work_went(app, signed_in):
    init_jobs(
        app,
        [Job("well", 3600, lambda _now: None), Job("badly", 3600, lambda _now: 1 / 0), Job("new", 60, print)],
    )
    for name in ("well", "badly"):
        run_job_once(app, name, clock.now())
    admin = signed_in("admin")
    page = admin.get("/desk/jobs")
    assert page.text.index("badly") < page.text.index("new") < page.text.index("well")
    assert "ZeroDivisionError: division by zero" in page.text
    assert "noch nie" in page.text
