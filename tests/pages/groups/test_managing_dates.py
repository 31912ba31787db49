"""Single dates and breaks of a group: each decided on a small page, shown everywhere, and taken back in one step."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.groups.meetings.schedules import day_of
from app.groups.models import Closure, MeetingChange, MeetingSeries
from app.shared import clock
from tests.builders.groups import NOW, make_group
from tests.support.page import read

MEETINGS = "/accounts/groups/lichtblick/meetings"


@pytest.fixture
def group(session):
    """A group that meets every Wednesday at seven."""
    return make_group(session)


@pytest.fixture
def series_id(session, group):
    return session.scalar(sa.select(MeetingSeries.id).where(MeetingSeries.group_id == group))


@pytest.fixture
def contact(signed_in, group):
    browser = signed_in("group_contact", group=group)
    browser.get(MEETINGS)
    return browser


@pytest.fixture
def wednesday():
    """The Wednesday after the next one."""
    today = day_of(clock.now())
    return today + timedelta(days=(3 - today.isoweekday()) % 7 + 7)


@pytest.fixture
def form(request, contact, series_id, wednesday):
    """A browser on the page that moves or adds a date, and the words on its button."""
    path = f"{series_id}/dates/{wednesday}/move" if request.param == "move" else f"{series_id}/add"
    contact.get(f"{MEETINGS}/{path}")
    return contact, {"move": "Termin verschieben", "add": "Termin eintragen"}[request.param]


def lines(page):
    return [read(item) for item in page.find_all("li", class_="managed-date")]


def line_of(page, day):
    return next(line for line in lines(page) if f"{day.day}. " in line and str(day.year) in line)


def test_the_start_page_leads_to_the_next_ten_dates_of_the_group(contact):
    contact.get("/accounts")
    page = contact.follow("Termine: Lichtblick")
    assert len(lines(page)) == 10
    assert all("Fällt aus" in line and "Verschieben" in line for line in lines(page))
    assert "Jeden Mittwoch, 19:00–20:30 Uhr" in page.text
    assert "Ihr Treffpunkt liegt in Nordrhein-Westfalen." in page.text


def test_dates_farther_ahead_are_shown_on_wish_and_the_groups_other_pages_are_one_click_away(contact):
    page = contact.follow("Weitere Termine zeigen")
    assert len(lines(page)) == 60
    assert "Weitere Termine zeigen" not in page.text
    for link, heading in (("Wie viele da waren", "Wie viele da waren"), ("Erinnerungen", "Erinnerungen")):
        assert contact.follow(link).heading == heading
        assert contact.follow("Termine: Lichtblick").heading == "Termine: Lichtblick"


def test_a_date_is_cancelled_with_a_reason_shown_to_everybody_and_taken_back(
    contact, series_id, wednesday, session
):
    page = contact.get(f"{MEETINGS}/{series_id}/dates/{wednesday}/cancel")
    assert "Was dann geschieht" in page.text
    page = contact.submit({"Grund": "Glatteis"}, button="Termin absagen")
    assert "Der Termin fällt aus." in page.text
    assert "Glatteis" in line_of(page, wednesday)
    assert "Glatteis" in contact.get("/groups/lichtblick").text
    page = contact.get(f"{MEETINGS}/{series_id}/dates/{wednesday}/cancel")
    assert page.get("input", name="reason").get("value") == "Glatteis"
    contact.submit(button="Termin absagen")
    assert session.scalar(sa.select(sa.func.count()).select_from(MeetingChange)) == 1
    page = contact.submit(button="Zurücknehmen")
    assert "Zurückgenommen." in page.text
    assert "Glatteis" not in page.text
    assert "Glatteis" not in contact.get("/groups/lichtblick").text


def test_a_date_is_moved_to_another_day_time_and_place(contact, series_id, wednesday):
    contact.get(f"{MEETINGS}/{series_id}/dates/{wednesday}/move")
    friday = wednesday + timedelta(days=2)
    page = contact.submit(
        {
            "Tag": friday.isoformat(),
            "Von": "22:30",
            "Bis": "00:15",
            "place_kind": "other",
            "place_name": "Turm",
            "postcode": "50668",
            "town": "Köln",
            "Grund": "Lesung",
        },
        button="Termin verschieben",
    )
    line = line_of(page, friday)
    for words in ("22:30–00:15 Uhr", "statt", "Lesung", "Turm, Köln", "Zurücknehmen"):
        assert words in line
    page = contact.get(f"{MEETINGS}/{series_id}/dates/{wednesday}/move")
    assert page.get("input", name="new_on").get("value") == friday.isoformat()
    assert page.get("input", name="place_name").get("value") == "Turm"


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"Tag": "2020-01-01"}, "new_on", "Dieser Tag ist vorbei."),
        ({"Tag": "2099-01-01"}, "new_on", "innerhalb der nächsten zwei Jahre"),
        ({"Tag": "2027-02-31"}, "new_on", "gibt es nicht"),
        ({"Tag": ""}, "new_on", "Bitte geben Sie den Tag an."),
        ({"Von": "20:00", "Bis": "19:30"}, "ends_at", "Das Ende muss nach dem Beginn liegen."),
        ({"place_kind": "other", "postcode": "1"}, "postcode", "fünf Ziffern"),
        ({"Grund": "x" * 201}, "reason", "200"),
    ],
)
@pytest.mark.parametrize("form", ["move", "add"], indirect=True)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_mistake_is_told_beside_its_field_and_nothing_is_lost(fields, field, sentence, form, wednesday):
    browser, button = form
    typed = {"Tag": wednesday.isoformat(), "Von": "18:00", "Bis": "19:00", **fields}
    page = browser.submit(typed, button=button, status=400)
    assert sentence in read(page.get(id=f"{field}-error"))
    assert page.get("input", name="new_on").get("value") == typed["Tag"]
    assert page.get("input", name="starts_at").get("value") == typed["Von"]


def test_a_date_is_added_once_and_taken_back(contact, series_id, wednesday, session):
    saturday = wednesday + timedelta(days=3)
    for _ in range(2):
        contact.get(f"{MEETINGS}/{series_id}/add")
        page = contact.submit({"Tag": saturday.isoformat(), "Grund": "Sommerfest"}, button="Termin eintragen")
    assert "Sommerfest" in line_of(page, saturday)
    assert session.scalar(sa.select(sa.func.count()).select_from(MeetingChange)) == 1
    page = contact.submit(button="Zurücknehmen")
    assert "Sommerfest" not in page.text


def test_a_day_on_which_the_group_meets_anyway_is_not_added(contact, series_id, wednesday):
    contact.get(f"{MEETINGS}/{series_id}/add")
    page = contact.submit({"Tag": wednesday.isoformat()}, button="Termin eintragen", status=400)
    assert "An diesem Tag" in read(page.get(id="new_on-error"))


def test_a_date_left_out_for_a_break_can_take_place_after_all(contact, series_id, wednesday):
    contact.get("/accounts/groups/lichtblick/breaks")
    contact.submit(
        {"Erster Tag": wednesday.isoformat(), "Letzter Tag": wednesday.isoformat()}, button="Pause eintragen"
    )
    page = contact.follow("Findet doch statt")
    assert page.heading == "Findet doch statt"
    page = contact.submit(button="Findet doch statt")
    assert "Fällt aus" in line_of(page, wednesday)


@pytest.mark.parametrize("day", ["2020-01-01", "2027-02-30", "bald", "0001-01-01"])
@pytest.mark.parametrize("action", ["cancel", "move"])
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_day_that_is_no_date_of_the_series_leads_back_to_the_dates(day, action, contact, series_id):
    page = contact.get(f"{MEETINGS}/{series_id}/dates/{day}/{action}")
    assert page.heading == "Termine: Lichtblick"
    assert "Diesen Termin gibt es nicht mehr." in page.text


def test_ten_thousand_single_changes_are_refused_with_a_better_way(contact, series_id, wednesday, session):
    ahead = [
        {
            "series_id": series_id,
            "kind": "cancelled",
            "on_day": wednesday + timedelta(weeks=n),
            "reason": "",
            "created_at": NOW,
        }
        for n in range(1, 401)
    ]
    session.execute(sa.insert(MeetingChange), ahead)
    session.commit()
    contact.get(f"{MEETINGS}/{series_id}/dates/{wednesday}/cancel")
    page = contact.submit({"Grund": "Glatteis"}, button="Termin absagen", status=400)
    assert "den Rhythmus der Reihe" in page.text
    assert page.get("input", name="reason").get("value") == "Glatteis"


def test_a_break_leaves_out_every_date_in_it_and_is_taken_back(contact, wednesday, session):
    contact.get("/accounts/groups/lichtblick/breaks")
    last = wednesday + timedelta(days=8)
    page = contact.submit(
        {"Erster Tag": wednesday.isoformat(), "Letzter Tag": last.isoformat(), "Grund": "Sommerpause"},
        button="Pause eintragen",
    )
    assert "Die Pause ist eingetragen." in page.text
    assert [("Sommerpause" in line) for line in lines(page)].count(True) == 2
    page = contact.submit({"break": page.get("input", name="break").get("value")}, button="Zurücknehmen")
    assert "Sommerpause" not in page.text
    assert session.scalars(sa.select(Closure)).all() == []


@pytest.mark.parametrize(
    ("first", "last", "field", "sentence"),
    [
        ("2027-08-10", "2027-08-01", "last_on", "darf nicht vor dem ersten liegen"),
        ("2020-08-01", "2020-08-10", "last_on", "Diese Tage sind vorbei."),
        ("2027-08-01", "2035-08-01", "last_on", "höchstens zwei Jahre"),
        ("2027-02-31", "2027-03-10", "first_on", "gibt es nicht"),
        ("", "2027-03-10", "first_on", "Bitte geben Sie den ersten Tag an."),
        ("2027-05-20", "2027-06-05", "first_on", "Von 01.06.2027 bis 30.06.2027 ist schon"),
    ],
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_break_that_cannot_be_is_refused_beside_its_field(first, last, field, sentence, contact):
    contact.get("/accounts/groups/lichtblick/breaks")
    contact.submit({"Erster Tag": "2027-06-01", "Letzter Tag": "2027-06-30"}, button="Pause eintragen")
    contact.get("/accounts/groups/lichtblick/breaks")
    typed = {"Erster Tag": first, "Letzter Tag": last, "Grund": "Sommer"}
    page = contact.submit(typed, button="Pause eintragen", status=400)
    assert sentence in read(page.get(id=f"{field}-error"))
    assert [page.get("input", name=name).get("value") for name in ("first_on", "last_on", "reason")] == [
        first,
        last,
        "Sommer",
    ]


def test_a_break_of_another_group_is_not_taken_back(contact, session, signed_in):
    other = make_group(session, name="Fremde")
    stranger = signed_in("group_contact", group=other)
    stranger.get("/accounts/groups/fremde/breaks")
    stranger.submit({"Erster Tag": "2027-06-01", "Letzter Tag": "2027-06-30"}, button="Pause eintragen")
    closure = session.scalar(sa.select(Closure.id))
    token = contact.get("/accounts/groups/lichtblick/breaks").get("input", name="form_token").get("value")
    data = {"form_token": token, "break": str(closure)}
    contact.post("/accounts/groups/lichtblick/breaks/end", data=data, status=404)
    assert session.scalar(sa.select(Closure.id)) == closure
