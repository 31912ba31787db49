"""The accounts of a posting: found, or made when money first comes to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.models import Insurer, LedgerAccount
from app.funding.rules.ledger_accounts import Account
from app.shared.database import insert_into
from app.shared.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

_AT_ONCE = 5_000


def find_or_make_accounts(session: Session, accounts: Collection[Account]) -> dict[Account, int]:
    """Answer the number of each account; afterwards, if the caller commits, all of them are there.

    Raises:
        BadInput: there is no such insurer.
    """
    budgets = {budget for each in accounts if (budget := each.budget) is not None}
    known = _find_or_make(session, budgets, {})
    return known | _find_or_make(session, set(accounts) - budgets, known)


def find_accounts(session: Session, accounts: Collection[Account]) -> dict[Account, int]:
    """Answer the numbers of those accounts that are there."""
    by_name = {each.name: each for each in accounts}
    names = sorted(by_name)
    found: dict[Account, int] = {}
    for start in range(0, len(names), _AT_ONCE):
        some = sa.select(LedgerAccount.name, LedgerAccount.id).where(
            LedgerAccount.name.in_(names[start : start + _AT_ONCE])
        )
        found |= {by_name[name]: number for name, number in session.execute(some)}
    return found


def _find_or_make(
    session: Session, accounts: Collection[Account], known: dict[Account, int]
) -> dict[Account, int]:
    found = find_accounts(session, accounts)
    missing = sorted(set(accounts) - found.keys(), key=lambda each: each.name)
    if not missing:
        return found
    insurers = _insurer_ids(session, missing)
    rows = [_row(each, insurers, known) for each in missing]
    # Somebody else may be making the same account: then theirs is taken. In one order, so that nobody waits in a ring.
    session.execute(insert_into(session, LedgerAccount).on_conflict_do_nothing(), rows)
    return found | find_accounts(session, missing)


def _row(account: Account, insurers: dict[str, int], known: dict[Account, int]) -> dict[str, Any]:
    budget = account.budget
    return {
        "name": account.name,
        "kind": account.kind,
        "year": account.year,
        "insurer_id": insurers[account.insurer] if account.insurer else None,
        "state_ags": account.state,
        "region": account.region,
        "level": account.level,
        "payee_kind": account.payee.kind if account.payee else None,
        "payee_id": account.payee.id if account.payee else None,
        "budget_id": known[budget] if budget is not None and budget != account else None,
    }


def _insurer_ids(session: Session, accounts: Collection[Account]) -> dict[str, int]:
    slugs = {each.insurer for each in accounts if each.insurer}
    if not slugs:
        return {}
    named = sa.select(Insurer.slug, Insurer.id).where(Insurer.slug.in_(slugs))
    found = {slug: number for slug, number in session.execute(named)}  # noqa: C416 - rows are no pairs to mypy
    if unknown := sorted(slugs - found.keys()):
        raise BadInput(
            _("There is no insurer %(slug)s.", slug=unknown[0]), code="unknown_insurer", field="insurer"
        )
    return found
