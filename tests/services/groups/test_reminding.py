"""Contacts are reminded once of each meeting, whoever runs the job how often."""

from __future__ import annotations

import logging
from datetime import time, timedelta

import pytest
import sqlalchemy as sa

from app.groups.jobs import remind_contacts
from app.groups.meetings.closures import Owner, close
from app.groups.meetings.reminders import list_reminded_groups, set_reminders
from app.groups.meetings.services import cancel_date, move_date
from app.groups.models import Group
from app.shared.errors import RuleBroken
from app.shared.outbox import OutboxMail
from app.shared.transactions import transaction
from tests.builders.followed import CONTACT, make_followed_group, next_meeting, series_of
from tests.builders.groups import NOW, make_contact
from tests.support.threads import at_once

DAY = timedelta(days=1)


def mails(session):
    session.rollback()
    return list(session.scalars(sa.select(OutboxMail).order_by(OutboxMail.id)))


def said(mail):
    """The text of a mail with plain blanks."""
    return mail.body_text.replace("\xa0", " ")


@pytest.fixture
def group(session):
    return make_followed_group(session, hours=48, now=NOW)


def test_the_contact_gets_one_mail_however_often_the_job_runs_and_whether_or_not_the_address_is_shown(
    session, group
):
    for minutes in range(0, 60, 15):
        remind_contacts(NOW + timedelta(minutes=minutes))
    (mail,) = mails(session)
    assert mail.to_address == CONTACT
    assert mail.subject == "Findet das Treffen am 24. November statt?"
    assert "Dienstag, 24. November, 12:00 Uhr" in said(mail)
    assert "?wish=confirm" in said(mail)
    assert "?wish=cancel" in said(mail)
    assert "Wie viele waren am 17. November da?" in said(mail)
    assert mail.unsubscribe_url.startswith("http://localhost/groups/reminders/")
    assert "Lichtblick" not in mail.subject
    assert "Lindenallee" not in said(mail)


def test_two_processes_at_once_send_it_once(app, session, group):
    session.rollback()
    assert sorted(at_once(app, *[lambda: remind_contacts(NOW)] * 2)) == [0, 1]
    assert len(mails(session)) == 1


def test_the_next_meeting_gets_a_mail_of_its_own_and_a_cancelled_one_none(session, group):
    assert remind_contacts(NOW) == 1
    next_week = next_meeting(session, group, now=NOW + 5 * DAY)
    with transaction(session) as writing:
        cancel_date(writing, next_week.series_id, next_week.on, now=NOW)
    assert remind_contacts(NOW + 7 * DAY) == 0
    assert remind_contacts(NOW + 14 * DAY) == 1


def test_a_meeting_that_was_moved_is_asked_for_anew(session, group):
    assert remind_contacts(NOW) == 1
    meeting = next_meeting(session, group)
    with transaction(session) as writing:
        move_date(
            writing, meeting.series_id, meeting.on, new_on=meeting.on, starts_at_local=time(15), now=NOW
        )
    assert remind_contacts(NOW) == 1
    assert "statt Di., 24. Nov., 12:00 Uhr" in said(mails(session)[-1])


def test_who_wants_no_mail_gets_one_before_the_first_meeting_after_a_break_only(session):
    group = make_followed_group(session, hours=None, now=NOW)
    assert remind_contacts(NOW) == 0
    with transaction(session) as writing:
        close(writing, Owner(group_id=group), first_on=NOW.date(), last_on=NOW.date() + 5 * DAY, now=NOW)
    assert remind_contacts(NOW) == 0
    assert remind_contacts(NOW + 6 * DAY) == 1
    assert "nach der Pause" in mails(session)[0].body_text
    with transaction(session) as writing:
        set_reminders(writing, group, hours=None, after_break=False, now=NOW)
    assert list_reminded_groups(session, now=NOW) == []


def test_a_group_whose_place_was_closed_is_looked_at_and_others_are_not(session):
    make_followed_group(session, hours=None, now=NOW)
    assert list_reminded_groups(session, now=NOW) == []
    place = session.scalars(sa.select(Group.place_id)).one()
    with transaction(session) as writing:
        close(writing, Owner(place_id=place), first_on=NOW.date(), last_on=NOW.date() + DAY, now=NOW)
    assert len(list_reminded_groups(session, now=NOW)) == 1
    assert remind_contacts(NOW + 6 * DAY) == 1


def test_without_an_address_or_a_listing_nobody_is_reminded(session):
    make_followed_group(session, contact=make_contact())
    make_followed_group(session, name="Nicht im Netz", state="paused")
    assert remind_contacts(NOW) == 0


def test_an_address_that_cannot_be_written_to_keeps_nobody_else_waiting_and_is_not_in_the_log(
    session, caplog
):
    make_followed_group(session, hours=48, contact=make_contact(email="vertraulich@@kaputt"))
    make_followed_group(session, hours=48, name="Nachbarn")
    logger = logging.getLogger("wirkreis.reminders")
    logger.addHandler(caplog.handler)
    try:
        assert remind_contacts(NOW) == 1
    finally:
        logger.removeHandler(caplog.handler)
    assert "cannot be written to" in caplog.text
    assert "vertraulich" not in caplog.text
    assert "Lichtblick" not in caplog.text


def test_only_times_that_are_offered_can_be_chosen(session, group):
    with pytest.raises(RuleBroken):
        set_reminders(session, group, hours=5, after_break=True, now=NOW)


def test_a_number_of_hours_that_is_not_offered_is_refused_by_the_database_too(session, group):
    with pytest.raises(sa.exc.IntegrityError):
        session.execute(sa.update(Group).values(reminder_hours=5))
    session.rollback()
    assert series_of(session, group)
