"""Requests of groups in a round: entered, changed, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.models import FundingRegion, GrantRequest, GrantRound
from app.funding.queries.balances import balance_of
from app.funding.queries.rounds import pot_of
from app.funding.queries.standings import standings_in
from app.funding.rules.deadlines import Arrival
from app.funding.rules.grant_round import WITHDRAWN
from app.funding.rules.ledger_accounts import COMMITTED, a_group
from app.funding.rules.postings import Because, of_payee, release
from app.funding.services.accounts import find_accounts
from app.funding.services.ledger import post
from app.funding.services.rounds import hold_round
from app.shared.errors import RuleBroken
from app.shared.history import note

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class RequestDraft:
    """What is asked for, in cents, and what figures are told by. None for expenses: not known, they limit nothing."""

    requested_cents: int
    members: int
    received_on: date
    posted_on: date | None = None
    expenses_cents: int | None = None
    own_cents: int = 0
    others_cents: int = 0
    is_new: bool = False
    supplements: Mapping[str, int] = field(default_factory=dict)


def enter_request(
    session: Session,
    round_id: int,
    group_id: int,
    draft: RequestDraft,
    *,
    extension: str | None = None,
    now: datetime,
) -> GrantRequest:
    """Afterwards the group asks for money in this round.

    ``extension`` is why it may be late, one of ``round_words.EXTENSIONS``.

    Raises:
        RuleBroken: it has a request already.
    """
    found = hold_round(session, round_id)
    if session.scalar(
        sa.select(GrantRequest.id).where(GrantRequest.round_id == round_id, GrantRequest.group_id == group_id)
    ):
        raise RuleBroken(
            _("This group has a request in this round already. Please change that one."), code="has_request"
        )
    row = GrantRequest(
        round_id=round_id,
        group_id=group_id,
        standing=_standing(session, found, group_id, draft, extension),
        version=1,
        updated_at=now,
        **asdict(draft),
    )
    session.add(row)
    session.flush()
    _note(session, "grant_request.entered", row, now, extension)
    return row


def enter_requests(
    session: Session, round_id: int, drafts: Mapping[int, RequestDraft], *, now: datetime
) -> None:
    """Afterwards these groups, which have no request in the round, ask for money; one line says how many.

    Raises:
        IntegrityError: one of them has a request already.
    """
    found = hold_round(session, round_id)
    standings = standings_in(session, found)
    rows = [
        asdict(draft)
        | {
            "round_id": round_id,
            "group_id": group_id,
            "standing": standings.of(
                group_id, Arrival(draft.received_on, draft.posted_on), is_new=draft.is_new
            ),
            "version": 1,
            "updated_at": now,
        }
        for group_id, draft in drafts.items()
    ]
    if rows:
        session.execute(sa.insert(GrantRequest), rows)
        note(session, "grant_round.imported", now=now, record_id=round_id, entered=len(rows), changed=0)


def change_request(
    session: Session,
    request_id: int,
    draft: RequestDraft,
    *,
    version: int,
    extension: str | None = None,
    now: datetime,
) -> GrantRequest:
    """Afterwards the request says this; unchanged, it stays the version it is.

    Raises:
        RuleBroken: somebody has changed it since ``version`` (``outdated``), or it is withdrawn.
    """
    row, found = _hold(session, request_id, version)
    told = asdict(draft) | {"standing": _standing(session, found, row.group_id, draft, extension)}
    changed = [name for name, value in told.items() if getattr(row, name) != value]
    if not changed:
        return row
    for name in changed:
        setattr(row, name, told[name])
    row.version += 1
    row.updated_at = now
    session.flush()
    _note(session, "grant_request.changed", row, now, extension if "standing" in changed else None)
    return row


def withdraw_request(session: Session, request_id: int, *, version: int, now: datetime) -> int:
    """Afterwards the group asks for nothing; answer how many cents that it had been promised are free again.

    Raises:
        RuleBroken: somebody has changed it since ``version``, or it is withdrawn already.
    """
    row, found = _hold(session, request_id, version)
    row.standing = WITHDRAWN
    row.version += 1
    row.updated_at = now
    session.flush()
    _note(session, "grant_request.withdrawn", row, now)
    pot = pot_of(session.get_one(FundingRegion, found.region_id), found.year)
    promised = of_payee(pot, COMMITTED, a_group(row.group_id))
    number = find_accounts(session, [promised]).get(promised)
    cents = balance_of(session, number) if number else 0
    if cents:
        because = Because(f"withdrawn/{row.id}", "request.withdrawn", {"request": row.id})
        post(session, [release(pot, a_group(row.group_id), cents, because)], now=now)
    return cents


def _hold(session: Session, request_id: int, version: int) -> tuple[GrantRequest, GrantRound]:
    round_id = session.get_one(GrantRequest, request_id).round_id
    found = hold_round(session, round_id)
    row = session.get_one(GrantRequest, request_id, populate_existing=True)
    if row.standing == WITHDRAWN:
        raise RuleBroken(_("This request has been withdrawn. Nothing has changed."), code="is_withdrawn")
    if row.version != version:
        raise RuleBroken(
            _("Somebody changed this request while you had it open. Please look at both below and decide."),
            code="outdated",
        )
    return row, found


def _standing(
    session: Session, found: GrantRound, group_id: int, draft: RequestDraft, extension: str | None
) -> str:
    arrival = Arrival(draft.received_on, draft.posted_on)
    return standings_in(session, found).of(
        group_id, arrival, is_new=draft.is_new, is_excused=extension is not None
    )


def _note(
    session: Session, action: str, row: GrantRequest, now: datetime, extension: str | None = None
) -> None:
    where = {"record_id": row.id, "group_id": row.group_id}
    note(session, action, now=now, **where)
    if extension:
        note(session, "grant_request.extended", now=now, **where, extension=extension)
