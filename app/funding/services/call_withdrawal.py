"""A call of contributions is withdrawn: as if the insurers of a Land had not been asked, and it can be called anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.funding.queries.contributions import WITHDRAWN, called_states, list_calls
from app.funding.queries.entries import find_standing
from app.funding.rules.ledger_accounts import DUE
from app.funding.rules.postings import CALL, Because, Posting
from app.funding.rules.postings import reverse as reversal_of
from app.funding.services.contributions import times_withdrawn
from app.funding.services.ledger import hold_years, post
from app.funding.words.levy import WITHDRAWALS
from app.shared.errors import BadInput, RuleBroken
from app.shared.history import note
from app.shared.money import euro_words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NAMED = 3
"""So many insurers a refusal names."""
REASONS = tuple(WITHDRAWALS)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What is taken back: what insurers were asked for, and what went into pots for projects or was carried over."""

    entries: tuple[Posting, ...]
    asked_cents: int
    project_cents: int
    carried_cents: int
    insurers: int


def plan_withdrawal(session: Session, year: int, state: str) -> Withdrawal:
    """Answer what the withdrawal of the call for a Land would take back.

    Raises:
        RuleBroken: nothing is called for it, or something of it has come.
    """
    called = called_states(session, year)
    if state not in called:
        raise RuleBroken(
            _("Nothing is called for this Land in %(year)s that could be withdrawn.", year=year),
            code="not_called",
        )
    areas = [state, "all"] if called == {state} else [state]
    carried = [f"carried-in/{year}/{area}/" for area in areas]
    entries = find_standing(session, [f"call/{year}/{state}/", f"projects/{year}/{state}/", *carried])
    _check_nothing_came(session, year, entries)
    sums: Counter[str] = Counter()
    for each in entries:
        sums[each.key.partition("/")[0]] += max(each.lines.values())
    insurers = {account.insurer for each in entries if each.kind == CALL for account in each.lines} - {None}
    return Withdrawal(tuple(entries), sums["call"], sums["projects"], sums["carried-in"], len(insurers))


def withdraw_call(
    session: Session, year: int, state: str, why: str, *, seen_cents: int | None = None, now: datetime
) -> None:
    """Afterwards insurers owe nothing for this Land, its pots are as before the call, and it can be called anew.

    ``why`` is one of ``REASONS``; ``seen_cents`` what the page said that insurers were asked for.

    Raises:
        BadInput: there is no such reason.
        RuleBroken: as ``plan_withdrawal``; the figures are others by now; money of its pots is promised; or the year
            is closed.
    """
    if why not in REASONS:
        raise BadInput(_("Please choose a reason."), field="why")
    hold_years(session, {year})
    plan = plan_withdrawal(session, year, state)
    if seen_cents not in (None, plan.asked_cents):
        raise RuleBroken(
            _("The figures have changed in the meantime. Please look at them once more."), code="outdated"
        )
    facts: dict[str, str | int | bool | None] = {
        "state": state,
        "why": why,
        "time": times_withdrawn(session, year)[state] + 1,
    }
    reversals = [
        reversal_of(each, Because(f"withdrawn/{each.key}", WITHDRAWN, facts)) for each in plan.entries
    ]
    try:
        post(session, reversals, now=now)
    except RuleBroken as error:
        raise _refused(error) from error
    # The pots are held from here on: what came in the same moment is seen now, or waits until this has ended.
    over: Counter[str] = Counter()
    for each in list_calls(session, year):
        over[each.insurer_name] += max(0, -each.open_cents)
    _refuse_what_came(over)
    note(session, "contributions.withdrawn", now=now, year=year, land=state, withdrawn_for=why)


def _check_nothing_came(session: Session, year: int, entries: list[Posting]) -> None:
    """Do nothing while insurers still owe all that was asked for; of the federal level, as much as this Land's part."""
    states = {each.due: each for each in list_calls(session, year)}
    come: Counter[str] = Counter()
    for each in entries:
        due = next((account for account in each.lines if account.kind == DUE), None)
        if due in states and (missing := -each.lines[due] - states[due].open_cents) > 0:
            come[states[due].insurer_name] += missing
    _refuse_what_came(come)


def _refuse_what_came(come: Mapping[str, int]) -> None:
    """Do nothing if nobody has paid anything; ``come`` is what is too much by insurer."""
    paid = [f"{name} {euro_words(cents)}" for name, cents in sorted(come.items()) if cents > 0]
    if paid:
        more = [_("%(count)s more", count=len(paid) - NAMED)] if len(paid) > NAMED else []
        raise RuleBroken(
            _(
                "Of this call something has come already: %(insurers)s. Please take these receipts back first.",
                insurers=", ".join([*paid[:NAMED], *more]),
            ),
            code="something_came",
        )


def _refused(error: RuleBroken) -> RuleBroken:
    if error.code != "not_enough":
        return error
    return RuleBroken(
        _(
            "Money of this call is promised or set aside already, so it can no longer be withdrawn. "
            "Please take back first what was promised."
        ),
        code="promised",
    )
