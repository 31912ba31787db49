"""Pausing, closing, reopening, merging: true at once everywhere, told once to those concerned, all or nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from app.accounts.models import RoleGrant
from app.groups.departures import foresee_departure
from app.groups.meetings.schedules import day_of
from app.groups.models import Group, GroupAbsence, MeetingSeries, MeetingWatch
from app.groups.services import change_group
from app.groups.upkeep.merging import merge_groups
from app.groups.upkeep.services import close_group, pause_group, reopen_group, resume_group
from app.rooms.models import RoomBooking, RoomRequest
from app.rooms.rules.availability import Span
from app.rooms.services.bookings import NewBooking, store_bookings
from app.rooms.services.decisions import approve
from app.rooms.services.requests import RequestDraft, ask_for_room
from app.shared import clock
from app.shared.errors import NotFound, RuleBroken
from app.shared.history import HistoryEntry
from app.shared.outbox import OutboxMail
from app.shared.transactions import transaction
from tests.builders.accounts import make_user
from tests.builders.followed import WATCHER, make_watcher, series_of
from tests.builders.groups import make_contact, make_group, make_house, make_place, make_rule
from tests.builders.rooms import make_room
from tests.builders.upkeep import state_of

DAY = timedelta(days=1)
ADDRESS = "kontakt@geheim.example"
FINDER = "/api/v1/groups?near=50667&radius_km=5"


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def house(session):
    return make_house(session)


@pytest.fixture
def group(session, house, now):
    contact = make_contact(
        way="email", name="Petra", email=ADDRESS, email_consented_at=now, name_consented_at=now
    )
    group_id = make_group(session, now=now, clearinghouse_id=house, contact=contact)
    make_group(session, now=now, clearinghouse_id=house, name="Nachbarn")
    session.commit()
    make_watcher(session, "lichtblick", now=now)
    return group_id


def found(client):
    return {item["slug"] for item in client.get(FINDER).get_json()["items"]}


def coming(client, path="/groups/lichtblick/calendar.ics"):
    """The entries of the group's calendar that repeat without an end."""
    answer = client.get(path)
    assert answer.status_code == 200
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    return [event for event in events if "RRULE" in event and "UNTIL" not in event["RRULE"]]


def mails(session, purpose):
    session.rollback()
    return list(session.scalars(sa.select(OutboxMail).where(OutboxMail.purpose == purpose)))


def do(session, change, *args, **given):
    with transaction(session) as writing:
        change(writing, *args, **given)


def test_a_pause_is_true_everywhere_at_once_and_so_is_its_end(session, client, group, now):
    assert found(client) == {"lichtblick", "nachbarn"}
    assert client.get("/groups?near=50667&radius_km=5").text.count("Lichtblick") > 0
    back = day_of(now) + 30 * DAY
    for _ in range(2):
        do(session, pause_group, group, resumes_on=back, now=now)
    assert found(client) == {"nachbarn"}
    assert "Lichtblick" not in client.get("/groups?near=50667&radius_km=5").text
    assert "Lichtblick" not in client.get("/groups/print?near=50667&radius_km=5").text
    assert client.get("/api/v1/groups/lichtblick").status_code == 404
    page = client.get("/groups/lichtblick")
    assert page.status_code == 200
    assert "Diese Gruppe pausiert" in page.text
    assert "Nachbarn" in page.text
    assert ADDRESS not in page.text
    assert "Petra" not in page.text
    (event,) = coming(client)
    assert event.decoded("dtstart").date() < day_of(now) or event.decoded("dtstart").date() >= back
    (mail,) = mails(session, "watched-group-paused")
    assert mail.to_address == WATCHER
    assert len(mails(session, "group-paused")) == 1
    do(session, resume_group, group, now=now + DAY)
    assert found(client) == {"lichtblick", "nachbarn"}
    assert session.scalar(sa.select(sa.func.count(MeetingWatch.id))) == 1
    assert len(mails(session, "watched-group-listed")) == 1


