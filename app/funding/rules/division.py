"""A round divided, from requests to reasons: what a trial shows and what a run records comes from here alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from app.funding.rules.amounts import whole
from app.funding.rules.caps import Cap, cap_of
from app.funding.rules.explanation import Step, explain
from app.funding.rules.grant_round import (
    IN_TIME,
    WITHDRAWN,
    Applicant,
    BelowMinimum,
    Granted,
    RoundRules,
    first_round,
    second_round,
)
from app.funding.rules.pot import Reserve, reserve_cents

Parts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Request:
    """What a group asks for, in cents. Who reads ``members`` is the tier alone."""

    group_id: int
    requested_cents: int
    members: int
    expenses_cents: int | None = None
    own_cents: int = 0
    others_cents: int = 0
    supplements_cents: Parts = field(default_factory=dict)
    standing: str = IN_TIME


@dataclass(frozen=True, slots=True)
class Tier:
    """Groups of at least so many members: what they get at most, and their weight where the rule has weights."""

    least_members: int
    maximum_cents: int | None = None
    weight: int = 1


@dataclass(frozen=True, slots=True)
class DivisionRules:
    """How money is divided; what a person may try out on the screen, and what a run records."""

    reserve_percent: int = 0
    reserve_floor_cents: int = 0
    tiers: tuple[Tier, ...] = (Tier(1),)
    base_cents: int | None = None
    sub_pots_cents: Parts = field(default_factory=dict)
    fills_up: bool = True
    is_weighted: bool = False
    unit_cents: int = 1
    minimum_cents: int = 0
    sitting_on: str | None = None
    """The day of the joint sitting that decided about each request by itself; then none of the above was applied."""

    def as_row(self) -> dict[str, Any]:
        """Answer what is stored, which ``rules_of`` reads; rules without a sitting say nothing of one."""
        row = asdict(self)
        if self.sitting_on is None:
            del row["sitting_on"]
        return row


@dataclass(frozen=True, slots=True)
class DividedLine:
    """What one group gets, and why. ``award_cents`` is what it has afterwards, ``before_cents`` what it had."""

    request: Request
    tier: Tier
    cap: Cap
    parts_cents: Parts
    before_cents: int
    steps: tuple[Step, ...]

    @property
    def award_cents(self) -> int:
        """All parts together."""
        return sum(self.parts_cents.values())


@dataclass(frozen=True, slots=True)
class Division:
    """A round that can be: ``money_cents`` was there, ``reserve_cents`` of it is held back, the rest is divided.

    ``stopped`` says why nobody gets anything: the pot is too small for the least useful grant. Then ``lines`` is empty.
    """

    money_cents: int
    reserve_cents: int
    lines: tuple[DividedLine, ...]
    leftover_cents: int
    levels_cents: Mapping[int, int]
    stopped: BelowMinimum | None = None

    @property
    def pot_cents(self) -> int:
        """What is divided."""
        return self.money_cents - self.reserve_cents

    @property
    def awarded_cents(self) -> int:
        """What this round gives, besides what groups had before."""
        return sum(each.award_cents - each.before_cents for each in self.lines)


def divide(
    money_cents: int,
    requests: Sequence[Request],
    rules: DivisionRules,
    *,
    seed: str,
    earlier: Mapping[int, Parts] | None = None,
) -> Division:
    """Divide what is free in a pot among requests, and say for each of them why it gets what it gets.

    ``earlier`` is what groups were granted in earlier rounds, by the part it came from; with it this is a second round.

    Raises:
        ValueError: the sentence names the number, group or tier that is refused.
    """
    check_tiers(rules.tiers)
    reserve = reserve_cents(
        whole(money_cents, "The money of the pot"), Reserve(rules.reserve_percent, rules.reserve_floor_cents)
    )
    ordered = sorted(requests, key=lambda each: each.group_id)
    tiers = [tier_of(each.members, rules.tiers) for each in ordered]
    caps = [_cap(each, tier) for each, tier in zip(ordered, tiers, strict=True)]
    applicants = [_applicant(*each) for each in zip(ordered, tiers, caps, strict=True)]
    before = Granted(earlier, 0, {}) if earlier is not None else None
    pot, round_rules = money_cents - reserve, _round_rules(rules, seed)
    if before is None:
        outcome = first_round(pot, applicants, round_rules)
    else:
        outcome = second_round(pot, applicants, round_rules, before)
    if isinstance(outcome, BelowMinimum):
        return Division(money_cents, reserve, (), pot, {}, outcome)
    lines = tuple(
        DividedLine(
            request,
            tier,
            cap,
            outcome.parts_cents.get(request.group_id, {}),
            _before(request, earlier),
            explain(
                applicant,
                cap,
                request.requested_cents,
                rules=round_rules,
                granted=outcome,
                earlier=before,
            ),
        )
        for request, tier, cap, applicant in zip(ordered, tiers, caps, applicants, strict=True)
    )
    return Division(money_cents, reserve, lines, outcome.leftover_cents, outcome.levels_cents)


def rules_of(stored: Mapping[str, Any]) -> DivisionRules:
    """Answer the rules that were stored as a document."""
    return DivisionRules(**{**stored, "tiers": tuple(Tier(**each) for each in stored["tiers"])})


def check_tiers(tiers: Sequence[Tier]) -> None:
    """Do nothing when every number of members falls into one tier, and each has a weight from 1 to 4.

    Raises:
        ValueError: the sentence names the tier.
    """
    if not tiers or tiers[0].least_members != 1:
        raise ValueError("The first tier begins with 1 member.")
    for number, tier in enumerate(tiers, start=1):
        whole(tier.least_members, f"The members of tier {number}", least=1, most=10_000)
        whole(tier.weight, f"The weight of tier {number}", least=1, most=4)
        if tier.maximum_cents is not None:
            whole(tier.maximum_cents, f"The maximum of tier {number}", least=1)
        if number > 1 and tier.least_members <= tiers[number - 2].least_members:
            raise ValueError(f"Tier {number} begins with more members than tier {number - 1}.")


def tier_of(members: int, tiers: Sequence[Tier]) -> Tier:
    """Answer the tier of a group: the last one whose members it reaches."""
    return [each for each in tiers if each.least_members <= members][-1]


def told(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Answer reasons as they are stored: code and numbers."""
    return [{"code": each.code, **each.numbers} for each in steps]


def _before(request: Request, earlier: Mapping[int, Parts] | None) -> int:
    """Answer what a group keeps from before; what a withdrawn one had has been set free."""
    if request.standing == WITHDRAWN or earlier is None:
        return 0
    return sum(earlier.get(request.group_id, {}).values())


def _cap(request: Request, tier: Tier) -> Cap:
    return cap_of(
        request.requested_cents,
        maximum_cents=tier.maximum_cents,
        expenses_cents=request.expenses_cents,
        own_cents=request.own_cents,
        others_cents=request.others_cents,
    )


def _applicant(request: Request, tier: Tier, cap: Cap) -> Applicant:
    return Applicant(request.group_id, cap.cents, request.supplements_cents, tier.weight, request.standing)


def _round_rules(rules: DivisionRules, seed: str) -> RoundRules:
    return RoundRules(
        seed=seed,
        base_cents=rules.base_cents,
        sub_pots_cents=rules.sub_pots_cents,
        fills_up=rules.fills_up,
        is_weighted=rules.is_weighted,
        unit_cents=rules.unit_cents,
        minimum_cents=rules.minimum_cents,
    )
