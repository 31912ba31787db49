"""What is done with a draft: checked, approved by a second person, posted all or nothing; or given up."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from app.funding.models import AllocationAct, AllocationLine, AllocationRun
from app.funding.queries.balances import get_budget
from app.funding.queries.rounds import RoundState, read_round
from app.funding.queries.runs import (
    APPROVED,
    CHECKED,
    DISCARDED,
    POSTED,
    Changed,
    acts_of,
    changed_since,
    recomputed_faults,
    state_of,
)
from app.funding.rules.ledger_accounts import a_group
from app.funding.rules.postings import Because, commit, set_aside
from app.funding.services.ledger import post
from app.funding.services.rounds import hold_round
from app.funding.services.sitting_agreement import refuse_unagreed
from app.shared.errors import RuleBroken
from app.shared.history import note
from app.shared.money import euro_words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def check_run(session: Session, run_id: int, *, by: int, now: datetime) -> list[tuple[int | None, Any, Any]]:
    """Afterwards the run counts as checked, if dividing its input anew gives the same; answer what differs.

    Raises:
        RuleBroken: the round has changed, or the run is posted or given up.
    """
    run, acts, _state = _hold(session, run_id)
    if CHECKED in acts:
        return []
    faults = recomputed_faults(session, run)
    if not faults:
        _act(session, run, CHECKED, by=by, now=now)
    return faults


def approve_run(session: Session, run_id: int, *, by: int, now: datetime) -> None:
    """Afterwards the run may be posted.

    Raises:
        RuleBroken: whoever made the draft cannot approve it, it is not checked, a sitting that has it on
            its agenda has not agreed, or as for ``check_run``.
    """
    run, acts, _state = _hold(session, run_id)
    if APPROVED in acts:
        return
    if run.drafted_by == by:
        raise RuleBroken(
            _("You made this draft yourself. Please let a second person approve it."), code="second_person"
        )
    if CHECKED not in acts:
        raise RuleBroken(_("Please check the draft first."), code="not_checked")
    refuse_unagreed(session, run_id)
    _act(session, run, APPROVED, by=by, now=now)


def post_run(session: Session, run_id: int, *, by: int, now: datetime) -> bool:
    """Afterwards every award of the run is promised and its reserve held back; answer False when they were before.

    Raises:
        RuleBroken: it is not approved, there is not enough money any more, or as for ``check_run``.
    """
    round_id = session.get_one(AllocationRun, run_id).round_id
    hold_round(session, round_id)
    if POSTED in acts_of(session, run_id):
        return False
    run, acts, state = _hold(session, run_id)
    if APPROVED not in acts:
        raise RuleBroken(_("A second person has to approve the draft first."), code="not_approved")
    # The act comes first: of two that post at once on PostgreSQL the second waits for it at the unique index.
    _act(session, run, POSTED, by=by, now=now)
    if run.reserve_cents:
        reserve = Because(f"run/{run.id}/reserve", "run.reserve", {"run": run.id})
        post(session, [set_aside(state.pot, run.reserve_cents, reserve)], now=now)
    awards = session.execute(
        sa.select(AllocationLine.group_id, AllocationLine.award_cents - AllocationLine.before_cents)
        .where(AllocationLine.run_id == run.id, AllocationLine.award_cents > AllocationLine.before_cents)
        .order_by(AllocationLine.group_id)
    )
    postings = [
        commit(
            state.pot,
            a_group(group_id),
            cents,
            Because(award_key(run.id, group_id), "run.award", {"run": run.id}),
        )
        for group_id, cents in awards
    ]
    if postings:
        post(session, postings, now=now)
    budget = get_budget(session, state.pot)
    left = budget.granted - budget.committed if budget else 0
    if left != run.leftover_cents:  # money came or went between the look at the pot and the postings
        raise refused(Changed({}, left - run.leftover_cents, other_run=False))
    return True


def discard_run(session: Session, run_id: int, *, reason: str, by: int, now: datetime) -> None:
    """Afterwards the draft is given up, for one of the reasons in ``round_words.DISCARDS``.

    Raises:
        RuleBroken: it is posted.
    """
    run = session.get_one(AllocationRun, run_id)
    hold_round(session, run.round_id)
    acts = acts_of(session, run_id)
    if POSTED in acts:
        raise RuleBroken(_("This run is posted. What is posted stays."), code="is_posted")
    if DISCARDED not in acts:
        _act(session, run, DISCARDED, by=by, now=now, reason=reason)


def award_key(run_id: int, group_id: int) -> str:
    """Answer the key under which a run promises money to a group."""
    return f"run/{run_id}/{group_id}"


def refused(changed: Changed) -> RuleBroken:
    """Answer in a sentence what has changed since the draft was kept."""
    what = []
    if changed.other_run:
        what.append(_("another run was posted"))
    if changed.requests:
        what.append(ngettext("%(num)s request", "%(num)s requests", len(changed.requests)))
    if changed.money_cents:
        sign = "+" if changed.money_cents > 0 else "−"
        what.append(_("the pot by %(cents)s", cents=sign + euro_words(abs(changed.money_cents))))
    return RuleBroken(
        _("Since the draft this has changed: %(what)s. Please make a new draft.", what=", ".join(what)),
        code="changed_meanwhile",
    )


def _hold(session: Session, run_id: int) -> tuple[AllocationRun, dict[str, AllocationAct], RoundState]:
    run = session.get_one(AllocationRun, run_id)
    hold_round(session, run.round_id)
    acts = acts_of(session, run_id)
    match state_of(acts):
        case "posted":
            raise RuleBroken(_("This run is posted already."), code="is_posted")
        case "discarded":
            raise RuleBroken(_("This draft was given up. Please make a new one."), code="is_discarded")
    state = read_round(session, run.round_id)
    if changed := changed_since(session, run, state):
        raise refused(changed)
    return run, acts, state


def _act(
    session: Session, run: AllocationRun, act: str, *, by: int, now: datetime, reason: str | None = None
) -> None:
    session.add(
        AllocationAct(
            run_id=run.id,
            act=act,
            round_id=run.round_id,
            number=run.number,
            drafted_by=run.drafted_by,
            done_by=by,
            done_at=now,
        )
    )
    session.flush()
    action = {
        CHECKED: "run.checked",
        APPROVED: "run.approved",
        POSTED: "run.posted",
        DISCARDED: "run.discarded",
    }[act]
    if reason:
        note(session, action, now=now, record_id=run.id, given_up_for=reason)
    else:
        note(session, action, now=now, record_id=run.id)
