"""Calling contributions: every insurer is asked for its share of every pot, once a year, all or nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.models import ContributionCall, FundingRegion, LevyRate
from app.funding.queries.contributions import called_states, list_withdrawn
from app.funding.queries.levy import duties_of, plans_of
from app.funding.queries.pots import left_over
from app.funding.rules.calls import Asked, asked_in, pots_of_carried, project_pots
from app.funding.rules.ledger_accounts import CARRY, LEVY, Account
from app.funding.rules.level_plan import GROUPS
from app.funding.rules.postings import Because, Posting, call, grant
from app.funding.services.accounts import find_accounts
from app.funding.services.ledger import hold_years, post
from app.groups.meetings.schedules import day_of
from app.places.models import State
from app.shared.errors import BadInput, RuleBroken

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class CallPlan:
    """What a call asks for: of each insurer for each pot, and what each puts into its own pots for projects."""

    year: int
    states: tuple[str, ...]
    asked: tuple[Asked, ...]
    projects: dict[Account, int]

    @property
    def asked_cents(self) -> int:
        """All that is asked for."""
        return sum(each.cents for each in self.asked)

    @property
    def project_cents(self) -> int:
        """All that goes into pots for projects."""
        return sum(self.projects.values())

    def by_pot(self) -> dict[str, Counter[str]]:
        """Answer for each Land how much each level is given, and the projects."""
        found: dict[str, Counter[str]] = {state: Counter() for state in self.states}
        for each in self.asked:
            found[each.state][each.due.level or ""] += each.cents
        for pot, cents in self.projects.items():
            found[pot.state or ""]["projects"] += cents
        return found


def plan_call(session: Session, year: int, states: Collection[str] | None = None) -> CallPlan:
    """Answer what would be asked for; without ``states``, for every Land that was not called yet.

    Raises:
        RuleBroken: the rate, the insured, a plan or the regions are not there yet, or it was called before.
    """
    _check_rate(session, year)
    owed = defaultdict(list)
    for duty in duties_of(session, year):
        owed[duty.state].append(duty)
    called, plans, regions = called_states(session, year), plans_of(session, year), _regions(session)
    wanted = sorted(owed.keys() - called if states is None else set(states))
    if before := sorted(set(wanted) & called or (set() if wanted else called)):
        raise _called_already(session, year, before)
    missing = [state for state in wanted if state not in owed]
    if missing or not wanted:
        raise RuleBroken(
            _(
                "It is not known yet how many insured live there in %(year)s: %(states)s. Please enter them first.",
                year=year,
                states=_names(session, missing),
            ),
            code="no_insured",
        )
    if missing := [state for state in wanted if state not in plans or not any(plans[state].shares.values())]:
        raise RuleBroken(
            _(
                "There is no plan of the levels for %(year)s yet: %(states)s. Please enter it first.",
                year=year,
                states=_names(session, missing),
            ),
            code="no_plan",
        )
    if missing := [state for state in wanted if plans[state].shares[GROUPS] and not regions[state]]:
        raise RuleBroken(
            _(
                "The money of the groups needs a funding region: %(states)s. Please add one first.",
                states=_names(session, missing),
            ),
            code="no_region",
        )
    asked = [each for state in wanted for each in asked_in(state, owed[state], plans[state], regions[state])]
    projects = project_pots([duty for state in wanted for duty in owed[state]], year)
    return CallPlan(year, tuple(wanted), tuple(asked), projects)


def call_contributions(
    session: Session, year: int, states: Collection[str] | None, *, due_on: date, now: datetime
) -> CallPlan:
    """Afterwards the insurers are asked for their shares, and the pots for their projects have their money.

    What was carried over from the year before is in the flat pots of these Länder, too.

    Raises:
        BadInput: the day is over, or not of this year.
        RuleBroken: as ``plan_call``; or the year is closed.
    """
    if due_on < day_of(now):
        raise BadInput(_("This day is over. Please choose one that is still to come."), field="due_on")
    if not year - 1 <= due_on.year <= year:
        raise BadInput(
            _("Contributions of %(year)s are due at the latest on 31 December %(year)s.", year=year),
            field="due_on",
        )
    # Whoever closes the year before grants what is left at once if these were called: one after the other, then.
    hold_years(session, {year - 1, year})
    plan = plan_call(session, year, states)
    try:
        posted = post(session, _calls(plan, due_on, times_withdrawn(session, year)), now=now)
    except RuleBroken as error:
        if error.code != "key_used":
            raise
        raise _called_already(session, year, plan.states) from error
    if not posted.is_new:
        raise _called_already(session, year, plan.states)
    _tell(session, plan, posted.entry_ids, due_on=due_on, now=now)
    _fill_project_pots(session, plan, now=now)
    enter_carried(session, year, now=now)
    return plan


def enter_carried(session: Session, year: int, *, now: datetime) -> None:
    """Afterwards what was carried into a year is in the flat pots of each Land whose contributions were called."""
    called, plans, regions = called_states(session, year), plans_of(session, year), _regions(session)
    times = times_withdrawn(session, year)
    waiting = {
        account: cents
        for account, cents in left_over(session, year).items()
        if account.kind == CARRY
        and account.year == year
        and (account.state in called if account.state else bool(called))
    }
    grants = [
        grant(
            source,
            pot,
            part,
            Because(
                "/".join(
                    (
                        *("carried-in", str(year), source.state or "all", source.insurer or ""),
                        *(*_pot_words(pot), *_again(times[source.state or ""])),
                    )
                ),
                "carried_in",
            ),
        )
        for source, cents in waiting.items()
        for pot, part in pots_of_carried(
            source, cents, plans.get(source.state or ""), regions[source.state or ""]
        ).items()
    ]
    if grants:
        post(session, grants, now=now)


def times_withdrawn(session: Session, year: int) -> Counter[str]:
    """Answer how often the call for each Land was withdrawn, and, without a name, how often any was."""
    times: Counter[str] = Counter()
    for each in list_withdrawn(session, year):
        times[each.state] = max(times[each.state], each.time)
        times[""] += 1
    return times


def _again(times: int) -> list[str]:
    """Answer what tells the keys of a call from those of one before it that was withdrawn."""
    return [f"again-{times}"] if times else []


def _calls(plan: CallPlan, due_on: date, times: Counter[str]) -> list[Posting]:
    return [
        call(
            each.due,
            each.cents,
            Because(
                "/".join(
                    (
                        *("call", str(plan.year), each.state, each.due.insurer or ""),
                        *(*_pot_words(each.due), *_again(times[each.state])),
                    )
                ),
                "contribution",
                {"state": each.state, "due_on": due_on.isoformat()},
            ),
        )
        for each in plan.asked
    ]


def _tell(session: Session, plan: CallPlan, entry_ids: Sequence[int], *, due_on: date, now: datetime) -> None:
    """Write down what every insurer is told of these entries."""
    accounts = find_accounts(session, {each.due for each in plan.asked})
    session.execute(
        sa.insert(ContributionCall),
        [
            {
                "account_id": accounts[each.due],
                "entry_id": entry_id,
                "cents": each.cents,
                "due_on": due_on,
                "called_at": now,
            }
            for each, entry_id in zip(plan.asked, entry_ids, strict=True)
        ],
    )


def _fill_project_pots(session: Session, plan: CallPlan, *, now: datetime) -> None:
    times = times_withdrawn(session, plan.year)
    grants = [
        grant(
            Account(LEVY, plan.year, pot.insurer, pot.state),
            pot,
            cents,
            Because(
                "/".join(
                    (
                        "projects",
                        str(plan.year),
                        pot.state or "",
                        pot.insurer or "",
                        *_again(times[pot.state or ""]),
                    )
                ),
                "projects",
            ),
        )
        for pot, cents in plan.projects.items()
    ]
    if grants:
        post(session, grants, now=now)


def _check_rate(session: Session, year: int) -> None:
    if session.get(LevyRate, year) is None:
        raise RuleBroken(
            _("The rate for each insured in %(year)s is not known yet. Please enter it first.", year=year),
            code="no_rate",
        )


def _called_already(session: Session, year: int, states: Collection[str]) -> RuleBroken:
    return RuleBroken(
        _(
            "The contributions of %(year)s were called already: %(states)s. Nothing has changed.",
            year=year,
            states=_names(session, states),
        ),
        code="called_already",
    )


def _names(session: Session, states: Collection[str]) -> str:
    if not states:
        return _("all Länder")
    names = dict(session.execute(sa.select(State.ags, State.name)).tuples().all())
    return ", ".join(names.get(state, state) for state in states)


def _regions(session: Session) -> defaultdict[str, dict[str, int]]:
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for region in session.scalars(sa.select(FundingRegion).order_by(FundingRegion.slug)):
        found[region.state_ags][region.slug] = region.share
    return found


def _pot_words(account: Account) -> list[str]:
    return [account.level or "", *([account.region] if account.region else [])]
