"""What somebody typed, as an expression over the inverted index; no character of it reaches the syntax."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.groups.text import MAX_WORDS, PREFIX_FROM_LETTERS, STOP_WORDS, abbreviations_of, all_words_of, stem
from app.groups.topic_words import TopicWords

LONGEST_ABBREVIATION = 4


@dataclass(frozen=True, slots=True)
class Word:
    """One word typed: its stem, whether longer words count too, and the topics it stands for."""

    stem: str
    is_prefix: bool
    topics: frozenset[int]


def parse_words(q: str, topic_words: TopicWords) -> tuple[Word, ...]:
    """Answer the words that say something, each once, at most 12; every one of them must be found."""
    is_shouted = q.isupper() and any(len(word) > LONGEST_ABBREVIATION for word in all_words_of(q))
    in_capitals = {word for word in abbreviations_of(q) if topic_words.knows(word) and not is_shouted}
    kept = [word for word in all_words_of(q) if word not in STOP_WORDS or word in in_capitals]
    kept = kept or [word for word in all_words_of(q) if topic_words.knows(word)]
    distinct = list(dict.fromkeys(kept))[:MAX_WORDS]
    return tuple(
        Word(stem(word), len(word) >= PREFIX_FROM_LETTERS, topics)
        for word, topics in zip(distinct, topic_words.of_words(distinct), strict=True)
    )


class Dialect:
    """How the two databases write an expression; every token is quoted and holds letters and digits only."""

    def __init__(self, *, is_sqlite: bool) -> None:
        self.is_sqlite = is_sqlite

    def token(self, token: str, *, is_prefix: bool = False) -> str:
        """Answer one token."""
        if self.is_sqlite:
            return f'"{token}"*' if is_prefix else f'"{token}"'
        return f"'{token}':*" if is_prefix else f"'{token}'"

    def any_of(self, parts: Sequence[str]) -> str:
        """Answer: at least one of the parts."""
        return "(" + (" OR " if self.is_sqlite else " | ").join(parts) + ")"

    def all_of(self, parts: Sequence[str]) -> str:
        """Answer: each of the parts."""
        return (" AND " if self.is_sqlite else " & ").join(parts)


def expression(
    words: Sequence[Word], dialect: Dialect, *, field: str = "w", cells: Sequence[str] = ()
) -> str:
    """Answer the expression for groups that have every word.

    Args:
        words: what was typed.
        dialect: of the database.
        field: ``w`` any word or topic, ``n`` words of the name only, ``nt`` name or topic.
        cells: if any, the group must lie in one of these.
    """
    parts = []
    for word in words:
        letter = "w" if field == "w" else "n"
        alternatives = [dialect.token(letter + word.stem, is_prefix=word.is_prefix)]
        if field != "n":
            alternatives += [dialect.token(f"t{topic}") for topic in sorted(word.topics)]
        parts.append(dialect.any_of(alternatives))
    if cells:
        parts.append(dialect.any_of([dialect.token(cell) for cell in cells]))
    return dialect.all_of(parts)
