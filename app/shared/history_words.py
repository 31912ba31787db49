"""What was done, in a sentence of the reader's language: each package brings the words of its actions in the factory.

``SENTENCES`` maps an action to its sentence, which may name facts of the entry; ``KINDS`` the first word of actions to
what the reader chooses from; ``VALUES`` the name of a fact to the names of its values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from babel.dates import format_date
from flask import current_app
from flask_babel import lazy_gettext as _l

from app.shared.languages import current_locale

if TYPE_CHECKING:
    from flask import Flask
    from flask_babel import LazyString

_DAYS = {"day", "first_day", "last_day", "starts_at"}


@dataclass(frozen=True, slots=True)
class HistoryWords:
    """The words of one package."""

    sentences: Mapping[str, LazyString]
    kinds: Mapping[str, LazyString]
    values: Mapping[str, Mapping[str, LazyString] | Callable[[str], str]] = field(default_factory=dict)


WORDS = HistoryWords(
    {"retention.applied": _l("Deleted as planned: %(rows)s rows (%(rule)s)")},
    {"retention": _l("Deletions as planned")},
)


def init_history_words(app: Flask, given: Iterable[HistoryWords]) -> None:
    """Afterwards ``sentence_of`` knows these actions."""
    all_words = list(given)
    app.extensions["history_words"] = HistoryWords(
        {action: text for words in all_words for action, text in words.sentences.items()},
        {kind: text for words in all_words for kind, text in words.kinds.items()},
        {name: texts for words in all_words for name, texts in words.values.items()},
    )


def known_words() -> HistoryWords:
    """Answer the words of all packages together."""
    words: HistoryWords = current_app.extensions["history_words"]
    return words


def sentence_of(action: str, facts: Mapping[str, Any]) -> str:
    """Answer what was done; an action of another release, which has no sentence, is named as it is."""
    words = known_words()
    text = words.sentences.get(action)
    if text is None:
        return action
    told = {name: _in_words(words, name, value) for name, value in facts.items()}
    try:
        return str(text) % told
    except KeyError:  # written by a release that noted less
        return action


def _in_words(words: HistoryWords, name: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_in_words(words, name, each) for each in value)
    if name in _DAYS:
        moment = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
        return format_date(moment, "medium", locale=current_locale())
    names = words.values.get(name, {})
    found = names(value) if callable(names) else names.get(value)
    return str(value if found is None else found)
