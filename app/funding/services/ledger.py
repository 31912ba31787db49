"""Posting: one act or thousands at once, all or nothing, and under a key that makes it happen once.

What is to be posted is made by ``rules/postings.py``: call, receive, grant, commit, release, pay, give_back, set_aside,
carry_over. That there is enough is asked of nobody beforehand: the database moves the guards with the lines, one act
after the other, and refuses. See docs/adr/0017.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from app.funding.models import FundingYear, LedgerEntry, LedgerLine
from app.funding.queries.entries import entry_ids, find_posting
from app.funding.queries.year_end import closed_at
from app.funding.rules.ledger_accounts import GROUP
from app.funding.rules.postings import (
    CALL,
    CARRY_OVER,
    COMMIT,
    GRANT,
    PAY,
    RECEIVE,
    RELEASE,
    RETURN,
    REVERSE,
    SET_ASIDE,
    Because,
    Posting,
    check_posting,
    digest,
)
from app.funding.rules.postings import reverse as reversal_of
from app.funding.services.accounts import find_or_make_accounts
from app.funding.services.refusals import refusal
from app.groups.meetings.schedules import day_of
from app.shared.database import insert_into, insert_rows
from app.shared.errors import BadInput, RuleBroken
from app.shared.history import HistoryEntry, note
from app.shared.rules.chain import FIRST, seal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Posted:
    """The entries of an act, in the order of its postings; ``is_new`` is False when the key was there already."""

    entry_ids: tuple[int, ...]
    is_new: bool


def post(session: Session, postings: Sequence[Posting], *, now: datetime) -> Posted:
    """Afterwards all of it is posted, if the caller commits; or it was before, under the same keys, and nothing is new.

    An act is of one kind and is one note in the history, however many entries it has.

    Raises:
        ValueError: something that no entry can be.
        BadInput: an insurer or an entry that is referred to is not there.
        RuleBroken: not enough money (``not_enough``), a year that is closed (``year_closed``), a key that was used for
            something else (``key_used``), an entry that is reversed already (``reversed_already``).
    """
    for each in postings:
        check_posting(each)
    if len({each.kind for each in postings}) != 1 or len({each.key for each in postings}) != len(postings):
        raise ValueError("An act has postings of one kind, each with a key of its own.")
    before = _posted_before(session, postings)
    if before:
        return before
    try:
        with session.begin_nested():
            return _store(session, postings, now=now)
    except IntegrityError as error:
        # Whoever posted the same in the same moment was first; or the money was not there.
        before = _posted_before(session, postings)
        if before:
            return before
        raise refusal(session, postings) from error


def hold_years(session: Session, years: set[int]) -> None:
    """Afterwards nobody closes these years before the transaction ends; asked before any pot, or two wait in a ring."""
    if session.get_bind().dialect.name == "postgresql":
        for year in sorted(
            years
        ):  # one is held before the next is made: whoever closes it may be making that one
            session.execute(insert_into(session, FundingYear).on_conflict_do_nothing(), [{"year": year}])
            held = sa.select(FundingYear.year).where(FundingYear.year == year)
            session.execute(held.with_for_update(read=True))


def counting_year(session: Session, year: int, *, now: datetime) -> int:
    """Answer in which year something about the money of a year is booked: that one, or today's once it is closed."""
    return year if closed_at(session, year) is None else day_of(now).year


def reverse(session: Session, key: str, because: Because, *, now: datetime) -> Posted:
    """Afterwards everything that the entry under ``key`` moved is back where it was.

    Raises:
        BadInput: there is no such entry.
        RuleBroken: it is reversed already or is itself a reversal, or the money has gone further.
    """
    original = find_posting(session, key)
    if original is None:
        raise BadInput(_("There is no entry %(key)s.", key=key), code="unknown_entry")
    if original.reverses is not None:
        raise RuleBroken(
            _("A reversal is not reversed. Please post anew what it reversed."), code="is_reversal"
        )
    return post(session, [reversal_of(original, because)], now=now)


