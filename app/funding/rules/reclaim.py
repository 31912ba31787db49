"""Money that has to come back: how much, in which instalments, until when it can be claimed."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.funding.rules.amounts import whole

UNUSED, NOT_ACCEPTED, REVOKED = "unused", "not_accepted", "revoked"
LEGAL_BASES = {
    UNUSED: "§ 47 (2) 1 Nr. 1, § 50 (1), (3) SGB X",
    NOT_ACCEPTED: "§ 47 (2) 1 Nr. 1, § 50 (1), (3) SGB X",
    REVOKED: "§§ 47, 50 (1), (3) SGB X",
}
LAPSES_AFTER_YEARS = 4
MOST_INSTALMENTS = 60

SETTLED, LAPSED, WRITTEN, NEW = "settled", "lapsed", "written", "new"


@dataclass(frozen=True, slots=True)
class Claim:
    """What was claimed, what came back since, what is waived. Whichever way money came, it is counted once."""

    claimed_cents: int
    came_cents: int = 0
    waived_cents: int = 0

    @property
    def open_cents(self) -> int:
        """What still has to come."""
        return max(0, self.claimed_cents - self.came_cents - self.waived_cents)


@dataclass(frozen=True, slots=True)
class Instalment:
    """A part of it and its day."""

    due_on: date
    cents: int


def to_claim(kept_cents: int, may_keep_cents: int) -> int:
    """Answer what has to come back: all that somebody still has and may not keep."""
    whole(kept_cents, "What they have")
    return max(0, kept_cents - whole(may_keep_cents, "What they may keep"))


def equal_plan(cents: int, count: int, first_on: date) -> tuple[Instalment, ...]:
    """Answer monthly instalments that add up; odd cents are in the first ones.

    Raises:
        ValueError: no sum, more instalments than there can be, or than cents.
    """
    whole(cents, "The sum", least=1)
    whole(count, "The number of instalments", least=1, most=min(MOST_INSTALMENTS, cents))
    each, odd = divmod(cents, count)
    return tuple(
        Instalment(_months_after(first_on, number), each + (number < odd)) for number in range(count)
    )


def left_of(plan: Sequence[Instalment], came_cents: int) -> list[int]:
    """Answer what is open of each instalment, when so much has come since; the earliest are paid first."""
    left = came_cents
    found = []
    for each in plan:
        paid = min(each.cents, left)
        left -= paid
        found.append(each.cents - paid)
    return found


def next_part(plan: Sequence[Instalment], came_cents: int) -> Instalment | None:
    """Answer what has to come next: the first instalment that is open, with what is open of it; None when none is."""
    parts = (
        Instalment(each.due_on, left) for each, left in zip(plan, left_of(plan, came_cents), strict=True)
    )
    return next((each for each in parts if each.cents), None)


def overdue_cents(plan: Sequence[Instalment], came_cents: int, on: date) -> int:
    """Answer what should have come by now."""
    open_parts = zip(plan, left_of(plan, came_cents), strict=True)
    return sum(open_cents for each, open_cents in open_parts if each.due_on < on)


def lapses_on(final_on: date) -> date:
    """Answer the last day on which a claim can be enforced: four years after the year in which it became final.

    Source: § 50 (4) 1 SGB X.
    """
    return date(final_on.year + LAPSES_AFTER_YEARS, 12, 31)


def state_of(claim: Claim, *, lapses: date | None, on: date) -> str:
    """Answer how far a claim is: nothing told yet (``new``), told in writing, all of it back, or too old."""
    if not claim.open_cents:
        return SETTLED
    if lapses is None:
        return NEW
    return LAPSED if on > lapses else WRITTEN


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
