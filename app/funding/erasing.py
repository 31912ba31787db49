"""Who erases their account is not written to any more as somebody who signed; that they signed stays for its period."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import ApplicationSignature, GrantApplication, ProjectRequest

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.accounts.erasing import Erased


def forget_signer(session: Session, erased: Erased, _now: datetime) -> None:
    """Afterwards no signature of what was submitted names this address."""
    submitted = sa.select(GrantApplication.id).where(GrantApplication.number.is_not(None))
    projects = sa.select(ProjectRequest.id).where(ProjectRequest.number.is_not(None))
    session.execute(
        sa.update(ApplicationSignature)
        .where(
            ApplicationSignature.email == erased.address,
            sa.or_(
                ApplicationSignature.application_id.in_(submitted),
                ApplicationSignature.project_id.in_(projects),
            ),
        )
        .values(email="")
    )