def _posted_before(session: Session, postings: Sequence[Posting]) -> Posted | None:
    found = entry_ids(session, [each.key for each in postings])
    if not found:
        return None
    if [found.get(each.key, (0, ""))[1] for each in postings] != [digest(each) for each in postings]:
        raise RuleBroken(
            _("This was posted before with other contents. Please look at what was posted, and begin anew."),
            code="key_used",
        )
    return Posted(tuple(found[each.key][0] for each in postings), is_new=False)


def _store(session: Session, postings: Sequence[Posting], *, now: datetime) -> Posted:
    hold_years(session, {each.year for each in postings})
    accounts = find_or_make_accounts(session, {account for each in postings for account in each.lines})
    referred = _referred(session, postings)
    digests = [digest(each) for each in postings]
    written = _note(session, postings, seal(FIRST, [(each, now) for each in digests]), now=now)
    ids = _next_ids(session, len(postings))
    # Lines come before their entries, and those that receive before those that give: see migration 0019.
    lines = [
        {"entry_id": number, "account_id": accounts[account], "cents": cents}
        for number, each in zip(ids, postings, strict=True)
        for account, cents in each.lines.items()
    ]
    lines.sort(key=lambda line: line["cents"] < 0)
    insert_rows(session, cast("sa.Table", LedgerLine.__table__), lines)
    rows = [
        _row(each, number, hashed, referred) | {"posted_at": now, "history_id": written.id}
        for each, number, hashed in zip(postings, ids, digests, strict=True)
    ]
    session.execute(sa.insert(LedgerEntry), rows)
    return Posted(tuple(ids), is_new=True)


def _row(posting: Posting, number: int, hashed: str, referred: dict[str, int]) -> dict[str, Any]:
    return {
        "id": number,
        "key": posting.key,
        "kind": posting.kind,
        "reason": posting.reason,
        "facts": dict(posting.facts),
        "year": posting.year,
        "reverses_id": referred[posting.reverses] if posting.reverses else None,
        "corrects_id": referred[posting.corrects] if posting.corrects else None,
        "digest": hashed,
    }


def _referred(session: Session, postings: Sequence[Posting]) -> dict[str, int]:
    keys = {key for each in postings for key in (each.reverses, each.corrects) if key}
    found = {key: number for key, (number, _digest) in entry_ids(session, sorted(keys)).items()}
    if missing := sorted(keys - found.keys()):
        raise BadInput(_("There is no entry %(key)s.", key=missing[0]), code="unknown_entry")
    return found


def _note(session: Session, postings: Sequence[Posting], sealed: str, *, now: datetime) -> HistoryEntry:
    """Write who does it, with the seal of the entries: the history's daily seal holds them through it."""
    action = {
        CALL: "ledger.called",
        RECEIVE: "ledger.received",
        GRANT: "ledger.granted",
        COMMIT: "ledger.committed",
        RELEASE: "ledger.released",
        PAY: "ledger.paid",
        RETURN: "ledger.returned",
        SET_ASIDE: "ledger.set_aside",
        CARRY_OVER: "ledger.carried",
        REVERSE: "ledger.reversed",
    }[postings[0].kind]
    groups = {each.payee.id for each in postings[0].lines if each.payee and each.payee.kind == GROUP}
    written = note(
        session,
        action,
        now=now,
        group_id=groups.pop() if len(postings) == 1 and len(groups) == 1 else None,
        entries=len(postings),
        seal=sealed,
    )
    session.flush()
    return written


def _next_ids(session: Session, count: int) -> list[int]:
    """Answer numbers that no other entry has, in ascending order."""
    if session.get_bind().dialect.name == "postgresql":
        drawn = sa.text(
            "SELECT nextval(pg_get_serial_sequence('ledger_entry', 'id')) FROM generate_series(1, :count)"
        )
        return sorted(session.scalars(drawn, {"count": count}))
    # SQLite has one writer, and this is the one.
    last = session.scalar(sa.select(sa.func.max(LedgerEntry.id))) or 0
    return list(range(last + 1, last + 1 + count))
