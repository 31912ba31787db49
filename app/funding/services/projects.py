"""A group writes a project page by page, submits it, changes what was submitted, withdraws it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.mails.projects import mail_submitted
from app.funding.models import FundingRegion, GrantApplication, ProjectAct, ProjectRequest, ProjectShare
from app.funding.queries.project_assessing import assess
from app.funding.queries.project_terms import Payer, payers_in
from app.funding.queries.projects import Project, list_projects, read_project
from app.funding.rules import application as app_rules
from app.funding.rules import project as rules
from app.funding.rules.eligibility import MISSING
from app.funding.rules.page_merge import Typed
from app.funding.services.written import Kept, Read, check_page, keep_page
from app.funding.words.projects import reason_words
from app.groups.meetings.schedules import day_of
from app.groups.models import Group
from app.shared.errors import RuleBroken
from app.shared.history import note

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def begin_project(session: Session, group: Group, region: FundingRegion, *, now: datetime) -> int:
    """Answer a project that a group can write: a new one, or one that was begun and in which nothing is changed yet.

    It begins with the account of the group's last project or, without one, of its last request for a flat grant.
    """
    earlier = list_projects(session, group.id)
    for each in earlier:
        if each.project.state == rules.DRAFT and len(each.missing_pages()) >= len(rules.PAGES) - 1:
            return each.project.id
    row = ProjectRequest(
        group_id=group.id,
        region_id=region.id,
        answers=_known(session, group.id, earlier),
        version=0,
        state=rules.DRAFT,
        created_at=now,
        saved_at=now,
    )
    session.add(row)
    session.flush()
    note_of_project(session, "project.begun", row, now=now)
    return row.id


def hold_project(session: Session, project_id: int) -> Project:
    """Answer a project, kept from others until the transaction ends.

    Raises:
        RuleBroken: it is gone.
    """
    session.scalar(sa.select(ProjectRequest.id).where(ProjectRequest.id == project_id).with_for_update())
    found = read_project(session, project_id)
    if found is None:
        raise RuleBroken(_("This project was removed in the meantime."), code="removed")
    return found


def save_project_page(
    session: Session,
    project_id: int,
    page: str,
    *,
    typed: Typed,
    seen: str,
    read: Read,
    now: datetime,
) -> Kept:
    """Afterwards every field of a page is kept that nobody else has changed since it was opened.

    ``seen`` are the marks of its fields at that time; ``read`` answers what a page means, None while something is not
    right.

    Raises:
        RuleBroken: the project is submitted, or the page far too long.
    """
    check_page(page, rules.PAGES, typed)
    found = hold_project(session, project_id)
    _check_open(found)
    kept = keep_page(found.project, page, typed=typed, seen=seen, read=read)
    if kept.is_new:
        found.project.saved_at = now
        note_of_project(session, "project.saved", found.project, now=now, project_page=page)
        session.flush()
    return kept


def project_obstacles(session: Session, found: Project, *, now: datetime) -> list[str]:
    """Answer, in sentences, what must be put right before a project can be submitted."""
    given = assess(session, found, on=day_of(now)).reasons
    named = payers_in(session, found.region)
    stops = [each for each in given if each.effect == MISSING or each.code == "not_yet_to_begin"]
    said = [reason_words(each, named) for each in stops]
    if any(key not in named for key in found.plan.asked):
        said.append(
            _("Somebody whom you ask funds no projects here any more. Please look at the costs again.")
        )
    return said


def submit_project(session: Session, project_id: int, *, by: int | None, now: datetime) -> str:
    """Afterwards the project is with those it asks, who decide about this version; answers its number.

    What they had decided about an earlier version holds no more, unless nothing was changed since.

    Raises:
        RuleBroken: it is not complete, has begun, or is submitted already.
    """
    found = hold_project(session, project_id)
    row = found.project
    if not found.is_open:
        return _number_of(found)
    said = project_obstacles(session, found, now=now)
    if said:
        raise RuleBroken(" ".join(said), code="incomplete")
    if row.state == rules.CHANGING and _submitted_before(found) == row.answers:
        row.state = rules.GAP if found.outcome == rules.GAP else rules.SUBMITTED
        note_of_project(session, "project.submitted", row, now=now)
        return _number_of(found)
    begins_on = found.begins_on
    assessment = assess(session, found, on=day_of(now))
    row.year = begins_on.year if begins_on else day_of(now).year
    row.ends_on = found.ends_on
    row.number = row.number or f"{found.region.slug.upper()}-{row.year}-P{row.id:04}"
    row.version += 1
    row.state, row.submitted_at = rules.SUBMITTED, now
    row.assessment = {
        "rule_version": assessment.rule_version,
        "reasons": [asdict(each) for each in assessment.reasons],
    }
    _share_out(session, found, payers_in(session, found.region))
    add_act(session, row, "submitted", by=by, now=now, cents=found.plan.asked_cents, answers=row.answers)
    session.flush()
    note_of_project(session, "project.submitted", row, now=now)
    submitted = read_project(session, project_id)
    if submitted is not None:
        mail_submitted(session, submitted, now=now)
    return row.number


def change_project(session: Session, project_id: int, *, by: int | None, now: datetime) -> None:
    """Afterwards the group can write a new version of what it submitted, and nobody decides meanwhile.

    Raises:
        RuleBroken: it is decided or withdrawn.
    """
    found = hold_project(session, project_id)
    if found.is_open:
        return
    if found.project.state not in (rules.SUBMITTED, rules.GAP):
        raise RuleBroken(
            _("This project is decided or withdrawn, so it cannot be changed any more."), code="is_decided"
        )
    found.project.state = rules.CHANGING
    add_act(session, found.project, "changing", by=by, now=now)
    note_of_project(session, "project.changing", found.project, now=now)
    session.flush()


def withdraw_project(session: Session, project_id: int, *, by: int | None, now: datetime) -> None:
    """Afterwards nobody decides about the project; one that was never submitted is gone.

    Raises:
        RuleBroken: it is decided.
    """
    found = hold_project(session, project_id)
    row = found.project
    if row.state == rules.WITHDRAWN:
        return
    if row.state == rules.DECIDED:
        raise RuleBroken(
            _("This project is decided already. Please talk to those who pay."), code="is_decided"
        )
    if row.number is None:
        note_of_project(session, "project.removed", row, now=now)
        session.delete(row)
    else:
        row.state = rules.WITHDRAWN
        add_act(session, row, "withdrawn", by=by, now=now)
        note_of_project(session, "project.withdrawn", row, now=now)
    session.flush()


def add_act(
    session: Session,
    row: ProjectRequest,
    act: str,
    *,
    by: int | None,
    now: datetime,
    insurer_id: int | None = None,
    cents: int | None = None,
    text: str = "",
    answers: dict[str, Any] | None = None,
) -> None:
    """Afterwards it stands in the project's own record that this was done."""
    session.add(
        ProjectAct(
            project_id=row.id,
            group_id=row.group_id,
            insurer_id=insurer_id,
            act=act,
            version=row.version,
            by_id=by,
            at=now,
            cents=cents,
            text=text,
            answers=answers,
        )
    )


