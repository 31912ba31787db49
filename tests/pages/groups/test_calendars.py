"""Calendars as they are asked for: what is in them, for how long they stay the same, and what they never tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from app.groups.drafts import SeriesDraft
from app.groups.meetings import closures
from app.groups.meetings import services as meeting_services
from app.groups.meetings.closures import Owner
from app.groups.models import Group, MeetingSeries
from app.groups.services import change_group
from app.shared import clock
from app.shared.transactions import transaction
from tests.builders.groups import make_group, make_rule
from tests.support.asked_calendars import WEDNESDAYS, coming, events
from tests.support.calendars import lines_of, read_in_python

ODD = "Müde; wach, froh \\ Ängste"


@pytest.fixture
def group(session):
    """A group with a cancelled, a moved and an added date, a place closed for a week, and a break."""
    now = clock.now()
    with transaction() as writing:
        group_id = make_group(writing, name=ODD, series=[WEDNESDAYS], topics=["depression", "angst"])
        (series,) = writing.query(MeetingSeries).filter_by(group_id=group_id)
        days = coming(9)
        meeting_services.cancel_date(writing, series.id, days[0], reason="Glatteis; leider, ja", now=now)
        meeting_services.move_date(writing, series.id, days[2], new_on=days[2] + timedelta(days=1), now=now)
        meeting_services.add_date(writing, series.id, days[4] + timedelta(days=2), now=now)
        place = writing.get(Group, group_id).place_id
        closures.close(
            writing, Owner(place_id=place), first_on=days[6], last_on=days[6], reason="Umbau", now=now
        )
        closures.close(writing, Owner(group_id=group_id), first_on=days[8], last_on=days[8], now=now)
    return writing.get(Group, group_id).slug


def test_a_calendar_holds_the_dates_of_the_interface_for_five_hundred_days(client, group):
    path = f"/groups/{group}/calendar.ics"
    start = clock.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    end = start + timedelta(days=500)
    query = f"from={start.date()}&to={end.date()}"
    items = client.get(f"/api/v1/groups/{group}/meetings?{query}").json["items"]
    expected = {datetime.fromisoformat(item["starts_at"]).astimezone(UTC) for item in items}
    off = {datetime.fromisoformat(item["starts_at"]).astimezone(UTC) for item in items if item["cancelled"]}
    file = client.get(path).data
    seen = read_in_python(file, start - timedelta(hours=2), end - timedelta(hours=2))
    assert {each.starts_at for each in seen if not each.is_cancelled} == expected - off
    told_off = {each.starts_at for each in seen if each.is_cancelled}
    assert told_off < off
    assert len(told_off) == 2  # cancelled by hand, closed place; the break and holidays are left out


def test_each_kind_of_date_is_told_in_its_own_way(client, group):
    found = events(client, f"/groups/{group}/calendar.ics")
    (series, *others) = found
    days = coming(9)
    by_day = {event["DTSTART"].dt.date(): event for event in others}
    cancelled, closed = by_day[days[0]], by_day[days[6]]
    for event, reason in ((cancelled, "Glatteis; leider, ja"), (closed, "Umbau")):
        assert event["STATUS"] == "CANCELLED"
        assert event["UID"] == series["UID"]
        assert event["RECURRENCE-ID"].dt == event["DTSTART"].dt
        assert reason in event["DESCRIPTION"]
        assert event["SUMMARY"] == f"Fällt aus: {ODD}"
    moved = by_day[days[2] + timedelta(days=1)]
    assert moved["RECURRENCE-ID"].dt.date() == days[2]
    assert (moved["STATUS"], moved["UID"]) == ("CONFIRMED", series["UID"])
    added = by_day[days[4] + timedelta(days=2)]
    assert "RECURRENCE-ID" not in added
    assert added["UID"] != series["UID"]
    assert days[8] in {each.dt.date() for each in series["EXDATE"].dts}
    assert {event["SEQUENCE"] for event in found} == {series["SEQUENCE"]}
    assert series["RRULE"].to_ical() == b"FREQ=WEEKLY;BYDAY=WE;WKST=MO"
    assert series["LOCATION"] == "Bürgerhaus, Lindenallee 3, 50667 Köln"
    assert series["GEO"].to_ical() == "50.93812;6.95731"
    assert series["CATEGORIES"].cats[0] == "Depression"
    assert "jeden Mittwoch" in series["DESCRIPTION"]
    assert series["URL"] == f"http://localhost/groups/{group}"


def test_a_calendar_says_what_it_is_and_when_to_ask_again(client, group):
    lines = lines_of(client.get(f"/groups/{group}/calendar.ics").data)
    escaped = "Müde\\; wach\\, froh \\\\ Ängste"
    for line in (
        "VERSION:2.0",
        f"NAME:{escaped}",
        f"X-WR-CALNAME:{escaped}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
        "X-PUBLISHED-TTL:PT12H",
        "TZID:Europe/Berlin",
        "CLASS:PUBLIC",
    ):
        assert line in lines
    assert not any(line.startswith("METHOD") for line in lines)


def test_a_calendar_is_in_the_language_of_its_address(client, group):
    english = client.get(f"/en/groups/{group}/calendar.ics").get_data(as_text=True).replace("\r\n ", "")
    dutch = client.get(f"/nl/groups/{group}/calendar.ics").get_data(as_text=True).replace("\r\n ", "")
    assert "Cancelled: " in english
    assert "every Wednesday" in english
    assert f"/en/groups/{group}" in english
    assert "Gaat niet door: " in dutch


def test_a_calendar_that_has_not_changed_is_not_sent_again(client, group):
    path = f"/groups/{group}/calendar.ics"
    first = client.get(path)
    assert first.headers["ETag"].startswith('"')
    assert first.headers["Last-Modified"]
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(path, headers={"Host": "elsewhere.example"}).data == first.data
    assert client.get(path, headers={"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 200


def test_after_a_change_the_uid_stays_and_the_sequence_grows(client, session, group):
    path = f"/groups/{group}/calendar.ics"
    before = client.get(path)
    old = Calendar.from_ical(before.data).walk("VEVENT")[0]
    with transaction() as writing:
        (series,) = writing.query(MeetingSeries)
        draft = SeriesDraft(make_rule(weekday=4))
        meeting_services.change_series(writing, series.id, draft, now=clock.now() + timedelta(minutes=1))
    after = client.get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    new = Calendar.from_ical(after.data).walk("VEVENT")[0]
    assert new["UID"] == old["UID"]
    assert new["SEQUENCE"] > old["SEQUENCE"]
    assert new["LAST-MODIFIED"].dt > old["LAST-MODIFIED"].dt


def test_a_new_name_is_a_change_too(client, session, group):
    path = f"/groups/{group}/calendar.ics"
    before = client.get(path)
    with transaction() as writing:
        (found,) = writing.query(Group)
        change_group(writing, found.id, name="Neuer Name", now=clock.now() + timedelta(minutes=1))
    after = client.get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "Neuer Name" in after.get_data(as_text=True)


def test_a_hybrid_meeting_whose_place_is_closed_has_its_link_only(client, session):
    with transaction() as writing:
        group_id = make_group(writing, format="hybrid", series=[])
        draft = SeriesDraft(
            make_rule(),
            format="hybrid",
            where_note="Raum 2",
            online_link="https://treff.example/a;b",
            shows_link=True,
        )
        meeting_services.add_series(writing, group_id, draft, now=clock.now())
        (day,) = coming(1)
        owner = Owner(place_id=writing.get(Group, group_id).place_id)
        closures.close(writing, owner, first_on=day, last_on=day, now=clock.now())
    usual, online = events(client, "/groups/lichtblick/calendar.ics")
    assert usual["LOCATION"] == "Bürgerhaus, Raum 2, Lindenallee 3, 50667 Köln"
    assert usual["CONFERENCE"] == online["CONFERENCE"] == "https://treff.example/a;b"
    assert online["RECURRENCE-ID"].dt.date() == day
    assert "LOCATION" not in online
    assert "GEO" not in online
    assert online["STATUS"] == "CONFIRMED"
