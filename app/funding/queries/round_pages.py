"""Rounds as their pages show them: how many ask, how far runs have come, what is in the pot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.models import User
from app.funding.models import AllocationRun, Budget, FundingRegion, GrantRequest, GrantRound
from app.funding.queries.balances import get_budget
from app.funding.queries.rounds import RoundState, list_runs, pot_of
from app.funding.queries.runs import DISCARDED, POSTED, STALE, changed_since, state_of
from app.funding.rules.division import rules_of
from app.funding.rules.division_texts import hash_of, input_text
from app.funding.rules.grant_round import STANDINGS, WITHDRAWN
from app.shared.history import HistoryEntry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round in a list."""

    year: int
    opens_on: date
    closes_on: date
    requests: int
    drafts: int
    posted: int
    left_cents: int


@dataclass(frozen=True, slots=True)
class Asked:
    """How many requests stand in which way, and what those ask for that are not withdrawn."""

    count: Mapping[str, int]
    cents: int

    @property
    def alive(self) -> int:
        """Those that are not withdrawn."""
        return sum(self.count.values()) - self.count[WITHDRAWN]


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in a list, and how far it has come."""

    run: AllocationRun
    state: str
    drafted_by: str | None


def list_rounds(session: Session, region: FundingRegion) -> list[RoundLine]:
    """Answer the rounds of a region, the newest first."""
    rounds = session.scalars(
        sa.select(GrantRound).where(GrantRound.region_id == region.id).order_by(GrantRound.year.desc())
    )
    return [_line(session, region, each) for each in rounds.all()]


def asked(session: Session, round_id: int) -> Asked:
    """Answer how much is asked for in a round."""
    rows = session.execute(
        sa.select(GrantRequest.standing, sa.func.count(), sa.func.sum(GrantRequest.requested_cents))
        .where(GrantRequest.round_id == round_id)
        .group_by(GrantRequest.standing)
    ).all()
    found = {standing: (count, int(cents)) for standing, count, cents in rows}
    return Asked(
        {standing: found.get(standing, (0, 0))[0] for standing in STANDINGS},
        sum(cents for standing, (_count, cents) in found.items() if standing != WITHDRAWN),
    )


def budget_of(session: Session, region: FundingRegion, year: int) -> Budget | None:
    """Answer the guard of a round's pot; None when nothing came to it yet."""
    return get_budget(session, pot_of(region, year))


def run_lines(session: Session, state: RoundState) -> list[RunLine]:
    """Answer the runs of a round; a draft is out of date when its round is no longer what it was."""
    runs = list_runs(session, state.round_id)
    names = names_of(session, {run.drafted_by for run, _acts in runs})
    attempts = 1 + sum(DISCARDED in acts for _run, acts in runs)
    lines = []
    for run, acts in runs:
        how_far = state_of(acts)
        if how_far not in (POSTED, DISCARDED) and not _is_current(session, run, state, attempts):
            how_far = STALE
        lines.append(RunLine(run, how_far, names.get(run.drafted_by)))
    return lines


def names_of(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """Answer the names of people whose account is still there."""
    rows = session.execute(sa.select(User.id, User.name).where(User.id.in_(set(ids)), User.name != ""))
    return {number: name for number, name in rows}  # noqa: C416 - rows are no pairs to mypy


def noted(session: Session, action: str, record_id: int) -> HistoryEntry | None:
    """Answer what the history says last of this being done to a record."""
    return session.scalar(
        sa.select(HistoryEntry)
        .where(HistoryEntry.action == action, HistoryEntry.record_id == record_id)
        .order_by(HistoryEntry.id.desc())
        .limit(1)
    )


def _is_current(session: Session, run: AllocationRun, state: RoundState, attempts: int) -> bool:
    if run.number != state.number:
        return False
    rules = rules_of(run.rules)
    if rules.sitting_on is not None:
        return not changed_since(session, run, state)
    return any(
        hash_of(input_text(state.given(rules, attempt))) == run.input_hash for attempt in range(attempts)
    )


def _line(session: Session, region: FundingRegion, found: GrantRound) -> RoundLine:
    budget = budget_of(session, region, found.year)
    states = [state_of(acts) for _run, acts in list_runs(session, found.id)]
    return RoundLine(
        found.year,
        found.opens_on,
        found.closes_on,
        asked(session, found.id).alive,
        sum(state not in (POSTED, DISCARDED) for state in states),
        states.count(POSTED),
        budget.granted - budget.committed if budget else 0,
    )