def note_of_project(
    session: Session, action: str, row: ProjectRequest, *, now: datetime, **facts: str | int
) -> None:
    """Afterwards it is written down that something was done with a project."""
    house = session.get_one(Group, row.group_id).clearinghouse_id
    note(session, action, now=now, record_id=row.id, group_id=row.group_id, clearinghouse_id=house, **facts)


def _check_open(found: Project) -> None:
    if not found.is_open:
        raise RuleBroken(
            _("This project is submitted. To change it, press “Change the project” on its page first."),
            code="is_submitted",
        )


def _number_of(found: Project) -> str:
    return found.project.number or ""


def _submitted_before(found: Project) -> dict[str, Any] | None:
    """Answer what the last version said."""
    return next((each.answers for each in reversed(found.acts) if each.act == "submitted"), None)


def _share_out(session: Session, found: Project, payers: Mapping[str, Payer]) -> None:
    """Let each that is asked decide about this version; whoever is asked no more has nothing to decide."""
    row, known = found.project, {each.key: each.row for each in found.shares}
    for key in known.keys() - found.plan.asked.keys():
        session.delete(known[key])
    for key, cents in found.plan.asked.items():
        share = known.get(key)
        if share is None:
            share = ProjectShare(project_id=row.id, group_id=row.group_id, is_pool=payers[key].is_pool)
            session.add(share)
        share.insurer_id = payers[key].insurer.id
        share.version, share.asked_cents, share.verdict = row.version, cents, rules.OPEN
        share.cents = share.decided_by = share.decided_at = None
        share.reason, share.parts = "", {}


def _known(session: Session, group_id: int, earlier: list[Project]) -> dict[str, Any]:
    """Answer the pages that a new project begins with."""
    for each in earlier:
        if each.project.number is not None and each.values(rules.ACCOUNT) is not None:
            names = {name: each.typed(rules.PEOPLE).get(name, []) for name in ("name_1", "name_2")}
            account = each.project.answers[rules.ACCOUNT]
            return {rules.ACCOUNT: account, rules.PEOPLE: {"typed": names, "values": None}}
    applied = session.scalar(
        sa.select(GrantApplication)
        .where(GrantApplication.group_id == group_id, GrantApplication.number.is_not(None))
        .order_by(GrantApplication.id.desc())
        .limit(1)
    )
    known = applied.answers.get(app_rules.ACCOUNT) if applied else None
    return {rules.ACCOUNT: known} if known else {}
