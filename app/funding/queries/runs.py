"""A run as it was kept, what became of it, and what has changed of its round since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.funding.models import AllocationAct, AllocationInput, AllocationLine, AllocationRun
from app.funding.queries.rounds import RoundState, read_round
from app.funding.rules.division import Request, rules_of
from app.funding.rules.division_texts import (
    divide_input,
    hash_of,
    input_text,
    line_of,
    read_input,
    result_text,
    result_text_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

DRAFT, CHECKED, APPROVED, POSTED, DISCARDED = "draft", "checked", "approved", "posted", "discarded"
STALE = "stale"
"""A draft whose round has changed; it is as good as given up."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What has changed since a draft was kept: requests by group, before and now; money; whether a run was posted."""

    requests: Mapping[int, tuple[Request | None, Request | None]]
    money_cents: int
    other_run: bool

    def __bool__(self) -> bool:
        """Whether anything has."""
        return bool(self.requests or self.money_cents or self.other_run)


def state_of(acts: Mapping[str, AllocationAct]) -> str:
    """Answer how far a run has come."""
    return next((state for state in (DISCARDED, POSTED, APPROVED, CHECKED) if state in acts), DRAFT)


def acts_of(session: Session, run_id: int) -> dict[str, AllocationAct]:
    """Answer what was done with a run, by act."""
    acts = sa.select(AllocationAct).where(AllocationAct.run_id == run_id)
    return {act.act: act for act in session.scalars(acts)}


def lines_of(session: Session, run_id: int) -> Sequence[AllocationLine]:
    """Answer the lines of a run, by the number of the group."""
    lines = sa.select(AllocationLine).where(AllocationLine.run_id == run_id)
    return session.scalars(lines.order_by(AllocationLine.group_id)).all()


def input_of(session: Session, run_id: int) -> str:
    """Answer the text of everything that went into a run."""
    return session.get_one(AllocationInput, run_id).text


def output_of(session: Session, run: AllocationRun) -> str:
    """Answer the text of everything that came out, made from what is stored."""
    rows = session.execute(
        sa.select(
            AllocationLine.group_id,
            AllocationLine.award_cents,
            AllocationLine.before_cents,
            AllocationLine.parts,
            AllocationLine.steps,
        )
        .where(AllocationLine.run_id == run.id)
        .order_by(AllocationLine.group_id)
    )
    return result_text_of(
        money_cents=run.pot_cents + run.reserve_cents,
        reserve_cents=run.reserve_cents,
        leftover_cents=run.leftover_cents,
        lines=[tuple(row) for row in rows],
    )


def changed_since(session: Session, run: AllocationRun, state: RoundState | None = None) -> Changed:
    """Answer what has changed of a run's round since it was kept: nothing, and it can go on."""
    state = state or read_round(session, run.round_id)
    is_next = state.number == run.number
    if is_next and hash_of(input_text(state.given(rules_of(run.rules)))) == run.input_hash:
        return Changed({}, 0, other_run=False)  # most often so, and then its text need not be read
    given = read_input(input_of(session, run.id))
    if (
        is_next
        and hash_of(input_text(state.given(given.rules, given.attempt, given.decided))) == run.input_hash
    ):
        return Changed({}, 0, other_run=False)
    before = {each.group_id: each for each in given.requests}
    after = {each.group_id: each for each in state.requests}
    differ = {
        group_id: (before.get(group_id), after.get(group_id))
        for group_id in sorted(before.keys() | after.keys())
        if before.get(group_id) != after.get(group_id)
    }
    return Changed(differ, state.money_cents - given.money_cents, other_run=not is_next)


def recomputed_faults(session: Session, run: AllocationRun) -> list[tuple[int | None, Any, Any]]:
    """Answer what differs when the run is divided anew from its stored input: group, stored and computed line.

    Without a group it is a hash: that of the input or of the result.
    """
    text = input_of(session, run.id)
    faults: list[tuple[int | None, Any, Any]] = []
    if hash_of(text) != run.input_hash:
        faults.append((None, run.input_hash, hash_of(text)))
    division = divide_input(read_input(text))
    computed = {line.request.group_id: line_of(line) for line in division.lines}
    stored = {
        line.group_id: [line.group_id, line.award_cents, line.before_cents, line.parts, line.steps]
        for line in lines_of(session, run.id)
    }
    faults += [
        (group_id, stored.get(group_id), computed.get(group_id))
        for group_id in sorted(stored.keys() | computed.keys())
        if stored.get(group_id) != computed.get(group_id)
    ]
    result = hash_of(result_text(division))
    if result != run.result_hash:
        faults.append((None, run.result_hash, result))
    return faults
