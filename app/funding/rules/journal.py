"""The ledger as plain text that beancount reads: another program recomputes every balance from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from app.funding.rules.ledger_accounts import COMMITTED, PAID, POT, Account
from app.funding.rules.postings import Posting

CURRENCY = "EUR"
Guard = tuple[int, int, int]
"""What is granted, committed and paid, in cents."""


def euros(cents: int) -> str:
    """Answer cents as euros with two decimals, without any fraction in between."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02}"


def journal(entries: Iterable[tuple[date, Posting]], guards: Mapping[Account, Guard]) -> Iterator[str]:
    """Yield the lines: every account, every entry, and at the end what each guard says must be there."""
    yield f'option "title" "Wirkreis"\noption "operating_currency" "{CURRENCY}"\n'
    opened: set[str] = set()
    last = date.min
    for day, posting in entries:
        last = max(last, day)
        for account in posting.lines:
            if account.name not in opened:
                opened.add(account.name)
                yield f"{day} open {account.name} {CURRENCY}"
        yield from _entry(day, posting)
    if opened:
        yield from _balances(last, guards, opened)


def _entry(day: date, posting: Posting) -> Iterator[str]:
    yield f'\n{day} * "{posting.kind}" "{posting.reason}"'
    yield f'  key: "{posting.key}"'
    yield f'  year: "{posting.year}"'
    if posting.reverses:
        yield f'  reverses: "{posting.reverses}"'
    if posting.corrects:
        yield f'  corrects: "{posting.corrects}"'
    for account, cents in posting.lines.items():
        yield f"  {account.name} {euros(cents)} {CURRENCY}"


def _balances(last: date, guards: Mapping[Account, Guard], opened: set[str]) -> Iterator[str]:
    """Yield what must be in each pot, and, above the accounts of its groups, what is promised and what is paid."""
    following = last + timedelta(days=1)
    yield ""
    for account, (granted, committed, paid) in sorted(guards.items(), key=lambda each: each[0].name):
        due = {account.name: granted - committed}
        if account.kind == POT:
            due |= {_above(account, COMMITTED): committed - paid, _above(account, PAID): paid}
        for name, cents in due.items():
            if name not in opened:
                opened.add(name)
                yield f"{last} open {name}"
            yield f"{following} balance {name} {euros(cents)} ~ 0.00 {CURRENCY}"


def _above(pot: Account, kind: str) -> str:
    """Answer the name under which the accounts of a pot's groups stand, as beancount sums them up."""
    return Account(kind, pot.year, pot.insurer, pot.state, pot.region, pot.level).name
