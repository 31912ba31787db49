"""What counts of planned or proven costs: a region's limits, item by item."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.funding.rules.amounts import whole
from app.funding.rules.region_rules import CostLimit, RegionRules

COST_KINDS = (
    "rent",
    "office",
    "device",
    "phone_leader",
    "phone_deputy",
    "postage",
    "website",
    "flyers",
    "training",
    "conference",
    "overnight",
    "kilometres",
    "rail",
    "participants",
    "meetings",
    "account_fees",
    "tax_advice",
    "speakers",
    "other",
)
"""What self-help groups spend money on, as far as it counts at all."""
NEVER_COUNTS = ("catering", "gifts", "private_room", "leisure", "culture", "rehab_sport", "therapy", "study")
"""What no flat grant is for."""


@dataclass(frozen=True, slots=True)
class Cost:
    """An item: so many pieces (nights, kilometres, people), each for so many cents."""

    kind: str
    cents_each: int
    pieces: int = 1


@dataclass(frozen=True, slots=True)
class Counted:
    """An item and what counts of it."""

    cost: Cost
    cents: int
    limit: CostLimit | None
    """The limit that cut it; None: it counts in full, or it never counts."""

    @property
    def cut_cents(self) -> int:
        """What does not count."""
        return self.cost.cents_each * self.cost.pieces - self.cents


def count(costs: Iterable[Cost], rules: RegionRules) -> tuple[Counted, ...]:
    """Answer for each item what counts of it in a region.

    Raises:
        ValueError: a kind that there is not, a sum that is negative or not whole, or less than one piece.
    """
    return tuple(_count(cost, rules) for cost in costs)


def _count(cost: Cost, rules: RegionRules) -> Counted:
    whole(cost.cents_each, f"The sum for {cost.kind}")
    whole(cost.pieces, f"The number for {cost.kind}", least=1)
    if cost.kind in NEVER_COUNTS:
        return Counted(cost, 0, None)
    if cost.kind not in COST_KINDS:
        raise ValueError(f"There is no kind of cost {cost.kind!r}.")
    limit = rules.caps.get(cost.kind)
    if limit is None:
        return Counted(cost, cost.cents_each * cost.pieces, None)
    each = cost.cents_each if limit.cents_each is None else min(cost.cents_each, limit.cents_each)
    pieces = cost.pieces if limit.most is None else min(cost.pieces, limit.most)
    is_cut = (each, pieces) != (cost.cents_each, cost.pieces)
    return Counted(cost, each * pieces, limit if is_cut else None)
