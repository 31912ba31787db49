"""Empties the ledger of a demonstration, which is never emptied anywhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding import models
from app.shared.history import note

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

CHILDREN_FIRST = (
    models.ProjectProof,
    models.ProjectAct,
    models.ProjectShare,
    models.ProjectRequest,
    models.InstitutionProof,
    models.InstitutionAct,
    models.InstitutionRequest,
    models.NoticeWay,
    models.DirectNoticeAct,
    models.DirectNotice,
    models.ReclaimLetter,
    models.ReclaimInterest,
    models.ReclaimInstalment,
    models.ReclaimPlan,
    models.ReclaimWaiver,
    models.Reclaim,
    models.UseProofAct,
    models.UseProofReceipt,
    models.UseProofItem,
    models.UseProof,
    models.NoticeObjection,
    models.NoticeAct,
    models.Notice,
    models.HeldNotice,
    models.NoticeOrder,
    models.ChangeExtension,
    models.ChangeRequest,
    models.ApplicationCheck,
    models.DeadlineExtension,
    models.ApplicationSignature,
    models.ApplicationPaper,
    models.GrantApplication,
    models.BankLine,
    models.Payment,
    models.PaymentBatch,
    models.PayeeAccount,
    models.RegionAccount,
    models.SittingMinutes,
    models.SittingPresence,
    models.SittingRun,
    models.SittingComment,
    models.SittingDecision,
    models.SittingItem,
    models.Sitting,
    models.AllocationAct,
    models.AllocationInput,
    models.AllocationLine,
    models.AllocationRun,
    models.GrantRequest,
    models.GrantRound,
    models.ContributionCall,
    models.LedgerLine,
    models.LedgerEntry,
    models.Budget,
    models.FundingYear,
)


def has_money(session: Session) -> bool:
    """Whether anything stands in the ledger, or anybody asks for money."""
    return any(
        session.execute(sa.select(table.__table__).limit(1)).first()
        for table in (models.LedgerEntry, models.GrantRequest, models.InstitutionRequest)
    )


def remove_money(session: Session, *, now: datetime) -> None:
    """Afterwards there is no entry, no request and no run; the history says so for good.

    The database has to let its triggers rest for that, which only the owner of its tables may do.
    """
    tables = [table.__tablename__ for table in CHILDREN_FIRST]
    kept = _rest(session, tables)
    for table in CHILDREN_FIRST:
        session.execute(sa.delete(table))
    session.execute(sa.delete(models.LedgerAccount).where(models.LedgerAccount.budget_id.is_not(None)))
    session.execute(sa.delete(models.LedgerAccount))
    for statement in kept:
        session.connection().exec_driver_sql(statement)
    note(session, "demo.ledger_emptied", now=now)


def _rest(session: Session, tables: list[str]) -> list[str]:
    """Let the triggers rest that keep these tables; answer what brings them back."""
    tables = [*tables, models.LedgerAccount.__tablename__]
    if session.get_bind().dialect.name == "postgresql":
        # What is checked at the end of a transaction is checked now: a table that waits for it cannot be altered.
        session.execute(sa.text("SET CONSTRAINTS ALL IMMEDIATE"))
        for table in tables:
            session.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        wake = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
        return [*wake, "SET CONSTRAINTS ALL DEFERRED"]
    named = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN :tables")
    found = session.execute(named.bindparams(sa.bindparam("tables", tables, expanding=True))).tuples().all()
    for name, _sql in found:
        session.execute(sa.text(f'DROP TRIGGER "{name}"'))
    return [sql for _name, sql in found]
