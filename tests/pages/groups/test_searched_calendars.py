"""Calendars of a search, a house and a place: whose dates are in them, what is refused, and what they never tell."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.groups.drafts import SeriesDraft
from app.groups.forms import FinderRequest
from app.groups.meetings import closures
from app.groups.meetings import services as meeting_services
from app.groups.meetings.calendar_groups import calendar_of_question
from app.groups.meetings.closures import Owner
from app.groups.models import Group, MeetingPlace
from app.shared import clock
from app.shared.errors import BadInput
from app.shared.transactions import transaction
from tests.builders.groups import make_contact, make_group, make_house, make_place, make_rule
from tests.support.asked_calendars import coming, events, names
from tests.support.calendars import lines_of


@pytest.fixture
def network(session):
    """Two houses with groups on Wednesdays and Saturdays; one place is shared."""
    with transaction() as writing:
        cologne, bonn = make_house(writing), make_house(writing, "KISS Bonn")
        make_group(writing, clearinghouse_id=cologne)
        make_group(writing, clearinghouse_id=cologne, name="Aufwind", series=[make_rule(weekday=6)])
        make_group(
            writing, clearinghouse_id=bonn, name="Brücke", topics=["trauer"], place=make_place(name="Haus B")
        )
        make_group(writing, clearinghouse_id=bonn, name="Schutz", disclosure="area", topics=["trauer"])
    return {place.name: place.id for place in writing.query(MeetingPlace)}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"Lichtblick", "Aufwind", "Brücke", "Schutz"}),
        ("clearinghouse=kiss-koeln", {"Lichtblick", "Aufwind"}),
        ("topic=trauer", {"Brücke", "Schutz"}),
        ("q=Aufwind", {"Aufwind"}),
        ("weekday=6", {"Aufwind"}),
        ("near=50667&radius_km=5&clearinghouse=kiss-bonn", {"Brücke", "Schutz"}),
        ("time_from=20:00", set()),
        ("clearinghouse=kiss-koeln&page=7&sort=distance&per_page=1", {"Lichtblick", "Aufwind"}),
    ],
)
def test_a_search_is_a_calendar(client, network, query, expected):
    assert names(client, f"/groups/calendar.ics?{query}") == expected


def test_a_day_of_the_week_in_the_search_holds_for_each_date(client, session):
    with transaction() as writing:
        make_group(writing, series=[make_rule(weekdays=(2, 6)), make_rule(weekday=1)])
    (event,) = events(client, "/groups/calendar.ics?weekday=6")
    assert event["RRULE"]["BYDAY"] == ["SA"]
    assert event["DTSTART"].dt.isoweekday() == 6


def test_a_place_is_a_calendar_of_those_who_say_that_they_meet_there(client, session, network):
    assert names(client, f"/groups/calendar.ics?place={network['Haus B']}") == {"Brücke"}
    assert "NAME:Selbsthilfegruppen: Haus B" in lines_of(
        client.get(f"/groups/calendar.ics?place={network['Haus B']}").data
    )


def test_a_place_whose_groups_do_not_tell_it_is_as_unknown_as_one_that_is_not_there(client, session):
    with transaction() as writing:
        make_group(writing, disclosure="area", place=make_place(name="Geheim"))
        (place,) = writing.query(MeetingPlace)
        hidden = place.id
    answers = [client.get(f"/groups/calendar.ics?place={number}") for number in (hidden, 987654)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json == answers[1].json
    assert answers[0].json["error"]["code"] == "unknown_place"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("place=Haus", "bad_place"),
        ("place=-1", "bad_place"),
        ("place=99999999999999999999", "bad_place"),
        ("topic=nonsense", "unknown_topic"),
        ("clearinghouse=nonsense", "unknown_clearinghouse"),
        ("radius_km=0", "bad_radius_km"),
    ],
)
def test_what_is_not_understood_is_refused_in_the_shape_of_the_interface(client, session, query, code):
    answer = client.get(f"/groups/calendar.ics?{query}")
    assert answer.status_code == 400
    assert answer.json["error"]["code"] == code
    assert len(answer.json["error"]["message"]) > 20


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_any_day_may_be_asked_for(client, network, day):
    for name in ("date_from", "date_to"):
        assert client.get(f"/groups/calendar.ics?{name}={day}").status_code == 200


def test_too_many_groups_are_refused_with_what_to_do(session, network):
    asked = FinderRequest()
    groups, _ = calendar_of_question(session, asked, place_id=None, now=clock.now(), most=4)
    assert len(groups) == 4
    with pytest.raises(BadInput, match="höchstens 3 Gruppen") as refused:
        calendar_of_question(session, asked, place_id=None, now=clock.now(), most=3)
    assert (refused.value.code, refused.value.status) == ("too_many_groups", 400)


@pytest.mark.parametrize("prefix", ["", "/en", "/nl"])
def test_pages_offer_to_subscribe(browser, network, prefix):
    webcal = f"webcal://localhost{prefix}/groups"
    page = browser.get(f"{prefix}/groups/lichtblick")
    assert page.find("a", href=f"{webcal}/lichtblick/calendar.ics") is not None
    (at_place,) = [a for a in page.find_all("a") if "calendar.ics?place=" in (a.get("href") or "")]
    assert at_place.get("href").startswith(webcal)
    page = browser.get(f"{prefix}/groups?topic=trauer&bbox=6,50,7,51&sort=next_meeting&page=1")
    assert page.find("a", href=f"{webcal}/calendar.ics?topic=trauer&bbox=6%2C50%2C7%2C51") is not None
    page = browser.get(f"{prefix}/clearinghouses/kiss-koeln")
    assert page.find("a", href=f"{webcal}/calendar.ics?clearinghouse=kiss-koeln") is not None


def test_a_page_of_a_group_with_a_protected_place_offers_no_calendar_of_the_place(browser, network):
    page = browser.get("/groups/schutz")
    assert "calendar.ics?place=" not in page.html


SECRETS = (
    "Frauenhaus",
    "Quittenweg",
    "50999",
    "Raum Sieben",
    "geheim.example",
    "Petra",
    "4710815",
    "50.91",
    "6.87",
)


def arrange_secrets(disclosure: str) -> int:
    """Store a group that says everything, and one with a hidden place, room, link and person; answer the open place."""
    secret_place = make_place(
        name="Frauenhaus", street="Quittenweg 7", postcode="50999", latitude=50.91234, longitude=6.87654
    )
    now = clock.now()
    with transaction() as writing:
        house = make_house(writing)
        make_group(writing, clearinghouse_id=house, name="Offen")
        contact = make_contact(way="phone", name="Petra Muster", phone="0221 4710815")
        hidden = make_group(
            writing,
            clearinghouse_id=house,
            name="Schutz",
            disclosure=disclosure,
            format="hybrid",
            place=secret_place,
            contact=contact,
            series=[],
            internal_note="Petra",
        )
        draft = SeriesDraft(
            make_rule(), format="hybrid", where_note="Raum Sieben", online_link="https://geheim.example/x"
        )
        series = meeting_services.add_series(writing, hidden, draft, now=now)
        place_id = writing.get(Group, hidden).place_id
        closed, moved = coming(2)
        closures.close(
            writing,
            Owner(place_id=place_id),
            first_on=closed,
            last_on=closed,
            reason="Frauenhaus zu",
            now=now,
        )
        meeting_services.move_date(
            writing, series, moved, new_on=moved + timedelta(days=1), place=secret_place, now=now
        )
        return next(place.id for place in writing.query(MeetingPlace) if place.name == "Bürgerhaus")


@pytest.mark.parametrize("disclosure", ["area", "clearinghouse"])
def test_no_kind_of_calendar_tells_a_secret(client, session, disclosure):
    offered = arrange_secrets(disclosure)
    kinds = (
        "/groups/schutz/calendar.ics",
        "/groups/calendar.ics",
        "/groups/calendar.ics?clearinghouse=kiss-koeln",
        f"/groups/calendar.ics?place={offered}",
    )
    for path in kinds:
        for prefix in ("", "/en", "/nl"):
            answer = client.get(prefix + path)
            assert answer.status_code == 200
            whole = answer.get_data(as_text=True).replace("\r\n ", "") + str(answer.headers)
            assert [secret for secret in SECRETS if secret in whole] == [], path
    for query in ("q=Frauenhaus", "q=Quittenweg", "q=Petra"):
        assert events(client, f"/groups/calendar.ics?{query}") == []
