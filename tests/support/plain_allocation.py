"""Allocation as plainly as it can be said: cent by cent, and by sorting. What the rules answer is held against it."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Mapping
from fractions import Fraction


def drawn(seed: str, group_id: int) -> str:
    return hashlib.sha256(f"{seed}:{group_id}".encode()).hexdigest()


def cent_by_cent(
    pot: int,
    caps: Mapping[int, int],
    *,
    seed: str,
    weights: Mapping[int, int] | None = None,
    floors: Mapping[int, int] | None = None,
) -> tuple[dict[int, int], int]:
    """Answer awards and leftover: floors first, then each cent to the largest weight / (2 × cents + 1)."""
    weights = weights or dict.fromkeys(caps, 1)
    awards = {each: (floors or {}).get(each, 0) for each in caps}
    left = pot - sum(awards.values())

    def turn(each: int) -> tuple[Fraction, str, int]:
        return Fraction(2 * awards[each] + 1, weights[each]), drawn(seed, each), each

    waiting = [turn(each) for each in caps if awards[each] < caps[each]]
    heapq.heapify(waiting)
    while left and waiting:
        each = heapq.heappop(waiting)[-1]
        awards[each] += 1
        left -= 1
        if awards[each] < caps[each]:
            heapq.heappush(waiting, turn(each))
    return awards, left


def by_sorting(pot: int, caps: Mapping[int, int], *, seed: str) -> tuple[dict[int, int], int]:
    """Answer the equal lump sum with caps for sums of any size, the smallest caps served first."""
    awards, left = {}, pot
    waiting = sorted(caps, key=lambda each: caps[each])
    while waiting and caps[waiting[0]] * len(waiting) <= left:
        each = waiting.pop(0)
        awards[each] = caps[each]
        left -= caps[each]
    if not waiting:
        return awards, left
    level, odd = divmod(left, len(waiting))
    for place, each in enumerate(sorted(waiting, key=lambda each: drawn(seed, each))):
        awards[each] = level + (place < odd)
    return awards, 0
