"""How many groups ask for, or get, how much: bins that a person can read, from the data."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from app.funding.rules.amounts import whole

MOST_BINS = 12


@dataclass(frozen=True, slots=True)
class Bins:
    """Bins of one width from 0 on; the last one is open: it holds everything from there."""

    width_cents: int
    count: int

    @property
    def starts_cents(self) -> tuple[int, ...]:
        """Where each bin begins; it holds sums from there, and below the next."""
        return tuple(number * self.width_cents for number in range(self.count))

    def counts(self, amounts_cents: Sequence[int]) -> tuple[int, ...]:
        """Answer how many sums lie in each bin; together all of them."""
        starts = self.starts_cents
        found = [0] * self.count
        for each in amounts_cents:
            found[bisect_right(starts, each) - 1] += 1
        return tuple(found)


def bins_for(amounts_cents: Sequence[int], *, most: int = MOST_BINS) -> Bins:
    """Answer bins for sums: as narrow as can be, their width a 1, 2, 2½ or 5 with zeros.

    All but the largest tenth of the sums lie in closed bins, so that a few huge ones do not make all others look alike.

    Raises:
        ValueError: a sum is negative or not whole, or fewer than two bins are wanted.
    """
    whole(most, "The number of bins", least=2)
    ordered = sorted(whole(each, "A sum") for each in amounts_cents)
    if not ordered:
        return Bins(1, 1)
    usual = ordered[(len(ordered) - 1) * 9 // 10]
    width = next(width for width in _widths() if usual // width + 1 < most)
    closed = usual // width + 1
    return Bins(width, closed + (ordered[-1] >= closed * width))


def _widths() -> Iterator[int]:
    yield from (1, 2, 5)
    for zeros in count():
        yield from (digits * 10**zeros for digits in (10, 20, 25, 50))
