"""A run is laid before a sitting, which agrees to it as a whole or not; without that nobody approves it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.models import AllocationLine, AllocationRun, GrantRequest, SittingRun
from app.funding.queries.round_pages import names_of
from app.funding.queries.runs import DISCARDED, POSTED, acts_of, changed_since
from app.funding.queries.sitting_runs import sitting_of_run
from app.funding.queries.sittings import live_decisions, money_of
from app.funding.rules.sittings import AGREED, NOT_AGREED, OPEN, PAPERS_SENT, PLANNED
from app.funding.services.run_acts import refused
from app.funding.services.sittings import hold_sitting, refuse_without_quorum
from app.funding.words.sittings import RUN_OUTCOMES, when_words
from app.shared.database import insert_into
from app.shared.errors import RuleBroken
from app.shared.history import note
from app.shared.money import euro_words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def lay_run(session: Session, sitting_id: int, run_id: int, *, now: datetime) -> None:
    """Afterwards the run is on the agenda.

    Raises:
        RuleBroken: the sitting is closed, the run is posted, given up, out of date, or of another sitting or round.
    """
    sitting = hold_sitting(session, sitting_id, PLANNED, PAPERS_SENT, OPEN)
    run = session.get_one(AllocationRun, run_id)
    acts = acts_of(session, run_id)
    if run.round_id != sitting.round_id or POSTED in acts or DISCARDED in acts:
        raise RuleBroken(_("Only a draft of this round can be laid before the sitting."), code="no_draft")
    if changed := changed_since(session, run):
        raise refused(changed)
    new = insert_into(session, SittingRun).values(run_id=run_id, sitting_id=sitting_id, kind="laid")
    if session.execute(new.on_conflict_do_nothing().returning(SittingRun.run_id)).first() is None:
        raise RuleBroken(_("This division is on an agenda already."), code="is_laid")
    note(session, "sitting.run_laid", now=now, record_id=sitting_id, run=run_id)


def decide_run(
    session: Session, sitting_id: int, run_id: int, outcome: str, *, by: int, now: datetime
) -> None:
    """Afterwards the sitting has agreed to the run as a whole, or has not.

    Raises:
        RuleBroken: the sitting is not open, too few are there, somebody entered it before, the run is out of date, or
            more than is left is given.
    """
    sitting = hold_sitting(session, sitting_id, OPEN)
    refuse_without_quorum(session, sitting)
    run = session.get_one(AllocationRun, run_id)
    if outcome == AGREED:
        _refuse_agreement(session, sitting_id, run, money_of(session, sitting).left_cents)
    decided = (
        sa.update(SittingRun)
        .where(
            SittingRun.run_id == run_id,
            SittingRun.sitting_id == sitting_id,
            SittingRun.kind == "laid",
            SittingRun.outcome.is_(None),
        )
        .values(outcome=outcome, decided_by=by, decided_at=now)
    )
    if not cast("sa.CursorResult[Any]", session.execute(decided)).rowcount:
        raise RuleBroken(_decided_before(session, run_id), code="decided_meanwhile")
    note(session, "sitting.run_decided", now=now, record_id=sitting_id, run=run_id, said=outcome)


def _refuse_agreement(session: Session, sitting_id: int, run: AllocationRun, left_cents: int) -> None:
    if changed := changed_since(session, run):
        raise refused(changed)
    wanted = run.awarded_cents + run.reserve_cents
    if wanted > left_cents:
        raise RuleBroken(
            _(
                "%(left)s are left in the pot after what this sitting has granted; %(wanted)s are wanted.",
                left=euro_words(max(0, left_cents)),
                wanted=euro_words(wanted),
            ),
            code="over_budget",
        )
    granted = [number for number, each in live_decisions(session, sitting_id).items() if each.cents]
    both = session.scalar(
        sa.select(AllocationLine.group_id)
        .join(GrantRequest, GrantRequest.id == AllocationLine.request_id)
        .where(
            AllocationLine.run_id == run.id,
            AllocationLine.award_cents > AllocationLine.before_cents,
            GrantRequest.id.in_(granted),
        )
        .limit(1)
    )
    if both is not None:
        raise RuleBroken(
            _(
                "The sitting granted something to a group of this division by itself. Please reject that first."
            ),
            code="decided_twice",
        )


def _decided_before(session: Session, run_id: int) -> str:
    found = sitting_of_run(session, run_id)
    laid = found[0] if found else None
    if laid is None or laid.decided_at is None:
        return _("This division is not on the agenda.")
    name = names_of(session, [laid.decided_by or 0]).get(laid.decided_by or 0)
    return _(
        "%(name)s has entered it already (%(when)s): %(what)s. Nothing has changed.",
        name=name or _("An erased account"),
        when=when_words(laid.decided_at),
        what=RUN_OUTCOMES[laid.outcome or NOT_AGREED],
    )
