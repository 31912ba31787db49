"""Proof of what a flat grant was used for: in which form, until when, what is left of the money, when it is missing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from app.funding.rules.amounts import whole
from app.funding.rules.deadlines import deadline
from app.funding.rules.region_rules import (
    NEXT_WORKING_DAY,
    WITH_NEXT_REQUEST,
    RegionRules,
    day_in,
    proof_is_simple,
)

CONFIRMATION, FULL = "confirmation", "full"
"""A declaration that the money was used for its purpose, or every expense with its receipt."""
DRAFT, SUBMITTED, QUESTIONS, ACCEPTED, PARTLY = "draft", "submitted", "questions", "accepted", "partly"
WRITABLE = (DRAFT, QUESTIONS)
"""In these a group can write."""
DECIDED = (ACCEPTED, PARTLY)
SOON, ON_DAY, LATE = "reminded_soon", "reminded", "reminded_late"
REMINDERS = (SOON, ON_DAY, LATE)
BEFORE, AFTER = timedelta(days=14), timedelta(days=14)
"""So long before the last day, and after it, a group is reminded; once more on the day itself."""


@dataclass(frozen=True, slots=True)
class Use:
    """What was received, what was spent for the purpose, and who else paid for it."""

    received_cents: int
    spent_cents: int
    own_cents: int = 0
    others_cents: int = 0

    def __post_init__(self) -> None:
        """Refuse what is no sum."""
        for name in ("received_cents", "spent_cents", "own_cents", "others_cents"):
            whole(getattr(self, name), name)

    @property
    def used_cents(self) -> int:
        """What of the grant was spent: what own and others' money does not pay, at most what was received."""
        return min(self.received_cents, max(0, self.spent_cents - self.own_cents - self.others_cents))

    @property
    def remaining_cents(self) -> int:
        """What is left of the grant, and goes back."""
        return self.received_cents - self.used_cents


def kind_of_proof(granted_cents: int, rules: RegionRules) -> str:
    """Answer in which form a grant of this sum is proven in a region."""
    return CONFIRMATION if proof_is_simple(granted_cents, rules) else FULL


def due_on(year: int, rules: RegionRules, free_days: Collection[date] = ()) -> date:
    """Answer the last day for the proof of a funding year: with the request for the next one, or on the region's day.

    ``free_days`` are the public holidays of the Land around that day.

    Source: the rules of each region (``data/region_presets.json``); § 26 (3) SGB X for days that are free.
    """
    if rules.proof_due == WITH_NEXT_REQUEST:
        return deadline(year + 1, rules, is_new=False, free_days=free_days)
    last = day_in(year + 1, rules.proof_due)
    while rules.weekend == NEXT_WORKING_DAY and (last.weekday() >= 5 or last in free_days):
        last += timedelta(days=1)
    return last


@dataclass(frozen=True, slots=True)
class Stand:
    """Where the proof of a grant is: ``due_on`` by the rules, and the day to which somebody extended it."""

    state: str
    due_on: date
    comes_with_request: bool
    extended_until: date | None = None
    answer_until: date | None = None
    """Until when the question that is open is to be answered."""

    @property
    def last_day(self) -> date:
        """Until when it can come, an extension included."""
        return max(self.due_on, self.extended_until) if self.extended_until else self.due_on

    def is_overdue(self, on: date) -> bool:
        """Whether it should have come, or an answer to a question should have."""
        if self.state == QUESTIONS:
            return self.answer_until is not None and on > self.answer_until
        return self.state == DRAFT and on > self.last_day

    def is_missing(self, on: date) -> bool:
        """Whether no money for a later year is paid because of it.

        Where proof comes with the next request, it is missing as soon as there is one, unless it was extended.
        """
        if self.state == DRAFT and self.comes_with_request:
            return self.extended_until is None or on > self.extended_until
        return self.is_overdue(on)


def reminder_on(last_day: date, on: date) -> str | None:
    """Answer the reminder whose time has come; a job that did not run for weeks sends the newest alone."""
    if on > last_day + AFTER:
        return LATE
    if on >= last_day:
        return ON_DAY
    return SOON if on >= last_day - BEFORE else None
