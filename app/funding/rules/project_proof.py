"""How a group proves what the money for its project was used for: until when, what is left, who gets how much back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from app.funding.rules.apportion import apportion
from app.funding.rules.counted_costs import Cost
from app.funding.rules.institutions import remaining_cents
from app.funding.rules.project import FinancePlan, plan_of

SUBMITTED, QUESTIONED, ACCEPTED = "submitted", "questioned", "accepted"
PROOF = "proof"
"""Under which name what is typed of a proof is kept beside the pages of its project, until it is handed in."""
PROOF_AFTER = timedelta(days=183)
"""How long after its end a project is proven: six months are common, and no source says more."""


def project_proof_due(ends_on: date) -> date:
    """Answer the last day for the proof of a project that ends on a day."""
    return ends_on + PROOF_AFTER


def used_plan(values: Mapping[str, Any]) -> FinancePlan:
    """Answer what was really spent and who else paid, as a proof says it."""
    return plan_of({**values, "asked": ()})


def uncovered_cents(used: FinancePlan, granted_cents: int) -> int:
    """Answer what was spent and is paid by nobody."""
    return max(0, used.gap_cents - granted_cents)


def left_of(used: FinancePlan, granted_cents: int) -> int:
    """Answer what is left of the grant, and goes back."""
    return remaining_cents(granted_cents, used.total_cents, used.own_cents + used.others_cents)


def going_back(remaining: int, given: Mapping[str, int], *, seed: str) -> dict[str, int]:
    """Answer what each insurer gets back of what is left, in proportion to what it gave; nobody more than that."""
    return apportion(remaining, given, seed=seed)


def by_kind(costs: Iterable[Cost]) -> dict[str, int]:
    """Answer the sum of each kind of cost."""
    found: Counter[str] = Counter()
    for each in costs:
        found[each.kind] += each.cents_each * each.pieces
    return dict(found)
