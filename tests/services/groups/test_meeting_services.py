"""Series and single dates: what is changed is true in list, page and finder at once, and new for calendars."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.groups import queries
from app.groups.drafts import PlaceDraft, SeriesDraft
from app.groups.finder import count_groups, find_groups
from app.groups.forms import FinderRequest
from app.groups.jobs import look_ahead
from app.groups.meetings.closures import Owner, close
from app.groups.meetings.services import (
    add_date,
    add_series,
    cancel_date,
    change_series,
    end_series,
    move_date,
    undo_change,
)
from app.groups.models import FinderEntry, MeetingChange, MeetingPlace, MeetingSeries
from app.groups.rules.recurrence import Rule
from app.shared.errors import NotFound, RuleBroken
from app.shared.transactions import transaction
from tests.builders.groups import NOW, make_group, make_place, make_rule

WEDNESDAY = date(2026, 11, 25)


@pytest.fixture
def group(app: Flask, session):
    """A group that meets every Wednesday at seven."""
    with app.test_request_context("/"), transaction() as writing:
        yield make_group(writing)


@pytest.fixture
def series(group, session):
    """Its series."""
    return session.scalar(sa.select(MeetingSeries).where(MeetingSeries.group_id == group))


def dates(session, slug="lichtblick", *, count=3, now=NOW):
    """What the group's page says: day, whether it takes place."""
    page = queries.get_group_page(session, slug, now=now)
    return [
        (each.starts_at.date(), not each.is_cancelled)
        for each in page.schedule.upcoming(now=now, count=count)
    ]


def found_on(session, day, **more):
    """How many groups the finder knows to meet on a day."""
    return count_groups(session, FinderRequest(date_from=day, date_to=day, **more), now=NOW)


def test_a_cancelled_date_is_told_and_no_longer_found(session, series):
    assert found_on(session, WEDNESDAY) == 1
    cancel_date(session, series.id, WEDNESDAY, reason=" Glatt-\neis ", now=NOW)
    assert found_on(session, WEDNESDAY) == 0
    assert dates(session, count=1) == [(WEDNESDAY, False), (date(2026, 12, 2), True)]
    (card,) = find_groups(session, FinderRequest(), now=NOW).cards
    assert card.next_meeting.starts_at.date() == date(2026, 12, 2)
    assert (card.missed.starts_at.date(), card.missed.note) == (WEDNESDAY, "Glatt- eis")


def test_cancelling_twice_is_cancelling_once_and_can_be_taken_back(session, series):
    for _ in range(2):
        cancel_date(session, series.id, WEDNESDAY, now=NOW)
    assert session.scalar(sa.select(sa.func.count()).select_from(MeetingChange)) == 1
    undo_change(session, series.id, WEDNESDAY, now=NOW)
    undo_change(session, series.id, WEDNESDAY, now=NOW)
    assert found_on(session, WEDNESDAY) == 1
    assert dates(session, count=1) == [(WEDNESDAY, True)]


def test_a_moved_date_is_found_where_it_was_moved_to_also_by_time_of_day(session, series):
    thursday = WEDNESDAY + timedelta(days=1)
    move_date(session, series.id, WEDNESDAY, new_on=thursday, starts_at_local=time(10), now=NOW)
    assert (found_on(session, WEDNESDAY), found_on(session, thursday)) == (0, 1)
    assert found_on(session, thursday, minute_from=600, minute_to=601) == 1
    assert count_groups(session, FinderRequest(values={"weekday": ("4",)}), now=NOW) == 1
    assert dates(session, count=1) == [(thursday, True)]


def test_a_date_moved_to_another_address_shares_the_place_with_whoever_meets_there(session, series):
    make_group(session, name="Nachbarn", place=make_place(name="Pfarrheim", street="Domhof 1"))
    before = session.scalar(sa.select(sa.func.count()).select_from(MeetingPlace))
    place = PlaceDraft(name="Pfarrheim", street="Domhof 1", postcode="50667", town="Köln")
    move_date(session, series.id, WEDNESDAY, new_on=WEDNESDAY, place=place, now=NOW)
    assert session.scalar(sa.select(sa.func.count()).select_from(MeetingPlace)) == before
    page = queries.get_group_page(session, "lichtblick", now=NOW)
    (meeting, *_) = page.next_meetings
    assert page.schedule.where(meeting).place.street == "Domhof 1"


def test_an_added_date_is_found_and_doing_it_twice_is_doing_it_once(session, series):
    sunday = date(2026, 11, 29)
    for _ in range(2):
        add_date(session, series.id, sunday, starts_at_local=time(15), reason="Ausflug", now=NOW)
    assert found_on(session, sunday) == 1
    assert dates(session, count=2) == [(WEDNESDAY, True), (sunday, True)]
    with pytest.raises(RuleBroken, match="ohnehin") as refused:
        add_date(session, series.id, WEDNESDAY, now=NOW)
    assert refused.value.field == "new_on"


def test_a_day_on_which_the_group_does_not_meet_cannot_be_cancelled(session, series):
    with pytest.raises(NotFound):
        cancel_date(session, series.id, WEDNESDAY + timedelta(days=1), now=NOW)


