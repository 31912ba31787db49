"""What a meeting in a room costs, and several together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

PER_HOUR = "hour"
_HOUR = timedelta(hours=1)


def meeting_price_cents(price_cents: int, price_per: str, duration: timedelta) -> int:
    """Answer the price of one meeting: the sum itself, or for each hour begun.

    Raises:
        ValueError: the price is negative, or the meeting does not last.
    """
    if price_cents < 0:
        raise ValueError("A price is not negative.")
    if duration <= timedelta(0):
        raise ValueError("A meeting lasts.")
    return price_cents * -(-duration // _HOUR) if price_per == PER_HOUR else price_cents


@dataclass(frozen=True, slots=True)
class Total:
    """What several meetings cost, in cents: how many at which price, the lowest first, and together."""

    lines: tuple[tuple[int, int], ...]
    cents: int


def total_of(prices_cents: Iterable[int]) -> Total:
    """Answer what meetings at these prices cost together."""
    counted = Counter(prices_cents)
    lines = tuple((counted[cents], cents) for cents in sorted(counted))
    return Total(lines, sum(count * cents for count, cents in lines))
