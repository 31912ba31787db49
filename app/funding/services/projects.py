"""A group writes a project page by page, submits it, changes what was submitted, withdraws it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.documents.application_copy import copy_facts
from app.funding.mails.projects import mail_waiting
from app.funding.models import FundingRegion, GrantApplication, ProjectAct, ProjectRequest, ProjectShare
from app.funding.queries.project_assessing import assess
from app.funding.queries.project_terms import Payer, payers_in
from app.funding.queries.projects import Project, list_projects, read_project
from app.funding.rules import application as app_rules
from app.funding.rules import project as rules
from app.funding.rules.eligibility import MISSING
from app.funding.rules.page_merge import Typed
from app.funding.services.signatures import let_signatures_fall, send_receipts
from app.funding.services.written import Kept, Read, check_page, keep_page
from app.funding.words.projects import next_words, payer_name, reason_words
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


def hold_open_project(session: Session, project_id: int) -> Project:
    """Answer a project that is being written, kept from others until the transaction ends.

    Raises:
        RuleBroken: it is gone, or submitted.
    """
    found = hold_project(session, project_id)
    if not found.is_open:
        raise RuleBroken(
            _("This project is submitted. To change it, press “Change the project” on its page first."),
            code="is_submitted",
        )
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
) -> tuple[Kept, bool]:
    """Afterwards every field of a page is kept that nobody else has changed since it was opened.

    ``seen`` are the marks of its fields at that time; ``read`` answers what a page means, None while something is not
    right. Answers that, and whether signatures fell.

    Raises:
        RuleBroken: the project is submitted, or the page far too long.
    """
    check_page(page, rules.PAGES, typed)
    found = hold_open_project(session, project_id)
    before = found.mark
    kept = keep_page(found.project, page, typed=typed, seen=seen, read=read)
    if not kept.is_new:
        return kept, False
    return kept, note_of_change(session, found, before, "project.saved", now=now, project_page=page)


def note_of_change(
    session: Session, found: Project, before: str, action: str, *, now: datetime, **facts: str
) -> bool:
    """Afterwards a change is written down, and nobody has signed if it is one of what is signed (``before``).

    Answers whether signatures fell.
    """
    found.project.saved_at = now
    session.flush()
    note_of_project(session, action, found.project, now=now, **facts)
    after = hold_project(session, found.project.id)
    fell = let_signatures_fall(session, found, before, after.mark, asks_again=False, now=now)
    if fell:
        note_of_project(session, "project.signatures_fell", found.project, now=now)
    return fell


def project_obstacles(session: Session, found: Project, *, on: date) -> list[str]:
    """Answer, in sentences, what must be put right before a project can be signed and submitted on a day."""
    given = assess(session, found, on=on).reasons
    named = payers_in(session, found.region)
    stops = [
        each
        for each in given
        if (each.effect == MISSING and each.code != "not_two_signatures") or each.code == "not_yet_to_begin"
    ]
    said = [reason_words(each, named) for each in stops]
    if any(key not in named for key in found.plan.asked):
        said.append(
            _("Somebody whom you ask funds no projects here any more. Please look at the costs again.")
        )
    return said


def submit_project(session: Session, project_id: int, *, received_on: date, now: datetime) -> str:
    """Afterwards the project that two people signed is with those it asks, who decide about this version.

    Answers its number. What they had decided about an earlier version holds no more.

    Raises:
        RuleBroken: it is not signed, not complete, had begun when it came, or is submitted already.
    """
    found = hold_open_project(session, project_id)
    row, begins_on = found.project, found.begins_on
    said = project_obstacles(session, found, on=received_on)
    if said or found.signed < 2:
        raise RuleBroken(" ".join(said) or _("Two people of the group have to sign."), code="incomplete")
    payers, assessment = payers_in(session, found.region), assess(session, found, on=received_on)
    row.year = begins_on.year if begins_on else day_of(now).year
    row.ends_on = found.ends_on
    row.number = row.number or f"{found.region.slug.upper()}-{row.year}-P{row.id:04}"
    row.version += 1
    row.state, row.submitted_at, row.received_on = rules.SUBMITTED, now, received_on
    row.assessment = {
        "rule_version": assessment.rule_version,
        "reasons": [asdict(each) for each in assessment.reasons],
    }
    row.copy = copy_facts(found, {key: payer_name(each) for key, each in payers.items()})
    _share_out(session, found, payers)
    add_act(session, row, "submitted", by=None, now=now, cents=found.plan.asked_cents, answers=row.answers)
    session.flush()
    note_of_project(session, "project.submitted", row, now=now)
    submitted = hold_project(session, project_id)
    send_receipts(session, submitted, next_words, now=now)
    mail_waiting(session, submitted, now=now)
    return row.number


def leave_as_it_was(session: Session, project_id: int, *, now: datetime) -> None:
    """Afterwards a project that the group wanted to change, and whose signatures hold, is with those it asks again.

    Raises:
        RuleBroken: it was changed, so it has to be signed again.
    """
    found = hold_project(session, project_id)
    if found.project.state != rules.CHANGING:
        return
    if found.signed < 2:
        raise RuleBroken(_("The project was changed, so two people sign it again."), code="was_changed")
    found.project.state = rules.GAP if found.outcome == rules.GAP else rules.SUBMITTED
    note_of_project(session, "project.submitted", found.project, now=now)
    session.flush()


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
    session: Session, row: ProjectRequest, act: str, *, by: int | None, now: datetime, **facts: Any
) -> None:
    """Afterwards it stands in the project's own record that this was done; ``facts`` are its other columns."""
    about = {"project_id": row.id, "group_id": row.group_id, "version": row.version}
    session.add(ProjectAct(**about, act=act, by_id=by, at=now, **facts))


def note_of_project(
    session: Session, action: str, row: ProjectRequest, *, now: datetime, **facts: str | int
) -> None:
    """Afterwards it is written down that something was done with a project."""
    house = session.get_one(Group, row.group_id).clearinghouse_id
    note(session, action, now=now, record_id=row.id, group_id=row.group_id, clearinghouse_id=house, **facts)


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
    before = [each.project for each in earlier if each.project.number and each.values(rules.ACCOUNT)]
    if before:
        return {rules.ACCOUNT: before[0].answers[rules.ACCOUNT]}
    applied = session.scalar(
        sa.select(GrantApplication)
        .where(GrantApplication.group_id == group_id, GrantApplication.number.is_not(None))
        .order_by(GrantApplication.id.desc())
        .limit(1)
    )
    known = applied.answers.get(app_rules.ACCOUNT) if applied else None
    return {rules.ACCOUNT: known} if known else {}
