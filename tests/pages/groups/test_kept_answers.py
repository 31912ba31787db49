"""A page asked for again is not made again, and yet never older than the newest edit."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from app.clearinghouses.models import ClearingHouse
from app.groups.kept_answers import find_answer
from app.groups.models import Group
from app.groups.services import change_group
from app.shared import clock
from app.shared.extensions import db
from app.shared.transactions import transaction
from tests.builders.groups import make_group

QUESTION = "/groups?near=50667&radius_km=5"


@pytest.fixture
def group_id(session):
    with transaction() as writing:
        made = make_group(writing)
    db.session.remove()
    return made


@contextmanager
def statements(app):
    """Collect what is asked of the database inside."""
    heard: list[str] = []

    def hear(_connection, _cursor, statement, *_rest):
        heard.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    yield heard
    event.remove(engine, "before_cursor_execute", hear)


def test_the_second_time_only_the_version_is_looked_at(app, client, group_id):
    first = client.get(QUESTION)
    with statements(app) as heard:
        second = client.get(QUESTION)
    assert second.data == first.data
    assert second.content_type == first.content_type == "text/html; charset=utf-8"
    assert ["finder_state" in statement for statement in heard] == [True]


def test_an_edit_is_on_the_page_at_once(client, group_id):
    assert "Lichtblick" in client.get(QUESTION).text
    with transaction() as session:
        change_group(session, group_id, now=clock.now(), name="Sonnenaufgang")
    page = client.get(QUESTION).text
    assert "Sonnenaufgang" in page
    assert "Lichtblick" not in page
    with transaction() as session:
        change_group(session, group_id, now=clock.now(), state="paused")
    assert "Sonnenaufgang" not in client.get(QUESTION).text


def test_each_language_and_each_address_has_its_own(client, group_id):
    pages = {
        client.get(address).text for address in (QUESTION, f"/en{QUESTION}", f"/nl{QUESTION}", f"{QUESTION}0")
    }
    assert len(pages) == 4
    assert client.get(f"/en{QUESTION}").text in pages


def test_a_clearing_house_that_changes_is_on_the_page_at_once(client, group_id):
    house = sa.select(ClearingHouse.slug).join(Group, Group.clearinghouse_id == ClearingHouse.id)
    question = f"/groups?clearinghouse={db.session.scalar(house)}"
    empty = "/groups?near=50667&radius_km=5&weekday=7"
    for name in ("Treffpunkt Selbsthilfe", "Haus der Selbsthilfe"):
        with transaction() as session:
            session.execute(sa.update(ClearingHouse).values(name=name))
        assert name in client.get(question).text
        assert name in client.get(empty).text


def test_it_is_true_only_until_the_next_meeting_of_the_page_begins(app, client, group_id):
    client.get(QUESTION)
    path, _, query = QUESTION.partition("?")
    now = clock.now()
    with app.test_request_context(path, query_string=query):
        assert find_answer(db.session(), now=now) is not None
        # Every week on one day: by then it has begun, whatever the weekday.
        assert find_answer(db.session(), now=now + timedelta(days=8)) is None


def test_somebody_with_a_cookie_gets_a_page_of_their_own(app, client, group_id):
    client.get(QUESTION)
    client.set_cookie("session", "x")
    with statements(app) as heard:
        client.get(QUESTION)
    path, _, query = QUESTION.partition("?")
    with app.test_request_context(path, query_string=query, headers={"Cookie": "session=x"}):
        assert find_answer(db.session(), now=clock.now()) is None
    assert heard
