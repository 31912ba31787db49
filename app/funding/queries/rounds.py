"""A round of flat grants as it stands: what is in its pot, who asks for what, and what was granted before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import (
    AllocationAct,
    AllocationLine,
    AllocationRun,
    FundingRegion,
    GrantRequest,
    GrantRound,
)
from app.funding.queries.balances import get_budget
from app.funding.rules.division import DivisionRules, Parts, Request
from app.funding.rules.division_texts import DivisionInput
from app.funding.rules.ledger_accounts import POT, Account
from app.funding.rules.level_plan import GROUPS
from app.funding.rules.sittings import Decision

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


_DECIDING = (
    GrantRequest.id,
    GrantRequest.version,
    GrantRequest.group_id,
    GrantRequest.requested_cents,
    GrantRequest.members,
    GrantRequest.expenses_cents,
    GrantRequest.own_cents,
    GrantRequest.others_cents,
    GrantRequest.supplements,
    GrantRequest.standing,
)
"""A request's number and version, then what ``Request`` holds, in its order."""


@dataclass(frozen=True, slots=True)
class RoundState:
    """Everything that decides about the next division of a round's pot.

    ``number`` is 1 for the first round; later ones divide what is free again, and know what was granted (``earlier``).
    ``versions`` are those of the requests, by group.
    """

    round_id: int
    region: FundingRegion
    year: int
    number: int
    seed: str
    pot: Account
    money_cents: int
    requests: tuple[Request, ...]
    versions: Mapping[int, tuple[int, int]]
    earlier: Mapping[int, Parts] | None

    def given(
        self, rules: DivisionRules, attempt: int = 0, decided: Mapping[int, Decision] | None = None
    ) -> DivisionInput:
        """Answer what a division by these rules, or of what a sitting decided, would be made from."""
        return DivisionInput(
            self.money_cents, self.requests, rules, self.seed, self.earlier, attempt, decided
        )


def pot_of(region: FundingRegion, year: int) -> Account:
    """Answer the account of what a region's groups can get in a year."""
    return Account(POT, year, state=region.state_ags, region=region.slug, level=GROUPS)


def find_round(session: Session, region_slug: str, year: int) -> GrantRound | None:
    """Answer the round of a region and year."""
    return session.scalar(
        sa.select(GrantRound)
        .join(FundingRegion, FundingRegion.id == GrantRound.region_id)
        .where(FundingRegion.slug == region_slug, GrantRound.year == year)
    )


def read_round(session: Session, round_id: int) -> RoundState:
    """Answer the state of a round, read in one go."""
    found = session.get_one(GrantRound, round_id)
    region = session.get_one(FundingRegion, found.region_id)
    pot = pot_of(region, found.year)
    budget = get_budget(session, pot)
    rows = session.execute(
        sa.select(*_DECIDING).where(GrantRequest.round_id == round_id).order_by(GrantRequest.group_id)
    ).all()
    posted = posted_run_ids(session, round_id)
    return RoundState(
        round_id=round_id,
        region=region,
        year=found.year,
        number=len(posted) + 1,
        seed=found.seed,
        pot=pot,
        money_cents=budget.granted - budget.committed if budget else 0,
        requests=tuple(Request(*row[2:]) for row in rows),
        versions={row.group_id: (row.id, row.version) for row in rows},
        earlier=_parts(session, posted[-1]) if posted else None,
    )


def posted_run_ids(session: Session, round_id: int) -> list[int]:
    """Answer the posted runs of a round, the first one first."""
    return list(
        session.scalars(
            sa.select(AllocationAct.run_id)
            .where(AllocationAct.round_id == round_id, AllocationAct.act == "posted")
            .order_by(AllocationAct.number)
        )
    )


def list_runs(session: Session, round_id: int) -> list[tuple[AllocationRun, dict[str, AllocationAct]]]:
    """Answer the runs of a round, the newest first, each with what was done with it."""
    runs = session.scalars(
        sa.select(AllocationRun).where(AllocationRun.round_id == round_id).order_by(AllocationRun.id.desc())
    ).all()
    acts: dict[int, dict[str, AllocationAct]] = {run.id: {} for run in runs}
    for act in session.scalars(sa.select(AllocationAct).where(AllocationAct.round_id == round_id)):
        acts[act.run_id][act.act] = act
    return [(run, acts[run.id]) for run in runs]


def _parts(session: Session, run_id: int) -> dict[int, Parts]:
    rows = session.execute(
        sa.select(AllocationLine.group_id, AllocationLine.parts).where(
            AllocationLine.run_id == run_id, AllocationLine.award_cents > 0
        )
    )
    return {group_id: parts for group_id, parts in rows}  # noqa: C416 - rows are no pairs to mypy
