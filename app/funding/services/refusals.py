"""Why the database refused a posting, in a sentence that says what is possible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.models import Budget, FundingYear, LedgerEntry
from app.funding.queries.balances import balance_of, get_budget
from app.funding.queries.entries import entry_ids
from app.funding.rules.ledger_accounts import DUE, HOLDINGS, OF_PAYEES, PAID
from app.funding.rules.postings import Posting
from app.funding.services.accounts import find_accounts
from app.shared.errors import RuleBroken
from app.shared.money import euro_words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.funding.rules.ledger_accounts import Account


def refusal(session: Session, postings: Sequence[Posting]) -> RuleBroken:
    """Answer why these postings cannot be: they are reversals of what is reversed, or the money is not there."""
    reversed_ids = [number for number, _digest in entry_ids(session, _reversed_keys(postings)).values()]
    if session.scalar(sa.select(LedgerEntry.id).where(LedgerEntry.reverses_id.in_(reversed_ids)).limit(1)):
        return RuleBroken(
            _("This entry has been reversed already. Nothing has changed."), code="reversed_already"
        )
    years = {each.year for each in postings}
    closed = sa.select(FundingYear.year).where(
        FundingYear.closed_at.is_not(None), FundingYear.year.in_(years)
    )
    if year := session.scalar(closed.limit(1)):
        return RuleBroken(
            _(
                "%(year)s is closed. Please book it in the current year, and name the entry that it sets right.",
                year=year,
            ),
            code="year_closed",
        )
    together: Counter[Account] = Counter()
    for each in postings:
        together.update(each.lines)
    taken = {account: -cents for account, cents in together.items() if cents < 0}
    received = {account: cents for account, cents in together.items() if account.kind == DUE and cents > 0}
    known = find_accounts(session, [*taken, *received])
    for account, cents in received.items():
        due = -balance_of(session, known[account]) if account in known else 0
        if due < cents:
            return RuleBroken(
                _(
                    "This insurer still owes %(due)s here, %(wanted)s are booked. Please look whether the rest is "
                    "meant for something else.",
                    due=euro_words(due),
                    wanted=euro_words(cents),
                ),
                code="not_enough",
            )
    for account in sorted(taken, key=lambda each: each.name):
        sentence = _not_enough(session, account, known.get(account), taken[account])
        if sentence:
            return RuleBroken(sentence, code="not_enough")
    return RuleBroken(
        _("Somebody else moved this money in the same moment. Please look again and repeat it."),
        code="moved_meanwhile",
    )


def _reversed_keys(postings: Sequence[Posting]) -> list[str]:
    return [each.reverses for each in postings if each.reverses]


def _not_enough(session: Session, account: Account, number: int | None, wanted: int) -> str:
    """Answer what is there when it is less than what is wanted, else an empty text."""
    if account.kind in HOLDINGS:
        budget = session.get(Budget, number, populate_existing=True) if number else None
        left = budget.granted - budget.committed if budget else 0
        if left < wanted:
            return _(
                "%(left)s are left here, %(wanted)s are wanted. Please take at most what is left.",
                left=euro_words(left),
                wanted=euro_words(wanted),
            )
    if account.kind in OF_PAYEES:
        left = balance_of(session, number) if number else 0
        if left < wanted and account.kind == PAID:
            return _(
                "%(left)s were paid out here, so %(wanted)s cannot come back.",
                left=euro_words(left),
                wanted=euro_words(wanted),
            )
        if left < wanted:
            return _(
                "%(left)s are promised here and not yet paid, %(wanted)s are wanted.",
                left=euro_words(left),
                wanted=euro_words(wanted),
            )
        return _not_filled(session, account, wanted)
    return _paid_on(session, account) if account.kind == DUE else ""


def _paid_on(session: Session, account: Account) -> str:
    """Answer why a contribution cannot be taken back when what it filled is paid out, else an empty text."""
    pot = account.budget
    budget = get_budget(session, pot) if pot else None
    if budget is None or not budget.paid:
        return ""
    return _(
        "%(paid)s of this pot are paid out already, with the money that came. Please book what has come in its place "
        "first.",
        paid=euro_words(budget.paid),
    )


def _not_filled(session: Session, account: Account, wanted: int) -> str:
    """Answer what of a pot has come when that does not reach for a payment, else an empty text."""
    pot = account.budget
    budget = get_budget(session, pot) if pot else None
    if budget is None or not budget.outstanding:
        return ""
    payable = max(0, budget.granted - budget.outstanding - budget.paid)
    return _(
        "Insurers still owe %(due)s to this pot. %(payable)s can be paid out now, %(wanted)s are wanted; the rest "
        "waits until their contributions have come.",
        due=euro_words(budget.outstanding),
        payable=euro_words(payable),
        wanted=euro_words(wanted),
    )
