"""Proofs of projects: who looks at them first, what goes back to whom."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import Insurer, LedgerAccount
from app.funding.queries.project_terms import project_pot
from app.funding.rules.ledger_accounts import PAID, a_group
from app.funding.rules.project_proof import going_back

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.funding.queries.projects import Project, ShareOf


@dataclass(frozen=True, slots=True)
class Back:
    """What an insurer gave and gets back; ``account_id`` is what was paid of its money, None while nothing was."""

    name: str
    given_cents: int
    cents: int
    account_id: int | None


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
