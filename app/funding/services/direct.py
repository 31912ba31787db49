"""Money without a round: promised to clearing houses and organisations, paid, given back; and what was a mistake."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.clearinghouses.models import Catchment, ClearingHouse
from app.clearinghouses.rules.vocabulary import slug_of
from app.funding.models import Organisation
from app.funding.queries.entries import entry_ids
from app.funding.queries.institutions import owed_proof
from app.funding.queries.payees import DIRECT, Award, Step, pot_of_payee
from app.funding.queries.reclaims import open_claim_on
from app.funding.rules.ledger_accounts import HOUSE, ORGANISATION, Account, Payee
from app.funding.rules.level_plan import CLEARING_HOUSES, FEDERAL, STATE_ORGANISATIONS
from app.funding.rules.postings import COMMIT, PAY, RETURN, Because, commit, give_back, pay
from app.funding.services.ledger import counting_year, post, reverse
from app.funding.services.payment_postings import REASON
from app.groups.meetings.schedules import day_of
from app.places.models import State
from app.shared.errors import BadInput, RuleBroken
from app.shared.history import note
from app.shared.money import euro_words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LEVELS_OF_DIRECT = (FEDERAL, STATE_ORGANISATIONS, CLEARING_HOUSES)
"""Levels whose pots are promised without a round."""
_LONGEST_NAME = 120
_EARLIEST = 2000


def recipients(session: Session, pot: Account) -> dict[Payee, str]:
    """Answer who can be promised money of a pot, by name: clearing houses of its Land, or its organisations."""
    if pot.insurer is not None or pot.level not in LEVELS_OF_DIRECT:
        return {}
    if pot.level == CLEARING_HOUSES:
        inside = sa.select(Catchment.clearinghouse_id).where(
            Catchment.district_ags.startswith(pot.state or "")
        )
        rows = session.execute(
            sa.select(ClearingHouse.id, ClearingHouse.name)
            .where(ClearingHouse.id.in_(inside))
            .order_by(ClearingHouse.name)
        )
        return {Payee(HOUSE, number): name for number, name in rows}
    of_level = sa.select(Organisation.id, Organisation.name).order_by(Organisation.name)
    rows = session.execute(of_level.where(Organisation.state_ags.is_not_distinct_from(pot.state)))
    return {Payee(ORGANISATION, number): name for number, name in rows}


def promise(session: Session, pot: Account, payee: Payee, cents: int, *, token: str, now: datetime) -> int:
    """Answer the entry by which a pot promises money to a house or an organisation.

    ``token`` is drawn once for each form, so that a form that is sent twice promises once.

    Raises:
        BadInput: this pot has nothing for them, or there is no sum.
        RuleBroken: the pot has not so much.
    """
    if payee not in recipients(session, pot):
        raise BadInput(_("Please choose somebody whom this pot is for."), field="payee")
    if cents < 1:
        raise BadInput(_("Please give the sum."), field="cents")
    if not re.fullmatch(r"[A-Za-z0-9-]{8,40}", token):
        raise BadInput(_("Please load the page again and send the form once more."))
    because = Because(f"{DIRECT}/{token}", DIRECT)
    return post(session, [commit(pot, payee, cents, because)], now=now).entry_ids[0]


def pay_award(session: Session, award: Award, *, now: datetime) -> None:
    """Afterwards what was promised is booked as paid.

    Raises:
        RuleBroken: it is paid already or not promised any more; the proof of an earlier grant is missing; or the money
            has not come yet.
    """
    if award.paid is not None or award.promise.reversed_by is not None:
        raise RuleBroken(
            _("This is paid already, or not promised any more. Nothing has changed."), code="not_promised"
        )
    owed = owed_proof(session, award.payee, award.pot.year, today=day_of(now))
    if owed is not None:
        raise RuleBroken(
            _(
                "%(name)s has not proven yet what the grant of %(year)s was used for. It is paid as soon as the "
                "proof has come.",
                name=award.name,
                year=owed,
            ),
            code="owes_proof",
        )
    because = Because(
        f"{award.promise.key}/paid/{award.payments + 1}",
        DIRECT,
        {"day": day_of(now).isoformat()},
        year=counting_year(session, award.pot.year, now=now),
    )
    post(session, [pay(award.pot, award.payee, award.promise.cents, because)], now=now)


def book_return(
    session: Session,
    paid: Account,
    cents: int,
    *,
    received_on: date,
    token: str,
    now: datetime,
    is_claimed: bool = False,
) -> int:
    """Answer the entry by which somebody's money has come back; it belongs to the year in which it came.

    What a claim is open for is booked at the claim (``is_claimed``), where everybody sees what has come already.

    Raises:
        BadInput: the sum or the day cannot be.
        RuleBroken: not so much was paid to them, or a claim is open.
    """
    if paid.payee is None or cents < 1:
        raise BadInput(_("Please give the sum that came."), field="cents")
    if not date(max(_EARLIEST, paid.year), 1, 1) <= received_on <= day_of(now):
        raise BadInput(
            _("Please give the day on which it came; it cannot be still to come."), field="received_on"
        )
    if not re.fullmatch(r"[A-Za-z0-9-]{8,40}", token):
        raise BadInput(_("Please load the page again and send the form once more."))
    key = f"returned/{token}"
    claim = None if is_claimed else open_claim_on(session, paid, on=day_of(now))
    if claim is not None and key not in entry_ids(session, [key]):
        raise RuleBroken(
            _(
                "%(sum)s of this are claimed back. Please book it there, so that nothing is counted twice: Funding, "
                "Money to claim back.",
                sum=euro_words(claim.claim.open_cents),
            ),
            code="has_claim",
            field="account",
        )
    because = Because(key, "returned", {"day": received_on.isoformat()})
    year = counting_year(session, received_on.year, now=now)
    posting = give_back(pot_of_payee(paid), paid.payee, cents, because, year=year)
    return post(session, [posting], now=now).entry_ids[0]


def can_be_undone(step: Step) -> bool:
    """Whether an entry can be taken back here: nothing reversed, of a round, of a batch, of a project."""
    if step.reversed_by is not None or step.key.startswith((f"{REASON}/", "project/")):
        return False
    return step.kind in (PAY, RETURN) or step.key.startswith(f"{DIRECT}/")


def undo(session: Session, step: Step, *, now: datetime) -> None:
    """Afterwards everything that an entry moved is back; of a closed year by an entry of this one that names it.

    Raises:
        RuleBroken: it cannot be taken back, or the money has gone further: then that is taken back first.
    """
    if not can_be_undone(step):
        raise RuleBroken(_("This entry cannot be taken back here. Nothing has changed."), code="stays")
    year = counting_year(session, step.year, now=now)
    corrects = step.key if year != step.year else None
    kind = {COMMIT: "promise_undone", PAY: "payment_undone", RETURN: "return_undone"}[step.kind]
    reverse(session, step.key, Because(f"undo/{step.entry_id}", kind, year=year, corrects=corrects), now=now)


def add_organisation(session: Session, name: str, state_ags: str | None, *, now: datetime) -> int:
    """Answer the number of an organisation that can get money from now on: of a Land, or of the whole country.

    Raises:
        BadInput: the name is missing, too long or taken there; or there is no such Land.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= _LONGEST_NAME:
        raise BadInput(_("Please give the name, in up to 120 characters."), field="name")
    if state_ags is not None and session.get(State, state_ags) is None:
        raise BadInput(_("Please choose a Land."), field="state")
    in_place = Organisation.state_ags.is_not_distinct_from(state_ags)
    same = sa.select(Organisation.id).where(sa.func.lower(Organisation.name) == name.lower(), in_place)
    if session.scalar(same) is not None:
        raise BadInput(_("There is an organisation of this name already."), field="name")
    added = Organisation(slug=_free_slug(session, name), name=name, state_ags=state_ags)
    session.add(added)
    session.flush()
    note(session, "funding.organisation_added", now=now, record_id=added.id)
    return added.id


def _free_slug(session: Session, name: str) -> str:
    words = slug_of(name)
    taken = set(session.scalars(sa.select(Organisation.slug).where(Organisation.slug.startswith(words))))
    return next(
        slug for n in range(1, len(taken) + 2) if (slug := words if n == 1 else f"{words}-{n}") not in taken
    )
