"""One closed sum split once over a fixed set, in proportion, to the cent."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

from app.funding.rules.amounts import whole, whole_each
from app.funding.rules.draw import draw_key

Key = TypeVar("Key", bound=Hashable)


def apportion(total_cents: int, weights: Mapping[Key, int], *, seed: str) -> dict[Key, int]:
    """Split a sum in proportion to weights by largest remainder; a tie goes by SHA-256 of ``seed:key``.

    Right for shares of a closed sum (which insurer paid how much of what was granted, levels of a pot, instalments).
    Wrong for granting: one more cent to split can lower a share, so a pot goes through `allocation`.

    Returns:
        Shares that differ by less than a cent from the exact ones and add up to the sum; all of them 0 when all weights
        are 0, since there is nobody to give to: then the sum stays where it was.

    Raises:
        ValueError: the sum or a weight is negative or not whole.
    """
    whole(total_cents, "The sum to split")
    whole_each(weights, "The weight of {}")
    together = sum(weights.values())
    if not together:
        return dict.fromkeys(weights, 0)
    shares, remainders = {}, {}
    for key, weight in weights.items():
        shares[key], remainders[key] = divmod(total_cents * weight, together)
    odd = total_cents - sum(shares.values())
    first = sorted(weights, key=lambda key: (-remainders[key], draw_key(seed, key)))
    for key in first[:odd]:
        shares[key] += 1
    return shares
