"""Who gets how much of a pot: as equal as the caps allow, to the cent.

Both rules are the same walk: cent after cent goes to whoever has least for their weight and is below their cap. Nobody
walks it cent by cent: the level is found by halving, and only the last, incomplete step is looked at closely. See
docs/adr for why this and neither a share of the request nor largest remainder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.funding.rules.amounts import whole, whole_array
from app.funding.rules.draw import first_drawn

RULE_VERSION = 1
"""Goes up whenever the same input would give other awards; a run records it."""

_INT64 = 2**63
_Numbers = NDArray[Any]
"""int64 where no result can pass it, exact Python integers (object) otherwise."""


@dataclass(frozen=True, slots=True)
class Allocation:
    """What every group gets, and what nobody can take because all are at their caps."""

    awards_cents: dict[int, int]
    leftover_cents: int
    levels_cents: dict[int, int] = field(default_factory=dict, compare=False)
    """Weight → the common sum of groups of that weight below their caps, before odd cents; `fill` has weight 1.
    Empty when everybody is at the cap."""


def fill(
    pot_cents: int,
    caps_cents: Mapping[int, int],
    *,
    seed: str,
    floors_cents: Mapping[int, int] | None = None,
) -> Allocation:
    """Divide a pot into equal lump sums, nobody above their cap (max-min fair, water-filling).

    Args:
        pot_cents: money to divide, the floors included.
        caps_cents: group id to the most it may get.
        seed: fixed when the round opens. Odd cents go to ids below their cap in ascending order of
            SHA-256 of ``seed:id``.
        floors_cents: group id to what it already has and keeps; an id that is not named has nothing.

    Returns:
        ``min(cap, max(floor, level))`` for every id, the level as high as the pot allows, and the odd cents on top.
        Same keys and order as ``caps_cents``; awards and leftover add up to the pot.

    Raises:
        ValueError: a number is not whole, negative or more than a ledger holds; a floor has no cap, is above it, or
            the floors are more than the pot.
    """
    return _allocate(pot_cents, caps_cents, None, floors_cents, seed=seed)


def weighted(
    pot_cents: int,
    caps_cents: Mapping[int, int],
    weights: Mapping[int, int],
    *,
    seed: str,
    floors_cents: Mapping[int, int] | None = None,
) -> Allocation:
    """Divide a pot in proportion to weights, nobody above their cap (capped Webster).

    Each cent goes to the group with the largest ``weight / (2 × its cents + 1)`` below its cap; a tie goes by the same
    order as in `fill`, which this is when all weights are equal. One more cent in the pot lowers nobody.

    Weights are whole numbers from 1 for the ids of ``caps_cents``; everything else is as for `fill`.

    Raises:
        ValueError: as `fill`, or an id has a weight and no cap or the other way round.
    """
    return _allocate(pot_cents, caps_cents, weights, floors_cents, seed=seed)


def _allocate(
    pot_cents: int,
    caps_cents: Mapping[int, int],
    weights: Mapping[int, int] | None,
    floors_cents: Mapping[int, int] | None,
    *,
    seed: str,
) -> Allocation:
    pot = whole(pot_cents, "The pot")
    _check_ids(caps_cents)
    caps = whole_array(caps_cents, "The cap of group {}")
    weight_of = None if weights is None else _weights(weights, caps_cents)
    floors = _floors(floors_cents or {}, caps_cents, caps, pot)
    if (wanted := _exact_sum(caps)) <= pot:
        return Allocation(dict(caps_cents), pot - wanted)
    walk = _Walk(pot, caps, weight_of, floors)
    step = walk.last_whole_step()
    awards = walk.at(step)
    odd = pot - int(awards.sum())
    if odd:
        awards[_winners(walk, step, odd, list(caps_cents), seed=seed)] += 1
    return Allocation(dict(zip(caps_cents, awards.tolist(), strict=True)), 0, walk.levels(step))


class _Walk:
    """Awards as a function of whole steps: a group of the heaviest weight gains one cent each step, others less."""

    def __init__(self, pot: int, caps: _Numbers, weights: _Numbers | None, floors: _Numbers | None) -> None:
        self.pot = pot
        self.heaviest = 1 if weights is None else int(weights.max())
        lightest = 1 if weights is None else int(weights.min())
        highest = min(int(caps.max()), pot + 1)
        self.behind = -(-highest * self.heaviest // lightest)
        """A step at which everybody is at the cap, so that more than the pot is spent."""
        largest = max(
            len(caps) * (pot + 1), 2 * self.heaviest * (self.behind + 1) + self.heaviest, 2 * self.heaviest**2
        )
        exact: Callable[[_Numbers], _Numbers] = _same if largest < _INT64 else _as_python_integers
        # Nobody can get more than the pot; one cent more still tells that the pot was too small.
        self.caps = exact(np.minimum(caps, min(pot + 1, _INT64 - 1)))
        self.floors = None if floors is None else exact(floors)
        self.weights = None if weights is None else exact(weights)

    def reached(self, step: int) -> Any:
        """Answer what each weight alone gives at a step: ``weight × step / heaviest``, halves rounded up."""
        if self.weights is None:
            return step
        return (self.weights * (2 * step) + self.heaviest) // (2 * self.heaviest)

    def at(self, step: int) -> _Numbers:
        """Answer the awards at a step."""
        reached = self.reached(step)
        if self.floors is not None:
            reached = np.maximum(self.floors, reached)
        return np.minimum(self.caps, reached)

    def last_whole_step(self) -> int:
        """Answer the last step that the pot can pay."""
        paid, unpaid = 0, self.behind
        while unpaid - paid > 1:
            middle = (paid + unpaid) // 2
            if int(self.at(middle).sum()) <= self.pot:
                paid = middle
            else:
                unpaid = middle
        return paid

    def levels(self, step: int) -> dict[int, int]:
        """Answer the common sum of each weight at a step."""
        if self.weights is None:
            return {1: step}
        different = np.unique(self.weights).tolist()
        return {each: (each * 2 * step + self.heaviest) // (2 * self.heaviest) for each in different}

    def order_within(self, step: int, positions: _Numbers) -> _Numbers | None:
        """Answer in which order these groups gain their next cent after a step, as numbers; None when all at once.

        The cent of weight w after x comes at ``heaviest × (2x + 1) / 2w`` steps. Two different ones are at least
        ``1 / (2 × heaviest)`` apart, so ``2 × heaviest`` times that they differ as integers.
        """
        if self.weights is None:
            return None
        weights = self.weights[positions]
        reached = self.reached(step)[positions]
        part = (2 * reached + 1) * self.heaviest - 2 * step * weights
        return part * self.heaviest // weights


def _winners(walk: _Walk, step: int, odd: int, ids: Sequence[int], *, seed: str) -> _Numbers:
    """Answer the positions of the groups that get one of the odd cents behind a step."""
    gaining = np.flatnonzero(walk.at(step + 1) > walk.at(step))
    order = walk.order_within(step, gaining)
    sure = np.empty(0, np.intp)
    if order is not None:
        last = np.sort(order)[odd - 1]
        sure, gaining = gaining[order < last], gaining[order == last]
    drawn = first_drawn([ids[each] for each in gaining.tolist()], odd - len(sure), seed=seed)
    return np.concatenate([sure, gaining[drawn]])


def _check_ids(ids: Iterable[object]) -> None:
    if set(map(type, ids)) <= {int}:
        return
    for each in ids:
        if isinstance(each, bool) or not isinstance(each, int):
            raise ValueError(f"A group is named by a whole number, not by {each!r}.")  # noqa: TRY004 - one kind of refusal


def _weights(weights: Mapping[int, int], caps: Mapping[int, int]) -> NDArray[np.int64]:
    for one, other, missing in ((weights, caps, "cap"), (caps, weights, "weight")):
        if one.keys() - other.keys():
            raise ValueError(f"Group {min(one.keys() - other.keys())} has no {missing}.")
    whole_array(weights, "The weight of group {}", least=1)
    return np.fromiter(map(weights.__getitem__, caps), np.int64, len(caps))


def _floors(
    floors: Mapping[int, int], caps: Mapping[int, int], most: NDArray[np.int64], pot: int
) -> NDArray[np.int64] | None:
    if not floors:
        return None
    if floors.keys() - caps.keys():
        raise ValueError(f"Group {min(floors.keys() - caps.keys())} has a floor and no cap.")
    whole_array(floors, "The floor of group {}")
    array = np.fromiter(map(floors.get, caps, repeat(0)), np.int64, len(caps))
    for position in np.flatnonzero(array > most)[:1].tolist():
        group_id, cap = list(caps.items())[position]
        raise ValueError(f"The floor of group {group_id} is {floors[group_id]}, above its cap of {cap}.")
    if (together := _exact_sum(array)) > pot:
        raise ValueError(f"The floors add up to {together}, more than the pot of {pot}.")
    return array


def _exact_sum(numbers: NDArray[np.int64]) -> int:
    if not len(numbers):
        return 0
    is_safe = len(numbers) * int(numbers.max()) < _INT64
    return int(numbers.sum()) if is_safe else sum(numbers.tolist())


def _same(numbers: _Numbers) -> _Numbers:
    return numbers


def _as_python_integers(numbers: _Numbers) -> _Numbers:
    return numbers.astype(object)
