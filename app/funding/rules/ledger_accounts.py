"""The accounts of the ledger: where money can be, and the one name of each place.

A balance is what is there, in cents. Two kinds are below zero: a levy, which is what an insurer gave, and what it was
asked for and has not given yet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from app.funding.rules.amounts import whole

LEVY = "levy"
"""What an insurer gives for a year and Land: where money comes from."""
DUE = "due"
"""What an insurer was asked for, for one pot, and has not paid in yet."""
POT = "pot"
"""What can be promised to groups."""
RESERVE = "reserve"
"""What is held back of a pot."""
RETURNED = "returned"
"""What was given back, in the year in which it came."""
CARRY = "carry"
"""What was not spent, waiting to enter a pot of the next year."""
COMMITTED = "committed"
"""What is promised to somebody and not yet paid."""
PAID = "paid"
"""What somebody has received and not given back."""

HOLDINGS = (POT, RESERVE, RETURNED, CARRY)
"""Accounts with a guard: nobody takes more out of them than is in them."""
OF_PAYEES = (COMMITTED, PAID)
"""Accounts of one payee in one pot; their money counts as granted to that pot."""
KINDS = (LEVY, DUE, *HOLDINGS, *OF_PAYEES)

GROUP, HOUSE, ORGANISATION = "group", "house", "organisation"
PAYEE_KINDS = (GROUP, HOUSE, ORGANISATION)
"""Who gets money: a self-help group, a clearing house, an organisation of a Land or of all."""

_ROOTS = dict.fromkeys(KINDS, "Assets") | {LEVY: "Income", PAID: "Expenses"}
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LEVEL = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Payee:
    """Who gets money, by its number among its kind."""

    kind: str
    id: int


def a_group(group_id: int) -> Payee:
    """Answer a group as a payee."""
    return Payee(GROUP, group_id)


@dataclass(frozen=True, slots=True)
class Account:
    """One account. A pot with an insurer is that insurer's money for projects, one without is flat grants of all.

    ``state`` is a Land by its two digits, ``region`` the key of a funding region, ``level`` one of ``LEVELS`` or a
    part of one such as ``groups_interpreters``; ``payee`` belongs to what is promised or paid, and only to that.
    """

    kind: str
    year: int
    insurer: str | None = None
    state: str | None = None
    region: str | None = None
    level: str | None = None
    payee: Payee | None = None

    @property
    def name(self) -> str:
        """The name: different for different accounts, and one that plain-text accounting understands."""
        parts = [_ROOTS[self.kind], self.kind.capitalize(), f"Y{self.year}"]
        parts += [f"I-{self.insurer}"] if self.insurer else []
        parts += [f"L-{self.state}"] if self.state else []
        parts += [f"R-{self.region}"] if self.region else []
        parts += [f"V-{self.level.replace('_', '-')}"] if self.level else []
        parts += [f"{self.payee.kind[0].upper()}{self.payee.id}"] if self.payee else []
        return ":".join(parts)

    @property
    def budget(self) -> Account | None:
        """The account whose guard this one's lines move, if there is one."""
        if self.kind in OF_PAYEES:
            return replace(self, kind=POT, payee=None)
        if self.kind == DUE:
            return replace(self, kind=POT, insurer=None)
        return self if self.kind in HOLDINGS else None


def check_account(account: Account) -> None:
    """Do nothing when there can be such an account.

    Raises:
        ValueError: the sentence says what is wrong.
    """
    if account.kind not in KINDS:
        raise ValueError(f"There is no kind of account {account.kind!r}.")
    whole(account.year, "The year of an account", least=2000, most=9999)
    for name in ("insurer", "state", "region"):
        value = getattr(account, name)
        if value is not None and not _SLUG.fullmatch(value):
            raise ValueError(
                f"{value!r} cannot name the {name} of an account: only a-z, 0-9 and single hyphens."
            )
    if account.level is not None and not _LEVEL.fullmatch(account.level):
        raise ValueError(f"{account.level!r} cannot name a level: only a-z, 0-9 and single underscores.")
    _check_payee(account)
    if account.kind in (LEVY, DUE) and account.insurer is None:
        raise ValueError(f"An account of kind {account.kind} needs its insurer.")


def _check_payee(account: Account) -> None:
    if (account.payee is not None) != (account.kind in OF_PAYEES):
        raise ValueError(
            f"An account of kind {account.kind} {'needs' if account.payee is None else 'has no'} payee."
        )
    if account.payee is not None:
        whole(account.payee.id, "The payee of an account", least=1)
        if account.payee.kind not in PAYEE_KINDS:
            raise ValueError(f"There is no kind of payee {account.payee.kind!r}.")
