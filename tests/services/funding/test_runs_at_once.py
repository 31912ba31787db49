"""Several people draft or post a run in the same moment, or a process is killed over it: once, all or nothing."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.funding.models import AllocationAct, AllocationLine, AllocationRun, LedgerEntry
from app.funding.queries.verifying import verify
from app.funding.rules.division import DivisionRules
from app.funding.services.run_acts import approve_run, check_run
from app.funding.services.runs import draft_run
from app.shared.transactions import transaction
from tests.builders.groups import NOW
from tests.builders.rounds import make_round
from tests.support.programs import killed_meanwhile, told_by

RULES = DivisionRules(reserve_percent=10)


def approved(session, made):
    with transaction() as writing:
        run_id = draft_run(writing, made.id, RULES, name="Entwurf", by=1, now=NOW).run_id
        assert check_run(writing, run_id, by=1, now=NOW) == []
        approve_run(writing, run_id, by=99, now=NOW)  # whoever of the others was first with the draft
    return run_id


def test_two_who_keep_the_same_draft_or_post_the_same_run_at_once_do_it_once(session, database_url):
    made = make_round(session, [50_000] * 6, pot_cents=100_000)
    session.commit()
    told = told_by("run_posters", database_url, "draft", made.id, 4)
    assert len({run_id for run_id, _is_new in told}) == 1
    assert sorted(is_new for _run_id, is_new in told) == [False, False, False, True]
    run_id = approved(session, made)
    assert run_id == told[0][0]
    assert sorted(told_by("run_posters", database_url, "post", run_id, 4)) == [False, False, False, True]
    session.rollback()
    assert len(session.scalars(sa.select(AllocationAct).where(AllocationAct.act == "posted")).all()) == 1
    assert len(session.scalars(sa.select(LedgerEntry).where(LedgerEntry.reason == "run.award")).all()) == 6
    assert verify(session).faults == ()


@pytest.mark.long
@pytest.mark.parametrize("wait", [0.05, 0.1, 0.2, 0.3])
def test_a_process_killed_while_it_drafts_and_posts_leaves_all_or_nothing(session, database_url, wait):
    count = 40
    made = make_round(session, [50_000] * count, pot_cents=100_000)
    session.commit()
    killed_meanwhile("run_posters", database_url, "all", made.id, 1, after_seconds=wait)
    session.rollback()
    runs = session.scalars(sa.select(AllocationRun.id)).all()
    lines = session.scalar(sa.select(sa.func.count()).select_from(AllocationLine))
    assert lines == count * len(runs)
    acts = session.scalars(sa.select(AllocationAct.act)).all()
    awards = session.scalar(
        sa.select(sa.func.count()).select_from(LedgerEntry).where(LedgerEntry.reason == "run.award")
    )
    assert awards == (count if "posted" in acts else 0)
    assert verify(session).faults == ()
