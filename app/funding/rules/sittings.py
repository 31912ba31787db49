"""A joint sitting decides about requests one by one: outcomes and reasons, what is proposed, and the run it becomes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.funding.rules.amounts import whole
from app.funding.rules.caps import MAXIMUM, NEED, REQUEST, Cap, cap_of
from app.funding.rules.division import DividedLine, Division, Parts, Request, Tier
from app.funding.rules.explanation import (
    ASKED,
    DECIDED_IN_SITTING,
    KEPT,
    NOT_DECIDED,
    PUT_OFF_IN_SITTING,
    REJECTED_IN_SITTING,
    WITHDREW,
    Step,
)
from app.funding.rules.grant_round import MAIN, WITHDRAWN

PLANNED, PAPERS_SENT, OPEN, CLOSED = "planned", "papers_sent", "open", "closed"
"""How far a sitting is; whoever advises has had the papers before it is opened."""

GRANTED, PART, REJECTED, PUT_OFF = "granted", "part", "rejected", "put_off"
FITS = "fits"
REASONS: Mapping[str, tuple[str, ...]] = {
    GRANTED: (FITS,),
    PART: ("pot", NEED, MAXIMUM, "costs"),
    REJECTED: ("conditions", "purpose", "late", "pot"),
    PUT_OFF: ("papers", "questions", "money"),
}
"""Outcome → the reasons that there are for it."""

DECIDES, ADVISES, OFFICE = "decides", "advises", "office"
"""As what somebody is there: for an insurer, for self-help, or to keep the minutes."""

AGREES, DISAGREES = "agrees", "disagrees"
"""What a representative may put on record once it is decided."""

AGREED, NOT_AGREED = "agreed", "not_agreed"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a sitting decided about a request: the cents that it gives, and why."""

    outcome: str
    cents: int
    reason: str


class MoreThanThere(ValueError):
    """A sitting grants more than is free."""


class FaultyDecision(ValueError):
    """A decision that cannot be; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def checked(decision: Decision, requested_cents: int) -> Decision:
    """Answer the decision with its cents: all that was asked for, the part that was named, or nothing.

    Raises:
        FaultyDecision: the reason does not belong to the outcome (``reason``), a part is nothing (``no_sum``) or not
            less than what was asked for (``not_less``).
    """
    if decision.reason not in REASONS.get(decision.outcome, ()):
        raise FaultyDecision("reason")
    if decision.outcome == GRANTED:
        return Decision(GRANTED, requested_cents, decision.reason)
    if decision.outcome != PART:
        return Decision(decision.outcome, 0, decision.reason)
    if whole(decision.cents, "The part") == 0:
        raise FaultyDecision("no_sum")
    if decision.cents >= requested_cents:
        raise FaultyDecision("not_less")
    return decision


def proposed(cap: Cap, requested_cents: int) -> Decision | None:
    """Answer what follows from the cap of a request that nothing speaks against; None when it can get nothing."""
    if cap.cents == 0:
        return None
    if cap.set_by == REQUEST or cap.cents == requested_cents:
        return Decision(GRANTED, requested_cents, FITS)
    return Decision(PART, cap.cents, cap.set_by)


def cap_in_sitting(request: Request, most_cents: int | None = None) -> Cap:
    """Answer the most a request can get when nobody gets more than ``most_cents``."""
    return cap_of(
        request.requested_cents,
        maximum_cents=most_cents,
        expenses_cents=request.expenses_cents,
        own_cents=request.own_cents,
        others_cents=request.others_cents,
    )


def has_quorum(present_as: Collection[str], quorum: int) -> bool:
    """Whether enough of those are there who decide."""
    return sum(each == DECIDES for each in present_as) >= quorum


def divide_decided(
    money_cents: int,
    requests: Sequence[Request],
    decided: Mapping[int, Decision],
    *,
    earlier: Mapping[int, Parts] | None = None,
) -> Division:
    """Answer the division that a sitting's decisions are, by group; requests without one wait.

    Who has something from before keeps it. Nothing is held back.

    Raises:
        MoreThanThere: it grants more than there is.
    """
    ordered = sorted(requests, key=lambda each: each.group_id)
    lines = tuple(
        _line(each, decided.get(each.group_id), (earlier or {}).get(each.group_id, {})) for each in ordered
    )
    given = sum(each.award_cents - each.before_cents for each in lines)
    left = whole(money_cents, "The money of the pot") - given
    if left < 0:
        raise MoreThanThere(f"The sitting grants {given}, and only {money_cents} are there.")
    return Division(money_cents, 0, lines, left, {})


def _line(request: Request, decision: Decision | None, before: Parts) -> DividedLine:
    tier, cap = Tier(1), cap_in_sitting(request)
    if request.standing == WITHDRAWN:
        return DividedLine(request, tier, cap, {}, 0, (Step(WITHDREW),))
    asked = Step(ASKED, {"cents": request.requested_cents})
    had = sum(before.values())
    if had:
        return DividedLine(request, tier, cap, before, had, (asked, Step(KEPT, {"cents": had})))
    if decision is None:
        return DividedLine(request, tier, cap, {}, 0, (asked, Step(NOT_DECIDED)))
    why = {"reason": decision.reason}
    if decision.outcome == PUT_OFF:
        return DividedLine(request, tier, cap, {}, 0, (asked, Step(PUT_OFF_IN_SITTING, why)))
    if decision.outcome == REJECTED:
        return DividedLine(request, tier, cap, {}, 0, (asked, Step(REJECTED_IN_SITTING, why)))
    granted = Step(DECIDED_IN_SITTING, {"cents": decision.cents, **why})
    return DividedLine(request, tier, cap, {MAIN: decision.cents}, 0, (asked, granted))
