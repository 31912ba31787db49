"""Reports about grants, added up by the database; of flat grants the money is that of the ledger."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.funding.models import (
    AllocationAct,
    AllocationLine,
    FundingRegion,
    GrantRequest,
    GrantRound,
    Insurer,
    LedgerAccount,
    LedgerEntry,
    LedgerLine,
    ProjectRequest,
    ProjectShare,
)
from app.funding.queries.runs import POSTED
from app.funding.rules.grant_round import WITHDRAWN
from app.funding.rules.ledger_accounts import GROUP, OF_PAYEES, PAID
from app.funding.rules.postings import RETURN, REVERSE
from app.funding.rules.project import AGREED, DECIDED, DECLINED, DRAFT, OPEN, PART
from app.funding.rules.project import WITHDRAWN as WITHDRAWN_PROJECT
from app.funding.rules.report import (
    FLAT,
    INSURER,
    NONE,
    REGION,
    TOPIC,
    YEAR,
    Figures,
    Line,
    overlapping,
)
from app.groups.models import GroupTopic, Topic

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Question:
    """What a report is about: its lines are ``by`` one thing, of a year, region, topic and insurer if they are named.

    ``region_ids`` are those that somebody may see; None: all. ``only_decided``: rounds of which a run is posted.
    """

    by: str
    year: int | None = None
    region: str | None = None
    topic: str | None = None
    insurer: str | None = None
    region_ids: Collection[int] | None = None
    only_decided: bool = False
    grant: str = FLAT


def report_lines(session: Session, asked: Question) -> tuple[list[Line], int]:
    """Answer the lines of a report in order of their keys, and of how many different groups they tell."""
    found: dict[str, dict[str, int]] = {}
    is_flat = asked.grant == FLAT
    for row in session.execute(_requests(asked) if is_flat else _shares(asked)).mappings():
        key = str(row["key"] if row["key"] is not None else NONE)
        found[key] = {name: int(row[name] or 0) for name in row if name != "key"}
    for row in session.execute(_money(asked)).mappings() if is_flat else ():
        key = str(row["key"] if row["key"] is not None else NONE)
        if key in found:
            balance, paid, returned = (int(row[name] or 0) for name in ("balance", "paid", "returned"))
            found[key] |= {"granted": balance + returned, "paid": paid + returned, "returned": returned}
    lines = [Line(key, Figures(**figures)) for key, figures in sorted(found.items())]
    overlaps = asked.by in overlapping(asked.grant)
    return lines, _count_groups(session, asked) if overlaps else sum(each.figures.groups for each in lines)


def _count_groups(session: Session, asked: Question) -> int:
    """Answer of how many different groups a report tells."""
    if asked.grant == FLAT:
        return session.scalar(_of_question(sa.select(_groups()), asked)) or 0
    count = sa.select(sa.func.count(sa.distinct(ProjectShare.group_id)))
    return session.scalar(_of_projects(count, asked)) or 0


def _shares(asked: Question) -> sa.Select[Any]:
    """Answer what insurers are asked for by projects, and what they decided and paid."""
    verdict, cents = ProjectShare.verdict, ProjectShare.cents
    key = _key(asked.by, ProjectRequest.year)
    return _of_projects(
        sa.select(
            key.label("key"),
            sa.func.count(sa.distinct(ProjectShare.group_id)).label("groups"),
            sa.func.count().label("requests"),
            sa.func.sum(ProjectShare.asked_cents).label("asked"),
            _how_many(verdict != OPEN).label("decided"),
            _how_many(verdict.in_((AGREED, PART))).label("given"),
            _how_many(verdict == DECLINED).label("rejected"),
            sa.func.sum(cents).label("granted"),
            sa.func.sum(sa.case((ProjectShare.paid_at.is_not(None), cents), else_=0)).label("paid"),
        ),
        asked,
    ).group_by(key)


def _of_projects(statement: sa.Select[Any], asked: Question) -> sa.Select[Any]:
    """Answer a statement about the shares of projects that are asked about; withdrawn ones count for nobody."""
    statement = (
        statement.select_from(ProjectShare)
        .join(ProjectRequest, ProjectRequest.id == ProjectShare.project_id)
        .join(FundingRegion, FundingRegion.id == ProjectRequest.region_id)
        .where(ProjectRequest.state.not_in((DRAFT, WITHDRAWN_PROJECT)))
    )
    if asked.year is not None:
        statement = statement.where(ProjectRequest.year == asked.year)
    if asked.only_decided:
        statement = statement.where(ProjectRequest.state == DECIDED)
    return _of_places(statement, asked, ProjectShare.group_id, ProjectShare.insurer_id)


def _how_many(which: Any) -> Any:
    return sa.func.sum(sa.case((which, 1), else_=0))


def _requests(asked: Question) -> sa.Select[Any]:
    """Answer how many asked for how much, and what runs have decided about them."""
    last = (
        sa.select(AllocationAct.round_id, sa.func.max(AllocationAct.number).label("number"))
        .where(AllocationAct.act == POSTED)
        .group_by(AllocationAct.round_id)
        .subquery()
    )
    posted = (
        sa.select(AllocationAct.round_id, AllocationAct.run_id)
        .join(last, sa.and_(last.c.round_id == AllocationAct.round_id, last.c.number == AllocationAct.number))
        .where(AllocationAct.act == POSTED)
        .subquery()
    )
    award = AllocationLine.award_cents
    statement = _of_question(
        sa.select(
            _key(asked.by).label("key"),
            _groups().label("groups"),
            sa.func.count().label("requests"),
            sa.func.sum(GrantRequest.requested_cents).label("asked"),
            sa.func.count(award).label("decided"),
            _how_many(award > 0).label("given"),
            _how_many(award == 0).label("rejected"),
        ),
        asked,
    )
    return (
        statement.outerjoin(posted, posted.c.round_id == GrantRound.id)
        .outerjoin(
            AllocationLine,
            sa.and_(
                AllocationLine.run_id == posted.c.run_id, AllocationLine.group_id == GrantRequest.group_id
            ),
        )
        .group_by(_key(asked.by))
    )


def _of_question(statement: sa.Select[Any], asked: Question) -> sa.Select[Any]:
    """Answer a statement about the requests that are asked about."""
    statement = (
        statement.select_from(GrantRequest)
        .join(GrantRound, GrantRound.id == GrantRequest.round_id)
        .join(FundingRegion, FundingRegion.id == GrantRound.region_id)
        .where(GrantRequest.standing != WITHDRAWN)
    )
    if asked.year is not None:
        statement = statement.where(GrantRound.year == asked.year)
    if asked.only_decided:
        decided = sa.select(AllocationAct.round_id).where(AllocationAct.act == POSTED)
        statement = statement.where(GrantRound.id.in_(decided))
    return _of_places(statement, asked, GrantRequest.group_id)


def _money(asked: Question) -> sa.Select[Any]:
    """Answer what groups have of pots: promised or paid, paid, and given back."""
    kind, cents = LedgerAccount.kind, LedgerLine.cents
    reversed_entry = sa.orm.aliased(LedgerEntry)
    came_back = sa.or_(
        LedgerEntry.kind == RETURN, sa.and_(LedgerEntry.kind == REVERSE, reversed_entry.kind == RETURN)
    )
    statement = (
        sa.select(
            _key(asked.by, LedgerAccount.year).label("key"),
            sa.func.sum(cents).label("balance"),
            sa.func.sum(sa.case((kind == PAID, cents), else_=0)).label("paid"),
            sa.func.sum(sa.case((sa.and_(kind == PAID, came_back), -cents), else_=0)).label("returned"),
        )
        .select_from(LedgerAccount)
        .join(LedgerLine, LedgerLine.account_id == LedgerAccount.id)
        .join(LedgerEntry, LedgerEntry.id == LedgerLine.entry_id)
        .outerjoin(reversed_entry, reversed_entry.id == LedgerEntry.reverses_id)
        .join(FundingRegion, FundingRegion.slug == LedgerAccount.region)
        .where(kind.in_(OF_PAYEES), LedgerAccount.payee_kind == GROUP)
        .group_by(_key(asked.by, LedgerAccount.year))
    )
    if asked.year is not None:
        statement = statement.where(LedgerAccount.year == asked.year)
    return _of_places(statement, asked, LedgerAccount.payee_id)


def _of_places(
    statement: sa.Select[Any], asked: Question, group_id: Any, insurer_id: Any = FundingRegion.lead_insurer_id
) -> sa.Select[Any]:
    """Answer the statement for the region, topic and insurer that are named, and what may be seen."""
    if asked.by == TOPIC or asked.topic is not None:
        statement = statement.outerjoin(
            GroupTopic, sa.and_(GroupTopic.group_id == group_id, GroupTopic.position == 0)
        ).outerjoin(Topic, Topic.id == GroupTopic.topic_id)
    if asked.by == INSURER or asked.insurer is not None:
        statement = statement.outerjoin(Insurer, Insurer.id == insurer_id)
    for column, wanted in (
        (FundingRegion.slug, asked.region),
        (Topic.slug, asked.topic),
        (Insurer.slug, asked.insurer),
    ):
        if wanted is not None:
            statement = statement.where(column == wanted)
    if asked.region_ids is not None:
        statement = statement.where(FundingRegion.id.in_(asked.region_ids))
    return statement


def _key(by: str, year: Any = GrantRound.year) -> Any:
    return {YEAR: year, REGION: FundingRegion.slug, TOPIC: Topic.slug, INSURER: Insurer.slug}[by]


def _groups() -> Any:
    return sa.func.count(sa.distinct(GrantRequest.group_id))
