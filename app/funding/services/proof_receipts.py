"""Receipts of a proof: photo or PDF, checked by what it holds, kept without what a camera notes."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.models import UseProof, UseProofReceipt
from app.funding.rules.proof import WRITABLE
from app.funding.services.papers import checked_file, tidy_name
from app.funding.services.proofs import hold_proof, note_of_proof
from app.shared.errors import RuleBroken

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MOST_RECEIPTS = 60


def add_receipt(session: Session, proof_id: int, *, name: str, content: bytes, now: datetime) -> None:
    """Afterwards the proof has the receipt; sent twice, it is there once.

    Raises:
        RuleBroken: it is no PDF, JPEG or PNG, too large, or one too many; or the proof is with the office.
    """
    content_type, body = checked_file(content)
    proof = _hold_open(session, proof_id)
    mark = hashlib.sha256(body).hexdigest()[:32]
    marks = session.scalars(sa.select(UseProofReceipt.mark).where(UseProofReceipt.proof_id == proof_id)).all()
    if mark in marks:
        return
    if len(marks) >= MOST_RECEIPTS:
        raise RuleBroken(
            _("A proof has at most %(count)s receipts. Please put several on one page.", count=MOST_RECEIPTS),
            field="paper",
        )
    session.add(
        UseProofReceipt(
            proof_id=proof_id,
            group_id=proof.group_id,
            name=tidy_name(name),
            content_type=content_type,
            mark=mark,
            body=body,
            added_at=now,
        )
    )
    note_of_proof(session, "proof.receipt_added", proof_id, proof.group_id, now=now)
    session.flush()


def remove_receipt(session: Session, proof_id: int, receipt_id: int, *, now: datetime) -> None:
    """Afterwards the proof does not have the receipt.

    Raises:
        RuleBroken: the proof is with the office.
    """
    proof = _hold_open(session, proof_id)
    gone = sa.delete(UseProofReceipt).where(
        UseProofReceipt.id == receipt_id, UseProofReceipt.proof_id == proof_id
    )
    if session.scalar(gone.returning(UseProofReceipt.id)) is not None:
        note_of_proof(session, "proof.receipt_removed", proof_id, proof.group_id, now=now)


def find_receipt(session: Session, proof_id: int, receipt_id: int) -> UseProofReceipt | None:
    """Answer a receipt of a proof; None when it has none of this number."""
    return session.scalar(
        sa.select(UseProofReceipt).where(
            UseProofReceipt.id == receipt_id, UseProofReceipt.proof_id == proof_id
        )
    )


def _hold_open(session: Session, proof_id: int) -> UseProof:
    proof = hold_proof(session, proof_id)
    if proof.state not in WRITABLE:
        raise RuleBroken(
            _("This proof is with the funding office, so its receipts stay as they are."), code="is_submitted"
        )
    return proof
