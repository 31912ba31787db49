"""A division of a round is kept as a draft: input, rule, result and a sentence for every group, never changed again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.models import AllocationAct, AllocationInput, AllocationLine, AllocationRun
from app.funding.queries.rounds import RoundState, read_round
from app.funding.rules.allocation import RULE_VERSION
from app.funding.rules.division import Division, DivisionRules, told
from app.funding.rules.division_texts import divide_input, hash_of, input_text, result_text
from app.funding.rules.pot import Reserve, reserve_cents
from app.funding.rules.sittings import Decision
from app.funding.services.rounds import hold_round
from app.funding.words.explanations import teller
from app.shared.database import insert_rows
from app.shared.errors import RuleBroken
from app.shared.history import note
from app.shared.languages import DEFAULT_LANGUAGE, speaking
from app.shared.money import euro_words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Drafted:
    """The run of a division; ``is_new`` is False when somebody had kept the same before."""

    run_id: int
    is_new: bool


def draft_run(
    session: Session,
    round_id: int,
    rules: DivisionRules,
    *,
    name: str,
    by: int,
    now: datetime,
    decided: Mapping[int, Decision] | None = None,
) -> Drafted:
    """Afterwards the division of the round as it is now is kept as a draft; the same one again is the first.

    One that was given up is not taken up again: the same is kept anew, as another attempt. With ``decided``, by group,
    it is what a joint sitting decided; whoever calls has seen to it that the money reaches.

    Raises:
        RuleBroken: there is nothing to divide or nobody to divide it among, the rule does not fit the money
            (``field`` names the number), or the pot is too small for the least useful grant.
    """
    hold_round(session, round_id)
    state = read_round(session, round_id)
    kept, known = _attempt(session, state, rules, decided)
    if known is not None:
        return Drafted(known, is_new=False)
    division = (
        divide_round(state, rules) if decided is None else divide_input(state.given(rules, decided=decided))
    )
    run = AllocationRun(
        round_id=round_id,
        number=state.number,
        name=name,
        drafted_by=by,
        drafted_at=now,
        rule_version=RULE_VERSION,
        rules=rules.as_row(),
        seed=state.seed,
        input_hash=hash_of(kept),
        result_hash=hash_of(result_text(division)),
        pot_cents=division.pot_cents,
        reserve_cents=division.reserve_cents,
        awarded_cents=division.awarded_cents,
        leftover_cents=division.leftover_cents,
    )
    session.add(run)
    session.flush()
    session.execute(sa.insert(AllocationInput), [{"run_id": run.id, "text": kept}])
    rows = _lines(run.id, division, state.versions, is_weighted=rules.is_weighted)
    insert_rows(session, cast("sa.Table", AllocationLine.__table__), rows)
    note(session, "run.drafted", now=now, record_id=run.id, groups=len(division.lines))
    return Drafted(run.id, is_new=True)


def _attempt(
    session: Session, state: RoundState, rules: DivisionRules, decided: Mapping[int, Decision] | None
) -> tuple[str, int | None]:
    """Answer the input of a division, behind those of the same that were given up, and its run when there is one."""
    attempt = 0
    while True:
        kept = input_text(state.given(rules, attempt, decided))
        found = _find(session, state, hash_of(kept))
        if found is None or session.get(AllocationAct, (found, "discarded")) is None:
            return kept, found
        attempt += 1


def divide_round(state: RoundState, rules: DivisionRules) -> Division:
    """Answer how these rules divide a round as it is.

    Raises:
        RuleBroken: as ``draft_run``.
    """
    _check(state, rules)
    division = divide_input(state.given(rules))
    if division.stopped is not None:
        raise RuleBroken(
            _(
                "The pot is too small for %(minimum)s each: some would get %(least)s. Please lower the least useful "
                "grant or the reserve, or bring %(missing)s more into the pot.",
                minimum=euro_words(division.stopped.minimum_cents),
                least=euro_words(division.stopped.least_cents),
                missing=euro_words(division.stopped.missing_cents),
            ),
            code="below_minimum",
            field="minimum",
        )
    return division


def _check(state: RoundState, rules: DivisionRules) -> None:
    if not state.requests:
        raise RuleBroken(
            _("Nobody has asked for money yet. Please enter the requests first."), code="no_requests"
        )
    if state.money_cents <= 0:
        raise RuleBroken(_("There is no money in the pot yet."), code="no_money")
    check_fits(state, rules)


def check_fits(state: RoundState, rules: DivisionRules) -> None:
    """Do nothing when rules fit the money of a round and what groups have already.

    Raises:
        RuleBroken: the reserve or the money for supplements is more than there is, or awards are no multiples of
            the unit; ``field`` says which.
    """
    if rules.reserve_floor_cents > state.money_cents:
        raise RuleBroken(
            _("There are only %(money)s in the pot.", money=euro_words(state.money_cents)),
            code="no_money",
            field="reserve_floor",
        )
    free = state.money_cents - reserve_cents(
        state.money_cents, Reserve(rules.reserve_percent, rules.reserve_floor_cents)
    )
    if rules.sub_pots_cents and sum(rules.sub_pots_cents.values()) > free:
        raise RuleBroken(
            _("Without the reserve there are only %(money)s for all of this.", money=euro_words(free)),
            code="no_money",
            field=f"for_{max(rules.sub_pots_cents, key=lambda kind: rules.sub_pots_cents[kind])}",
        )
    had = [cents for parts in (state.earlier or {}).values() for cents in parts.values()]
    if any(cents % rules.unit_cents for cents in had):
        raise RuleBroken(
            _("The awards of the round before are no multiples of this. Please empty the field."),
            code="unit",
            field="unit",
        )


def _find(session: Session, state: RoundState, input_hash: str) -> int | None:
    return session.scalar(
        sa.select(AllocationRun.id).where(
            AllocationRun.round_id == state.round_id,
            AllocationRun.number == state.number,
            AllocationRun.input_hash == input_hash,
        )
    )


def _lines(
    run_id: int, division: Division, versions: Mapping[int, tuple[int, int]], *, is_weighted: bool
) -> list[dict[str, Any]]:
    """Answer the rows of the run's lines; their sentences are German, the language of the act."""
    with speaking(DEFAULT_LANGUAGE):
        tell = teller(is_weighted=is_weighted)
        rows = []
        for line in division.lines:
            steps = told(line.steps)
            request_id, version = versions[line.request.group_id]
            rows.append(
                {
                    "run_id": run_id,
                    "group_id": line.request.group_id,
                    "request_id": request_id,
                    "request_version": version,
                    "requested_cents": line.request.requested_cents,
                    "cap_cents": line.cap.cents,
                    "before_cents": line.before_cents,
                    "award_cents": line.award_cents,
                    "parts": dict(line.parts_cents),
                    "steps": steps,
                    "sentence": tell(steps),
                }
            )
        return rows
