"""Money for tests: insurers, pots, and acts with keys of their own."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from app.funding.rules.ledger_accounts import DUE, LEVY, POT, Account, a_group
from app.funding.rules.postings import Because, commit, grant
from app.funding.services.ledger import post
from tests.builders import funding
from tests.builders.groups import NOW

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

YEAR = 2026
LEVY_2026 = Account(LEVY, YEAR, insurer="aok-bayern", state="09")
DUE_2026 = Account(DUE, YEAR, "aok-bayern", "09", "oberbayern", "groups")
POT_2026 = Account(POT, YEAR, state="09", region="oberbayern", level="groups")
_numbers = itertools.count(1)


def because(key: str = "", **given) -> Because:
    """Answer a reason; its key is a new one unless given."""
    return Because(key or f"test/{next(_numbers)}", given.pop("reason", "test.wanted"), **given)


def make_insurer(session: Session) -> None:
    """Afterwards there is the insurer whose levy the tests use."""
    funding.make_insurer(session, "aok-bayern", name="AOK Bayern")


def make_pot(session: Session, cents: int, pot: Account = POT_2026) -> Account:
    """Answer a pot with so much in it."""
    make_insurer(session)
    post(session, [grant(LEVY_2026, pot, cents, because())], now=NOW)
    return pot


def awards(pot: Account, count: int, cents: int, *, run: str = "run"):
    """Answer what a round of awards posts: one promise to each of so many groups."""
    return [commit(pot, a_group(number), cents, because(f"{run}/{number}")) for number in range(1, count + 1)]
