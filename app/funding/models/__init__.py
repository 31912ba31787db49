"""The tables of funding."""

from __future__ import annotations

from app.funding.models.ledger import Budget, Insurer, LedgerAccount, LedgerEntry, LedgerLine

__all__ = ["Budget", "Insurer", "LedgerAccount", "LedgerEntry", "LedgerLine"]
