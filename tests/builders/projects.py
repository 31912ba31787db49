"""Projects of groups, and insurers with money for them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from app.funding.forms.pages import sent_page
from app.funding.forms.projects import PAGES as FORMS
from app.funding.models import (
    ApplicationPaper,
    ApplicationSignature,
    FundingRegion,
    Insurer,
    ProjectAct,
    ProjectProof,
    ProjectRequest,
    ProjectShare,
    UseProofReceipt,
)
from app.funding.queries.project_terms import payers_in, project_pot
from app.funding.queries.projects import Project, read_project
from app.funding.queries.regions import region_of_group
from app.funding.rules.ledger_accounts import LEVY, Account
from app.funding.rules.page_merge import marks_of
from app.funding.rules.postings import grant
from app.funding.services.ledger import post
from app.funding.services.projects import begin_project, save_project_page
from app.funding.services.signing import submit_on_paper
from app.groups.meetings.schedules import day_of
from app.groups.models import Group
from app.shared import clock
from tests.builders.applications import IBAN, PDF
from tests.builders.funding import make_insurer
from tests.builders.ledger import because

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LAND = "05"
TEXTS = {
    "title": "Tag der offenen Tür",
    "goals": "Mehr Menschen kennen uns.",
    "methods": "Vorträge und Stände.",
    "steps": "Mai: Raum. Juni: Einladung.",
    "indicators": "60 Menschen kommen.",
}
STATEMENTS = ["not_begun", "all_money", "duties"]


def begins_on() -> date:
    """Answer the day on which the projects begin: a month from now."""
    return day_of(clock.now()) + timedelta(days=30)


def pages_of(asked: dict[str, int]) -> dict[str, dict[str, Any]]:
    """Answer the pages of a project that asks so many euros of each, as they are typed."""
    total = sum(asked.values())
    begins = begins_on()
    return {
        "goals": TEXTS,
        "frame": {
            "target": "Alle in der Stadt",
            "begins": begins.isoformat(),
            "ends": (begins + timedelta(days=20)).isoformat(),
            "recurs": "no",
            "continuation": "Wir treffen uns weiter.",
            "members_agree": "y",
        },
        "money": {
            "cost_kind": ["speakers"],
            "cost_euros": [str(total + 50)],
            "own": "50",
            "asked_kind": list(asked),
            "asked_euros": [str(euros) for euros in asked.values()],
        },
        "account": {"iban": IBAN, "holder": "Kim Sommer", "is_own": "yes"},
        "people": {"statements": STATEMENTS},
    }


def fill_pot(session: Session, slug: str, cents: int, *, year: int = 0, state: str = LAND) -> int:
    """Afterwards an insurer, made if it is not there, has so much for projects in a Land; answers its id."""
    year = year or begins_on().year
    known = session.scalar(sa.select(Insurer.id).where(Insurer.slug == slug)) or make_insurer(session, slug)
    levy = Account(LEVY, year, insurer=slug, state=state)
    post(session, [grant(levy, project_pot(slug, state, year), cents, because())], now=clock.now())
    return known


def write_project(session: Session, group_id: int, asked: dict[str, int], **pages: dict[str, Any]) -> Project:
    """Answer a project that the group has written and not submitted; ``asked`` are euros by insurer."""
    region = region_of_group(session, group_id) or session.scalars(sa.select(FundingRegion).limit(1)).one()
    now = clock.now()
    project_id = begin_project(session, session.get_one(Group, group_id), region, now=now)
    for page, fields in pages_of(asked).items():
        write_page(session, read(session, project_id), page, {**fields, **pages.get(page, {})})
    return read(session, project_id)


def write_page(session: Session, found: Project, page: str, fields: dict[str, Any]) -> None:
    """Afterwards the group has written this page as it stands in ``fields``."""
    form, found = FORMS[page], read(session, found.project.id)
    known = {"payers": dict.fromkeys(payers_in(session, found.region), "x")} if page == "money" else {}
    _form, typed = sent_page(form, MultiDict(fields), **known)
    save_project_page(
        session,
        found.project.id,
        page,
        typed=typed,
        seen=marks_of(found.typed(page)),
        read=lambda texts: form.of(MultiDict(texts), **known).values(),
        now=clock.now(),
    )


def submit(session: Session, group_id: int, asked: dict[str, int], **pages: dict[str, Any]) -> Project:
    """Answer a project that the group has submitted, signed on paper."""
    return sign_on_paper(session, write_project(session, group_id, asked, **pages))


def sign_on_paper(session: Session, found: Project, *, now: datetime | None = None) -> Project:
    """Answer a project that two people have signed on paper, by which it is submitted."""
    now = now or clock.now()
    names = ["Kim Sommer", "Jo Winter"]
    submit_on_paper(session, found, names, received_on=day_of(now), posted_on=None, now=now)
    return read(session, found.project.id)


def read(session: Session, project_id: int) -> Project:
    """Answer a project as it is now."""
    found = read_project(session, project_id)
    assert found is not None
    return found


def share_of(found: Project, slug: str) -> int:
    """Answer the number of an insurer's share."""
    return next(each.row.id for each in found.shares if each.insurer.slug == slug)


def plant_project(session: Session, group_id: int, insurer_id: int) -> dict[str, int]:
    """Store a project that asks an insurer, signed, with a paper and a receipt, as rows without words.

    Answers the numbers of project and share.
    """
    now = clock.now()
    region_id = session.scalars(sa.select(FundingRegion.id).order_by(FundingRegion.id).limit(1)).one()
    row = ProjectRequest(
        group_id=group_id,
        region_id=region_id,
        year=now.year,
        answers={},
        version=1,
        state="submitted",
        number=f"PLANTED-{group_id}",
        created_at=now,
        saved_at=now,
        submitted_at=now,
    )
    session.add(row)
    session.flush()
    known = {"project_id": row.id, "group_id": group_id, "insurer_id": insurer_id}
    share = ProjectShare(**known, version=1, asked_cents=40_000)
    asked = ProjectAct(**known, act="asked", version=1, at=now, text="Wer spricht?", answers={})
    proof = ProjectProof(
        project_id=row.id,
        group_id=group_id,
        answers={},
        remaining_cents=0,
        version=1,
        state="submitted",
        submitted_at=now,
    )
    of_project = {"project_id": row.id, "group_id": group_id}
    signed = {
        "position": 1,
        "name": "Jo",
        "email": f"jo-{group_id}@example.org",
        "language": "de",
        "mark": "x",
    }
    file = {"name": "a.pdf", "content_type": "application/pdf", "mark": "x", "body": PDF, "added_at": now}
    session.add_all([share, asked, proof])
    session.add(ApplicationSignature(**of_project, **signed, asked_at=now, signed_at=now))
    session.add(ApplicationPaper(**of_project, **file, kind="programme"))
    session.add(UseProofReceipt(**of_project, **file))
    session.flush()
    return {"project_id": row.id, "share_id": share.id}
