"""Projects of groups: what was written, what insurers were asked for and decided, and what was said between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.funding.models import (
    ApplicationPaper,
    ApplicationSignature,
    FundingRegion,
    Insurer,
    ProjectAct,
    ProjectProof,
    ProjectRequest,
    ProjectShare,
)
from app.funding.queries.written import Signed, read_papers, read_signatures
from app.funding.rules import project as rules
from app.funding.rules.project_proof import QUESTIONED, project_proof_due
from app.funding.rules.project_timeline import ProjectNext, project_next
from app.groups.models import Group

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class ShareOf:
    """A share with the insurer that decides about it, and the name of whoever did."""

    row: ProjectShare
    insurer: Insurer
    decider: str = ""

    @property
    def key(self) -> str:
        """By which a plan names who is asked."""
        return rules.POOL if self.row.is_pool else self.insurer.slug

    @property
    def share(self) -> rules.Share:
        """What the rules know of it."""
        return rules.Share(self.row.asked_cents, self.row.verdict, self.row.cents or 0)


@dataclass(frozen=True, slots=True)
class Project(Signed):
    """A project of a group with everything that was written and done."""

    group: Group
    region: FundingRegion
    project: ProjectRequest
    shares: tuple[ShareOf, ...]
    acts: tuple[ProjectAct, ...]
    proof: ProjectProof | None
    signatures: tuple[ApplicationSignature, ...]
    papers: tuple[ApplicationPaper, ...]
    PAGES: ClassVar[Sequence[str]] = rules.PAGES
    OWNER: ClassVar[str] = "project_id"
    PAPER_KINDS: ClassVar[Sequence[str]] = rules.PAPER_KINDS

    @property
    def row(self) -> ProjectRequest:
        """Where its pages are kept."""
        return self.project

    @property
    def title(self) -> str:
        """What the group calls it; empty while it has no name."""
        values = self.values(rules.GOALS)
        return str(values["title"]) if values else "".join(self.typed(rules.GOALS).get("title", ()))

    @property
    def plan(self) -> rules.FinancePlan:
        """Its costs, and who pays."""
        return rules.plan_of(self.values(rules.MONEY))

    @property
    def begins_on(self) -> date | None:
        """When it begins."""
        values = self.values(rules.FRAME)
        return date.fromisoformat(values["begins"]) if values else None

    @property
    def ends_on(self) -> date | None:
        """When it ends."""
        values = self.values(rules.FRAME)
        return date.fromisoformat(values["ends"]) if values else None

    @property
    def is_open(self) -> bool:
        """Whether its pages can be changed."""
        return self.project.state in (rules.DRAFT, rules.CHANGING)

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was submitted and is not to be decided any more."""
        return self.project.state == rules.WITHDRAWN

    @property
    def year(self) -> int:
        """The year in which it begins."""
        begins_on = self.begins_on
        return self.project.year or (begins_on or self.project.created_at).year

    @property
    def asked_cents(self) -> int:
        """What all insurers are asked for."""
        return self.plan.asked_cents

    def may_change(self, page: str) -> bool:
        """Whether a page can be changed."""
        return self.is_open and page in self.PAGES

    @property
    def outcome(self) -> str:
        """What follows from the shares."""
        return rules.outcome([each.share for each in self.shares])

    @property
    def granted_cents(self) -> int:
        """What insurers have agreed to give."""
        return sum(each.row.cents or 0 for each in self.shares)

    @property
    def can_be_proven(self) -> bool:
        """Whether it is decided and money was given, so that a proof is due."""
        return self.project.state == rules.DECIDED and self.granted_cents > 0

    @property
    def proof_question(self) -> str:
        """What was asked last about its proof, while that waits for an answer."""
        if self.proof is None or self.proof.state != QUESTIONED:
            return ""
        return next((each.text for each in reversed(self.acts) if each.act == "proof_questioned"), "")

    def said(self, insurer_id: int | None) -> list[ProjectAct]:
        """Answer what was asked by an insurer and answered to it; with None, by all of them."""
        return [
            each
            for each in self.acts
            if each.act in ("asked", "answered") and insurer_id in (None, each.insurer_id)
        ]

    def open_questions(self) -> list[ProjectAct]:
        """Answer the questions that wait for an answer of the group."""
        last = {each.insurer_id: each for each in self.said(None)}
        return [each for each in last.values() if each.act == "asked"]