@pytest.mark.parametrize("day", [date(2026, 11, 22), date(2029, 1, 1), date(9999, 12, 31)])
def test_a_date_is_not_moved_into_the_past_or_far_away(session, series, day):
    with pytest.raises(RuleBroken) as refused:
        move_date(session, series.id, WEDNESDAY, new_on=day, now=NOW)
    assert refused.value.field == "new_on"
    assert found_on(session, WEDNESDAY) == 1


@pytest.mark.parametrize("minutes", [0, -5, 1441, 2**40])
def test_a_single_date_lasts_as_long_as_any_other(session, series, minutes):
    for change in (move_date, add_date):
        days = {"on": WEDNESDAY} if change is move_date else {}
        with pytest.raises(RuleBroken) as refused:
            change(session, series.id, **days, new_on=date(2026, 11, 29), duration_minutes=minutes, now=NOW)
        assert refused.value.field == "duration_minutes"
    assert session.scalar(sa.select(sa.func.count()).select_from(MeetingChange)) == 0


def test_thousands_of_single_changes_are_refused(session, series):
    rows = [
        {
            "series_id": series.id,
            "kind": "cancelled",
            "on_day": WEDNESDAY + timedelta(days=7 * number),
            "reason": "",
            "created_at": NOW,
        }
        for number in range(400)
    ]
    session.execute(sa.insert(MeetingChange), rows)
    with pytest.raises(RuleBroken, match="Rhythmus"):
        cancel_date(session, series.id, WEDNESDAY + timedelta(days=7 * 400), now=NOW)


def test_every_change_makes_the_revision_grow_and_only_a_change_does(session, series):
    revisions = [series.revision]
    cancel_date(session, series.id, WEDNESDAY, now=NOW)
    revisions.append(series.revision)
    later = NOW + timedelta(hours=1)
    undo_change(session, series.id, WEDNESDAY, now=later)
    undo_change(session, series.id, WEDNESDAY, now=later + timedelta(hours=1))
    assert [*revisions, series.revision] == [0, 1, 2]
    assert series.changed_at == later


def test_a_series_may_have_any_rhythm_a_place_and_a_link_of_its_own(session, group):
    rule = Rule("monthly_day", time(18), 60, date(2026, 12, 1), month_days=(15,))
    draft = SeriesDraft(
        rule,
        format="hybrid",
        place=make_place(name="Pfarrheim", street="Domhof 1"),
        where_note="Raum 204",
        online_link="https://treffen.example/raum",
        shows_link=True,
    )
    add_series(session, group, draft, now=NOW)
    page = queries.get_group_page(session, "lichtblick", now=NOW)
    meeting = next(each for each in page.schedule.upcoming(now=NOW, count=8) if each.starts_at.day == 15)
    where = page.schedule.where(meeting)
    assert (where.place.street, where.hint, where.link) == (
        "Domhof 1",
        "Raum 204",
        "https://treffen.example/raum",
    )
    assert found_on(session, date(2027, 1, 15)) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rule": make_rule(interval=0)}, "interval"),
        ({"rule": make_rule(weekdays=())}, "weekdays"),
        ({"rule": make_rule(duration_minutes=0)}, "duration_minutes"),
        ({"rule": make_rule(until_on=date(2023, 1, 1))}, "until_on"),
        ({"rule": make_rule(zone="Europe/Atlantis")}, "zone"),
        ({"rule": make_rule(frequency="dates", weekdays=())}, "dates"),
        ({"format": "by carrier pigeon"}, "format"),
        ({"online_link": "javascript:alert(1)", "format": "online"}, "online_link"),
        ({"online_link": "https://[", "format": "hybrid"}, "online_link"),
        ({"where_note": "x" * 201}, "where_note"),
        ({"where_note": "Raum\x00"}, "where_note"),
        ({"place": PlaceDraft("", "", "123", "")}, "place"),
    ],
)
def test_what_cannot_take_place_is_refused_with_its_field_and_nothing_is_stored(
    session, group, change, field
):
    draft = SeriesDraft(**{"rule": make_rule(weekday=5), **change})
    with pytest.raises(RuleBroken) as refused:
        add_series(session, group, draft, now=NOW)
    assert refused.value.field.split(".")[0] in {field, "postcode"}
    assert refused.value.message.endswith((".", "…", "!"))
    assert session.scalar(sa.select(sa.func.count()).select_from(MeetingSeries)) == 1


def test_another_rhythm_forgets_only_the_changes_of_dates_that_are_no_more(session, series):
    for day in (WEDNESDAY, WEDNESDAY + timedelta(days=7)):
        cancel_date(session, series.id, day, now=NOW)
    change_series(
        session, series.id, SeriesDraft(make_rule(interval=2, first_on=date(2026, 11, 25))), now=NOW
    )
    left = session.scalars(sa.select(MeetingChange.on_day)).all()
    assert left == [WEDNESDAY]
    assert dates(session, count=1) == [(WEDNESDAY, False), (date(2026, 12, 9), True)]


