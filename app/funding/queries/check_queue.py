"""What is to be checked: the submitted applications of regions and houses, the oldest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.funding.models import (
    AllocationAct,
    AllocationLine,
    ApplicationCheck,
    ApplicationPaper,
    ChangeRequest,
    FundingRegion,
    GrantApplication,
    GrantRequest,
    GrantRound,
)
from app.funding.queries.checks import sums_of
from app.funding.queries.duplicates import list_alike
from app.funding.queries.written import signed_mark
from app.funding.rules import checks as rules
from app.funding.rules.application import PAGES, SUBMITTED
from app.funding.rules.eligibility import FOR
from app.funding.rules.grant_round import LATE
from app.groups.models import Group

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class QueueLine:
    """An application that waits, with what is known of it without opening it."""

    application: GrantApplication
    group: Group
    round: GrantRound
    region: FundingRegion
    request: GrantRequest | None
    latest: Mapping[str, ApplicationCheck]
    change: ChangeRequest | None
    state: str
    shares: tuple[str, ...] = ()
    """What it has in common with others, where that was looked up."""

    @property
    def results(self) -> dict[str, bool]:
        """How the last check of each kind ended."""
        return {kind: each.is_ok for kind, each in self.latest.items()}

    @property
    def checked_by(self) -> dict[str, int]:
        """Who did the last check of each kind."""
        return {kind: each.checked_by for kind, each in self.latest.items()}

    @property
    def is_late(self) -> bool:
        """Whether it came after the last day."""
        return self.request is not None and self.request.standing == LATE

    @property
    def doubts(self) -> list[str]:
        """The reasons that do not speak for it, by their codes."""
        reasons = (self.application.assessment or {}).get("reasons", [])
        return [each["code"] for each in reasons if each["effect"] != FOR]


def list_queue(
    session: Session,
    *,
    region_ids: Collection[int],
    house_ids: Collection[int],
    today: date,
    finds_alike: bool = False,
) -> list[QueueLine]:
    """Answer what these regions, and these houses for their groups, have to check; nothing that was decided.

    What lines share with others is looked up only when it is wanted (``finds_alike``).
    """
    rows = session.execute(_waiting(region_ids, house_ids, today)).all()
    ids = [row[0].id for row in rows]
    checks, changes, papers = _checks(session, ids), _changes(session, ids), _papers(session, ids)
    lines = []
    for application, group, round_, region, request in rows:
        seen = rules.seen_mark(
            signed_mark(PAGES, application.answers, papers.get(application.id, ())), sums_of(request)
        )
        latest = {each.kind: each for each in checks.get(application.id, ()) if each.seen == seen}
        change = changes.get(application.id)
        results = {kind: each.is_ok for kind, each in latest.items()}
        state = rules.state_of(results, change.due_on if change else None, today)
        lines.append(QueueLine(application, group, round_, region, request, latest, change, state))
    return with_shares(session, lines) if finds_alike else lines


def with_shares(session: Session, lines: Sequence[QueueLine]) -> list[QueueLine]:
    """Answer the same lines with what each shares with other applications of its year."""
    found: dict[int, set[str]] = defaultdict(set)
    for year in {each.round.year for each in lines}:
        of_year = [each.application.id for each in lines if each.round.year == year]
        for number, others in list_alike(session, year, of_year).items():
            found[number] |= {what for each in others for what in each.shared}
    return [replace(each, shares=tuple(sorted(found[each.application.id]))) for each in lines]


def _waiting(region_ids: Collection[int], house_ids: Collection[int], today: date) -> sa.Select[Any]:
    decided = sa.exists().where(
        AllocationAct.round_id == GrantApplication.round_id,
        AllocationAct.act == "posted",
        AllocationLine.run_id == AllocationAct.run_id,
        AllocationLine.group_id == GrantApplication.group_id,
    )
    is_asked = sa.exists().where(
        ChangeRequest.application_id == GrantApplication.id, ChangeRequest.ended_at.is_(None)
    )
    return (
        sa.select(GrantApplication, Group, GrantRound, FundingRegion, GrantRequest)
        .join(GrantRound, GrantRound.id == GrantApplication.round_id)
        .join(FundingRegion, FundingRegion.id == GrantRound.region_id)
        .join(Group, Group.id == GrantApplication.group_id)
        .outerjoin(
            GrantRequest,
            sa.and_(
                GrantRequest.round_id == GrantApplication.round_id,
                GrantRequest.group_id == GrantApplication.group_id,
            ),
        )
        .where(
            GrantRound.year >= today.year,
            sa.or_(FundingRegion.id.in_(region_ids), Group.clearinghouse_id.in_(house_ids)),
            sa.or_(GrantApplication.state == SUBMITTED, is_asked),
            ~decided,
        )
        .order_by(GrantApplication.received_on, GrantApplication.id)
    )


def _checks(session: Session, ids: Sequence[int]) -> dict[int, list[ApplicationCheck]]:
    found: defaultdict[int, list[ApplicationCheck]] = defaultdict(list)
    for some in _portions(ids):
        for each in session.scalars(
            sa.select(ApplicationCheck)
            .where(ApplicationCheck.application_id.in_(some))
            .order_by(ApplicationCheck.id)
        ):
            found[each.application_id].append(each)
    return found


def _changes(session: Session, ids: Sequence[int]) -> dict[int, ChangeRequest]:
    return {
        each.application_id: each
        for some in _portions(ids)
        for each in session.scalars(
            sa.select(ChangeRequest).where(
                ChangeRequest.application_id.in_(some), ChangeRequest.ended_at.is_(None)
            )
        )
    }


def _papers(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for some in _portions(ids):
        for number, mark in session.execute(
            sa.select(ApplicationPaper.application_id, ApplicationPaper.mark).where(
                ApplicationPaper.application_id.in_(some)
            )
        ):
            found[number].append(mark)
    return found


def _portions(ids: Sequence[int]) -> list[Sequence[Any]]:
    return [ids[start : start + 5_000] for start in range(0, len(ids), 5_000)]
