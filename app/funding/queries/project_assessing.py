"""What speaks for and against a project on a day, and which of those it asks have closed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.funding.queries.assessing import is_in_disease_list
from app.funding.queries.project_days import owed_project_proofs
from app.funding.queries.project_terms import Payer, payers_in
from app.funding.queries.projects import Project
from app.funding.rules import project as rules
from app.funding.rules.eligibility import Assessment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session


def assess(session: Session, found: Project, *, on: date) -> Assessment:
    """Answer everything that speaks for and against what a group has written so far."""
    frame = found.values(rules.FRAME) or {}
    account = found.values(rules.ACCOUNT) or {}
    people = found.values(rules.PEOPLE) or {}
    money = found.values(rules.MONEY)
    begins_on = found.begins_on
    facts = rules.ProjectFacts(
        on=on,
        in_disease_list=is_in_disease_list(session, found.group.id),
        is_described=found.values(rules.GOALS) is not None,
        begins_on=begins_on,
        is_yearly=bool(frame.get("is_yearly")),
        members_agree=bool(frame.get("members_agree")),
        plan=rules.plan_of(money) if money else None,
        has_own_account=bool(account.get("is_own")),
        signatures=found.signed,
        statements=frozenset(people.get("statements", ())),
        other_grants=frozenset(each["kind"] for each in (money or {}).get("others", ())),
        late_for=_late_for(payers_in(session, found.region), found, begins_on, on)
        if begins_on
        else frozenset(),
        owes_proof=bool(owed_project_proofs(session, found.group.id, on)),
    )
    return rules.assess_project(facts)


def _late_for(payers: Mapping[str, Payer], found: Project, begins_on: date, on: date) -> frozenset[str]:
    asked = {key: payers[key] for key in found.plan.asked if key in payers}
    days = {key: each.terms.last_day(begins_on.year) for key, each in asked.items()}
    return frozenset(key for key, day in days.items() if day is not None and day < on)
