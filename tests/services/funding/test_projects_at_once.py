"""Two insurers decide about the same projects in crossed order, in processes of their own (scenario 12)."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.accounts.rules.permissions import INSURER_OFFICER
from app.funding.models import Insurer, ProjectRequest
from app.funding.queries.balances import get_budget
from app.funding.queries.project_terms import project_pot
from app.funding.queries.verifying import verify
from app.funding.rules.project import DECIDED, OPEN, SUBMITTED
from app.shared import clock
from tests.builders import projects as built
from tests.builders.accounts import make_user
from tests.builders.applications import make_round
from tests.builders.groups import make_group
from tests.support.programs import told_by

PROJECTS, EUROS, AFFORDABLE = 12, 100, 9
INSURERS = ("kasse-a", "kasse-b")


@pytest.mark.long
def test_two_insurers_in_crossed_order_neither_wait_for_each_other_nor_promise_one_share_without_the_other(
    session, database_url
):
    make_round(session)
    group = make_group(session, now=clock.now())
    built.fill_pot(session, "kasse-a", PROJECTS * EUROS * 100)
    built.fill_pot(session, "kasse-b", AFFORDABLE * EUROS * 100)
    by = {slug: _officer(session, slug) for slug in INSURERS}
    found = [built.submit(session, group, dict.fromkeys(INSURERS, EUROS)) for _number in range(PROJECTS)]
    session.commit()
    shares = {slug: [(built.share_of(each, slug), by[slug]) for each in found] for slug in INSURERS}
    works = [shares["kasse-a"], shares["kasse-b"][::-1], shares["kasse-b"], shares["kasse-a"][::-1]]
    told = told_by("project_deciders", database_url, json.dumps(works))
    said = [word for each in told for word in each]
    session.rollback()
    states = list(session.scalars(sa.select(ProjectRequest.state)))
    assert states.count(DECIDED) == AFFORDABLE
    assert states.count(SUBMITTED) == PROJECTS - AFFORDABLE
    assert said.count("approved") == AFFORDABLE
    assert said.count("over_budget") > 0
    assert set(said) <= {OPEN, "approved", "over_budget", "decided_already"}
    for slug in INSURERS:
        budget = get_budget(session, project_pot(slug, built.LAND, built.begins_on().year))
        assert budget is not None
        assert budget.committed == AFFORDABLE * EUROS * 100, "both or none"
    assert verify(session).faults == ()


def _officer(session, slug):
    insurer = session.scalars(sa.select(Insurer.id).where(Insurer.slug == slug)).one()
    email = make_user(session, INSURER_OFFICER, insurer=insurer)
    return session.scalars(sa.select(User.id).where(User.email == email)).one()
