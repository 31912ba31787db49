"""Places by the beginning of their names, the likeliest first."""

from __future__ import annotations

from bisect import bisect_left
from heapq import nsmallest
from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LAST_CHARACTER = "\U0010ffff"
_by_rank = itemgetter(1, 2, 3)


class PrefixIndex:
    """Made once from entries of key, rank (0 is best), weight (more is better) and place."""

    def __init__(self, entries: Iterable[tuple[str, int, int, int]]) -> None:
        self._entries = sorted((key, rank, -weight, place) for key, rank, weight, place in set(entries))
        self._keys = [entry[0] for entry in self._entries]

    def find(self, prefix: str, *, limit: int) -> list[int]:
        """Answer up to ``limit`` places with a key that begins so, by rank, then by weight; none twice."""
        if not prefix:
            return []
        first = bisect_left(self._keys, prefix)
        last = bisect_left(self._keys, prefix + _LAST_CHARACTER, lo=first)
        # A place has few keys with one beginning, so a small surplus is enough to fill the list.
        best = nsmallest(limit * 4, self._entries[first:last], key=_by_rank)
        return list(dict.fromkeys(entry[3] for entry in best))[:limit]
