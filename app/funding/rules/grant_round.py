"""A round of flat grants: base and supplements, small pots of their own, a least useful grant, a second round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.funding.rules.allocation import Allocation, fill, weighted
from app.funding.rules.amounts import whole, whole_each

IN_TIME, EXTENDED, LATE, WITHDRAWN = "in_time", "extended", "late", "withdrawn"
STANDINGS = (IN_TIME, EXTENDED, LATE, WITHDRAWN)
"""When a request came; one with a recorded extension counts as in time, a late one waits for the second round."""

SUPPLEMENTS = ("start_up", "interpreters", "access", "travel")
"""What a group can be entitled to besides what every group gets: it is new, needs interpreters or an accessible room,
or its people live far apart."""

MAIN = "main"
"""The part of a grant that comes from the main pot; other parts are named for their supplement."""

Parts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Applicant:
    """What a round knows of a group: nothing of its size, age, name or earlier grants."""

    group_id: int
    cap_cents: int
    supplements_cents: Parts = field(default_factory=dict)
    """What it is entitled to besides the base, such as for interpreters: kind to cents."""
    weight: int = 1
    standing: str = IN_TIME


@dataclass(frozen=True, slots=True)
class RoundRules:
    """How a pot is divided; fixed before the first request."""

    seed: str
    base_cents: int | None = None
    """What every group is entitled to; without it, everybody is entitled to the cap."""
    sub_pots_cents: Parts = field(default_factory=dict)
    """Supplements that are paid from money of their own, taken from the pot: kind to cents."""
    fills_up: bool = True
    """Whether what is left when every entitlement is paid raises groups above it, up to their caps."""
    is_weighted: bool = False
    unit_cents: int = 1
    """Awards are multiples of this; what that leaves goes to the leftover."""
    minimum_cents: int = 0
    """A grant below this is no use, unless the group wants less."""


@dataclass(frozen=True, slots=True)
class Granted:
    """What every group has after the round, earlier rounds included, by the part it comes from."""

    parts_cents: Mapping[int, Parts]
    leftover_cents: int
    levels_cents: Mapping[int, int]
    """The common sum in the main pot for each weight; empty when everybody got all."""

    @property
    def awards_cents(self) -> dict[int, int]:
        """What each group has, all parts together."""
        return {group_id: sum(parts.values()) for group_id, parts in self.parts_cents.items()}


@dataclass(frozen=True, slots=True)
class BelowMinimum:
    """Nobody was granted anything: the pot is too small for the least useful grant, and people have to decide.

    They may release some of the reserve (``missing_cents`` is enough), lower the minimum (``least_cents`` is what
    everybody would get), or choose whom to fund.
    """

    minimum_cents: int
    least_cents: int
    group_ids: tuple[int, ...]
    missing_cents: int


Outcome = Granted | BelowMinimum
_NOTHING_EARLIER = Granted({}, 0, {})


def first_round(pot_cents: int, applicants: Sequence[Applicant], rules: RoundRules) -> Outcome:
    """Divide a pot among the requests that came in time, or say that it is too small for the least useful grant.

    Sub-pots are filled first, one after the other by name; what one does not need stays in the main pot. From that
    everybody gets up to base and supplements, as equal as the pot allows, and then, if the rules say so, up to the cap.

    Raises:
        ValueError: the sentence names the number or group that is refused.
    """
    present = [each for each in _checked(applicants) if each.standing in (IN_TIME, EXTENDED)]
    return _divide(pot_cents, present, rules, _NOTHING_EARLIER)


def second_round(
    fresh_cents: int, applicants: Sequence[Applicant], rules: RoundRules, earlier: Granted
) -> Outcome:
    """Divide fresh money among all who are still there, late requests too; what was granted stays granted.

    With nobody new, no other rule and no sub-pots, the result is what one round over all the money had given, to the
    cent. The fresh money is leftover, returned money, released reserve, and what withdrawn groups had been granted; the
    sub-pots of ``rules`` are taken from it and added to what those of the earlier round gave.

    Raises:
        ValueError: as `first_round`, or a group that was granted money is no longer named.
    """
    present = [each for each in _checked(applicants) if each.standing != WITHDRAWN]
    if gone := earlier.parts_cents.keys() - {each.group_id for each in applicants}:
        raise ValueError(f"Group {min(gone)} was granted money and is not named; is it withdrawn?")
    return _divide(fresh_cents, present, rules, earlier)


def _checked(applicants: Sequence[Applicant]) -> Sequence[Applicant]:
    seen: set[int] = set()
    for each in applicants:
        if each.group_id in seen:
            raise ValueError(f"Group {each.group_id} is named twice.")
        seen.add(each.group_id)
        if each.standing not in STANDINGS:
            raise ValueError(f"Group {each.group_id}: {each.standing!r} is none of {', '.join(STANDINGS)}.")
        whole(each.cap_cents, f"The cap of group {each.group_id}")
        whole_each(each.supplements_cents, f"The supplement {{}} of group {each.group_id}")
    return applicants


def _divide(fresh_cents: int, present: Sequence[Applicant], rules: RoundRules, earlier: Granted) -> Outcome:
    _check_rules(rules)
    done = _granted(whole(fresh_cents, "The pot"), present, rules, earlier)
    below = _below_minimum(done, present, rules)
    if not below:
        return done
    # Without weights the first guess is right; with them others rise too while the last reach the minimum.
    lacking = max(1, sum(below.values()) - done.leftover_cents)
    too_little, enough = lacking - 1, lacking
    while _below_minimum(_granted(fresh_cents + enough, present, rules, earlier), present, rules):
        too_little, enough = enough, 2 * enough
    while enough - too_little > 1:
        middle = (too_little + enough) // 2
        if _below_minimum(_granted(fresh_cents + middle, present, rules, earlier), present, rules):
            too_little = middle
        else:
            enough = middle
    awards = done.awards_cents
    least = min(awards[group_id] for group_id in below)
    return BelowMinimum(rules.minimum_cents, least, tuple(sorted(below)), enough)


def _check_rules(rules: RoundRules) -> None:
    whole(rules.minimum_cents, "The least useful grant")
    whole(rules.unit_cents, "The unit of awards", least=1)
    whole_each(rules.sub_pots_cents, "The sub-pot for {}")
    if rules.base_cents is not None:
        base = whole(rules.base_cents, "The base") // rules.unit_cents * rules.unit_cents
        # Such a base would stop every round, however large the pot.
        whole(base, "The base in whole units", least=_minimum(rules))


def _granted(fresh_cents: int, present: Sequence[Applicant], rules: RoundRules, earlier: Granted) -> Granted:
    set_aside = sum(rules.sub_pots_cents.values())
    main = fresh_cents - set_aside
    if main < 0:
        raise ValueError(f"The sub-pots add up to {set_aside}, more than the pot of {fresh_cents}.")
    before = {each.group_id: earlier.parts_cents.get(each.group_id, {}) for each in present}
    kinds = sorted({*rules.sub_pots_cents, *(kind for parts in before.values() for kind in parts)} - {MAIN})
    parts: dict[int, dict[str, int]] = {each.group_id: {} for each in present}
    for kind in kinds:
        done = _supplement(kind, present, rules, before, parts)
        main += done.leftover_cents
        for group_id, cents in done.awards_cents.items():
            parts[group_id][kind] = cents
    done = _main_pot(main, present, rules, before, parts)
    for group_id, cents in done.awards_cents.items():
        parts[group_id][MAIN] = cents
    return Granted(parts, done.leftover_cents, done.levels_cents)


def _supplement(
    kind: str,
    present: Sequence[Applicant],
    rules: RoundRules,
    before: Mapping[int, Parts],
    parts: Mapping[int, Parts],
) -> Allocation:
    """Answer the awards from a sub-pot: up to the supplement, within what the other parts leave of the cap."""
    floors = {group_id: had.get(kind, 0) for group_id, had in before.items()}
    caps = {}
    for each in present:
        others = _others(parts[each.group_id], before[each.group_id], kind)
        caps[each.group_id] = min(each.supplements_cents.get(kind, 0), max(0, each.cap_cents - others))
    pot = sum(floors.values()) + rules.sub_pots_cents.get(kind, 0)
    return _run(pot, caps, floors, None, rules)


def _main_pot(
    fresh_cents: int,
    present: Sequence[Applicant],
    rules: RoundRules,
    before: Mapping[int, Parts],
    parts: Mapping[int, Parts],
) -> Allocation:
    floors = {group_id: had.get(MAIN, 0) for group_id, had in before.items()}
    weights = {each.group_id: each.weight for each in present} if rules.is_weighted else None
    caps = {each.group_id: max(0, each.cap_cents - sum(parts[each.group_id].values())) for each in present}
    entitled = {each.group_id: entitlement_cents(each, rules, parts[each.group_id]) for each in present}
    done = _run(sum(floors.values()) + fresh_cents, entitled, floors, weights, rules)
    is_everybody_paid = not done.levels_cents  # what is left otherwise is less than a unit
    if is_everybody_paid and rules.fills_up:
        pot = done.leftover_cents + sum(done.awards_cents.values())
        done = _run(pot, caps, done.awards_cents, weights, rules)
    return done


def entitlement_cents(applicant: Applicant, rules: RoundRules, parts: Parts) -> int:
    """Answer what the main pot owes a group before it fills up: base and supplements that no sub-pot is for.

    Without a base that is as much as the cap allows.
    """
    most = max(0, applicant.cap_cents - sum(cents for kind, cents in parts.items() if kind != MAIN))
    if rules.base_cents is None:
        return most
    supplements = (cents for kind, cents in applicant.supplements_cents.items() if kind not in parts)
    return min(most, rules.base_cents + sum(supplements))


def _others(now: Parts, before: Parts, kind: str) -> int:
    """Answer what a group has besides one part: settled in this round, or kept from the one before."""
    return sum(cents for name, cents in {**before, **now}.items() if name != kind)


def _run(
    pot_cents: int,
    caps: Mapping[int, int],
    floors: Mapping[int, int],
    weights: Mapping[int, int] | None,
    rules: RoundRules,
) -> Allocation:
    """Answer the allocation in whole units; a cap below what is granted already counts as what is granted."""
    unit = rules.unit_cents
    for group_id, floor in floors.items():
        if floor % unit:
            raise ValueError(f"Group {group_id} has {floor} already, which is not a multiple of {unit}.")
    unit_floors = {group_id: floor // unit for group_id, floor in floors.items()}
    unit_caps = {group_id: max(cap // unit, unit_floors[group_id]) for group_id, cap in caps.items()}
    if weights is None:
        done = fill(pot_cents // unit, unit_caps, seed=rules.seed, floors_cents=unit_floors)
    else:
        done = weighted(pot_cents // unit, unit_caps, weights, seed=rules.seed, floors_cents=unit_floors)
    awards = {group_id: units * unit for group_id, units in done.awards_cents.items()}
    levels = {weight: level * unit for weight, level in done.levels_cents.items()}
    return Allocation(awards, pot_cents - sum(awards.values()), levels)


def _below_minimum(done: Granted, present: Sequence[Applicant], rules: RoundRules) -> dict[int, int]:
    """Answer who would get less than is of use, though they want more, and how much less."""
    unit, minimum = rules.unit_cents, _minimum(rules)
    lacking = {}
    for each in present:
        useful = min(minimum, each.cap_cents // unit * unit)
        has = sum(done.parts_cents[each.group_id].values())
        if has < useful:
            lacking[each.group_id] = useful - has
    return lacking


def _minimum(rules: RoundRules) -> int:
    """Answer the least useful grant in whole units."""
    return -(-rules.minimum_cents // rules.unit_cents) * rules.unit_cents