def test_an_open_pause_ends_the_calendar_and_a_bad_day_changes_nothing(session, client, group, now):
    for day in (day_of(now), day_of(now) - DAY, day_of(now) + 400 * DAY):
        with pytest.raises(RuleBroken) as refused:
            do(session, pause_group, group, resumes_on=day, now=now)
        assert refused.value.field == "resumes_on"
    assert state_of(session, group) == "listed"
    do(session, pause_group, group, resumes_on=None, now=now)
    assert coming(client) == []
    do(session, pause_group, group, resumes_on=day_of(now) + 9 * DAY, now=now)
    assert len(coming(client)) == 1


def test_a_closed_group_has_a_humane_page_its_dates_have_ended_and_nobody_s_contact_is_left(
    session, client, group, now
):
    for _ in range(2):
        do(session, close_group, group, reason="too_few", now=now, tells_house=True)
    page = client.get("/groups/lichtblick")
    assert page.status_code == 410
    for words in ("Diese Gruppe gibt es nicht mehr", "Nachbarn", "KISS Köln"):
        assert words in page.text
    for secret in (ADDRESS, "Petra", "Lindenallee 3", "Bürgerhaus", "too_few"):
        assert secret not in page.text, secret
    answer = client.get("/api/v1/groups/lichtblick")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (410, "group_closed")
    assert client.get("/api/v1/groups/lichtblick/meetings").status_code == 410
    assert coming(client) == []
    assert found(client) == {"nachbarn"}
    assert session.scalar(sa.select(sa.func.count(MeetingWatch.id))) == 0
    for purpose in ("watched-group-closed", "group-closed", "house-group-closed"):
        assert len(mails(session, purpose)) == 1, purpose
    do(session, reopen_group, group, now=now + DAY)
    assert found(client) == {"lichtblick", "nachbarn"}
    assert coming(client) == []
    shown = client.get("/groups/lichtblick")
    assert ADDRESS in shown.text
    assert "nach Absprache" in shown.text
    session.rollback()
    actions = session.scalars(sa.select(HistoryEntry.action).order_by(HistoryEntry.id)).all()
    assert [each for each in actions if each in {"group.closed", "group.reopened"}] == [
        "group.closed",
        "group.reopened",
    ]


def test_closing_frees_the_rooms_and_tells_their_house(app, session, group, house, now):
    room = make_room(session, clearinghouse_id=house, now=now)
    later, past = Span(now + 9 * DAY, now + 9 * DAY + DAY / 24), Span(now - 9 * DAY, now - 9 * DAY + DAY / 24)
    store_bookings(session, [NewBooking(room, each, group_id=group) for each in (later, past)], now=now)
    dates = [Span(now + 60 * DAY, now + 60 * DAY + DAY / 24)]
    ask_for_room(session, RequestDraft(group, room, 5, dates), asked_by_id=None, now=now)
    session.commit()
    with app.test_request_context("/"):
        (sentence,) = foresee_departure(session, group, now=now)
    assert sentence.startswith("1 Raumbuchung wird abgesagt")
    do(session, close_group, group, reason="done", now=now)
    states = session.execute(sa.select(RoomBooking.starts_at, RoomBooking.state)).tuples().all()
    assert {start > now: state for start, state in states} == {True: "cancelled", False: "confirmed"}
    assert session.scalars(sa.select(RoomRequest.state)).all() == ["withdrawn"]
    (mail,) = mails(session, "room-freed")
    assert "Lichtblick" in mail.body_text
    assert len(mails(session, "room-withdrawn")) == 1


def test_what_cannot_follow_is_refused_with_a_sentence(session, group, now):
    do(session, close_group, group, reason="done", now=now)
    with pytest.raises(RuleBroken, match=r"Stand der Gruppe|state"):
        do(session, change_group, group, state="paused", now=now)
    for change in (pause_group, resume_group):
        given = {"resumes_on": None} if change is pause_group else {}
        with pytest.raises(RuleBroken):
            do(session, change, group, now=now, **given)
    with pytest.raises(RuleBroken):
        do(session, close_group, group, reason="because", now=now)
    with pytest.raises(NotFound):
        do(session, close_group, 10**6, reason="done", now=now)
    assert state_of(session, group) == "closed"


