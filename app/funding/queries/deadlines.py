"""Deadlines of funding for somebody: only of the groups, houses, regions and insurers they have to do with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import (
    ChangeRequest,
    FundingRegion,
    GrantApplication,
    GrantRound,
    InsuredCount,
    Notice,
    NoticeObjection,
    Reclaim,
    Sitting,
)
from app.funding.queries.contributions import open_calls
from app.funding.queries.notices import deadlines_of, lines_of_group
from app.funding.queries.open_rounds import rounds_between, rule_days_between
from app.funding.queries.project_days import last_days_for_projects, list_unproven
from app.funding.queries.proofs import lines_of_group as list_proofs
from app.funding.queries.reclaims import due_next, line_of
from app.funding.rules.deadline_calendar import (
    ANSWER_DUE,
    BACK_DUE,
    CALL_DUE,
    CHANGE_DUE,
    EXPECTED,
    LAST_DAY,
    LAST_DAY_NEW,
    OBJECTION_ENDS,
    OPENS,
    PROJECT_LAST_DAY,
    PROJECT_LAST_DAY_NEW,
    PROJECT_PROOF_DUE,
    PROOF_DUE,
    SITTING,
    UNTIL_DONE,
    Deadline,
)
from app.funding.rules.deadlines import objection_answer_due
from app.funding.rules.proof import DRAFT, QUESTIONS
from app.funding.rules.reclaim import WRITTEN

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.funding.queries.concerns import Concern

_LONG_AGO = timedelta(days=5 * 366)
"""Claims lapse after four years."""


def list_deadlines(
    session: Session, concern: Concern, first: date, end: date, *, today: date
) -> list[Deadline]:
    """Answer the deadlines from a day up to, but not on, another one, in no order.

    Of rounds that nobody has opened, those ahead of today are expected.
    """
    found = (
        *_rounds(session, concern, first, end),
        *_expected(session, concern, max(first, today), end),
        *_objections(session, concern),
        *_answers(session, concern),
        *_sittings(session, concern, first, end),
        *_changes(session, concern),
        *_proofs(session, concern),
        *_backs(session, concern, today),
        *_calls(session, concern, first, end),
        *_project_days(session, concern, first, end),
        *_project_proofs(session, concern),
    )
    return [each for each in found if first <= each.on < end]


def list_overdue(session: Session, concern: Concern, *, today: date) -> list[Deadline]:
    """Answer what should be done by now and is not, the oldest first."""
    found = list_deadlines(session, concern, today - _LONG_AGO, today, today=today)
    return sorted((each for each in found if each.kind in UNTIL_DONE), key=lambda one: (one.on, one.names))


def _rounds(session: Session, concern: Concern, first: date, end: date) -> Iterator[Deadline]:
    if concern.region_ids is not None and not concern.region_ids:
        return
    own = concern.groups[0][1] if len(concern.groups) == 1 else ""
    path = f"/accounts/groups/{own}/funding" if own else ""
    for each in rounds_between(session, first, end, region_ids=concern.region_ids):
        names, year = (each.region.name,), each.round.year
        key = f"{each.region.slug}-{year}"
        yield Deadline(each.round.opens_on, OPENS, year, names, f"opens-{key}", path=path)
        yield Deadline(each.last_day, LAST_DAY, year, names, f"last-{key}", path=path)
        if each.last_day_new != each.last_day:
            yield Deadline(each.last_day_new, LAST_DAY_NEW, year, names, f"new-{key}", path=path)


def _expected(session: Session, concern: Concern, today: date, end: date) -> Iterator[Deadline]:
    """The last days by the rules of regions that have not opened the round of that year yet."""
    if concern.region_ids is not None and not concern.region_ids:
        return
    for region, year, day in rule_days_between(session, today, end, region_ids=concern.region_ids):
        yield Deadline(day, EXPECTED, year, (region.name,), f"expected-{region.slug}-{year}")


def _objections(session: Session, concern: Concern) -> Iterator[Deadline]:
    """Until when the groups that somebody is a contact of can object to what they were told."""
    for group_id, _slug, name in concern.groups:
        for line in lines_of_group(session, group_id)[:2]:
            days = deadlines_of(session, line)
            if days is not None:
                number = line.notice.id
                year = session.get_one(GrantRound, line.notice.round_id).year
                yield Deadline(
                    days.objection_until,
                    OBJECTION_ENDS,
                    year,
                    (name,),
                    f"objection-{number}",
                    path=f"/funding/notices/{number}",
                )


def _answers(session: Session, concern: Concern) -> Iterator[Deadline]:
    """Until when the offices that somebody works for have to decide about objections."""
    if not concern.office_ids:
        return
    rows = session.execute(
        sa.select(Notice.id, Notice.run_id, Notice.number, GrantRound.year, NoticeObjection.received_on)
        .join(NoticeObjection, NoticeObjection.notice_id == Notice.id)
        .join(GrantRound, GrantRound.id == Notice.round_id)
        .where(GrantRound.region_id.in_(concern.office_ids), NoticeObjection.outcome.is_(None))
    )
    for row in rows:
        path = f"/funding/runs/{row.run_id}/notices/{row.id}"
        due = objection_answer_due(row.received_on)
        yield Deadline(due, ANSWER_DUE, row.year, (row.number,), f"answer-{row.id}", path=path)


def _sittings(session: Session, concern: Concern, first: date, end: date) -> Iterator[Deadline]:
    """When sittings are held: for whoever works for a region, advises all, or whose insurer pays into the pot."""
    insurers = concern.insurer_ids or ()
    pays = sa.exists().where(
        InsuredCount.year == GrantRound.year,
        InsuredCount.state_ags == FundingRegion.state_ags,
        InsuredCount.insurer_id.in_(insurers),
    )
    leads = FundingRegion.lead_insurer_id.in_(insurers)
    mine = sa.or_(FundingRegion.id.in_(concern.office_ids), leads, pays)
    rows = session.execute(
        sa.select(Sitting.id, Sitting.held_on, FundingRegion.name, GrantRound.year)
        .join(GrantRound, GrantRound.id == Sitting.round_id)
        .join(FundingRegion, FundingRegion.id == GrantRound.region_id)
        .where(sa.true() if concern.sees_sittings else mine, Sitting.held_on >= first, Sitting.held_on < end)
    )
    for number, held_on, name, year in rows:
        yield Deadline(
            held_on, SITTING, year, (name,), f"sitting-{number}", path=f"/funding/sittings/{number}"
        )


def _changes(session: Session, concern: Concern) -> Iterator[Deadline]:
    """Until when the groups that somebody is a contact of answer the office."""
    groups = {number: (slug, name) for number, slug, name in concern.groups}
    rows = session.execute(
        sa.select(ChangeRequest.id, ChangeRequest.group_id, ChangeRequest.due_on, GrantRound.year)
        .join(GrantApplication, GrantApplication.id == ChangeRequest.application_id)
        .join(GrantRound, GrantRound.id == GrantApplication.round_id)
        .where(ChangeRequest.group_id.in_(groups), ChangeRequest.ended_at.is_(None))
    )
    for number, group_id, due_on, year in rows:
        slug, name = groups[group_id]
        path = f"/accounts/groups/{slug}/funding"
        yield Deadline(due_on, CHANGE_DUE, year, (name,), f"change-{number}", path=path)


def _proofs(session: Session, concern: Concern) -> Iterator[Deadline]:
    """Until when the groups that somebody is a contact of show what they used their money for."""
    for group_id, slug, name in concern.groups:
        for line in list_proofs(session, group_id):
            if line.stand.state in (DRAFT, QUESTIONS):
                year = line.round.year
                day = line.stand.last_day
                if line.stand.state == QUESTIONS and line.stand.answer_until is not None:
                    day = line.stand.answer_until
                path = f"/accounts/groups/{slug}/funding/proof/{year}"
                yield Deadline(day, PROOF_DUE, year, (name,), f"proof-{group_id}-{year}", path=path)


def _backs(session: Session, concern: Concern, today: date) -> Iterator[Deadline]:
    """Until when the groups that somebody is a contact of give money back, or its next instalment."""
    groups = {number: (slug, name) for number, slug, name in concern.groups}
    reclaims = session.scalars(sa.select(Reclaim).where(Reclaim.group_id.in_(groups))).all()
    for line in (line_of(session, each, on=today) for each in reclaims):
        cents, due_on = due_next(session, line, on=today)
        if line.state == WRITTEN and due_on is not None:
            slug, name = groups[line.reclaim.group_id]
            year, key = line.round.year, f"back-{line.reclaim.id}-{due_on}"
            path = f"/accounts/groups/{slug}/funding/proof/{year}"
            yield Deadline(due_on, BACK_DUE, year, (name,), key, cents, path)


def _calls(session: Session, concern: Concern, first: date, end: date) -> Iterator[Deadline]:
    """When contributions are due that have not come, of the insurers that somebody works for."""
    if concern.insurer_ids is not None and not concern.insurer_ids:
        return
    for each in open_calls(session, range(first.year - 1, end.year + 1), concern.insurer_ids):
        year, insurer = each.due.year, each.due.insurer
        yield Deadline(
            each.due_on,
            CALL_DUE,
            year,
            (each.insurer_name,),
            f"call-{insurer}-{year}-{each.due_on}",
            each.open_cents,
            f"/funding/contributions?year={year}&insurer={insurer}",
        )


def _project_days(session: Session, concern: Concern, first: date, end: date) -> Iterator[Deadline]:
    """Until when projects can be asked for: of all insurers where somebody applies, of their own where they decide."""
    insurers = concern.insurer_ids or frozenset()
    own = concern.groups[0][1] if len(concern.groups) == 1 else ""
    path = f"/accounts/groups/{own}/projects/insurers" if own else "/funding/projects" if insurers else ""
    for each in last_days_for_projects(
        session, first, end, region_ids=concern.near_ids, insurer_ids=insurers
    ):
        kind = PROJECT_LAST_DAY_NEW if each.is_new else PROJECT_LAST_DAY
        key = f"{kind}-{each.state}-{each.insurer.slug}-{each.year}"
        yield Deadline(each.on, kind, each.year, (each.insurer.name,), key, path=path)


def _project_proofs(session: Session, concern: Concern) -> Iterator[Deadline]:
    """Until when projects are proven, of the groups that somebody is a contact of, or whose insurer gave money."""
    groups = {number for number, _slug, _name in concern.groups}
    insurers = concern.insurer_ids or frozenset()
    for each in list_unproven(session, group_ids=groups, insurer_ids=insurers) if groups or insurers else ():
        path = "/funding/projects"
        if each.group_id in groups:
            path = f"/accounts/groups/{each.group_slug}/projects/{each.project_id}"
        key = f"project-proof-{each.project_id}"
        yield Deadline(each.due_on, PROJECT_PROOF_DUE, each.year, (each.group_name,), key, path=path)
