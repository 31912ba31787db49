"""What somebody typed, as an expression over the inverted index; no character of it reaches the syntax."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.groups.text import MAX_WORDS, PREFIX_FROM_LETTERS, stem, words_of
from app.groups.topic_words import TopicWords


@dataclass(frozen=True, slots=True)
class Word:
    """One word typed: its stem, whether longer words count too, and the topics it stands for."""

    stem: str
    is_prefix: bool
    topics: frozenset[int]


def parse_words(q: str, topic_words: TopicWords) -> tuple[Word, ...]:
    """Answer the words that say something, each once, at most 12; every one of them must be found."""
    distinct = list(dict.fromkeys(words_of(q)))[:MAX_WORDS]
    joined = "".join(distinct) if 1 < len(distinct) <= 3 else ""
    topics_of_joined = topic_words.exactly(joined) if joined else frozenset()
    return tuple(
        Word(stem(word), len(word) >= PREFIX_FROM_LETTERS, topic_words.of(word) | topics_of_joined)
        for word in distinct
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
