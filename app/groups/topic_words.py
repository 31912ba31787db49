"""Every word by which a topic can be found, in all languages, forgiving one typing slip."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import OSA

from app.groups.models import Topic
from app.groups.text import PREFIX_FROM_LETTERS, stem, words_of

SLIP_FROM_LETTERS = 5


class TopicWords:
    """An immutable dictionary: stemmed word of a name or synonym → topics."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        by_word: dict[str, set[int]] = defaultdict(set)
        plain: set[str] = set()
        for topic in topics:
            for term in (
                *topic.names.values(),
                *(term for terms in topic.synonyms.values() for term in terms),
            ):
                joined = "".join(words_of(term))
                for word in {*words_of(term), joined} - {""}:
                    by_word[stem(word)].add(topic.id)
                    plain.add(word)
        self._by_stem = {word: frozenset(ids) for word, ids in by_word.items()}
        self._stems = sorted(self._by_stem)
        self._plain = sorted(plain)
        self.of = lru_cache(maxsize=20_000)(self._of)

    def exactly(self, word: str) -> frozenset[int]:
        """Answer the topics that have exactly this folded word (words written apart count as one)."""
        return self._by_stem.get(stem(word), frozenset())

    def _of(self, word: str) -> frozenset[int]:
        """Answer the topics that have a word equal to this one, beginning with it, or one typing slip away.

        Args:
            word: folded, not stemmed.
        """
        stemmed = stem(word)
        found = set(self._by_stem.get(stemmed, ()))
        if len(word) >= PREFIX_FROM_LETTERS:
            for index in range(bisect_left(self._stems, stemmed), len(self._stems)):
                if not self._stems[index].startswith(stemmed):
                    break
                found |= self._by_stem[self._stems[index]]
        if not found and len(word) >= SLIP_FROM_LETTERS:
            for known in self._plain:
                if abs(len(known) - len(word)) <= 1 and OSA.distance(known, word, score_cutoff=1) <= 1:
                    found |= self._by_stem[stem(known)]
        return frozenset(found)