@pytest.fixture
def gone(session, group, house, now):
    """A group with two series and a room for each, a contact who signs in, and somebody who watches it."""
    bonn = make_place(name="Turm", street="Am Wall 1", latitude=50.7353, longitude=7.1022)
    rules = [make_rule(weekday=1), make_rule(weekday=5)]
    usual = {"now": now, "clearinghouse_id": house, "place": bonn, "topics": ["angst"], "series": rules}
    gone = make_group(session, name="Alte Gruppe", **usual)
    make_user(session, "group_contact", email="beide@example.org", group=gone)
    make_user(session, "group_contact", group=group)
    room = make_room(session, clearinghouse_id=house, now=now)
    for days, series_id in zip((9, 16), both_series(session, gone), strict=True):
        begins = (now + days * DAY).replace(hour=12)  # rooms are closed at night, whenever the tests run
        span = Span(begins, begins + DAY / 24)
        draft = RequestDraft(gone, room, 5, [span], series_id=series_id)
        approve(session, ask_for_room(session, draft, asked_by_id=None, now=now), now=now)
    session.commit()
    make_watcher(session, "alte-gruppe", email="alt@leise.example", now=now)
    return gone


def both_series(session, group):
    wanted = sa.select(MeetingSeries.id).where(MeetingSeries.group_id == group)
    return list(session.scalars(wanted.order_by(MeetingSeries.id)))


def test_merging_moves_the_chosen_dates_their_rooms_and_the_people_and_nothing_else(
    session, group, gone, now
):
    own = series_of(session, group)
    kept, dropped = both_series(session, gone)
    for _ in range(2):
        do(session, merge_groups, gone, group, series_ids={kept}, now=now)
    assert state_of(session, gone) == "merged"
    assert both_series(session, group) == [own, kept]
    assert session.get_one(MeetingSeries, kept).place_id == session.get_one(Group, gone).place_id
    assert session.get_one(MeetingSeries, dropped).until_on < day_of(now)
    assert session.scalars(sa.select(RoleGrant.group_id)).all() == [group, group]
    bookings = session.execute(sa.select(RoomBooking.group_id, RoomBooking.state)).tuples().all()
    assert set(bookings) == {(group, "confirmed"), (gone, "cancelled")}
    assert session.get_one(GroupAbsence, gone).merged_into_id == group


def test_the_old_addresses_lead_to_the_group_that_stays_and_those_concerned_are_told(
    session, client, group, gone, now
):
    do(session, merge_groups, gone, group, series_ids=both_series(session, gone)[:1], now=now)
    for path in ("/groups/{}", "/groups/{}/calendar.ics", "/api/v1/groups/{}", "/api/v1/groups/{}/meetings"):
        answer = client.get(path.format("alte-gruppe"))
        assert (answer.status_code, answer.location) == (301, path.format("lichtblick"))
    assert len(coming(client)) == 2
    assert client.get("/api/v1/groups/lichtblick").get_json()["topics"] == ["depression"]
    assert found(client) == {"lichtblick", "nachbarn"}
    (mail,) = mails(session, "watched-group-merged")
    assert mail.to_address == "alt@leise.example"
    assert "beide@example.org" in {each.to_address for each in mails(session, "group-merged")}
    session.rollback()
    assert session.scalars(sa.select(MeetingWatch.email)).all() == [WATCHER]


def test_merging_never_makes_a_hidden_place_known_nor_mixes_houses(session, group, house, now):
    secret = make_group(
        session, now=now, clearinghouse_id=house, name="Geschützt", disclosure="clearinghouse"
    )
    other = make_group(session, now=now, name="Bonn", clearinghouse_id=make_house(session, "KISS Bonn"))
    closed = make_group(session, now=now, clearinghouse_id=house, name="Geschlossen")
    session.commit()
    do(session, close_group, closed, reason="done", now=now)
    series = series_of(session, secret)
    cases = [(secret, group, {series}), (other, group, set()), (group, group, set()), (closed, group, set())]
    for gone, into, series_ids in [*cases, (group, closed, set())]:
        with pytest.raises(RuleBroken):
            do(session, merge_groups, gone, into, series_ids=series_ids, now=now)
    assert {state_of(session, each) for each in (secret, other, group)} == {"listed"}
    do(session, merge_groups, secret, group, series_ids=set(), now=now)
    assert state_of(session, secret) == "merged"
