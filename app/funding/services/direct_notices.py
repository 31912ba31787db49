"""Notices about what was decided without a round: made once for each decision, sent, and read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.models import RoleGrant, User
from app.accounts.rules.permissions import DESK_LEAD
from app.funding.documents.notices import LANGUAGE, print_notice
from app.funding.mails.notices import direct_notice_mail
from app.funding.models import DirectNotice
from app.funding.queries.direct_notices import COLUMNS, payee_of
from app.funding.queries.notice_ways import address_of, newest_ways
from app.funding.queries.payees import payee_names
from app.funding.reference_files import attention, direct_notice_texts, notice_texts, served_rules
from app.funding.rules.direct_letter import DirectTold, direct_letter
from app.funding.rules.dispatch import MAILED, readdressed
from app.funding.rules.ledger_accounts import GROUP, HOUSE, Payee
from app.funding.rules.notice_letter import Office
from app.funding.rules.notices import rule_on
from app.funding.services.notice_acts import did, note_of_notice
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.groups.readers import Reader, readers_of, write_to
from app.shared.languages import speaking
from app.shared.money import euro_words
from app.shared.outbox import About

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about a request without a round.

    ``key`` names the decision, so that it is told once; ``number`` is the file number of the notice. ``subject`` is
    one of ``direct_letter.SUBJECTS``. ``reasons`` are whole German sentences. ``state_ags`` is the Land whose holidays
    count; ``replaces`` the notice that a change or a revocation is about.
    """

    key: str
    kind: str
    subject: str
    payee: Payee
    to: Sequence[str]
    number: str
    request_number: str
    year: int
    requested_cents: int
    cents: int
    reasons: Sequence[str]
    state_ags: str | None
    begins_on: date
    ends_on: date
    proof_due: date
    about: str = ""
    replaces: DirectNotice | None = None


def tell_decision(session: Session, decision: Decision, office: Office, *, now: datetime) -> DirectNotice:
    """Answer the notice of a decision, made and mailed if somebody can sign in for the payee; told before, as it is.

    Raises:
        NotPrintable: no font has one of the characters in it.
    """
    known = session.scalar(sa.select(DirectNotice).where(DirectNotice.key == decision.key))
    if known is not None:
        return known
    facts = _facts(session, decision, office, now=now)
    body = print_notice(facts, now)
    made = DirectNotice(
        key=decision.key,
        kind=decision.kind,
        number=decision.number,
        year=decision.year,
        state_ags=decision.state_ags,
        replaces_id=decision.replaces.id if decision.replaces else None,
        cents=decision.cents,
        facts=facts,
        made_at=now,
        sha256=hashlib.sha256(body).hexdigest(),
        body=body,
    )
    setattr(made, COLUMNS[decision.payee.kind].key, decision.payee.id)
    session.add(made)
    session.flush()
    note_of_notice(session, "made", made, now=now, notice_kind=made.kind)
    _mail(session, made, now=now)
    return made


def writers_for(session: Session, payee: Payee) -> list[Reader]:
    """Answer who leads a house, or writes for an organisation, and can sign in."""
    its = (
        (RoleGrant.clearinghouse_id == payee.id) & (RoleGrant.role == DESK_LEAD)
        if payee.kind == HOUSE
        else RoleGrant.organisation_id == payee.id
    )
    rows = session.execute(
        sa.select(User.id, User.email, User.language)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(its, User.is_active)
        .order_by(User.id)
    )
    return [Reader(f"user:{number}", email, language) for number, email, language in rows]


def _facts(session: Session, decision: Decision, office: Office, *, now: datetime) -> dict[str, object]:
    replaced = decision.replaces
    with speaking(LANGUAGE):
        told = DirectTold(
            subject=decision.subject,
            kind=decision.kind,
            payee=payee_names(session, [decision.payee])[decision.payee],
            to=_window(session, decision),
            number=decision.number,
            request_number=decision.request_number,
            year=decision.year,
            day=date_words(day_of(now)),
            requested=euro_words(decision.requested_cents),
            cents=euro_words(decision.cents),
            reasons=decision.reasons,
            served_days=rule_on(day_of(now), served_rules()).days,
            about=decision.about,
            begins=date_words(decision.begins_on),
            ends=date_words(decision.ends_on),
            proof_due=date_words(decision.proof_due),
            replaced=(replaced.number, date_words(day_of(replaced.made_at))) if replaced else ("", ""),
        )
    return direct_letter(notice_texts(), direct_notice_texts(), told, office)


def _window(session: Session, decision: Decision) -> list[str]:
    """Answer the lines of the window, with the address that the payee has given for letters."""
    address = address_of(newest_ways(session, [decision.payee]).get(decision.payee))
    return readdressed(decision.to, address, attention())


def _mail(session: Session, notice: DirectNotice, *, now: datetime) -> None:
    """Write to whoever consents to read it here and can sign in; nobody: then it is printed and posted."""
    payee = payee_of(notice)
    way = newest_ways(session, [payee]).get(payee)
    readers = _readers(session, payee) if way and way.is_electronic else []
    if not readers or not did(session, notice, MAILED, now=now):
        return
    name = payee_names(session, [payee])[payee]
    write_to(
        session,
        readers,
        lambda _reader: direct_notice_mail(notice, payee, name),
        purpose="notice",
        now=now,
        about=About(
            group_id=payee.id if payee.kind == GROUP else None,
            clearinghouse_id=payee.id if payee.kind == HOUSE else None,
        ),
        once=f"direct-notice:{notice.id}",
    )


def _readers(session: Session, payee: Payee) -> list[Reader]:
    if payee.kind == GROUP:
        return [each for each in readers_of(session, [payee.id])[payee.id] if each.has_account]
    return writers_for(session, payee)
