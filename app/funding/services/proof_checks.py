"""The office looks at a proof: asks the group, gives it more time, accepts it or a part of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.funding.mails.proofs import decided_mail, extended_mail, question_mail
from app.funding.models import FundingRegion, GrantRound, UseProof
from app.funding.queries.proofs import items_of, line_of_group
from app.funding.rules.proof import ACCEPTED, DRAFT, FULL, PARTLY, QUESTIONS, SUBMITTED, Use
from app.funding.rules.reclaim import NOT_ACCEPTED, UNUSED
from app.funding.services.proofs import ProofChanged, add_act, hold_proof, note_of_proof
from app.funding.services.reclaims import claim_back
from app.groups.meetings.schedules import day_of
from app.groups.models import Group
from app.groups.presentation import date_words
from app.groups.readers import readers_who_sign_in, write_to
from app.shared.errors import BadInput, RuleBroken

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from app.shared.mail_text import Mail

LONGEST = 2_000
AT_MOST_AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Judged:
    """What somebody says of an expense: accepted, or not and why."""

    is_accepted: bool
    reason: str = ""


def ask_group(
    session: Session, proof_id: int, text: str, until: date, *, seen: int, by: int, now: datetime
) -> None:
    """Afterwards the group is asked, can change its proof, and has until this day to answer.

    Raises:
        BadInput: no question, or a day that cannot be.
        RuleBroken: it is not with the office, or was changed since it was opened.
    """
    text = _text(text, "text")
    _check_day(until, "until", now)
    proof = _submitted(session, proof_id, seen)
    proof.state, proof.answer_until, proof.version = QUESTIONS, until, proof.version + 1
    add_act(session, proof, "asked", text=text, until=until, by=by, now=now)
    note_of_proof(session, "proof.asked", proof.id, proof.group_id, now=now)
    _tell(
        session,
        proof,
        "proof-question",
        lambda name, year: question_mail(name, _slug(session, proof), year, until),
        now,
    )
    session.flush()


def extend_proof(
    session: Session,
    proof_id: int,
    until: date,
    reason: str,
    *,
    by: int,
    now: datetime,
) -> None:
    """Afterwards the group has until this day, and it is kept who allowed that and why.

    Raises:
        BadInput: no reason, or a day that is no later one.
        RuleBroken: the proof has come.
    """
    reason = _text(reason, "reason")
    _check_day(until, "until", now)
    proof = hold_proof(session, proof_id)
    if proof.state not in (DRAFT, QUESTIONS):
        raise RuleBroken(_("This proof has come; it needs no more time."), code="has_come")
    if proof.state == QUESTIONS:
        last = proof.answer_until or until
    else:
        found = session.get_one(GrantRound, proof.round_id)
        region = session.get_one(FundingRegion, found.region_id)
        last = line_of_group(session, region, found, proof.group_id).stand.last_day
    if until <= last:
        raise BadInput(
            _("Please choose a day after %(day)s, which is the last one now.", day=date_words(last)),
            field="until",
        )
    if proof.state == QUESTIONS:
        proof.answer_until = until
    else:
        proof.extended_until = until
    add_act(session, proof, "extended", text=reason, until=until, by=by, now=now)
    note_of_proof(session, "proof.extended", proof.id, proof.group_id, now=now)
    _tell(
        session,
        proof,
        "proof-extended",
        lambda name, year: extended_mail(name, _slug(session, proof), year, until),
        now,
    )
    session.flush()


def decide_proof(
    session: Session,
    proof_id: int,
    judged: Mapping[int, Judged],
    *,
    refused_cents: int = 0,
    reason: str = "",
    seen: int,
    by: int,
    now: datetime,
) -> int | None:
    """Afterwards the proof is accepted, or a part of it; answer the claim for what has to come back, if anything has.

    Of a full proof each expense is judged; of a confirmation ``refused_cents`` are not accepted, for a ``reason``.

    Raises:
        BadInput: an expense without a judgement, something that is refused without a reason, or more than was used.
        RuleBroken: it is not with the office, or was changed since it was opened.
    """
    proof = _submitted(session, proof_id, seen)
    may_keep, is_whole = _judge(session, proof, judged, refused_cents, reason)
    found = session.get_one(GrantRound, proof.round_id)
    region = session.get_one(FundingRegion, found.region_id)
    proof.state = ACCEPTED if is_whole else PARTLY
    proof.accepted_cents, proof.decided_by, proof.decided_at = may_keep, by, now
    proof.version += 1
    add_act(session, proof, "decided", text=reason.strip(), by=by, now=now)
    note_of_proof(session, "proof.decided", proof.id, proof.group_id, now=now, proof_state=proof.state)
    session.flush()
    cause = UNUSED if is_whole else NOT_ACCEPTED
    claim = claim_back(
        session, region, found, proof.group_id, may_keep_cents=may_keep, cause=cause, by=by, now=now
    )
    _tell(
        session,
        proof,
        "proof-decided",
        lambda name, year: decided_mail(name, _slug(session, proof), year),
        now,
    )
    return claim


def _judge(
    session: Session, proof: UseProof, judged: Mapping[int, Judged], refused_cents: int, reason: str
) -> tuple[int, bool]:
    """Answer what the group may keep, and whether everything was accepted."""
    if proof.kind == FULL:
        accepted = _judge_items(session, proof, judged)
        use = Use(proof.received_cents, accepted, proof.own_cents, proof.others_cents)
        return use.used_cents, all(each.is_accepted for each in judged.values())
    used = proof.received_cents - (proof.remaining_cents or 0)
    if refused_cents > used:
        raise BadInput(_("More than was used cannot be refused."), field="refused")
    if refused_cents:
        _text(reason, "reason")
    return used - refused_cents, not refused_cents


def _judge_items(session: Session, proof: UseProof, judged: Mapping[int, Judged]) -> int:
    """Answer the sum of the expenses that are accepted; each keeps what was said of it."""
    items = items_of(session, proof.id)
    if {each.position for each in items} != judged.keys():
        raise BadInput(_("Please say of every expense whether it is accepted."), field="items")
    accepted = 0
    for item in items:
        said = judged[item.position]
        item.is_accepted, item.reason = said.is_accepted, said.reason.strip()[:LONGEST]
        if said.is_accepted:
            item.reason = ""
            accepted += item.cents
        elif not item.reason:
            raise BadInput(
                _("Please say why, so that the group understands it."), field=f"reason_{item.position}"
            )
    return accepted


def _submitted(session: Session, proof_id: int, seen: int) -> UseProof:
    proof = hold_proof(session, proof_id)
    if proof.state != SUBMITTED:
        raise RuleBroken(
            _("This proof is decided already, or with the group. Nothing has changed."), code="not_submitted"
        )
    if proof.version != seen:
        raise ProofChanged(_("This proof was changed since you opened it. Please look at it once more."))
    return proof


def _text(text: str, field: str) -> str:
    text = text.strip()
    if not 0 < len(text) <= LONGEST:
        raise BadInput(_("Please write something, in up to 2,000 characters."), field=field)
    return text


def _check_day(day: date, field: str, now: datetime) -> None:
    if not day_of(now) < day <= day_of(now) + AT_MOST_AHEAD:
        raise BadInput(_("Please choose a day from tomorrow on, at most a year ahead."), field=field)


def _slug(session: Session, proof: UseProof) -> str:
    return session.get_one(Group, proof.group_id).slug


def _tell(
    session: Session, proof: UseProof, purpose: str, write: Callable[[str, int], Mail], now: datetime
) -> None:
    name = session.get_one(Group, proof.group_id).name
    year = session.get_one(GrantRound, proof.round_id).year
    readers = readers_who_sign_in(session, proof.group_id)
    write_to(session, readers, lambda _reader: write(name, year), purpose=purpose, now=now)
