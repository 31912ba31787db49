"""Names that were meant when fingers slipped."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SHORTEST = 4
"""Letters from which on a slip is looked for; shorter names have too many neighbours."""
LONGEST = 60
_CANDIDATES = 30


def allowed_slips(key: str) -> int:
    """Answer how many letters may be wrong, missing, too many or swapped: one, from eight letters two."""
    return 0 if not SHORTEST <= len(key) <= LONGEST else 1 if len(key) < 8 else 2


class SlipIndex:
    """Written forms by length, so that only those of about the same length are compared."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._by_length: defaultdict[int, list[str]] = defaultdict(list)
        for key in sorted(set(keys)):
            self._by_length[len(key)].append(key)

    def near(self, key: str, *, extra: int = 0) -> list[tuple[str, int]]:
        """Answer forms within the allowed slips (and ``extra`` more) and their distance, nearest first."""
        allowed = allowed_slips(key)
        if not allowed:
            return []
        allowed += extra
        found: list[tuple[str, int]] = []
        for length in range(len(key) - allowed, len(key) + allowed + 1):
            candidates = self._by_length.get(length)
            if candidates:
                hits = process.extract(
                    key, candidates, scorer=OSA.distance, score_cutoff=allowed, limit=_CANDIDATES
                )
                found.extend((form, int(distance)) for form, distance, _ in hits)
        return sorted(found, key=lambda hit: (hit[1], hit[0]))


def slipped_beginnings(key: str, forms: Sequence[str], *, limit: int) -> list[str]:
    """Answer forms that begin like the key but for one slip, in the order given; for words still being typed."""
    if len(key) < SHORTEST + 1:
        return []
    beginnings = [form[: len(key)] for form in forms]
    hits = process.extract(key, beginnings, scorer=OSA.distance, score_cutoff=1, limit=limit * 4)
    return [forms[position] for position in sorted(position for _, _, position in hits)][:limit]
