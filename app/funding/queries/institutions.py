"""Requests of clearing houses and organisations as they stand, with what was done with them and their proofs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.funding.models import (
    FundingRegion,
    InstitutionAct,
    InstitutionProof,
    InstitutionRequest,
    LedgerAccount,
    LedgerEntry,
    LedgerLine,
    NoticeOffice,
)
from app.funding.queries.payees import payee_names
from app.funding.reference_files import institution_proof_due, staffing_standard
from app.funding.rules import institutions as rules
from app.funding.rules.institution_reasons import Facts, assess_institution
from app.funding.rules.institutions import OPEN, PAGES_OF, Plan, plan_of, pot_for, proof_due_on
from app.funding.rules.ledger_accounts import HOUSE, PAID, Account, Payee
from app.funding.rules.postings import RETURN
from app.funding.rules.staffing_standard import Compared, Staff, compare_staff

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from app.funding.rules.eligibility import Assessment

NO_STAFF = Staff(0, 0)


@dataclass(frozen=True, slots=True)
class Found:
    """A request with the name of who asks; ``taken_back`` is the entry that reversed its promise."""

    request: InstitutionRequest
    name: str
    proof: InstitutionProof | None
    taken_back: int | None

    @property
    def kind(self) -> str:
        """A house or an organisation."""
        return self.request.payee.kind

    @property
    def pages(self) -> tuple[str, ...]:
        """Its pages."""
        return PAGES_OF[self.kind]

    @property
    def is_open(self) -> bool:
        """Whether it can be changed."""
        return self.request.state in OPEN

    @property
    def pot(self) -> Account:
        """Where its money comes from."""
        return pot_for(self.kind, self.request.state_ags, self.request.year)

    def values(self, page: str) -> dict[str, Any] | None:
        """Answer what a page means; None while it is not right."""
        found: dict[str, Any] | None = self.request.answers.get(page, {}).get("values")
        return found

    def typed(self, page: str) -> dict[str, list[str]]:
        """Answer what was typed on a page."""
        found: dict[str, list[str]] = self.request.answers.get(page, {}).get("typed", {})
        return found

    def page_version(self, page: str) -> int:
        """Answer how often a page was changed."""
        return int(self.request.versions.get(page, 0))

    def missing_pages(self) -> list[str]:
        """Answer the pages that are not right yet."""
        return [page for page in self.pages if self.values(page) is None]

    @property
    def plan(self) -> Plan:
        """Its costs, and who pays for them."""
        return plan_of(self.values(rules.MONEY))

    @property
    def staff(self) -> Staff:
        """Its posts."""
        values = self.values(rules.STAFF)
        return Staff(values["professional"], values["administration"]) if values else NO_STAFF

    @property
    def inhabitants(self) -> int | None:
        """How many people live in its catchment; None where nobody has said."""
        values = self.values(rules.STAFF)
        return values.get("inhabitants") if values else None

    @property
    def compared(self) -> Compared | None:
        """Its posts beside what is advised; None for an organisation, and while the inhabitants are not known."""
        values = self.values(rules.STAFF)
        if self.kind != HOUSE or not values or not values.get("inhabitants"):
            return None
        return compare_staff(
            staffing_standard(), self.staff, values["inhabitants"], full_week=values["full_week"]
        )

    @property
    def inquiries(self) -> int | None:
        """How many people asked, through all channels; None where nobody has said."""
        values = self.values(rules.FIGURES)
        return sum(values[f"channel_{each}"] for each in rules.CHANNELS) if values else None


def find_request(session: Session, request_id: int) -> Found | None:
    """Answer a request by its number, if there is one."""
    return next(iter(_found(session, InstitutionRequest.id == request_id)), None)


def list_requests(session: Session, year: int, states: Iterable[str | None]) -> list[Found]:
    """Answer the requests of a year from these Länder (None: the whole country), by Land, kind and name."""
    found = _found(session, (InstitutionRequest.year == year) & _in(states))
    return sorted(
        found, key=lambda each: (each.request.state_ags or "", each.kind != HOUSE, each.name.casefold())
    )


def list_waiting(session: Session, states: Iterable[str | None]) -> list[Found]:
    """Answer the requests from these Länder that wait for a decision, and those whose proof waits for a check."""
    waits = (InstitutionRequest.state == "submitted") | (InstitutionProof.state == "submitted")
    return _found(session, waits & _in(states))


def requests_of(session: Session, payee: Payee) -> list[Found]:
    """Answer all requests of a house or an organisation, the newest first."""
    return sorted(_found(session, _is_of(payee)), key=lambda each: -each.request.year)


def acts_of(session: Session, request_id: int) -> Sequence[InstitutionAct]:
    """Answer what was done with a request, the first first."""
    return session.scalars(
        sa.select(InstitutionAct)
        .where(InstitutionAct.request_id == request_id)
        .order_by(InstitutionAct.id)
        .execution_options(populate_existing=True)
    ).all()


def owed_proof(session: Session, payee: Payee, year: int, *, today: date) -> int | None:
    """Answer the latest year before this one whose grant is not proven although it is due; None where there is none.

    A proof that was questioned has not come yet: it counts again once it is answered.
    """
    due = institution_proof_due()
    for each in requests_of(session, payee):
        request = each.request
        is_granted = bool(request.granted_cents) and each.taken_back is None
        is_proven = each.proof is not None and each.proof.state != "questioned"
        if request.year < year and is_granted and not is_proven and proof_due_on(request.year, due) < today:
            return request.year
    return None


def assess(session: Session, found: Found, *, today: date) -> Assessment:
    """Answer what speaks for and against a request today."""
    declared, hours = found.values(rules.DECLARATIONS), found.values(rules.HOURS)
    facts = Facts(
        kind=found.kind,
        statements=declared["statements"] if declared else None,
        staff=found.staff if found.values(rules.STAFF) else None,
        compared=found.compared,
        open_hours=hours["phone"] + hours["visit"] if hours else None,
        plan=found.plan,
        owes_proof_of=owed_proof(session, found.request.payee, found.request.year, today=today),
        missing_pages=len(found.missing_pages()),
    )
    return assess_institution(facts)


def returned_cents(session: Session, found: Found) -> int:
    """Answer what of a year's money a house or an organisation has given back, as far as it stands."""
    pot, payee = found.pot, found.request.payee
    account = Account(PAID, pot.year, state=pot.state, level=pot.level, payee=payee)
    back = (
        sa.select(sa.func.coalesce(sa.func.sum(LedgerLine.cents), 0))
        .join(LedgerEntry, LedgerEntry.id == LedgerLine.entry_id)
        .join(LedgerAccount, LedgerAccount.id == LedgerLine.account_id)
        .where(LedgerAccount.name == account.name, LedgerEntry.kind == RETURN, ~_is_reversed())
    )
    return -int(session.scalar(back) or 0)


