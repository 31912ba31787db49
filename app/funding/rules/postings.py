"""What is to be posted: every act on the ledger as lines that sum to zero, under a key that makes it happen once."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.funding.rules.amounts import MOST_CENTS, whole
from app.funding.rules.ledger_accounts import (
    CARRY,
    COMMITTED,
    DUE,
    LEVY,
    PAID,
    POT,
    RESERVE,
    RETURNED,
    Account,
    Payee,
    check_account,
)

GRANT, COMMIT, RELEASE, PAY, RETURN = "granted", "committed", "released", "paid", "returned"
CALL, RECEIVE = "called", "received"
SET_ASIDE, CARRY_OVER, REVERSE = "set_aside", "carried", "reversed"
ENTRY_KINDS = (CALL, RECEIVE, GRANT, COMMIT, RELEASE, PAY, RETURN, SET_ASIDE, CARRY_OVER, REVERSE)

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,199}")
_REASON = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)*")
Facts = Mapping[str, str | int | bool | None]


@dataclass(frozen=True, slots=True)
class Because:
    """Under which key something is posted, why, and in which year it counts.

    ``key`` is chosen by whoever acts, once for each act: posted again under it, the first entry is the answer.
    ``reason`` is a word of the program, ``facts`` what it needs to be told as a sentence: nothing personal.
    ``corrects`` is the key of an entry of a closed year that this one sets right.
    """

    key: str
    reason: str
    facts: Facts = field(default_factory=dict)
    year: int | None = None
    corrects: str | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """An entry to be: what each account receives, or gives when negative, in cents."""

    key: str
    kind: str
    reason: str
    year: int
    lines: Mapping[Account, int]
    facts: Facts = field(default_factory=dict)
    reverses: str | None = None
    corrects: str | None = None


def call(due: Account, cents: int, because: Because) -> Posting:
    """Answer: an insurer is asked for its share of a pot; it can be promised now, and paid once the money has come."""
    _only(due, DUE)
    return _move(CALL, due, replace(due, kind=POT, insurer=None), cents, because, year=due.year)


def receive(due: Account, cents: int, because: Because) -> Posting:
    """Answer: an insurer pays in what it was asked for, or a part of it."""
    _only(due, DUE)
    levy = Account(LEVY, due.year, due.insurer, due.state)
    return _move(RECEIVE, levy, due, cents, because, year=due.year)


def grant(source: Account, pot: Account, cents: int, because: Because) -> Posting:
    """Answer: money enters a pot, from a levy, a reserve, what was returned or what was carried over."""
    _only(source, LEVY, RESERVE, RETURNED, CARRY)
    _only(pot, POT)
    return _move(GRANT, source, pot, cents, because, year=pot.year)


def commit(pot: Account, payee: Payee, cents: int, because: Because) -> Posting:
    """Answer: a pot promises money to somebody."""
    _only(pot, POT)
    return _move(COMMIT, pot, of_payee(pot, COMMITTED, payee), cents, because, year=pot.year)


def release(pot: Account, payee: Payee, cents: int, because: Because) -> Posting:
    """Answer: what was promised and not paid is free again in the pot."""
    _only(pot, POT)
    return _move(RELEASE, of_payee(pot, COMMITTED, payee), pot, cents, because, year=pot.year)


def pay(pot: Account, payee: Payee, cents: int, because: Because) -> Posting:
    """Answer: somebody receives what was promised."""
    _only(pot, POT)
    source, target = of_payee(pot, COMMITTED, payee), of_payee(pot, PAID, payee)
    return _move(PAY, source, target, cents, because, year=pot.year)


def give_back(pot: Account, payee: Payee, cents: int, because: Because, *, year: int) -> Posting:
    """Answer: somebody gives money back; it belongs to the year in which it comes, and is free in no pot yet."""
    _only(pot, POT)
    target = replace(pot, kind=RETURNED, year=year)
    return _move(RETURN, of_payee(pot, PAID, payee), target, cents, because, year=year)


def set_aside(pot: Account, cents: int, because: Because) -> Posting:
    """Answer: a part of a pot is held back."""
    _only(pot, POT)
    return _move(SET_ASIDE, pot, replace(pot, kind=RESERVE), cents, because, year=pot.year)


def carry_over(source: Account, target: Account, cents: int, because: Because) -> Posting:
    """Answer: what was not spent leaves its year, to be granted to a pot of the next."""
    _only(source, POT, RESERVE, RETURNED, CARRY)
    _only(target, CARRY)
    if target.year <= source.year:
        raise ValueError(f"What is left of {source.year} cannot be carried to {target.year}.")
    return _move(CARRY_OVER, source, target, cents, because, year=target.year)


def reverse(posted: Posting, because: Because) -> Posting:
    """Answer: everything that an entry moved goes back.

    Raises:
        ValueError: it is itself a reversal; then what was reversed is posted anew.
    """
    if posted.kind == REVERSE:
        raise ValueError("A reversal is not reversed; post anew what was reversed.")
    lines = {account: -cents for account, cents in posted.lines.items()}
    return _posting(REVERSE, lines, because, posted.year, reverses=posted.key)


def of_payee(pot: Account, kind: str, payee: Payee) -> Account:
    """Answer somebody's account in a pot: what is promised to them, or paid."""
    return replace(pot, kind=kind, payee=payee)


def check_posting(posting: Posting) -> None:
    """Do nothing when this can be an entry.

    Raises:
        ValueError: the sentence says what is wrong.
    """
    if not _KEY.fullmatch(posting.key):
        raise ValueError(f"{posting.key!r} cannot be a key: up to 200 letters, digits and any of . _ : / -")
    if posting.kind not in ENTRY_KINDS:
        raise ValueError(f"There is no kind of entry {posting.kind!r}.")
    if not _REASON.fullmatch(posting.reason):
        raise ValueError(f"{posting.reason!r} cannot be a reason: small words with full stops between them.")
    whole(posting.year, "The year of an entry", least=2000, most=9999)
    if len(posting.lines) < 2 or sum(posting.lines.values()) != 0:
        raise ValueError("An entry needs at least two lines, and they must sum to zero.")
    for account, cents in posting.lines.items():
        check_account(account)
        whole(cents, f"The line of {account.name}", least=-MOST_CENTS)
        if cents == 0:
            raise ValueError(f"The line of {account.name} moves nothing.")


def digest(posting: Posting) -> str:
    """Answer the hash of everything that was asked for: equal for equal postings only."""
    lines = sorted((account.name, cents) for account, cents in posting.lines.items())
    everything = (
        posting.key,
        posting.kind,
        posting.reason,
        dict(posting.facts),
        posting.year,
        posting.reverses,
        posting.corrects,
        lines,
    )
    text = json.dumps(everything, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _only(account: Account, *kinds: str) -> None:
    if account.kind not in kinds:
        raise ValueError(f"{account.name} is no {' or '.join(kinds)}.")


def _move(kind: str, source: Account, target: Account, cents: int, because: Because, *, year: int) -> Posting:
    whole(cents, "The sum", least=1)
    return _posting(kind, {source: -cents, target: cents}, because, year)


def _posting(
    kind: str, lines: Mapping[Account, int], because: Because, year: int, *, reverses: str | None = None
) -> Posting:
    return Posting(
        key=because.key,
        kind=kind,
        reason=because.reason,
        year=because.year or year,
        lines=lines,
        facts=because.facts,
        reverses=reverses,
        corrects=because.corrects,
    )
