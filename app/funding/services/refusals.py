"""Why the database refused a posting, in a sentence that says what is possible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.models import Budget, LedgerEntry
from app.funding.queries.balances import balance_of
from app.funding.queries.entries import entry_ids
from app.funding.rules.ledger_accounts import HOLDINGS, OF_GROUPS, PAID
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
    together: Counter[Account] = Counter()
    for each in postings:
        together.update(each.lines)
    taken = {account: -cents for account, cents in together.items() if cents < 0}
    known = find_accounts(session, taken)
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
    if account.kind in OF_GROUPS:
        left = balance_of(session, number) if number else 0
        if left < wanted and account.kind == PAID:
            return _(
                "The group has received %(left)s, so %(wanted)s cannot come back.",
                left=euro_words(left),
                wanted=euro_words(wanted),
            )
        if left < wanted:
            return _(
                "%(left)s are promised to the group and not yet paid, %(wanted)s are wanted.",
                left=euro_words(left),
                wanted=euro_words(wanted),
            )
    return ""
