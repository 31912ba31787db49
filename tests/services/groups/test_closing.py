"""Closing a place tells the groups that meet there, once, in German, in the same transaction; so does opening it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.groups.meetings.closing import close_and_tell, list_concerned, reopen_and_tell
from app.groups.meetings.closures import Owner
from app.groups.meetings.services import cancel_date, move_date
from app.groups.models import Closure, Group, MeetingSeries
from app.shared.errors import RuleBroken
from app.shared.outbox import OutboxMail
from tests.builders.groups import NOW, make_contact, make_group, make_house, make_place

DAYS = {"first_on": date(2026, 12, 7), "last_on": date(2026, 12, 20)}
PLACE = "Bürgerhaus, Lindenallee 3"


@pytest.fixture(autouse=True)
def request_context(app):
    with app.test_request_context("/"):
        yield


@pytest.fixture
def groups(session):
    """Two groups on Wednesdays in one place, of which one has no address; another one elsewhere."""
    house = make_house(session)
    mail = make_contact(email="kontakt@example.org")
    one = make_group(session, clearinghouse_id=house, contact=mail)
    two = make_group(session, clearinghouse_id=house, name="Nachbarn")
    three = make_group(
        session, clearinghouse_id=house, name="Woanders", contact=mail, place=make_place(name="Turm")
    )
    return one, two, three


@pytest.fixture
def place(session, groups):
    return Owner(place_id=session.scalar(sa.select(Group.place_id).where(Group.id == groups[0])))


def mails(session):
    return list(session.scalars(sa.select(OutboxMail).order_by(OutboxMail.id)))


def shut(session, owner, **given):
    return close_and_tell(
        session, owner, **{**DAYS, "reason": "Wasserschaden", "place": PLACE, "now": NOW, **given}
    )


def series_of(session, group):
    return session.scalar(sa.select(MeetingSeries.id).where(MeetingSeries.group_id == group))


def test_the_groups_concerned_are_named_with_their_dates_and_those_with_an_address_get_a_mail(
    session, groups, place
):
    concerned = shut(session, place)
    days = [date(2026, 12, 9), date(2026, 12, 16)]
    assert {each.name: [meeting.on for meeting in each.meetings] for each in concerned} == {
        "Lichtblick": days,
        "Nachbarn": days,
    }
    (mail,) = mails(session)
    assert (mail.to_address, mail.purpose, mail.language) == ("kontakt@example.org", "place-closed", "de")
    assert mail.subject == "Geschlossen 7. Dezember 2026 bis 20. Dezember 2026: Bürgerhaus, Lindenallee 3"
    for words in ("Mi., 9. Dez., 19:00 Uhr", "Wasserschaden", "/accounts/groups/lichtblick/meetings"):
        assert words in " ".join(mail.body_text.split())


def test_closing_twice_tells_once_and_taking_back_tells_that_the_dates_take_place_again(session, place):
    shut(session, place)
    assert shut(session, place) == []
    closure = session.scalar(sa.select(Closure.id))
    reopen_and_tell(session, closure, place=PLACE, now=NOW)
    assert reopen_and_tell(session, closure, place=PLACE, now=NOW) == []
    closed, opened = mails(session)
    assert opened.subject == "Doch geöffnet 7. Dezember 2026 bis 20. Dezember 2026: Bürgerhaus, Lindenallee 3"
    assert "Mi., 16. Dez., 19:00 Uhr" in " ".join(opened.body_text.split())
    assert closed.once_key != opened.once_key


def test_closing_anew_after_taking_back_tells_anew(session, place):
    for number in range(2):
        later = NOW + timedelta(minutes=number)
        shut(session, place, now=later)
        reopen_and_tell(session, session.scalar(sa.select(Closure.id)), place=PLACE, now=later)
    assert len(mails(session)) == 4


def test_dates_that_do_not_take_place_there_anyway_are_not_counted(session, groups, place):
    one, two, three = (series_of(session, group) for group in groups)
    cancel_date(session, one, date(2026, 12, 9), now=NOW)
    move_date(
        session, one, date(2026, 12, 16), new_on=date(2026, 12, 17), place=make_place(name="Turm"), now=NOW
    )
    move_date(session, two, date(2026, 12, 16), new_on=date(2026, 12, 22), now=NOW)
    move_date(session, three, date(2026, 12, 16), new_on=date(2026, 12, 18), place_id=place.place_id, now=NOW)
    found = list_concerned(session, place, **DAYS, now=NOW)
    assert {each.name: [meeting.starts_at.date() for meeting in each.meetings] for each in found} == {
        "Nachbarn": [date(2026, 12, 9)],
        "Woanders": [date(2026, 12, 18)],
    }


def test_a_closure_that_is_refused_tells_nobody(session, place):
    shut(session, place)
    with pytest.raises(RuleBroken):
        shut(session, place, first_on=date(2026, 12, 14), last_on=date(2027, 1, 3))
    assert len(mails(session)) == 1


def test_an_address_that_cannot_be_written_to_does_not_keep_a_place_open(session, groups, place):
    session.execute(sa.update(Group).values(contact_email="nobody at all"))
    assert len(shut(session, place)) == 2
    assert mails(session) == []
    assert session.scalar(sa.select(sa.func.count()).select_from(Closure)) == 1
