"""Groups are reminded that it is time to apply again, and signers that they have not signed: each once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from app.funding.jobs import remind_of_funding
from app.funding.services.reminders import begin_reminders, end_reminders
from app.funding.services.requests import enter_request
from app.funding.services.rounds import open_round
from app.funding.services.signing import Signer, ask_to_sign, sign, token_of
from app.groups.models import Group
from app.shared import clock
from app.shared.outbox import OutboxMail
from app.shared.transactions import transaction
from tests.builders import applications, rounds
from tests.builders.groups import NOW, make_contact, make_group, make_house
from tests.builders.notices import make_posted
from tests.support.mailbox import link_in, mails_to

DAY = timedelta(days=1)
BEGIN, END = date(2027, 12, 1), date(2028, 1, 31)


def moment(day):
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def subjects(session):
    session.rollback()
    found = sa.select(OutboxMail).where(OutboxMail.purpose == "funding-reminder").order_by(OutboxMail.id)
    return [(mail.to_address, mail.subject) for mail in session.scalars(found)]


def test_last_years_groups_are_told_when_the_round_begins_and_two_weeks_before_its_end(session):
    with transaction():
        made = rounds.make_round(session, [50_000, 60_000, 70_000, 80_000], pot_cents=900_000)
        make_posted(session, made)
        for number, group_id in enumerate(made.group_ids, start=1):
            session.get_one(Group, group_id).contact_email = f"g{number}@example.org"
        opened = open_round(
            session,
            made.region,
            rounds.YEAR + 1,
            opens_on=BEGIN,
            seed="s",
            now=NOW,
        )
        _new, asks, stopped, _left = made.group_ids
        enter_request(session, opened.id, asks, rounds.make_request(10_000), now=NOW)
        end_reminders(session, stopped, now=NOW)
    assert remind_of_funding(moment(BEGIN - DAY)) == 0
    for _again in range(2):
        remind_of_funding(moment(BEGIN))
    first = subjects(session)
    assert [to for to, _subject in first] == ["g1@example.org", "g4@example.org"]
    assert first[0][1] == "Es ist wieder Zeit für den Antrag: Förderung 2028 für „Gruppe 1“"
    mail = mails_to(session, "g1@example.org")[-1]
    assert "31. Januar 2028" in mail.body_text
    assert mail.unsubscribe_url.startswith("http://localhost/funding/reminders/")
    with transaction():
        begin_reminders(session, stopped, now=NOW)
    assert (
        remind_of_funding(moment(END - 15 * DAY)) == 1
    )  # the one that wants them again hears that it has begun
    assert remind_of_funding(moment(END - 14 * DAY)) == 3
    assert remind_of_funding(moment(END)) == 0
    assert subjects(session)[-1][1] == "Bis 31. Januar 2028: Förderung 2028 für „Gruppe 4“"


def test_a_request_that_was_begun_and_a_signature_that_is_missing_are_asked_for_once(session):
    now = clock.now()
    with transaction():
        house = make_house(session)
        group_id = make_group(
            session, now=now, clearinghouse_id=house, contact=make_contact(email="kim@example.org")
        )
        round_id = applications.make_round(session, year=now.year + 1, closes_on=date(now.year + 1, 3, 31))
        found = applications.write(session, group_id)
    assert found.round.id == round_id
    end = moment(found.last_day)
    assert remind_of_funding(now + DAY) == 0
    assert [remind_of_funding(end - 10 * DAY), remind_of_funding(end - 9 * DAY)] == [1, 0]
    assert subjects(session)[-1][1].startswith("Noch nicht abgeschickt: Antrag")
    with transaction():
        signers = [Signer("Kim Sommer", "kim@example.org"), Signer("Jo Winter", "jo@example.org")]
        ask_to_sign(session, found, signers, now=end - 8 * DAY)
        kim = applications.read(session, group_id).signatures[0]
        sign(session, token_of(kim), now=end - 8 * DAY)
    assert remind_of_funding(end - 7 * DAY) == 0
    assert [remind_of_funding(end - 4 * DAY), remind_of_funding(end)] == [1, 0]
    assert subjects(session)[-1][0] == "jo@example.org"
    with transaction():
        jo = applications.read(session, group_id).signatures[1]
        assert link_in(session, "jo@example.org") == f"/funding/sign/{token_of(jo)}"
