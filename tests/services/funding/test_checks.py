"""Applications are checked by two people; what is asked of a group; more time; what two applications share."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.accounts.erasing import erase_account
from app.accounts.models import User
from app.funding.jobs import remind_of_changes
from app.funding.models import ApplicationCheck, ApplicationSignature, ChangeRequest, GrantRequest
from app.funding.pages.last_year import compare_with_last
from app.funding.queries.check_queue import list_queue
from app.funding.queries.checks import read_under_check
from app.funding.queries.duplicates import list_alike
from app.funding.services.changes import (
    answer_change,
    ask_for_changes,
    extend_change,
    take_back_change,
)
from app.funding.services.checks import Finding, store_check
from app.funding.services.deadlines import extend_deadline
from app.funding.services.signing import Signer, ask_to_sign, submit_on_paper
from app.groups.meetings.schedules import day_of
from app.shared import clock
from app.shared.errors import RuleBroken
from app.shared.outbox import OutboxMail
from app.shared.transactions import transaction
from tests.builders.accounts import make_user
from tests.builders.applications import make_round, read, sign_all, submit, write, write_page
from tests.builders.groups import make_contact, make_group

ONE, TWO = 900_001, 900_002
"""People whose accounts are erased."""


@pytest.fixture
def application(session):
    make_round(session)
    group = make_group(session, now=clock.now(), contact=make_contact(email="kim@example.org"))
    return submit(session, group)


def check(session, application_id, kind="content", by=ONE, **given):
    under = read_under_check(session, application_id)
    seen = {"seen": under.seen, "number": under.number(kind), "is_ok": True, "words": ""}
    store_check(session, application_id, Finding(kind, **{**seen, **given}), by=by, now=clock.now())


def ask(session, application_id, fields=("money.own",), days=14, **given):
    under = read_under_check(session, application_id)
    due_on = day_of(clock.now()) + timedelta(days=days)
    known = {"seen": under.seen, "by": ONE, "now": clock.now(), **given}
    ask_for_changes(session, application_id, list(fields), "Woher kommen 40,50 Euro?", due_on, **known)


def refused(code):
    return pytest.raises(RuleBroken, check=lambda error: error.code == code)


def queue(session, application_id):
    region = read_under_check(session, application_id).found.region.id
    today = day_of(clock.now())
    return list_queue(session, region_ids=[region], house_ids=[], today=today, finds_alike=True)


def test_two_people_check_and_the_database_wants_two_as_well(session, application):
    check(session, application)
    with refused("same_person"):
        check(session, application, "arithmetic")
    row = session.scalars(sa.select(ApplicationCheck)).one()
    stored = {each.name: getattr(row, each.name) for each in ApplicationCheck.__table__.columns}
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(
            sa.insert(ApplicationCheck).values({**stored, "id": row.id + 1, "kind": "arithmetic"})
        )
    with refused("no_words"):
        check(session, application, "arithmetic", TWO, is_ok=False)
    check(session, application, "arithmetic", TWO, is_ok=False, words="480 und 60,50 sind 540,50.")
    assert queue(session, application)[0].state == "objection"
    check(session, application, "arithmetic", TWO)
    assert queue(session, application)[0].state == "checked"


def test_of_two_who_check_the_same_at_once_the_second_is_told_who_was_first(session, application):
    first = session.scalars(
        sa.select(User.id).where(User.email == make_user(session, name="Ada Stern"))
    ).one()
    check(session, application, by=first)
    with pytest.raises(RuleBroken, match="Ada Stern") as told:
        check(session, application, by=TWO, number=0)
    assert told.value.code == "checked_already"
    assert len(session.scalars(sa.select(ApplicationCheck.id)).all()) == 1


def test_a_check_holds_for_what_it_saw_and_a_change_keeps_the_day_and_is_signed_anew(session, application):
    check(session, application)
    under = read_under_check(session, application)
    group, came = under.found.group.id, under.application.received_on - timedelta(days=20)
    under.application.received_on = came
    ask(session, application, ["money.own", "money.costs"])
    with refused("not_asked"):
        write_page(session, group, "account", holder="Jo Winter")
    assert not write_page(session, group, "money")  # the same again
    check(session, application, "arithmetic", TWO)
    assert write_page(session, group, "money", own="60,50")
    with refused("is_not_submitted"):
        check(session, application, by=TWO)
    with refused("not_signed"):
        answer_change(session, group, under.found.round, "Fertig", now=clock.now())
    signers = [Signer(each.name, each.email) for each in read(session, group).signatures]
    ask_to_sign(session, under.found, signers, now=clock.now())
    sign_all(session, group)
    again = read_under_check(session, application)
    assert (again.application.state, again.application.received_on) == ("submitted", came)
    assert (again.request.requested_cents, again.request.received_on) == (48_000, came)
    assert (again.changes[0].ended_as, again.latest, len(again.checks)) == ("answered", {}, 2)
    check(session, application, "arithmetic", ONE)


def test_a_group_is_asked_reminded_given_longer_and_no_longer_asked(app, session, application):
    ask(session, application, days=3)
    with refused("asked_already"):
        ask(session, application)
    with refused("no_fields"):
        ask(session, application, ["nowhere.at_all"])
    session.commit()
    for told in (1, 0):
        assert remind_of_changes(clock.now()) == told
    change = session.scalars(sa.select(ChangeRequest)).one()
    day, now = change.due_on, clock.now()
    with transaction():
        extend_change(session, application, day + timedelta(days=9), "Urlaub", seen_due=day, by=TWO, now=now)
    with refused("changed_meanwhile"):
        extend_change(session, application, day + timedelta(days=12), "Urlaub", seen_due=day, by=ONE, now=now)
    assert queue(session, application)[0].state == "asked"
    late = day + timedelta(days=10)
    region = queue(session, application)[0].region.id
    assert list_queue(session, region_ids=[region], house_ids=[], today=late)[0].state == "overdue"
    take_back_change(session, application, by=ONE, now=now)
    with refused("changed_meanwhile"):
        take_back_change(session, application, by=ONE, now=now)
    to = sa.select(OutboxMail.purpose).where(OutboxMail.to_address == "jo@example.org")
    assert {
        "application-changes",
        "application-changes-reminder",
        "application-more-time",
        "application-changes-settled",
    } <= set(session.scalars(to))


def test_a_later_last_day_makes_a_late_request_an_extended_one(session):
    today = day_of(clock.now())
    days = {"opens_on": today - timedelta(days=90), "closes_on": today - timedelta(days=9)}
    make_round(session, year=today.year - 1, **days)
    group = make_group(session, now=clock.now(), contact=make_contact(email="kim@example.org"))
    found = write(session, group)
    names = ["Kim Sommer", "Jo Winter"]
    submit_on_paper(session, found, names, received_on=today, posted_on=None, now=clock.now())
    late = sa.select(GrantRequest.standing)
    before = read(session, group).last_day
    assert session.scalars(late).one() == "late"
    seen = {"seen_day": before, "by": ONE, "now": clock.now()}
    with refused("no_words"):
        extend_deadline(session, group, found.round, today, " ", **seen)
    extend_deadline(session, group, found.round, today, "Krankheit", **seen)
    session.expire_all()
    assert session.scalars(late).one() == "extended"
    assert read(session, group).last_day == today
    with refused("changed_meanwhile"):
        extend_deadline(session, group, found.round, today + timedelta(days=1), "Noch einmal", **seen)


def test_applications_that_share_account_contact_or_signer_are_found(session, application):
    year = day_of(clock.now()).year
    other = submit(
        session,
        make_group(session, name="Andere", now=clock.now(), contact=make_contact(email="KIM@example.org")),
    )
    found = list_alike(session, year, [application])[application]
    assert [(each.application_id, set(each.shared)) for each in found] == [
        (other, {"account", "address", "signer"})
    ]
    assert {line.shares for line in queue(session, application)} == {("account", "address", "signer")}


def test_an_application_stands_beside_that_of_the_year_before(session):
    today, kim = day_of(clock.now()), make_contact(email="kim@example.org")
    make_round(session, year=today.year - 1)
    group = make_group(session, now=clock.now(), contact=kim)
    submit(session, group, group={"members": "9"})
    make_round(session)
    found = read_under_check(session, submit(session, group, money={"own": "60,50"})).found
    compared = compare_with_last(session, found)
    assert (compared.year, compared.award_cents) == (today.year - 1, None)
    changed = {row.name: (row.before, row.now) for row in compared.rows if row.is_changed}
    assert changed == {
        "Mitglieder": ("9", "12"),
        "Eigenes Geld": ("40,50\u00a0€", "60,50\u00a0€"),
        "Sie bitten um": ("500,00\u00a0€", "480,00\u00a0€"),
    }


def test_who_erases_their_account_stays_as_a_name_and_is_not_written_to(session, application):
    email = make_user(session, email="jo@example.org")
    erase_account(
        session, session.scalars(sa.select(User.id).where(User.email == email)).one(), now=clock.now()
    )
    rows = session.execute(sa.select(ApplicationSignature.name, ApplicationSignature.email)).tuples()
    assert set(rows) == {("Kim Sommer", "kim@example.org"), ("Jo Winter", "")}
