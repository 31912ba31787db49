"""Runs, bulk decisions and notices while others act on the same round, or the process dies: once, all or nothing."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from app.funding.models import (
    AllocationAct,
    ApplicationSignature,
    GrantApplication,
    GrantRequest,
    LedgerEntry,
    Notice,
    NoticeAct,
    SittingDecision,
)
from app.funding.notice_portions import mail_notices, make_notices
from app.funding.queries.balances import get_budget
from app.funding.queries.rounds import pot_of
from app.funding.queries.verifying import verify
from app.funding.rules.division import DivisionRules
from app.funding.rules.ledger_accounts import a_group
from app.funding.services.notice_sending import order_mails
from app.funding.services.notices import order_notices
from app.funding.services.run_acts import approve_run, check_run
from app.funding.services.runs import draft_run
from app.funding.services.signing import Signer, ask_to_sign
from app.funding.services.sitting_decisions import decide_as_proposed
from app.shared import clock
from app.shared.outbox import OutboxMail
from tests.builders.accounts import make_user
from tests.builders.applications import make_round as make_open_round
from tests.builders.applications import write
from tests.builders.groups import NOW, make_contact, make_group
from tests.builders.notices import consent_to_mail, make_posted
from tests.builders.rounds import make_round
from tests.builders.sittings import make_sitting
from tests.support.meeting import kill_during, meet

pytestmark = pytest.mark.long
BERLIN = ZoneInfo("Europe/Berlin")


def approved(session, made, rules):
    run = draft_run(session, made.id, rules, name="Entwurf", by=1, now=NOW).run_id
    assert check_run(session, run, by=1, now=NOW) == []
    approve_run(session, run, by=2, now=NOW)
    return run


def test_of_two_approved_runs_of_one_round_one_is_posted_and_the_other_is_out_of_date(session, database_url):
    made = make_round(session, [50_000] * 6, pot_cents=100_000)
    runs = [approved(session, made, DivisionRules(reserve_percent=percent)) for percent in (0, 10)]
    session.commit()
    told = meet(database_url, *[("post", {"run": run}) for run in runs * 2])
    session.rollback()
    posted = session.scalars(sa.select(AllocationAct.run_id).where(AllocationAct.act == "posted")).one()
    assert Counter(map(str, told))["True"] == 1
    keys = session.scalars(sa.select(LedgerEntry.key).where(LedgerEntry.reason == "run.award")).all()
    assert len(keys) == 6
    assert all(key.startswith(f"run/{posted}/") for key in keys)
    assert verify(session).faults == ()


def test_a_request_that_is_withdrawn_while_its_run_is_posted_is_in_the_run_and_set_free_or_stops_it(
    session, database_url
):
    made = make_round(session, [50_000] * 4, pot_cents=200_000)
    run = approved(session, made, DivisionRules())
    session.commit()
    withdrawn, posted = meet(
        database_url, ("withdraw", {"request": made.request_ids[0]}), ("post", {"run": run})
    )
    session.rollback()
    assert withdrawn == "withdrawn"
    budget = get_budget(session, pot_of(made.region, 2027))
    assert budget.committed == (150_000 if posted is True else 0), posted
    assert verify(session).faults == ()


@pytest.mark.parametrize("wait", [0.1, 0.5])
def test_a_bulk_decision_that_is_killed_is_done_again_and_each_request_is_decided_once(
    session, database_url, wait
):
    count = 120
    made = make_round(session, [50_000] * count, pot_cents=50_000 * count)
    sitting = make_sitting(session, made.id, opened=True)
    session.commit()
    act = ("decide_many", {"sitting": sitting, "requests": list(made.request_ids)})
    is_done = kill_during(database_url, act, after_seconds=wait)
    session.rollback()
    before = len(session.scalars(sa.select(SittingDecision.id)).all())
    assert before in ((count,) if is_done else (0, count)), "all of it or nothing"
    again = decide_as_proposed(session, sitting, made.request_ids, most_cents=None, by=1, now=NOW)
    assert sum(each.decision is not None for each in again) == count - before
    assert all(each.why_not for each in again if each.decision is None), "what is not done says why"
    decided = session.scalars(sa.select(SittingDecision.request_id)).all()
    assert sorted(decided) == sorted(made.request_ids)


@pytest.mark.parametrize("wait", [0.3, 1.0])
def test_notices_whose_making_and_mailing_are_killed_are_made_and_mailed_once(session, database_url, wait):
    count = 60
    made = make_round(session, [50_000] * count, pot_cents=1_000_000)
    for number, group in enumerate(made.group_ids):
        make_user(session, "group_contact", group=group, email=f"kim{number}@example.org")
        consent_to_mail(session, a_group(group))
    run = make_posted(session, made)
    order_notices(session, run, by=1, now=NOW)
    session.commit()
    kill_during(database_url, ("make_notices", {"run": run}), after_seconds=wait)
    session.rollback()
    before = session.scalar(sa.select(sa.func.count(Notice.id)))
    assert before % 25 == 0 or before == count, "whole portions"
    make_notices(run, now=NOW)
    numbers = session.scalars(sa.select(Notice.number).order_by(Notice.number)).all()
    assert [each[-5:] for each in numbers] == [f"{number:05}" for number in range(1, count + 1)]
    order_mails(session, run, now=NOW)
    session.commit()
    kill_during(database_url, ("mail_notices", {"run": run}), after_seconds=wait / 4)
    mail_notices(run, now=NOW)
    session.rollback()
    mails = session.scalars(sa.select(OutboxMail.to_address).where(OutboxMail.purpose == "notice")).all()
    assert len(mails) == count == len(set(mails))
    assert session.scalar(sa.select(sa.func.count()).select_from(NoticeAct)) == count


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_signatures_at_the_last_moment_while_others_sign_after_it_stand_as_the_clock_says(
    session, database_url
):
    make_open_round(session)
    signs, in_time = [], {}
    for number in range(4):
        contact = make_contact(email="k@example.org")
        group = make_group(session, name=f"Gruppe {number}", now=clock.now(), contact=contact)
        found = write(session, group)
        two = [
            Signer("Kim Sommer", f"kim{number}@example.org"),
            Signer("Jo Winter", f"jo{number}@example.org"),
        ]
        ask_to_sign(session, found, two, now=clock.now())
        midnight = datetime.combine(found.last_day + timedelta(days=1), time(), tzinfo=BERLIN).astimezone(UTC)
        at = midnight + timedelta(microseconds=number % 2 - 1)
        in_time[group] = number % 2 == 0
        rows = sa.select(ApplicationSignature.id).where(ApplicationSignature.group_id == group)
        signs += [("sign_at", {"signature": each, "at": at.isoformat()}) for each in session.scalars(rows)]
    session.commit()
    assert meet(database_url, *signs) == ["signed"] * 8
    session.rollback()
    rows = session.execute(sa.select(GrantRequest.group_id, GrantRequest.standing)).all()
    assert {group: standing != "late" for group, standing in rows} == in_time
    numbers = session.scalars(sa.select(GrantApplication.number)).all()
    assert sorted(each[-4:] for each in numbers) == ["0001", "0002", "0003", "0004"]
