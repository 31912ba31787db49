"""Several people write, sign, or submit one application in the same moment, or make the notices of one run."""

from __future__ import annotations

from collections import Counter

import pytest
import sqlalchemy as sa

from app.funding.models import ApplicationSignature, GrantApplication, GrantRequest, Notice, ProjectRequest
from app.funding.services.signing import Signer, ask_to_sign
from app.shared import clock
from tests.builders import projects as built
from tests.builders import rounds
from tests.builders.applications import make_round, write
from tests.builders.groups import make_contact, make_group
from tests.builders.notices import make_posted
from tests.support.mailbox import mails_to
from tests.support.programs import told_by

pytestmark = pytest.mark.long
TWO = [Signer("Kim Sommer", "kim@example.org"), Signer("Jo Winter", "jo@example.org")]


@pytest.fixture
def group(session):
    make_round(session)
    group_id = make_group(session, now=clock.now(), contact=make_contact(email="kim@example.org"))
    write(session, group_id)
    session.commit()
    return group_id


def test_four_who_save_one_page_keep_each_field_and_one_is_asked_about_the_same(session, database_url, group):
    told = told_by(
        "applicants_at_once",
        database_url,
        "save",
        f"{group}:members:14",
        f"{group}:meetings:30",
        f"{group}:founded:04.2018",
        f"{group}:members:15",
    )
    assert Counter(map(tuple, told)) == {(): 3, ("members",): 1}
    session.rollback()
    values = session.scalars(sa.select(GrantApplication.answers)).one()["group"]["values"]
    assert (values["meetings"], values["founded"]) == (30, "2018-04")
    assert values["members"] in {14, 15}


def test_both_who_sign_a_project_twice_at_once_submit_one_version(session, database_url, group):
    built.fill_pot(session, "kasse-a", 100_000)
    ask_to_sign(session, built.write_project(session, group, {"kasse-a": 400}), TWO, now=clock.now())
    signatures = session.scalars(sa.select(ApplicationSignature.id)).all()
    session.commit()
    assert told_by("applicants_at_once", database_url, "sign", *signatures, *signatures) == ["signed"] * 4
    session.rollback()
    project = session.scalars(sa.select(ProjectRequest)).one()
    assert (project.state, project.version) == ("submitted", 1)
    for signer in TWO:
        assert sum(project.number in (mail.subject or "") for mail in mails_to(session, signer.email)) == 1


def test_both_who_sign_twice_at_once_submit_once(session, database_url, group):
    found = write(session, group)
    ask_to_sign(session, found, TWO, now=clock.now())
    signatures = session.scalars(sa.select(ApplicationSignature.id)).all()
    session.commit()
    assert told_by("applicants_at_once", database_url, "sign", *signatures, *signatures) == ["signed"] * 4
    session.rollback()
    application = session.scalars(sa.select(GrantApplication)).one()
    assert (application.state, application.number[-4:]) == ("submitted", "0001")
    assert session.scalars(sa.select(GrantRequest.version)).one() == 1
    for address in ("kim@example.org", "jo@example.org"):
        assert sum(application.number in (mail.subject or "") for mail in mails_to(session, address)) == 1


def test_a_form_that_two_enter_at_once_is_submitted_once_and_the_other_is_told(session, database_url, group):
    told = told_by("applicants_at_once", database_url, "paper", group, group, group)
    assert sorted(each[:5] for each in told) == ["KOELN", "is_su", "is_su"]
    session.rollback()
    assert len(session.scalars(sa.select(GrantRequest.id)).all()) == 1


def test_two_processes_that_make_the_notices_of_a_run_tell_each_group_once(session, database_url):
    count = 30
    made = rounds.make_round(session, [50_000] * count, pot_cents=1_000_000)
    run_id = make_posted(session, made)
    session.commit()
    told = told_by("applicants_at_once", database_url, "notices", run_id, run_id)
    session.rollback()
    notices = session.execute(sa.select(Notice.group_id, Notice.number)).all()
    assert sum(told) == count == len(notices) == len({group_id for group_id, _number in notices})
    assert sorted(number[-5:] for _group, number in notices) == [f"{each:05}" for each in range(1, count + 1)]
