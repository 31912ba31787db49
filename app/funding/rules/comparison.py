"""What a division means for whom: sums by tier, topic and district, changes, and the groups that are watched over.

A group that is not part of a division (late, withdrawn) is not part of its figures; every other one counts once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from app.funding.rules.division import Division, Parts
from app.funding.rules.grant_round import MAIN

Key = TypeVar("Key", bound=Hashable)

FEW_MEMBERS = 10
SMALL, RARE, NEW = "small", "rare", "new"
WATCHED = (SMALL, RARE, NEW)
"""Small groups, rare conditions and new groups: strong applicants must not take what these need."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What figures tell of a group and no division asks for. ``last_cents``: last year's award; None: it had none."""

    topic: str
    district: str
    is_rare: bool = False
    is_new: bool = False
    last_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a group asked for and has; ``alike`` is all that may make it differ from others, its limit above all."""

    group_id: int
    requested_cents: int
    award_cents: int
    members: int
    facts: Facts
    alike: Hashable = ()


@dataclass(frozen=True, slots=True)
class Sums:
    """A set of groups, what they asked for and what they get; ``share`` is their part of all that is given."""

    groups: int
    requested_cents: int
    awarded_cents: int
    share: Fraction
    with_nothing: int

    @property
    def met(self) -> Fraction:
        """The part of what was asked for that is given."""
        return Fraction(self.awarded_cents, self.requested_cents) if self.requested_cents else Fraction(0)


@dataclass(frozen=True, slots=True)
class Changes:
    """Against last year: the difference of all sums, and how many groups have more, less, the same, or had nothing."""

    sum_cents: int
    more: int
    less: int
    same: int
    first_time: int


def outcomes(division: Division, facts: Mapping[int, Facts]) -> tuple[Outcome, ...]:
    """Answer the groups that are part of a division.

    Raises:
        KeyError: ``facts`` lack a group.
        ValueError: a group is there twice.
    """
    found = tuple(
        Outcome(
            group_id=line.request.group_id,
            requested_cents=line.request.requested_cents,
            award_cents=line.award_cents,
            members=line.request.members,
            facts=facts[line.request.group_id],
            alike=(
                line.cap.cents,
                line.tier.weight,
                _sums(line.request.supplements_cents),
                _sums(line.parts_cents),
                line.before_cents,
            ),
        )
        for line in division.lines
        if line.parts_cents
    )
    if len({each.group_id for each in found}) < len(found):
        raise ValueError("A group is there twice.")
    return found


def _sums(parts: Parts) -> Hashable:
    """Answer the sums of supplements."""
    if not parts or (len(parts) == 1 and MAIN in parts):
        return ()
    return tuple(sorted(each for each in parts.items() if each[0] != MAIN))


def sums_of(some: Iterable[Outcome], *, given_cents: int) -> Sums:
    """Answer the sums of a set of groups; ``given_cents`` is what all groups together get."""
    chosen = list(some)
    awarded = sum(each.award_cents for each in chosen)
    return Sums(
        groups=len(chosen),
        requested_cents=sum(each.requested_cents for each in chosen),
        awarded_cents=awarded,
        share=Fraction(awarded, given_cents) if given_cents else Fraction(0),
        with_nothing=sum(1 for each in chosen if not each.award_cents),
    )


def sums_by(everybody: Sequence[Outcome], key: Callable[[Outcome], Key]) -> dict[Key, Sums]:
    """Answer the sums of each kind of group; added up they are those of everybody."""
    given = sum(each.award_cents for each in everybody)
    kinds: dict[Key, list[Outcome]] = {}
    for each in everybody:
        kinds.setdefault(key(each), []).append(each)
    return {kind: sums_of(some, given_cents=given) for kind, some in kinds.items()}


def sums_by_tier(everybody: Sequence[Outcome], starts: Sequence[int]) -> dict[tuple[int, int | None], Sums]:
    """Answer the sums of groups by how many members they have: from each start, and below the next one.

    Several drafts have tiers of their own; with the starts of all of them, the slices of one are those of another.
    """
    ordered = sorted({1, *starts})
    slices = list(zip(ordered, [*ordered[1:], None], strict=True))
    return sums_by(everybody, lambda each: slices[bisect_right(ordered, each.members) - 1])


def watched_sums(everybody: Sequence[Outcome]) -> dict[str, Sums]:
    """Answer the sums of small groups, rare conditions and new groups; a group can be all three."""
    given = sum(each.award_cents for each in everybody)
    is_in: dict[str, Callable[[Outcome], bool]] = {
        SMALL: lambda each: each.members < FEW_MEMBERS,
        RARE: lambda each: each.facts.is_rare,
        NEW: lambda each: each.facts.is_new,
    }
    return {kind: sums_of(filter(is_in[kind], everybody), given_cents=given) for kind in WATCHED}


def changes(everybody: Iterable[Outcome]) -> Changes:
    """Answer how the groups fare against last year; who had nothing then is no gain and no loss."""
    total, counts = 0, {-1: 0, 0: 0, 1: 0}
    first_time = 0
    for each in everybody:
        last = each.facts.last_cents
        if last is None:
            first_time += 1
            continue
        difference = each.award_cents - last
        total += difference
        counts[(difference > 0) - (difference < 0)] += 1
    return Changes(total, more=counts[1], less=counts[-1], same=counts[0], first_time=first_time)


def fully_met(everybody: Iterable[Outcome]) -> int:
    """Answer how many groups get all they asked for."""
    return sum(1 for each in everybody if each.award_cents >= each.requested_cents)


def largest_gap_cents(everybody: Iterable[Outcome]) -> int:
    """Answer by how much two groups differ at most that differ in nothing a division may look at.

    A division by the rules keeps this within one unit, the draw's. So last year's award, size or name play no part.
    """
    ends: dict[Hashable, tuple[int, int]] = {}
    for each in everybody:
        least, most = ends.get(each.alike, (each.award_cents, each.award_cents))
        ends[each.alike] = (min(least, each.award_cents), max(most, each.award_cents))
    return max((most - least for least, most in ends.values()), default=0)