def test_an_added_date_that_the_new_rhythm_has_anyway_is_there_once(session, series):
    thursday, friday = WEDNESDAY + timedelta(days=1), WEDNESDAY + timedelta(days=2)
    for day in (thursday, friday):
        add_date(session, series.id, day, now=NOW)
    change_series(session, series.id, SeriesDraft(make_rule(weekday=4)), now=NOW)
    assert dates(session, count=3)[:3] == [
        (thursday, True),
        (friday, True),
        (thursday + timedelta(days=7), True),
    ]
    assert session.scalars(sa.select(MeetingChange.new_on)).all() == [friday]


def test_what_is_over_since_yesterday_is_no_longer_in_the_list(session, app):
    with app.test_request_context("/"):
        until = date(2026, 11, 24)
        listed = Rule("dates", time(18), 60, date(2026, 11, 1), dates=(until, WEDNESDAY, date(2027, 1, 6)))
        by_appointment = Rule("appointment", time(0), 60, date(2026, 1, 1), until_on=until)
        with transaction() as writing:
            make_group(writing, series=[listed])
            make_group(writing, name="Nachbarn", series=[by_appointment])

        def shown(now):
            cards = find_groups(session, FinderRequest(q=""), now=now).cards
            session.rollback()
            return {card.slug: [rule.dates or rule.frequency for rule in card.rules] for card in cards}

        assert shown(NOW) == {"lichtblick": [listed.dates], "nachbarn": ["appointment"]}
        later = NOW + timedelta(days=2)
        assert shown(later) == {"lichtblick": [listed.dates[1:]], "nachbarn": []}


def test_a_series_that_ends_keeps_its_past_and_has_no_date_to_come(session, series):
    cancel_date(session, series.id, WEDNESDAY, now=NOW)
    end_series(session, series.id, now=NOW)
    assert dates(session) == []
    page = queries.get_group_page(session, "lichtblick", now=NOW)
    assert len(page.schedule.between(NOW - timedelta(days=14), NOW + timedelta(days=14))) == 2
    assert found_on(session, date(2026, 12, 2)) == 0


def test_a_past_date_that_was_to_be_made_up_for_did_not_take_place_after_all(session, series):
    last_week = WEDNESDAY - timedelta(days=7)
    move_date(session, series.id, last_week, new_on=WEDNESDAY + timedelta(days=1), now=NOW)
    end_series(session, series.id, now=NOW)
    page = queries.get_group_page(session, "lichtblick", now=NOW)
    past = page.schedule.between(NOW - timedelta(days=14), NOW + timedelta(days=14))
    assert [(each.on, each.is_cancelled) for each in past] == [
        (last_week - timedelta(days=7), False),
        (last_week, True),
    ]


def test_a_very_long_break_does_not_bury_the_page_under_cancelled_dates(session, series):
    owner = Owner(group_id=series.group_id)
    close(session, owner, first_on=WEDNESDAY, last_on=WEDNESDAY + timedelta(days=700), now=NOW)
    page = queries.get_group_page(session, "lichtblick", now=NOW)
    assert sum(each.is_cancelled for each in page.next_meetings) == 8
    assert page.next_meetings[0].starts_at.date() == WEDNESDAY
    assert sum(not each.is_cancelled for each in page.next_meetings) == 3


def test_holidays_of_the_land_are_left_out_and_named(session, app):
    with app.test_request_context("/"):
        rule = make_rule(weekday=4, skips_public_holidays=True)
        make_group(session, series=[rule])
        corpus_christi = date(2027, 5, 27)  # a holiday in Nordrhein-Westfalen, not in Berlin
        make_group(
            session,
            name="Berliner",
            series=[rule],
            place=make_place(postcode="10115", town="Berlin", latitude=52.53),
        )
        assert found_on(session, corpus_christi) == 1
        page = queries.get_group_page(session, "lichtblick", now=NOW)
        start = datetime.combine(corpus_christi, time(), NOW.tzinfo)
        (meeting,) = page.schedule.between(start, start + timedelta(days=1))
        assert (meeting.cause, meeting.holiday["de"]) == ("public", "Fronleichnam")


def test_the_school_holidays_of_the_land_are_left_out(session, app):
    with app.test_request_context("/"):
        make_group(session, series=[make_rule(skips_school_holidays=True)])
        assert found_on(session, date(2026, 12, 30)) == 0
        assert found_on(session, date(2027, 1, 13)) == 1


def test_the_index_is_made_anew_before_it_runs_out_and_only_where_it_would(session, app):
    with app.test_request_context("/"):
        with transaction() as writing:
            house = make_group(writing, series=[make_rule(skips_public_holidays=True)])
            make_group(writing, name="Ohne Ausnahme")
        far = NOW + timedelta(days=200)
        assert look_ahead(NOW) == 0
        assert look_ahead(far) == 1
        assert look_ahead(far) == 0
        session.rollback()
        until = session.scalar(sa.select(FinderEntry.meetings_until).where(FinderEntry.group_id == house))
        assert until > far.date() + timedelta(days=700)
