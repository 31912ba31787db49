"""Receipts of a proof, of a flat grant or of a project: checked by what they hold, without what a camera notes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.models import ProjectRequest, UseProofReceipt
from app.funding.rules.proof import WRITABLE
from app.funding.services.papers import checked_file, tidy_name
from app.funding.services.project_proofs import hold_unproven
from app.funding.services.projects import note_of_project
from app.funding.services.proofs import hold_proof, note_of_proof
from app.shared.errors import RuleBroken

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MOST_RECEIPTS = 60
Owner = Mapping[str, int]
"""Whose receipts: ``proof_id`` of a flat grant's proof, or ``project_id``."""


def add_receipt(session: Session, owner: Owner, *, name: str, content: bytes, now: datetime) -> None:
    """Afterwards the proof has the receipt; sent twice, it is there once.

    Raises:
        RuleBroken: it is no PDF, JPEG or PNG, too large, or one too many; or the proof is with those who check it.
    """
    content_type, body = checked_file(content)
    group_id = _hold_open(session, owner)
    mark = hashlib.sha256(body).hexdigest()[:32]
    marks = session.scalars(sa.select(UseProofReceipt.mark).filter_by(**owner)).all()
    if mark in marks:
        return
    if len(marks) >= MOST_RECEIPTS:
        raise RuleBroken(
            _("A proof has at most %(count)s receipts. Please put several on one page.", count=MOST_RECEIPTS),
            field="paper",
        )
    session.add(
        UseProofReceipt(
            **owner,
            group_id=group_id,
            name=tidy_name(name),
            content_type=content_type,
            mark=mark,
            body=body,
            added_at=now,
        )
    )
    _note(session, owner, group_id, is_new=True, now=now)
    session.flush()


def remove_receipt(session: Session, owner: Owner, receipt_id: int, *, now: datetime) -> None:
    """Afterwards the proof does not have the receipt.

    Raises:
        RuleBroken: the proof is with those who check it.
    """
    group_id = _hold_open(session, owner)
    gone = sa.delete(UseProofReceipt).filter_by(id=receipt_id, **owner)
    if session.scalar(gone.returning(UseProofReceipt.id)) is not None:
        _note(session, owner, group_id, is_new=False, now=now)


def find_receipt(session: Session, owner: Owner, receipt_id: int) -> UseProofReceipt | None:
    """Answer a receipt of a proof; None when it has none of this number."""
    return session.scalar(sa.select(UseProofReceipt).filter_by(id=receipt_id, **owner))


def _hold_open(session: Session, owner: Owner) -> int:
    """Answer the group whose proof it is, kept from others until the transaction ends."""
    if "project_id" in owner:
        return hold_unproven(session, owner["project_id"]).group.id
    proof = hold_proof(session, owner["proof_id"])
    if proof.state not in WRITABLE:
        raise RuleBroken(
            _("This proof is with the funding office, so its receipts stay as they are."), code="is_submitted"
        )
    return proof.group_id


def _note(session: Session, owner: Owner, group_id: int, *, is_new: bool, now: datetime) -> None:
    if "project_id" in owner:
        action = "project.receipt_added" if is_new else "project.receipt_removed"
        note_of_project(session, action, session.get_one(ProjectRequest, owner["project_id"]), now=now)
    else:
        action = "proof.receipt_added" if is_new else "proof.receipt_removed"
        note_of_proof(session, action, owner["proof_id"], group_id, now=now)
