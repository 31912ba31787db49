"""``flask seed`` fills a database once, the same way for the same numbers, and says no to a second time."""

from __future__ import annotations

import dataclasses
import re

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.accounts.queries import list_roles
from app.clearinghouses.models import ClearingHouse
from app.funding.models import FundingRegion, FundingRegionDistrict
from app.groups.finder import count_groups
from app.groups.forms import FinderRequest
from app.groups.models import Group, GroupTopic, MeetingAttendance, MeetingPlace, MeetingSeries
from app.shared import clock
from tests.builders.accounts import make_user
from tests.support.browser import Browser
from tests.support.signed_in import sign_in

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


def found(app, session):
    """The total of a search without any filter."""
    with app.test_request_context("/groups"):
        return count_groups(session, FinderRequest(), now=clock.now())


# A seed takes seconds, most of them for the three hundred houses: a test looks at all that one has done.


def test_it_makes_so_many_groups_and_houses_which_the_finder_finds_and_is_refused_or_does_nothing_the_second_time(
    seed, app, session
):
    result = seed(60)
    assert result.exit_code == 0, result.output
    assert re.search(r"60 groups and 3\d\d clearing houses\.", result.output)
    assert "60 of 60 groups" in result.stderr
    session.rollback()
    assert session.scalar(sa.select(sa.func.count()).select_from(ClearingHouse)) > 300
    assert found(app, session) == 60
    before = names(session)
    assert len(before) == 60
    first_is_reminded_and_counted(session)
    refused = seed(5)
    assert refused.exit_code == 1
    assert "Use --reset" in refused.output
    quiet = seed(5, "--if-empty")
    assert (quiet.exit_code, quiet.output) == (0, "")
    assert names(session) == before


def first_is_reminded_and_counted(session):
    """See that the first group, and no other, is reminded, and that it has noted how many came."""
    hours = session.scalars(sa.select(Group.reminder_hours).order_by(Group.id)).all()
    assert hours == [24, *[None] * 59]
    counts = session.scalars(sa.select(MeetingAttendance.count)).all()
    assert 35 <= len(counts) <= 52
    assert {5 <= count < 15 for count in counts} == {True}


def test_the_same_seed_and_day_give_the_same_data_another_seed_others_and_a_reset_leaves_nothing_of_before(
    seed, app, session
):
    assert seed(20).exit_code == 0
    first = contents(session)
    assert len(names(session)) == 20
    assert names(session)[0] == "Depression Köln-Mitte", "From twenty on the fixed groups come first."
    assert seed(20, "--reset", "--random-seed", "8").exit_code == 0
    assert contents(session) != first
    assert seed(20, "--reset").exit_code == 0
    assert contents(session) == first
    assert seed(2, "--reset").exit_code == 0
    session.rollback()
    counts = {model: session.scalar(sa.select(sa.func.count()).select_from(model)) for model in TABLES}
    assert counts[Group] == 2
    assert counts[MeetingPlace] <= 2 + 3  # and three rooms
    assert session.scalar(sa.text("SELECT count(*) FROM group_text")) == 2
    assert found(app, session) == 2


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


class TestAccountsOfTheDemo:
    """Everybody knows their password, so they are in a demonstration and nowhere else."""

    @pytest.fixture
    def demo_seed(self, app, seed):
        app.config["WIRKREIS"] = dataclasses.replace(app.config["WIRKREIS"], app_env="demo")
        return seed

    def roles(self, session):
        session.rollback()
        emails = session.execute(sa.select(User.email, User.id).order_by(User.email))
        return {
            email: [(had.role, had.scope_name) for had in list_roles(session, user_id)]
            for email, user_id in emails
        }

    def test_outside_a_demonstration_there_are_none_in_one_a_reset_makes_them_anew_and_others_stay(
        self, app, demo_seed, session, client
    ):
        assert demo_seed(0).exit_code == 0
        assert self.roles(session)["founder@demo.invalid"] == []
        make_user(session, "admin", email="kim@example.org")
        session.commit()
        in_demo = app.config["WIRKREIS"]
        app.config["WIRKREIS"] = dataclasses.replace(in_demo, app_env="test")
        assert demo_seed(3, "--reset").exit_code == 0
        assert self.roles(session).keys() == {"kim@example.org"}
        app.config["WIRKREIS"] = in_demo
        assert demo_seed(20, "--reset").exit_code == 0
        self.are_for_three_groups_and_the_house_and_the_funders_of_the_first(session)
        for email in self.roles(session).keys() - {"kim@example.org"}:
            sign_in(Browser(client), email, "wirkreis-demo")
            client.delete_cookie("wirkreis")

    def are_for_three_groups_and_the_house_and_the_funders_of_the_first(self, session):
        roles = self.roles(session)
        house = session.execute(
            sa.select(ClearingHouse.name).join(Group).where(Group.name == "Depression Köln-Mitte")
        ).scalar_one()
        region = session.execute(
            sa.select(FundingRegion.name)
            .join(FundingRegionDistrict)
            .where(FundingRegionDistrict.district_ags == "05315")
        ).scalar_one()
        assert len(roles) == 11 + 1
        assert ("group_contact", "Depression Köln-Mitte") in roles["founder@demo.invalid"]
        assert [role for role, _name in roles["founder@demo.invalid"]] == ["group_contact"] * 3
        assert roles["staff@demo.invalid"] == [("desk_staff", house)]
        assert roles["lead@demo.invalid"] == [("desk_lead", house)]
        assert [role for role, name in roles["insurer@demo.invalid"] if name] == ["insurer_officer"]
        assert roles["fundingoffice@demo.invalid"] == [("funding_office", region)]
        assert roles["coordinator@demo.invalid"] == [("coordinator", "")]
        assert roles["admin@demo.invalid"] == [("admin", "")]

    @pytest.mark.long
    def test_its_ledger_agrees_with_itself_and_is_emptied_by_a_reset_which_any_other_ledger_refuses(
        self, app, demo_seed, session, runner
    ):
        session.rollback()
        assert demo_seed(200).exit_code == 0
        verified = runner.invoke(args=["funding", "verify"])
        assert verified.exit_code == 0
        assert not verified.stdout.startswith("0 entries")
        assert demo_seed(200, "--reset").exit_code == 0
        assert runner.invoke(args=["funding", "verify"]).stdout == verified.stdout
        app.config["WIRKREIS"] = dataclasses.replace(app.config["WIRKREIS"], app_env="test")
        assert "never emptied" in demo_seed(200, "--reset").output
        assert "as only that of a demonstration may be" in runner.invoke(args=["funding", "verify"]).stderr
