"""Every word by which a topic can be found, in all languages, forgiving one typing slip."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from app.groups.models import Topic
from app.groups.text import PREFIX_FROM_LETTERS, all_words_of, stem, words_of

SLIP_FROM_LETTERS = 5
MOST_JOINED = 3


class TopicWords:
    """An immutable dictionary of names and synonyms, in every language.

    A word of a topic's name stands for the topic; of a synonym of several words ("manische Depression") all must be
    typed, in any order: otherwise whoever looks for depression would be sent to everything that mentions it.
    Several words may also be typed as one ("burnout", "burn out").
    """

    def __init__(self, topics: Iterable[Topic]) -> None:
        by_word: dict[str, set[int]] = defaultdict(set)
        phrases: dict[str, list[tuple[frozenset[str], int]]] = defaultdict(list)
        plain: set[str] = set()
        for topic in topics:
            for term, is_name in _terms(topic):
                words = words_of(term) or all_words_of(term)
                alone = {*words, "".join(words)} if is_name or len(words) == 1 else {"".join(words)}
                for word in alone - {""}:
                    by_word[stem(word)].add(topic.id)
                if len(words) > 1 and not is_name:
                    stems = frozenset(stem(word) for word in words)
                    phrases[min(stems)].append((stems, topic.id))
                plain |= {*alone, *words} - {""}
        self._by_stem = {word: frozenset(ids) for word, ids in by_word.items()}
        self._stems = sorted(self._by_stem)
        self._phrases = dict(phrases)
        self._known = {stem(word) for word in plain}
        self._plain = sorted(plain)
        self._slips = lru_cache(maxsize=20_000)(self._find_slips)

    def of_words(self, words: Sequence[str]) -> list[frozenset[int]]:
        """Answer for each word the topics it stands for, alone or together with the others.

        Args:
            words: folded, not stemmed.
        """
        typed = [frozenset({stem(word)}) | self._slips(word) for word in words]
        topics = [self._of_word(word, stems) for word, stems in zip(words, typed, strict=True)]
        all_stems = frozenset[str]().union(*typed)
        for first in all_stems & self._phrases.keys():
            for phrase, topic in self._phrases[first]:
                if phrase <= all_stems:
                    topics = [
                        found | {topic} if stems & phrase else found
                        for found, stems in zip(topics, typed, strict=True)
                    ]
        if 1 < len(words) <= MOST_JOINED:
            joined = self._by_stem.get(stem("".join(words)), frozenset())
            topics = [found | joined for found in topics]
        return topics

    def knows(self, word: str) -> bool:
        """Whether a folded word alone stands for a topic."""
        return stem(word) in self._by_stem

    def _of_word(self, word: str, stems: frozenset[str]) -> frozenset[int]:
        """Answer the topics with a word equal to this one or a typing slip away, or, from four letters on, longer."""
        found = frozenset[int]().union(*(self._by_stem.get(each, frozenset()) for each in stems))
        if len(word) < PREFIX_FROM_LETTERS:
            return found
        stemmed = stem(word)
        for index in range(bisect_left(self._stems, stemmed), len(self._stems)):
            if not self._stems[index].startswith(stemmed):
                break
            found |= self._by_stem[self._stems[index]]
        return found

    def _find_slips(self, word: str) -> frozenset[str]:
        """Answer the stems one typing slip away from a word that no topic knows, not even as a beginning."""
        if len(word) < SLIP_FROM_LETTERS or stem(word) in self._known:
            return frozenset()
        index = bisect_left(self._plain, word)
        if index < len(self._plain) and self._plain[index].startswith(word):
            return frozenset()
        return frozenset(
            stem(known)
            for known in self._plain
            if abs(len(known) - len(word)) <= 1 and OSA.distance(known, word, score_cutoff=1) <= 1
        )


def _terms(topic: Topic) -> Iterator[tuple[str, bool]]:
    """Yield every name and synonym, and whether it is a name."""
    for name in topic.names.values():
        yield name, True
    for synonyms in topic.synonyms.values():
        for synonym in synonyms:
            yield synonym, False
