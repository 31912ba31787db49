"""Whether a clearing house or an organisation can get a flat grant: every reason for and against, with its source."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from app.funding.rules.eligibility import AGAINST, FOR, MISSING, WARNING, Assessment, Reason
from app.funding.rules.institutions import (
    ALL_MONEY,
    CROSS_TOPIC,
    DUTIES,
    FOUNDS,
    FREE_ADVICE,
    INDEPENDENT,
    OPEN_TO_ALL,
    SELF_HELP,
    Plan,
)
from app.funding.rules.ledger_accounts import HOUSE
from app.funding.rules.staffing_standard import Compared, Staff

RULE_VERSION = 1
"""Goes up whenever the same facts would give other reasons."""
_LAW = "§ 20h (1) SGB V"
_LEITFADEN = "Leitfaden Selbsthilfeförderung, Selbsthilfekontaktstellen"
_ORGANISATIONS = "Leitfaden Selbsthilfeförderung, Selbsthilfeorganisationen"
_PLAN = "Leitfaden Selbsthilfeförderung, Kosten- und Finanzierungsplan"
_PROOF = "§ 17 SVHV"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known on the day it is looked at; None is what was not written yet, so that nothing can be said of it."""

    kind: str
    statements: Collection[str] | None
    staff: Staff | None
    compared: Compared | None
    """None for an organisation, and while the inhabitants are not known."""
    open_hours: int | None
    """Hours a week in hundredths in which anybody can call or come."""
    plan: Plan
    owes_proof_of: int | None
    """The year whose proof is due and has not come."""
    missing_pages: int


def assess_institution(facts: Facts) -> Assessment:
    """Answer every reason for and against a request.

    Sources: § 20h SGB V; Leitfaden zur Selbsthilfeförderung; publications of the Länder on clearing houses.
    """
    own = _of_house(facts) if facts.kind == HOUSE else _of_organisation(facts)
    return Assessment((*own, *_of_request(facts)), RULE_VERSION)


def _of_house(facts: Facts) -> Iterator[Reason]:
    yield from _declared(
        facts,
        {CROSS_TOPIC: _LAW, OPEN_TO_ALL: _LEITFADEN, FREE_ADVICE: _LEITFADEN, FOUNDS: _LEITFADEN},
    )
    if facts.staff is not None:
        yield _either(facts.staff.professional > 0, "paid_staff", AGAINST, _LEITFADEN)
    if facts.open_hours is not None:
        yield _either(facts.open_hours > 0, "regular_hours", AGAINST, _LEITFADEN)
    if facts.compared is not None:
        yield _either(
            facts.compared.is_met, "standard_met", WARNING, "SeKo Bayern 2008 (Personalausstattung)"
        )


def _of_organisation(facts: Facts) -> Iterator[Reason]:
    yield from _declared(facts, {SELF_HELP: _ORGANISATIONS, INDEPENDENT: _ORGANISATIONS})


def _declared(facts: Facts, sources: Mapping[str, str]) -> Iterator[Reason]:
    """Yield what was declared or not, once declarations were made at all."""
    for code, source in sources.items() if facts.statements is not None else ():
        yield _either(code in (facts.statements or ()), code, AGAINST, source)


def _of_request(facts: Facts) -> Iterator[Reason]:
    yield _either(facts.missing_pages == 0, "pages_complete", MISSING, "")
    if facts.statements is not None and facts.plan.asked_cents:
        yield _either(facts.plan.adds_up and ALL_MONEY in facts.statements, "money_declared", MISSING, _PLAN)
    if facts.plan.asked_cents:
        yield _either(
            facts.plan.income_cents > 0, "others_pay_too", AGAINST, "Leitfaden: keine Vollfinanzierung"
        )
    if facts.statements is not None:
        yield _either(DUTIES in facts.statements, "duties_accepted", MISSING, _PROOF)
    yield _either(facts.owes_proof_of is None, "proof_delivered", MISSING, _PROOF)
    if facts.plan.incomes["care_funds"]:
        yield Reason("double_funding", WARNING, "§ 45d SGB XI")


def _either(holds: bool, code: str, otherwise: str, source: str) -> Reason:  # noqa: FBT001 - the fact itself
    return Reason(code if holds else f"not_{code}", FOR if holds else otherwise, source)
