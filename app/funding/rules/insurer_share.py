"""What an insurer has in a year: its share, what was called and came, its part of what pots promised and paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.funding.rules.apportion import apportion


@dataclass(frozen=True, slots=True)
class Standing:
    """Sums in cents: owed by the levy, called (or put into the insurer's own pots), come, promised, spent."""

    share: int = 0
    called: int = 0
    paid_in: int = 0
    promised: int = 0
    spent: int = 0

    @property
    def left(self) -> int:
        """What is promised to nobody yet."""
        return self.called - self.promised

    def __add__(self, other: Standing) -> Standing:
        """Answer both together."""
        return Standing(
            self.share + other.share,
            self.called + other.called,
            self.paid_in + other.paid_in,
            self.promised + other.promised,
            self.spent + other.spent,
        )


def part_of(cents: int, called: Mapping[str, int], insurer: str, *, pot: str) -> int:
    """Answer an insurer's part of what a common pot promised or paid, by what each was called for.

    The parts of all insurers add up to the sum; of a pot that nobody was called for, nobody has a part.
    """
    if cents <= 0 or not called.get(insurer):
        return 0
    return apportion(cents, called, seed=pot)[insurer]
