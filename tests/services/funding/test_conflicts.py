"""Nobody decides about a group they are too close to: neither through the services nor through the database."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.accounts.models import RoleGrant, User
from app.accounts.people import list_members, remove_member
from app.accounts.places import find_group
from app.funding.models import ApplicationCheck, ConflictOfInterest, GrantApplication
from app.funding.queries.conflicts import conflicts_of
from app.funding.services.conflicts import (
    declare_conflict,
    refuse_conflicted,
    take_back_conflict,
)
from app.funding.services.signing import Signer, ask_to_sign
from app.shared import clock
from app.shared.errors import RuleBroken
from tests.builders.accounts import make_user
from tests.builders.applications import make_round, write
from tests.builders.groups import make_contact, make_group


def person(session, role, **given):
    email = make_user(session, role, **given)
    return session.scalars(sa.select(User.id).where(User.email == email)).one()


def check(session, group_id, user_id, *, now):
    """Store a check past all services."""
    application = session.scalars(
        sa.select(GrantApplication.id).where(GrantApplication.group_id == group_id)
    ).one()
    row = {
        "application_id": application,
        "group_id": group_id,
        "seen": "x",
        "kind": "content",
        "number": user_id,
        "is_ok": True,
        "words": "",
        "checked_by": user_id,
        "checked_at": now,
    }
    with session.begin_nested():
        session.execute(sa.insert(ApplicationCheck).values(row))


def test_whoever_is_close_to_a_group_is_refused_by_service_and_database_until_it_is_over(session):
    now = clock.now()
    make_round(session)
    group, other = (
        make_group(session, now=now, name=name, contact=make_contact(email=f"{name}@example.org"))
        for name in ("Eins", "Zwei")
    )
    signers = [Signer("Lea Berg", "lea@example.org"), Signer("Jo Winter", "jo@example.org")]
    declarer = person(session, "funding_office", name="Ada Stern")
    signer = person(session, "representative", name="Lea Berg", email="lea@example.org")
    contact = person(session, "group_contact", group=group, name="Nour Klee")
    free = person(session, "finance", name="Tom Frei")
    for each in (group, other):
        found = write(session, each)
    ask_to_sign(session, write(session, group), signers, now=now)
    for _twice in range(2):
        declare_conflict(session, declarer, group, "relative", now=now)
    why = {declarer: "relative", signer: "signer", contact: "contact"}
    for user_id, reason in why.items():
        assert conflicts_of(session, user_id, [group, other], now=now) == {group: reason}
        with pytest.raises(RuleBroken, match="Eins") as refused:
            refuse_conflicted(session, user_id, [other, group], now=now)
        assert refused.value.code == "conflicted"
        with pytest.raises(IntegrityError, match="ck_conflict_of_interest"):
            check(session, group, user_id, now=now)
        check(session, other, user_id, now=now)
    refuse_conflicted(session, free, [group, other], now=now)
    check(session, group, free, now=now)

    number = session.scalars(sa.select(ConflictOfInterest.id)).one()
    take_back_conflict(session, contact, number, now=now)  # not theirs
    assert conflicts_of(session, declarer, [group], now=now)
    take_back_conflict(session, declarer, number, now=now)
    check(session, group, declarer, now=now)
    assert session.scalars(sa.select(ConflictOfInterest.ended_at)).one() is not None
    assert found.round.year


def test_whoever_was_a_contact_this_year_waits_for_the_next(session):
    now = clock.now()
    group = make_group(session, now=now, contact=make_contact())
    make_round(session)
    write(session, group)
    user_id = person(session, "group_contact", group=group)
    grant = session.scalars(sa.select(RoleGrant.id).where(RoleGrant.user_id == user_id)).one()
    place = find_group(session, group_id=group)
    member = next(each for each in list_members(session, place) if each.grant_id == grant)
    remove_member(session, place, member, now=now)
    session.flush()
    assert conflicts_of(session, user_id, [group], now=now) == {group: "was_contact"}
    with pytest.raises(IntegrityError):
        check(session, group, user_id, now=now)
    later = now + timedelta(days=366)
    assert not conflicts_of(session, user_id, [group], now=later)
    check(session, group, user_id, now=later)
