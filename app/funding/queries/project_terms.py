"""On which terms insurers fund projects in a Land, who can be asked there, and what each still has for projects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import FundingRegion, InsuredCount, Insurer, InsurerProjectTerms
from app.funding.queries.pots import PotState, list_pots
from app.funding.reference_files import project_terms_presets
from app.funding.rules.ledger_accounts import POT, Account
from app.funding.rules.project_terms import OWN, POOL, ProjectTerms, everywhere, preset_terms, terms_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

EVERY_LAND = ""
"""In place of a Land: what holds wherever an insurer says nothing else."""


@dataclass(frozen=True, slots=True)
class Payer:
    """Who can be asked for a project: an insurer by itself, or the insurer that leads a pool, with its ``members``."""

    insurer: Insurer
    terms: ProjectTerms
    members: tuple[str, ...] = ()

    @property
    def is_pool(self) -> bool:
        """Whether it is asked for all of a pool."""
        return bool(self.members)


def terms_in(session: Session, insurers: Sequence[Insurer], state: str) -> dict[str, ProjectTerms]:
    """Answer the terms of insurers in a Land, by slug: as they have set them there, else everywhere, else as known."""
    stored: dict[tuple[int, str], ProjectTerms] = {
        (row.insurer_id, row.state_ags): terms_from(row.terms)
        for row in session.scalars(
            sa.select(InsurerProjectTerms)
            .where(InsurerProjectTerms.state_ags.in_([state, EVERY_LAND]))
            .execution_options(populate_existing=True)
        )
    }
    presets, found = project_terms_presets(), {}
    for each in insurers:
        known = preset_terms(presets, each.slug, each.family, state)
        general = stored.get((each.id, EVERY_LAND))
        found[each.slug] = stored.get((each.id, state)) or (everywhere(general, known) if general else known)
    return found


def insurers_in(session: Session, state: str) -> Sequence[Insurer]:
    """Answer the insurers with insured in a Land, by name; all where nobody knows."""
    there = sa.select(InsuredCount.insurer_id).where(InsuredCount.state_ags == state)
    chosen = sa.select(Insurer).where(Insurer.id.in_(there)).order_by(Insurer.name)
    return session.scalars(chosen).all() or session.scalars(sa.select(Insurer).order_by(Insurer.name)).all()


def payers_in(session: Session, region: FundingRegion) -> dict[str, Payer]:
    """Answer who can be asked for projects in a region: insurers by slug, and the pool of its Land if there is one."""
    insurers = insurers_in(session, region.state_ags)
    terms = terms_in(session, insurers, region.state_ags)
    found = {each.slug: Payer(each, terms[each.slug]) for each in insurers if terms[each.slug].gives == OWN}
    members = tuple(each.slug for each in insurers if terms[each.slug].gives == POOL)
    lead = session.get(Insurer, region.lead_insurer_id) if region.lead_insurer_id else None
    if members and lead is not None:
        shared = terms.get(lead.slug) or terms[members[0]]
        found = {POOL: Payer(lead, shared, members), **found}
    return found


def project_pot(insurer: str, state: str, year: int) -> Account:
    """Answer the pot that holds an insurer's money for projects in a Land."""
    return Account(POT, year, insurer=insurer, state=state)


def project_budgets(session: Session, year: int, insurers: Sequence[str]) -> list[PotState]:
    """Answer the pots of some insurers for projects of a year, by Land."""
    return [each for each in list_pots(session, year) if each.account.insurer in insurers]


def free_for_projects(session: Session, year: int, state: str, insurers: Sequence[str]) -> dict[str, int]:
    """Answer what each insurer can still promise for projects in a Land; one without a pot has nothing."""
    pots = {each.account: each.free for each in project_budgets(session, year, insurers)}
    return {insurer: pots.get(project_pot(insurer, state, year), 0) for insurer in insurers}
