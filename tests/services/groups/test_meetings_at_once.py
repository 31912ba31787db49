"""Two people change dates at the same moment: one goes after the other, and neither is turned away."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from app.groups.finder import count_groups
from app.groups.forms import FinderRequest
from app.groups.meetings.closures import Owner, close
from app.groups.meetings.services import cancel_date, move_date
from app.groups.models import Group, MeetingChange, MeetingPlace, MeetingSeries
from app.groups.services import register_group, set_point
from app.shared.extensions import db
from app.shared.transactions import transaction
from tests.builders.groups import NOW, make_draft, make_group, make_house, make_place

LATER = NOW + timedelta(minutes=1)
WEDNESDAY = date(2026, 11, 25)
WEEK = {"first_on": date(2026, 11, 23), "last_on": date(2026, 11, 29), "now": LATER}
FIRST_LOCKS = (" FOR ", "UPDATE finder_state", "UPDATE meeting_place")
Deed = Callable[[], object]


@pytest.fixture
def house(session):
    with transaction() as writing:
        house = make_house(writing)
        make_group(writing, clearinghouse_id=house)
        session.execute(sa.update(MeetingPlace).values(clearinghouse_id=house))
    session.rollback()
    return house


def ids(session):
    """Group, place and series of the one group."""
    row = session.execute(
        sa.select(Group.id, Group.place_id, MeetingSeries.id.label("series_id")).join(
            MeetingSeries, MeetingSeries.group_id == Group.id
        )
    ).one()
    session.rollback()
    return row


def at_once(app: Flask, *deeds: Deed) -> list[Exception]:
    """Do all in transactions of their own; each waits with its first lock until the others have theirs, if they can."""
    together = threading.Barrier(len(deeds))
    begun = threading.local()
    errors: list[Exception] = []

    def wait_with_lock(_connection, _cursor, statement, *_rest):
        if getattr(begun, "is_ours", False) and any(words in statement for words in FIRST_LOCKS):
            begun.is_ours = False
            with suppress(threading.BrokenBarrierError):
                together.wait(timeout=1)

    def work(deed: Deed) -> None:
        with app.app_context():
            begun.is_ours = True
            try:
                with transaction():
                    deed()
            except Exception as error:  # noqa: BLE001 - the test looks at it
                errors.append(error)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "after_cursor_execute", wait_with_lock)
    threads = [threading.Thread(target=work, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    event.remove(engine, "after_cursor_execute", wait_with_lock)
    return errors


def meeting_on(app, day=WEDNESDAY):
    with app.test_request_context("/"):
        return count_groups(db.session(), FinderRequest(date_from=day, date_to=day), now=NOW)


def test_the_same_date_is_cancelled_by_one_and_moved_by_the_other(app, session, house):
    series = ids(session).series_id
    errors = at_once(
        app,
        lambda: cancel_date(db.session(), series, WEDNESDAY, now=LATER),
        lambda: move_date(db.session(), series, WEDNESDAY, new_on=date(2026, 11, 26), now=LATER),
    )
    assert errors == []
    assert session.scalar(sa.select(sa.func.count()).select_from(MeetingChange)) == 1


@pytest.mark.parametrize("what", ["group_id", "place_id"])
def test_a_date_is_cancelled_while_its_group_or_place_closes(app, session, house, what):
    row = ids(session)
    errors = at_once(
        app,
        lambda: close(db.session(), Owner(**{what: row.id if what == "group_id" else row.place_id}), **WEEK),
        lambda: cancel_date(db.session(), row.series_id, WEDNESDAY, now=LATER),
    )
    assert errors == []
    assert meeting_on(app) == 0


def test_a_date_is_moved_to_a_place_that_closes_at_that_moment(app, session, house):
    row = ids(session)
    errors = at_once(
        app,
        lambda: close(db.session(), Owner(place_id=row.place_id), **WEEK),
        lambda: move_date(
            db.session(),
            row.series_id,
            date(2026, 12, 2),
            new_on=date(2026, 11, 27),
            place_id=row.place_id,
            now=LATER,
        ),
    )
    assert errors == []
    assert meeting_on(app, date(2026, 11, 27)) == 0


@pytest.mark.parametrize("what", ["clearinghouse_id", "place_id"])
def test_a_group_registers_where_it_closes_at_that_moment_and_knows(app, session, house, what):
    row = ids(session)
    owner = Owner(**{what: house if what == "clearinghouse_id" else row.place_id})
    draft = make_draft(clearinghouse_id=house, name="Neulinge")
    errors = at_once(
        app,
        lambda: close(db.session(), owner, **WEEK),
        lambda: register_group(db.session(), draft, now=LATER),
    )
    assert errors == []
    assert meeting_on(app) == 0
    assert meeting_on(app, date(2026, 12, 2)) == 2


def test_a_group_that_registers_while_its_place_is_found_is_there_on_the_map(app, session):
    with transaction() as writing:
        house = make_house(writing)
        place = make_place(latitude=None, longitude=None, point_quality="none")
        make_group(writing, clearinghouse_id=house, place=place)
    row = ids(session)
    draft = make_draft(clearinghouse_id=house, name="Neulinge", place=place)
    errors = at_once(
        app,
        lambda: set_point(db.session(), row.place_id, point=(50.7353, 7.1022), quality="exact", now=LATER),
        lambda: register_group(db.session(), draft, now=LATER),
    )
    assert errors == []
    with app.test_request_context("/"):
        near = FinderRequest(latitude=50.7353, longitude=7.1022, radius_km=1)
        assert count_groups(db.session(), near, now=LATER) == 2
