"""``flask seed`` fills a database once, the same way for the same numbers, and says no to a second time."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.clearinghouses.models import ClearingHouse
from app.groups.finder import count_groups
from app.groups.forms import FinderRequest
from app.groups.models import Group, GroupTopic, MeetingAttendance, MeetingPlace, MeetingSeries
from app.shared import clock

SEED = ["seed", "--random-seed", "7", "--today", "2026-11-23", "--groups"]
TABLES = (MeetingPlace, Group, GroupTopic, MeetingSeries, MeetingAttendance)


@pytest.fixture
def seed(runner):
    """Runs the command with a number of groups and perhaps more; answers what it did."""
    return lambda *arguments: runner.invoke(args=[*SEED, *map(str, arguments)])


def contents(session):
    """Everything stored about groups, without the numbers that databases give out."""
    session.rollback()
    keys = {"id", "place_id", "clearinghouse_id", "group_id", "series_id"}
    rows = []
    for model in TABLES:
        columns = [column for column in model.__table__.c if column.name not in keys]
        rows += [
            tuple(map(str, row))
            for row in session.execute(sa.select(*columns).order_by(*model.__table__.primary_key))
        ]
    return rows


def names(session):
    session.rollback()
    return list(session.scalars(sa.select(Group.name).order_by(Group.id)))


def test_it_makes_so_many_groups_and_houses_for_them_and_the_finder_finds_them_all(seed, app, session):
    result = seed(60)
    assert result.exit_code == 0, result.output
    assert re.search(r"60 groups and 3\d\d clearing houses\.", result.output)
    assert "60 of 60 groups" in result.stderr
    session.rollback()
    assert session.scalar(sa.select(sa.func.count()).select_from(Group)) == 60
    assert session.scalar(sa.select(sa.func.count()).select_from(ClearingHouse)) > 300
    assert found(app, session) == 60


def test_the_first_group_is_reminded_and_has_noted_how_many_came(seed, session):
    seed(3)
    session.rollback()
    hours = session.scalars(sa.select(Group.reminder_hours).order_by(Group.id)).all()
    assert hours == [24, None, None]
    counts = session.scalars(sa.select(MeetingAttendance.count)).all()
    assert 35 <= len(counts) <= 52
    assert {5 <= count < 15 for count in counts} == {True}


def found(app, session):
    """The total of a search without any filter."""
    with app.test_request_context("/groups"):
        return count_groups(session, FinderRequest(), now=clock.now())


def test_the_same_seed_and_day_give_the_same_data_even_after_a_reset_and_another_seed_others(seed, session):
    assert seed(60).exit_code == 0
    first = contents(session)
    assert seed(60, "--reset").exit_code == 0
    assert contents(session) == first
    assert seed(60, "--reset", "--random-seed", "8").exit_code == 0
    assert contents(session) != first


def test_a_database_with_groups_is_refused_or_left_alone(seed, session):
    assert seed(3).exit_code == 0
    before = names(session)
    refused = seed(5)
    assert refused.exit_code == 1
    assert "Use --reset" in refused.output
    quiet = seed(5, "--if-empty")
    assert (quiet.exit_code, quiet.output) == (0, "")
    assert names(session) == before
    assert len(before) == 3


def test_a_reset_leaves_nothing_of_what_was_before(seed, app, session):
    assert seed(30).exit_code == 0
    assert seed(2, "--reset").exit_code == 0
    session.rollback()
    counts = {model: session.scalar(sa.select(sa.func.count()).select_from(model)) for model in TABLES}
    assert counts[Group] == 2
    assert counts[MeetingPlace] <= 2
    assert session.scalar(sa.text("SELECT count(*) FROM group_text")) == 2
    assert found(app, session) == 2


def test_the_fixed_groups_come_first_when_there_are_twenty_or_more(seed, session):
    assert seed(20).exit_code == 0
    assert names(session)[0] == "Depression Köln-Mitte"
    assert len(names(session)) == 20


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_seed_that_is_broken_off_leaves_the_database_as_it_was(seed, session):
    assert seed(3).exit_code == 0
    session.execute(
        sa.text(
            "CREATE TRIGGER full BEFORE INSERT ON meeting_series WHEN (SELECT count(*) FROM meeting_series) > 9 "
            "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        )
    )
    session.commit()
    before = contents(session)
    assert seed(30, "--reset").exit_code != 0
    assert contents(session) == before


def test_nonsense_is_refused_with_a_sentence(seed):
    assert "not in the range" in seed("-1").output
    assert seed("many").exit_code == 2
