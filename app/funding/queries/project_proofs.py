"""Proofs of projects: which of a group are missing, what goes back to whom."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import Insurer, LedgerAccount, ProjectProof, ProjectRequest, ProjectShare
from app.funding.queries.project_terms import project_pot
from app.funding.rules.ledger_accounts import PAID, a_group
from app.funding.rules.project import DECIDED
from app.funding.rules.project_proof import going_back, is_proof_missing, project_proof_due

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.funding.queries.projects import Project, ShareOf


@dataclass(frozen=True, slots=True)
class Owed:
    """A project whose proof is missing since a day."""

    project_id: int
    number: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Back:
    """What an insurer gave and gets back; ``account_id`` is what was paid of its money, None while nothing was."""

    name: str
    given_cents: int
    cents: int
    account_id: int | None


def owed_project_proofs(session: Session, group_id: int, on: date) -> list[Owed]:
    """Answer the projects of a group whose proof is missing on a day, the longest missing first."""
    given = sa.exists().where(ProjectShare.project_id == ProjectRequest.id, ProjectShare.cents > 0)
    rows = session.execute(
        sa.select(ProjectRequest.id, ProjectRequest.number, ProjectRequest.ends_on, ProjectProof.state)
        .outerjoin(ProjectProof, ProjectProof.project_id == ProjectRequest.id)
        .where(ProjectRequest.group_id == group_id, ProjectRequest.state == DECIDED, given)
        .order_by(ProjectRequest.ends_on)
    )
    return [
        Owed(number, name or "", project_proof_due(ends_on))
        for number, name, ends_on, state in rows
        if ends_on is not None and is_proof_missing(state, ends_on, on)
    ]


def backs_of(session: Session, found: Project) -> list[Back]:
    """Answer what each insurer gets back of what is left; nothing while there is no proof, or nothing is left."""
    if found.proof is None or not found.proof.remaining_cents:
        return []
    given: Counter[str] = Counter()
    for share in found.shares:
        given.update(share.row.parts)
    parts = going_back(found.proof.remaining_cents, given, seed=f"project/{found.project.id}")
    names = dict(
        session.execute(sa.select(Insurer.slug, Insurer.name).where(Insurer.slug.in_(given))).tuples().all()
    )
    accounts = {slug: _paid_account(found, slug) for slug in given}
    ids = dict(
        session.execute(
            sa.select(LedgerAccount.name, LedgerAccount.id).where(LedgerAccount.name.in_(accounts.values()))
        )
        .tuples()
        .all()
    )
    return [
        Back(names.get(slug, slug), given[slug], parts[slug], ids.get(accounts[slug]))
        for slug in sorted(given, key=lambda slug: (-given[slug], slug))
    ]


def checks_first(found: Project) -> ShareOf | None:
    """Answer the share of whoever gave the most, and is written to when a proof waits; None: nobody gave anything."""
    given = [each for each in found.shares if each.row.cents]
    return max(given, key=lambda each: each.row.cents or 0, default=None)


def _paid_account(found: Project, slug: str) -> str:
    row = found.project
    pot = project_pot(slug, found.region.state_ags, row.year or 0)
    return replace(pot, kind=PAID, payee=a_group(row.group_id)).name