def paid_account(session: Session, found: Found) -> int | None:
    """Answer the number of the account that holds what was paid, if anything was."""
    pot = found.pot
    account = Account(PAID, pot.year, state=pot.state, level=pot.level, payee=found.request.payee)
    return session.scalar(sa.select(LedgerAccount.id).where(LedgerAccount.name == account.name))


def office_of_land(session: Session, state: str | None) -> NoticeOffice | None:
    """Answer who issues notices in a Land: the first of its regions that has said so; None for the whole country."""
    regions = sa.select(FundingRegion.id).where(FundingRegion.state_ags == state)
    return session.scalar(
        sa.select(NoticeOffice)
        .where(NoticeOffice.region_id.in_(regions))
        .order_by(NoticeOffice.region_id)
        .limit(1)
    )


def _is_reversed() -> sa.ColumnElement[bool]:
    by = LedgerEntry.__table__.alias()
    return sa.exists().where(by.c.reverses_id == LedgerEntry.id)


def _is_of(payee: Payee) -> sa.ColumnElement[bool]:
    if payee.kind == HOUSE:
        return InstitutionRequest.clearinghouse_id == payee.id
    return InstitutionRequest.organisation_id == payee.id


def _in(states: Iterable[str | None]) -> sa.ColumnElement[bool]:
    wanted = set(states)
    return InstitutionRequest.state_ags.in_([each for each in wanted if each]) | (
        InstitutionRequest.state_ags.is_(None) & sa.literal(None in wanted)
    )


def _found(session: Session, which: sa.ColumnElement[bool]) -> list[Found]:
    by = LedgerEntry.__table__.alias()
    rows = session.execute(
        sa.select(InstitutionRequest, InstitutionProof, by.c.id)
        .outerjoin(InstitutionProof, InstitutionProof.request_id == InstitutionRequest.id)
        .outerjoin(by, by.c.reverses_id == InstitutionRequest.entry_id)
        .where(which)
        .execution_options(populate_existing=True)
    ).all()
    names = payee_names(session, [request.payee for request, _proof, _by in rows])
    return [Found(request, names[request.payee], proof, by_id) for request, proof, by_id in rows]


def writers_of(acts: Iterable[InstitutionAct]) -> set[int]:
    """Answer who has written in a request."""
    return {each.done_by for each in acts if each.act in ("begun", "changed", "submitted")}
