"""Those who watch a group are told what has changed: together, once, and nothing old."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.groups.jobs import tell_watchers
from app.groups.meetings.closures import Owner, close, reopen
from app.groups.meetings.services import add_date, cancel_date, move_date, undo_change
from app.groups.meetings.telling import QUIET, tell_news
from app.groups.meetings.watching import MOST_UNCONFIRMED, ask_to_watch, end_watch, find_asked_group
from app.groups.models import Group, MeetingTold, MeetingWatch
from app.groups.queries import get_group_page
from app.groups.services import change_group
from app.shared.errors import BadInput
from app.shared.outbox import OutboxMail
from app.shared.retention import apply_retention
from app.shared.transactions import transaction
from tests.builders.followed import WATCHER, make_followed_group, make_watcher, next_meeting
from tests.builders.groups import NOW, make_house, make_place
from tests.support.threads import acts_at_once

DAY = timedelta(days=1)
SOON = NOW + QUIET


@pytest.fixture
def group(session):
    group_id = make_followed_group(session)
    make_watcher(session, "lichtblick")
    return group_id


def told(session, purpose="meeting-news"):
    session.rollback()
    wanted = sa.select(OutboxMail).where(OutboxMail.purpose == purpose).order_by(OutboxMail.id)
    return list(session.scalars(wanted))


def said(mail):
    """The text of a mail with plain blanks."""
    return mail.body_text.replace("\xa0", " ")


def cancel(session, group, *, now=NOW, reason="Glatteis"):
    meeting = next_meeting(session, group, now=now)
    with transaction(session) as writing:
        cancel_date(writing, meeting.series_id, meeting.on, reason=reason, now=now)
    return meeting


def test_a_cancelled_date_is_told_once_with_its_reason_and_the_next_meeting(session, group):
    assert tell_watchers(NOW) == 0
    cancel(session, group)
    for minutes in (3, 8, 13, 60):
        tell_watchers(NOW + timedelta(minutes=minutes))
    (mail,) = told(session)
    assert (mail.to_address, mail.subject) == (WATCHER, "Ein Treffen fällt aus")
    assert "Dienstag, 24. November, 12:00 Uhr: fällt aus (Glatteis)" in said(mail)
    assert "Nächstes Treffen: Dienstag, 1. Dezember, 12:00 Uhr" in said(mail)
    assert "Lichtblick" in said(mail)
    assert mail.unsubscribe_url.endswith("/out")


def test_what_changes_within_minutes_is_one_mail_and_what_was_taken_back_at_once_is_none(session, group):
    meeting = cancel(session, group)
    assert tell_watchers(NOW + timedelta(minutes=1)) == 0
    with transaction(session) as writing:
        undo_change(writing, meeting.series_id, meeting.on, now=NOW)
    assert tell_watchers(SOON) == 0
    cancel(session, group)
    with transaction(session) as writing:
        move_date(writing, meeting.series_id, meeting.on + 7 * DAY, new_on=meeting.on + 8 * DAY, now=NOW)
        add_date(writing, meeting.series_id, meeting.on + 2 * DAY, now=NOW)
    assert tell_watchers(SOON) == 1
    (mail,) = told(session)
    assert mail.subject == "Termine haben sich geändert"
    for words in ("fällt aus", "verlegt auf Mittwoch, 2. Dezember, 12:00 Uhr", "zusätzlicher Termin"):
        assert words in said(mail)


def test_a_date_taken_back_after_it_was_told_is_told_too_and_so_is_its_second_cancellation(session, group):
    meeting = cancel(session, group)
    assert tell_watchers(SOON) == 1
    with transaction(session) as writing:
        undo_change(writing, meeting.series_id, meeting.on, now=SOON)
    assert tell_watchers(SOON + QUIET) == 1
    assert "findet doch statt" in said(told(session)[-1])
    cancel(session, group)
    assert tell_watchers(SOON + 2 * QUIET) == 1


def test_a_closed_place_and_a_break_are_told_with_what_may_be_known_only(session):
    house = make_house(session)
    place = make_place(name="Frauenhaus", street="Quittenweg 7")
    make_followed_group(session, clearinghouse_id=house, place=place, disclosure="clearinghouse")
    make_watcher(session, "lichtblick")
    place_id = session.scalars(sa.select(Group.place_id)).one()
    with transaction(session) as writing:
        closure = close(
            writing,
            Owner(place_id=place_id),
            first_on=NOW.date(),
            last_on=NOW.date() + 3 * DAY,
            reason="Umbau im Quittenweg",
            now=NOW,
        )
    assert tell_watchers(SOON) == 1
    (mail,) = told(session)
    assert "fällt aus (der Ort ist geschlossen)" in said(mail)
    assert "Quittenweg" not in said(mail)
    assert "Frauenhaus" not in said(mail)
    with transaction(session) as writing:
        reopen(writing, closure, now=SOON)
    assert tell_watchers(SOON + QUIET) == 1


def test_two_processes_at_once_tell_it_once(app, session, group):
    cancel(session, group)
    session.rollback()
    assert sorted(acts_at_once(app, *[lambda own: tell_news(own, group, now=SOON)] * 2)) == [0, 1]
    assert len(told(session)) == 1


def test_a_process_that_dies_before_the_end_has_told_nothing_and_the_next_one_tells_all(session, group):
    cancel(session, group)

    def tell_and_die():
        with transaction(session) as writing:
            assert tell_news(writing, group, now=SOON) == 1
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tell_and_die()
    assert told(session) == []
    assert tell_watchers(SOON) == 1


def test_after_a_long_rest_of_the_job_nothing_old_is_told(session, group):
    cancel(session, group)
    assert tell_watchers(NOW + 3 * DAY) == 0
    assert told(session) == []


def test_whoever_begins_to_watch_is_not_told_of_what_is_on_the_page_already(session):
    group = make_followed_group(session)
    cancel(session, group)
    make_watcher(session, "lichtblick", now=SOON)
    assert tell_watchers(SOON + DAY / 24) == 0


def test_everybody_is_told_in_their_own_language(session, group):
    make_watcher(session, "lichtblick", email="en@example.org", language="en")
    cancel(session, group)
    assert tell_watchers(SOON) == 2
    by_address = {mail.to_address: mail for mail in told(session)}
    assert by_address["en@example.org"].subject == "A meeting is cancelled"
    assert "http://localhost/en/groups/lichtblick" in by_address["en@example.org"].body_text


def test_nobody_is_told_who_has_not_confirmed_or_has_left(session):
    group = make_followed_group(session)
    with transaction(session) as writing:
        card = get_group_page(writing, "lichtblick", now=NOW).card
        ask_to_watch(writing, card, "nie@example.org", language="de", now=NOW)
    make_watcher(session, "lichtblick")
    cancel(session, group)
    assert tell_watchers(SOON) == 1
    (mail,) = told(session)
    token = mail.unsubscribe_url.split("/")[-2]
    with transaction(session) as writing:
        end_watch(writing, token)
    assert session.scalars(sa.select(MeetingWatch.email)).all() == ["nie@example.org"]
    with transaction(session) as writing:
        end_watch(writing, token)  # once more is no fault


def test_what_is_not_confirmed_is_forgotten_after_seven_days_and_all_of_a_group_that_is_not_listed(
    session, group
):
    with transaction(session) as writing:
        card = get_group_page(writing, "lichtblick", now=NOW).card
        ask_to_watch(writing, card, "nie@example.org", language="de", now=NOW)
    apply_retention(NOW + 7 * DAY)
    assert session.scalar(sa.select(sa.func.count(MeetingWatch.id))) == 2
    apply_retention(NOW + 7 * DAY + timedelta(minutes=1))
    assert session.scalars(sa.select(MeetingWatch.email)).all() == [WATCHER]
    assert session.scalar(sa.select(sa.func.count(MeetingTold.group_id))) == 1
    with transaction(session) as writing:
        change_group(writing, group, now=NOW, state="paused")  # it may come back
    apply_retention(NOW)
    session.rollback()
    assert session.scalar(sa.select(sa.func.count(MeetingWatch.id))) == 1
    with transaction(session) as writing:
        change_group(writing, group, now=NOW, state="closed")
    apply_retention(NOW)
    session.rollback()
    assert session.scalar(sa.select(sa.func.count(MeetingWatch.id))) == 0
    assert session.scalar(sa.select(sa.func.count(MeetingTold.group_id))) == 0


def test_nobody_is_flooded_with_mails_that_ask_for_a_confirmation(session):
    houses = make_house(session)
    for number in range(MOST_UNCONFIRMED + 2):
        make_followed_group(session, name=f"Gruppe {number}", clearinghouse_id=houses)
    for number in range(MOST_UNCONFIRMED + 2):
        for _ in range(3):
            with transaction(session) as writing:
                card = get_group_page(writing, f"gruppe-{number}", now=NOW).card
                ask_to_watch(writing, card, "Opfer@example.org ", language="de", now=NOW)
    asked = told(session, "watch-confirmation")
    assert [mail.to_address for mail in asked] == ["opfer@example.org"] * MOST_UNCONFIRMED


def test_an_address_that_cannot_be_written_to_leaves_nothing_behind(session):
    make_followed_group(session)

    def ask():
        with transaction(session) as writing:
            card = get_group_page(writing, "lichtblick", now=NOW).card
            ask_to_watch(writing, card, "jo@leise..example", language="de", now=NOW)

    with pytest.raises(BadInput):
        ask()
    assert session.scalar(sa.select(sa.func.count(MeetingWatch.id))) == 0


def test_a_link_to_confirm_does_not_fit_an_address_that_came_later_under_its_number(session):
    make_followed_group(session)
    with transaction(session) as writing:
        card = get_group_page(writing, "lichtblick", now=NOW).card
        ask_to_watch(writing, card, "alt@example.org", language="de", now=NOW)
    (mail,) = told(session, "watch-confirmation")
    token = next(word for word in said(mail).split() if "/groups/watch/" in word).split("/")[-1]
    asked = find_asked_group(session, token)
    assert (asked.slug, asked.name, asked.is_confirmed) == ("lichtblick", "Lichtblick", False)
    with transaction(session) as writing:
        writing.execute(sa.update(MeetingWatch).values(email="neu@example.org"))
    with pytest.raises(Exception, match="sieben Tage"):
        find_asked_group(session, token)
