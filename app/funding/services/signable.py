"""What differs between the two kinds of requests that people sign: one for a flat grant, one for a project."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.models import ApplicationSignature, GrantApplication, GrantRound, ProjectRequest
from app.funding.queries.applications import OpenRound, read_round_of
from app.funding.queries.assessing import assess_application
from app.funding.queries.projects import Project, read_project
from app.funding.rules.application import page_of_reason
from app.funding.rules.eligibility import MISSING
from app.funding.services.applications import lock_open, note_of_papers
from app.funding.services.projects import (
    hold_open_project,
    note_of_change,
    note_of_project,
    project_obstacles,
    submit_project,
)
from app.funding.services.submitting import note_of_application, submit
from app.funding.words.applications import PAGE_NAMES, reason_words
from app.groups.meetings.schedules import day_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.funding.rules.deadlines import Arrival

Request = OpenRound | Project
TWO_SIGNATURES = "not_two_signatures"


def hold(session: Session, found: Request) -> None:
    """Afterwards nobody else can change a request until the transaction ends."""
    row = ProjectRequest if isinstance(found, Project) else GrantApplication
    session.scalar(sa.select(row.id).where(row.id == found.written.id).with_for_update())


def hold_open(session: Session, found: Request, *, page: str | None = None) -> Request:
    """Answer a request as it is now, kept from others until the transaction ends.

    Raises:
        RuleBroken: it is gone or submitted; the ``page`` is none of those that the group is asked to change.
    """
    if isinstance(found, Project):
        return hold_open_project(session, found.project.id)
    return lock_open(session, found.group.id, found.round, page=page)


def read_signed(session: Session, signature: ApplicationSignature) -> Request | None:
    """Answer the request that somebody is asked to sign; None when it is gone."""
    if signature.project_id is not None:
        return read_project(session, signature.project_id)
    application = session.get(GrantApplication, signature.application_id)
    if application is None:
        return None
    return read_round_of(session, signature.group_id, session.get_one(GrantRound, application.round_id))


def read_again(session: Session, found: Request) -> Request:
    """Answer a request as it is now, which is there for certain."""
    if isinstance(found, Project):
        return read_project(session, found.project.id) or found
    return read_round_of(session, found.group.id, found.round)


def obstacles(session: Session, found: Request, *, now: datetime) -> list[tuple[str, str]]:
    """Answer what must come before anybody can sign: a sentence, and the page that it follows from (empty: none)."""
    if isinstance(found, Project):
        return [(each, "") for each in project_obstacles(session, found, on=day_of(now))]
    said = [
        (_("Please fill in this page: %(page)s.", page=PAGE_NAMES[page]), page)
        for page in found.missing_pages()
    ]
    if said:
        return said
    missing = assess_application(session, found, None).having(MISSING)
    return [
        (reason_words(each), page_of_reason(each.code, found.plan))
        for each in missing
        if each.code != TWO_SIGNATURES
    ]


def submit_signed(session: Session, found: Request, arrival: Arrival, *, now: datetime) -> str:
    """Afterwards a request with two signatures is submitted; answers its number."""
    if isinstance(found, Project):
        return submit_project(session, found.project.id, received_on=arrival.received_on, now=now)
    return submit(session, found.group.id, found.round, arrival, now=now)


def note_of_papers_of(session: Session, found: Request, before: str, *, is_new: bool, now: datetime) -> bool:
    """Afterwards a change of the papers is written down; answer whether signatures fell by it."""
    if isinstance(found, Project):
        action = "project.paper_added" if is_new else "project.paper_removed"
        return note_of_change(session, found, before, action, now=now)
    action = "application.paper_added" if is_new else "application.paper_removed"
    return note_of_papers(session, found, before, action, now=now)


def note_of_signing(session: Session, found: Request, *, is_signed: bool, now: datetime) -> None:
    """Afterwards it is written down that two people are asked to sign, or that one has signed."""
    if isinstance(found, Project):
        action = "project.signed" if is_signed else "project.signing_asked"
        note_of_project(session, action, found.project, now=now)
    else:
        action = "application.signed" if is_signed else "application.signing_asked"
        note_of_application(session, action, found, now=now)
