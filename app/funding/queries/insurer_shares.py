"""An insurer's money of a year by Land and month, from the levy, its contributions and the guards of the pots."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.funding.models import ContributionCall, Insurer, LedgerAccount, LedgerEntry, LedgerLine
from app.funding.queries.contributions import list_calls
from app.funding.queries.entries import is_reversed
from app.funding.queries.levy import duties_of
from app.funding.queries.pots import PotState, list_pots
from app.funding.rules.insurer_share import Standing, part_of
from app.funding.rules.ledger_accounts import DUE, PAID
from app.funding.rules.postings import CALL, RECEIVE, REVERSE
from app.funding.rules.publication import FEDERAL_AREA

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Month = tuple[int, int]
"""Year and month."""


@dataclass(frozen=True, slots=True)
class OfMonth:
    """What happened in a month, and what had been spent by its end."""

    month: Month
    called: int
    paid_in: int
    spent: int
    spent_so_far: int


@dataclass(frozen=True, slots=True)
class InsurerYear:
    """Flat grants and projects of an insurer, by Land (or the whole country) where there is any, and its months."""

    flat: Mapping[str, Standing]
    projects: Mapping[str, Standing]
    months: tuple[OfMonth, ...]

    @property
    def flat_sum(self) -> Standing:
        """All flat grants."""
        return sum(self.flat.values(), Standing())

    @property
    def project_sum(self) -> Standing:
        """All projects."""
        return sum(self.projects.values(), Standing())


def read_insurer_year(session: Session, insurer: str, year: int) -> InsurerYear:
    """Answer how an insurer stands in a year."""
    pots = list_pots(session, year)
    called_of = _called_by_pot(session, year)
    flat: defaultdict[str, Standing] = defaultdict(Standing)
    projects: defaultdict[str, Standing] = defaultdict(Standing)
    for duty in duties_of(session, year):
        if duty.insurer == insurer:
            flat[duty.state] += Standing(share=duty.split.flat_cents)
            projects[duty.state] += Standing(share=duty.split.project_cents)
    for call in list_calls(session, year, insurer):
        come = call.called_cents - call.open_cents
        flat[call.due.state or FEDERAL_AREA] += Standing(called=call.called_cents, paid_in=come)
    for pot in pots:
        area = pot.account.state or FEDERAL_AREA
        if pot.account.insurer == insurer:
            come = pot.granted - pot.outstanding
            projects[area] += Standing(0, pot.granted, come, pot.committed, pot.paid)
        elif pot.account.insurer is None:
            flat[area] += _part(pot, called_of.get(pot.id, {}), insurer)
    months = _months(session, insurer, year, pots, called_of)
    return InsurerYear(_known(flat), _known(projects), tuple(months))


def _part(pot: PotState, called: Mapping[str, int], insurer: str) -> Standing:
    name = pot.account.name
    return Standing(
        promised=part_of(pot.committed, called, insurer, pot=name),
        spent=part_of(pot.paid, called, insurer, pot=name),
    )


def _known(found: Mapping[str, Standing]) -> dict[str, Standing]:
    by_area = sorted(found.items(), key=lambda pair: (pair[0] == FEDERAL_AREA, pair[0]))
    return {area: standing for area, standing in by_area if standing != Standing()}


def _called_by_pot(session: Session, year: int) -> dict[int, dict[str, int]]:
    """Answer what each insurer was called for, for each common pot."""
    rows = session.execute(
        sa.select(LedgerAccount.budget_id, Insurer.slug, sa.func.sum(ContributionCall.cents))
        .join(LedgerAccount, LedgerAccount.id == ContributionCall.account_id)
        .join(Insurer, Insurer.id == LedgerAccount.insurer_id)
        .where(LedgerAccount.kind == DUE, LedgerAccount.year == year)
        .where(~is_reversed(ContributionCall.entry_id))
        .group_by(LedgerAccount.budget_id, Insurer.slug)
    )
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for pot_id, slug, cents in rows:
        found[pot_id or 0][slug] = int(cents)
    return found


def _months(
    session: Session,
    insurer: str,
    year: int,
    pots: list[PotState],
    called_of: Mapping[int, Mapping[str, int]],
) -> list[OfMonth]:
    """Answer the months in which anything happened, in their order."""
    called, paid_in, spent = Counter[Month](), Counter[Month](), Counter[Month]()
    for month, kind, cents in session.execute(_dues_by_month(insurer, year)):
        if kind == CALL or (kind == REVERSE and cents > 0):
            called[_month(month)] -= int(cents)
        elif kind in (RECEIVE, REVERSE):
            paid_in[_month(month)] += int(cents)
    accounts = {pot.id: pot.account for pot in pots}
    so_far: Counter[int] = Counter()
    for month, pot_id, cents in session.execute(_paid_by_month(year)):
        account = accounts.get(pot_id)
        if account is None:
            continue
        if account.insurer is not None:
            spent[_month(month)] += int(cents) if account.insurer == insurer else 0
            continue
        mine = called_of.get(pot_id, {})
        before = part_of(so_far[pot_id], mine, insurer, pot=account.name)
        so_far[pot_id] += int(cents)
        spent[_month(month)] += part_of(so_far[pot_id], mine, insurer, pot=account.name) - before
    months, together = [], 0
    for each in sorted({*called, *paid_in, *spent}):
        together += spent[each]
        months.append(OfMonth(each, called[each], paid_in[each], spent[each], together))
    return months


def _dues_by_month(insurer: str, year: int) -> sa.Select[Any]:
    month = _month_of_entry()
    return (
        sa.select(month, LedgerEntry.kind, sa.func.sum(LedgerLine.cents))
        .join(LedgerLine, LedgerLine.entry_id == LedgerEntry.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerLine.account_id)
        .join(Insurer, Insurer.id == LedgerAccount.insurer_id)
        .where(LedgerAccount.kind == DUE, LedgerAccount.year == year, Insurer.slug == insurer)
        .group_by(month, LedgerEntry.kind)
    )


def _paid_by_month(year: int) -> sa.Select[Any]:
    month = _month_of_entry()
    return (
        sa.select(month, LedgerAccount.budget_id, sa.func.sum(LedgerLine.cents))
        .join(LedgerLine, LedgerLine.entry_id == LedgerEntry.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerLine.account_id)
        .where(LedgerAccount.kind == PAID, LedgerAccount.year == year)
        .group_by(month, LedgerAccount.budget_id)
        .order_by(month)
    )


def _month_of_entry() -> Any:
    """Answer year and month of an entry as one number, such as 202611."""
    at = LedgerEntry.posted_at
    return sa.extract("year", at) * 100 + sa.extract("month", at)


def _month(number: Any) -> Month:
    year, month = divmod(int(number), 100)
    return year, month
