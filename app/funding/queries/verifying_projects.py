"""Whether projects agree with the ledger: each share that is given is promised once, each that is paid booked once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import LedgerAccount, LedgerEntry, LedgerLine, ProjectRequest, ProjectShare
from app.funding.rules.ledger_accounts import COMMITTED, PAID
from app.funding.rules.postings import COMMIT, PAY
from app.funding.rules.project import DECIDED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session


def faults_of_projects(session: Session) -> Iterator[str]:
    """Yield, in words, everything that does not agree; what was forgotten after its time is not asked about."""
    promised, paid = _booked(session, COMMIT, COMMITTED), _booked(session, PAY, PAID)
    rows = session.execute(
        sa.select(ProjectShare, ProjectRequest.state, ProjectRequest.version).join(
            ProjectRequest, ProjectRequest.id == ProjectShare.project_id
        )
    )
    for share, state, version in rows:
        key = f"project/{share.project_id}/{version}/{share.id}"
        given = (share.cents or 0) if state == DECIDED else 0
        due = (given, sum(share.parts.values()) if given else 0, given if share.paid_at else 0)
        said = (promised[key], given, paid[key])
        if said != due:
            yield f"share {share.id} of project {share.project_id}: the ledger says {said}, due is {due}"


def _booked(session: Session, kind: str, account: str) -> Counter[str]:
    """Answer what entries of projects moved to what is promised or paid, by share; what was taken back not."""
    taken_back = sa.select(LedgerEntry.reverses_id).where(LedgerEntry.reverses_id.is_not(None))
    rows = session.execute(
        sa.select(LedgerEntry.key, LedgerLine.cents)
        .join(LedgerLine, LedgerLine.entry_id == LedgerEntry.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerLine.account_id)
        .where(
            LedgerEntry.key.startswith("project/"),
            LedgerEntry.kind == kind,
            LedgerAccount.kind == account,
            LedgerEntry.id.not_in(taken_back),
        )
    )
    found: Counter[str] = Counter()
    for key, cents in rows:
        found["/".join(key.split("/")[:4])] += cents
    return found