def next_of_project(found: Project, *, submit_by: date | None = None) -> ProjectNext:
    """Answer the one thing that comes next of a project; ``submit_by`` is until when one that is written counts."""
    rows = [each.row for each in found.shares]
    granted = [row for row in rows if row.cents]
    return project_next(
        found.project.state,
        pages_left=len(found.missing_pages()),
        questions=len(found.open_questions()),
        undecided=sum(row.verdict == rules.OPEN for row in rows),
        granted=len(granted),
        unpaid=sum(row.paid_at is None for row in granted),
        proof=found.proof.state if found.proof else None,
        submit_by=submit_by,
        prove_by=project_proof_due(found.project.ends_on) if found.project.ends_on else None,
    )


def read_project(session: Session, project_id: int) -> Project | None:
    """Answer a project as it is now."""
    row = session.get(ProjectRequest, project_id, populate_existing=True)
    if row is None:
        return None
    decider = aliased(User)
    shares = session.execute(
        sa.select(ProjectShare, Insurer, decider.name)
        .join(Insurer, Insurer.id == ProjectShare.insurer_id)
        .outerjoin(decider, decider.id == ProjectShare.decided_by)
        .where(ProjectShare.project_id == project_id)
        .order_by(ProjectShare.is_pool.desc(), Insurer.name)
        .execution_options(populate_existing=True)
    )
    acts = session.scalars(
        sa.select(ProjectAct).where(ProjectAct.project_id == project_id).order_by(ProjectAct.id)
    )
    return Project(
        group=session.get_one(Group, row.group_id),
        region=session.get_one(FundingRegion, row.region_id),
        project=row,
        shares=tuple(ShareOf(share, insurer, name or "") for share, insurer, name in shares),
        acts=tuple(acts),
        proof=session.get(ProjectProof, project_id, populate_existing=True),
        signatures=read_signatures(session, {"project_id": project_id}),
        papers=read_papers(session, {"project_id": project_id}),
    )


def list_projects(session: Session, group_id: int) -> list[Project]:
    """Answer the projects of a group, the newest first."""
    ids = session.scalars(
        sa.select(ProjectRequest.id)
        .where(ProjectRequest.group_id == group_id)
        .order_by(ProjectRequest.id.desc())
    ).all()
    return [found for each in ids if (found := read_project(session, each)) is not None]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line of an insurer's list: its share of a project, with what the project is."""

    share: ProjectShare
    project: ProjectRequest
    insurer: Insurer
    group_name: str
    land: str
    has_question: bool
    proof_state: str | None

    @property
    def title(self) -> str:
        """What the group calls the project."""
        values = self.project.answers.get(rules.GOALS, {}).get("values") or {}
        return str(values.get("title", ""))


def list_shares(session: Session, insurers: Sequence[str]) -> list[Waiting]:
    """Answer the shares of some insurers, the last submitted first."""
    last_said = (
        sa.select(ProjectAct.act)
        .where(
            ProjectAct.project_id == ProjectShare.project_id,
            ProjectAct.insurer_id == ProjectShare.insurer_id,
            ProjectAct.act.in_(("asked", "answered")),
        )
        .order_by(ProjectAct.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(
            ProjectShare,
            ProjectRequest,
            Insurer,
            Group.name,
            FundingRegion.state_ags,
            last_said,
            ProjectProof.state,
        )
        .outerjoin(ProjectProof, ProjectProof.project_id == ProjectShare.project_id)
        .join(ProjectRequest, ProjectRequest.id == ProjectShare.project_id)
        .join(Insurer, Insurer.id == ProjectShare.insurer_id)
        .join(Group, Group.id == ProjectRequest.group_id)
        .join(FundingRegion, FundingRegion.id == ProjectRequest.region_id)
        .where(Insurer.slug.in_(insurers))
        .order_by(ProjectRequest.submitted_at.desc(), ProjectShare.id.desc())
    )
    return [
        Waiting(share, project, insurer, name, land, said == "asked", proof)
        for share, project, insurer, name, land, said, proof in rows
    ]


def who_did(session: Session, acts: Sequence[ProjectAct]) -> dict[int, str]:
    """Answer the names of those who did something, by number; whoever is gone is not there."""
    ids = {each.by_id for each in acts if each.by_id}
    return dict(session.execute(sa.select(User.id, User.name).where(User.id.in_(ids))).tuples().all())
